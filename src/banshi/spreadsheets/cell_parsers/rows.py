"""Cells that hold a table: materials, steps, legal bases, fees, places, contacts, questions."""

import itertools
import re
import unicodedata
from collections.abc import Callable

from pydantic import BaseModel, ValidationError

from banshi.catalog.enums import ConsultWay, CopyKind, MaterialForm, MaterialSource, Necessity, StepKind
from banshi.catalog.guide.document import (
    Basis,
    Condition,
    Contact,
    DeclaredField,
    Faq,
    Fee,
    Material,
    Place,
    SpecialProcedure,
    Step,
    TimeLimit,
)
from banshi.core.json_types import JsonObject
from banshi.core.phone_numbers import holds_phone, with_area_code
from banshi.law.citations import read_citations
from banshi.spreadsheets.cell_parsers.limits import read_limit
from banshi.spreadsheets.cell_parsers.parsed import DOUBT, NOTE, CellRemark, ParsedText
from banshi.spreadsheets.cell_parsers.text import (
    COUNT,
    FREE,
    _choice_parts,
    numeral,
    read_plain,
    split_outside_brackets,
)
from banshi.spreadsheets.cells import folded, tidied
from banshi.spreadsheets.fields import Field
from banshi.spreadsheets.vocabulary import choice_names

_EDGES = " \t\n\u3000。;\uff1b"
_NUMBERED = re.compile(
    r"^\s*(?:[一二三四五六七八九十]是(?=\S)|[A-Ha-h][.、\uff0e)\uff09](?![A-Za-z])|[(\uff08]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)\uff09]|[\d\uff10-\uff19]{1,2}[.、\uff0e](?:(?!\d)|(?=[12]寸))|第[一二三四五六七八九十\d]{1,3}项[:\uff1a、,\uff0c]|[一二三四五六七八九十]{1,3}、|[①-⑳]|[Ⅰ-Ⅻ][.、\uff0e]?|[-—*+] ?(?=[\u4e00-\u9fff《])|第[一二三四五六七八九十\d]+步[:\uff1a]?|(?:附件|步骤|材料|资料|环节|[Ss]tep)\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:[.、:\uff0e\uff1a)\uff09]|\s(?=\S))|步骤[一二三四五六七八九十\d]{1,3}(?=[\u4e00-\u9fff]))\s*"
)
_BULLET = re.compile(r"(?:^|(?<=\s)|(?<=[^\s]))\s*[●■◆★•▪○△▲►▶➢✓√※◇□☆❖▸]\s*")
_INLINE_NUMBER = re.compile(
    r"(?<=[\s;\uff1b。,\uff0c、)\uff09])(?=(?:\d{1,2}[.、.](?!\d)|[(\uff08]\d{1,2}[)\uff09]|[①-⑳])\s*[^\s\d])"
)


def pieces(text: str, *more: str) -> list[str]:
    """Split a list in one cell by lines, numbered parts of a line, or parts between `；` and the like.

    Parts between one of `more` too.
    """
    text = unicodedata.normalize("NFKC", text) if _COMPOSED.search(text) else text.translate(_FILLED_NUMBERS)
    text = text.replace("·", "\n").strip() if text[:1] == "·" else text
    lines = [line for piece in text.split("\n") for line in _BULLET.split(piece)]
    parts = [part for line in lines for piece in _counted(line) for part in _at_inline_numbers(piece)]
    for mark in (";\uff1b", *more):
        if len([part for part in parts if part.strip()]) > 1:
            break
        parts = _parts(_NUMBERED.sub("", text), mark)
    cleaned = [_NUMBERED.sub("", part).strip(_EDGES).rstrip("，,、") for part in parts]
    return [part for part in cleaned if part]


def _parts(text: str, mark: str) -> list[str]:
    return [part.strip(_EDGES) for part in split_outside_brackets(text, mark)]


_FILLED_NUMBERS = {ord(first) + n: ord("①") + n for first in "❶➀➊⓵" for n in range(10)}
_COMPOSED = re.compile(r"[⑴-⒇⒈-⒛㈠-㈩]")
"""Numbers and their brackets or points in one sign."""
_BARE_NUMBER = re.compile(
    r"(?:^|(?<=[^\d.]))\s*(\d{1,2})\s*[-:\uff1a,\uff0c]?\s*(?=[\u4e00-\u9fff《])(?![份张寸个页套次本件年月日天工小元号楼层室岁周期级类名人项条款种间家位时分米公以至到])"
)
_COUNTED: tuple[tuple[re.Pattern[str], Callable[[str], int]], ...] = (
    (
        re.compile(
            r"(?:附件|步骤|材料|资料|环节|[Ss]tep)\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:[.、:\uff0e\uff1a)\uff09]|\s(?=\S)|(?=[\u4e00-\u9fff]))"
        ),
        lambda mark: numeral(re.sub(r"[^\d一二三四五六七八九十]", "", mark)),
    ),
    (re.compile(r"[①-⑳]"), lambda mark: ord(mark) - ord("①") + 1),
    (re.compile(r"[Ⅰ-Ⅻ](?=[.、\uff0e]|[\u4e00-\u9fff])(?![类型级])"), lambda mark: ord(mark) - ord("Ⅰ") + 1),
    (re.compile(r"[(\uff08](\d{1,2}|[一二三四五六七八九十]{1,3})[)\uff09]"), lambda mark: numeral(mark[1:-1])),
    (
        re.compile(r"(?<![\d.\uff0e])[\d\uff10-\uff19]{1,2}[.、\uff0e](?:(?!\d)|(?=[12]寸))"),
        lambda mark: int(mark[:-1]),
    ),
    (
        re.compile(r"(?<![一二三四五六七八九十第])[一二三四五六七八九十]{1,3}[、.\uff0e]"),
        lambda mark: numeral(mark[:-1]),
    ),
    (re.compile(r"[一二三四五六七八九十]是(?=\S)"), lambda mark: numeral(mark[:-1])),
    (re.compile(r"(?<![A-Za-z])[A-Ha-h][.、\uff0e)\uff09](?![A-Za-z])"), lambda mark: ord(mark[0].lower()) - 96),
    (re.compile(r"(?<![\d\uff10-\uff19])[\d\uff10-\uff19]{1,2}[)\uff09]"), lambda mark: int(mark[:-1])),
    (
        re.compile(r"第[一二三四五六七八九十\d]{1,3}(?:步[:\uff1a、,\uff0c]?|项[:\uff1a、,\uff0c])"),
        lambda mark: numeral(re.sub(r"[^\d一二三四五六七八九十]", "", mark)),
    ),
)


def _counted(line: str) -> list[str]:
    """Cut a line at marks of one kind that count 1, 2, 3 …, with or without anything between the entries."""
    open_text = _outside_brackets(line)
    for pattern, number in _COUNTED:
        marks = list(pattern.finditer(open_text))
        if len(marks) > 1 and [number(mark[0]) for mark in marks] == list(range(1, len(marks) + 1)):
            starts = [mark.start() for mark in marks]
            edges = [0, *starts, len(line)] if line[: starts[0]].strip() else [*starts, len(line)]
            return [line[a:b] for a, b in itertools.pairwise(edges)]
    bare = list(_BARE_NUMBER.finditer(open_text))
    if len(bare) > 1 and bare[0].start() == 0 and [int(each[1]) for each in bare] == list(range(1, len(bare) + 1)):
        return [line[a.end() : b] for a, b in zip(bare, [*(each.start() for each in bare[1:]), len(line)], strict=True)]
    return [line]


def _at_inline_numbers(piece: str) -> list[str]:
    places = [found.start() for found in _INLINE_NUMBER.finditer(_outside_brackets(piece))]
    return [piece[a:b] for a, b in itertools.pairwise([0, *places, len(piece)])]


_BRACKETED = re.compile(r"[(\uff08][^()\uff08\uff09]*[)\uff09]")
_NUMBER_IN_BRACKETS = re.compile(r"[(\uff08](?:\d{1,2}|[一二三四五六七八九十]{1,3})[)\uff09]")


def _outside_brackets(line: str) -> str:
    """Blank out what stands in brackets, whose numbers are no marks of the list around them (受理（1、窗口）审核（2、科室）)."""
    if _BRACKETED.fullmatch(line.strip()):
        return line
    kept = _NUMBER_IN_BRACKETS.fullmatch
    return _BRACKETED.sub(lambda found: found[0] if kept(found[0]) else "\0" * len(found[0]), line)


def numbered_as(text: str, count: int) -> list[str]:
    """Cut a text at the marks 1 to `count`, even before figures (1.5天2.不收), or nowhere."""
    marks = (re.escape(sign) for sign in (str(n) for n in range(1, count + 1)))
    found = re.fullmatch(r"\s*" + "".join(rf"{mark}[.、．:：)）]\s*(.+?)" for mark in marks), text, re.DOTALL)
    return [part.strip(_EDGES) for part in found.groups()] if found and count > 1 else []


def _at_colon(piece: str) -> tuple[str, str, str]:
    """Split at the first colon, half-width or full-width, that is no clock's (9:00)."""
    found = re.search(r"(?<!\d)[:\uff1a]|[:\uff1a](?!\d\d)", piece)
    return (piece[: found.start()], found[0], piece[found.end() :]) if found else (piece, "", "")


def _rows(text: str, make: Callable[[str], BaseModel], found: list[str], label: str) -> ParsedText:
    """Make a row of each piece."""
    # Pieces that do not fit (too long) are kept whole.
    rows, bad = [], []
    for piece in found[:500]:
        try:
            rows.append(make(piece))
        except ValidationError:
            bad.append(piece)
    if bad or len(found) > 500:
        return ParsedText(
            rows or None,
            (CellRemark(DOUBT, "long", f"{label}中有一条过长（超过300字），全文留在导入记录里"),),
            kept=text,
        )
    return ParsedText(rows or None)


_NO_MATERIALS = re.compile(r"(?:无|无需|不需要?|免)(?:提供|提交|要)?(?:任何)?(?:申请)?(?:材料|资料)?|零材料|[/—-]+")
_COPIES = re.compile(
    rf"[,\uff0c\s]*[(\uff08]?\s*(?:提供|提交|交)?(?P<kind>原件(?:[和及与、+]复印件)?|复印件|影印件|正本)?[,\uff0c\s]*(?:各)?(?:一式)?(?:(?P<copies>{COUNT})[份张页套])?\s*[)\uff09]?[。.]?$"
)


def read_materials(text: str, field: Field, hint: str) -> ParsedText:
    if _NO_MATERIALS.fullmatch(folded(text)):
        return ParsedText(None, more=(("no_materials", True),))
    text = _SAME_PAPER.sub("，", _OR_BETWEEN.sub("或", text))
    if _ONE_OF_ALL.search(text):
        return _rows(text, _material, [text.strip()], "材料")
    found = _COUNTED_PAPERS.findall(text) if _ALL_COUNTED.fullmatch(text) else pieces(text, "、")
    if len(found) < 3:
        # Commas and the like part papers, where every part is one; else they are within a sentence.
        for mark in ("、,\uff0c", "+\uff0b", "|\uff5c", " \u3000"):
            parts = _parts(text, mark)
            if len(parts) > max(1, len(found)) and all(map(_is_paper, parts)):
                found = parts
                break
    if len(found) > 1:
        found = [part for piece in found for part in _papers(piece)]
        halves = (re.split(r"(?<=.)[及和与](?=.)", piece) for piece in found)
        found = [
            part
            for piece, two in zip(found, halves, strict=True)
            for part in (two if len(two) == 2 and all(map(_is_paper, two)) else [piece])
        ]
    return _rows(text, _material, found, "材料")


def _papers(piece: str) -> list[str]:
    """Cut an entry at its commas where every part is a paper (身份证,户口簿;照片)."""
    parts = _parts(piece, "、,\uff0c")
    return parts if len(parts) > 1 and all(map(_is_paper, parts)) else [piece]


_SAME_PAPER = re.compile(
    r"[、,\uff0c]\s*(?=(?:原件|复印件|影印件)(?:[(\uff08]?各?(?:\d+|[一二两三])[份张][)\uff09]?)?(?:[、,\uff0c;\uff1b)\uff09\n]|$))"
)
"""Between the original and the copies of one paper (身份证原件1份、复印件2份)."""
_OR_BETWEEN = re.compile(r"\s*\n\s*或者?\s*\n\s*")
_ONE_OF = r"(?:之一|任一|任选|任意一|[二两三四五][选者].?其?一|择其?一|其一|(?:提供|提交|符合)(?:其中)?一|有一即可|中的?(?:任何|任意)?一[种项个份])"
_ONE_OF_ALL = re.compile(
    rf"^(?:下列|以下|下述)[^：:，；;、\n]{{0,8}}?{_ONE_OF}[^：:\n]{{0,8}}[：:]|^[^；;\n\d]*[、/\s][^；;\n\d]*(?:{_ONE_OF}[^；;\n、]{{0,6}}|均可|皆可)[）)]?[。.]?$"
)
"""Papers of which one is enough stay together in one row."""
_COUNTED_PAPERS = re.compile(r"[^\d,\uff0c。;\uff1b、\s]{2,20}\d{1,2}[份张本]")
_ALL_COUNTED = re.compile(rf"(?:{_COUNTED_PAPERS.pattern}){{2,}}")
_PAPER = re.compile(
    r"(?:证|证明|执照|表|书|簿|册|卡|本|单|票|据|图|章程?|照片|寸照|彩照|像|合同|协议|报告|材料|资料|文件|证件|批文|批复|函|方案|清单|名单|病历|档案|凭证|账户|账号|材料一式.{1,2}份)"
    rf"(?:正本|副本|原件|复印件|影印件|扫描件|电子版|照片)*(?:[和及与]?复印件)?(?:各?(?:{COUNT})[份张页套本]|\s*[*×✕xX\uff0a]\s*\d{{1,2}})?(?:[(\uff08][^()\uff08\uff09]*[)\uff09])?$"
)
_NO_PAPER = re.compile(r"(?:如|若|无|未|不|须|需|应|并|或|且|由|凭|可|经|原件|复印件|一式|加盖|验|其中|包括|可以)")


def _is_paper(part: str) -> bool:
    """Tell a paper by its name (残疾证复印件2份), not a clause of a sentence nor the copies of the paper before it."""
    return len(part) <= 24 and not _NO_PAPER.match(part) and _PAPER.search(part) is not None


_BOTH = re.compile(
    rf"[,\uff0c\s]*[(\uff08]?\s*原件(?:[(\uff08]?各?({COUNT})[份张页套][)\uff09]?)?[,\uff0c、和及与+\s]+复印件(?:[(\uff08]?各?({COUNT})[份张页套])?\s*[)\uff09]?[)\uff09]?[。.]?$"
)


_TOLD = re.compile(r"[(\uff08]([^()\uff08\uff09]*)[)\uff09][。.]?$|(?<=.)[,\uff0c]([^()\uff08\uff09]*)$")
_TOLD_COPIES = re.compile(rf"(?:原件|复印件|正本|副本)?(?:各|一式|共)?({COUNT})[份张页套]")
_FORM, _COPY, _SOURCE, _NECESSITY = (
    ("form", MaterialForm), ("copy_kind", CopyKind), ("source", MaterialSource), ("necessity", Necessity),
)  # fmt: skip


def _told(words: str) -> JsonObject | None:
    """Read what a bracket tells of a material (1份，纸质，申请人自备), or None where it is part of the name."""
    given: JsonObject = {}
    rest = []
    for word in filter(None, re.split(r"[,\uff0c、;\uff1b/\s]+", words)):
        plain = folded(word)
        kinds = (
            (name, choice_names(name, choices).get(plain)) for name, choices in (_FORM, _COPY, _SOURCE, _NECESSITY)
        )
        if plain in _NOT_SAID_ALONE:
            rest.append(word)
        elif found := next(((name, choice) for name, choice in kinds if choice), None):
            name, choice = found
            both = {given.get(name), choice}
            if both == {MaterialForm.PAPER, MaterialForm.ELECTRONIC}:
                choice = MaterialForm.EITHER
            elif both == {CopyKind.ORIGINAL, CopyKind.COPY}:
                choice = CopyKind.BOTH
            given[name] = choice
        elif copies := _TOLD_COPIES.fullmatch(plain):
            given["copies"] = numeral(copies[1])
            if kind := choice_names("copy_kind", CopyKind).get(plain[:3] if plain[:3] == "复印件" else plain[:2]):
                given["copy_kind"] = kind
        else:
            rest.append(word)
    done_with = [word for word in rest if _DONE_WITH.fullmatch(word)]
    if (not given and not done_with) or len(rest) - len(done_with) > len(given):
        return None
    return given | ({"requirement": "，".join(rest)} if rest else {})


_DONE_WITH = re.compile(
    r"(?:现场|当场|窗口)?(?:核[验对查]|查验|交验|出示|验(?:后|毕)?(?:退[回还]?)?|验原件)(?:后?(?:退[回还]|返还))?|留存|存档|收[取存]|"
    r"(?:核验?|查看?|看|收|交|留存?|提[交供])(?:原件|复印件)|"
    r"加?盖.{0,4}章|.{0,6}(?:签字|签名)(?:盖章)?|正反面|双面(?:复印)?"
)
"""What is done with a paper at the window, or before it is handed in."""
_NOT_SAID_ALONE = frozenset(["是", "否", "其他", "其它", "个人", "申请人", "企业"])


_TIMES = re.compile(r"(?<=[^\s\x00-\x7f])\s*[*×✕xX\uff0a]\s*(\d{1,2})\s*[份张页套本]?$")
_COPIES_FIRST = re.compile(rf"[\s,\uff0c]+({COUNT})\s*([份张页套])[\s,\uff0c]+(原件|复印件|正本|影印件)$")


def _material(piece: str) -> Material:
    given: JsonObject = {}
    piece = _COPIES_FIRST.sub(r"\3\1\2", _TIMES.sub(r"\1份", piece))
    while (tail := _TOLD.search(piece)) and tail.start() > 1:
        if _BOTH.search(piece) or (told := _told(tail[1] or tail[2] or "")) is None:
            break
        piece, given = piece[: tail.start()].rstrip(), told | given
    made = _counted_material(piece)
    return made.model_copy(update=given)


def _counted_material(piece: str) -> Material:
    """Read a material's name, with the copies that end it (身份证复印件2份)."""
    found = _COPIES.search(piece)
    given: JsonObject = {}
    name = piece
    if (both := _BOTH.search(piece)) and both.start() > 1:
        name = piece[: both.start()]
        copies = both[2] or both[1]
        given = {"copy_kind": CopyKind.BOTH, "copies": numeral(copies) if copies else None}
    elif found and found.start() > 1 and (found["kind"] or found["copies"]):
        name = piece[: found.start()]
        kind = (found["kind"] or "").replace("及", "和").replace("与", "和").replace("、", "和").replace("+", "和")
        given["copy_kind"] = {
            "原件": CopyKind.ORIGINAL,
            "正本": CopyKind.ORIGINAL,
            "原件和复印件": CopyKind.BOTH,
            "": "",
        }.get(kind, CopyKind.COPY)
        given["copies"] = numeral(found["copies"]) if found["copies"] else None
    return Material(name=tidied(name).rstrip(":\uff1a"), **given)


_STEP_ARROWS = re.compile(r"\s*(?:[→⇒➔➜➡⇨⟶»↓⬇➝]\ufe0f?|[-—=\uff0d]*[>\uff1e]+(?!\s*[=\d])|——+|--+)\s*")
_STEP_LIMIT = re.compile(
    rf"[(\uff08]([^()\uff08\uff09]*(?:{COUNT})个?(?:工作日|自然日|小时|日|天|月)[^()\uff08\uff09]*|半个?(?:工作日|日|天)|当场|即时|即办|当[日天])[)\uff09]$"
)


def read_steps(text: str, field: Field, hint: str) -> ParsedText:
    text, said = _TOTAL.sub("", text), _UNIT_APART.search(text)
    text = _UNIT_APART.sub("", text)
    by_arrow = [_NUMBERED.sub("", part).strip(_EDGES).translate(_ROUND) for part in _STEP_ARROWS.split(text)]
    found = [part for part in by_arrow if part]
    if len(found) < 2:
        timed = _TIMED.findall(text) if _ALL_TIMED.fullmatch(text) else []
        found = (
            ["".join(step).translate(_ROUND) for step in timed]
            if _are_steps([step[0] for step in timed])
            else _with_brackets(text) or pieces(text)
        )
    if len(found) == 1:
        for mark in ("-\uff0d—–―~\uff5e", "|\uff5c", "、,\uff0c", "/\uff0f", "\\", " \u3000", "+\uff0b", "·・"):
            parts = [part for part in _parts(found[0], mark) if part]
            if len(parts) > 1 and _are_steps(parts):
                found = parts
                break
    if doubt := _doubtful_numbers(found):
        return _rows(text, _step, found, "流程")._replace(remarks=(doubt,))
    unitless = [_UNITLESS.fullmatch(part) for part in found]
    if not any(unitless) or not all(
        bare or _STEP_LIMIT.search(part) for bare, part in zip(unitless, found, strict=True)
    ):
        return _rows(text, _step, found, "流程")
    units = [said[1]] if said else _UNIT.findall(text) or [unit for unit in [folded(hint)] if _UNIT.fullmatch(unit)]
    unit = f"个{(units or ['工作日'])[-1]}".replace("个天", "天").replace("个日", "日")
    found = [f"{bare[1]}（{bare[2]}{unit}）" if bare else part for bare, part in zip(unitless, found, strict=True)]
    reading = _rows(text, _step, found, "流程")
    if units:
        return reading
    doubt = CellRemark(DOUBT, "limit", "环节后面只写了数字，没有写单位，按工作日读", "、".join(found)[:300])
    return reading._replace(remarks=(*reading.remarks, doubt))


_WITH_BRACKET = re.compile(
    r"[、,\uff0c;\uff1b\s]*((?:[①-⑳]|\d{1,2}[.、\uff0e])?[^\d()\uff08\uff09【】\[\]、,\uff0c;\uff1b→\s]{2,16})\s*"
    r"([(\uff08【\[][^()\uff08\uff09【】\[\]]{1,60}[)\uff09】\]])"
)
_ALL_WITH_BRACKETS = re.compile(rf"(?:{_WITH_BRACKET.pattern}){{2,}}[。.;\uff1b]?\s*")
_ORDER = re.compile(r"^(?:(\d{1,2}|[一二三四五六七八九十]{1,3})[.、\uff0e:\uff1a,\uff0c)\uff09]|[①-⑳])\s*(?=\D)")
"""The number of a step, within its bracket."""
_DESK = re.compile(
    r"(?:窗口|科室?|股室?|处室?|室|中心|大厅|岗位?|员|部门?|所|局|领导|(?:负责|经办|承办|受理|审批|审核|首席|值班)人|委|办|站|组|队|院|校|厅)$"
)


def _with_brackets(text: str) -> list[str]:
    """Cut a text of steps with a bracket each and nothing between them (受理（窗口）审核（业务科）)."""
    found = _WITH_BRACKET.findall(text) if _ALL_WITH_BRACKETS.fullmatch(text) else []
    names = [_NUMBERED.sub("", name) for name, _ in found]
    brackets = [bracket.translate(_ROUND) for _, bracket in found]
    return [name + bracket for name, bracket in zip(names, brackets, strict=True)] if _are_steps(names) else []


def _doubtful_numbers(found: list[str]) -> CellRemark | None:
    """Doubt numbers before who does a step, in its bracket, that do not count the steps: they may be days."""
    told = [re.search(r"[(\uff08]([^()\uff08\uff09]*)[)\uff09]$", piece) for piece in found]
    numbers = [order[1] for each in told if each and (order := _ORDER.match(each[1].strip())) and order[1]]
    if not numbers or [numeral(each) for each in numbers] == list(range(1, len(found) + 1)):
        return None
    said = f"括号里的{'、'.join(numbers)}看不出是序号还是时限，没有读作时限"
    return CellRemark(DOUBT, "limit", said, "是时限的，请写上单位，如“2个工作日”")


def _told_of_step(words: str) -> JsonObject | None:
    """Read who does a step, and how long it takes (1、窗口，2个工作日), or None where the bracket says something else."""
    given: JsonObject = {}
    desks = []
    for word in filter(None, re.split(r"[,\uff0c、;\uff1b/\s]+", _ORDER.sub("", words.strip()))):
        if re.fullmatch(_TIME, word) and not re.fullmatch(NUMBER, word) and "limit" not in given:
            given["limit"] = read_limit(word)[0]
        elif _DESK.search(word) and len(word) <= 20:
            desks.append(word)
        else:
            return None
    return given | {"actor": "、".join(desks)} if desks else None


NUMBER = r"\d{1,4}(?:\.\d)?"
_UNIT = re.compile(r"工作日|自然日|小时|日|天")
_TOTAL = re.compile(
    rf"(?<=.)\s*[(\uff08,\uff0c;\uff1b]\s*(?:总?共计?|合计|总计|全程|总时限)[^()\uff08\uff09]{{0,6}}?(?:{NUMBER})个?(?:{_UNIT.pattern})[^()\uff08\uff09]{{0,4}}[)\uff09]?[。.]?\s*$"
)
"""How long all steps take, which is no step's time."""
_UNIT_APART = re.compile(
    rf"\s*[(\uff08]?(?:时限|时间)?单位(?:均?为|是)?[:\uff1a]?\s*({_UNIT.pattern})[)\uff09]?[。.]?\s*$"
)
_TIME = rf"(?:{NUMBER}|半)(?:个?(?:{_UNIT.pattern}))?|当场|即时|即办|当[日天]"
_TIMED = re.compile(
    r"([^\d()\uff08\uff09【】\[\]、,\uff0c;\uff1b→>\s-]{2,16})"
    rf"([(\uff08【\[][^()\uff08\uff09【】\[\]]{{0,8}}?(?:{_TIME})[)\uff09】\]]|\s*{NUMBER}(?:个?(?:{_UNIT.pattern}))?)[、,\uff0c;\uff1b\s]*"
)
"""A step with its time in brackets or behind it, and nothing needed between it and the next."""
_TIME_FIRST = re.compile(
    rf"^[(\uff08]((?:{NUMBER}|半)个?(?:{_UNIT.pattern})内?|当场|即时|即办)[)\uff09]\s*([^\s()\uff08\uff09]{{2,20}})$"
)
_ROUND = str.maketrans("【[】]", "（（））")
_ALL_TIMED = re.compile(f"(?:{_TIMED.pattern}){{2,}}")
_UNITLESS = re.compile(rf"(\D{{2,16}}?)(?:\s*[(\uff08【\[:\uff1a/]\s*)?({NUMBER})[)\uff09】\]]?")
_STEP_WORD = re.compile(
    r"申请|申报|受理|收件|接件|审查|审核|初审|复审|复核|核查|核实|核准|核发|核验|核对|勘验|勘查|踏勘|公示|公告|审批|批准|决定|办结|制证|发证|送达|领取|领证|取证"
    r"|缴费|登记|签订|签约|上报|报送|备案|评议|评审|评估|论证|录取|报名|注册|归档|告知|答复|发放|打印|录入|办理|调查|走访|拨付|检测|检验|鉴定|签发|转报|转办|签字"
    r"|咨询|提交|填写|填表|预约|取号|查询|体检|考试|面试|打证|缮证|确认|认定|整改|验收|反馈|回访|抽签|公布|下达|入库|交费|取件|审定|审验|测试|培训|安排|入住|结算|支付"
)


def _are_steps(parts: list[str]) -> bool:
    """Tell steps parted by a mark (受理、审核、办结) from a sentence that holds the mark."""
    bare = [re.sub(r"[(\uff08][^()\uff08\uff09]*[)\uff09]", "", part).strip() for part in parts]
    named = [bool(_STEP_WORD.search(part)) for part in bare]
    short = all(1 < len(part) <= 16 and "。" not in part and not part.isdigit() for part in bare)
    return short and sum(named) >= max(2, len(parts) - 1 - len(parts) // 4)


_THEN = re.compile(rf"^(?:首先|然后|接着|随后|其次|再次|最后|先|再)[由,\uff0c]?(?=(?:{_STEP_WORD.pattern})$)")


def _step(piece: str) -> Step:
    piece = _THEN.sub("", piece)
    limit, piece_left = TimeLimit(), _TIME_FIRST.sub(r"\2（\1）", piece)
    piece, actor = piece_left, ""
    bracket = re.search(r"(?<=.)[(\uff08]([^()\uff08\uff09]+)[)\uff09]$", piece)
    if bracket and (told := _told_of_step(bracket[1])):
        actor, limit = told["actor"], told.get("limit", limit)
        piece = piece_left = piece[: bracket.start()].strip()
    if found := _STEP_LIMIT.search(piece):
        limit, piece_left = read_limit(found[1])[0], piece[: found.start()].strip()
    elif (
        tail := re.search(
            rf"(?<=[\u4e00-\u9fff])(?:在|为|[,\uff0c、\s]+)?((?:\d{{1,3}}\.\d|{COUNT})个?(?:工作日|自然日|小时|日|天|月)(?:内|之内|以内)?|半个?(?:工作日|天|日)|当场|即时|即办)$",
            piece,
        )
    ) and tail.start() > 1:
        limit, piece_left = read_limit(tail[1])[0], piece[: tail.start()].strip()
    name, mark, rest = _at_colon(piece_left)
    if not mark or len(name) > 20:
        name, rest = piece_left, ""
    elif limit.is_blank():
        timed, remarks = read_limit(rest.strip())
        if not remarks or (timed.value is not None and not timed.text):
            limit, rest = timed, ""
    kind = choice_names("kind", StepKind).get(folded(name), "")
    return Step(name=tidied(name), kind=kind, actor=actor, limit=limit, note=rest.strip())


def read_bases(text: str, field: Field, hint: str) -> ParsedText:
    if folded(text) in ("无", "/", "-", "—", "暂无"):
        return ParsedText(None)
    rows: list[Basis] = []
    for each in read_citations(text)[:500]:
        try:
            rows.append(Basis(title=each.title, doc_no=each.doc_no, articles=each.articles, text=each.text))
        except ValidationError:
            rows.append(Basis(title=each.title[:40] or text[:40], text=text[:20_000]))
    return ParsedText(rows or None)


def read_conditions(text: str, field: Field, hint: str) -> ParsedText:
    if folded(text) in ("无", "/", "-", "—"):
        return ParsedText(None)
    return _rows(text, lambda piece: Condition(text=piece), pieces(text), "条件")


_SUM = re.compile(r"(?<![\d.])(?:0\.\d*[1-9]|[1-9]\d*(?:\.\d+)?)(?:万?元|角|[%‰])")
"""Something to pay."""
_FREE_BEGINNING = re.compile(r"(?:不收费|免费|不收取?(?:任何)?费用)[(,;。:]")


def read_fees(text: str, field: Field, hint: str) -> ParsedText:
    plain = folded(text)
    if FREE.fullmatch(plain):
        return ParsedText(None, more=(("charged", False),))
    if _FREE_BEGINNING.match(plain) and not _SUM.search(plain):
        return ParsedText(
            None,
            (CellRemark(NOTE, "fee", "读作“不收费”，括号里的话留在导入记录里"),),
            kept=text,
            more=(("charged", False),),
        )
    if plain in ("是", "收费", "有"):
        return ParsedText(None, (CellRemark(DOUBT, "fee", "只写了收费，没有写标准和依据"),), more=(("charged", True),))
    if basis := re.fullmatch(r"\s*(?:收费)?依据[:\uff1a]\s*(.+)", text, re.DOTALL):
        return ParsedText([Fee(name="收费", basis=basis[1].strip()[:300])], more=(("charged", True),))
    mixed = re.search(r"免费|不收费|免收|减免", plain) and not _SUM.search(plain)
    if (one := _LABELLED_FEE.match(text.strip(_EDGES))) and not re.search("标准[:：]", one["standard"]):
        named = Fee(name=one["name"] or "收费", standard=one["standard"].strip(), basis=(one["basis"] or "").strip())
        return ParsedText([named], more=(("charged", True),))
    reading = _rows(text, _fee, pieces(text), "收费")
    if mixed:
        return reading._replace(
            remarks=(*reading.remarks, CellRemark(DOUBT, "fee", "看不出收不收费，原文已存，请核对“是否收费”"))
        )
    return reading._replace(more=(("charged", True),))


_LABELLED_FEE = re.compile(
    r"^(?:(?:收费)?(?:项目|名称)[:\uff1a]?(?P<name>[^:\uff1a;\uff1b\n]{1,30})[;\uff1b,\uff0c\n。]\s*)?(?:收费)?标准[:\uff1a](?P<standard>.{1,300}?)(?:[;\uff1b,\uff0c\n。]\s*(?:收费)?依据[:\uff1a](?P<basis>.{1,300}))?$"
)


def _fee(piece: str) -> Fee:
    name, mark, standard = _at_colon(piece)
    if not mark or len(name) > 30:
        amount = re.match(r"([\u4e00-\u9fff]{2,20}?)\s*(?=\d+(?:\.\d+)?\s*元)", piece)
        named = amount is not None and not re.search(r"[按为收取共计约]$", amount[1])
        name, standard = (amount[1], piece[amount.end() :]) if amount and named else ("收费", piece)
    return Fee(name=name.strip(), standard=standard.strip())


def read_fee_standard(text: str, field: Field, hint: str) -> ParsedText:
    """Read a column 收费标准 beside 收费依据, with what it says of charging."""
    if FREE.fullmatch(folded(text)):
        return ParsedText(None, more=(("charged", False),))
    reading, plain = read_plain(text, field, hint), folded(text)
    if re.search(r"免费|不收费|免收|减免|免缴|免交", plain) and not re.search(r"\d元|元/", plain):
        doubt = CellRemark(DOUBT, "fee", "看不出收不收费，原文已存，请核对“是否收费”")
        return reading._replace(remarks=(*reading.remarks, doubt))
    return reading._replace(more=(("charged", True),))


_STREET = re.compile(r"[路街巷道镇乡村]\S{0,60}\d|\d楼|\d号")
_PLACE_NAME = re.compile(r"^(.{2,40}?(?:中心|大厅|窗口|服务站|局|所|馆|院|处|分局))")


def read_places(text: str, field: Field, hint: str) -> ParsedText:
    return _rows(text, _place, pieces(text), "地点")


_HOURS = re.compile(
    r"[(\uff08]?(?:(?:办公|办理|工作|上班|服务|受理|开放)?时间[:\uff1a]?\s*)?"
    r"((?:法定)?(?:周[一二三四五六日天]|星期[一二三四五六日天]|工作日|每[天日周]|上午|节假日|夏季|冬季|全天)[^()\uff08\uff09]{0,120}\d{1,2}[:\uff1a点时][^()\uff08\uff09]{0,120}?"
    r"|\d{1,2}[:\uff1a]\d{2}\s*[-—–~\uff5e至到].{0,80}?)[)\uff09]?[。.]?$"
)
"""When a place is open, behind its name (周一至周五9:00-17:00)."""
_ADDRESS_LABEL = re.compile(r"[,\uff0c、\s(\uff08]*(?:(?:办理|详细|具体|办公)?(?:地址|地点))$")


def _place(piece: str) -> Place:
    if (told := _HOURS.search(piece)) and told.start() > 1:
        place = _place(piece[: told.start()].rstrip("，。, "))
        return place.model_copy(update={"hours": told[1].strip()})
    name, mark, address = _at_colon(piece)
    if mark and _ADDRESS_LABEL.fullmatch(name) and address.strip():
        return _place(address.strip())
    name = _ADDRESS_LABEL.sub("", name) or name
    if mark and len(name) <= 40 and address.strip():
        return Place(name=name.strip(), address=address.strip())
    if not _STREET.search(piece):
        return Place(name=piece)
    if both := re.fullmatch(r"([^()\uff08\uff09]{2,60})[(\uff08]([^()\uff08\uff09]{2,60})[)\uff09]", piece):
        # 示例路1号（市政务中心）, or the other way round.
        streets = [bool(_STREET.search(part)) for part in both.groups()]
        if streets[0] != streets[1]:
            return Place(name=both[2 if streets[0] else 1], address=both[1 if streets[0] else 2])
    found = _PLACE_NAME.match(piece)
    return Place(name=found[1] if found else piece, address=piece)


_URL = re.compile(r"https?://[^\s,\uff0c;\uff1b)\uff09]+|www\.[^\s,\uff0c;\uff1b)\uff09]+")


_CONTACT_PARTS = re.compile(
    r"[;\uff1b\n,\uff0c。]|\s+(?=(?:[\u4e00-\u9fff]{2})?(?:地址|地点|电话)[:\uff1a])|(?:网址|网站)[:\uff1a]"
)
_ADDRESS = re.compile(
    r"^(?:(?:[\u4e00-\u9fff]{2})?(?:地址|地点)[:\uff1a]?|(?:现场|窗口|当面)(?:咨询|投诉|监督|举报)?[:\uff1a])\s*"
)


_ONLY_A_NUMBER = re.compile(r"[0-9 ()-]{5,30}")


def read_contact(text: str, field: Field, hint: str) -> ParsedText:
    if _ONLY_A_NUMBER.fullmatch(text) and holds_phone(text):
        return ParsedText(Contact(phone=with_area_code(text)))  # as most are
    urls = _URL.findall(text)
    if len(text) > 300:
        return ParsedText(None, (CellRemark(DOUBT, "long", "超过300字，全文留在导入记录里"),), kept=text)
    if len(urls) == 1 and urls[0] == text.strip():
        return ParsedText(Contact(url=text.strip()))
    if holds_phone(text):
        parts = [part.strip() for part in _CONTACT_PARTS.split(text) if part.strip()]
        addresses = [part for part in parts if _ADDRESS.match(part) and not holds_phone(part)]
        said = [part for part in parts if part not in addresses and part not in urls]
        if not addresses and len(said) == len(parts):
            return ParsedText(Contact(phone=with_area_code(text.replace("\n", " "))))
        address = "，".join(_ADDRESS.sub("", part) for part in addresses)
        url = next((part for part in parts if part in urls), "")
        return ParsedText(Contact(phone=with_area_code("；".join(said)), address=address, url=url))
    ways = [find for part in _choice_parts(text) if (find := choice_names("ways", ConsultWay).get(folded(part)))]
    if ways and len(ways) == len(_choice_parts(text)):
        return ParsedText(Contact(ways=ways))
    return ParsedText(Contact(address=text.replace("\n", " ")))


_QUESTION = re.compile(
    r"(?:^|\n)\s*(?:\d{1,2}[.、])?\s*问\s*\d{0,2}[:\uff1a]\s*(.+?)\s*答\s*\d{0,2}[:\uff1a]\s*(.+?)(?=\n\s*(?:\d{1,2}[.、])?\s*问\s*\d{0,2}[:\uff1a]|\Z)",
    re.DOTALL,
)


def read_faqs(text: str, field: Field, hint: str) -> ParsedText:
    pairs = _QUESTION.findall(text)
    if not pairs:
        return ParsedText(
            None, (CellRemark(DOUBT, "faq", "看不出问和答，原文留在导入记录里", "请写成“问:…”换行“答:…”"),), kept=text
        )
    try:
        return ParsedText([Faq(question=q.strip()[:300], answer=a.strip()) for q, a in pairs])
    except ValidationError:
        return ParsedText(None, (CellRemark(DOUBT, "long", "文字过长，全文留在导入记录里"),), kept=text)


def read_special_procedures(text: str, field: Field, hint: str) -> ParsedText:
    if folded(text) in ("无", "/", "-", "—", "否"):
        return ParsedText(None)
    return _rows(text, lambda piece: SpecialProcedure(name=piece), pieces(text, "、"), "特别程序")


def read_form_fields(text: str, field: Field, hint: str) -> ParsedText:
    return _rows(text, lambda piece: DeclaredField(label=piece), pieces(text, "、"), "在线表单")
