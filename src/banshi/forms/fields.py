"""Fields of a form as plain data."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import TextChoices

Answers = dict[str, Any]
"""Key of a field → its answer as JSON has it; what was not answered is not in it."""


class FieldKind(TextChoices):
    """题型."""

    TEXT = "text", "一行文字"
    LONG_TEXT = "long_text", "多行文字"
    NUMBER = "number", "数字"
    MONEY = "money", "金额（元）"
    DATE = "date", "日期"
    CHOICE = "choice", "单选"
    CHOICES = "choices", "多选"
    YES_NO = "yes_no", "是或否"
    PHONE = "phone", "电话"
    ID_NUMBER = "id_number", "身份证号"
    CREDIT_CODE = "credit_code", "统一社会信用代码"
    ADDRESS = "address", "地址"
    EMAIL = "email", "电子邮箱"


class Comparison(TextChoices):
    """Ways a condition looks at an earlier answer."""

    IS = "is", "是其中之一"
    IS_NOT = "is_not", "填了别的"
    AT_LEAST = "at_least", "不小于"
    AT_MOST = "at_most", "不大于"
    ANSWERED = "answered", "填写了"


class Prefill(TextChoices):
    """Sources that fill a field in before the person does."""

    PERSON_NAME = "person.name", "本人姓名"
    PERSON_NUMBER = "person.id_number", "本人身份证号"
    PERSON_BIRTH = "person.birth_date", "本人出生日期"
    PERSON_SEX = "person.sex", "本人性别"
    COMPANY_NAME = "company.name", "单位名称"
    COMPANY_CODE = "company.credit_code", "单位统一社会信用代码"
    PHONE = "account.phone", "账号的手机号"
    EMAIL = "account.email", "账号的电子邮箱"


REGISTERED = frozenset(each for each in Prefill if not each.value.startswith("account."))
"""Sources that are registers: what they fill in is not changed on a form, but may be said to be wrong."""


class Sensitivity(TextChoices):
    """Levels of personal information (个人信息保护法 28)."""

    PLAIN = "plain", "一般信息"
    PERSONAL = "personal", "个人信息"
    SENSITIVE = "sensitive", "敏感个人信息"


CHOOSING = frozenset({FieldKind.CHOICE, FieldKind.CHOICES, FieldKind.YES_NO})
YES, NO = "是", "否"


@dataclass(frozen=True, slots=True)
class ShownWhen:
    """A condition on one earlier field. A hidden field counts as not answered."""

    field: str
    comparison: Comparison = Comparison.IS
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormField:
    """One question. `key` never changes while the form is in use, `group` is the page it stands on."""

    key: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    group: str = ""
    help: str = ""
    required: bool = True
    choices: tuple[str, ...] = ()
    pattern: str = ""
    example: str = ""
    minimum: int | None = None
    maximum: int | None = None
    when: ShownWhen | None = None
    prefill: Prefill | None = None
    sensitivity: Sensitivity = Sensitivity.PLAIN


def groups(fields: Sequence[FormField]) -> Iterator[tuple[str, list[FormField]]]:
    """Split a form into its pages."""
    for name, some in groupby(fields, key=lambda each: each.group):
        yield name, list(some)
