"""Flow × move × role, from the data files: a move is refused to whoever does not hold its permission over the subject."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from tests import factories as make
from tests.cases.hall import accepted, hall
from tests.factories import NOON, TESTS, a_uscc, campaigns, registers, supervision

from banshi.access import Permission, roles
from banshi.campaigns.models import Campaign, Entry
from banshi.catalog.models import Item
from banshi.core.errors import BadInput, Refused
from banshi.people.models import Organ
from banshi.registers.actions import propose_upward
from banshi.registers.models import Proposal, Transfer
from banshi.supervision.models import Irregularity
from banshi.workflow.actions import move
from banshi.workflow.definition import Workflow, workflow
from banshi.workflow.transitions import authorize_move

pytestmark = pytest.mark.django_db
FLOWS = ("item", "campaign", "entry", "proposal", "transfer", "irregularity")
"""Adjustments, whose examiners sit at desks, have a matrix of their own: tests/adjustments/test_moves.py."""
CASES = [(code, each.name) for code in FLOWS for each in workflow(code).moves]


def a_campaign() -> Campaign:
    """With a unit and something decided."""
    unit = campaigns.opened()
    unit.entries.update(state="decided")
    return unit.campaign


def a_transfer() -> Transfer:
    """With all that any of its states must have."""
    made = registers.transfer()
    filled = {"opinion": "同意", "document": "号", "receiver": "协会", "receiver_uscc": a_uscc(1), "ended_why": "到期"}
    Transfer.objects.filter(pk=made.pk).update(**filled, transferred_on=NOON.date())
    return made


SUBJECTS: dict[str, Callable[[], Any]] = {
    "item": make.item,
    "campaign": a_campaign,
    "entry": lambda: campaigns.opened().entries.get(),
    "proposal": lambda: propose_upward(
        make.item(), name="棉花收购登记", category=None, reason="常办", by=TESTS, at=NOON
    ),
    "transfer": a_transfer,
    "irregularity": lambda: supervision.found(accepted(hall(), NOON)),
}
ANSWERED = {"answer": "可以", "answered_at": NOON}


def owner_of(subject: Any, permission: Permission) -> Organ:
    """The organ whose people may, as the access policies say it."""
    match subject:
        case Entry() if permission is Permission.CAMPAIGN_MANAGE:
            return subject.campaign.organ
        case Entry():
            return subject.participation.organ
        case Proposal():
            return subject.item.organ
        case Item() | Campaign() | Transfer() | Irregularity():
            return subject.organ
    raise AssertionError(subject)


def gone(subject: Any, flow: Workflow, name: str, source: str, role: str, at: Organ) -> str:
    """The state after somebody in a role tried the move from a state, or ""; afterwards all is as it was."""
    with transaction.atomic():
        changes = ANSWERED if flow.code == "proposal" else {}
        type(subject)._default_manager.filter(pk=subject.pk).update(
            state=source, **(ANSWERED if changes and source != flow.start else {})
        )
        try:
            with transaction.atomic():
                move(subject, name, by=make.user(role, at), at=NOON, **changes)
            return str(type(subject)._default_manager.values_list("state", flat=True).get(pk=subject.pk))
        except Refused as refused:
            assert refused.message
            assert refused.remedy
            return ""
        finally:
            transaction.set_rollback(True)


@pytest.mark.parametrize(("code", "name"), CASES, ids=[f"{code}-{name}" for code, name in CASES])
def test_who_holds_the_permission_over_it_goes_it_and_nobody_else(code: str, name: str) -> None:
    flow, subject = workflow(code), SUBJECTS[code]()
    step = flow.move_named(name)
    permission = Permission(step.permission)
    owner, elsewhere = owner_of(subject, permission), make.organ(division=make.division("990103", "邻县"))
    for role, described in roles().items():
        held = permission in described.permissions
        for source in step.sources:
            assert gone(subject, flow, name, source, role, owner) == (step.to if held else ""), (role, source)
        assert gone(subject, flow, name, step.sources[0], role, elsewhere) == "", role


def test_nothing_chosen_is_no_permission() -> None:
    with pytest.raises(BadInput, match="没有选中"):
        authorize_move([], "suspend", by=TESTS, at=NOON)
