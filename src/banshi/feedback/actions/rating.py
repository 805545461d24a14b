"""Asking for ratings and giving them. Acts of who rates stand in the ledger as a visitor's, so that nobody finds them there."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction

from banshi.access import Permission, Visitor, authorize
from banshi.calendar.deadlines import due_rank
from banshi.calendar.queries import calendar_in_force
from banshi.cases.models import Case
from banshi.cases.sealing import seal
from banshi.catalog.models import Item
from banshi.core.clock import day_of
from banshi.core.crypto import blind_index, digest
from banshi.core.errors import BadInput, Conflict, Problem, Refused
from banshi.core.ids import legible_code
from banshi.core.phone_numbers import is_phone
from banshi.events import emit
from banshi.feedback.complaint_routing import STAFF, named_in
from banshi.feedback.enums import BAD_GRADES, Grade, RatingChannel
from banshi.feedback.events import BAD_RATING_RECEIVED, INVITED, RATED, RATED_AGAIN
from banshi.feedback.models import BadRating, RatedPerson, Rating, RatingInvitation
from banshi.feedback.notifications import BAD_RATING, INVITATION, RATED_AGAIN_BADLY
from banshi.feedback.policy import policy
from banshi.feedback.sealing import DEVICE, RATER, WORDS
from banshi.ledger import Actor, name_of, record
from banshi.notifications.notify import notify
from banshi.notifications.recipients import holders
from banshi.people.models import Organ, Post, User
from banshi.people.posts import posts_of
from banshi.people.queries import account_of, mobiles_of, names_of

CODE_LENGTH = 10
LONGEST_WORDS = 1000


@dataclass(frozen=True, slots=True)
class RatingDevice:
    """A browser a rating comes from: `signs` tell it from others, `staff` are accounts of the office it was signed in by."""

    signs: str = ""
    staff: Collection[int] = ()


@transaction.atomic
def invite_to_rate(
    service: models.Model,
    *,
    label: str,
    organ: Organ,
    item: Item | None = None,
    rated: Iterable[int] = (),
    citizen: User | None = None,
    window: str = "",
    channel: str = RatingChannel.ONLINE,
    by: Actor,
    at: datetime,
) -> RatingInvitation:
    """Ask for a rating of one service, once however often it is called."""
    by = authorize(by, Permission.RATING_INVITE, organ, at=at)
    invitation, made = RatingInvitation.objects.get_or_create(
        service=name_of(service),
        defaults={
            "code": legible_code(CODE_LENGTH),
            "label": label[:300],
            "case": service if isinstance(service, Case) else None,
            "organ": organ,
            "item": item,
            "window": window,
            "channel": channel,
            "citizen": citizen,
            "invited_at": at,
            "expires_at": at + timedelta(days=policy().rating.open_days),
        },
    )
    if made:
        people = [RatedPerson(invitation=invitation, user_id=pk) for pk in sorted(set(rated))]
        RatedPerson.objects.bulk_create(people)
        record("feedback.invite_to_rate", invitation, by=by, at=at, facts={"service": name_of(service)})
        emit(INVITED, invitation, by=by, at=at)
        if citizen is not None:
            until = day_of(invitation.expires_at)
            context = {"label": label, "code": invitation.code, "until": until}
            notify(INVITATION, [citizen.pk], subject=invitation, context=context, at=at)
    return invitation


@transaction.atomic
def rate(
    invitation: RatingInvitation,
    *,
    grade: int,
    tags: Iterable[str] = (),
    words: str = "",
    named: bool = False,
    name: str = "",
    phone: str = "",
    device: RatingDevice = RatingDevice(),
    by: Actor,
    at: datetime,
) -> Rating:
    """Give one rating of a service, with or without one's name."""
    authorize(by, Permission.RATING_GIVE, at=at)
    held = (
        RatingInvitation.objects.select_for_update(of=("self",)).select_related("organ", "item").get(pk=invitation.pk)
    )
    _refuse_the_rated(held, device, by, at)
    if Rating.objects.filter(invitation=held).exists():
        raise Conflict("这次服务已经评价过了，一次服务评价一次", remedy="要补充的，可以写投诉或者打 12345。")
    if held.expires_at <= at:
        raise Conflict("评价的时间已经过了", remedy="有意见的，可以写投诉或者打 12345。")
    known, chosen = {each.code for each in policy().rating.tags}, list(dict.fromkeys(tags))
    if grade not in Grade.values:
        raise BadInput("没有选满意度", remedy="请从五个里选一个。")
    if unknown := set(chosen) - known:
        raise BadInput(f"没有这样的原因：{'、'.join(sorted(unknown))}", remedy="请刷新页面重新选。")
    account = account_of(by)
    if account is not None and named:
        name, phone = names_of([account])[account.pk], mobiles_of([account.pk]).get(account.pk, account.phone)
    elif named and not is_phone(phone):
        raise BadInput("电话不对", [Problem("请核对；不想留电话的，去掉“实名评价”", field="phone")])
    person = {"name": name, "phone": phone}
    rater: dict[str, Any] = {**person, "user": account.pk if account else None} if named else {}
    rating = Rating.objects.create(
        invitation=held,
        organ=held.organ,
        item=held.item,
        window=held.window,
        channel=held.channel,
        grade=grade,
        tags=chosen,
        words_sealed=seal(words.strip()[:LONGEST_WORDS], purpose=WORDS),
        rater_sealed=seal(rater, purpose=RATER),
        named=named,
        device=blind_index(f"{device.signs} {day_of(at)}", purpose=DEVICE) if device.signs else "",
        staff_device=Post.objects.filter(user__in=device.staff, organ=held.organ).exists(),
        at=at,
    )
    told = {"grade": grade, "channel": held.channel, "named": named}
    said = {"words": digest(bytes(rating.words_sealed)), "tags": chosen}
    record("feedback.rate", rating, by=Visitor(), at=at, facts={**told, **said})
    emit(RATED, rating, by=Visitor(), at=at, **told)
    if grade in BAD_GRADES:
        # Whoever is named in it neither verifies it nor learns who rated.
        named_too = [RatedPerson(invitation=held, user_id=pk) for pk in named_in(words, STAFF(held.organ_id))]
        RatedPerson.objects.bulk_create(named_too, ignore_conflicts=True)
        _open_handling(rating, at)
    return rating


def _refuse_the_rated(invitation: RatingInvitation, device: RatingDevice, by: Actor, at: datetime) -> None:
    """Refuse staff of the organ that is rated, and the devices of whose work it was."""
    account = account_of(by)
    if account and invitation.rated.filter(user=account).exists():
        raise Refused("这次服务是您经办的，不能由您评价", remedy="请由办事的人用自己的手机评。")
    if account and posts_of(account, at).filter(organ=invitation.organ_id).exists():
        raise Refused("本单位的工作人员不能评价本单位的服务", remedy="请由办事的人用自己的手机评；有意见的可以写投诉。")
    if invitation.rated.filter(user__in=device.staff).exists():
        raise Refused("这台设备登录过经办人的账号，不能在这里评价", remedy="请由办事的人用自己的手机评。")


def _open_handling(rating: Rating, at: datetime) -> None:
    """Begin what a bad rating brings: two last days, and somebody else than the rated is told."""
    rules, calendar, day = policy().rating, calendar_in_force(), day_of(at)
    bad = BadRating.objects.create(
        rating=rating,
        organ=rating.organ,
        contact_rank=due_rank(day, rules.contact_days, calendar=calendar) if rating.named else None,
        due_rank=calendar.rank_of(day) + rules.mend_days,
    )
    ranks = {"contact_rank": bad.contact_rank, "due_rank": bad.due_rank}
    record("feedback.receive_bad_rating", bad, by=Visitor(), at=at, facts={"rating": rating.pk, **ranks})
    emit(BAD_RATING_RECEIVED, bad, by=Visitor(), at=at, **ranks)
    context = {"bad": str(bad), "label": rating.invitation.label, "last": calendar.day_of(bad.due_rank)}
    notify(BAD_RATING, _verifiers(bad, at), subject=bad, context=context, at=at)


def _verifiers(bad: BadRating, at: datetime) -> set[int]:
    """List who verifies it, without whoever was rated."""
    rated = set(bad.rating.invitation.rated.values_list("user", flat=True))
    return holders([bad.organ_id], Permission.RATING_VERIFY, day_of(at)).get(bad.organ_id, set()) - rated


@transaction.atomic
def rate_again(
    invitation: RatingInvitation, *, grade: int, device: RatingDevice = RatingDevice(), by: Actor, at: datetime
) -> BadRating:
    """Give a second rating of what was put right, beside the first."""
    authorize(by, Permission.RATING_GIVE, at=at)
    _refuse_the_rated(invitation, device, by, at)
    held = BadRating.objects.select_for_update(of=("self",)).select_related("organ", "rating")
    bad = held.filter(rating__invitation=invitation, state__in=("answered", "closed"), again_at=None).first()
    if bad is None:
        raise Conflict("现在不能再评价", remedy="差评处理完以后可以再评价一次。")
    if grade not in Grade.values:
        raise BadInput("没有选满意度", remedy="请从五个里选一个。")
    bad.again_grade, bad.again_at = grade, at
    bad.save(update_fields=["again_grade", "again_at"])
    told = {"grade": grade, "channel": bad.rating.channel, "named": bad.rating.named}
    record("feedback.rate_again", bad, by=Visitor(), at=at, facts=told)
    emit(RATED_AGAIN, bad, by=Visitor(), at=at, **told)
    if grade in BAD_GRADES:
        context = {"bad": str(bad), "label": invitation.label}
        notify(RATED_AGAIN_BADLY, _verifiers(bad, at), subject=bad, context=context, at=at)
    return bad
