"""Reads of cases: one's own, an office's desk, and the story of one."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hmac import compare_digest

from django.db.models import Case as Choice
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, When
from django.db.models.functions import Coalesce

from banshi.access import OrganReach, Permission, allows, roles_with
from banshi.calendar.deadlines import LimitUnit, Remaining
from banshi.calendar.explanations import explain_due
from banshi.calendar.queries import calendar_in_force
from banshi.calendar.working_days import DAY, WorkingCalendar
from banshi.cases.clocks import doubt_of, due_on, explanation, left_of
from banshi.cases.enums import ActKind, PromiseKind, TaskEnding
from banshi.cases.models import (
    Application,
    Case,
    CaseAct,
    CaseClock,
    CaseMaterial,
    CaseOutcome,
    CaseTask,
    ClockStop,
    CompanyHandler,
    CreditEntry,
    Promise,
)
from banshi.cases.policy import LAPSES, policy
from banshi.cases.sealing import ANSWERS, CODE, opened
from banshi.cases.steps import PlannedStage, deciding_stage, guide_of, organs_named, plan_of, text_of
from banshi.catalog.enums import Necessity, StepKind
from banshi.catalog.guide.document import Guide, Material
from banshi.catalog.guide.plain_language import for_company, for_person
from banshi.core.clock import chinese_date, day_of
from banshi.core.crypto import decrypt
from banshi.core.plain_text import as_printed
from banshi.core.prepared import PreparedQuery
from banshi.exchange.enums import OBTAINED
from banshi.forms.fields import REGISTERED
from banshi.forms.standard import AS, STATEMENT, ApplyingAs
from banshi.ledger import name_of
from banshi.ledger.models import LedgerEntry
from banshi.papers.models import Paper
from banshi.people.models import Identity, Organ, Post, User
from banshi.people.posts import Anyone, Signature, is_same_hand, organs_where, posts_giving
from banshi.rulebook.word_lists import shipped_words

P = Permission
PERMISSION_FOR = {StepKind.ACCEPT: P.CASE_ACCEPT, StepKind.DECIDE: P.CASE_DECIDE, StepKind.DELIVER: P.CASE_DELIVER}
"""Permissions that steps of a kind ask. All others ask `case.handle`."""


def permission_for(task: CaseTask) -> Permission:
    return PERMISSION_FOR.get(StepKind(task.kind), P.CASE_HANDLE)


OPEN = ("received", "supplementing", "handling", "stopped", "suspended", "decided")
"""States of data/workflows/case.toml in which somebody has still to act; a test compares the two."""
STOPPED = ("supplementing", "stopped", "suspended")


# The applicant's own


def applications_of(user: Anyone) -> QuerySet[Application]:
    """List drafts and applications one made, for oneself or as an agent."""
    own = Application.objects.filter(Q(owner=user) | Q(agent=user), discarded_at=None)
    return own.select_related("publication__revision", "publication__item__organ")


def drafts_of(user: Anyone, *, at: datetime) -> QuerySet[Application]:
    return applications_of(user).filter(submitted_at=None, expires_at__gt=at)


def cases_of(user: User) -> QuerySet[Case]:
    """List one's own cases, and those of companies one follows for them, newest first."""
    followed = CompanyHandler.objects.filter(handler=user, follows=True, withdrawn_at=None).values("company")
    own = Case.objects.filter(Q(applicant=user) | Q(agent=user) | Q(applicant__in=followed))
    return own.select_related("item", "organ", "publication__revision", "application")


def supplements_awaited(cases: QuerySet[Case]) -> list[CaseAct]:
    """List the newest request for a supplement of each case that waits for one."""
    asked = CaseAct.objects.filter(case__in=cases.filter(state="supplementing"), kind=ActKind.ASK_SUPPLEMENT)
    related = ("case__item", "case__organ", "case__applicant", "case__agent")
    rows = asked.select_related(*related).defer("content_sealed").order_by("id")
    return list({each.case_id: each for each in rows}.values())


def supplements_awaited_from(user: User) -> list[tuple[Case, date | None]]:
    """List one's cases that wait for a supplement, each with its last day, the first due first."""
    requests = supplements_awaited(cases_of(user))
    calendar = calendar_in_force() if requests else None
    waiting = [(each.case, last_day_of(each, calendar=calendar)) for each in requests]
    return sorted(waiting, key=lambda pair: (pair[1] or date.max, -pair[0].pk))


def handlers_of(company: User) -> QuerySet[CompanyHandler]:
    """List the handlers a company has now."""
    return CompanyHandler.objects.filter(company=company, withdrawn_at=None).select_related("handler")


def companies_of(person: User) -> QuerySet[CompanyHandler]:
    """List the companies one may apply for."""
    return CompanyHandler.objects.filter(handler=person, withdrawn_at=None).select_related("company")


def by_number_and_code(number: str, code: str) -> Case | None:
    """Find a case by its number and query code, which were given at receipt."""
    number, code = as_printed(number), as_printed(code)
    kept = Case.objects.filter(contents_deleted_at=None)  # afterwards it has no code any more
    found = kept.select_related("item", "organ", "publication__revision").filter(number=number).first()
    return found if found and compare_digest(code_of(found).encode(), code.encode()) else None


def validity_of(paper: Paper) -> date | None:
    """Return the last day of what a paper grants, where it was granted for a time."""
    if paper.kind not in ("approval", "result"):
        return None
    outcomes = CaseOutcome.objects.filter(case__number=paper.about, granted=True)
    return outcomes.values_list("valid_until", flat=True).first()


def code_of(case: Case) -> str:
    """Open the query code, for the applicant's receipt."""
    return decrypt(bytes(case.query_code_sealed), purpose=CODE)


@dataclass(frozen=True, slots=True)
class LackingMaterial:
    """A row of the guide's list that nothing was handed in for. `later`: it may come afterwards (容缺后补)."""

    position: int
    name: str
    later: bool


AUTHORITY = "写明委托谁、办什么、到哪一天，双方签名，附上委托人身份证的照片"
KINSHIP = ("户口", "出生", "监护", "关系")
"""Words of papers that show whose child it is."""


def asked_of(application: Application) -> list[Material]:
    """List the guide's materials, then the authority of who applies for somebody else."""
    way = opened(application.answers_sealed, purpose=ANSWERS).get(AS)
    return asked_for(guide_of(application.publication), way, application.owner_id)


def asked_for(guide: Guide, way: str | None, owner: int | None) -> list[Material]:
    """List what one hands in who applies in a way (`standard.ApplyingAs`)."""
    materials = guide.materials
    if way is None and for_company(guide) and not for_person(guide):
        way = ApplyingAs.COMPANY.label  # the form does not ask what can be nothing else
    if way == ApplyingAs.OTHER.label:
        return [*materials, Material(name="授权委托书", requirement=AUTHORITY)]
    if way == ApplyingAs.COMPANY.label and Identity.objects.filter(user=owner, kind="person").exists():
        return [*materials, Material(name="单位授权委托书", requirement="写明委托谁、办什么、到哪一天，盖单位公章")]
    if way == ApplyingAs.CHILD.label and not any(word in each.name for each in materials for word in KINSHIP):
        told = "户口簿上您和孩子的页，或者出生医学证明"
        return [*materials, Material(name="和孩子的关系证明", requirement=told)]
    return list(materials)


def last_request(case: Case) -> CaseAct | None:
    """Return the newest request for a supplement."""
    return case.acts.filter(kind=ActKind.ASK_SUPPLEMENT).last()


def asked_before(case: Case) -> CaseAct | None:
    """Return the request that was answered already, after which only the same can be asked again."""
    return last_request(case) if case.state == "received" else None


def supply_by(case: Case) -> date | None:
    """Return the last day on which what was asked for may come.

    None where nothing is waited for.
    """
    request = last_request(case) if case.state == "supplementing" else None
    return last_day_of(request) if request else None


def last_day_of(request: CaseAct, *, calendar: WorkingCalendar | None = None) -> date | None:
    """Return the last day of a request for a supplement, by the calendar as it is now."""
    until = request.facts.get("until")
    return (calendar or calendar_in_force()).next_working(date.fromisoformat(until)) if until else None


def lapses_of(case: Case) -> list[str]:
    """List the acts that may follow when the last day of a supplement is over, those that its notice told."""
    request = last_request(case) if case.state == "supplementing" else None
    return list(request.facts.get("lapses", [ActKind.TERMINATE])) if request else []


def lapses_in_words(lapses: Sequence[str], *, office: str = "承办单位") -> str:
    """Tell what the office may do once the last day is over."""
    cited = {str(each.act) for each in policy().supplement.lapses if each.cited}
    free = "或者".join(LAPSES[ActKind(each)] for each in lapses if each not in cited)
    by_law = "、".join(LAPSES[ActKind(each)] for each in lapses if each in cited)
    return f"{office}可以{free}" + (f"，法律、法规、规章另有规定的，可以{by_law}" if by_law else "")


def why_last_day(request: CaseAct) -> list[str]:
    """Explain in sentences the last day of a request for a supplement: how it was counted, or that the notice sets it."""
    calendar, last = calendar_in_force(), last_day_of(request)
    if last is None:
        return []
    began, days = day_of(request.at), request.facts.get("days")
    if days and calendar.add_working_days(began, days) == last:
        return [
            f"补正通知书是{chinese_date(began)}发的",
            *explain_due(began, days, LimitUnit.WORKING_DAY, calendar=calendar),
        ]
    written = date.fromisoformat(request.facts["until"])
    told = [f"{chinese_date(began)}发的补正通知书写明，最后一天是{chinese_date(written)}"]
    return told if written == last else [*told, f"那天是休息日，顺延到下一个工作日{chinese_date(last)}"]


REQUESTED = PreparedQuery(
    lambda case: CaseAct.objects.filter(case=case, kind=ActKind.ASK_SUPPLEMENT).order_by().values_list("id", flat=True)
)
"""Requests for a supplement."""


def open_dispute(case: Case) -> CaseAct | None:
    """Return the newest 这不对 that nobody has answered."""
    told = case.acts.filter(kind__in=(ActKind.DISPUTE, ActKind.ANSWER_DISPUTE)).last()
    return told if told and told.kind == ActKind.DISPUTE else None


def shared_materials(case: Case) -> list[tuple[int, Material]]:
    """List the rows of the guide's list that nobody has to hand in (免交)."""
    return [(place, each) for place, each in enumerate(guide_of(case.publication).materials) if each.shared]


def askable_shared(case: Case) -> set[int]:
    """List the rows that sharing should have given and did not, so that the person may be asked for them."""
    failed = case.fetched.exclude(outcome__in=("", *OBTAINED))
    return set(failed.values_list("position", flat=True)) if shared_materials(case) else set()


WHOLE_FORM = "填写的内容"
"""Field of a supplement that asks for any answer."""


def correctable(case: Case) -> set[str]:
    """List the answers a supplement asks for, and those that are asked only because of them."""
    request = last_request(case)
    if request is None or case.state != "supplementing":
        return set()
    form, asked = text_of(case.publication).form, set(request.facts["fields"])
    if WHOLE_FORM in asked:
        return {each.key for each in form}
    for each in form:
        if each.when and each.when.field in asked:
            asked.add(each.key)
    registered = any(each.prefill in REGISTERED for each in form if each.key in asked)
    return asked | ({STATEMENT} if registered else set())


def lacking(application: Application) -> list[LackingMaterial]:
    """List the materials that must be there and are not, nor shared, nor promised."""
    return lacking_of(asked_of(application), set(THERE_OR_PROMISED(application.pk)))


THERE_OR_PROMISED = PreparedQuery(
    lambda application: (
        CaseMaterial.objects.filter(application=application, replaced_at=None)
        .order_by()
        .values_list("position", flat=True)
        .union(
            Promise.objects.filter(application=application, ending="")
            .exclude(agreed_at=None)
            .order_by()
            .values_list("position", flat=True)
        )
    )
)


def lacking_of(asked: Sequence[Material], positions: Collection[int]) -> list[LackingMaterial]:
    """Compare what is asked for with the rows for which something was handed in or promised."""
    return [
        LackingMaterial(number, each.name, each.necessity == Necessity.LATER)
        for number, each in enumerate(asked)
        if number not in positions and not each.shared and each.necessity != Necessity.OPTIONAL
    ]


def earlier_materials(application: Application) -> QuerySet[CaseMaterial]:
    """List what the applicant handed in before for materials of the same names, newest first."""
    names = [each.name for each in asked_of(application)]
    own = CaseMaterial.objects.filter(application__owner=application.owner_id, name__in=names, file__isnull=False)
    own = own.exclude(application=application).exclude(application__submitted_at=None)
    return own.select_related("file", "application__publication__item").order_by("-id")


def has_bad_credit(person: User | int | None) -> bool:
    """Tell whether an entry against the person has not been repaired."""
    return CreditEntry.objects.filter(user=person, repaired_at=None).exists()


def bad_credit_of(case: Case) -> QuerySet[CreditEntry]:
    """List entries that commitments of a case brought and that are not repaired."""
    return CreditEntry.objects.filter(promise__application=case.application_id, repaired_at=None).order_by("id")


def looks_at(case: Case) -> QuerySet[LedgerEntry]:
    """List who looked at what is personal in a case, newest first, for the person it is about."""
    return LedgerEntry.objects.filter(subject=name_of(case), action="cases.look").order_by("-number")


# The office's


def cases_visible_to(user: Anyone, *, at: datetime) -> QuerySet[Case]:
    """List cases of the organs one sees cases of, and those in which such an organ has a step."""
    organs = organs_where(user, P.CASE_VIEW, at)
    joint = CaseTask.objects.filter(case=OuterRef("pk"), organ__in=organs)
    rows = Case.objects.filter(Q(organ__in=organs) | Exists(joint))
    return rows.select_related("item", "organ", "publication__revision", "application")


def ended_cases(user: User, *, mine: bool = False, at: datetime) -> QuerySet[Case]:
    """List ended cases of one's organs, or, wherever they were led, those in which one ended a step."""
    if mine:
        worked_on = CaseTask.objects.filter(ended_by=user).order_by().values("case")
        return cases_visible_to(user, at=at).filter(pk__in=worked_on, ended_at__isnull=False)
    found = Case.objects.filter(organ__in=organs_where(user, P.CASE_VIEW, at), ended_at__isnull=False)
    return found.select_related("item", "organ")


class DeskTab(StrEnum):
    MINE = "mine"
    UNIT = "unit"
    OVERDUE = "overdue"
    TODAY = "today"
    ELSEWHERE = "elsewhere"
    STOPPED = "stopped"
    SUPPLEMENTING = "supplementing"


def desk(user: User, tab: str, *, at: datetime) -> QuerySet[CaseTask]:
    """List open steps by tab: those one may work on, and those that other organs have in one's own organs' cases."""
    tasks = CaseTask.objects.filter(ending="").select_related("case__item", "case__organ", "organ", "assignee")
    if tab == DeskTab.MINE:
        return tasks.filter(assignee=user)
    if tab == DeskTab.ELSEWHERE:
        return tasks.filter(lead__in=organs_where(user, P.CASE_VIEW, at)).exclude(workable_by(user, at))
    return tasks.filter(workable_by(user, at), _on_tab(tab, day_of(at)))


def desk_counts(user: User, *, at: datetime) -> dict[str, int]:
    """Count the open steps on each tab, with a query for all of one's posts, one for oneself and one for other organs'."""
    steps = CaseTask.objects.filter(workable_by(user, at), ending="")
    apart, day, calendar = (DeskTab.MINE, DeskTab.ELSEWHERE), day_of(at), calendar_in_force()
    tabs = {str(tab): Count("pk", filter=_on_tab(tab, day, calendar)) for tab in DeskTab if tab not in apart}
    return {**steps.aggregate(**tabs), **{str(tab): desk(user, tab, at=at).count() for tab in apart}}


def _on_tab(tab: str, day: date, calendar: WorkingCalendar | None = None) -> Q:
    """Tell what stands on a tab by what a step keeps of its case, so that no case is read for it."""
    match DeskTab(tab):
        case DeskTab.OVERDUE:
            return _due_within(None, day - DAY, "case_", calendar or calendar_in_force())
        case DeskTab.TODAY:
            return _due_within(day - DAY, day, "case_", calendar or calendar_in_force())
        case DeskTab.STOPPED:
            return Q(case_state__in=("stopped", "suspended"))
        case DeskTab.SUPPLEMENTING:
            return Q(case_state="supplementing")
    return ~Q(case_state__in=STOPPED)


def commitments_to_check(user: Anyone, *, at: datetime) -> QuerySet[Promise]:
    """List commitments that were drawn to be checked (事后核查) in cases of one's organs, the first due first."""
    organs = organs_where(user, P.CASE_HANDLE, at)
    drawn = Promise.objects.filter(ending="", drawn_at__isnull=False, kind=PromiseKind.COMMITMENT)
    mine = drawn.filter(application__case__organ__in=organs)
    return mine.select_related("application__case__item").order_by("last_rank", "id")


def open_work_of(organ: Organ) -> str:
    """Word how many cases, and steps of others' cases, an organ has still to act in."""
    cases = Case.objects.filter(organ=organ, state__in=OPEN).count()
    steps = CaseTask.objects.filter(organ=organ, ending="").exclude(case__organ=organ).count()
    return "、".join(filter(None, (f"{cases}件办件" * bool(cases), f"{steps}个联办环节" * bool(steps))))


def cases_counted_from(first: date) -> QuerySet[Case]:
    """Find open cases with a clock or a step that began, a stop that ended, on a day or after it, or a paper that comes later."""
    clocks = CaseClock.objects.filter(case=OuterRef("pk"), ended_on=None, began_on__gte=first)
    tasks = CaseTask.objects.filter(case=OuterRef("pk"), ending="", began_on__gte=first)
    stops = ClockStop.objects.filter(case=OuterRef("pk"), ended_on__gte=first)
    # The last day of 容缺 is a day, whatever its rank is now.
    owed = Promise.objects.filter(application=OuterRef("application"), kind=PromiseKind.DEFERRAL, ending="")
    counted = Exists(clocks) | Exists(tasks) | Exists(stops) | Exists(owed.exclude(last_rank=None))
    return Case.objects.filter(counted, state__in=OPEN)


LAST = 10**8
"""The rank of what is due on no day."""


def with_pressing(tasks: QuerySet[CaseTask]) -> QuerySet[CaseTask]:
    """Add the rank of each case's last day."""
    # Read now for natural days, since a kept rank would be wrong as soon as a day before it is arranged.
    calendar = calendar_in_force()
    natural = tasks.order_by().exclude(case_due_day=None).values_list("case_due_day", flat=True).distinct()
    ranks = [When(case_due_day=day, then=calendar.rank_of(calendar.next_working(day))) for day in natural if day]
    return tasks.annotate(pressing=Coalesce("case_due_rank", Choice(*ranks, default=LAST)))


def workable_by(user: Anyone, at: datetime) -> Q:
    """Find steps one may work on by one's posts."""
    # Kinds that the same posts give are one condition, so that the index of an organ's open steps is used.
    kinds = defaultdict[tuple[tuple[int, OrganReach], ...], list[StepKind]](list)
    for kind in StepKind:
        given = posts_giving(user, PERMISSION_FOR.get(kind, P.CASE_HANDLE), at)
        kinds[tuple((post.pk, reach) for post, reach in given)].append(kind)
    found = Q(pk__in=[])
    for some in (some for given, some in kinds.items() if given):
        found |= Q(kind__in=some, organ__in=organs_where(user, PERMISSION_FOR.get(some[0], P.CASE_HANDLE), at))
    return found


def colleagues_for(task: CaseTask, *, at: datetime) -> QuerySet[User]:
    """List who may be given a step: holders of posts in its organ that may work on it."""
    day = day_of(at)
    held = Post.objects.filter(Q(until=None) | Q(until__gte=day), organ=task.organ_id, since__lte=day)
    able = held.filter(role__in=roles_with(permission_for(task)))
    return (
        User.objects.filter(pk__in=able.values("user"), is_active=True).exclude(pk=task.assignee_id or 0).order_by("pk")
    )


def is_held(task: CaseTask, *, at: datetime) -> bool:
    """Tell whether somebody has a step in hand, and not for too long."""
    return task.claimed_until is not None and task.claimed_until > at


def held_by_another(task: CaseTask, person: User | None, *, at: datetime) -> bool:
    return is_held(task, at=at) and task.assignee_id != (person.pk if person else None)


def may_pass_on(task: CaseTask, user: User, *, at: datetime) -> bool:
    """Tell whether one may give a step to a colleague: a head any, others one that nobody else has in hand."""
    if allows(user, P.CASE_ASSIGN, task, at=at):
        return True
    return not held_by_another(task, user, at=at) and allows(user, permission_for(task), task, at=at)


def signed_before(case: Case, task: CaseTask, person: User | None, *, at: datetime) -> CaseTask | None:
    """Find the deciding step before this one whose signature is the person's too, where a guide asks several signatures.

    It is where one signed it, or where both signatures are made in the post of one person, whoever stands in for whom.
    """
    before = plan_of(case.publication)[: task.stage]
    if task.kind != StepKind.DECIDE or not any(each.kind is StepKind.DECIDE for each in before):
        return None
    done = case.tasks.filter(kind=StepKind.DECIDE, stage__lt=task.stage, ending=TaskEnding.DONE).order_by("round")
    signed = {each.stage: each for each in done.select_related("ended_by", "organ")}
    for each in signed.values():
        if not (person and each.ended_by and each.ended_at):
            if each.ended_by == person:  # a program of the organ signs once, too
                return each
        elif is_same_hand(
            Signature(person, task.organ, at), Signature(each.ended_by, each.organ, each.ended_at), P.CASE_DECIDE
        ):
            return each
    return None


def signer_in_words(signed: CaseTask, person: User | None) -> str:
    """Tell one by whom a step was signed, so that the next signature is to be another's."""
    return "您签的" if signed.ended_by == person else f"{signed.ended_by}签的，您和他是同一个岗位（代行）"


def lets_steps_end(case: Case, *, beside: bool) -> bool:
    """Tell whether a step can end in a case as it stands: a stop holds it unless another is open beside it."""
    return case.state in ("handling", "decided") or (case.state == "stopped" and beside)


def is_finished_by_itself(case: Case, task: CaseTask, *, beside: bool) -> bool:
    """Tell whether a step can end by 办完 now, not by acceptance, the decision or delivery."""
    if StepKind(task.kind) in (StepKind.ACCEPT, StepKind.DELIVER) or not lets_steps_end(case, beside=beside):
        return False
    return task.kind != StepKind.DECIDE or task.stage != deciding_stage(plan_of(case.publication))


def unknown_actor(case: Case, task: CaseTask) -> str:
    """Return the organ that the guide names for a step and the city does not have, so that the lead has it."""
    branches = plan_of(case.publication)[task.stage].tasks
    actor = branches[task.position].actor if task.position < len(branches) else ""
    inside = actor.startswith(("本", case.organ.name, case.organ.called)) or task.organ_id != case.organ_id
    if inside or not actor.endswith(tuple(shipped_words().list_of("organ_endings"))):
        return ""
    return actor if actor not in organs_named([actor], case.organ) else ""


def runs_until(task: CaseTask, *, on: date) -> date | None:
    """Return the last day of a step whose limit has to pass in full (公示), while it has not."""
    if task.limit is None or not any(word in task.name for word in policy().full_limit.words):
        return None
    last = due_on(task, calendar=calendar_in_force())
    return last if last and on < last else None


def due_by(day: date, prefix: str = "") -> Q:
    """Find what is due on or before a day, by integers alone."""
    return _due_within(None, day, prefix, calendar_in_force())


def _due_within(after: date | None, until: date, prefix: str, calendar: WorkingCalendar) -> Q:
    """Find what is due after a day and on or before another."""
    rank = calendar.rank_of(until)
    # A natural day that is one of rest ends with the next working day, so it counts from there.
    last = calendar.day_of(rank)
    ranks, days = {f"{prefix}due_rank__lte": rank}, {f"{prefix}due_day__lte": last}
    if after is not None:
        before = calendar.rank_of(after)
        ranks |= {f"{prefix}due_rank__gt": before}
        days |= {f"{prefix}due_day__gt": calendar.day_of(before)}
    return Q(**ranks) | Q(**days)


def overdue_on(day: date, prefix: str = "") -> Q:
    """Find what was due before a day."""
    return due_by(day - DAY, prefix)


# The story of one


@dataclass(frozen=True, slots=True)
class ToldClock:
    """A clock in words: until when (not before it, while a year is not arranged), how many days are left, and why then."""

    clock: CaseClock
    last: date | None
    doubtful: bool
    left: Remaining | None
    why: list[str]


@dataclass(frozen=True, slots=True)
class CaseStory:
    """Everything that happened to a case, who has it now, and until when."""

    case: Case
    plan: tuple[PlannedStage, ...]
    acts: Sequence[CaseAct]
    tasks: Sequence[CaseTask]
    clocks: Sequence[ToldClock]

    @property
    def open_tasks(self) -> list[CaseTask]:
        return [each for each in self.tasks if not each.ending]

    @property
    def holders(self) -> list[str]:
        """Name who has it, a person or the organ's desk."""
        if self.case.state == "supplementing":
            return ["申请人"]
        return [f"{each.organ} {each.assignee or f'{each.name}岗'}" for each in self.open_tasks]


def story(case: Case, *, at: datetime) -> CaseStory:
    """Tell a case from receipt to now."""
    calendar, stops = calendar_in_force(), list(case.stops.all())
    day = day_of(at)
    clocks = [
        ToldClock(
            each,
            due_on(each, calendar=calendar),
            doubt_of(each, calendar=calendar),
            left_of(each, on=day, calendar=calendar),
            explanation(each, stops, calendar=calendar),
        )
        for each in case.clocks.all()
    ]
    tasks = list(case.tasks.select_related("organ", "assignee", "ended_by"))
    return CaseStory(case, plan_of(case.publication), list(case.acts.select_related("by")), tasks, clocks)
