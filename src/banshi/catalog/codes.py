"""Codes of items: 基本编码 12, 实施编码 31, 业务办理项编码 33 digits (GB/T 39554.1-2020), and the older forms still in use.

Nothing is refused: a code that follows no known form is kept as given, said to be odd, and mended only by proposal.
"""

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Literal, NamedTuple

from banshi.catalog.enums import ItemKind, Level
from banshi.core.id_numbers import (
    USCC_ALPHABET,
    organisation_check,
    organisation_code_is_valid,
    uscc_check,
    uscc_is_valid,
)

Form = Literal[
    "empty",
    "base",
    "implementing",
    "handling",
    "sichuan",
    "zhejiang",
    "gansu",
    "lettered",
    "digits16",
    "sorted",
    "unknown",
]

FORM_WORDS: dict[str, str] = {
    "empty": "没有编码",
    "base": "基本编码（12位）",
    "implementing": "实施编码（31位）",
    "handling": "业务办理项编码（33位）",
    "sichuan": "省级平台旧码",
    "zhejiang": "权力事项库旧码（类型-主项-子项）",
    "gansu": "县级旧码（区划部门-类型-流水）",
    "lettered": "更早的字母旧码",
    "digits16": "16位旧码",
    "sorted": "带类型字母的旧码",
    "unknown": "认不出的编码",
}
CURRENT: set[str] = {"base", "implementing", "handling"}

NARROW = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)} | {ord("—"): "-", ord("–"): "-"}
LEVELS = frozenset(Level.values)
USCC = f"[{USCC_ALPHABET}]{{18}}"
BASE = r"\d{2}[0-9A-Z]{2}\d{8}"
_BASE = re.compile(BASE)
WHOLE = re.compile(rf"({USCC})[{''.join(sorted(LEVELS))}]{BASE}(?:\d{{2}})?")
SORTS = "(?:XK|CF|QZ|ZS|JF|JC|QR|JL|CJ|QT|GG|FW)"
"""Initials of the kinds, alone or after those of the office (JYXK-001)."""
FORMS: tuple[tuple[Form, re.Pattern[str]], ...] = (
    ("handling", re.compile(rf"(?P<uscc>{USCC})(?P<level>\d)(?P<base>{BASE})(?P<order>\d{{2}})")),
    ("implementing", re.compile(rf"(?P<uscc>{USCC})(?P<level>\d)(?P<base>{BASE})")),
    (
        "sichuan",
        re.compile(
            r"(?P<base>[0-9A-Z][0-9A-Z-]*?)-(?P<division>\d{12})-(?P<sub>\d{3})-(?P<uscc>[0-9A-Za-z-]+?)-\d-\d{2}"
        ),
    ),
    ("base", re.compile(rf"(?P<base>{BASE})")),
    (
        "zhejiang",
        re.compile(r"(?P<sort>许可|处罚|强制|征收|给付|检查|确认|奖励|裁决|其他|公共服务|联办事项)-\d{5}-\d{3}"),
    ),
    ("gansu", re.compile(r"(?P<division>\d{8})[A-Z]{2}-(?P<sort>[A-Z]{2})-\d{4}")),
    (
        "lettered",
        re.compile(
            r"(?P<sort>[A-Z])-\d{6}-\d{3,4}(?:-(?P<uscc>[0-9A-Za-z-]+))?"
            r"|(?P<sign>\d[A-Z])(?:-\d{4}-\d{5}|(?<=1[A-HJZ])(?:[-_]?\d{3,8}){1,4})"
        ),
    ),
    ("digits16", re.compile(r"\d{16}")),
    (
        "sorted",
        re.compile(
            rf"[\u4e00-\u9fa5]{{0,3}}(?:(?P<division>\d{{6}}|\d{{9}}|\d{{12}})[-_]?)?"
            rf"(?:(?:[0-9\u4e00-\u9fa5]{{2,10}}|[A-Z]{{1,4}}\d{{0,4}})[-_])?(?:(?!{SORTS})[A-Z]{{2,3}})?(?P<sort>{SORTS})[-_]?\d{{3,12}}[A-Z]?"
        ),
    ),
    (
        "sorted",
        re.compile(
            rf"(?P<sort>{SORTS})[-_](?:(?!{SORTS})[A-Z]{{2,4}}|[\u4e00-\u9fa5]{{2,6}})[-_](?:(?:19|20)\d{{2}}[-_])?\d{{2,8}}"
        ),
    ),
)
POWER_LETTERS = {
    "A": "01",
    "F": "07",
    "G": "05",
    "E": "09",
    "Z": "10",
    "B": "02",
    "C": "03",
    "D": "04",
    "H": "08",
    "J": "10",
}
"""Sichuan's kind letters (1A 许可, 1F 确认, 1G 给付, 1E 裁决, 1Z 其他权力); the rest by the order of the standard."""


OLD_SORTS = {
    **dict.fromkeys(("许可", "XK"), "01"),
    **dict.fromkeys(("处罚", "CF"), "02"),
    **dict.fromkeys(("强制", "QZ"), "03"),
    **dict.fromkeys(("征收", "ZS"), "04"),
    **dict.fromkeys(("给付", "JF", "G"), "05"),
    **dict.fromkeys(("检查", "JC"), "06"),
    **dict.fromkeys(("确认", "QR", "F"), "07"),
    **dict.fromkeys(("奖励", "JL"), "08"),
    **dict.fromkeys(("裁决", "CJ"), "09"),
    **dict.fromkeys(("其他", "QT"), "10"),
    **dict.fromkeys(("公共服务", "FW", "GG"), "20"),
}
"""Kinds by the words and letters of older codes. A single A stands before licences in one list and services in another: it tells nothing."""


class CodeProblem(NamedTuple):
    """A problem of a code. `proposal` is a whole code, or ""."""

    message: str
    proposal: str = ""
    severity: Literal["doubt", "note"] = "doubt"


class ReadCode(NamedTuple):
    """A code as far as it could be read. `text` is what was given, cleaned of spaces only."""

    text: str
    form: Form
    base_code: str = ""
    uscc: str = ""
    level: str = ""
    division: str = ""
    old_kind: str = ""
    """The ItemKind that an older form tells."""
    problems: tuple[CodeProblem, ...] = ()

    @property
    def is_current(self) -> bool:
        return self.form in CURRENT

    @property
    def form_words(self) -> str:
        return FORM_WORDS[self.form]

    @property
    def kind(self) -> str:
        """Return the ItemKind the base code or the older form carries, or ""."""
        return kind_in(self.base_code) or self.old_kind


def clean_code(text: str) -> str:
    """Normalise a code, with full-width signs narrowed and spaces out.

    Letters keep their case, since a small one is itself a finding.
    """
    return "".join((text if text.isascii() else text.translate(NARROW)).split())


def is_sound(text: str) -> bool:
    """Accept a 31 or 33 digit code with nothing odd about it, as most are.

    Quicker to tell than `read_code` tells what is odd.
    """
    found = WHOLE.fullmatch(text)
    return found is not None and uscc_is_valid(found[1])


def read_code(text: str, known: Collection[str] = ()) -> ReadCode:
    """Read a code in any of the known forms.

    `known` are the credit codes of the organs there are.
    """
    cleaned = clean_code(text)
    if not cleaned:
        return ReadCode(cleaned, "empty")
    for form, pattern in FORMS:
        if found := pattern.fullmatch(cleaned):
            parts = found.groupdict("")
            uscc, base = parts.get("uscc", ""), parts.get("base", "")
            problems = (
                []
                if form in CURRENT
                else [CodeProblem(f"这是{FORM_WORDS[form]}，照原样保留，上级印发基本编码后再换", severity="note")]
            )
            level = parts.get("level", "")
            if uscc and (problem := _uscc_problem(uscc, frozenset(known))):
                mended = cleaned.replace(uscc, problem.proposal, 1) if problem.proposal else ""
                problems.append(CodeProblem(f"编码里的实施主体代码有误：{problem.message}", mended))
            if level and level not in LEVELS:
                problems.append(CodeProblem(f"行使层级“{level}”不在代码表里（1国家、2省、3市、4县、5乡、6村、7分级）"))
            return ReadCode(
                cleaned,
                form,
                base_code=base if _BASE.fullmatch(base) else "",
                uscc=uscc,
                level=parts.get("level", ""),
                division=parts.get("division", ""),
                old_kind=_old_kind(form, parts),
                problems=tuple(problems),
            )
    return ReadCode(cleaned, "unknown", problems=(_odd(cleaned, known),))


_SORT_OF_SICHUAN = re.compile(r"([A-Z])-|\d{2}([123])")


def _old_kind(form: Form, parts: dict[str, str]) -> str:
    if form == "sichuan" and (found := _SORT_OF_SICHUAN.match(parts["base"])):
        # After the province 1 and a letter for powers, 2 and 3 for services.
        letter = found[1] or ""
        return OLD_SORTS.get(letter, "") if letter else kind_in(parts["base"]) if found[2] == "1" else "20"
    return OLD_SORTS.get(parts.get("sort", ""), "") or kind_in(f"00{parts.get('sign', '')}")


def _odd(text: str, known: Collection[str]) -> CodeProblem:
    """Name the problem of a wrong length, most often a damaged credit code in one of 31 or 33 digits."""
    for base in re.findall(rf"(\d){BASE}$", text):
        organ = text[: -13 or None]
        if (mended := propose_uscc(organ, known)) and base:
            return CodeProblem(
                f"实施编码应为31位，这里{len(text)}位：前面的信用代码少了一位", mended + text[len(organ) :]
            )
    return CodeProblem(f"编码不合任何已知格式（共{len(text)}位），照原样保留，请核对")


@lru_cache(maxsize=10_000)
def _uscc_problem(uscc: str, known: frozenset[str]) -> CodeProblem | None:
    """Cache the problem of a credit code."""
    # The same few owners stand in thousands of codes.
    return None if uscc_is_valid(uscc) else uscc_problem(uscc, known)


def uscc_problem(text: str, known: Collection[str] = ()) -> CodeProblem:
    """Say why `text` is no 统一社会信用代码 (GB 32100), and the right one where it can be told."""
    if uscc_is_valid(text.upper()):
        return CodeProblem("信用代码的字母应大写", text.upper())
    proposal = propose_uscc(text, known)
    plain = text.replace("-", "").upper()
    if len(plain) == 9:
        sort = (
            "是旧的组织机构代码（9位）"
            if organisation_code_is_valid(plain)
            else "只有9位，像旧的组织机构代码，但校验位不对"
        )
        return CodeProblem(f"“{text}”{sort}，请换成18位统一社会信用代码", proposal)
    if len(set(plain)) <= 2:
        return CodeProblem(f"“{text}”像是占位的假代码，请填真实代码", proposal)
    if len(plain) != 18:
        return CodeProblem(f"“{text}”有{len(plain)}位，统一社会信用代码应为18位", proposal)
    return CodeProblem(f"“{text}”校验位不对，可能抄错了一位", proposal)


def propose_uscc(text: str, known: Collection[str] = ()) -> str:
    """Return the one credit code `text` can be meant for, or "" when none or several fit.

    A known organ's code goes first; else a code one sign short is completed where both its check digits (GB 32100 and,
    inside it, the organisation code's of GB 11714) leave one way only.
    """
    plain = text.replace("-", "").upper()
    near = {
        code
        for code in known
        if code[8:17] == plain or (len(plain) == 17 and any(code[:i] + code[i + 1 :] == plain for i in range(18)))
    }
    if len(near) == 1:
        return near.pop()
    if near or len(plain) != 17 or set(plain) - set(USCC_ALPHABET):
        return ""
    dropped = plain[:16] + organisation_check(plain[8:16])
    if plain[16] == uscc_check(dropped):
        return dropped + plain[16]
    return plain + uscc_check(plain) if organisation_code_is_valid(plain[8:17]) else ""


def kind_in(base_code: str) -> str:
    """Return the kind a base code carries in its digits 3-4: the standard's two digits, Sichuan's letter, Guangdong's
    21.
    """
    sign = base_code[2:4]
    if len(sign) == 2 and sign[0] == "1" and sign[1] in POWER_LETTERS:
        return POWER_LETTERS[sign[1]]
    if sign == "21":
        return str(ItemKind.SERVICE)
    return sign if sign in ItemKind.values else ""
