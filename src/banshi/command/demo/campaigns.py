"""Two clean-up campaigns on their way: one in the middle of its reviews, one shown to the public. All marked 示例."""

from datetime import date, datetime, timedelta
from typing import Any

from banshi.access import Visitor, on_behalf_of
from banshi.calendar.queries import calendar_in_force
from banshi.campaigns import actions
from banshi.campaigns.annexes import missing_annexes
from banshi.campaigns.backward_planning import schedule_backwards
from banshi.campaigns.enums import BodyRole, Conclusion, PhaseKind, Verdict
from banshi.campaigns.models import Campaign, Entry, Participation, Stage
from banshi.campaigns.plan import Plan, plan_named
from banshi.campaigns.queries import entries_consulted, figures_of, proposed_progress
from banshi.command.demo.catalogue import Catalogue
from banshi.command.demo.tables import document
from banshi.core.errors import BadInput
from banshi.core.json_types import JsonObject
from banshi.ledger import Actor, System
from banshi.people.models import Division

MANAGER = "organizer"


def build_campaigns(city: Catalogue) -> None:
    for told in document("demo/campaigns.json"):
        by, calendar = city.accounts[MANAGER], calendar_in_force()
        final = _final_day(city, plan_named(told["plan"]), told["working_days_left"])
        campaign = actions.create_campaign(
            name=told["name"],
            organ=city.organs["bianban"],
            division=Division.objects.get(pk=told["division"]),
            plan=plan_named(told["plan"]),
            final=final,
            is_example=True,
            by=by,
            at=city.now - timedelta(days=60),
        )
        for body in campaign.bodies.all():
            if body.code in told["bodies"]:
                actions.appoint_body(body, organ=city.organs[told["bodies"][body.code]], by=by, at=city.now)
        for stage in campaign.stages.filter(phase__in=told["begun_early"], batch=told["early_batch"]):
            actions.move_stage(stage, begins=(city.now - timedelta(days=6)).date(), ends=stage.ends, by=by, at=city.now)
        _end_on_working_days(city, campaign, by)
        units = actions.invite_units(campaign, organs=[city.organs[key] for key in told["units"]], by=by, at=city.now)
        actions.open_campaign(campaign, by=by, at=city.now - timedelta(days=40))
        for key, unit in zip(told["units"], units, strict=True):
            _report(city, unit, told["units"][key])
        if "consultation" in told:
            _consult(city, campaign, told["consultation"])
        if "bulletin" in told:
            opening, order = told["bulletin"]["opening"], told["bulletin"]["order"]
            by, at = city.accounts[MANAGER], city.now - timedelta(days=1)
            bulletin = actions.draw_up_bulletin(campaign, opening=opening, by=by, at=at)
            unit = next(each for each in units if each.organ == city.organs[order["unit"]])
            due = calendar.add_working_days(city.now.date(), 7)
            actions.order_rectification(unit, text=order["text"], due=due, bulletin=bulletin, by=by, at=at)
            actions.issue_bulletin(bulletin, by=by, at=at)


def _final_day(city: Catalogue, plan: Plan, working_days: int) -> date:
    """Choose the last day near which the fewest stages to come end on a day of rest, none that is only that day."""
    calendar, today = calendar_in_force(), city.now.date()
    wanted = calendar.add_working_days(today, working_days)

    def at_rest(final: date) -> tuple[int, int]:
        spans = schedule_backwards(plan, final, calendar)
        resting = [each for each in spans if each.ends >= today and not calendar.is_working(each.ends)]
        return sum(not calendar.is_working(each.begins) for each in resting), len(resting)

    return min((wanted - timedelta(days=days) for days in range(14)), key=at_rest)


def _end_on_working_days(city: Catalogue, campaign: Campaign, by: Actor) -> None:
    calendar = calendar_in_force()
    for stage in campaign.stages.filter(ends__gte=city.now.date()):
        last = stage.ends
        while last > stage.begins and not calendar.is_working(last):
            last -= timedelta(days=1)
        if last != stage.ends:
            actions.move_stage(stage, begins=stage.begins, ends=last, by=by, at=city.now)


def _public_stage(campaign: Campaign) -> Stage | None:
    codes = [each.code for each in campaign.plan.phases if each.kind == PhaseKind.PUBLIC]
    return campaign.stages.filter(phase__in=codes).first()


def _report(city: Catalogue, unit: Participation, wanted: str) -> None:
    """Bring a unit as far as `wanted` (invited, named, reported, judged, agreed, returned, disputed)."""
    if wanted == "invited":
        return
    by, at = System("demo"), city.now - timedelta(days=5)
    names = {"leader": "分管领导（示例）", "section": "办公室", "clerk": "经办人员（示例）", "phone": "000-88010000"}
    actions.name_contacts(unit, **names, by=by, at=at)
    if wanted == "named":
        return
    progress = proposed_progress(figures_of(unit))
    actions.write_summary(
        unit, progress=progress, problems="个别事项依据较旧。", suggestions="建议统一表格。", by=by, at=at
    )
    head = on_behalf_of(city.accounts["head-edu"])  # for all units of the example
    try:
        whole = unit.campaign.plan.reports_whole(2)
        signed = city.now - timedelta(days=38 if whole else 4)
        for annex in missing_annexes(unit):
            actions.hand_in(unit, annex=annex, nothing="本单位没有（示例）", by=by, at=signed)
        actions.sign_report(unit, by=head, at=signed)
        judged = city.now - timedelta(days=20 if whole else 2)
        for entry in unit.entries.filter(state="reviewing").order_by("id"):
            _review(city, entry, wanted, judged)
        if whole:  # everything once more, before the public is asked
            unit.refresh_from_db()
            public = _public_stage(unit.campaign)
            before = (city.now.date() - public.begins).days + 1 if public else 0
            actions.sign_report(unit, by=head, at=city.now - timedelta(days=max(4, before)))
    except BadInput:  # what must be changed is not answered yet: shown as it is
        return


def _review(city: Catalogue, entry: Entry, wanted: str, at: datetime) -> None:
    if wanted == "reported":
        return
    verdict = {"returned": Verdict.CHANGE, "disputed": Verdict.OPPOSE}.get(wanted, Verdict.AGREE)
    for review in entry.reviews.all():
        if review.body.planned.role in (BodyRole.LEAD, BodyRole.JOINT):
            asked = review.entry.campaign.plan.criteria_of(review.body.planned)
            reason = "" if verdict == Verdict.AGREE else "材料还能再少。"
            answers = [
                actions.CriterionAnswer(each.code, not (reason and place == 0), reason)
                for place, each in enumerate(asked)
            ]
            # The account that reviews for the body, or the lead's where a body has none among the accounts.
            held = {
                post.organ_id: user
                for user in city.accounts.values()
                for post in user.posts.all()
                if post.role == "reviewer"
            }
            reviewer = held.get(review.body.organ_id or 0, city.accounts["reviewer"])
            actions.give_review(
                review,
                verdict=verdict,
                disposition=review.entry.disposition,
                answers=answers,
                note=reason,
                digest=review.entry.text.digest if review.entry.text else "",
                by=reviewer,
                at=at,
            )
    match wanted:
        case "agreed":
            _sum_up(entry, Conclusion.PASS, at)
        case "returned":
            asks = ["申请材料里能共享的，改为免交。", "承诺时限再压缩，写明依据。"]
            _sum_up(entry, Conclusion.RETURN, at, asks=asks)
        case "disputed":
            _sum_up(entry, Conclusion.DISPUTE, at, question="这一项与上级参考目录的名称不一致，是否单列？")


def _sum_up(entry: Entry, conclusion: Conclusion, at: datetime, **more: Any) -> None:
    body = entry.campaign.bodies.get(code=entry.lead)
    given = {"conclusion": conclusion, "disposition": entry.disposition, "body": body, **more}
    actions.sum_up(entry, **given, by=System("demo"), at=at)


def _consult(city: Catalogue, campaign: Campaign, told: JsonObject) -> None:
    stage = _public_stage(campaign)
    assert stage is not None
    opens, closes = stage.begins, stage.ends
    by, at = city.accounts[MANAGER], city.now - (city.now.date() - opens)
    one = actions.open_consultation(
        campaign, title=told["title"], body=told["body"], opens=opens, closes=closes, by=by, at=at
    )
    entries = list(entries_consulted(one).order_by("id"))
    for each in told["comments"]:
        entry = entries[each["entry"]] if "entry" in each else None
        said = actions.comment_on(one, text=each["text"], entry=entry, by=Visitor(), at=city.now - timedelta(days=1))
        if each["answer"]:
            actions.show_comment(said, by=by, at=city.now)
            actions.answer_comment(said, answer=each["answer"], accepted=each["accepted"], by=by, at=city.now)
