"""The way of handling, read from the publication a case keeps: stages one after another, branches of a stage side by side.

A guide without steps gets 受理 → 审查 → 决定 → 送达. One with steps always begins with 受理, has one 决定, and ends with 送达.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from banshi.catalog.enums import StepKind
from banshi.catalog.guide.document import Guide, TimeLimit
from banshi.catalog.guide.document import Step as GuideStep
from banshi.catalog.guide.form import form_of
from banshi.catalog.models import Publication
from banshi.forms import FormField, schema_digest
from banshi.people.models import Division, Organ

BY_NAME = {
    StepKind.DELIVER: ("送达", "发放", "领取", "发证", "取件", "办结"),
    StepKind.PRODUCE: ("制证", "制作"),
    StepKind.DECIDE: ("决定", "审批", "批准", "审定"),
    StepKind.EXAMINE: ("审查", "审核", "初审", "复审", "核查", "勘", "评审"),
    StepKind.ACCEPT: ("受理",),
    StepKind.RECEIVE: ("收件",),
    StepKind.APPLY: ("申请", "提交", "申报"),
}
"""Words by which a step without a kind tells its own, the last of a case first."""
BEFORE = (StepKind.APPLY, StepKind.RECEIVE, StepKind.ACCEPT)
AFTER = (StepKind.PRODUCE, StepKind.DELIVER)
TEXTS_KEPT = 5_000


@dataclass(frozen=True, slots=True)
class PlannedTask:
    name: str
    kind: StepKind
    actor: str = ""
    limit: TimeLimit = field(default_factory=TimeLimit)


@dataclass(frozen=True, slots=True)
class PlannedStage:
    """Tasks that run side by side."""

    tasks: tuple[PlannedTask, ...]
    group: str = ""

    @property
    def kind(self) -> StepKind:
        return self.tasks[0].kind

    @property
    def name(self) -> str:
        return self.group or "、".join(each.name for each in self.tasks)


Stages = tuple[PlannedStage, ...]


@dataclass(frozen=True, slots=True)
class ReadText:
    """Everything handling reads from a frozen text, once in a process."""

    guide: Guide
    plan: Stages
    form: tuple[FormField, ...]
    form_digest: str


_read: dict[str, ReadText] = {}
"""By digest of the text, which never changes."""
FROZEN = ("publication__revision__content", "publication__revision__provenance")
"""Columns a query of cases may leave out, since they are read once."""


def text_of(publication: Publication) -> ReadText:
    """Read the text of a publication, whose digest stands for it."""
    digest = publication.revision.digest
    if digest not in _read:
        if len(_read) >= TEXTS_KEPT:
            _read.clear()
        guide = publication.revision.guide
        form = form_of(guide)
        _read[digest] = ReadText(guide, stages_of(guide), form, schema_digest(form))
    return _read[digest]


def guide_of(publication: Publication) -> Guide:
    return text_of(publication).guide


def plan_of(publication: Publication) -> Stages:
    """Return the stages of cases that keep this publication."""
    return text_of(publication).plan


def stages_of(guide: Guide) -> Stages:
    """Put a guide's steps into the order of the law."""
    steps = [PlannedTask(each.name, kind_of(each), each.actor, each.limit) for each in guide.steps if each.name]
    groups = {id(task): step.group for task, step in zip(steps, (s for s in guide.steps if s.name), strict=True)}
    accept = next((each for each in steps if each.kind is StepKind.ACCEPT), PlannedTask("受理", StepKind.ACCEPT))
    deciding = [each for each in steps if each.kind is StepKind.DECIDE] or [PlannedTask("决定", StepKind.DECIDE)]
    middle = [each for each in steps if each.kind not in (*BEFORE, *AFTER, StepKind.DECIDE)]
    if not steps:
        middle = [PlannedTask("审查", StepKind.EXAMINE)]
    produce = [each for each in steps if each.kind is StepKind.PRODUCE]
    deliver = next((each for each in steps if each.kind is StepKind.DELIVER), PlannedTask("送达", StepKind.DELIVER))
    return (
        PlannedStage((accept,)),
        *_grouped(middle, groups),
        *(PlannedStage((each,)) for each in deciding),
        *(PlannedStage((each,)) for each in produce),
        PlannedStage((deliver,)),
    )


def _grouped(tasks: Iterable[PlannedTask], groups: dict[int, str]) -> list[PlannedStage]:
    """Put tasks of one group where its first stands."""
    stages: dict[str, list[PlannedTask]] = {}
    for number, task in enumerate(tasks):
        stages.setdefault(groups.get(id(task), "") or f"#{number}", []).append(task)
    return [PlannedStage(tuple(some), "" if name.startswith("#") else name) for name, some in stages.items()]


def kind_of(step: GuideStep) -> StepKind:
    """Return the kind a step says it is, or its name tells."""
    if step.kind:
        return StepKind(step.kind)
    told = (kind for kind, words in BY_NAME.items() if any(word in step.name for word in words))
    return next(told, StepKind.OTHER)


def deciding_stage(plan: Stages) -> int:
    """Return the position at which the decision is made, the last of its kind."""
    return max(number for number, each in enumerate(plan) if each.kind is StepKind.DECIDE)


def organs_named(actors: Sequence[str], organ: Organ) -> dict[str, Organ]:
    """Find by name the organs that steps name as actors, of the organ's own division or the nearest above."""
    names = {each for each in actors if each} - {organ.name, organ.short_name}
    if not names:
        return {}
    code = organ.division_id
    line = [code[:digits] for digits in range(2, len(code) + 1)]
    places = Division.objects.filter(pk__in=line)
    rows = Organ.objects.filter(active=True, division__in=places).order_by("division__level", "pk")
    found: dict[str, Organ] = {}
    for each in [*rows.filter(short_name__in=names), *rows.filter(name__in=names)]:
        found[each.name if each.name in names else each.short_name] = each
    return found


def is_joint(guide: Guide, plan: Stages, organ: Organ) -> bool:
    """Tell whether several organs handle it together (联合办理, 行政许可法 第二十六条)."""
    actors = [{each.actor for each in stage.tasks} for stage in plan if len(stage.tasks) > 1]
    if guide.joint_organs or not actors:
        return bool(guide.joint_organs)
    found = organs_named(sorted(set[str]().union(*actors)), organ)
    return any(len({found.get(each, organ).pk for each in some}) > 1 for some in actors)
