"""Whereabouts of a case in words: who has it, what is due when and why, what is asked of whom, what happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from django.db.models import Exists, OuterRef

from banshi.calendar.deadlines import Remaining
from banshi.calendar.queries import calendar_in_force
from banshi.cases.actions.accepting import wanted_name, wanted_of
from banshi.cases.enums import ActKind, ClockKind, PromiseKind
from banshi.cases.models import Case, CaseAct, CaseMaterial
from banshi.cases.queries import CaseStory, lapses_in_words, lapses_of, last_day_of, last_request, story, why_last_day
from banshi.cases.sealing import CONTENT, opened
from banshi.exchange.enums import OBTAINED
from banshi.papers.models import Paper
from banshi.papers.queries import papers_about
from banshi.workflow.versions import state_of

TONES = {
    "received": ("info", "hourglass-split"),
    "handling": ("info", "hourglass-split"),
    "supplementing": ("warn", "exclamation-triangle-fill"),
    "stopped": ("info", "pause-circle-fill"),
    "suspended": ("info", "pause-circle-fill"),
    "decided": ("good", "check-circle-fill"),
    "delivered": ("good", "check-circle-fill"),
}
ENDED = "", "dash-lg"
"""Sign of what ended without a decision."""
CLOCKS = {
    ClockKind.ACCEPTANCE: "告知是否受理",
    ClockKind.PROMISED: "作出决定（承诺时限）",
    ClockKind.STATUTORY: "作出决定（法定最长）",
    ClockKind.DELIVERY: "送达结果",
}


@dataclass(frozen=True, slots=True)
class DueLine:
    """A limit that runs: what is due, on which day (or not before it), what is left, and why that day."""

    label: str
    last: date | None
    doubtful: bool
    left: Remaining | None
    why: list[str]


@dataclass(frozen=True, slots=True)
class StageLine:
    names: list[str]
    standing: str


@dataclass(frozen=True, slots=True)
class WantedLine:
    """Something asked of the applicant, and what was handed in for it since."""

    position: int | None
    name: str
    problem: str
    given: CaseMaterial | None
    until: date | None = None
    is_late: bool = False
    why: Sequence[str] = ()
    follows: str = ""


@dataclass(frozen=True, slots=True)
class HandedInLine:
    """A paper of the case: what it is, where it came from and when, with the row where there is a file."""

    position: int
    name: str
    origin: str
    at: datetime
    material: CaseMaterial | None = None


@dataclass(frozen=True, slots=True)
class HappenedLine:
    act: CaseAct
    words: str
    papers: list[Paper]


@dataclass(frozen=True, slots=True)
class Whereabouts:
    story: CaseStory
    state: str
    tone: str
    sign: str
    due: list[DueLine]
    stages: list[StageLine]

    @property
    def case(self) -> Case:
        return self.story.case

    @property
    def holders(self) -> list[str]:
        return self.story.holders if self.case.ended_at is None else []


def label_of(case: Case) -> str:
    """Name the state as its applicant reads it."""
    return "等您补正" if case.state == "supplementing" else state_of(case).label


def whereabouts(case: Case, *, at: datetime) -> Whereabouts:
    """Tell without anything personal where a case is."""
    told = story(case, at=at)
    running = [each for each in told.clocks if each.clock.ended_on is None]
    due = [
        DueLine(
            CLOCKS[ClockKind(each.clock.kind)],
            each.last,
            each.doubtful,
            each.left,
            each.why,
        )
        for each in running
    ]
    over = case.ended_at is not None
    stages = [
        StageLine(
            [task.name for task in stage.tasks],
            "done"
            if number < case.stage or case.state == "delivered"
            else ""
            if over or number > case.stage
            else "now",
        )
        for number, stage in enumerate(told.plan)
    ]
    tone, sign = TONES.get(case.state, ENDED)
    state = label_of(case)
    if any(each.kind == ActKind.REVOKE for each in told.acts):
        state, tone, sign = f"{state}，决定已撤销", "bad", "x-circle-fill"
    return Whereabouts(told, state, tone, sign, due, stages)


def wanted_from_applicant(case: Case, *, on: date) -> list[WantedLine]:
    """List what a supplement asked for, and whether its last day is over."""
    request = last_request(case)
    if case.state != "supplementing" or request is None:
        return []
    fresh = case.application.materials.filter(replaced_at=None, attached_at__gte=request.at).select_related("file")
    given = {each.position: each for each in fresh}
    until, why, follows = last_day_of(request), why_last_day(request), lapses_in_words(lapses_of(case), office="单位")
    return [
        WantedLine(
            each.position,
            wanted_name(case, each),
            each.problem,
            given.get(each.position) if each.position is not None else None,
            until,
            until is not None and until < on,
            why,
            follows,
        )
        for each in wanted_of(request)
    ]


def promised_by_applicant(case: Case) -> tuple[list[WantedLine], list[WantedLine]]:
    """List papers offered to come later, and those promised that have not come yet."""
    calendar = calendar_in_force()
    lines: dict[bool, list[WantedLine]] = {False: [], True: []}
    for each in case.application.promises.filter(kind=PromiseKind.DEFERRAL, ending=""):
        until = calendar.day_of(each.last_rank) if each.last_rank else None
        why = [
            f"容缺受理告知书写明的日子{'，您承诺在这天以前补交' if each.agreed_at else ''}，最晚到承诺的办理时限为止"
        ]
        lines[each.agreed_at is not None].append(WantedLine(each.position, each.name, each.form, None, until, why=why))
    return lines[False] if case.state == "received" else [], lines[True] if case.ended_at is None else []


def handed_in_by_applicant(case: Case) -> list[HandedInLine]:
    """List what was sent, what replaced it since, what a commitment stands for, and what a register gave."""
    application = case.application
    others = CaseMaterial.objects.filter(file=OuterRef("file")).exclude(application=application)
    given = application.materials.select_related("file").annotate(
        is_reused=Exists(others.filter(pk__lt=OuterRef("pk")))
    )
    sent = given.exclude(replaced_at__lt=application.submitted_at)  # what was taken away before was never sent
    lines = [
        HandedInLine(
            each.position,
            each.name,
            each.source or ("以前交过的，这次再用" if each.is_reused else each.get_trust_display()),
            each.attached_at,
            each,
        )
        for each in sent
    ]
    commitments = application.promises.filter(kind=PromiseKind.COMMITMENT).exclude(agreed_at=None)
    lines += [
        HandedInLine(each.position, each.name, "用承诺书代替", each.agreed_at)
        for each in commitments
        if not each.ending and each.agreed_at
    ]
    fetched = case.fetched.filter(outcome__in=OBTAINED).select_related("resource__organ")
    lines += [
        HandedInLine(each.position, each.name, f"从{each.resource.organ}的登记取得，不用您交", each.asked_at)
        for each in fetched
    ]
    return sorted(lines, key=attrgetter("position", "at"))


BESIDE: dict[str, tuple[str, ...]] = {
    ActKind.RECEIVE: ("commitment",),
    ActKind.GRANT: ("result",),
    ActKind.GRANT_SILENTLY: ("result",),
}
"""Papers that an act issues beside its own."""


def happened(told: CaseStory) -> tuple[list[HappenedLine], list[Paper]]:
    """List the acts, newest first, each with its papers, and the papers of no act, such as those of fees."""
    papers = list(papers_about(told.case.number).order_by("id"))
    lines = [
        HappenedLine(
            each,
            _said(opened(each.content_sealed, purpose=CONTENT))
            or (f"比补正的最后一天晚了{each.facts['late']}天" if "late" in each.facts else ""),
            [paper for paper in papers if paper.pk == each.paper_id or paper.kind in BESIDE.get(each.kind, ())],
        )
        for each in reversed(told.acts)
    ]
    shown = {paper.pk for line in lines for paper in line.papers}
    return lines, [each for each in papers if each.pk not in shown]


def _said(content: Mapping[str, Any]) -> str:
    """Tell what was said with an act, where else to go, and the remedies."""
    words, where, remedies = (str(content.get(key, "")) for key in ("words", "where", "remedies"))
    return "\n".join(filter(None, (words, where and f"可以到：{where}", remedies)))


@dataclass(frozen=True, slots=True)
class DisputeLine:
    """A correction request of the applicant, in their words, and what became of it."""

    stated: str
    raised_at: datetime
    answer: str = ""
    corrected: bool = False
    answered_at: datetime | None = None


def disputed_by_applicant(told: CaseStory) -> DisputeLine | None:
    """Tell of the newest 这不对."""
    about = [each for each in told.acts if each.kind in (ActKind.DISPUTE, ActKind.ANSWER_DISPUTE)]
    asked = next((each for each in reversed(about) if each.kind == ActKind.DISPUTE), None)
    if asked is None:
        return None
    stated = str(opened(asked.content_sealed, purpose=CONTENT).get("words", ""))
    answer = about[-1]
    if answer is asked:
        return DisputeLine(stated, asked.at)
    said = str(opened(answer.content_sealed, purpose=CONTENT).get("words", ""))
    return DisputeLine(stated, asked.at, said, bool(answer.facts["corrected"]), answer.at)


def can_withdraw(case: Case) -> bool:
    return case.state in ("received", "supplementing", "handling", "stopped", "suspended")
