"""The list of adjustments, and one of them with everything an applicant or examiner needs to see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.http import FileResponse, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_GET

from banshi.adjustments import queries
from banshi.adjustments.actions.applying import is_minor
from banshi.adjustments.actions.examining import verdicts_for
from banshi.adjustments.actions.transition import last_publication, seen_of
from banshi.adjustments.deadlines import day_to_apply
from banshi.adjustments.enums import WITH_TEXT, ExaminationVerdict
from banshi.adjustments.impact import effects_of
from banshi.adjustments.models import OPEN, Adjustment
from banshi.adjustments.permissions import desk_of
from banshi.catalog.guide.differences import Difference, differences
from banshi.catalog.guide.document import Guide
from banshi.catalog.identity import ItemIdentity, identity_differences, read_identity
from banshi.catalog.models import Category, Publication, Revision
from banshi.core.clock import day_of, now, today
from banshi.core.errors import Missing, Problem
from banshi.people.models import User
from banshi.sites.kit.downloads import send_stored
from banshi.sites.kit.listing.filters import Contains, Filter, Filters, tabs
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.permissions import Permission, may, require
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.access import open_draft
from banshi.sites.workbench.adjustments.forms import DropForm, OpinionForm
from banshi.sites.workbench.editor.findings import findings_on
from banshi.workflow.queries import moves_open_to, moves_possible
from banshi.workflow.versions import definition_of, state_of, states_of

SHOWN = 100
SHOWS = {"mine": "等我办", "open": "在办", "overdue": "已超期", "ended": "已办结"}


class AdjustmentFilters(Filters):
    show = Filter(options=list(SHOWS.items()), narrows=False)
    q = Contains("item__name", label="事项名称")


@login_required
@require_GET
def adjustments(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.ITEM_VIEW)
    filters = AdjustmentFilters.read(request.GET)
    show = filters.show or "mine"
    by = ("-id",) if show == "ended" else ("pressing", "id")
    page = Page(_shown(request.user, show).filter(filters.condition()), request.GET, by=by, size=SHOWN)
    context = {
        "show": show,
        "tabs": tabs(filters, "show", SHOWS, chosen=show),
        "clear": f"?show={show}",
        "filters": filters,
        "controls": filters.controls(),
        "page": page,
        "today": today(),
        "states": states_of("adjustment"),
        "publishable": [each for each in page.rows if each.state == "approved"] if show == "mine" else [],
    }
    return render(request, "workbench/adjustments/adjustments.html", context)


def _shown(user: User, show: str) -> QuerySet[Adjustment]:
    """List those of one tab, each with how `pressing` it is."""
    found = queries.waiting_for(user, at=now()) if show == "mine" else queries.adjustments_visible_to(user, at=now())
    found = found.annotate(pressing=Coalesce("due", date.max))
    if show == "overdue":
        return queries.overdue(found, today())
    if show == "open":
        return found.filter(state__in=OPEN)
    return found if show == "mine" else found.exclude(state__in=OPEN)


def found_for(user: User, pk: int) -> Adjustment:
    adjustment = (
        queries.adjustments_visible_to(user, at=now())
        .select_related(
            "item__organ__division",
            "item__category",
            "item__listing",
            "into",
            "text",
            "evidence",
            "law_change__law",
            "applied_by",
        )
        .filter(pk=pk)
        .first()
    )
    if adjustment is None:
        raise Missing("没有这件调整", remedy="它可能属于别的单位。请回到“动态调整”列表查找。")
    return adjustment


@dataclass(frozen=True)
class AdjustmentView:
    """An adjustment beside what is in force. `text` is the draft while it is written, then the frozen text."""

    current: Publication | None
    text: Revision | None
    seen: str
    identity: ItemIdentity | None

    @cached_property
    def found(self) -> list[Difference]:
        """Differences of the identity first, then of the guide."""
        if not self.current or not self.text:
            return []
        texts = differences(self.current.revision.guide, self.text.guide)
        if self.identity is None:
            return texts
        names = dict(Category.objects.values_list("code", "name"))
        return [*identity_differences(self.current.identified, self.identity, names), *texts]

    @property
    def guide(self) -> Guide | None:
        return self.text.guide if self.text else self.current.revision.guide if self.current else None


def reading_of(adjustment: Adjustment) -> AdjustmentView:
    """Compare a text with what is in force, or once published with the version it replaced."""
    item, text = adjustment.item, adjustment.text
    if adjustment.kind in WITH_TEXT and adjustment.state in ("prepared", "returned"):
        text = open_draft(item)
    if text is None or text.state != Revision.State.PUBLISHED:
        number = 0
    else:
        number = Publication.objects.filter(revision=text).values_list("number", flat=True).first() or 0
    earlier = item.publications.select_related("revision").filter(number__lt=number).first() if number else None
    identity = read_identity(adjustment.identity) if adjustment.identity else None
    return AdjustmentView(earlier if number else last_publication(item), text, seen_of(adjustment), identity)


@login_required
@require_GET
def adjustment(request: StaffRequest, pk: int) -> HttpResponse:
    return shown(request, found_for(request.user, pk))


def shown(
    request: StaffRequest,
    one: Adjustment,
    *,
    form: OpinionForm | None = None,
    drop: DropForm | None = None,
    problems: Sequence[Problem] = (),
) -> HttpResponse:
    """Return the page, with a form that was sent and is not right yet."""
    reading = reading_of(one)
    moves = {each.name for each in moves_open_to(request.user, one, at=now())}
    is_open = one.state in OPEN
    flow = definition_of(one)
    history = [(flow.move_named(each.name).label, each) for each in one.moves.all()]
    # Applied for after the days the policy gives from the cause.
    limit = day_to_apply(one) if one.applied_at is not None else None
    context = {
        "one": one,
        "item": one.item,
        "reading": reading,
        "found": reading.found,
        "moves": moves,
        "desk": desk_of(one) if is_open else None,
        "overdue": is_open and one.due is not None and one.due < today(),
        "late": one.applied_at is not None and limit is not None and day_of(one.applied_at) > limit,
        "minor": "apply" in moves
        and reading.text is not None
        and one.identity is None
        and is_minor(one.item, reading.text),
        "findings": findings_on(one.item, reading.guide)[:30] if reading.guide and reading.text and is_open else [],
        "effects": effects_of(one.item, reading.guide) if reading.guide and is_open else None,
        "opinions": list(queries.opinions_on(one)),
        "history": history,
        "form": form or opinion_form(one, reading.seen),
        "drop": drop or DropForm(),
        "may_edit": may(request.user, Permission.ITEM_EDIT, one.item.organ),
        "state": state_of(one),
        "problems": problems,
    }
    wrong = bool(problems) or (form is not None and form.is_bound) or (drop is not None and drop.is_bound)
    return render(request, "workbench/adjustments/adjustment.html", context, status=422 if wrong else 200)


def opinion_form(one: Adjustment, seen: str, data: QueryDict | None = None) -> OpinionForm:
    verdicts = [(each, _words(one, each)) for each in verdicts_for(one, now())]
    return OpinionForm(data, verdicts=verdicts, initial={"seen": seen})


def _words(one: Adjustment, verdict: ExaminationVerdict) -> str:
    """Write the consequence beside the label."""
    if verdict is ExaminationVerdict.AGREE:
        nexts = {"pass_on": f"，转{one.second}审核", "approve": "，交公布管理员公布", "approve_at_once": "，马上公布"}
        names = [name for name in nexts if name in {each.name for each in moves_possible(one, at=now())}]
        return f"同意{nexts[names[0]]}" if names else "同意"
    return {
        ExaminationVerdict.RETURN: "退回修改，申请单位改好再报",
        ExaminationVerdict.REFUSE: "不予调整，这件到此为止",
        ExaminationVerdict.CONFIRM: "核对无误",
        ExaminationVerdict.UNDO: "核对不符，马上恢复原来公布的内容",
    }[verdict]


@login_required
@require_GET
def evidence(request: StaffRequest, pk: int) -> FileResponse:
    one = found_for(request.user, pk)
    if one.evidence is None:
        raise Missing("这件调整没有依据材料")
    return send_stored(one.evidence)
