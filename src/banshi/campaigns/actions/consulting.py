"""公示征求意见: opened for days, anyone writes, each comment is read, shown or not, and answered. Then summed up."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localtime

from banshi.access import Allowed, Permission, authorize
from banshi.campaigns.enums import PhaseKind
from banshi.campaigns.models import Campaign, Comment, Consultation, Entry, Participation
from banshi.campaigns.notifications import of_comment, of_returns
from banshi.catalog.actions import return_texts
from banshi.catalog.actions.drafts import content_digest
from banshi.core.clock import chinese_date, day_of
from banshi.core.crypto import decrypt, encrypt
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.core.ids import legible_code
from banshi.core.repeats import A_CLICK, hold
from banshi.ledger import Actor, record
from banshi.notifications.notify import notify_many
from banshi.workflow.actions import move_held
from banshi.workflow.queries import moves_possible

"""Without those one mistakes for each other when reading them aloud."""
RECEIPT_LENGTH = 10
LONGEST = 2000


@transaction.atomic
def open_consultation(
    campaign: Campaign, *, title: str, body: str, opens: date, closes: date, by: Actor, at: datetime
) -> Consultation:
    """Show what passed review to the public from `opens` to `closes`, both days counted."""
    authorize(by, Permission.CAMPAIGN_MANAGE, campaign, at=at)
    if not campaign.plan.has(PhaseKind.PUBLIC):
        raise Conflict("这项工作的方案里没有公示征求意见")
    problems = [Problem("请写标题", field="title")] if not title.strip() else []
    if closes < opens:
        problems.append(Problem("结束日期不能早于开始日期", field="closes"))
    asked = campaign.plan.consulted_round
    ready = Q(state="reviewing", round__gte=asked) if asked else Q(state="agreed")
    if not campaign.entries.filter(ready).exists():
        problems.append(Problem(f"还没有第{asked}轮上报的事项可以公示" if asked else "还没有审核通过的事项可以公示"))
    if problems:
        raise BadInput("还不能公示", problems)
    given = {"title": title.strip(), "body": body.strip(), "opens": opens, "closes": closes}
    consultation, new = Consultation.objects.get_or_create(campaign=campaign, defaults=given)
    if not new:
        raise Conflict("已经公示过了", remedy="要延长的，请改结束日期。")
    record("campaigns.open_consultation", consultation, by=by, at=at, facts=shown_of(consultation))
    return consultation


@transaction.atomic
def extend_consultation(consultation: Consultation, *, closes: date, by: Actor, at: datetime) -> Consultation:
    authorize(by, Permission.CAMPAIGN_MANAGE, consultation, at=at)
    if consultation.closed_at or closes <= consultation.closes:
        raise BadInput("延长的日期要在原定日期之后，并且公示还没有办结", [Problem("请改日期", field="closes")])
    before = consultation.closes
    consultation.closes = closes
    consultation.save(update_fields=["closes"])
    facts = {"from": before, "to": closes, **shown_of(consultation)}
    record("campaigns.extend_consultation", consultation, by=by, at=at, facts=facts)
    return consultation


@transaction.atomic
def comment_on(
    consultation: Consultation, *, text: str, contact: str = "", entry: Entry | None = None, by: Actor, at: datetime
) -> Comment:
    """Keep a comment, on one item or on the whole.

    `receipt` is how its author finds the answer.
    """
    authorize(by, Permission.PUBLIC_COMMENT, at=at)
    if not consultation.opens <= localtime(at).date() <= consultation.closes:
        raise Conflict("现在不在征求意见的时间里", remedy="平时的意见建议，请向承办单位提出。")
    if not text.strip():
        raise BadInput("请写您的意见", [Problem("请写您的意见", field="text")])
    given = {"entry": entry, "text": text.strip()[:LONGEST]}
    hold(consultation)
    for just in consultation.comments.filter(**given, at__gt=at - A_CLICK):
        if decrypt(bytes(just.contact_sealed), purpose=Comment.PURPOSE) == contact.strip()[:100]:
            return just  # a second click: the same receipt
    comment = consultation.comments.create(
        **given,
        contact_sealed=encrypt(contact.strip()[:100], purpose=Comment.PURPOSE),
        receipt=legible_code(RECEIPT_LENGTH),
        at=at,
    )
    record(
        "campaigns.comment_on",
        comment,
        by=by,
        at=at,
        facts={"entry": entry and entry.pk, "digest": comment_digest(comment)},
    )
    return comment


@transaction.atomic
def show_comment(comment: Comment, *, by: Actor, at: datetime) -> Comment:
    authorize(by, Permission.CAMPAIGN_MANAGE, comment, at=at)
    return _moderate(comment, Comment.State.SHOWN, "", by, at)


@transaction.atomic
def hide_comment(comment: Comment, *, reason: str, by: Actor, at: datetime) -> Comment:
    """Hide a comment from the public (涉及隐私、人身攻击、广告).

    It is answered all the same.
    """
    authorize(by, Permission.CAMPAIGN_MANAGE, comment, at=at)
    if not reason.strip():
        raise BadInput("请写不公开的原因", [Problem("请写原因", field="reason")])
    return _moderate(comment, Comment.State.HIDDEN, reason.strip(), by, at)


def _moderate(comment: Comment, state: str, reason: str, by: Actor, at: datetime) -> Comment:
    comment.state, comment.hidden_reason = state, reason
    comment.save(update_fields=["state", "hidden_reason"])
    record("campaigns.moderate_comment", comment, by=by, at=at, facts={"state": state, "reason": reason})
    return comment


@transaction.atomic
def answer_comment(
    comment: Comment,
    *,
    answer: str,
    accepted: bool,
    entries: Sequence[Entry] = (),
    unit: Participation | None = None,
    by: Actor,
    at: datetime,
) -> Comment:
    """Answer once.

    The answer is shown when the comment is. What is accepted opens its item for the unit to change; of a comment on the
    whole list, the `entries` it is about, or it is handed on to the `unit` that is to see what is missing.
    """
    by = authorize(by, Permission.CAMPAIGN_MANAGE, comment, at=at)
    if not answer.strip():
        raise BadInput("请写答复", [Problem("请写答复", field="answer")])
    if accepted and comment.entry is None and not entries and unit is None:
        told = "采纳以后由谁去改？请写涉及的事项，或选一个单位"
        raise BadInput(told, [Problem(told, field="entries")])
    written = {
        "unit": unit if accepted else None,
        "answer": answer.strip()[:LONGEST],
        "accepted": accepted,
        "answered_by": by.ledger_name,
        "answered_at": at,
    }
    if not Comment.objects.filter(pk=comment.pk, answered_at=None).update(**written):
        raise Conflict("这条意见已经答复过了")
    comment.refresh_from_db()
    about = [comment.entry] if comment.entry else list(entries)
    said = {"accepted": accepted, "answer": answer_digest(comment)}
    facts = {**said, "entries": [each.pk for each in about], "unit": unit and unit.pk}
    record("campaigns.answer_comment", comment, by=by, at=at, facts=facts)
    for each in about if accepted else ():
        _open_for_unit(each, comment, by, at)
    if accepted and unit:
        notify_many([of_comment(unit, day_of(at))], at=at)
    return comment


def _open_for_unit(about: Entry, comment: Comment, by: Allowed, at: datetime) -> None:
    """Return an item that has passed to its unit."""
    rows = Entry.objects.select_for_update(of=("self",)).select_related("text__item", "participation__campaign")
    entry = rows.get(pk=about.pk)
    if "reopen" not in {each.name for each in moves_possible(entry, at=at)}:
        return
    note = f"采纳公众意见：{comment.text}"[:500]
    move_held([entry], "reopen", by=by, at=at, note=note)
    return_texts([entry.text] if entry.text else [], reason=note[:300], by=by, at=at)
    record(
        "campaigns.reopen",
        entry,
        by=by,
        at=at,
        facts={"comment": comment.pk, "digest": entry.text.digest if entry.text else ""},
    )
    notify_many(of_returns([entry.participation], day_of(at)), at=at)


@transaction.atomic
def settle_comment(
    comment: Comment,
    *,
    show: bool,
    hidden_reason: str = "",
    answer: str,
    accepted: bool,
    entries: Sequence[Entry] = (),
    unit: Participation | None = None,
    by: Actor,
    at: datetime,
) -> Comment:
    """Show a comment or not, and answer it."""
    by = authorize(by, Permission.CAMPAIGN_MANAGE, comment, at=at)
    if show:
        show_comment(comment, by=by, at=at)
    else:
        hide_comment(comment, reason=hidden_reason, by=by, at=at)
    return answer_comment(comment, answer=answer, accepted=accepted, entries=entries, unit=unit, by=by, at=at)


@transaction.atomic
def look_at_comment_contact(comment: Comment, *, by: Actor, at: datetime) -> str:
    """Reveal a comment's contact.

    Each look is recorded.
    """
    authorize(by, Permission.CAMPAIGN_MANAGE, comment, at=at)
    record("campaigns.look_at_comment_contact", comment, by=by, at=at)
    return decrypt(bytes(comment.contact_sealed), purpose=Comment.PURPOSE)


@transaction.atomic
def close_consultation(consultation: Consultation, *, summary: str, by: Actor, at: datetime) -> Consultation:
    """Close after the last day, with every comment answered, and tell all what was taken up."""
    authorize(by, Permission.CAMPAIGN_MANAGE, consultation, at=at)
    if localtime(at).date() <= consultation.closes:
        raise Conflict(f"公示到{chinese_date(consultation.closes)}为止，还没有结束")
    if waiting := consultation.comments.filter(answered_at=None).count():
        raise BadInput(f"还有{waiting}条意见没有答复", remedy="请逐条答复后再办结。")
    if not summary.strip():
        raise BadInput("请写意见采纳情况", [Problem("请写意见采纳情况", field="summary")])
    if not Consultation.objects.filter(pk=consultation.pk, closed_at=None).update(
        summary=summary.strip(), closed_at=at
    ):
        raise Conflict("公示已经办结了")
    consultation.refresh_from_db()
    facts = {"comments": consultation.comments.count(), **shown_of(consultation)}
    record("campaigns.close_consultation", consultation, by=by, at=at, facts=facts)
    return consultation


def shown_of(consultation: Consultation) -> dict[str, object]:
    """Tell the days of a consultation, and its texts by their digest."""
    texts = {"title": consultation.title, "body": consultation.body, "summary": consultation.summary}
    return {"opens": consultation.opens, "closes": consultation.closes, "digest": content_digest(texts)}


def comment_digest(comment: Comment) -> str:
    """Digest what somebody of the public wrote, and the sealed way to reach them."""
    contact = bytes(comment.contact_sealed).hex()
    return content_digest({"text": comment.text, "contact": contact, "receipt": comment.receipt})


def answer_digest(comment: Comment) -> str:
    return content_digest({"answer": comment.answer, "by": comment.answered_by})
