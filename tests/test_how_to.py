"""The how-tos of the ground, their samples run as they stand: workflow, event, notification, permissions, register, connector."""

import re
import textwrap
import tomllib
from copy import copy
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from banshi.access import Permission, policies
from banshi.adjustments.models import Adjustment
from banshi.campaigns.models import Order
from banshi.catalog.models import Item, Revision
from banshi.connectors.kinds import KINDS as CONNECTORS
from banshi.core.errors import Refused
from banshi.events import EventData, Occurrence, declare, emit, emit_many, kinds, subjects
from banshi.events.consuming import consume, follower, is_behind
from banshi.events.sequencing import sequence
from banshi.events.subjects import SELF, register_subject
from banshi.notifications import kinds as notification_kinds
from banshi.notifications import reminders
from banshi.notifications.kinds import NotificationKind
from banshi.notifications.models import Notification
from banshi.notifications.notify import notify
from banshi.notifications.reminders import Reminder
from banshi.outbox.channels import Channel
from banshi.registers.models import Agency
from banshi.sites.workbench.registers import register as register_kit
from banshi.sites.workbench.registers.kinds import agencies
from banshi.workflow import rules
from banshi.workflow.definition import Workflow, workflow
from tests import factories as make
from tests.adjustments.town import town
from tests.factories import NOON, TESTS, registers

HOW_TO = Path(__file__).parent.parent / "docs" / "how-to"
SOURCE = HOW_TO.parent.parent / "src" / "banshi"


def sample(paper: str, begin: str) -> str:
    """The block of a paper that begins so, or holds a line that does."""
    text = (HOW_TO / f"{paper}.md").read_text(encoding="utf-8")
    found = [
        each
        for each in re.findall(r"(?:^ {4,}\S.*\n|^\n(?= {4}))+", text, re.M)
        if f"\n{begin}" in f"\n{textwrap.dedent(each)}"
    ]
    assert len(found) == 1, (paper, begin, len(found))
    return textwrap.dedent(found[0])


def run(code: str, **names: Any) -> dict[str, Any]:
    exec(compile(code, "how-to", "exec"), names)
    return names


# Workflow


def test_the_rule_of_a_workflow_is_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "_rules", {})
    run(sample("workflow", "@rule("), rule=rules.rule)
    guard = rules.rule_named("permit.has-papers")
    assert (guard.refusal, guard.related) == ("还没有材料", ("applicant",))


def test_the_parallel_group_of_a_workflow_reads_as_one() -> None:
    told = tomllib.loads(sample("workflow", "[groups.examine]").partition("class ")[0])
    content = tomllib.loads((Path(__file__).parent / "workflow" / "permit.toml").read_text(encoding="utf-8"))
    group = Workflow.model_validate({**content, "groups": {**content.get("groups", {}), **told["groups"]}}).groups[
        "examine"
    ]
    assert (group.state, group.join, group.branches) == (
        "examining",
        "examined",
        {"fire": "消防审查", "food": "食品审查"},
    )


def test_a_limit_of_a_state_reads_as_one() -> None:
    [written] = re.findall(r"`(limit = .*?)`", (HOW_TO / "workflow.md").read_text(encoding="utf-8"))
    flow = workflow("item")
    content = flow.content
    content["states"][flow.start] |= tomllib.loads(written)
    limit = Workflow.model_validate(content).states[flow.start].limit
    assert not isinstance(limit, str) and (limit.days, limit.unit) == (20, "working")


# Event


@pytest.mark.django_db
def test_the_event_is_declared_emitted_and_consumed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(kinds.KINDS, "cases.supplement_asked", None)
    del kinds.KINDS["cases.supplement_asked"]  # put back, or taken out again, at the end
    monkeypatch.setitem(subjects.SUBJECTS, Item, subjects.SUBJECTS[Item])
    text = sample("event", "# cases/events.py")
    declared, acts = text.split("# the action, in its transaction\n")
    declared = declared.replace('organ="item__organ", item="item"', 'organ="organ", item=SELF')
    names = run(declared, register_subject=register_subject, EventData=EventData, declare=declare, Case=Item, SELF=SELF)
    case = make.item()
    with transaction.atomic():
        run(
            acts,
            **names
            | {
                "emit": emit,
                "emit_many": emit_many,
                "Occurrence": Occurrence,
                "case": case,
                "cases": [case],
                "by": TESTS,
                "at": NOON,
            },
        )
    sequence()
    counted: list[Any] = []
    consumer = (
        sample("event", 'CONSUMER = "supervision.lights"')
        .replace("...", "taken.extend(events)")
        .replace("(MOVED,)", "(ASKED,)")
    )
    monkeypatch.setattr("banshi.events.consuming.FOLLOWERS", [])
    kit = {"follower": follower, "is_behind": is_behind, "consume": consume, "ASKED": names["SUPPLEMENT_ASKED"]}
    run(consumer, **kit, taken=counted)["turn_lights"]()
    assert [each.payload.materials for each in counted] == [3, 3]


# Notification


@pytest.mark.django_db
def test_the_kind_of_notification_tells_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notification_kinds, "KINDS", {**notification_kinds.KINDS})
    monkeypatch.setattr("banshi.notifications.reminders.REMINDERS", {})
    names = run(sample("notification", "DUE = "), kinds=notification_kinds, NotificationKind=NotificationKind)
    who, case = make.user(), make.item()
    with transaction.atomic():
        notify(
            names["DUE"],
            [who.pk],
            subject=case,
            context={"case": "食品经营许可", "count": 2, "last": NOON.date()},
            at=NOON,
        )
    told = Notification.objects.get()
    assert (told.user, told.subject) == (who, "请补正：食品经营许可")
    assert "要补正2份材料" in told.body
    run(
        sample("notification", "reminders.register("),
        reminders=reminders,
        Reminder=Reminder,
        due_soon=list,
        plan_of_cases=list,
    )
    assert "cases.remind" in reminders.REMINDERS


# Permissions


@pytest.mark.django_db
def test_the_policies_of_the_paper_can_be_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_policies", "_rules", "_includes"):
        monkeypatch.setattr(policies, name, {key: copy(value) for key, value in getattr(policies, name).items()})
    code = sample("permissions", "policies.register(Order")
    run(code, policies=policies, Order=Order, MANAGE=Permission.CAMPAIGN_MANAGE)
    assert policies.policy_of(Order).organs == ("participation__organ",)
    rule_code = sample("permissions", "@policies.rule(").replace(
        "...   # raises Refused with a remedy", 'raise Refused("不行")'
    )
    held = run(rule_code, policies=policies, Permission=Permission, Adjustment=Adjustment, Refused=Refused)
    assert held["the_desk_examines"] in policies.rules_of(Permission.ADJUST_EXAMINE, Adjustment)
    edit, publish = Permission.ITEM_EDIT, Permission.ITEM_PUBLISH
    run(
        sample("permissions", "policies.includes("),
        policies=policies,
        Adjustment=Adjustment,
        Revision=Revision,
        EDIT=edit,
        PUBLISH=publish,
    )
    assert policies.including(edit, Revision)


# Register


@pytest.mark.django_db
def test_the_register_of_the_paper_lists_its_lines() -> None:
    code = sample("register", "REGISTER = Register(").replace('intro="…"', 'intro="便民"')
    kit = {name: getattr(register_kit, name) for name in ("Register", "Column", "organ_column", "text_of", "EXAMPLE")}
    made = run(
        code,
        **kit,
        ServicePoint=Agency,
        ServicePointForm=agencies.AgencyForm,
        ServicePointFilters=agencies.AgencyFilters,
    )["REGISTER"]
    clerk = town().clerk
    line = registers.agency(clerk.posts.get().organ, address="人民路1号")
    assert list(made.entries(clerk)) == [line]
    assert [str(column.told(line)) for column in made.columns][1:] == [line.name, "人民路1号", ""]


# Connector


def test_a_kind_of_outlet_is_the_folder_the_paper_tells() -> None:
    paper = (HOW_TO / "connector.md").read_text(encoding="utf-8")
    told = re.findall(r"`<kind>/([\w.]+)`", paper)
    assert told == ["schema.py", "connector.py", "fake.py", "README.md"]
    for code in CONNECTORS:
        folder = SOURCE / "connectors" / code.replace("-", "_")
        assert [name for name in told if not (folder / name).exists()] == []


def test_a_channel_has_the_members_the_paper_tells() -> None:
    table = (HOW_TO / "connector.md").read_text(encoding="utf-8").partition("| member | what |")[2].partition("\n\n")[0]
    names = [
        name
        for row in table.splitlines()
        for name in re.findall(r"`(\w+)(?:\([^`]*\))?`", row.split("|")[1] if "|" in row else "")
    ]
    assert {"code", "open", "backlogged", "refill"} <= set(names)
    assert [name for name in names if not hasattr(Channel, name) and name not in Channel.__annotations__] == []


@pytest.mark.parametrize(("paper", "most"), [("register", 6), ("page", 6), ("workflow", 6), ("event", 6)])
def test_no_more_files_are_to_be_touched(paper: str, most: int) -> None:
    text = (HOW_TO / f"{paper}.md").read_text(encoding="utf-8").partition("Files to touch: ")[2].partition("\n\n")[0]
    numbers = [int(each) for each in re.findall(r"(?:^|· |and )(\d) ", " ".join(text.split()))]
    assert numbers and numbers == list(range(1, len(numbers) + 1)) and numbers[-1] <= most
