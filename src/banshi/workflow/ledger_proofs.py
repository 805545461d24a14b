"""Proof for the ledger that kept definitions are whole, and that histories tell of the moves the events tell of."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import Exists, F, OuterRef, Q, Subquery, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from banshi.core.clock import CHINA
from banshi.events.models import Event
from banshi.ledger.models import LedgerEntry
from banshi.ledger.text_proofs import prove_whole, subject_named
from banshi.workflow.definition import digest_of
from banshi.workflow.events import MOVED, digest_of_words
from banshi.workflow.models import FlowDefinition, MoveRecord

ROWS_AT_ONCE = 500


@prove_whole
def definitions_changed() -> Iterator[str]:
    for row in FlowDefinition.objects.order_by("code", "digest"):
        if digest_of(row.content) != row.digest:
            yield f"保存的流程定义{row}被改动过：内容与摘要不符"


@prove_whole
def histories_changed() -> Iterator[str]:
    """Compare each history with the events of its subjects, both ways.

    What became of deleted subjects is not told.
    """
    told: dict[str, Any] = {f"{name}_told": KeyTextTransform(name, "data") for name in ("move", "source", "to")}
    told["words_told"] = Cast(KeyTextTransform("words", "data"), TextField())
    moved: Any = Event.objects.filter(kind=MOVED.code).alias(**told)
    alike = Q(subject_id=OuterRef("subject_id"), at=OuterRef("at"), actor=OuterRef("actor"))
    for history in _histories():
        kind = history._meta.get_field("subject").related_model
        of_kind = moved.filter(subject_type=kind._meta.label)
        if not history.objects.exists() and not of_kind.exists():
            continue  # to compile the questions below costs more than many an office has to answer
        event = of_kind.filter(
            alike, move_told=OuterRef("name"), source_told=OuterRef("source"), to_told=OuterRef("to")
        )
        for row in history.objects.filter(~Exists(event)).order_by("pk")[:1]:
            when = f"{row.at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"
            yield f"{history._meta.label}的第{row.pk}行（{when}）被改动或插入过：没有这样的流转"
        words = Subquery(event.annotate(said=F("words_told")).values("said")[:1])
        for row in history.objects.annotate(words=words).exclude(words=None).order_by("pk").iterator(ROWS_AT_ONCE):
            said = digest_of_words(row.actor_name, row.note)
            if said != row.words and not moved.filter(subject_id=row.subject_id, at=row.at, words_told=said).exists():
                when = f"{row.at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"
                yield f"{history._meta.label}的第{row.pk}行（{when}）被改动过：姓名或说明与流转时的不符"
                break
        row_told = history.objects.filter(
            alike, name=OuterRef("move_told"), source=OuterRef("source_told"), to=OuterRef("to_told")
        )
        there = kind.objects.filter(pk=OuterRef("subject_id"))
        for lost in of_kind.filter(Exists(there), ~Exists(row_told)).order_by("pk")[:1]:
            when = f"{lost.at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"
            yield f"{lost.subject_type}:{lost.subject_id}在{when}的流转在历史里不见了：被改动或删去"


@prove_whole
def states_changed() -> Iterator[str]:
    """Compare the state of each subject with where its last move led, or where its definition begins."""
    for history in _histories():
        kind = history._meta.get_field("subject").related_model
        if not kind._base_manager.exists():
            continue
        last = history.objects.filter(subject=OuterRef("pk")).order_by("-pk").values("to")[:1]
        rows = kind._base_manager.annotate(led=Subquery(last)).order_by("pk")
        no_example = {"is_example": False} if any(each.name == "is_example" for each in kind._meta.fields) else {}
        wrong = list(rows.exclude(led=None).exclude(state=F("led"))[:1])
        elsewhere = (
            rows.alias(start=KeyTextTransform("start", "flow__content")).filter(led=None).exclude(state=F("start"))
        )
        # A demonstration's past is inserted as it ended.
        for one in (
            wrong
            or elsewhere.filter(
                Exists(LedgerEntry.objects.filter(subject=subject_named(kind, OuterRef("pk")))), **no_example
            )[:1]
        ):
            yield f"{kind._meta.label}:{one.pk}的状态被改动过：没有到“{one.state}”的流转"


def _histories() -> list[Any]:
    return [each for each in apps.get_models() if issubclass(each, MoveRecord)]
