"""规则检查 in the workbench: lists, bulk acceptance, reasons for keeping, runs; proofs kept and what people say to them."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache as memory
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from tests.factories import NOON, TESTS, guide, item, publication, user
from tests.sites.workbench.conftest import People
from tests.sites.workbench.guides import posted

from banshi.catalog.guide.document import Basis, Material
from banshi.law.models import Article, Law, LawVersion
from banshi.people.models import User
from banshi.rulebook import actions
from banshi.rulebook.actions import LegalBasis
from banshi.rulebook.models import CommitmentForm, Examination, FlawFound, Objection, ProofKept
from banshi.rulebook.queries import current_rulebook
from banshi.rulebook.tasks import run_examination
from banshi.sites.workbench.editor.findings import checked
from banshi.sites.workbench.editor.form_data import from_document
from banshi.sites.workbench.editor.merging import seen
from banshi.sites.workbench.findings.views import grounds_of

SignIn = Callable[[User], Client]
PAID_ONLINE = {"charged": False, "pay_online": True}
BASIS = {"basis_title": "中华人民共和国义务教育法", "basis_articles": "第十一条"}


@pytest.fixture
def examined(people: People) -> Any:
    """An item of the bureau in force, found to be free and payable online."""
    it = publication(item(people.bureau, guide("缴费不要钱的报名", **PAID_ONLINE))).item
    actions.examine_items([it], by=TESTS, at=NOON)
    return it


@pytest.fixture
def flaw(examined: Any) -> FlawFound:
    return FlawFound.objects.get(item=examined, path="pay_online")


def test_findings_are_there_for_the_bureau_only(people: People, signed_in: SignIn, flaw: FlawFound) -> None:
    for address in (reverse("workbench:findings"), reverse("workbench:finding", args=[flaw.pk])):
        for who in (people.clerk, people.colleague, people.publisher):
            assert flaw.message in signed_in(who).get(address).content.decode()
        strange = signed_in(people.stranger).get(address)
        assert flaw.message not in strange.content.decode()
        assert Client().get(address).url.startswith(reverse("account_login"))  # type: ignore[attr-defined]
    assert strange.status_code == 404


@pytest.mark.parametrize("name", ["finding-keep", "finding-unkeep"])
def test_keeping_is_for_those_who_write(name: str, people: People, signed_in: SignIn, flaw: FlawFound) -> None:
    address = reverse(f"workbench:{name}", args=[flaw.pk])
    assert signed_in(people.stranger).post(address).status_code == 404
    assert signed_in(user("head", people.bureau)).post(address).status_code == 403


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_asks_eleven_questions_however_long(many: int, people: People, signed_in: SignIn) -> None:
    items = [item(people.bureau, guide(**PAID_ONLINE)) for _ in range(many)]
    actions.examine_items(items, by=TESTS, at=NOON)
    client = signed_in(people.clerk)
    client.get(reverse("workbench:findings"))
    with CaptureQueriesContext(connection) as asked:
        assert client.get(reverse("workbench:findings")).status_code == 200
    assert len(asked) == 11, "\n".join(query["sql"][:120] for query in asked.captured_queries)


def test_filters_stand_in_the_address(people: People, signed_in: SignIn, flaw: FlawFound) -> None:
    client = signed_in(people.clerk)

    def rows(**asked: Any) -> int:
        return client.get(reverse("workbench:findings"), asked).content.decode().count("<tr data-row>")

    everything = rows()
    assert rows(rule=flaw.rule) == 1 and rows(organ=people.bureau.pk) == everything > 1
    assert rows(organ=people.elsewhere.pk) == rows(kept="1") == rows(severity="none") == 0
    assert rows(rewrite="1") + rows(rewrite="0") == everything
    assert rows(q="缴费不要钱") == everything and rows(q="别的") == 0


def test_pages_lead_through_every_finding_once_and_back(people: People, signed_in: SignIn) -> None:
    items = [item(people.bureau, guide(**PAID_ONLINE)) for _ in range(12)]
    actions.examine_items(items, by=TESTS, at=NOON)
    client, seen, address = signed_in(people.clerk), [], reverse("workbench:findings") + "?"
    firsts = []
    while address:
        text = client.get(address).content.decode()
        firsts.append(re.findall(r"/work/findings/(\d+)/\" data-panel", text))
        seen += firsts[-1]
        onward = re.search(r'href="\?([^"]+)" rel="next"', text)
        address = reverse("workbench:findings") + "?" + onward[1].replace("&amp;", "&") if onward else ""
    assert len(seen) == len(set(seen)) == FlawFound.objects.count() and len(firsts) > 2
    back = re.search(r'href="\?([^"]+)" rel="prev"', text)
    assert back
    text = client.get(reverse("workbench:findings") + "?" + back[1].replace("&amp;", "&")).content.decode()
    assert re.findall(r"/work/findings/(\d+)/\" data-panel", text) == firsts[-2]


def test_accepting_is_shown_first_and_says_what_and_how_many(
    people: People, signed_in: SignIn, flaw: FlawFound
) -> None:
    client = signed_in(people.clerk)
    text = client.post(reverse("workbench:findings-accept"), {"flaw": flaw.pk}).content.decode()
    assert "将按建议改1份指南的1处" in text and "“支持网上支付”改为“否”" in text
    assert not flaw.item.revisions.filter(state="draft").exists()
    done = client.post(reverse("workbench:findings-accept"), {"flaw": flaw.pk, "confirmed": "1"}, follow=True)
    assert "改了1份草稿里的1处" in done.content.decode()
    assert flaw.item.revisions.get(state="draft").guide.pay_online is False


def test_all_that_a_filter_shows_can_be_accepted_at_once(people: People, signed_in: SignIn) -> None:
    items = [item(people.bureau, guide(**PAID_ONLINE)) for _ in range(3)]
    actions.examine_items(items, by=TESTS, at=NOON)
    rule = FlawFound.objects.filter(path="pay_online")[0].rule
    asked = {"all": "1", "filters": f"rule={rule}"}
    text = signed_in(people.clerk).post(reverse("workbench:findings-accept"), asked).content.decode()
    assert "改3份指南的3处" in text and text.count('name="flaw"') == 3


def test_nobody_accepts_for_another_bureau(people: People, signed_in: SignIn, flaw: FlawFound) -> None:
    asked = {"flaw": flaw.pk, "confirmed": "1"}
    refused = signed_in(people.stranger).post(reverse("workbench:findings-accept"), asked)
    assert refused.status_code == 422 and not flaw.item.revisions.filter(state="draft").exists()


def test_keeping_asks_for_reason_and_basis_and_shows_them(people: People, signed_in: SignIn, flaw: FlawFound) -> None:
    client, address = signed_in(people.clerk), reverse("workbench:finding-keep", args=[flaw.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": "要收押金"}).status_code == 422
    client.post(address, {"reason": "要收押金", **BASIS})
    open_ones = client.get(reverse("workbench:findings")).content.decode()
    kept = client.get(reverse("workbench:findings"), {"kept": "1"}).content.decode()
    assert flaw.message not in open_ones
    assert "要收押金" in kept and "《中华人民共和国义务教育法》第十一条" in kept
    client.post(reverse("workbench:finding-unkeep", args=[flaw.pk]))
    assert flaw.message in client.get(reverse("workbench:findings")).content.decode()


def test_a_run_is_started_watched_and_ends_in_the_list(people: People, signed_in: SignIn, examined: Any) -> None:
    client = signed_in(people.clerk)
    started = client.post(reverse("workbench:findings-examine"))
    run = Examination.objects.get()
    assert started["Location"] == reverse("workbench:examination", args=[run.pk])
    assert "正在检查示例县教育局" in client.get(started["Location"]).content.decode()
    progress = reverse("workbench:examination-progress", args=[run.pk])
    assert "progress" in client.get(progress).content.decode()
    assert signed_in(people.stranger).get(started["Location"]).status_code == 404
    assert client.post(reverse("workbench:findings-examine")).status_code == 409
    context = type("Context", (), {"task_result": type("Result", (), {"id": run.task})})
    run_examination.call(context, run.pk, people.clerk.pk, run.started_at.isoformat())
    assert client.get(progress)["HX-Refresh"] == "true"
    assert client.get(started["Location"])["Location"] == reverse("workbench:findings")
    assert "最近一次检查" in client.get(reverse("workbench:findings")).content.decode()


def test_a_run_whose_task_failed_keeps_no_other_from_beginning(
    people: People, signed_in: SignIn, examined: Any
) -> None:
    client = signed_in(people.clerk)
    client.post(reverse("workbench:findings-examine"))
    first = Examination.objects.get()
    DBTaskResult.objects.get(pk=first.task).set_failed(RuntimeError("断电"))
    assert "没有做完" in client.get(reverse("workbench:examination", args=[first.pk])).content.decode()
    assert client.post(reverse("workbench:findings-examine")).status_code == 302
    assert Examination.objects.get().pk != first.pk


def test_an_office_without_items_is_told_so(people: People, signed_in: SignIn) -> None:
    client = signed_in(people.clerk)
    assert "还没有检查过" in client.get(reverse("workbench:findings")).content.decode()
    assert client.post(reverse("workbench:findings-examine")).status_code == 409


def test_the_trend_is_drawn_from_the_second_run_on(people: People, signed_in: SignIn, examined: Any) -> None:
    client = signed_in(people.clerk)
    for drawn in (False, True):
        run = actions.begin_examination([people.bureau], scope="一", by=TESTS, at=NOON)
        actions.finish_examination(run, by=TESTS, at=NOON)
        assert ("<polyline" in client.get(reverse("workbench:findings")).content.decode()) is drawn


# Proofs


@pytest.fixture
def proof(examined: Any) -> ProofKept:
    basis = LegalBasis("中华人民共和国义务教育法", "第十一条")
    return actions.keep_proof(examined, name="监护关系证明", issuer="民政部门", basis=basis, by=TESTS, at=NOON)


@pytest.fixture
def objection(proof: ProofKept) -> Objection:
    return actions.object_to_proof(proof, text="户口簿上已经写着", contact="13800001234", by=TESTS, at=NOON)


def test_proofs_are_there_for_the_bureau_only(people: People, signed_in: SignIn, proof: ProofKept) -> None:
    for name, more in (("proofs", []), ("proof", [proof.pk]), ("proof-drop", [proof.pk])):
        address = reverse(f"workbench:{name}", args=more)
        assert "监护关系证明" in signed_in(people.colleague).get(address).content.decode()
        assert "监护关系证明" not in signed_in(people.stranger).get(address).content.decode()
        assert Client().get(address).url.startswith(reverse("account_login"))  # type: ignore[attr-defined]
    signed_in(people.stranger).post(reverse("workbench:proof-drop", args=[proof.pk]))
    assert ProofKept.objects.get().until is None


def test_a_proof_is_listed_with_its_basis_and_talked_over(people: People, signed_in: SignIn, examined: Any) -> None:
    client = signed_in(people.clerk)
    typed = {"item": examined.name, "name": "学籍证明", "issuer": "原学校", **BASIS}
    assert client.post(reverse("workbench:proof-new"), {**typed, "basis_articles": ""}).status_code == 422
    assert signed_in(people.stranger).post(reverse("workbench:proof-new"), typed).status_code == 422
    address = client.post(reverse("workbench:proof-new"), typed)["Location"]
    record = {"kind": "hearing", "held_on": "2026-10-01", "who": "家长代表5人", "conclusion": "同意保留"}
    assert client.post(address, {**record, "who": ""}).status_code == 422
    client.post(address, record)
    text = client.get(address).content.decode()
    assert "家长代表5人" in text and "听证" in text
    client.post(address + "drop/")
    assert ProofKept.objects.get().until is not None


def test_an_objection_is_answered_by_the_bureau_and_its_contact_is_looked_at_on_record(
    people: People, signed_in: SignIn, objection: Objection
) -> None:
    client, answer = signed_in(people.clerk), reverse("workbench:objection-answer", args=[objection.pk])
    page = client.get(reverse("workbench:proof", args=[objection.proof_id])).content.decode()
    assert "138****34" in page and "13800001234" not in page
    contact = reverse("workbench:objection-contact", args=[objection.pk])
    assert "13800001234" in client.post(contact, follow=True).content.decode()
    typed = {f"o{objection.pk}-answer": "以后由我们查", f"o{objection.pk}-public": "on"}
    for address in (answer, contact):
        assert signed_in(people.stranger).post(address, typed).status_code == 404
    client.post(answer, typed)
    objection.refresh_from_db()
    assert (objection.answer, objection.public, objection.answered_by) == ("以后由我们查", True, people.clerk)


def test_a_commitment_is_written_whole(people: People, signed_in: SignIn, examined: Any) -> None:
    client = signed_in(people.clerk)
    typed = {
        "item": examined.name,
        "material": "无房证明",
        **BASIS,
        "content": "本市无住房",
        "way": "书面",
        "liability": "撤销并记入信用",
        "verification": "可以查询登记",
        "check_share": 20,
        "check_days": 30,
        "check_method": "数据比对",
        "check_by": "基础教育科",
    }
    assert client.post(reverse("workbench:commitment-new"), {**typed, "liability": ""}).status_code == 422
    client.post(reverse("workbench:commitment-new"), typed)
    assert CommitmentForm.objects.get().item == examined
    assert "抽查20%" in client.get(reverse("workbench:proofs")).content.decode()


# Beside the guide while it is written


@pytest.fixture
def written(people: People) -> Any:
    return item(people.bureau, guide("还在写的报名", **PAID_ONLINE))


def typed(it: Any, **changed: Any) -> dict[str, Any]:
    """The form of the draft as a browser sends it."""
    now = it.revisions.get(state="draft")
    fixed = {"revision": now.pk, "stamp": now.stamp, "seen": seen(now.guide), "whole": "1"}
    return {**posted(from_document(now.guide)), **fixed, **changed}


def told(client: Client, it: Any, **changed: Any) -> dict[str, Any]:
    answer = client.post(reverse("workbench:editor-check", args=[it.guid]), typed(it, **changed))
    assert answer.status_code == 200
    return answer.json()  # type: ignore[no-any-return]


def test_what_is_typed_is_checked_before_it_is_saved(people: People, signed_in: SignIn, written: Any) -> None:
    client = signed_in(people.clerk)
    assert "“支持网上支付”改为“否”" in told(client, written)["fields"]["pay_online"]
    assert "pay_online" not in told(client, written, pay_online="0")["fields"]
    assert written.revisions.get().guide.pay_online is True


def test_a_finding_stands_at_its_row_also_below_a_row_still_empty(
    people: People, signed_in: SignIn, written: Any
) -> None:
    vague = {"materials.-rows": ["n9", "r0", "n5"], "materials.n5.name": "其他相关证明材料"}
    fields = told(signed_in(people.clerk), written, **vague)["fields"]
    assert "说不清" in fields["materials.n5.name"]
    assert not any(name.startswith("materials.n9") for name in fields)


def test_checking_is_for_the_bureau_and_for_posting(people: People, signed_in: SignIn, written: Any) -> None:
    address = reverse("workbench:editor-check", args=[written.guid])
    assert signed_in(people.stranger).post(address, typed(written)).status_code == 404
    assert Client().post(address, {}).url.startswith(reverse("account_login"))  # type: ignore[attr-defined]
    assert signed_in(people.clerk).get(address).status_code == 405


def test_the_rules_themselves_ask_the_database_nothing(written: Any) -> None:
    checked(written, written.revisions.get().guide)
    rows = [Material(name=f"证明{n}") for n in range(50)]
    long = written.revisions.get().guide.model_copy(update={"materials": rows})
    with CaptureQueriesContext(connection) as asked:
        assert len(checked(written, long)) > 50
    assert len(asked) == 0


def test_a_check_asks_six_questions(people: People, signed_in: SignIn, written: Any) -> None:
    client, form = signed_in(people.clerk), typed(written)
    address = reverse("workbench:editor-check", args=[written.guid])
    client.post(address, form)
    counts = []
    for _ in range(3):  # what is read anew each second may fall between two of them
        with CaptureQueriesContext(connection) as asked:
            client.post(address, form)
        counts.append(len(asked))
    assert min(counts) == 6, "\n".join(query["sql"][:120] for query in asked.captured_queries)


def test_a_proposal_is_accepted_without_scripts(people: People, signed_in: SignIn, written: Any) -> None:
    client, address = signed_in(people.clerk), reverse("workbench:editor", args=[written.guid])
    page = client.get(address, {"side": "findings"}).content.decode()
    act = re.search(r'value="(accept:\w+:pay_online)"', page)
    assert act
    client.post(address, typed(written, summary="同时写下的", act=act[1]))
    saved = written.revisions.get(state="draft").guide
    assert (saved.pay_online, saved.summary) == (False, "同时写下的")
    client.post(address, typed(written, act="accept:CL06:materials.77.name"))
    assert written.revisions.get(state="draft").guide == saved


def test_what_is_kept_with_a_reason_is_not_said_again_while_writing(
    people: People, signed_in: SignIn, written: Any
) -> None:
    actions.examine_items([written], by=TESTS, at=NOON)
    found = FlawFound.objects.get(item=written, path="pay_online")
    basis = LegalBasis("某条例", "第一条")
    actions.keep_with_reason(found, reason="要收押金", basis=basis, by=people.clerk, at=NOON)
    assert "pay_online" not in told(signed_in(people.clerk), written)["fields"]


def kept_article(title: str, doc_no: str, number: str, text: str) -> None:
    law = Law.objects.create(title=title, doc_no=doc_no)
    Article.objects.create(version=LawVersion.objects.create(law=law), number=number, text=text)


def test_a_finding_about_a_basis_shows_its_article(people: People, signed_in: SignIn) -> None:
    it = publication(item(people.bureau, guide(bases=[Basis(title="示例市停车条例", articles="第九条")]))).item
    kept_article("示例市停车条例", "", "第三条", "停车应当有序。")
    Law.objects.update(ended=True)
    memory.clear()  # the register is kept for a minute
    actions.examine_items([it], by=TESTS, at=NOON)
    flaw = FlawFound.objects.filter(item=it, path__startswith="bases").first()
    assert flaw
    address, client = reverse("workbench:finding", args=[flaw.pk]), signed_in(people.clerk)
    assert "法规库里没有这一条原文" in client.get(address).content.decode()
    Article.objects.update(number="第九条")
    assert "停车应当有序。" in client.get(address).content.decode()


@pytest.mark.django_db
def test_what_a_rule_rests_on_is_read_where_the_office_keeps_it() -> None:
    rule = next(each for each in current_rulebook(NOON.date()) if each.basis[0].article and each.basis[0].orders)
    ground = rule.basis[0]
    assert grounds_of(rule)[0] == (ground, [])
    numbered = next(iter(re.findall(r"第[一二三四五六七八九十百]+条", ground.article)))
    kept_article(ground.title, ground.doc_no, numbered, "一字不差的原文。")
    [article] = grounds_of(rule)[0][1]
    assert article.text == "一字不差的原文。"
