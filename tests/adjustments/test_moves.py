"""Every state × move × role, from the workflow file; who, where and when each refuse with a sentence."""

from itertools import product

import pytest

from banshi.access import authorize
from banshi.adjustments.actions import apply_for, drop_adjustment, give_opinion, publish_adjustments, recall_application
from banshi.adjustments.actions.transition import seen_of
from banshi.adjustments.enums import ExaminationVerdict
from banshi.adjustments.models import OPEN, Adjustment, AdjustmentMove
from banshi.adjustments.permissions import FLOW, desk_of
from banshi.core.errors import BanshiError, Conflict, Refused
from banshi.ledger.models import LedgerEntry
from banshi.people.models import Organ, User
from banshi.sites.kit.permissions import ROLES, Permission
from banshi.workflow.definition import workflow
from banshi.workflow.queries import moves_open_to, moves_possible
from tests import factories as make
from tests.adjustments.town import NOON, Town, brought_to, fresh, rewrite, say
from tests.work import daily

FLOW_OF = workflow(FLOW)
STATES = list(FLOW_OF.states)
EXAMINE = Permission.ADJUST_EXAMINE


def test_the_open_states_are_those_of_the_workflow() -> None:
    assert set(OPEN) == set(FLOW_OF.open_states)


def test_every_open_state_has_a_limit_and_no_ended_one() -> None:
    assert {code for code, state in FLOW_OF.states.items() if state.limit} == set(OPEN)


def expected(role: str, at: Organ, adjustment: Adjustment) -> set[str]:
    """What the file, the roles and the seats say together: a post in the owner's, in the examiner's or in the hall."""
    held = ROLES[role].permissions
    own = at == adjustment.item.organ
    moves = set()
    for each in moves_possible(adjustment, at=NOON):
        permission = Permission(each.permission)
        seat = at == desk_of(adjustment) and not own
        reach = own or ROLES[role].reach(permission) != "own"
        if permission in held and (seat if permission is EXAMINE else reach):
            moves.add(each.name)
    return moves


@pytest.mark.parametrize("state", STATES)
def test_each_role_at_each_desk_may_make_exactly_its_moves(state: str, town: Town) -> None:
    adjustment = brought_to(state, town)
    for role, at in product(ROLES, (town.bureau, town.establishment, town.legal, town.hall)):
        who = make.user(role, at)
        wanted = expected(role, at, adjustment)
        assert {each.name for each in moves_open_to(who, adjustment, at=NOON)} == wanted, (role, at)
        for step in moves_possible(adjustment, at=NOON):
            if step.name in wanted:
                authorize(who, step.permission, adjustment, at=NOON)
            else:
                with pytest.raises(Refused, match=r".{6}"):
                    authorize(who, step.permission, adjustment, at=NOON)


def make_move(name: str, adjustment: Adjustment, town: Town) -> None:
    """The move by the person whose it is."""
    match name:
        case "apply" | "correct":
            draft = adjustment.item.revisions.filter(state="draft").first()
            apply_for(adjustment, stamp=draft and draft.stamp, by=town.clerk, at=NOON)
        case "drop":
            drop_adjustment(adjustment, words="不改了", by=town.clerk, at=NOON)
        case "recall":
            recall_application(adjustment, by=town.clerk, at=NOON)
        case "publish":
            publish_adjustments([adjustment], by=town.publisher, at=NOON)
        case _:
            verdict = {
                "send_back": ExaminationVerdict.RETURN,
                "refuse": ExaminationVerdict.REFUSE,
                "confirm": ExaminationVerdict.CONFIRM,
                "undo": ExaminationVerdict.UNDO,
            }.get(name, ExaminationVerdict.AGREE)
            say(town, adjustment, verdict)


@pytest.mark.parametrize(("state", "name"), daily(product(STATES, [each.name for each in FLOW_OF.moves]), 5))
def test_each_move_from_each_state_goes_or_is_refused_and_leaves_nothing(state: str, name: str, town: Town) -> None:
    """`correct` is told from `apply` by what was changed: see test_minor; 同意 is one thing to say for three moves."""
    urgent = name == "approve_at_once" and state in ("examining", "second")
    adjustment = brought_to(state, town, urgent=urgent) if urgent else brought_to(state, town)
    allowed = {each.name for each in moves_possible(adjustment, at=NOON)} - {"correct"}
    if allowed & {"apply"}:
        rewrite(adjustment.item, town.clerk, undertaker="北门窗口")
    before = LedgerEntry.objects.count(), AdjustmentMove.objects.count()
    if name in allowed:
        make_move(name, adjustment, town)
        assert fresh(adjustment).state == FLOW_OF.move_named(name).to
        assert LedgerEntry.objects.filter(action=f"adjustments.{name}").exists()
    elif not ({name} <= AGREEING and AGREEING & allowed) and not (name == "correct" and "apply" in allowed):
        with pytest.raises(BanshiError):
            make_move(name, adjustment, town)
        assert fresh(adjustment).state == state
        assert (LedgerEntry.objects.count(), AdjustmentMove.objects.count()) == before


AGREEING = {"pass_on", "approve", "approve_at_once"}


def test_an_opinion_on_a_text_that_changed_is_not_taken(town: Town) -> None:
    adjustment = brought_to("examining", town)
    with pytest.raises(Conflict, match="内容又变了"):
        give_opinion(adjustment, verdict=ExaminationVerdict.AGREE, seen="0" * 64, by=town.examiner, at=NOON)


def test_nobody_examines_what_they_applied_for_even_with_two_posts(town: Town) -> None:
    adjustment = brought_to("examining", town)
    both: User = town.clerk
    make.post(both, "reviewer", town.establishment)
    with pytest.raises(Refused, match="本单位"):
        give_opinion(adjustment, verdict=ExaminationVerdict.AGREE, seen=seen_of(adjustment), by=both, at=NOON)
