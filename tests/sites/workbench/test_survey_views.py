"""全目录对照 in the workbench: begun, watched, read, filtered by unit, taken home as PDF and workbook."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from tests.factories import NOON, TESTS, guide, item, organ, publication, user
from tests.sites.workbench.conftest import People

from banshi.analysis.actions import begin_survey, finish_survey
from banshi.analysis.models import Survey
from banshi.analysis.queries import latest_survey
from banshi.analysis.tasks import run_survey, survey_nightly
from banshi.catalog.guide.document import Material
from banshi.people.models import User
from banshi.rulebook.actions import examine_items
from banshi.rulebook.models import FlawFound, YearlyVolume

SignIn = Callable[[User], Client]
WHOLE = "workbench:whole"


@pytest.fixture
def ring(people: People) -> None:
    """Two offices, each asking for what the other gives out."""
    one = guide("亲属关系证明开具", result_name="亲属关系证明", materials=[Material(name="居住证明", necessity="1")])
    other = guide("居住证明开具", result_name="居住证明", materials=[Material(name="亲属关系证明", necessity="1")])
    publication(item(people.bureau, one))
    publication(item(organ("示例县公安局"), other))


def surveyed(**more: Any) -> Survey:
    return finish_survey(begin_survey(by=TESTS, at=NOON, **more), by=TESTS, at=NOON)


def text_of(client: Client, **asked: str) -> str:
    return client.get(reverse(WHOLE), asked).content.decode()


def test_a_circle_is_shown_with_its_picture_and_the_least_to_abolish(
    people: People, signed_in: SignIn, ring: None
) -> None:
    surveyed()
    page = text_of(signed_in(people.clerk))
    assert "发现1处循环证明" in page and "最少" in page
    assert "<svg" in page and "绕了一圈，哪一个都办不成" in page


def test_staff_of_every_office_read_it_strangers_to_the_office_do_not(
    people: People, signed_in: SignIn, ring: None
) -> None:
    surveyed()
    for who in (people.clerk, people.colleague, people.stranger, people.publisher):
        assert signed_in(who).get(reverse(WHOLE)).status_code == 200
    assert signed_in(user()).get(reverse(WHOLE)).status_code == 403
    assert Client().get(reverse(WHOLE)).url.startswith(reverse("account_login"))  # type: ignore[attr-defined]


def test_drafts_are_nowhere_in_it(people: People, signed_in: SignIn, ring: None) -> None:
    item(people.bureau, guide("还没公布的秘密事项"))
    surveyed()
    assert "还没公布的秘密事项" not in text_of(signed_in(people.stranger))


def test_only_those_who_write_begin_one(people: People, signed_in: SignIn) -> None:
    assert signed_in(user("head", people.bureau)).post(reverse("workbench:survey")).status_code == 403
    assert signed_in(people.clerk).post(reverse("workbench:survey")).status_code == 302


def test_it_is_begun_watched_and_ends_on_the_page(people: People, signed_in: SignIn, ring: None) -> None:
    client = signed_in(people.clerk)
    assert "还没有对照过" in text_of(client)
    started = client.post(reverse("workbench:survey"), {"compared_with": "2026-08-01"})
    begun = Survey.objects.get()
    assert started["Location"] == reverse("workbench:survey-running", args=[begun.pk])
    assert "正在对照" in client.get(started["Location"]).content.decode()
    assert "看看进度" in text_of(client)
    assert client.post(reverse("workbench:survey")).status_code == 409
    context = type("Context", (), {"task_result": type("Result", (), {"id": begun.task})})
    run_survey.call(context, begun.pk, begun.started_at.isoformat())
    assert client.get(reverse("workbench:survey-progress", args=[begun.pk]))["HX-Refresh"] == "true"
    assert "和2026年8月1日" in text_of(client)


def test_one_whose_task_failed_keeps_no_other_from_beginning(people: People, signed_in: SignIn) -> None:
    client = signed_in(people.clerk)
    client.post(reverse("workbench:survey"))
    first = Survey.objects.get()
    DBTaskResult.objects.get(pk=first.task).set_failed(RuntimeError("断电"))
    assert "没有做完" in client.get(reverse("workbench:survey-running", args=[first.pk])).content.decode()
    assert client.post(reverse("workbench:survey")).status_code == 302
    assert Survey.objects.get().pk != first.pk


def test_a_day_to_come_is_nothing_to_compare_with(people: People, signed_in: SignIn) -> None:
    assert signed_in(people.clerk).post(reverse("workbench:survey"), {"compared_with": "2999-01-01"}).status_code == 422


def test_before_and_after_come_from_what_was_in_force_on_the_day(people: People, signed_in: SignIn) -> None:
    three = [Material(name=name) for name in ("照片", "申请表", "学历证书")]
    it = publication(text=guide("少要材料的事项", materials=three), at=NOON - timedelta(days=60)).item
    publication(it, guide("少要材料的事项", materials=three[:1]), at=NOON - timedelta(days=1))
    surveyed(compared_with=(NOON - timedelta(days=30)).date())
    assert "材料3→1份" in text_of(signed_in(people.clerk))


def test_one_unit_is_chosen_in_the_address_and_on_paper(people: People, signed_in: SignIn, ring: None) -> None:
    surveyed()
    client = signed_in(people.clerk)
    page = text_of(client, unit="示例县公安局")
    assert "示例县公安局：1行" in page and "先到示例县教育局" in page
    sheet = client.get(reverse("workbench:whole-xlsx"), {"unit": "示例县公安局"})
    book = openpyxl.load_workbook(io.BytesIO(b"".join(sheet.streaming_content)))  # type: ignore[attr-defined]
    units = {row[0].value for row in book["各单位"].iter_rows(min_row=5)}
    assert units == {"示例县公安局"}
    pdf = client.get(reverse("workbench:whole-pdf"))
    assert pdf.content.startswith(b"%PDF")


def test_without_a_survey_there_is_no_paper(people: People, signed_in: SignIn) -> None:
    assert signed_in(people.clerk).get(reverse("workbench:whole-pdf")).status_code == 404


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_asks_six_questions_however_much_there_is(many: int, people: People, signed_in: SignIn) -> None:
    for _ in range(many):
        publication(item(people.bureau))
    surveyed()
    client = signed_in(people.clerk)
    client.get(reverse(WHOLE))
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse(WHOLE))
    assert len(asked) == 6, "\n".join(query["sql"][:120] for query in asked.captured_queries)


def test_it_is_made_every_night_and_the_oldest_go(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("banshi.analysis.actions.KEPT", 2)
    for _ in range(3):
        surveyed()
    assert Survey.objects.count() == 2
    survey_nightly.call(NOON.isoformat())
    assert Survey.objects.filter(finished_at=None).count() == 1
    survey_nightly.call(NOON.isoformat())
    assert Survey.objects.filter(finished_at=None).count() == 1
    assert latest_survey()


def test_volumes_are_pasted_in_and_weigh_what_is_told(people: People, signed_in: SignIn) -> None:
    it = publication(item(people.bureau, guide("小学报名", faqs=[]))).item
    client = signed_in(people.clerk)
    assert client.get(reverse("workbench:volumes")).status_code == 200
    saved = client.post(reverse("workbench:volumes"), {"year": 2025, "counts": "\n小学报名\t12000\n"})
    assert saved["Location"] == reverse(WHOLE)
    assert it.yearly_volume.count == 12000
    examine_items([it], by=TESTS, at=NOON)
    assert FlawFound.objects.filter(item=it, rule="WD01").exists()
    surveyed()
    assert "都有办件量" in text_of(client)


def test_volumes_are_saved_all_or_none_and_each_line_says_what_is_wrong(people: People, signed_in: SignIn) -> None:
    publication(item(people.bureau, guide("小学报名")))
    publication(item(people.elsewhere, guide("别处的事项")))
    wrong = "小学报名,120\n别处的事项,5\n小学报名,很多\n没有数字"
    page = signed_in(people.clerk).post(reverse("workbench:volumes"), {"year": 2025, "counts": wrong})
    text = page.content.decode()
    assert page.status_code == 422
    assert "第2行“别处的事项”：没有找到这个事项" in text and "第3行：“很多”不是件数" in text and "第4行" in text
    assert not YearlyVolume.objects.exists()


def test_volumes_are_for_those_who_write(people: People, signed_in: SignIn) -> None:
    assert signed_in(user("head", people.bureau)).get(reverse("workbench:volumes")).status_code == 403
