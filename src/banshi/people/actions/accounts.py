"""Accounts of staff. A password set by somebody else must be changed at the next sign-in."""

import secrets
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from banshi import ledger
from banshi.access import Permission, authorize
from banshi.core.errors import BadInput, Conflict, Problem, Refused
from banshi.core.json_types import JsonObject
from banshi.people.actions.sign_ins import end_all_sign_ins
from banshi.people.models import User

# Without characters that look alike on paper.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789"


@transaction.atomic
def create_account(
    *, username: str, full_name: str, phone: str = "", email: str = "", by: ledger.Actor, at: datetime
) -> tuple[User, str]:
    """Return the account and its first password, which is told once and kept nowhere."""
    authorize(by, Permission.PEOPLE_MANAGE, at=at)
    username = User.normalize_username(username)
    if not username or not full_name.strip():
        raise BadInput("请填写账号名和姓名")
    if User.objects.filter(username__iexact=username).exists():
        raise Conflict(f"账号名“{username}”已有人用")
    password = new_password()
    given = {"full_name": full_name.strip(), "phone": phone, "email": _address(email)}
    user = User(username=username, must_change_password=True, **given)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as clash:
        raise Conflict(f"账号名“{username}”已有人用") from clash
    ledger.record("people.create_account", user, by=by, at=at, facts={"username": user.username})
    return user, password


@transaction.atomic
def change_account(user: User, *, full_name: str, phone: str, email: str, by: ledger.Actor, at: datetime) -> User:
    authorize(by, Permission.PEOPLE_MANAGE, user, at=at)
    given = {"full_name": full_name, "phone": phone, "email": _address(email)}
    return _change(user, given, "people.change_account", by, at)


@transaction.atomic
def set_mail(user: User, *, email: str, wanted: bool, by: ledger.Actor, at: datetime) -> User:
    """Set one's own mail address, and whether notices go there."""
    authorize(by, Permission.ACCOUNT_OWN, user, at=at)
    return _change(user, {"email": _address(email), "mail_wanted": wanted}, "people.set_mail", by, at)


def _change(user: User, given: JsonObject, action: str, by: ledger.Actor, at: datetime) -> User:
    """Return the ledger names the fields, never what is in them."""
    user = User.objects.select_for_update().get(pk=user.pk)
    changed = sorted(field for field, value in given.items() if getattr(user, field) != value)
    for field in changed:
        setattr(user, field, given[field])
    user.save(update_fields=changed)
    ledger.record(action, user, by=by, at=at, facts={"fields": changed})
    return user


def _address(text: str) -> str:
    if text := text.strip():
        try:
            validate_email(text)
        except ValidationError as wrong:
            raise BadInput(
                "邮箱不对", [Problem("请填写完整的邮箱，例如 zhangsan@example.gov.cn", field="email")]
            ) from wrong
    return text


@transaction.atomic
def reset_password(user: User, *, by: ledger.Actor, at: datetime) -> str:
    """Set a new password, told once, and end every session of the account."""
    authorize(by, Permission.PEOPLE_MANAGE, user, at=at)
    if User.objects.select_for_update().get(pk=user.pk).password != user.password:
        raise Conflict(f"{user}的口令刚刚换过", remedy="先换的那一次给出了新口令；没有看到的，请刷新页面再重设。")
    password = new_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    _record_and_end(user, "people.reset_password", {}, by, at)
    return password


@transaction.atomic
def remove_second_factor(user: User, *, reason: str, by: ledger.Actor, at: datetime) -> None:
    """Take away the second factor of a lost phone, so that a new one is set up at the next sign-in."""
    authorize(by, Permission.PEOPLE_MANAGE, user, at=at)
    if by.ledger_id == user.ledger_id:
        raise Refused("不能取消自己的二次验证", remedy="请由另一位系统管理员办理。")
    if not reason.strip():
        raise BadInput("请写明原因")
    Authenticator.objects.filter(user=user).delete()
    _record_and_end(user, "people.remove_second_factor", {"reason": reason}, by, at)


@transaction.atomic
def close_account(user: User, *, reason: str, by: ledger.Actor, at: datetime) -> User:
    """Close an account (停用), with which nobody signs in any more.

    What it did stays its own.
    """
    authorize(by, Permission.PEOPLE_MANAGE, user, at=at)
    if by.ledger_id == user.ledger_id:
        raise Refused("不能停用自己的账号")
    return _set_active(user, False, "people.close_account", {"reason": reason}, by, at)


@transaction.atomic
def open_account(user: User, *, by: ledger.Actor, at: datetime) -> User:
    authorize(by, Permission.PEOPLE_MANAGE, user, at=at)
    return _set_active(user, True, "people.open_account", {}, by, at)


def new_password() -> str:
    """Generate fourteen characters in two groups, 80 bits that can be read out."""
    drawn = "".join(secrets.choice(LETTERS) for _ in range(14))
    return f"{drawn[:7]}-{drawn[7:]}"


def _set_active(user: User, active: bool, action: str, facts: JsonObject, by: ledger.Actor, at: datetime) -> User:
    if User.objects.select_for_update().get(pk=user.pk).is_active == active:
        raise Conflict(f"{user}的账号已经{'启用' if active else '停用'}了", remedy="刚有人办过的，请刷新页面查看。")
    user.is_active = active
    user.save(update_fields=["is_active"])
    _record_and_end(user, action, facts, by, at)
    return user


def _record_and_end(user: User, action: str, facts: JsonObject, by: ledger.Actor, at: datetime) -> None:
    end_all_sign_ins(user, at=at)
    ledger.record(action, user, by=by, at=at, facts=facts)
