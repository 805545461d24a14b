"""许愿: wishes with supporters of a text, moderated, answered by a date, followed until there is an item."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from banshi.access import Permission, authorize
from banshi.adjustments.models import Adjustment
from banshi.calendar.queries import calendar_in_force
from banshi.catalog.models import Item
from banshi.catalog.queries import in_force
from banshi.core.clock import day_of
from banshi.core.crypto import digest
from banshi.core.errors import BadInput, Conflict, Problem, Refused
from banshi.events import emit
from banshi.feedback.actions.lateness import SOFTWARE, tell_before_it_ends
from banshi.feedback.enums import WishAnswer
from banshi.feedback.events import WISH_ANSWERED, WISH_MADE, WISH_OWED_ANSWER, WISH_REALISED, WISH_SUPPORTED
from banshi.feedback.models import Wish, WishSupport, WishText
from banshi.feedback.notifications import WISH_NEWS, WISH_OWED
from banshi.feedback.policy import policy
from banshi.feedback.queries import SUPPORTABLE, division_of_desk, is_young, text_shown_before
from banshi.ledger import Actor, record
from banshi.notifications.notify import notify
from banshi.notifications.recipients import holders
from banshi.people.models import Organ, User
from banshi.people.queries import account_of
from banshi.workflow.actions import move
from banshi.workflow.transitions import authorize_move

MOVES: dict[str, str] = {
    WishAnswer.ADOPTED: "adopt",
    WishAnswer.EXISTING: "exist",
    WishAnswer.NOT_NOW: "postpone",
    WishAnswer.NOT_OURS: "disclaim",
}
MEANS_ELSE = "提出的人改了意思。您的支持还在原来的文字上，请看过新的文字再决定要不要转过来"


def _signed_in(by: Actor, at: datetime) -> User:
    """Return the account behind who wishes or supports, which has to be somebody's."""
    authorize(by, Permission.WISH_GIVE, at=at)
    account = account_of(by)
    if account is None:
        raise Refused("许愿和支持要先登录", remedy="一个人支持一次，所以要登录；登录后回到这一页。")
    return account


def _checked(title: str, text: str) -> tuple[str, str]:
    problems = []
    if not 4 <= len(title.strip()) <= 80:
        problems.append(Problem("愿望写4到80个字", field="title"))
    if len(text.strip()) > 2000:
        problems.append(Problem("说明最多2000字", field="text"))
    if problems:
        raise BadInput("没有写好", problems, remedy="愿望用一句话写清想办什么事。")
    return title.strip(), text.strip()


def _locked(wish: Wish) -> Wish:
    return Wish.objects.select_for_update(of=("self",)).select_related("organ", "division").get(pk=wish.pk)


def wish_digest(title: str, text: str) -> str:
    return digest(f"{title}\x1f{text}".encode())


def _refuse_repeated(account: User, title: str, text: str) -> None:
    """Refuse a wish one has made in the same words and that is under way."""
    User.objects.select_for_update().get(pk=account.pk)  # of two at once the second sees what the first has made
    under_way = WishText.objects.filter(wish__author=account, wish__state__in=("submitted", "open"))
    if under_way.filter(digest=wish_digest(title, text)).exists():
        raise Conflict("同样的愿望您已经提过了", remedy="它正在审看或者征集支持，请在“许愿”里查看。")


def _write_text(wish: Wish, title: str, text: str, at: datetime) -> WishText:
    signed = wish_digest(title, text)
    return WishText.objects.create(wish=wish, round=wish.round, title=title, text=text, digest=signed, at=at)


@transaction.atomic
def make_wish(*, title: str, text: str = "", organ: Organ | None = None, by: Actor, at: datetime) -> Wish:
    """Make a wish and support it, seen by all once somebody has looked at it."""
    account = _signed_in(by, at)
    title, text = _checked(title, text)
    _refuse_repeated(account, title, text)
    division = organ.division if organ else division_of_desk(Permission.WISH_MODERATE, at=at)
    wish = Wish.objects.create(author=account, division=division, organ=organ, title=title, created_at=at)
    written = _write_text(wish, title, text, at)
    WishSupport.objects.create(wish=wish, text=written, user=account, doubtful=is_young(account, at), at=at)
    record("feedback.make_wish", wish, by=by, at=at, facts={"text": written.digest})
    emit(WISH_MADE, wish, by=by, at=at)
    return wish


@transaction.atomic
def make_wish_of_searches(*, title: str, text: str = "", organ: Organ, searched: int, by: Actor, at: datetime) -> Wish:
    """Make a wish of what people searched and did not find, in the desk's words and with nobody's support yet."""
    by = authorize(by, Permission.WISH_MODERATE, organ, at=at)
    title, text = _checked(title, text)
    account = account_of(by)
    if account is None:
        raise Refused("要由审看愿望的人来写", remedy="请用工作人员的账号登录。")
    _refuse_repeated(account, title, text)
    kept = {"division": organ.division, "organ": organ, "title": title, "created_at": at, "searched": searched}
    wish = Wish.objects.create(author=account, **kept)
    written = _write_text(wish, title, text, at)
    record("feedback.make_wish", wish, by=by, at=at, facts={"text": written.digest, "searched": searched})
    emit(WISH_MADE, wish, by=by, at=at)
    return wish


@transaction.atomic
def moderate_wish(
    wish: Wish,
    *,
    publish: bool,
    organ: Organ | None = None,
    reason: str = "",
    new_meaning: bool = False,
    by: Actor,
    at: datetime,
) -> Wish:
    """Publish a wish, naming who will answer it, or decline with a reason its author reads.

    `new_meaning` says of a text that was changed as a slip only that it means something else.
    """
    now = _locked(wish)
    before = text_shown_before(now)
    by = authorize_move([now], "publish" if publish else "decline", by=by, at=at)
    if publish:
        receiver = organ or now.organ
        if receiver is None:
            raise BadInput(
                "没有选答复单位", [Problem("请选由哪个单位答复", field="organ")], remedy="支持的人够了由它答复。"
            )
        begun = int(new_meaning and before is not None and before.round == now.round)
        if begun:
            _move_author(now, round=now.round + 1)
        move(now, "publish", by=by, at=at, round=now.round + begun)
        Wish.objects.filter(pk=now.pk).update(organ=receiver)
        now.organ = receiver
    else:
        if not reason.strip():
            raise BadInput("没有写理由", [Problem("请写明为什么不公开", field="reason")], remedy="提出的人会看到。")
        move(now, "decline", note=reason.strip(), by=by, at=at, reason=reason.strip()[:500])
    facts = {"publish": publish, "organ": now.organ_id, "round": now.round}
    record("feedback.moderate_wish", now, by=by, at=at, facts=facts)
    said = (
        f"已经公开，到{policy().wish.threshold}人支持，单位必须答复；可以把它转给想法一样的人"
        if publish
        else f"没有公开：{reason.strip()}"
    )
    notify(WISH_NEWS, [now.author_id], subject=now, context={"title": now.title, "said": said}, at=at)
    if before is not None and not publish:
        _tell_supporters(now, "提出的人改了文字，改后的没有公开", at, but=now.author_id, title=before.title)
    elif before is not None and before.round != now.round:
        _tell_supporters(now, MEANS_ELSE, at, but=now.author_id)
    if publish:
        _count_support(now, by, at)
    return now


def _move_author(wish: Wish, *, round: int) -> None:
    """Put the last text of a wish, and its author's support, into a round."""
    written = wish.texts.latest("id")
    WishText.objects.filter(pk=written.pk).update(round=round)
    WishSupport.objects.filter(wish=wish, user=wish.author_id).update(text=written)


@transaction.atomic
def support_wish(wish: Wish, *, text: WishText, by: Actor, at: datetime) -> WishSupport:
    """Give or move the one support of a person to the text that was read."""
    account = _signed_in(by, at)
    now = _locked(wish)
    if now.state not in SUPPORTABLE:
        raise Conflict("现在不征集支持", remedy="请打开愿望查看现在的情况。")
    if text.wish_id != now.pk or text.round != now.round:
        raise Conflict("您看到的是改动以前的文字", remedy="请看过新的文字再决定支持不支持。")
    support, made = WishSupport.objects.update_or_create(
        wish=now, user=account, defaults={"text": text, "at": at, "doubtful": is_young(account, at)}
    )
    record("feedback.support_wish", now, by=by, at=at, facts={"text": text.digest, "moved": not made})
    emit(WISH_SUPPORTED, now, by=by, at=at, round=now.round)
    _count_support(now, by, at)
    return support


@transaction.atomic
def withdraw_support(wish: Wish, *, by: Actor, at: datetime) -> None:
    """Take one's support back while it is asked for."""
    account = _signed_in(by, at)
    now = _locked(wish)
    if (
        now.state not in ("submitted", *SUPPORTABLE)
        or not WishSupport.objects.filter(wish=now, user=account).delete()[0]
    ):
        raise Conflict("现在不能收回支持", remedy="请打开愿望查看现在的情况。")
    record("feedback.withdraw_support", now, by=by, at=at)


def _count_support(wish: Wish, by: Actor, at: datetime) -> None:
    """Give an open wish that enough people support to its organ, with a day to answer by."""
    if wish.state != "open":
        return
    rules, calendar, day = policy().wish, calendar_in_force(), day_of(at)
    if WishSupport.objects.filter(wish=wish, text__round=wish.round, doubtful=False).count() < rules.threshold:
        return
    last = calendar.rank_of(day) + rules.answer_days
    move(wish, "reach", by=by, at=at, due_rank=last)
    record("feedback.reach_threshold", wish, by=by, at=at, facts={"due_rank": last})
    emit(WISH_OWED_ANSWER, wish, by=by, at=at, round=wish.round, due_rank=last)
    people = holders([wish.organ_id], Permission.WISH_ANSWER, day).get(wish.organ_id, set()) if wish.organ_id else set()
    notify(WISH_OWED, people, subject=wish, context={"title": wish.title, "last": calendar.day_of(last)}, at=at)


@transaction.atomic
def revise_wish(wish: Wish, *, title: str, text: str, same_meaning: bool, by: Actor, at: datetime) -> Wish:
    """Change the text of one's wish, beginning a new round for a new meaning, of which supporters hear once it is public."""
    account = _signed_in(by, at)
    now = _locked(wish)
    if now.author_id != account.pk:
        raise Refused("只有提出的人可以改", remedy="有不同的想法，可以另许一个。")
    title, text = _checked(title, text)
    if now.state not in ("submitted", "open"):
        raise Conflict("现在不能改", remedy="已经交单位答复的不能改。")
    move(now, "revise", by=by, at=at, round=now.round + (0 if same_meaning else 1), title=title)
    written = _write_text(now, title, text, at)
    record("feedback.revise_wish", now, by=by, at=at, facts={"text": written.digest, "round": now.round})
    if not same_meaning:
        WishSupport.objects.filter(wish=now, user=account).update(text=written)
    return now


def _tell_supporters(wish: Wish, said: str, at: datetime, but: int | None = None, title: str = "") -> None:
    """Tell all who asked for it, also by a wish that was merged into it."""
    asked = WishSupport.objects.filter(Q(wish=wish) | Q(wish__merged_into=wish)).values_list("user", flat=True)
    people = {*asked, wish.author_id, *wish.merged.values_list("author", flat=True)}
    notify(WISH_NEWS, people - {but}, subject=wish, context={"title": title or wish.title, "said": said}, at=at)


@transaction.atomic
def merge_wish(wish: Wish, *, into: Wish, by: Actor, at: datetime) -> Wish:
    """Merge a wish into one that asks the same, carrying over the support of those who have not supported that one."""
    now, kept = _locked(wish), _locked(into)
    if now.pk == kept.pk or kept.state not in SUPPORTABLE:
        raise Conflict("只能并入另一个还能支持的愿望", remedy="请重新选。")
    move(now, "merge", by=by, at=at, merged_into=kept)
    there = set(WishSupport.objects.filter(wish=kept).values_list("user", flat=True))
    text = kept.texts.filter(round=kept.round).last()
    _tell_supporters(now, f"并入相同的愿望“{kept.title}”，您的支持一并计入；不同意的可以收回", at)
    moved = WishSupport.objects.filter(wish=now, text__round=now.round).exclude(user__in=there)
    count = moved.update(wish=kept, text=text)
    record("feedback.merge_wish", now, by=by, at=at, facts={"into": kept.pk, "supports": count})
    _count_support(kept, by, at)
    return now


@transaction.atomic
def answer_wish(wish: Wish, *, kind: str, answer: str, item: Item | None = None, by: Actor, at: datetime) -> Wish:
    """Answer a wish: adopted, there already (naming the item), not now, or not the government's."""
    now = _locked(wish)
    authorize_move([now], MOVES.get(kind, "adopt"), by=by, at=at)
    if kind not in MOVES:
        raise BadInput("没有选怎么答复", [Problem("请选一种答复", field="kind")], remedy="支持的人都会看到。")
    chosen = WishAnswer(kind)
    if len(answer.strip()) < 5:
        raise BadInput("没有写答复", [Problem("请写明怎么考虑、依据什么", field="answer")], remedy="支持的人都会看到。")
    if chosen is WishAnswer.EXISTING and item is None:
        raise BadInput("没有选事项", [Problem("请选已经有的事项", field="item")], remedy="支持的人点进去就能办。")
    tell_before_it_ends([now], by=SOFTWARE, at=at)
    changes: dict[str, Any] = {"answer_kind": chosen, "answer": answer.strip(), "answered_at": at, "item": item}
    # What was answered before is told in the way it went, which everybody sees.
    before = f"{now.get_answer_kind_display()}：{now.answer}"[:500] if now.answer else ""
    move(now, MOVES[chosen], note=before, by=by, at=at, **changes)
    record(
        "feedback.answer_wish",
        now,
        by=by,
        at=at,
        facts={"kind": str(chosen), "answer": digest(answer.strip().encode())},
    )
    emit(WISH_ANSWERED, now, by=by, at=at, round=now.round, due_rank=now.due_rank, answer=str(chosen))
    _tell_supporters(now, f"{now.organ}答复：{chosen.label}，请打开查看", at)
    return now


@transaction.atomic
def realise_wish(wish: Wish, *, item: Item, by: Actor, at: datetime) -> Wish:
    """Record that a published item fulfils an adopted wish, and tell all who asked for it."""
    now = _locked(wish)
    authorize_move([now], "realise", by=by, at=at)
    if in_force(item) is None:
        raise Conflict(f"“{item.name}”还没有公布", remedy="公布以后再登记。")
    move(now, "realise", by=by, at=at, item=item, realised_at=at)
    record("feedback.realise_wish", now, by=by, at=at, facts={"item": item.pk})
    emit(WISH_REALISED, now, by=by, at=at, round=now.round)
    _tell_supporters(now, f"已经实现，现在可以办“{item.name}”了", at)
    return now


@transaction.atomic
def link_wish(
    wish: Wish, *, item: Item | None = None, adjustment: Adjustment | None = None, by: Actor, at: datetime
) -> Wish:
    """Name the adjustment or the item an adopted wish is becoming, whose publication then realises it."""
    now = _locked(wish)
    authorize(by, Permission.WISH_ANSWER, now, at=at)
    if now.state != "adopted":
        raise Conflict("采纳了的愿望才能写由哪个事项实现", remedy="请先答复。")
    made = adjustment.item if adjustment else item
    if made is None:
        raise BadInput("没有选事项", [Problem("请选正在做的调整，或者事项", field="item")], remedy="选一个就行。")
    if made.organ_id != now.organ_id:
        raise Conflict("这个事项不是答复单位的", remedy="请选本单位的事项；该由别的单位做的，请联系诉求受理人员。")
    now.item, now.adjustment, now.linked_at = made, adjustment, at
    now.save(update_fields=["item", "adjustment", "linked_at"])
    facts = {"item": made.pk, "adjustment": adjustment.pk if adjustment else None}
    record("feedback.link_wish", now, by=by, at=at, facts=facts)
    _tell_supporters(now, f"{now.organ}已经着手做“{made.name}”，公布以后再告诉您", at)
    return now
