"""Citizens and enterprises: who they are, sealed. Every look at it on the record."""

import re
from datetime import date, datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction

from banshi import ledger
from banshi.access import Permission, allows, authorize
from banshi.core.clock import day_of
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.core.id_numbers import (
    birth_date,
    id_number_is_valid,
    mask_id,
    mask_name,
    mobile_is_valid,
    person_name_is_valid,
    plain_mobile,
    plain_number,
    uscc_is_valid,
)
from banshi.core.ids import new_guid
from banshi.people.actions.sign_ins import end_all_sign_ins
from banshi.people.enums import CitizenKind
from banshi.people.models import Identity, User
from banshi.people.posts import posts_of

FIELDS = {"name": "姓名（名称）", "number": "证件号码", "phone": "手机号码"}


@transaction.atomic
def register_citizen(
    user: User, *, kind: str, name: str, number: str, phone: str = "", by: ledger.Actor, at: datetime
) -> Identity:
    """Register the person of an account, making one with it.

    Form and check digits are checked, not that the person is that person.
    """
    if user._state.adding:
        user.save()
    authorize(by, Permission.ACCOUNT_OWN, user, at=at)
    name, number, phone = name.strip(), plain_number(number), plain_mobile(phone)
    problems = identity_problems(kind=kind, name=name, number=number, phone=phone, on=day_of(at))
    if problems := [*problems, *account_name_problems(user.username, kind=kind, name=name)]:
        raise BadInput("身份信息有误", problems)
    user.full_name = name_shown(kind, name)
    user.save(update_fields=["full_name"])
    try:
        with transaction.atomic():
            identity = Identity.objects.create(
                user=user, kind=kind, **Identity.seal(name=name, number=number, phone=phone)
            )
    except IntegrityError as clash:
        raise Conflict(
            "这个证件号码已经注册过", remedy="请直接登录；忘记账号或密码的，可带证件到政务服务大厅办理。"
        ) from clash
    facts = {"kind": kind, "number": mask_id(number)}
    ledger.record("people.register_citizen", identity, by=by, at=at, facts=facts)
    return identity


@transaction.atomic
def register_at_counter(
    *, kind: str, name: str, number: str, phone: str = "", by: ledger.Actor, at: datetime
) -> Identity:
    """Register whoever stands before an official with their card, with an account that nobody signs in to yet.

    A number that is known gives the identity there is, when the name on the card is the same.
    """
    if not allows(by, Permission.CASE_AGENT, at=at):
        authorize(by, Permission.CASE_RECEIVE, at=at)
    name, number, phone = name.strip(), plain_number(number), plain_mobile(phone)
    if problems := identity_problems(kind=kind, name=name, number=number, phone=phone, on=day_of(at)):
        raise BadInput("证件上的信息有误", problems, remedy="请对照证件改好。")
    known = Identity.objects.select_related("user").filter(
        number_index=Identity.seal(name=name, number=number)["number_index"]
    )
    identity = known.first()
    if identity is None:
        user = User(username=f"counter-{new_guid().hex}", full_name=name_shown(kind, name))
        user.set_unusable_password()
        try:
            with transaction.atomic():
                user.save()
                identity = Identity.objects.create(
                    user=user, kind=kind, **Identity.seal(name=name, number=number, phone=phone)
                )
        except IntegrityError:  # another counter was quicker with the same card
            identity = known.get()
        else:
            facts = {"kind": kind, "number": mask_id(number)}
            ledger.record("people.register_at_counter", identity, by=by, at=at, facts=facts)
    if plain_number(identity.opened("name")) != plain_number(name):
        raise Conflict(
            f"这个证件号码登记的姓名是{mask_name(identity.opened('name'))}，和填的不一样",
            remedy="请核对证件；本人改过名的，请带户口簿到公安机关更正登记后再办。",
        )
    return identity


def name_shown(kind: str, name: str) -> str:
    """Return what an account is called: a person's masked name, an enterprise's own, which is public."""
    # Officials sign in for their own matters with another account, so that no name of office is masked.
    return (name if kind == CitizenKind.COMPANY else mask_name(name))[:60]


OLDEST = 130
"""Years nobody who registers has lived."""


def identity_problems(*, kind: str, name: str, number: str, phone: str, on: date) -> list[Problem]:
    problems, number, phone = [], plain_number(number), plain_mobile(phone)
    if not name.strip():
        problems.append(Problem("请填写姓名或单位名称", field="name"))
    elif kind == CitizenKind.PERSON and not person_name_is_valid(name):
        problems.append(
            Problem("姓名里只能有汉字、字母、间隔号（·）、连字符、撇号和空格，请和身份证上一致", field="name")
        )
    if kind == CitizenKind.PERSON and not id_number_is_valid(number):
        problems.append(Problem("身份证号码不对，请核对18位号码", field="number"))
    elif kind == CitizenKind.PERSON and birth_date(number) > on:
        problems.append(Problem("身份证号码里的出生日期还没有到，请核对18位号码", field="number"))
    elif kind == CitizenKind.PERSON and birth_date(number).year < on.year - OLDEST:
        problems.append(Problem("身份证号码里的出生日期太早，请核对18位号码", field="number"))
    if kind == CitizenKind.COMPANY and not uscc_is_valid(number):
        message = "统一社会信用代码不对，请核对18位字符"
        if re.fullmatch(r"[0-9A-Z]{18}", number):
            message += "（校验位对不上）；证照上确实是这个号码的，请先到登记机关核对，也可以带证照直接到窗口办理"
        problems.append(Problem(message, field="number"))
    if phone and not mobile_is_valid(phone):
        problems.append(Problem("手机号码不对，请填11位手机号", field="phone"))
    return problems


def account_name_problems(username: str, *, kind: str, name: str) -> list[Problem]:
    """Refuse a name to sign in with, which is not sealed, that tells who the person is."""
    plain, own = plain_number(username), plain_number(name)
    if re.search(r"\d{11}", plain) or (kind == CitizenKind.PERSON and own and own in plain):
        return [Problem("账号名里不要有姓名、证件号码、手机号码，请换一个，例如拼音加几个数字", field="username")]
    return []


@transaction.atomic
def look_at_identity(identity: Identity, *, field: str, reason: str, by: ledger.Actor, at: datetime) -> str:
    """Return the plain text of `name`, `number` or `phone`, and an entry of who looked and why.

    Only the person looks for now; officials will when a case gives them cause.
    """
    authorize(by, Permission.ACCOUNT_OWN, identity, at=at)
    if field not in FIELDS:
        raise BadInput("没有这一项")
    if not reason.strip():
        raise BadInput("请写明查看的原因")
    text = identity.opened(field)
    ledger.record("people.look_at_identity", identity, by=by, at=at, facts={"field": field, "reason": reason})
    return text


@transaction.atomic
def erase_identity(identity: Identity, *, reason: str, by: ledger.Actor, at: datetime) -> None:
    """Delete (注销, 个人信息保护法 §47) the identity and, of the account, all but the number that the ledger's lines name."""
    user = User.objects.select_for_update().get(pk=identity.user_id)
    own = by.ledger_id == user.ledger_id
    permission, subject = (Permission.ACCOUNT_OWN, identity) if own else (Permission.PEOPLE_MANAGE, None)
    authorize(by, permission, subject, at=at)
    if not Identity.objects.filter(pk=identity.pk).exists():
        raise Conflict("身份信息已经注销了")
    if not reason.strip():
        raise BadInput("请写明原因")
    if posts_of(user, at).exists():
        raise Conflict("这个账号还有岗位，不能注销", remedy="请先由系统管理员结束岗位，再注销。")
    end_all_sign_ins(user, at=at)
    user.sign_ins.all().delete()
    for kept in (Authenticator, EmailAddress):
        kept.objects.filter(user=user).delete()
    identity.delete()
    user.username, user.full_name, user.email, user.phone = f"注销{user.pk}", "", "", ""
    user.first_name, user.last_name, user.last_login, user.is_active = "", "", None, False
    user.set_unusable_password()
    user.save()
    ledger.record("people.erase_identity", user, by=user if own else by, at=at, facts={"own": own, "reason": reason})
