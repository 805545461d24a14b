"""An account opened online for somebody whose card was checked at the counter."""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import is_password_usable
from django.db import IntegrityError, transaction

from banshi.access import Permission, authorize
from banshi.core.clock import day_of
from banshi.core.errors import BadInput, Conflict, Problem, Refused
from banshi.ledger import Actor, record
from banshi.notifications.notify import notify
from banshi.people.actions.accounts import new_password
from banshi.people.actions.citizens import account_name_problems
from banshi.people.enums import CitizenKind
from banshi.people.models import User
from banshi.people.queries import identity_of
from banshi.reception.actions.agreeing import AtCounter
from banshi.reception.notifications import ACCOUNT_OPENED

CARD_CHECKED_FOR = timedelta(hours=12)


@transaction.atomic
def open_online_account(reception: AtCounter, *, username: str, by: Actor, at: datetime) -> str:
    """Let the person at the counter sign in online, with a password that is told once and changed at the first sign-in."""
    by = authorize(by, Permission.CASE_RECEIVE, reception, at=at)
    identity = identity_of(reception.person)
    if reception.mandate_id or identity is None or identity.kind != CitizenKind.PERSON:
        raise Refused("只能给到场的本人开通", remedy="代办的、单位的，请本人或经办人在网上注册。")
    if reception.filled_in.submitted_at is None:
        raise Conflict("这份收件还没有本人签名、交上", remedy="请先收件，再开通网上账号。")
    if at - reception.began_at > CARD_CHECKED_FOR:
        raise Conflict("证件是以前核对的", remedy="请本人带身份证到窗口，重新收件时开通。")
    person = User.objects.select_for_update().get(pk=reception.person_id)
    if is_password_usable(person.password):
        raise Conflict("这个人已经有网上账号", remedy="忘记密码的，请按登录页上的办法找回。")
    username = User.normalize_username(username.strip())
    if not 4 <= len(username) <= 60 or not username.isprintable() or " " in username:
        raise BadInput("账号名不合适", [Problem("4到60个字，不能有空格", field="username")])
    if problems := account_name_problems(username, kind=identity.kind, name=identity.opened("name")):
        raise BadInput("账号名不合适", problems)
    if User.objects.filter(username__iexact=username).exists():
        raise Conflict(f"账号名“{username}”已有人用", remedy="请换一个，例如后面加几个数字。")
    password = new_password()
    person.username, person.must_change_password = username, True
    person.set_password(password)
    try:
        with transaction.atomic():
            person.save(update_fields=["username", "password", "must_change_password"])
    except IntegrityError as clash:
        raise Conflict(f"账号名“{username}”已有人用", remedy="请换一个。") from clash
    record("reception.open_online_account", reception, by=by, at=at, facts={"person": person.pk})
    told = {"username": username, "organ": str(reception.organ), "at": day_of(at)}
    notify(ACCOUNT_OPENED, [person.pk], context=told, at=at)
    return password
