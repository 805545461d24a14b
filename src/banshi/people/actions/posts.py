"""Appointments to posts, and delegation."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from banshi import ledger
from banshi.access import Permission, authorize, roles
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.people.models import Delegation, Organ, Post, User


@transaction.atomic
def appoint(
    user: User,
    *,
    organ: Organ,
    role: str,
    title: str = "",
    since: date,
    until: date | None = None,
    by: ledger.Actor,
    at: datetime,
) -> Post:
    """Give `user` a post.

    Nobody appoints themselves (职责分离).
    """
    if role not in roles():
        raise BadInput(f"没有“{role}”这个角色")
    authorize(by, Permission.PEOPLE_MANAGE, Post(user=user, organ=organ, role=role), at=at)
    if by.ledger_id == user.ledger_id:
        raise Refused("不能给自己安排岗位", remedy="请由另一位系统管理员办理。")
    if not organ.active:
        raise Conflict(f"{organ}已停用，不能安排岗位")
    if not user.is_active:
        raise Conflict(f"{user}的账号已停用，不能安排岗位")
    if until and until < since:
        raise BadInput("任期的止日早于起日")
    User.objects.select_for_update().get(pk=user.pk)  # of two at once the second sees what the first has given
    same = Post.objects.filter(Q(until=None) | Q(until__gt=since), user=user, organ=organ, role=role)
    if there := (same.filter(since__lt=until) if until else same).first():
        last = f"至{there.until:%Y-%m-%d}" if there.until else ""
        raise Conflict(
            f"{user}已是{organ}的{roles()[role].label}（{there.since:%Y-%m-%d}起{last}）",
            remedy="要改起止日期的，请先结束那个岗位，再重新安排。",
        )
    try:
        with transaction.atomic():
            post = Post.objects.create(user=user, organ=organ, role=role, title=title, since=since, until=until)
    except IntegrityError as clash:
        raise Conflict(f"{user}已是{organ}的{roles()[role].label}") from clash
    facts = {"user": user.ledger_id, "organ": organ.pk, "role": role, "title": title, "since": since, "until": until}
    ledger.record("people.appoint", post, by=by, at=at, facts=facts)
    return post


@transaction.atomic
def end_post(post: Post, *, until: date, by: ledger.Actor, at: datetime) -> Post:
    """Return the last day of a post, and of what was delegated from it."""
    authorize(by, Permission.PEOPLE_MANAGE, post, at=at)
    post = Post.objects.select_for_update().get(pk=post.pk)
    if until < post.since:
        raise BadInput("止日早于起日", remedy=f"这个岗位从{post.since:%Y-%m-%d}起。")
    post.until = until
    post.save(update_fields=["until"])
    for delegation in post.delegations.filter(until__gt=until, ended_at=None):
        _close(delegation, by, at)
    ledger.record("people.end_post", post, by=by, at=at, facts={"until": until})
    return post


@transaction.atomic
def delegate(
    post: Post, *, to: User, since: date, until: date, reason: str, by: ledger.Actor, at: datetime
) -> Delegation:
    """Let `to` act in `post` for a time within the post's own."""
    authorize(by, Permission.POST_DELEGATE, post, at=at)
    if to.pk == post.user_id:
        raise BadInput("不能委托给自己")
    if not to.is_active:
        raise Conflict(f"{to}的账号已停用")
    if until < since:
        raise BadInput("委托的止日早于起日")
    if since < post.since or (post.until and until > post.until):
        raise BadInput("委托的时间超出了岗位的任期")
    if not reason.strip():
        raise BadInput("请写明委托的原因")
    Post.objects.select_for_update().get(pk=post.pk)
    if post.delegations.filter(to=to, ended_at=None, since__lte=until, until__gte=since).exists():
        raise Conflict(f"这些日子已经委托给{to}了", remedy="要改日期的，请先收回原来的委托。")
    delegation = Delegation.objects.create(post=post, to=to, since=since, until=until, reason=reason.strip())
    facts = {"post": post.pk, "to": to.ledger_id, "since": since, "until": until, "reason": reason}
    ledger.record("people.delegate", delegation, by=by, at=at, facts=facts)
    return delegation


@transaction.atomic
def end_delegation(delegation: Delegation, *, by: ledger.Actor, at: datetime) -> Delegation:
    """Take a delegation back, from now on."""
    authorize(by, Permission.POST_DELEGATE, delegation, at=at)
    delegation = Delegation.objects.select_for_update().get(pk=delegation.pk)
    if delegation.ended_at:
        raise Conflict("这项委托已经收回了")
    return _close(delegation, by, at)


def _close(delegation: Delegation, by: ledger.Actor, at: datetime) -> Delegation:
    delegation.ended_at = at
    delegation.save(update_fields=["ended_at"])
    ledger.record("people.end_delegation", delegation, by=by, at=at)
    return delegation
