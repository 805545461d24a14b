"""Definitions by digest, and the base classes of what moves by them."""

from functools import partial
from typing import Any

from django.db import models, transaction

from banshi.workflow.definition import Workflow, workflow

_kept: set[str] = set()
"""Digests whose rows are known to be committed."""
_unsettled: set[str] = set()
"""Digests this process inserted in a transaction of which it does not know yet that it was committed."""


class FlowDefinition(models.Model):
    """Content-addressed version of a workflow, kept for whatever began with it."""

    digest = models.CharField(max_length=64, primary_key=True)
    code = models.CharField(max_length=30, db_index=True)
    content = models.JSONField(help_text="a workflow.definition.Workflow without its defaults")

    class Meta:
        ordering = ("code", "digest")

    def __str__(self) -> str:
        return f"{self.code}:{self.digest[:8]}"

    @staticmethod
    def keep(flow: Workflow) -> None:
        """Keep a definition unless its row is there."""
        if FlowDefinition.objects.filter(pk=flow.digest).exists():
            if flow.digest not in _unsettled:
                _kept.add(flow.digest)
            return
        _unsettled.add(flow.digest)
        row = FlowDefinition(digest=flow.digest, code=flow.code, content=flow.content)
        FlowDefinition.objects.bulk_create([row], ignore_conflicts=True)
        transaction.on_commit(partial(_settle, flow.digest))

    @staticmethod
    def keep_once(flow: Workflow) -> None:
        """Keep a definition, without a query where its row is known to be committed."""
        if flow.digest not in _kept:
            FlowDefinition.keep(flow)


def _settle(digest: str) -> None:
    _kept.add(digest)
    _unsettled.discard(digest)


class FlowField(models.ForeignKey[Any, Any]):
    """Foreign key to the definition a subject began with. New subjects begin with the present one of `code`."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__("workflow.FlowDefinition", models.PROTECT, related_name="+", db_index=False, editable=False)

    def deconstruct(self) -> tuple[str, str, list[object], dict[str, object]]:
        name, path, _, _ = super().deconstruct()
        return name, path, [self.code], {}

    def has_default(self) -> bool:
        return True

    def get_default(self) -> str:
        return workflow(self.code).digest

    def pre_save(self, model_instance: models.Model, add: bool) -> object:
        """Keep the definition before the first row that names it."""
        if add:
            FlowDefinition.keep_once(workflow(self.code))
        return super().pre_save(model_instance, add)


class MoveRecord(models.Model):
    """Base of each kind's history: subclasses add `subject`, a key to what moved with `related_name="moves"`."""

    name = models.CharField(max_length=30)
    source = models.CharField(max_length=30)
    to = models.CharField(max_length=30)
    at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    actor_name = models.CharField(max_length=150)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        abstract = True
        ordering = ("id",)


class ParallelBranch(models.Model):
    """Base of the tasks of parallel groups: subclasses add `subject`, a key to their whole with `related_name="branches"`."""

    class BranchEnding(models.TextChoices):
        DONE = "done", "办结"
        DROPPED = "dropped", "不再需要"

    group = models.CharField(max_length=30, help_text="of the subject's definition")
    round = models.PositiveSmallIntegerField(help_text="counts how often the group was opened")
    code = models.CharField(max_length=60)
    label = models.CharField("办什么", max_length=120)
    opened_at = models.DateTimeField()
    ending = models.CharField(max_length=10, choices=BranchEnding.choices, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    actor = models.CharField(max_length=150, blank=True)
    actor_name = models.CharField(max_length=150, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        abstract = True
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("subject", "group", "round", "code"), name="%(app_label)s_%(class)s_once_in_a_round"
            ),
            models.CheckConstraint(
                condition=models.Q(ending="", ended_at=None)
                | (~models.Q(ending="") & models.Q(ended_at__isnull=False)),
                name="%(app_label)s_%(class)s_ended_whole",
            ),
        )

    def __str__(self) -> str:
        return self.label
