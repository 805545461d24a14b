"""Saving a guide: nothing typed is lost, whoever else saves meanwhile."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories import NOON, TESTS, draft, guide, item, publication
from tests.sites.workbench.conftest import People
from tests.sites.workbench.guides import posted
from tests.work import lines_run

from banshi.catalog.actions import discard_draft, publish, save_draft
from banshi.catalog.guide.document import AskedWhen, Basis, DeclaredField, Guide, Material
from banshi.catalog.models import Item, Revision
from banshi.forms import FieldKind
from banshi.law.models import Article, Law, LawVersion
from banshi.people.models import User
from banshi.sites.workbench.editor.form_data import from_document
from banshi.sites.workbench.editor.merging import seen

SignIn = Callable[[User], Client]
JSON = {"HTTP_ACCEPT": "application/json"}
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def it(people: People) -> Item:
    return item(people.bureau, guide("小学入学报名"))


def form(it: Item, text: Guide | None = None, **changed: Any) -> dict[str, Any]:
    """The form as a page loaded now would submit it."""
    now = draft(it)
    fixed = {"revision": now.pk, "stamp": now.stamp, "seen": seen(now.guide), "whole": "1", "act": "save"}
    return {**posted(from_document(text or now.guide)), **fixed, **changed}


def address(it: Item, name: str = "editor") -> str:
    return reverse(f"workbench:{name}", args=[it.guid])


def saved(it: Item) -> Guide:
    return it.revisions.get(state=Revision.State.DRAFT).guide


def test_starting_opens_a_draft_of_what_is_in_force(people: People, signed_in: SignIn) -> None:
    public = publication(item(people.bureau)).item
    client = signed_in(people.clerk)
    assert client.get(address(public)).url == reverse("workbench:item", args=[public.guid])
    answer = client.post(address(public, "draft-start"))
    assert answer.url == address(public)
    assert saved(public) == public.publications.get().revision.guide


def test_pressing_save_keeps_what_was_typed(people: People, signed_in: SignIn, it: Item) -> None:
    answer = signed_in(people.clerk).post(address(it), form(it, summary="给适龄儿童报名"), follow=True)
    assert "已保存" in answer.content.decode()
    assert saved(it).summary == "给适龄儿童报名"


def test_scripts_are_told_stamp_progress_and_problems(people: People, signed_in: SignIn, it: Item) -> None:
    data = form(it, **{"promised_limit.value": "三天", "materials.r0.name": ""})
    told = signed_in(people.clerk).post(address(it), data, **JSON).json()
    assert told["stamp"] == draft(it).stamp
    assert "三天" in told["problems"]["promised_limit.value"]
    assert told["sections"]["materials"]["lacks"] == 1
    assert told["words"].startswith("已保存")


def test_what_cannot_be_read_comes_back_as_typed_and_the_rest_is_saved(
    people: People, signed_in: SignIn, it: Item
) -> None:
    data = form(it, **{"promised_limit.value": "三天", "summary": "改过的说明"})
    answer = signed_in(people.clerk).post(address(it), data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="三天"' in page
    assert "办理时限" in page or "承诺时限 › 数" in page
    assert saved(it).summary == "改过的说明"


def test_a_row_is_added_moved_and_removed_without_scripts(people: People, signed_in: SignIn, it: Item) -> None:
    client = signed_in(people.clerk)
    page = client.post(address(it), form(it, act="add:materials")).content.decode()
    assert 'name="materials.n0.name"' in page
    data = form(
        it, **{"materials.-rows": ["r0", "r1", "n0"], "materials.n0.name": "出生证明", "act": "up:materials:n0"}
    )
    client.post(address(it), data)
    assert [each.name for each in saved(it).materials] == ["居民户口簿", "出生证明", "不动产权证书"]
    client.post(address(it), form(it, act="remove:materials:r0"))
    assert [each.name for each in saved(it).materials] == ["出生证明", "不动产权证书"]


def test_a_form_that_did_not_arrive_whole_changes_nothing(people: People, signed_in: SignIn, it: Item) -> None:
    before = saved(it)
    data = form(it)
    data.pop("whole")
    answer = signed_in(people.clerk).post(address(it), {**data, "summary": ""})
    assert answer.status_code == 422
    assert saved(it) == before


def test_the_second_of_two_is_told_and_loses_nothing(people: People, signed_in: SignIn, it: Item) -> None:
    mine = form(it, summary="我写的说明")
    signed_in(people.colleague).post(address(it), form(it, undertaker="南门综合窗口"))
    client = signed_in(people.clerk)
    told = client.post(address(it), mine, **JSON)
    assert told.status_code == 409
    assert "李同事" in told.json()["message"]
    answer = client.post(address(it), mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "我写的说明" in page
    assert "南门综合窗口" in page
    assert saved(it).summary != "我写的说明"


def test_each_elements_own_change_is_chosen_and_both_are_kept(people: People, signed_in: SignIn, it: Item) -> None:
    mine = form(it, summary="我写的说明")
    signed_in(people.colleague).post(address(it), form(it, undertaker="南门综合窗口"))
    client = signed_in(people.clerk)
    context = client.post(address(it), mine).context
    chosen = {f"keep-{c.element.name}": "mine" if c.keep_mine else "theirs" for c in context["clashes"]}
    assert chosen == {"keep-summary": "mine", "keep-undertaker": "theirs"}
    assert not any(c.both for c in context["clashes"])
    answer = client.post(
        address(it, "editor-resolve"),
        {
            "mine": context["mine"],
            "theirs": context["theirs"].pk,
            "stamp": context["theirs"].stamp,
            "seen": context["seen"],
        }
        | chosen,
    )
    assert answer.url == address(it)
    assert (saved(it).summary, saved(it).undertaker) == ("我写的说明", "南门综合窗口")


def test_what_both_changed_is_asked_and_mine_is_proposed(people: People, signed_in: SignIn, it: Item) -> None:
    mine = form(it, summary="甲乙")
    signed_in(people.colleague).post(address(it), form(it, summary="对方的"))
    (clash,) = signed_in(people.clerk).post(address(it), mine).context["clashes"]
    assert (clash.both, clash.keep_mine) == (True, True)


def test_a_third_save_meanwhile_asks_again(people: People, signed_in: SignIn, it: Item) -> None:
    mine = form(it, summary="甲乙")
    colleague = signed_in(people.colleague)
    colleague.post(address(it), form(it, summary="对方的"))
    client = signed_in(people.clerk)
    context = client.post(address(it), mine).context
    colleague.post(address(it), form(it, summary="丙丁"))
    data = {
        "mine": context["mine"],
        "theirs": context["theirs"].pk,
        "stamp": context["theirs"].stamp,
        "keep-summary": "mine",
    }
    answer = client.post(address(it, "editor-resolve"), data)
    assert answer.status_code == 409
    assert "丙丁" in answer.content.decode()
    assert saved(it).summary == "丙丁"


@pytest.mark.parametrize("fate", ["published", "discarded"])
def test_a_draft_that_ended_meanwhile_does_not_swallow_what_was_typed(
    fate: str, people: People, signed_in: SignIn, it: Item
) -> None:
    mine = form(it, summary="我写的说明")
    if fate == "published":
        publish(draft(it), by=TESTS, at=NOON)
    else:
        discard_draft(draft(it), by=people.publisher, at=NOON)
    client = signed_in(people.clerk)
    context = client.post(address(it), mine).context
    data = {
        "mine": context["mine"],
        "theirs": context["theirs"].pk,
        "stamp": context["theirs"].stamp,
        "keep-summary": "mine",
    }
    assert client.post(address(it, "editor-resolve"), data).url == address(it)
    assert saved(it).summary == "我写的说明"


def test_a_copy_kept_on_the_computer_is_shown_and_not_saved(people: People, signed_in: SignIn, it: Item) -> None:
    before = saved(it)
    answer = signed_in(people.clerk).post(address(it), form(it, summary="断网时写的", act="show"))
    assert answer.status_code == 200
    assert "断网时写的" in answer.content.decode()
    assert saved(it) == before


def test_strangers_can_neither_save_nor_resolve_nor_upload(people: People, signed_in: SignIn, it: Item) -> None:
    client, before = signed_in(people.stranger), saved(it)
    data = form(it, summary="外人写的")
    for name in ("editor", "draft-start", "editor-resolve", "editor-discard", "editor-upload"):
        assert client.post(address(it, name), data).status_code == 404
        assert Client().post(address(it, name), data).url.startswith(reverse("account_login"))
    assert saved(it) == before


def test_a_file_goes_up_with_the_form_and_comes_down_again(people: People, signed_in: SignIn, it: Item) -> None:
    client = signed_in(people.clerk)
    client.post(address(it), form(it, **{"materials.r0.template_file": SimpleUploadedFile("申请表.pdf", PDF)}))
    number = saved(it).materials[0].template_file
    link = reverse("workbench:file", args=[number])
    assert b"".join(client.get(link).streaming_content) == PDF
    assert signed_in(people.stranger).get(link).status_code == 404
    assert Client().get(link).status_code == 302


def test_a_form_is_anyones_once_its_guide_is_published(people: People, signed_in: SignIn, it: Item) -> None:
    signed_in(people.clerk).post(
        address(it), form(it, **{"materials.r0.template_file": SimpleUploadedFile("申请表.pdf", PDF)})
    )
    number = saved(it).materials[0].template_file
    assert Client().get(f"/files/{number}/").status_code == 404
    publish(draft(it), by=TESTS, at=NOON)
    assert Client().get(f"/files/{number}/").status_code == 200


def test_two_hundred_fields_are_saved_with_little_work_of_which_more_fields_make_no_more_queries(
    people: People, signed_in: SignIn, it: Item
) -> None:
    client = signed_in(people.clerk)
    client.get(address(it))

    def work(materials: int) -> tuple[int, int]:
        rows = [Material(name=f"材料{n}", requirement="填报须知" * 20) for n in range(materials)]
        data = form(it, it.revisions.get().guide.model_copy(update={"materials": rows}))
        assert (len(data) >= 200) == (materials >= 8)
        with CaptureQueriesContext(connection) as queries:
            lines = lines_run(lambda: answers.append(client.post(address(it), data, **JSON).status_code))
        return len(queries), lines

    answers: list[int] = []
    work(2)  # what is saved twice alike is no save
    one, eight, sixteen = work(1), work(8), work(16)
    assert set(answers) == {200}
    assert one[0] == eight[0] == sixteen[0] == 10
    assert eight[1] < 500_000
    assert sixteen[1] < 2 * eight[1]


def test_a_file_that_is_refused_says_so_at_its_field(people: People, signed_in: SignIn, it: Item) -> None:
    bad = SimpleUploadedFile("病毒.exe", b"MZ\x90\x00" + b"\x00" * 60)
    answer = signed_in(people.clerk).post(address(it), form(it, **{"materials.r0.template_file": bad}))
    assert answer.status_code == 422
    assert "materials.r0.template_file" in answer.context["problems"]
    told = signed_in(people.clerk).post(address(it, "editor-upload"), {"file": SimpleUploadedFile("空.pdf", b"")})
    assert told.status_code == 422
    assert told.json()["message"]


def test_a_file_of_another_bureau_cannot_be_named(people: People, signed_in: SignIn, it: Item) -> None:
    theirs = item(people.elsewhere)
    upload = signed_in(people.stranger).post(
        address(theirs, "editor-upload"), {"file": SimpleUploadedFile("他们的.pdf", PDF)}
    )
    answer = signed_in(people.clerk).post(
        address(it), form(it, **{"materials.r0.template_file": upload.json()["guid"]})
    )
    assert answer.status_code == 422
    assert saved(it).materials[0].template_file == ""


@pytest.mark.parametrize(
    ("tab", "says"),
    [("lacks", "事项来源"), ("findings", "必须到场"), ("differences", "没有可比的"), ("history", "还没有公布过")],
)
def test_what_stands_beside_the_document(tab: str, says: str, people: People, signed_in: SignIn, it: Item) -> None:
    client = signed_in(people.clerk)
    client.post(address(it), form(it, visit_reason=""))
    alone = client.get(address(it, "editor-side"), {"side": tab}).content.decode()
    page = client.get(address(it), {"side": tab}).content.decode()
    assert says in alone
    assert says in page


def test_discarding_asks_first_and_keeps_what_is_in_force(people: People, signed_in: SignIn) -> None:
    public = publication(item(people.bureau)).item
    started = draft(public)
    save_draft(started, guide=started.guide.model_copy(update={"summary": "不要的"}), stamp=1, by=people.clerk, at=NOON)
    client = signed_in(people.clerk)
    assert "不再保留" in client.get(address(public, "editor-discard")).content.decode()
    client.post(address(public, "editor-discard"))
    assert not public.revisions.filter(state=Revision.State.DRAFT).exists()
    client.post(address(public, "draft-start"))
    assert saved(public).summary != "不要的"


def test_script_in_a_name_stays_text(people: People, signed_in: SignIn, it: Item) -> None:
    evil = '"><script>alert(1)</script>'
    client = signed_in(people.clerk)
    client.post(address(it), form(it, guide(evil, materials=[Material(name=evil)])))
    page = client.get(address(it)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_the_form_people_will_fill_in_is_shown_as_it_is_written(people: People, signed_in: SignIn, it: Item) -> None:
    client = signed_in(people.clerk)
    house = DeclaredField(label="有没有房产", kind=FieldKind.YES_NO, group="住房")
    number = DeclaredField(label="房产证号", when=AskedWhen(field="有没有房产", values=["是"]))
    text = draft(it).guide.model_copy(update={"form_fields": [house, number]})
    shown = client.post(address(it, "editor-form"), form(it, text), headers={"HX-Request": "true"}).content.decode()
    assert "房产证号" in shown and "“有没有房产”答“是”时才填" in shown
    assert saved(it).form_fields == [], "nothing is kept"
    client.post(address(it), form(it, text))
    page = client.get(address(it)).content.decode()
    assert "群众看到的表单" in page and "房产证号" in page


def test_a_form_can_be_tried_without_a_script(people: People, signed_in: SignIn, it: Item) -> None:
    client = signed_in(people.clerk)
    house = DeclaredField(label="有没有房产", kind=FieldKind.YES_NO, key="house")
    number = DeclaredField(label="房产证号", key="house_number", when=AskedWhen(field="house", values=["是"]))
    text = draft(it).guide.model_copy(update={"form_fields": [house, number]})
    client.post(address(it), form(it, text))
    first = client.get(address(it, "editor-form")).content.decode()
    assert "有没有房产" in first and "房产证号" not in first
    tried = client.post(address(it, "editor-form"), {"house": "是"})
    assert tried.status_code == 422 and "请填写“房产证号”" in tried.content.decode()


def test_a_condition_on_a_later_question_is_told_with_what_is_missing(
    people: People, signed_in: SignIn, it: Item
) -> None:
    house = DeclaredField(label="有没有房产", kind=FieldKind.YES_NO)
    number = DeclaredField(label="房产证号", when=AskedWhen(field="有没有房产", values=["是"]))
    text = draft(it).guide.model_copy(update={"form_fields": [number, house]})
    client = signed_in(people.clerk)
    client.post(address(it), form(it, text))
    assert "可那一题排在后面，请把它移到前面" in client.get(address(it, "editor-side")).content.decode()


def test_saving_two_hundred_questions_costs_no_query_more_than_saving_one(
    people: People, signed_in: SignIn, it: Item
) -> None:
    client = signed_in(people.clerk)

    def queries(text: Guide) -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen_queries:
            assert client.post(address(it), form(it, text), **JSON).status_code == 200
        return len(seen_queries)

    questions = [DeclaredField(label=f"第{n}题", key=f"q{n}") for n in range(200)]
    one, all_of_them = (
        queries(draft(it).guide.model_copy(update={"form_fields": some})) for some in (questions[:1], questions)
    )
    assert all_of_them == one


def test_the_text_of_a_basis_stands_beside_it(people: People, signed_in: SignIn, it: Item) -> None:
    law = Law.objects.create(title="示例市入学条例", rank="law")
    Article.objects.create(version=LawVersion.objects.create(law=law), number="第二条", text="凡年满六周岁的都收。")
    own = draft(it)
    new = own.guide.model_copy(update={"bases": [Basis(title="示例市入学条例", articles="第二条")]})
    save_draft(own, guide=new, stamp=own.stamp, by=TESTS, at=NOON)
    client = signed_in(people.clerk)
    assert "凡年满六周岁的都收。" in client.get(address(it, "editor-side"), {"side": "laws"}).content.decode()
    assert "凡年满六周岁的都收。" in client.get(address(it), {"side": "laws"}).content.decode()
