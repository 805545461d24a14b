"""A subject keeps the definition it began with, whatever becomes of the file."""

from pathlib import Path

import pytest
from django.db import transaction
from tests import factories as make
from tests.factories import NOON, TESTS
from tests.workflow.permits import Permit, filed

from banshi.core.errors import BadInput, Conflict, Refused
from banshi.workflow import definition, versions
from banshi.workflow.actions import move, move_many
from banshi.workflow.definition import workflow
from banshi.workflow.models import FlowDefinition
from banshi.workflow.versions import definition_of, state_of, states_of

pytestmark = pytest.mark.usefixtures("permits")


def edited(flows: Path, *changes: tuple[str, str]) -> None:
    """Change the file, and read it anew as a restart does."""
    path = flows / "permit.toml"
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    definition._workflow_in.cache_clear()


def test_what_is_under_way_goes_on_as_before_and_what_begins_goes_by_the_new(flows: Path) -> None:
    before = filed()
    edited(
        flows,
        ('label = "待受理"', 'label = "待接件"'),
        ('to = "examining"\npermission = "item.edit"', 'to = "deciding"\npermission = "report.sign"'),
    )
    after = filed(organ=before.organ)
    clerk, head = make.user("clerk", before.organ), make.user("head", before.organ)

    assert (state_of(before).label, state_of(after).label) == ("待受理", "待接件")
    with pytest.raises(Refused, match="审签"):
        move(after, "accept", by=clerk, at=NOON)
    with pytest.raises(Refused, match="编写"):
        move(before, "accept", by=head, at=NOON)
    move(before, "accept", by=clerk, at=NOON)
    move(after, "accept", by=head, at=NOON)
    assert (before.state, after.state) == ("examining", "deciding")


def test_both_go_together_each_its_own_way(flows: Path) -> None:
    before = filed()
    edited(flows, ('to = "examining"\npermission = "item.edit"', 'to = "deciding"\npermission = "item.edit"'))
    after = filed()
    move_many([before, after], "accept", by=TESTS, at=NOON)
    assert (before.state, after.state) == ("examining", "deciding")
    assert dict(Permit.objects.values_list("pk", "state")) == {before.pk: "examining", after.pk: "deciding"}


def test_a_state_that_left_the_file_keeps_its_words(flows: Path) -> None:
    permit = filed()
    edited(flows, ("[states.filed]", "[states.handed_in]"), ('"filed"', '"handed_in"'))
    assert state_of(permit).label == "待受理"
    assert list(states_of("permit")) == [*workflow("permit").states, "filed"]
    with pytest.raises(Conflict, match="待受理"):
        move(permit, "grant", by=TESTS, at=NOON)


def test_comments_and_order_of_keys_are_no_new_definition(flows: Path) -> None:
    permit = filed()
    edited(flows, ('code = "permit"\nlabel = "许可"', '# 说明\nlabel = "许可"\ncode = "permit"'))
    kept = FlowDefinition.objects.count()
    assert filed().flow_id == permit.flow_id
    assert FlowDefinition.objects.count() == kept


def test_a_definition_first_seen_in_an_act_that_failed_is_kept_by_the_next(flows: Path) -> None:
    edited(flows, ('label = "待受理"', 'label = "待收件"'))
    with pytest.raises(RuntimeError), transaction.atomic():
        filed()
        filed()
        raise RuntimeError
    assert not FlowDefinition.objects.filter(pk=workflow("permit").digest).exists()
    permit = filed()
    assert state_of(permit).label == "待收件"
    assert FlowDefinition.objects.filter(pk=permit.flow_id).exists()


def test_a_row_that_somebody_changed_is_not_gone_by() -> None:
    permit = filed()
    row = FlowDefinition.objects.get(pk=permit.flow_id)
    row.content["label"] = "别的"
    row.save()
    versions._read.clear()
    with pytest.raises(BadInput, match="被改动过"):
        definition_of(permit)


def test_whoever_changes_the_content_in_hand_changes_no_definition():
    flow = workflow("item")
    flow.content["label"] = "别的"
    assert flow.content["label"] != "别的"
