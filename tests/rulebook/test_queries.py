"""What was found, as units and the public may see it."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from banshi.catalog.guide.document import Guide
from banshi.core.clock import now
from banshi.law.models import Law
from banshi.rulebook import actions, queries
from banshi.rulebook.actions import LegalBasis
from banshi.rulebook.models import Examination, FlawFound
from banshi.rulebook.rule import About
from tests import factories as make
from tests.factories import NOON, TESTS

pytestmark = pytest.mark.django_db
PAID_ONLINE = {"charged": False, "pay_online": True}


@pytest.fixture
def item() -> Any:
    made = make.publication(text=make.guide(**PAID_ONLINE)).item
    actions.examine_items([made], by=TESTS, at=NOON)
    return made


def test_findings_are_seen_by_the_unit_alone(item: Any) -> None:
    assert queries.flaws_visible_to(make.user("clerk", item.organ), at=now()).exists()
    assert not queries.flaws_visible_to(make.user("clerk", make.organ()), at=now()).exists()
    assert not queries.flaws_visible_to(AnonymousUser(), at=now()).exists()


def test_tallies_add_up(item: Any) -> None:
    flaws = queries.flaws_visible_to(make.user("clerk", item.organ), at=now())
    by_organ, by_rule = queries.tally_by_organ(flaws, 10), queries.tally_by_rule(flaws, 1000)
    assert [each.label for each in by_organ] == [item.organ.name]
    assert by_organ[0].total == sum(each.total for each in by_rule) == flaws.count()


def test_what_is_kept_does_not_count_as_broken(item: Any) -> None:
    flaw = FlawFound.objects.get(path="pay_online")
    assert queries.broken_in_force()[flaw.rule] == 1
    basis = LegalBasis("某条例", "第一条")
    actions.keep_with_reason(flaw, reason="理由", basis=basis, by=make.user("clerk", item.organ), at=NOON)
    assert flaw.rule not in queries.broken_in_force()
    assert not queries.open_flaws(FlawFound.objects.filter(path="pay_online")).exists()


def test_drafts_are_not_counted_in_public() -> None:
    draft = make.item(text=make.guide(**PAID_ONLINE))
    actions.examine_items([draft], by=TESTS, at=NOON)
    assert queries.broken_in_force() == {}


def run(organs: list[int], counts: dict[int, int], day: int) -> None:
    Examination.objects.create(
        scope="",
        organs=organs,
        rulebook="",
        by="",
        started_at=NOON + timedelta(days=day),
        finished_at=NOON + timedelta(days=day),
        counts={"organ": {str(organ): {"must": many} for organ, many in counts.items()}},
    )


def test_the_trend_leaves_units_a_run_did_not_cover_as_they_stood(db: None) -> None:
    run([1, 2, 3], {1: 5, 2: 3, 3: 100}, 0)
    run([1], {1: 2}, 1)
    run([3], {3: 0}, 2)
    run([1, 2], {1: 1}, 3)
    assert [each.must for each in queries.trend([1, 2])] == [8, 5, 1]


def test_of_laws_with_one_title_the_one_in_force_speaks() -> None:
    ended = {"in_force_until": NOON.date()}
    Law.objects.create(title="某条例", doc_no="1号", rank=Law.Rank.REGULATION, **ended)
    Law.objects.create(title="某条例", doc_no="2号", rank=Law.Rank.REGULATION)
    Law.objects.create(title="旧办法", rank=Law.Rank.RULE, **ended, replaced_by=Law.objects.get(doc_no="2号"))
    queries.memory.clear()
    rules = {rule.code: rule for rule in queries.current_rulebook(NOON.date() + timedelta(days=1))}
    guide = Guide.model_validate({"bases": [{"title": "某条例"}, {"title": "旧办法"}]})
    [finding] = rules["YJ04"].check(guide, About())
    assert (finding.path, finding.rewrite and finding.rewrite.value) == ("bases.1.title", "某条例")


def test_the_days_passing_alone_leave_the_rule_book_the_same() -> None:
    Law.objects.create(title="将废止", rank=Law.Rank.RULE, in_force_until=NOON.date() + timedelta(days=5))
    days = [queries.rulebook_mark(NOON.date() + timedelta(days=each)) for each in (0, 1, 9)]
    assert days[0] == days[1] != days[2]


def test_the_public_reads_answered_objections_only_where_they_are_shown(item: Any) -> None:
    basis = LegalBasis("某条例", "第一条")
    proof = actions.keep_proof(item, name="证明", issuer="某局", basis=basis, by=TESTS, at=NOON)
    shown, silent, _waiting = (actions.object_to_proof(proof, text=text, by=TESTS, at=NOON) for text in "甲乙丙")
    who = make.user("clerk", item.organ)
    actions.answer_objection(shown, answer="答", public=True, by=who, at=NOON)
    actions.answer_objection(silent, answer="答", public=False, by=who, at=NOON)
    assert [each.text for each in queries.objections_shown(proof)] == ["甲"]
    assert [each.text for each in queries.objections_waiting(who, at=now())] == ["丙"]
    assert not queries.objections_waiting(make.user("clerk", make.organ()), at=now()).exists()
    assert queries.proofs_visible_to(who, at=now()).get().waiting == 1  # type: ignore[attr-defined]


def test_a_proof_taken_off_the_list_is_gone_from_it(item: Any) -> None:
    proof = actions.keep_proof(
        item, name="证明", issuer="某局", basis=LegalBasis("某条例", "第一条"), by=TESTS, at=NOON
    )
    actions.end_proof(proof, by=TESTS, at=NOON)
    assert not queries.proofs_kept().exists()
