"""Reads of findings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform

from banshi.access import Permission, roles_with
from banshi.calendar.queries import calendar_in_force
from banshi.core.clock import day_of
from banshi.ledger import name_of
from banshi.notifications.recipients import holders
from banshi.people.models import Organ, Post, User
from banshi.people.posts import Anyone, organs_where, posts_giving
from banshi.supervision.drawing import WHOLE
from banshi.supervision.lights import Light
from banshi.supervision.models import (
    DrawNumber,
    DrawParty,
    Inspection,
    InspectionDraw,
    Irregularity,
    SupervisionBulletin,
    SupervisionOrder,
)
from banshi.supervision.rules import monitoring_rules
from banshi.supervision.thresholds import draw_limits, order_limits

BEFORE_ORDERS = ("found", "alerted")
ENDED = ("closed", "dismissed", "censured")


def words_of_case(of: Irregularity) -> str:
    """Name the case and the item a finding is about."""
    item = f"“{of.item.name}”" if of.item else ""
    return f"办件{of.case.number}{item}" if of.case else item or "办件以外的事"


def irregularities_visible_to(user: Anyone, *, at: datetime) -> QuerySet[Irregularity]:
    """List findings of the organs one supervises or heads, and those one's organ has to answer."""
    organs = organs_where(user, Permission.SUPERVISION_VIEW, at)
    found = Irregularity.objects.filter(Q(organ__in=organs) | Q(answerer__in=organs))
    return found.select_related("organ", "answerer", "item", "case")


def is_found(subject: Model, *, rules: Sequence[str]) -> bool:
    """Tell whether supervision has a finding of these rules about a subject that is not ended."""
    found = Irregularity.objects.filter(rule__in=rules, subject=name_of(subject))
    return found.exclude(state__in=ENDED).exists()


def waiting_for(user: Anyone, *, at: datetime) -> QuerySet[Irregularity]:
    """List findings that wait for one's act: to be answered, or to be dealt with when red."""
    answering = organs_where(user, Permission.SUPERVISION_ANSWER, at)
    ordering = organs_where(user, Permission.SUPERVISION_ORDER, at)
    mine = Q(state="ordered", answerer__in=answering)
    return Irregularity.objects.filter(
        mine | Q(Q(state="found", level="red") | Q(state="answered"), organ__in=ordering)
    )


def orders_to_answer(user: Anyone, *, at: datetime) -> QuerySet[SupervisionOrder]:
    """List orders one has to answer, the first day first."""
    answering = organs_where(user, Permission.SUPERVISION_ANSWER, at)
    waiting = waiting_orders().filter(organ__in=answering)
    return waiting.select_related("irregularity__case__item", "irregularity__item").order_by("due", "pk")


def waiting_orders() -> QuerySet[SupervisionOrder]:
    """List orders that wait for an answer, of each finding the newest, also where its first answer was sent back."""
    further = SupervisionOrder.objects.filter(irregularity=OuterRef("irregularity"), level__gt=OuterRef("level"))
    return SupervisionOrder.objects.filter(~Exists(further), irregularity__state="ordered")


def overdue_orders(day: date) -> QuerySet[SupervisionOrder]:
    """List orders whose day to answer by has gone without an answer."""
    return waiting_orders().filter(due__lt=day)


def orders_to_climb(day: date) -> QuerySet[SupervisionOrder]:
    """List orders that have been overdue for so many working days that they go a level up by themselves."""
    calendar, limits = calendar_in_force(), order_limits()
    gone = calendar.day_of(calendar.rank_of(day) - limits.climb_after_days)
    return overdue_orders(min(day, gone)).filter(level__lt=limits.climb_to_level)


def receiver_of(of: Irregularity, *, sender: Organ | None, day: date) -> Organ | None:
    """Find who answers the next order: the organ itself first, then the nearest superior, where somebody can answer.

    The supervising office's own organ, which would answer itself, is passed over among the superiors.
    """
    last = of.orders.select_related("organ", "paper").order_by("level").last()
    if last is None and _can_answer(of.organ, day):
        return of.organ
    passed = {last.paper.organ_id if last else sender and sender.pk}
    above = (last.organ if last else of.organ).superior
    while above and (above.pk in passed or not _can_answer(above, day)):
        passed.add(above.pk)
        above = above.superior if above.superior_id not in passed else None
    return above if above and not (last and above.pk == last.organ_id) else None


def _can_answer(organ: Organ, day: date) -> bool:
    return bool(holders([organ.pk], Permission.SUPERVISION_ANSWER, day).get(organ.pk))


def office_of(user: Anyone, *, at: datetime) -> Organ | None:
    """Find the organ in whose name one orders."""
    return next((post.organ for post, _ in posts_giving(user, Permission.SUPERVISION_ORDER, at)), None)


def why_no_order(of: Irregularity, *, sender: Organ | None, day: date) -> str:
    """Say why a finding may not be ordered, or not once more, or ""."""
    rule = monitoring_rules().get(of.rule)
    if of.state in BEFORE_ORDERS and rule and of.level not in rule.orders:
        return f"按这条规则，{Light(of.level).label}只提醒，不督办。"
    return why_unread(of, sender=sender, day=day)


def why_unread(of: Irregularity, *, sender: Organ | None, day: date) -> str:
    """Say why a reminder or an order would reach nobody, or ""."""
    if of.state in ENDED or receiver_of(of, sender=sender, day=day):
        return ""
    if last := of.orders.select_related("organ").order_by("level").last():
        return f"{last.organ}上面没有能答复督办的单位了：不能让发出督办的单位自己答复自己。可以提出问责建议。"
    return f"{of.organ}和它的上级里没有能答复督办的人，发出去没有人收。请先让系统管理员给{of.organ}配单位负责人。"


# Bulletins


def reporting_organ(user: Anyone, *, at: datetime) -> Organ | None:
    """Find the organ in whose name one issues bulletins."""
    return next((post.organ for post, _ in posts_giving(user, Permission.SUPERVISION_REPORT, at)), None)


def bulletins_visible_to(user: Anyone, *, at: datetime) -> QuerySet[SupervisionBulletin]:
    """List bulletins issued in the divisions of the organs one supervises or heads, the newest period first."""
    divisions = organs_where(user, Permission.SUPERVISION_VIEW, at).values("division")
    above = organs_where(user, Permission.SUPERVISION_VIEW, at).values("division__parent")
    found = SupervisionBulletin.objects.filter(Q(organ__division__in=divisions) | Q(organ__division__in=above))
    return found.select_related("organ", "pdf", "docx")


# Draws


def draws_visible_to(user: User, *, at: datetime) -> QuerySet[InspectionDraw]:
    """List draws of organs one supervises, and those with an inspection of oneself or of one's organ."""
    organs = organs_where(user, Permission.SUPERVISION_VIEW, at)
    concerned = Inspection.objects.filter(Q(inspector=user) | Q(organ__in=organs), draw=OuterRef("pk"))
    return InspectionDraw.objects.filter(Q(organ__in=organs) | Exists(concerned)).select_related("organ")


def inspections_visible_to(user: User, *, at: datetime) -> QuerySet[Inspection]:
    organs = organs_where(user, Permission.SUPERVISION_VIEW, at)
    found = Inspection.objects.filter(Q(organ__in=organs) | Q(inspector=user))
    return with_what_is_inspected(found)


def inspections_to_do(user: User) -> QuerySet[Inspection]:
    """List what one was drawn to inspect and has not yet."""
    return with_what_is_inspected(Inspection.objects.filter(inspector=user, inspected_at=None)).select_related("draw")


def with_what_is_inspected(found: QuerySet[Inspection]) -> QuerySet[Inspection]:
    return found.select_related("organ", "case__item", "promise", "counter__hall", "publication__item")


def draws_public() -> QuerySet[InspectionDraw]:
    """List every draw, whose digests and result anybody may see."""
    rows = InspectionDraw.objects.select_related("organ").prefetch_related("numbers", "parties__draw")
    # Of the lists, which are long, only what binds them is told.
    told = {name: KeyTextTransform(name, "told") for name in ("seed", WHOLE)}
    return rows.defer("told", "candidates", "inspectors").annotate(**told)


def party_of(user: User, pk: int) -> DrawParty | None:
    """Find the party one was asked to give a number for."""
    mine = DrawParty.objects.filter(account=user, pk=pk) if pk < 2**63 else DrawParty.objects.none()
    return mine.select_related("draw__organ").first()


def parties_waiting(user: User) -> QuerySet[DrawParty]:
    """List the parties one has to seal or to open a number for, of draws not yet run."""
    given = DrawNumber.objects.filter(draw=OuterRef("draw"), party=OuterRef("name"))
    return DrawParty.objects.filter(~Exists(given), account=user, draw__drawn_at=None).select_related("draw")


@dataclass(frozen=True, slots=True)
class DrawStanding:
    """The parties of a draw and their numbers, from when these are opened, and from when it may be drawn."""

    parties: Sequence[DrawParty]
    numbers: Sequence[DrawNumber]
    opens_at: datetime | None
    ends_at: datetime | None

    @property
    def opened(self) -> set[str]:
        return {each.party for each in self.numbers}

    @property
    def silent(self) -> list[DrawParty]:
        """List parties that were asked and sealed no number."""
        return [each for each in self.parties if not each.seal and each.name not in self.opened]

    @property
    def unopened(self) -> list[DrawParty]:
        return [each for each in self.parties if each.seal and each.name not in self.opened]

    @property
    def wants_beacon(self) -> bool:
        """Tell whether the beacon decides with the rest: a party is left out, or none was asked."""
        return not self.parties or bool(self.silent or self.unopened)

    def waits_for(self, party: DrawParty, at: datetime) -> bool:
        """Tell whether a party can still seal its number, or open it."""
        until = self.ends_at if party.seal else self.opens_at
        return party.name not in self.opened and (until is None or at < until)

    def words_for(self, party: DrawParty, at: datetime) -> str:
        """Say how far a party is."""
        if number := next((each for each in self.numbers if each.party == party.name), None):
            return f"{number.number}，{'先封后开，' if party.seal else ''}自己给的"
        over = party.draw.drawn_at or (self.ends_at and at >= self.ends_at)
        if party.seal:
            return "封了，没有按时打开，不算" if over else "已经封好，还没有打开"
        return "请了，没有给数" if over or (self.opens_at and at >= self.opens_at) else "等它自己封数"


def standing_of(draw: InspectionDraw) -> DrawStanding:
    """Compute how far the parties of a draw are."""
    parties, numbers, limits = list(draw.parties.all()), list(draw.numbers.all()), draw_limits()
    opened = {each.party for each in numbers}
    if draw.closed_at is None:
        return DrawStanding(parties, numbers, None, None)
    sealed = [each.sealed_at for each in parties if each.sealed_at]
    if all(each.seal or each.name in opened for each in parties):
        opens_at = max([draw.closed_at, *sealed])
    else:
        opens_at = draw.closed_at + timedelta(hours=limits.party_hours)
    waiting = any(each.seal and each.name not in opened for each in parties)
    ends_at = opens_at + timedelta(hours=limits.open_hours) if waiting else opens_at
    return DrawStanding(parties, numbers, opens_at, ends_at)


def inspectors_for(user: Anyone, *, at: datetime) -> QuerySet[User]:
    """List who may be drawn to inspect, the people who handle cases in organs one draws for."""
    day = day_of(at)
    posts = Post.objects.filter(Q(until=None) | Q(until__gte=day), since__lte=day)
    posts = posts.filter(
        organ__in=organs_where(user, Permission.SUPERVISION_DRAW, at), role__in=roles_with(Permission.CASE_HANDLE)
    )
    return User.objects.filter(pk__in=posts.values("user"), is_active=True).order_by("pk")
