"""Campaigns to test with, brought to where a test begins by the real actions."""

from datetime import date, datetime, timedelta
from typing import Any

from banshi.campaigns import actions
from banshi.campaigns.actions import CriterionAnswer, Ruling
from banshi.campaigns.annexes import missing_annexes
from banshi.campaigns.enums import BodyRole, Conclusion, Disposition, Verdict
from banshi.campaigns.models import Campaign, Consultation, Entry, Invitation, Participation, Review, ReviewBody
from banshi.campaigns.plan import Plan, plan_named
from banshi.catalog.models import Item
from banshi.people.models import Division, Organ, User
from tests import factories as make
from tests.factories import NOON, TESTS

FINAL = date(2027, 3, 31)


def plan(code: str = "concentrated", **changes: Any) -> Plan:
    if code == "public-after-review":  # one round, then the public, then the meeting
        two = plan_named("two-reports")
        one = tuple(each.model_copy(update={"hands_in": ()}) for each in two.phases if each.round < 2)
        order = ("report-1", "review-1", "public", "decide", "publish")
        changes = {"phases": tuple(sorted(one, key=lambda each: order.index(each.code))), "code": code, **changes}
        code = "two-reports"
    return plan_named(code).model_copy(update={"findings": False, **changes})


def campaign(code: str = "concentrated", division: Division | None = None, **changes: Any) -> Campaign:
    """Planned, each body an organ with one reviewer; nobody invited yet."""
    place = division or make.division()
    before = Campaign.objects.filter(division=place).count()
    made = actions.create_campaign(
        name="公共服务事项清理规范" + (f"（第{before + 1}次）" if before else ""),
        organ=organizing(place),
        division=place,
        plan=plan(code, **changes),
        final=FINAL,
        by=TESTS,
        at=NOON,
    )
    for body in made.bodies.all():
        organ = make.organ(division=place)
        make.user("reviewer", organ)
        actions.appoint_body(body, organ=organ, by=TESTS, at=NOON)
    return made


def organizing(place: Division) -> Organ:
    """The office that organizes, one in a place."""
    name = "示例编办"
    return Organ.objects.filter(name=name, division=place).first() or make.organ(name, division=place, kind="party")


def unit(of: Campaign, items: int = 1, organ: Organ | None = None, **more: Any) -> Participation:
    """Invited, with items in force, its contacts named and its summary written."""
    at = organ or make.organ(division=of.division, **more)
    for _ in range(items):
        make.publication(of=make.item(at))
    [made] = actions.invite_units(of, organs=[at], by=TESTS, at=NOON)
    actions.name_contacts(made, leader="张三", section="办公室", clerk="李四", by=TESTS, at=NOON)
    return actions.write_summary(made, progress="全部清理完毕", problems="无", suggestions="无", by=TESTS, at=NOON)


def opened(code: str = "concentrated", items: int = 1, **changes: Any) -> Participation:
    """One unit of a campaign under way."""
    made = unit(campaign(code, **changes), items)
    actions.open_campaign(made.campaign, by=TESTS, at=NOON)
    return handed_in(made)


def handed_in(of: Participation) -> Participation:
    """Every list its next report needs besides the guides."""
    for annex in missing_annexes(of):
        actions.hand_in(of, annex=annex, nothing="本单位没有", by=TESTS, at=NOON)
    return of


def head_of(organ: Organ) -> User:
    return User.objects.filter(posts__organ=organ, posts__role="head").first() or make.user("head", organ)


def during(of: Campaign, kind: str, number: int = 1, batch: str = "") -> datetime:
    """Noon of the first day of a phase; of the last planned round when there are no more."""
    wanted = (min(number, of.plan.rounds), 0)
    codes = [each.code for each in of.plan.phases if each.kind == kind and each.round in wanted]
    stages = of.stages.filter(phase__in=codes)
    stage = (stages.filter(batch=batch) if batch else stages).order_by("begins")[0]
    return NOON.replace(year=stage.begins.year, month=stage.begins.month, day=stage.begins.day)


def reported(of: Participation, number: int = 1) -> list[Entry]:
    handed_in(of)
    actions.sign_report(of, by=head_of(of.organ), at=during(of.campaign, "report", number, of.batch))
    return list(of.entries.filter(state="reviewing").order_by("id"))


def reviewer_of(body: ReviewBody) -> User:
    return User.objects.filter(posts__organ=body.organ, posts__role="reviewer")[0]


def answers(review: Review, **different: str) -> list[CriterionAnswer]:
    """Every criterion of the body agreed to, except those named, each with its reason."""
    asked = review.entry.campaign.plan.criteria_of(review.body.planned)
    return [CriterionAnswer(each.code, each.code not in different, different.get(each.code, "")) for each in asked]


def judged(entry: Entry, verdict: str = Verdict.AGREE, **different: str) -> Entry:
    """Every body has given the same opinion in the newest round."""
    entry.refresh_from_db()
    joint = (BodyRole.LEAD, BodyRole.JOINT)
    for review in entry.reviews.filter(round=entry.round, verdict=""):
        if review.body.planned.role in joint:
            give(review, verdict, **different)
    entry.refresh_from_db()
    return entry


def give(review: Review, verdict: str = Verdict.AGREE, **different: str) -> Review:
    entry = review.entry
    return actions.give_review(
        review,
        verdict=verdict,
        disposition=entry.disposition,
        answers=answers(review, **different),
        note="" if verdict == Verdict.AGREE else "请修改",
        digest=entry.text.digest if entry.text else "",
        by=reviewer_of(review.body),
        at=during(entry.campaign, "review", entry.round, entry.batch),
    )


def lead_of(entry: Entry) -> ReviewBody:
    return entry.campaign.bodies.get(code=entry.lead)


def summed_up(entry: Entry, conclusion: str = Conclusion.PASS, *asks: str, **more: Any) -> Entry:
    return actions.sum_up(
        entry,
        conclusion=conclusion,
        disposition=entry.disposition,
        asks=asks,
        body=lead_of(entry),
        by=TESTS,
        at=during(entry.campaign, "review", entry.round, entry.batch) + timedelta(hours=1),
        **more,
    )


def agreed(of: Participation) -> list[Entry]:
    """Reported, judged and passed in the first round."""
    return [summed_up(judged(entry)) for entry in reported(of)]


def decided(of: Campaign, disposition: str = Disposition.KEEP) -> list[Entry]:
    entries = list(of.entries.filter(state="agreed"))
    rulings = {each.pk: Ruling(disposition) for each in entries}
    moment = during(of, "decide")
    actions.record_decision(of, rulings, meeting="第十次常务会议", held_on=moment.date(), by=TESTS, at=moment)
    return entries


def item_of(entry: Entry) -> Item:
    return Item.objects.get(pk=entry.item_id)


def consulted(of: Campaign) -> Consultation:
    """Shown to the public during its phase, and closed the day after; nobody said anything."""
    opens = during(of, "public")
    one = actions.open_consultation(
        of, title="征求意见", body="请提意见", opens=opens.date(), closes=opens.date(), by=TESTS, at=opens
    )
    after = opens + timedelta(days=1)
    return actions.close_consultation(one, summary="没有收到意见", by=TESTS, at=after)


def showing(of: Campaign) -> Consultation:
    """Open to the public on the first day of its phase."""
    opens = during(of, "public")
    closes = opens.date() + timedelta(days=6)
    return actions.open_consultation(
        of, title="清单征求意见", body="请看看有没有漏", opens=opens.date(), closes=closes, by=TESTS, at=opens
    )


def opined(invitation: Invitation, entry: Entry, note: str = "依据充分，建议保留") -> Review:
    """An outside expert, who declares no ties, has given an opinion."""
    at = during(entry.campaign, "review", entry.round, entry.batch)
    if invitation.declared_at is None:
        actions.declare_interest(invitation, organs=[], by=invitation, at=at)
    entry.refresh_from_db()
    review = invitation.reviews.get(entry=entry, round=entry.round)
    return actions.give_expert_opinion(
        review,
        verdict=Verdict.AGREE,
        disposition=entry.disposition,
        answers=answers(review),
        note=note,
        digest=entry.text.digest if entry.text else "",
        by=invitation,
        at=at,
    )


def at_desk(of: Campaign) -> Campaign:
    """All its stages are on now, for pages, which ask the clock."""
    today = date.today()
    of.stages.update(begins=today - timedelta(days=30), ends=today + timedelta(days=60))
    return of
