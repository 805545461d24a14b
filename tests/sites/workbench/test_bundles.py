"""The builder of 一件事: what is typed is kept, checked in words, and put in force for what begins afterwards."""

from typing import Any

import pytest
from django.test import Client
from tests import factories as make
from tests.bundles.family import CODES, Family, a_definition, family

from banshi.bundles.models import BundleVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def of() -> Family:
    return family()


@pytest.fixture
def editor(of: Family, client: Client) -> Client:
    client.force_login(make.user("publisher", make.organ("示例县行政审批局")))
    return client


def typed(of: Family, **more: str) -> dict[str, str]:
    """The page of the version in force, as its fields are sent."""
    data = {"digest": of.version.digest, "name": "新生儿出生", "party": "self", "question-0-key": "insured"}
    data |= {"question-0-label": "单位交了生育保险吗", "question-0-choices": "交了、没有交"}
    for place, each in enumerate(a_definition().parts):
        data |= {f"part-{place}-key": each.key, f"part-{place}-item": each.item, f"part-{place}-name": each.name}
        data |= {f"need-{each.key}-0-part": need.part for need in each.needs}
    return {**data, "part-3-when": "insured", "part-3-values": "交了", **more}


def test_the_list_and_the_builder_tell_what_is_merged(of: Family, editor: Client) -> None:
    assert "新生儿出生" in editor.get("/work/bundles/").content.decode()
    text = editor.get("/work/bundles/newborn/").content.decode()
    assert "材料只交一次" in text
    assert "全部办好" in text


def test_a_circle_is_refused_with_its_names_and_nothing_typed_is_lost(of: Family, editor: Client) -> None:
    page = editor.post(
        "/work/bundles/newborn/", typed(of, **{"need-birth-0-part": "insurance", "summary": "改过", "publish": "1"})
    )
    assert page.status_code == 422
    assert "互相等待，谁也开始不了：出生证签发 → 医保参保 → 出生登记 → 出生证签发" in page.content.decode()
    assert "改过" in page.content.decode()
    assert BundleVersion.objects.count() == 1


def test_published_it_is_a_new_version_and_the_old_one_stays(of: Family, editor: Client) -> None:
    assert editor.post("/work/bundles/newborn/", typed(of, summary="一次办", publish="1")).status_code == 302
    new = BundleVersion.objects.get(until=None)
    assert (new.definition.summary, new.definition.parts[3].when.values) == ("一次办", ("交了",))  # type: ignore[union-attr]
    assert BundleVersion.objects.count() == 2


def test_what_another_changed_meanwhile_is_not_overwritten(of: Family, editor: Client) -> None:
    page = editor.post("/work/bundles/newborn/", typed(of, digest="x", summary="我写的", publish="1"))
    assert page.status_code == 409
    assert "别人刚刚改过" in page.content.decode()
    assert "我写的" in page.content.decode()


def test_an_item_is_found_by_its_name_and_added(of: Family, editor: Client) -> None:
    page = editor.post("/work/bundles/new/", {"name": "一起办", "find": "参保", "search": "1"})
    assert CODES["insurance"] in page.content.decode()
    page = editor.post("/work/bundles/new/", {"name": "一起办", "add": CODES["insurance"]})
    assert "本地已公布的事项只有1个" in page.content.decode()


def test_questions_that_do_not_match_and_items_that_lack_are_told(of: Family, editor: Client) -> None:
    more: dict[str, Any] = {"part-4-key": "no", "part-4-item": "990099999000", "part-4-name": "还没有的事"}
    more |= {"same-birth.newborn_name": "孩子", "same-birth.born_on": "孩子", "same-hukou.born_on": "孩子"}
    text = editor.post("/work/bundles/newborn/", typed(of, check="1", **more)).content.decode()
    assert "“还没有的事”（990099999000）本地没有公布的事项" in text
    assert "“孩子”对不上，要分开问" in text


def test_taken_out_of_use_it_is_not_found(of: Family, editor: Client) -> None:
    editor.post("/work/bundles/newborn/end/")
    assert editor.get("/bundles/newborn/").status_code == 404


def test_others_only_look(of: Family, client: Client) -> None:
    client.force_login(make.user("clerk", make.organ()))
    assert client.get("/work/bundles/").status_code == 200
    assert client.get("/work/bundles/newborn/").status_code == 403
    assert client.post("/work/bundles/newborn/end/").status_code == 403
