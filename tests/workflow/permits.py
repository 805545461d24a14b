"""A small thing that goes by a workflow with all there is in one: branches, pauses, limits, rules. Of no product."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import models
from tests import factories as make
from tests.factories import NOON, TESTS

from banshi.access import policies
from banshi.events.subjects import register_subject
from banshi.people.models import Organ
from banshi.workflow.actions import move
from banshi.workflow.models import FlowField, MoveRecord, ParallelBranch
from banshi.workflow.rules import rule

TOML = Path(__file__).with_name("permit.toml")


class Permit(models.Model):
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, default="filed")
    flow = FlowField("permit")
    papers = models.PositiveSmallIntegerField(default=1)

    class Meta:
        app_label = "tests_workflow"

    def __str__(self) -> str:
        return f"许可{self.pk}"


class PermitMove(MoveRecord):
    subject = models.ForeignKey(Permit, models.CASCADE, related_name="moves")

    class Meta(MoveRecord.Meta):
        abstract = False
        app_label = "tests_workflow"


class PermitTask(ParallelBranch):
    subject = models.ForeignKey(Permit, models.CASCADE, related_name="branches")
    organ = models.ForeignKey(Organ, models.PROTECT, null=True, related_name="+")

    class Meta(ParallelBranch.Meta):
        abstract = False
        app_label = "tests_workflow"


MODELS: tuple[type[models.Model], ...] = (Permit, PermitMove, PermitTask)
policies.register(Permit, organs="organ")
register_subject(Permit, organ="organ")
policies.register(PermitTask, organs="organ")


@rule("permit.has-papers", "还没有材料", remedy="请先收齐材料。", related=("organ",))
def has_papers(permit: Permit, at: datetime) -> bool:
    return permit.papers > 0


def filed(**more: Any) -> Permit:
    return Permit.objects.create(organ=more.pop("organ", None) or make.organ(), **more)


def examining(**more: Any) -> Permit:
    return move(filed(**more), "accept", by=TESTS, at=NOON)
