"""Experts and lawyers: bodies with an organ review at the desk. Who is invited from outside, by a signed link."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localtime

from banshi.access import Permission, authorize
from banshi.campaigns.actions.reviewing import CriterionAnswer, lock_review, write_review
from banshi.campaigns.enums import BodyRole
from banshi.campaigns.models import LINE, Entry, Invitation, Review, ReviewBody
from banshi.core.crypto import decrypt, encrypt
from banshi.core.errors import BadInput, Conflict, Problem, Refused
from banshi.core.repeats import refuse_repeated
from banshi.ledger import Actor, record
from banshi.people.models import Organ

ADVISORY = (BodyRole.EXPERT, BodyRole.LEGAL)
OPEN = ("reviewing", "agreed")
ROWS_AT_ONCE = 1000
SECRET_BYTES = 24


@transaction.atomic
def send_to_body(entries: Sequence[Entry], *, body: ReviewBody, by: Actor, at: datetime) -> int:
    """Send entries to the desk of an expert or legal body (送论证、送合法性审查).

    Returns how many were not there yet.
    """
    authorize(by, Permission.REVIEW_ARRANGE, body, at=at)
    _require_advisory(body)
    if body.organ_id is None:
        raise BadInput(f"“{body}”还没有定是哪个单位", remedy="请组织单位先选定，或按姓名邀请专家。")
    found = _open_entries(entries, body)
    own = [each for each in found if each.participation.organ_id == body.organ_id]
    if own:
        raise Refused(f"“{body}”不能审自己的事项：“{own[0]}”等{len(own)}项", remedy="请去掉这些事项，或另请专家。")
    there = _there(found, body=body, invitation=None)
    fresh = [each for each in found if (each.pk, each.round) not in there]
    Review.objects.bulk_create([Review(entry=each, body=body, round=each.round) for each in fresh], ROWS_AT_ONCE)
    record("campaigns.send_to_body", body, by=by, at=at, facts={"entries": [each.pk for each in fresh]})
    return len(fresh)


@transaction.atomic
def invite_expert(
    body: ReviewBody,
    *,
    name: str,
    until: date,
    entries: Sequence[Entry],
    office: str = "",
    phone: str = "",
    by: Actor,
    at: datetime,
) -> tuple[Invitation, str]:
    """Invite an expert (邀请专家), and return the secret of the link.

    It is told this once. Only its blind index is kept.
    """
    authorize(by, Permission.REVIEW_ARRANGE, body, at=at)
    _require_advisory(body)
    problems = [] if name.strip() else [Problem("请写专家姓名", field="name")]
    if until < localtime(at).date():
        problems.append(Problem("有效期不能早于今天", field="until"))
    if not entries:
        problems.append(Problem("请选要论证的事项", field="entries"))
    if problems:
        raise BadInput("邀请还没写完", problems)
    refuse_repeated(
        body,
        body.invitations.filter(name=name.strip(), office=office.strip(), until=until, ended_at=None),
        f"已经邀请了{name.strip()}",
        remedy="要多请他论证几项的，请在邀请里添加；没有记下链接的，请撤回那份邀请再发。",
    )
    secret = secrets.token_urlsafe(SECRET_BYTES)
    invitation = Invitation.objects.create(
        body=body,
        name=name.strip(),
        office=office.strip(),
        phone_sealed=encrypt(phone.strip(), purpose=Invitation.PURPOSE),
        token_index=Invitation.index_of(secret),
        until=until,
    )
    facts = {"name": invitation.name, "until": until, "entries": _hand_over(invitation, entries)}
    record("campaigns.invite_expert", invitation, by=by, at=at, facts=facts)
    return invitation, secret


@transaction.atomic
def add_to_invitation(invitation: Invitation, *, entries: Sequence[Entry], by: Actor, at: datetime) -> int:
    """Add entries for an expert, also those reported anew.

    Returns how many were not there yet.
    """
    authorize(by, Permission.REVIEW_ARRANGE, invitation, at=at)
    _still_open(invitation, at)
    added = _hand_over(invitation, entries)
    record("campaigns.add_to_invitation", invitation, by=by, at=at, facts={"entries": added})
    return len(added)


def _hand_over(invitation: Invitation, entries: Sequence[Entry]) -> list[int]:
    found = _open_entries(entries, invitation.body)
    ties = set(invitation.ties.values_list("pk", flat=True))
    if tied := [each for each in found if each.participation.organ_id in ties]:
        raise Refused(f"{invitation}申报过与“{tied[0].participation}”的关系", remedy="请去掉它的事项，或另请专家。")
    there = _there(found, body=invitation.body, invitation=invitation)
    fresh = [each for each in found if (each.pk, each.round) not in there]
    invitation.entries.add(*found)
    Review.objects.bulk_create(
        [Review(entry=each, body=invitation.body, invitation=invitation, round=each.round) for each in fresh],
        ROWS_AT_ONCE,
    )
    return [each.pk for each in fresh]


def _there(entries: Sequence[Entry], **of: ReviewBody | Invitation | None) -> set[tuple[int, int]]:
    return set(Review.objects.filter(entry__in=entries, **of).values_list("entry", "round"))


def _open_entries(entries: Sequence[Entry], body: ReviewBody) -> list[Entry]:
    keys = [each.pk for each in entries]
    asked = Entry.objects.select_for_update(of=("self",)).filter(pk__in=keys, campaign=body.campaign_id, state__in=OPEN)
    found = list(asked.select_related("participation__organ", "item").order_by("id"))
    if len(found) != len(set(keys)):
        raise Conflict("有的事项已经退回、撤回或审定，没有送出任何一项", remedy="请刷新页面重新选择。")
    return found


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, reason: str, by: Actor, at: datetime) -> None:
    """Withdraw the link, which opens nothing from now on.

    Opinions given stay.
    """
    authorize(by, Permission.REVIEW_ARRANGE, invitation, at=at)
    if not reason.strip():
        raise BadInput("请写收回的原因", [Problem("请写收回的原因", field="reason")])
    if not Invitation.objects.filter(pk=invitation.pk, ended_at=None).update(ended_at=at):
        raise Conflict("这份邀请已经收回了")
    record("campaigns.withdraw_invitation", invitation, by=by, at=at, facts={"reason": reason.strip()})


@transaction.atomic
def look_at_phone(invitation: Invitation, *, by: Actor, at: datetime) -> str:
    """Return the sealed number.

    Each look is recorded.
    """
    authorize(by, Permission.REVIEW_ARRANGE, invitation, at=at)
    record("campaigns.look_at_phone", invitation, by=by, at=at)
    return decrypt(bytes(invitation.phone_sealed), purpose=Invitation.PURPOSE)


@transaction.atomic
def declare_interest(
    invitation: Invitation, *, organs: Sequence[Organ], reason: str = "", by: Invitation, at: datetime
) -> Invitation:
    """Declare ties with units (利益关系申报) before anything is read.

    Their items leave the list.
    """
    authorize(by, Permission.EXPERT_OPINE, invitation, at=at)
    if organs and not reason.strip():
        raise BadInput("请写是什么关系", [Problem("请写与这些单位是什么关系", field="reason")])
    _still_open(invitation, at)
    text = f"{'、'.join(str(each) for each in organs)}：{reason.strip()}"[:LINE] if organs else ""
    if not Invitation.objects.filter(pk=invitation.pk, declared_at=None).update(conflict=text, declared_at=at):
        raise Conflict("您已经申报过了", remedy="情况有变的，请联系邀请您的单位。")
    theirs = Entry.objects.filter(invitations=invitation, participation__organ__in=organs)
    invitation.reviews.filter(entry__in=theirs, verdict="").delete()
    facts = {"organs": [each.pk for each in organs], "reason": reason.strip()}
    invitation.entries.remove(*theirs)
    invitation.ties.set(organs)
    record("campaigns.declare_interest", invitation, by=by, at=at, facts=facts)
    invitation.refresh_from_db()
    return invitation


@transaction.atomic
def give_expert_opinion(
    review: Review,
    *,
    verdict: str,
    disposition: str,
    answers: Sequence[CriterionAnswer] = (),
    note: str,
    digest: str,
    by: Invitation,
    at: datetime,
) -> Review:
    """Record the written opinion (论证意见) of an invited expert on the text with `digest`."""
    now = lock_review(review, at)
    allowed = authorize(by, Permission.EXPERT_OPINE, now, at=at)
    _still_open(by, at)
    if by.declared_at is None:
        raise Conflict("请先申报利益关系", remedy="回到第一页申报以后，再看事项、提意见。")
    if not note.strip():
        raise BadInput("意见还没写完", [Problem("请写论证意见", field="note")])
    return write_review(
        now,
        verdict=verdict,
        disposition=disposition,
        answers=answers,
        note=note,
        digest=digest,
        name=by.ledger_name,
        by=allowed,
        at=at,
    )


def _require_advisory(body: ReviewBody) -> None:
    if body.planned.role not in ADVISORY:
        raise BadInput(f"“{body}”不是专家或合法性审查单位")


def _still_open(invitation: Invitation, at: datetime) -> None:
    ended = Invitation.objects.filter(pk=invitation.pk).exclude(ended_at=None).exists()
    if ended or invitation.until < localtime(at).date():
        raise Conflict("这份邀请已经到期或收回", remedy="请联系邀请您的单位。")
