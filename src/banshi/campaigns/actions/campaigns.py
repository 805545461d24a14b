"""A campaign is planned, its dates and bodies set, units invited, opened, stopped."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from banshi.access import Permission, authorize, authorize_many
from banshi.calendar.queries import calendar_in_force
from banshi.campaigns.backward_planning import schedule_backwards
from banshi.campaigns.date_checks import wrong_order
from banshi.campaigns.enums import BodyRole
from banshi.campaigns.models import Campaign, Entry, Participation, Recusal, Review, ReviewBody, ReviewGroup, Stage
from banshi.campaigns.notifications import of_invitations
from banshi.campaigns.plan import Plan
from banshi.catalog.models import Item
from banshi.core.clock import day_of
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.core.repeats import hold, refuse_repeated
from banshi.ledger import Actor, record
from banshi.notifications.notify import notify_many
from banshi.people.models import Division, Organ, User
from banshi.workflow.actions import move
from banshi.workflow.transitions import authorize_move

ROWS_AT_ONCE = 1000


@transaction.atomic
def create_campaign(
    *, name: str, organ: Organ, division: Division, plan: Plan, final: date, by: Actor, at: datetime, **more: bool
) -> Campaign:
    """Create a campaign with its dates laid back from `final`.

    Bodies have no organ yet. `more` is is_example.
    """
    authorize(by, Permission.CAMPAIGN_MANAGE, organ, at=at)
    if not name.strip():
        raise BadInput("请写工作的名称", [Problem("请写工作的名称", field="name")])
    if max(plan.scope.levels) < division.level:
        levels = "、".join(each.label for each in plan.scope.levels)
        said = f"“{plan.label}”清理的是{levels}的单位，“{division}”没有这样的单位"
        raise BadInput(said, [Problem(said, field="plan")], remedy="请换一个方案，或下载方案、改了范围再上传。")
    content = plan.model_dump(mode="json")
    same = Campaign.objects.filter(organ=organ, division=division, name=name.strip(), content__code=plan.code)
    refuse_repeated(
        organ,
        same.filter(state__in=("preparing", "running")),
        f"“{name.strip()}”已经建好了",
        remedy="请在“清理规范”里打开它接着办；确是另一项工作的，请换一个名称。",
    )
    campaign = Campaign.objects.create(
        name=name.strip(), organ=organ, division=division, content=content, created_at=at, **more
    )
    _lay_stages(campaign, final)
    # One row for each body of the plan, or one for every division below that has its own.
    bodies: list[ReviewBody] = []
    below = Division.objects.filter(code__startswith=division.prefix).order_by("code")
    for body in plan.bodies:
        if body.each is None:
            bodies.append(ReviewBody(campaign=campaign, code=body.code))
            continue
        for place in below.filter(level=body.each):
            bodies.append(ReviewBody(campaign=campaign, code=f"{body.code}@{place.pk}", division=place))
    ReviewBody.objects.bulk_create(bodies)
    facts = {"plan": plan.code, "version": plan.version, "final": final, "division": division.pk}
    record("campaigns.create_campaign", campaign, by=by, at=at, facts=facts)
    return campaign


def _lay_stages(campaign: Campaign, final: date) -> None:
    spans = schedule_backwards(campaign.plan, final, calendar_in_force())
    Stage.objects.bulk_create(
        [Stage(campaign=campaign, phase=s.phase, batch=s.batch, begins=s.begins, ends=s.ends) for s in spans]
    )


@transaction.atomic
def lay_out_again(campaign: Campaign, *, final: date, by: Actor, at: datetime) -> None:
    """Schedule all dates backwards (倒排) from another final day."""
    authorize(by, Permission.CAMPAIGN_MANAGE, campaign, at=at)
    must_be_under_way(campaign)
    campaign.stages.all().delete()
    _lay_stages(campaign, final)
    record("campaigns.lay_out_again", campaign, by=by, at=at, facts={"final": final})


@transaction.atomic
def move_stage(stage: Stage, *, begins: date, ends: date, by: Actor, at: datetime) -> Stage:
    authorize(by, Permission.CAMPAIGN_MANAGE, stage, at=at)
    must_be_under_way(stage.campaign)
    if ends < begins:
        raise BadInput("结束日期早于开始日期", [Problem("结束日期不能早于开始日期", field="ends")])
    facts = {"phase": stage.phase, "batch": stage.batch, "from": [stage.begins, stage.ends], "to": [begins, ends]}
    stage.begins, stage.ends, stage.reminded_on = begins, ends, None
    stage.save(update_fields=["begins", "ends", "reminded_on"])
    record("campaigns.move_stage", stage, by=by, at=at, facts=facts)
    return stage


@transaction.atomic
def move_stages(moves: Sequence[tuple[Stage, date, date]], *, by: Actor, at: datetime) -> None:
    """Set new first and last days of stages, all or none."""
    by = authorize_many(by, Permission.CAMPAIGN_MANAGE, [stage for stage, *_ in moves], at=at)
    for stage, begins, ends in moves:
        move_stage(stage, begins=begins, ends=ends, by=by, at=at)
    for campaign in {stage.campaign for stage, *_ in moves}:
        _in_order(campaign)


def _in_order(campaign: Campaign) -> None:
    if wrong := wrong_order(campaign.plan, list(campaign.stages.all())):
        raise BadInput("阶段的先后不对，日期没有保存", wrong, remedy="请按方案的先后改好再保存。")


@transaction.atomic
def appoint_body(body: ReviewBody, *, organ: Organ, by: Actor, at: datetime) -> ReviewBody:
    authorize(by, Permission.CAMPAIGN_MANAGE, body, at=at)
    must_be_under_way(body.campaign)
    body.organ = organ
    body.save(update_fields=["organ"])
    record("campaigns.appoint_body", body, by=by, at=at, facts={"code": body.code, "organ": organ.pk})
    return body


@transaction.atomic
def appoint_bodies(chosen: Sequence[tuple[ReviewBody, Organ]], *, by: Actor, at: datetime) -> None:
    by = authorize_many(by, Permission.CAMPAIGN_MANAGE, [body for body, _ in chosen], at=at)
    for body, organ in chosen:
        appoint_body(body, organ=organ, by=by, at=at)


@transaction.atomic
def second_reviewers(body: ReviewBody, *, members: Sequence[User], by: Actor, at: datetime) -> ReviewBody:
    """Second people of other organs to a body that is a team (项目组).

    Those no longer named leave it.
    """
    authorize(by, Permission.CAMPAIGN_MANAGE, body, at=at)
    must_be_under_way(body.campaign)
    if not body.planned.team:
        raise Conflict(f"“{body.planned.label}”不是项目组，不能从别的单位抽调人员")
    body.members.set(members)
    named = [each.full_name for each in members]
    record("campaigns.second_reviewers", body, by=by, at=at, facts={"code": body.code, "members": named})
    return body


@transaction.atomic
def form_group(
    body: ReviewBody,
    *,
    label: str,
    members: Sequence[User],
    division_prefix: str = "",
    superior: Organ | None = None,
    by: Actor,
    at: datetime,
) -> ReviewGroup:
    """Form a group (分组分片) of those of a body who review certain units."""
    authorize(by, Permission.REVIEW_ARRANGE, body, at=at)
    if not label.strip() or not members:
        raise BadInput("请写组名，并选至少一位成员", [Problem("请写组名", field="label")])
    refuse_repeated(
        body,
        body.groups.filter(label=label.strip()),
        f"已经有“{label.strip()}”这个组",
        remedy="请换一个组名，或先解散它。",
    )
    group = body.groups.create(label=label.strip(), division_prefix=division_prefix, superior=superior)
    group.members.set(members)
    facts = {"body": body.code, "label": group.label, "members": [each.pk for each in members]}
    record("campaigns.form_group", group, by=by, at=at, facts=facts)
    return group


@transaction.atomic
def dissolve_group(group: ReviewGroup, *, by: Actor, at: datetime) -> None:
    authorize(by, Permission.REVIEW_ARRANGE, group.body, at=at)
    record("campaigns.dissolve_group", group, by=by, at=at, facts={"label": group.label})
    group.delete()


@transaction.atomic
def declare_recusal(campaign: Campaign, user: User, *, organ: Organ, reason: str, by: Actor, at: datetime) -> Recusal:
    """Declare (回避) that `user` reviews nothing of `organ` in this campaign.

    What was taken of it is free again.
    """
    authorize(by, Permission.REVIEW_GIVE, at=at)
    authorize(by, Permission.ACCOUNT_OWN, user, at=at)
    if not reason.strip():
        raise BadInput("请写回避的原因", [Problem("请写回避的原因", field="reason")])
    recusal, new = Recusal.objects.get_or_create(
        campaign=campaign, user=user, organ=organ, defaults={"reason": reason.strip(), "at": at}
    )
    taken = Review.objects.filter(entry__campaign=campaign, entry__participation__organ=organ, verdict="")
    taken.filter(claimed_by=user).update(claimed_by=None, claimed_at=None)
    if new:
        record("campaigns.declare_recusal", recusal, by=by, at=at, facts={"organ": organ.pk, "reason": recusal.reason})
    return recusal


@transaction.atomic
def invite_units(campaign: Campaign, *, organs: Sequence[Organ], by: Actor, at: datetime) -> list[Participation]:
    """Invite units, each in the batch of its level, passing over those invited already."""
    authorize(by, Permission.CAMPAIGN_MANAGE, campaign, at=at)
    must_be_under_way(campaign)
    hold(campaign)
    there = set(campaign.participations.values_list("organ_id", flat=True))
    plan, fresh = campaign.plan, list[Participation]()
    for organ in organs:
        if organ.pk in there:
            continue
        batch = plan.batch_of(organ.division.level)
        if batch is None or organ.kind not in plan.scope.kinds or organ.division.level not in plan.scope.levels:
            raise BadInput(f"“{organ}”不在这次清理的范围里", remedy="请核对单位的类别和层级，或换一个方案。")
        fresh.append(Participation(campaign=campaign, organ=organ, batch=batch.code))
    made = Participation.objects.bulk_create(fresh, ROWS_AT_ONCE)
    told = notify_many(of_invitations(campaign, made, day_of(at)), at=at) if campaign.state == "running" else set()
    facts = {"organs": [each.organ_id for each in made], "mailed": len(told)}
    record("campaigns.invite_units", campaign, by=by, at=at, facts=facts)
    for unit in made:
        add_items(unit)
    return made


def items_to_add(unit: Participation) -> QuerySet[Item]:
    """Select the unit's items in use, within the plan's categories, that are not on its list yet."""
    items = Item.objects.filter(organ=unit.organ_id, state="active").exclude(entries__campaign=unit.campaign_id)
    categories = unit.campaign.plan.scope.categories
    return items.filter(category__in=categories) if categories else items


def add_items(unit: Participation, chosen: Collection[int] | None = None) -> int:
    """Put such items on the list, of which only those `chosen`.

    Returns how many were added. Part of an action.
    """
    items = items_to_add(unit)
    if chosen is not None:
        items = items.filter(pk__in=chosen)
    entries = [
        Entry(campaign_id=unit.campaign_id, participation=unit, item_id=key, batch=unit.batch)
        for key in items.order_by("id").values_list("pk", flat=True)
    ]
    return len(Entry.objects.bulk_create(entries, ROWS_AT_ONCE))


@transaction.atomic
def open_campaign(campaign: Campaign, *, by: Actor, at: datetime) -> Campaign:
    """Open (启动) a campaign.

    All who review must be named, and somebody must take part.
    """
    by = authorize_move([campaign], "open", by=by, at=at)
    _in_order(campaign)
    missing = [
        each.planned.label for each in campaign.bodies.filter(organ=None, division=None) if each.planned.role in NEEDED
    ]
    if missing:
        raise BadInput(f"还没有定审核单位：{'、'.join(missing)}", remedy="请先选定各审核单位，再启动。")
    move(campaign, "open", by=by, at=at)
    units = list(campaign.participations.filter(left_at=None).select_related("organ"))
    told = notify_many(of_invitations(campaign, units, day_of(at)), at=at)
    facts = {"units": campaign.participations.count(), "mailed": len(told)}
    record("campaigns.open_campaign", campaign, by=by, at=at, facts=facts)
    return campaign


NEEDED = (BodyRole.LEAD, BodyRole.JOINT)


@transaction.atomic
def stop_campaign(campaign: Campaign, *, reason: str, by: Actor, at: datetime) -> Campaign:
    by = authorize_move([campaign], "stop", by=by, at=at)
    if not reason.strip():
        raise BadInput("请写中止的原因", [Problem("请写中止的原因", field="reason")])
    move(campaign, "stop", by=by, at=at, note=reason)
    record("campaigns.stop_campaign", campaign, by=by, at=at, facts={"reason": reason})
    return campaign


def must_be_under_way(campaign: Campaign) -> None:
    if campaign.state not in ("preparing", "running"):
        raise Conflict(f"“{campaign}”已经结束或正在公布，不能再改")
