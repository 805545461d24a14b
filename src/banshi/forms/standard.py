"""Parts every form has: who applies and for whom, how to be reached, how the result is collected."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import TextChoices

from banshi.core.errors import Problem
from banshi.core.id_numbers import birth_date, id_number_is_valid, person_name_is_valid
from banshi.forms.fields import Comparison, FieldKind, FormField, Prefill, Sensitivity, ShownWhen
from banshi.forms.validation import problems


class ApplyingAs(TextChoices):
    """Parties one may apply for. Labels are the answers."""

    SELF = "self", "为自己办"
    CHILD = "child", "为我的未成年孩子办"
    OTHER = "other", "替别人办"
    COMPANY = "company", "为单位办"


AS, STATEMENT = "applying_as", "statement"
WHO, REACHED, COLLECTED = "谁来办", "怎么联系您", "结果怎么领"
BROUGHT = ("邮寄送达", "送达上门")
PARTIES = {
    ApplyingAs.SELF: ("applicant_name", "applicant_number"),
    ApplyingAs.CHILD: ("child_name", "child_number"),
    ApplyingAs.OTHER: ("principal_name", "principal_number"),
    ApplyingAs.COMPANY: ("company_name", "company_code"),
}
"""Where the name and number of the party stand."""
OF_AGE, MAY_ACT = 18, 16
"""Full age (民法典 17), and the age from which one who earns a living counts as of age (18)."""


def with_standard_parts(
    own: Sequence[FormField],
    *,
    persons: bool = True,
    companies: bool = False,
    agent: bool = True,
    delivery_ways: Sequence[str] = (),
) -> tuple[FormField, ...]:
    """Return the whole form of an item for persons, companies or both, its own fields in the middle."""
    ways = [ApplyingAs.SELF, ApplyingAs.CHILD] * persons + [ApplyingAs.OTHER] * (persons and agent)
    ways += [ApplyingAs.COMPANY] * companies
    asked = len(ways) > 1

    def when(*some: ApplyingAs) -> ShownWhen | None:
        return ShownWhen(AS, Comparison.IS, tuple(each.label for each in some)) if asked else None

    def party(way: ApplyingAs, name: str, number: str, *prefill: Prefill) -> list[FormField]:
        if way not in ways:
            return []
        kind = FieldKind.CREDIT_CODE if way is ApplyingAs.COMPANY else FieldKind.ID_NUMBER
        told = Sensitivity.PLAIN if way is ApplyingAs.COMPANY else Sensitivity.SENSITIVE
        sources = dict(zip(("name", "number"), prefill, strict=True)) if prefill else {}
        key, number_key = PARTIES[way]
        return [
            FormField(key, name, group=WHO, when=when(way), prefill=sources.get("name"), sensitivity=told),
            FormField(number_key, number, kind, WHO, when=when(way), prefill=sources.get("number"), sensitivity=told),
        ]

    acting = [each for each in ways if each is not ApplyingAs.SELF]
    agents = [
        FormField("agent_name", "您的姓名", group=WHO, when=when(*acting), prefill=Prefill.PERSON_NAME, sensitivity=Sensitivity.PERSONAL),
        FormField("agent_number", "您的身份证号", FieldKind.ID_NUMBER, WHO, when=when(*acting), prefill=Prefill.PERSON_NUMBER, sensitivity=Sensitivity.SENSITIVE),
    ]  # fmt: skip
    collected = [
        FormField("delivery_way", "办好以后怎么领取", FieldKind.CHOICE, COLLECTED, choices=tuple(delivery_ways)),
        FormField(
            "delivery_address", "寄到哪里", FieldKind.ADDRESS, COLLECTED, help="省、市、区、街道和门牌号，收件人不是您的也写上姓名",
            when=ShownWhen("delivery_way", Comparison.IS, tuple(each for each in delivery_ways if each in BROUGHT)), sensitivity=Sensitivity.PERSONAL,
        ),
    ]  # fmt: skip
    if not set(delivery_ways) & set(BROUGHT):
        collected.pop()
    return (
        *[FormField(AS, "您替谁办这件事", FieldKind.CHOICE, WHO, choices=tuple(each.label for each in ways))] * asked,
        *party(ApplyingAs.SELF, "您的姓名", "您的身份证号", Prefill.PERSON_NAME, Prefill.PERSON_NUMBER),
        *party(ApplyingAs.CHILD, "孩子的姓名", "孩子的身份证号"),
        *party(ApplyingAs.OTHER, "他的姓名", "他的身份证号"),
        *party(ApplyingAs.COMPANY, "单位名称", "统一社会信用代码", Prefill.COMPANY_NAME, Prefill.COMPANY_CODE),
        *agents * bool(acting),
        FormField(STATEMENT, "登记的信息哪里不对", FieldKind.LONG_TEXT, WHO, required=False),
        FormField("phone", "手机号", FieldKind.PHONE, REACHED, help="办理中有事打这个电话", prefill=Prefill.PHONE, sensitivity=Sensitivity.PERSONAL),
        FormField("email", "电子邮箱", FieldKind.EMAIL, REACHED, required=False, prefill=Prefill.EMAIL, sensitivity=Sensitivity.PERSONAL),
        *own,
        *collected * (len(delivery_ways) > 1 or bool(set(delivery_ways) & set(BROUGHT))),
    )  # fmt: skip


def party_of(answers: Mapping[str, Any]) -> tuple[str, str]:
    """Read the name and number of whom the application is for.

    Empty where they were not answered.
    """
    chosen = next((each for each in ApplyingAs if each.label == answers.get(AS)), None)
    if chosen is None:
        chosen = ApplyingAs.SELF if "applicant_name" in answers else ApplyingAs.COMPANY
    name, number = PARTIES[chosen]
    return str(answers.get(name, "")), str(answers.get(number, ""))


PERSONS = ("applicant_name", "child_name", "principal_name", "agent_name")
"""Where names of persons stand."""


def answer_problems(fields: tuple[FormField, ...], answers: Mapping[str, Any], *, on: date) -> list[Problem]:
    """List all that is wrong with answers: by the form's contract, names that are none, and ages."""
    named = [each for each in fields if each.key in PERSONS and answers.get(each.key)]
    remedy = "姓名里只能有汉字、字母、间隔号（·）、连字符、撇号和空格，请和身份证上一致。"
    unlike = [
        Problem(f"“{each.label}”里有数字或符号", where=each.label, field=each.key, remedy=remedy)
        for each in named
        if not person_name_is_valid(str(answers[each.key]))
    ]
    return [*problems(fields, answers), *unlike, *age_problems(fields, answers, on=on)]


def age_problems(fields: Sequence[FormField], answers: Mapping[str, Any], *, on: date) -> list[Problem]:
    """Find who is too young to apply alone, and children who are none any more."""
    found = []
    for field in fields:
        number = answers.get(field.key)
        if field.key not in ("applicant_number", "child_number") or not number or not id_number_is_valid(str(number)):
            continue
        born = birth_date(number)
        age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
        if field.key == "applicant_number" and age < MAY_ACT:
            found.append(
                Problem(
                    f"证件上的年龄是{age}岁，还不能自己办这件事",
                    where=field.label,
                    field=field.key,
                    remedy=f"请爸爸妈妈或其他监护人登录，选“{ApplyingAs.CHILD.label}”，您填过的内容还在。",
                )
            )
        elif field.key == "child_number" and age >= OF_AGE:
            said = f"证件上的年龄已满{OF_AGE}岁，是成年人了"
            remedy = f"请在上面改选“{ApplyingAs.OTHER.label}”，或者请本人自己来办。"
            found.append(Problem(said, where=field.label, field=field.key, remedy=remedy))
    return found
