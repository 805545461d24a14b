"""Examining, accepting proposals, keeping with a reason, objecting and answering."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from banshi.catalog.actions import discard_draft, publish, save_draft, start_draft
from banshi.catalog.guide.document import Basis, Material
from banshi.core.errors import BadInput, Conflict
from banshi.law.models import Law
from banshi.ledger.models import LedgerEntry
from banshi.rulebook import actions
from banshi.rulebook.actions import LegalBasis
from banshi.rulebook.actions.keeping import refuse_unknown_law
from banshi.rulebook.models import CommitmentForm, ExaminedRevision, FlawFound, Objection, ProofKept, Retention
from banshi.rulebook.tasks import run_examination, start_examination
from tests import factories as make
from tests.factories import NOON, TESTS

pytestmark = pytest.mark.django_db
BASIS = LegalBasis("中华人民共和国义务教育法", "第十一条")
PAID_ONLINE = {"charged": False, "pay_online": True}
COPIES = [
    Material(
        name="居民户口簿", issuer="公安机关", copies=9, source="20", copy_kind="original", basis="义务教育法第十一条"
    )
]


def examined(*items: Any, at: Any = NOON) -> int:
    return actions.examine_items(items, by=TESTS, at=at)


def rules_of(item: Any, **more: Any) -> set[str]:
    return set(FlawFound.objects.filter(item=item, **more).values_list("rule", flat=True))


def flaw(item: Any, rule: str) -> FlawFound:
    return FlawFound.objects.get(item=item, rule=rule, newest=True)


# Examining


def test_what_a_guide_breaks_is_written_down_with_its_place() -> None:
    item = make.item(text=make.guide(**PAID_ONLINE))
    assert examined(item) == 1
    found = FlawFound.objects.get(item=item, path="pay_online")
    assert found.organ == item.organ and found.rewrite == {"path": "pay_online", "value": False}
    assert found.newest and not found.in_force


def test_an_unchanged_guide_is_not_read_again() -> None:
    item = make.item(text=make.guide(**PAID_ONLINE))
    examined(item)
    before = set(FlawFound.objects.values_list("pk", flat=True))
    assert examined(item, at=NOON + timedelta(days=1)) == 0
    assert set(FlawFound.objects.values_list("pk", flat=True)) == before


def test_a_changed_guide_is_read_again_and_alone() -> None:
    organ = make.organ()
    item, other = make.item(organ, make.guide(**PAID_ONLINE)), make.item(organ)
    examined(item, other)
    draft = make.draft(item)
    save_draft(draft, guide=make.guide(pay_online=None), stamp=draft.stamp, by=TESTS, at=NOON)
    assert examined(item, other) == 1
    assert not FlawFound.objects.filter(item=item, path="pay_online").exists()


def test_a_law_that_ceased_makes_every_guide_be_read_again() -> None:
    item = make.item(text=make.guide(bases=[Basis(title="旧条例")]))
    law = Law.objects.create(title="旧条例", rank=Law.Rank.REGULATION)
    examined(item)
    assert "YJ04" not in rules_of(item)
    successor = Law.objects.create(title="新条例", rank=Law.Rank.REGULATION)
    Law.objects.filter(pk=law.pk).update(in_force_until=NOON.date() - timedelta(days=9), replaced_by=successor)
    cache.clear()
    assert examined(item) == 1
    assert flaw(item, "YJ04").rewrite == {"path": "bases.0.title", "value": "新条例"}


def test_a_draft_over_what_is_in_force_is_what_people_go_on_with() -> None:
    item = make.publication(text=make.guide(**PAID_ONLINE)).item
    examined(item)
    assert FlawFound.objects.filter(item=item, path="pay_online", newest=True, in_force=True).exists()
    draft = start_draft(item, guide=make.guide(item.name), by=TESTS, at=NOON)
    examined(item)
    in_force = FlawFound.objects.get(item=item, path="pay_online")
    assert in_force.in_force and not in_force.newest
    discard_draft(draft, by=TESTS, at=NOON)
    examined(item)
    in_force.refresh_from_db()
    assert in_force.newest and not ExaminedRevision.objects.filter(revision=draft).exists()


def test_what_is_no_longer_in_force_is_forgotten() -> None:
    item = make.publication(text=make.guide(**PAID_ONLINE)).item
    examined(item)
    draft = start_draft(item, guide=make.guide(item.name), by=TESTS, at=NOON)
    publish(draft, by=TESTS, at=NOON + timedelta(days=1))
    examined(item)
    assert not FlawFound.objects.filter(item=item, path="pay_online").exists()


@pytest.mark.parametrize("many", [1, 3])
def test_examining_asks_the_database_as_often_for_three_as_for_one(many: int) -> None:
    organ = make.organ()
    first, *items = [make.item(organ, make.guide(**PAID_ONLINE)) for _ in range(many + 1)]
    examined(first)  # what is read once in a process is read
    with CaptureQueriesContext(connection) as asked:
        examined(*items)
    assert len(asked) <= 22


def test_a_run_counts_how_things_stand() -> None:
    item = make.item(text=make.guide(**PAID_ONLINE))
    run = actions.begin_examination([item.organ], scope="本单位", by=TESTS, at=NOON)
    told: list[tuple[int, int]] = []
    actions.finish_examination(run, report=lambda done, of, words: told.append((done, of)), by=TESTS, at=NOON)
    assert (run.items, run.examined, told) == (1, 1, [(1, 1)])
    assert sum(run.counts["severity"].values()) == FlawFound.objects.count()
    assert run.counts["organ"][str(item.organ_id)] == run.counts["severity"]


def test_two_runs_at_once_are_refused() -> None:
    organ = make.item().organ
    actions.begin_examination([organ], scope="一", by=TESTS, at=NOON)
    with pytest.raises(Conflict, match="正在检查"):
        actions.begin_examination([organ], scope="二", by=TESTS, at=NOON)


def test_a_run_in_the_background_is_finished_once_however_often_it_is_taken_up() -> None:
    item = make.item(text=make.guide(**PAID_ONLINE))
    who = make.user("clerk", item.organ)
    run = start_examination([item.organ], scope="本单位", by=who, at=NOON)
    for _ in range(2):
        run_examination.call(_Context(run.task), run.pk, who.pk, NOON.isoformat())
    run.refresh_from_db()
    assert run.finished_at == NOON and run.task
    assert LedgerEntry.objects.filter(action="rulebook.finish_examination").count() == 1


class _Context:
    def __init__(self, key: str) -> None:
        self.task_result = type("Result", (), {"id": key})


# Accepting proposals


def test_accepting_a_proposal_opens_a_draft_and_publishes_nothing() -> None:
    item = make.publication(text=make.guide(**PAID_ONLINE)).item
    examined(item)
    who = make.user("clerk", item.organ)
    done = actions.apply_rewrites(FlawFound.objects.filter(path="pay_online"), by=who, at=NOON)
    draft = item.revisions.get(state="draft")
    assert done.drafts == [draft] and draft.author == who and draft.guide.pay_online is False
    assert item.publications.get(until=None).revision.guide.pay_online is True
    assert not FlawFound.objects.filter(item=item, path="pay_online", newest=True).exists()


def test_many_proposals_of_one_guide_are_one_save() -> None:
    item = make.item(text=make.guide(**PAID_ONLINE, materials=COPIES))
    examined(item)
    flaws = FlawFound.objects.exclude(rewrite=None)
    count = flaws.count()
    assert count > 1
    done = actions.apply_rewrites(flaws, by=TESTS, at=NOON)
    assert len(done.settled) == count and item.revisions.get().stamp == 2


def test_a_proposal_the_text_no_longer_calls_for_is_left() -> None:
    item = make.item(text=make.guide(**PAID_ONLINE))
    examined(item)
    flaws = list(FlawFound.objects.filter(path="pay_online"))
    draft = make.draft(item)
    save_draft(draft, guide=make.guide(item.name), stamp=draft.stamp, by=TESTS, at=NOON)
    done = actions.apply_rewrites(flaws, by=TESTS, at=NOON)
    assert (done.drafts, done.settled, done.left) == ([], [], flaws)


def test_a_proposal_finds_its_row_though_rows_were_moved() -> None:
    item = make.item(text=make.guide(materials=COPIES))
    examined(item)
    flaws = list(FlawFound.objects.filter(path="materials.0.copies"))
    draft = make.draft(item)
    moved = make.guide(item.name, materials=[Material(name="近期免冠照片", copies=2, source="10"), *COPIES])
    save_draft(draft, guide=moved, stamp=draft.stamp, by=TESTS, at=NOON)
    actions.apply_rewrites(flaws, by=TESTS, at=NOON)
    assert [each.copies for each in item.revisions.get().guide.materials] == [2, 1]


# Keeping


def kept(item: Any, **more: Any) -> Retention:
    given = {"reason": "学校要核对监护关系", "basis": BASIS, "by": make.user("clerk", item.organ), "at": NOON, **more}
    return actions.keep_with_reason(FlawFound.objects.get(item=item, path="pay_online"), **given)


def test_what_is_kept_asks_no_more_to_be_changed_also_after_the_next_run() -> None:
    item = make.item(text=make.guide(**PAID_ONLINE))
    examined(item)
    retention = kept(item)
    ExaminedRevision.objects.update(mark="")
    examined(item)
    assert FlawFound.objects.get(item=item, path="pay_online").retention == retention


def test_nothing_is_kept_without_a_basis() -> None:
    item = make.item(text=make.guide(**PAID_ONLINE))
    examined(item)
    with pytest.raises(BadInput, match="没有写明依据"):
        kept(item, basis=LegalBasis(" ", "第一条"))
    with pytest.raises(BadInput, match="理由"):
        kept(item, reason=" ")
    with pytest.raises(IntegrityError), transaction.atomic():
        Retention.objects.create(item=item, rule="CL06", place="x", reason="习惯", basis_articles="第一条", at=NOON)


def test_the_same_place_is_kept_once_and_can_be_given_up() -> None:
    item = make.item(text=make.guide(**PAID_ONLINE))
    examined(item)
    retention = kept(item)
    with pytest.raises(Conflict):
        kept(item)
    actions.end_retention(retention, by=make.user("clerk", item.organ), at=NOON)
    assert FlawFound.objects.get(item=item, path="pay_online").retention is None
    with pytest.raises(Conflict):
        actions.end_retention(retention, by=make.user("clerk", item.organ), at=NOON)


# Proofs kept, hearings, objections


def proof(**more: Any) -> ProofKept:
    given = {"name": "收养登记证明", "issuer": "民政部门", "basis": BASIS, "by": TESTS, "at": NOON, **more}
    return actions.keep_proof(make.published_item(), **given)


def test_a_proof_is_kept_on_a_basis_only() -> None:
    with pytest.raises(BadInput, match="没有写明依据"):
        proof(basis=LegalBasis("", ""))
    with pytest.raises(IntegrityError), transaction.atomic():
        ProofKept.objects.create(item=make.item(), name="证明", issuer="某局", basis_title="法", since=NOON)


def test_a_hearing_says_who_took_part_and_what_came_of_it() -> None:
    one = proof()
    actions.record_hearing(
        one, kind="review", held_on=NOON.date(), who="法学专家3人", conclusion="保留", by=TESTS, at=NOON
    )
    assert one.hearings.get().get_kind_display() == "论证"
    with pytest.raises(BadInput):
        actions.record_hearing(one, kind="review", held_on=NOON.date(), who="", conclusion="", by=TESTS, at=NOON)


def test_a_contact_is_sealed_and_shown_masked() -> None:
    objection = actions.object_to_proof(proof(), text="不用再开了", contact="13800001234", by=TESTS, at=NOON)
    assert objection.contact_masked == "138****34"
    assert b"13800001234" not in bytes(objection.contact_sealed)
    assert "13800001234" not in str(list(LedgerEntry.objects.values()))
    who = make.user("clerk", objection.proof.item.organ)
    assert actions.look_at_contact(objection, by=who, at=NOON) == "13800001234"
    assert LedgerEntry.objects.filter(action="rulebook.look_at_contact", actor=who.ledger_id).count() == 1


@pytest.mark.parametrize("contact", ["", "me@example.org", "0000-1234567"])
def test_a_contact_may_be_a_phone_an_address_or_nothing(contact: str) -> None:
    assert actions.object_to_proof(proof(), text="意见", contact=contact, by=TESTS, at=NOON).pk


def test_a_contact_nobody_can_use_is_refused() -> None:
    with pytest.raises(BadInput, match="联系方式"):
        actions.object_to_proof(proof(), text="意见", contact="随便", by=TESTS, at=NOON)


def test_an_objection_is_answered_once_and_wholly() -> None:
    objection = actions.object_to_proof(proof(), text="不用再开了", by=TESTS, at=NOON)
    who = make.user("clerk", objection.proof.item.organ)
    with pytest.raises(BadInput):
        actions.answer_objection(objection, answer=" ", public=True, by=who, at=NOON)
    actions.answer_objection(objection, answer="已改为部门核查", public=True, by=who, at=NOON)
    with pytest.raises(Conflict):
        actions.answer_objection(objection, answer="再答", public=True, by=who, at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Objection.objects.filter(pk=objection.pk).update(answer="")


# Commitments

PARTS = {
    "content": "本人在本市无住房",
    "way": "书面",
    "liability": "承诺不实的，撤销决定，记入信用记录",
    "verification": "本单位可向不动产登记机构核查",
    "check_share": 20,
    "check_days": 30,
    "check_method": "数据比对",
    "check_by": "住房保障科",
}


def test_a_commitment_has_every_part_and_is_checked_afterwards() -> None:
    item = make.published_item()
    write: dict[str, Any] = {"material": "无房证明", "basis": BASIS, "by": TESTS, "at": NOON}
    form = actions.write_commitment(item, **write, **PARTS)
    assert form.basis == "《中华人民共和国义务教育法》第十一条"
    actions.write_commitment(item, **write, **{**PARTS, "check_share": 50})
    assert CommitmentForm.objects.get().check_share == 50
    for wrong in ({"liability": ""}, {"check_share": 0}, {"check_days": 0}):
        with pytest.raises(BadInput):
            actions.write_commitment(item, **write, **{**PARTS, **wrong})
        with pytest.raises(IntegrityError), transaction.atomic():
            CommitmentForm.objects.update(**wrong)


class TestTheBasisOfWhatIsKept:
    @pytest.mark.parametrize(
        ("title", "articles", "said"),
        [
            ("列入资助政策目录公开，便于群众查询", "列入资助政策目录公开", "请写到条"),
            ("列入资助政策目录公开，便于群众查询", "第一条", "法规库里没有"),
        ],
    )
    def test_a_must_is_kept_only_by_an_article_of_a_law_the_register_knows(self, title, articles, said) -> None:
        with pytest.raises(BadInput) as refused:
            refuse_unknown_law(actions.LegalBasis(title, articles), NOON.date())
        assert any(said in each.message for each in refused.value.problems)

    def test_a_known_law_will_do(self) -> None:
        Law.objects.create(title="中华人民共和国义务教育法")
        refuse_unknown_law(actions.LegalBasis("义务教育法", "第十一条"), NOON.date())
