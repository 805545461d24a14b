"""Reading how offices cite law: 《名称》(文号)第十条第二款、第十二条;《…》… — and writing it back.

What is not understood is kept in `text` or taken as a title; nothing of the given words is thrown away except
numbering (1. ① (一)), the marks between citations, lead-ins such as 根据 and the issuer before 《》.
"""

import re
import unicodedata
from dataclasses import dataclass, replace

from banshi.law.places import NUMERAL, PLACE, PLACES

# Full-width brackets, colon, semicolon, comma and stop are written as escapes: they look like the half-width ones.
_OPEN, _CLOSE = "(\uff08", ")\uff09"
_COLON = ":\uff1a"
_ARTICLES = re.compile(rf"\s*({PLACES}(?:[(\uff08][^《》()\uff08\uff09]{{1,20}}[)\uff09])?(?:\s*等)?)")
_NUMBER = rf"[\u4e00-\u9fa5]{{1,20}}?[〔\[(\uff08]\s*[12]\d{{3}}\s*[〕\])\uff09]\s*第?\d+号|[\u4e00-\u9fa5 ]{{1,40}}?令(?:\d{{4}}年)?第?[{NUMERAL}]+号"
_DOC_NO = re.compile(rf"\s*({_NUMBER})")
_NUMBERING = re.compile(
    rf"^\s*(?:[(\uff08]?[{NUMERAL}]{{1,3}}[)\uff09]|\d{{1,3}}[.、\uff0e](?!\d)|[{NUMERAL}]{{1,3}}、|[①-⑳])\s*"
)
_RANK = (
    r"(?:(?:国家|党内|地方性?|行政|部门|部委|(?:地方)?政府|其他|有关|相关|省级?|市级?)?(?:法律法规|法律|法规|规章|司法解释|国际条约)"
    r"|(?:行政)?规范性文件|(?:国务院|中央|政策|其他)(?:文件|决定)|政策|党规)(?:依据)?"
)
"""The rank of a law, with which tables label their citations."""
_LABEL = re.compile(
    rf"(?:(?:[①-⑳]|[(\uff08]?\d{{1,2}}[.、\uff0e)\uff09])\s*)?(?<![》(\uff08])[【〖\[〔(\uff08]\s*{_RANK}\s*[】〗\]〕)\uff09]\s*[:\uff1a]?|(?:^|(?<=[\s;\uff1b。、.\uff0e]))(?:[{NUMERAL}]{{1,3}}、)?[-—·●]?{_RANK}(?:[:\uff1a](?=\s*[《\d])|\s+(?=《))"
)
_RANK_ALONE = re.compile(rf"{_RANK}[:\uff1a]?")
_PAPER = re.compile(
    r"(?:证|证书|执照|证明|卡|簿|册|表|(?<![清名])单|合同|协议书?|(?:申请|通知|决定|告知|承诺|意见|报告|任务|责任|登记)书)(?:[(\uff08][^()\uff08\uff09]*[)\uff09])?$"
)
"""Titles of papers that people carry, which no law is called."""
_ISSUES = re.compile(r"(?:印发|转发|批转|发布|公布|颁布|下发|颁发|实施)$")
_NOTICE = re.compile(r"\s*的?(?:通知|决定|公告|通告|命令|函)")
_LEAD_IN = re.compile(
    r"^(?:(?:法律|设定|主要|实施|办理)?依据[:\uff1a]|根据|依据|依照|依(?=《|$)|按照|按(?=《|$)|参照|以及|和|及|与|[、,\uff0c:\uff1a])+"
)
_KIND = r"(?:法|法典|条例|规定|办法|规则|细则)"
_BEGINNING = re.compile(
    rf"[(\uff08](?=[^)\uff09]{{0,200}}(?:号|修订|修正|施行|\d{{4}}))|{PLACE}|(?:(?<=[法典则])|(?<=条例|规定|办法))[{NUMERAL}]{{1,9}}\s*条"
)
_OFFICE = re.compile(
    r"[\u4e00-\u9fa5]{0,20}(?:国务院|部|委|委员会|局|总局|署|厅|办公厅|办公室|政府|银行|人大|常委会|法院|检察院)"
)
"""Offices that a citation names before the law of theirs."""
_ANOTHER = re.compile(rf"\s*(?:[、,\uff0c和及与]|以及)+\s*(?=[\u4e00-\u9fa5]{{2,40}}?{_KIND}\s*(?:[(\uff08]|{PLACES}))")
"""Mark before a further law without 《》."""
_ENTRY_END = re.compile(
    r"[\r\n]+|[;\uff1b]|(?<=[。”])(?=\s*(?:\d{1,3}[.、\uff0e]|[①-⑳]|[(\uff08][一二三四五六七八九十\d]+[)\uff09]|《))"
)


_LOOSE_NUMBER = re.compile(
    r"([\u4e00-\u9fa5]{1,12})\s*(?:[〔\[【﹝]\s*([12１２][\d０-９]{3})\s*[〕\]】﹞]|(?<=[发办字函规教社建])([12]\d{3})年)\s*第?\s*([\d０-９]{1,5})\s*(?:号文|号|(?![\d０-９]|\s*号))"
)
_DECREE_FIRST = re.compile(rf"([\u4e00-\u9fa5]{{2,10}})第([{NUMERAL}]{{1,5}})号令")
"""Numbers of documents in other brackets, digits and order (财教【2021】310, 国务院第398号令)."""
_BETWEEN_NUMBERS = re.compile(
    r"(?<=\d号)\s*(?:[和及与、,\uff0c]|以及)\s*(?=[\u4e00-\u9fa5]{1,12}〔[12]\d{3}〕)(?![^(\uff08]*[)\uff09])"
)
_ISSUERS_OF_NUMBER = re.compile(
    r"(?:(?<=^)|(?<=[\s;\uff1b。]))(?:[\u4e00-\u9fa5]{1,12}?(?:部|委|局|厅|办公室|署)[\s、]*)++(?=[\u4e00-\u9fa5]{2,8}〔[12]\d{3}〕)"
)
"""Offices before the number of their document, which names them itself."""
_OTHER_BRACKETS = re.compile(r"(?:<<|[〖‹«≪＜])([^《》〖〗‹›«»≪≫＜＞<>\n]{2,80})(?:>>|[〗›»≫＞])")
_QUOTES = re.compile(rf"[「『“\"<]([^「」『』“”\"<>\n]{{2,60}}(?:{_KIND}|通知|意见|决定|方案))[」』”\">]")
"""Signs that people put for 《》, surely or where the words in them are called like a law."""
_TWICE = re.compile(r"《\s*(《[^《》]*》)\s*》")
_EDITION = re.compile(
    r"(?:(?:根据|自)?\d{4}[^()\uff08\uff09号]{0,60}?)?(?:第[一二三四五六七八九十]+次)?(?:最新|新)?(?:修正|修订|修改|通过|公布|发布|施行|实施|版)(?:版|本|文本)?"
    r"|\d{4}(?:年本?|本)|试行|暂行|修正案|节选|摘录"
)
"""Brackets after a title that tell which text of it is meant, and are no number."""


@dataclass(frozen=True, slots=True)
class Citation:
    """One law or document, where in it, and the words quoted after a colon."""

    title: str
    doc_no: str = ""
    articles: str = ""
    text: str = ""


def read_citations(text: str) -> list[Citation]:
    """Read every citation in the order given.

    Of one law cited twice in a row (《A》第一条;第三条) the places are joined.
    """
    found: list[Citation] = []
    # Entries end at marks and line ends that stand outside brackets, and a label of rank (【法律】) begins one.
    text = _DECREE_FIRST.sub(r"\1令第\2号", _LOOSE_NUMBER.sub(_spelled, text))
    text = _BETWEEN_NUMBERS.sub("；", _ISSUERS_OF_NUMBER.sub("", text))
    text = _TWICE.sub(r"\1", _OTHER_BRACKETS.sub(r"《\1》", _LABEL.sub("\n", text)))
    text = text if "《" in text else _QUOTES.sub(r"《\1》", text)
    parts, start = [], 0
    for mark in _ENTRY_END.finditer(text):
        depth = sum((c in _OPEN + "《〈") - (c in _CLOSE + "》〉") for c in text[start : mark.start()])
        if depth <= 0:
            parts.append(text[start : mark.start()])
            start = mark.end()
    entries = [
        clean
        for part in [*parts, text[start:]]
        if (clean := _NUMBERING.sub("", part).strip(" \t\u3000。;\uff1b")) and not _RANK_ALONE.fullmatch(clean)
    ]
    for entry in entries:
        if found and (alone := _ARTICLES.fullmatch(entry)):
            first = found[-1].articles
            second = alone[1]
            found[-1] = replace(found[-1], articles=f"{first}、{second}" if first else second)
        elif (
            found
            and (place := _ARTICLES.match(entry))
            and not entry[place.end() :].lstrip(" 、,\uff0c和及").startswith("《")
        ):
            # The article's own words under its law, whatever papers and laws they name.
            said = Citation(found[-1].title, found[-1].doc_no, place[1], entry[place.end() :].strip(" \u3000:\uff1a"))
            found[-1:] = [said] if not (found[-1].articles or found[-1].text) else [found[-1], said]
        else:
            found += _bracketed(entry) if _next_title(entry, within=True) < len(entry) else _bare(entry)
    return found


def _spelled(number: re.Match[str]) -> str:
    whose, year, plain_year, count = number.groups()
    return (
        unicodedata.normalize("NFKC", f"{whose}#{year or plain_year}#{count}号")
        .replace("#", "〔", 1)
        .replace("#", "〕", 1)
    )


def is_edition(number: str) -> bool:
    """Tell an edition (2018年修正, 试行) from a document's number."""
    return _EDITION.fullmatch(number.strip()) is not None


def write_citation(citation: Citation) -> str:
    number = f"({citation.doc_no})" if citation.doc_no else ""
    named = citation.doc_no if citation.title == citation.doc_no else f"《{citation.title}》{number}"
    quoted = f":{citation.text}" if citation.text else ""
    return f"{named}{citation.articles}{quoted}"


def _bracketed(entry: str) -> list[Citation]:
    """Read all titles in brackets (《A》…、《B》…) before a colon."""
    # What follows the colon belongs to the last.
    found: list[Citation] = []
    start = _next_title(entry, within=True)
    lead, rest = entry[:start], entry[start:]
    lead = _NUMBERING.sub("", _LEAD_IN.sub("", lead)).strip(" (\uff08【")
    number = _DOC_NO.fullmatch(lead)
    while rest.startswith("《"):
        end = _closing(rest, "《", "》")
        title, tail = rest[1:end], rest[end + 1 :]
        stop = _next_title(tail)
        if not found and _ISSUES.search(lead):
            # 国务院关于印发《…》的通知 is one title; without 的通知 the document itself is meant.
            if notice := _NOTICE.match(tail):
                title, tail, stop = f"{lead}《{title}》{notice[0]}", tail[notice.end() :], stop - notice.end()
            lead = ""
        found += _with_tail(title.strip(), tail[:stop])
        rest = tail[stop:]
    if number and not found[0].doc_no:
        return [replace(found[0], doc_no=number[1]), *found[1:]]
    named = lead and not all(map(_OFFICE.fullmatch, re.split(r"[\s、,\uff0c]+", lead)))
    return [*_bare(lead), *found] if named else found


def _next_title(tail: str, *, within: bool = False) -> int:
    """Find the beginning of the next title, which no paper's name is (《残疾人证》)."""
    # None after a colon, and none inside brackets, unless it is the entry's first (`within`).
    depth = 0
    for place, c in enumerate(tail):
        depth += (c in _OPEN) - (c in _CLOSE)
        if depth <= 0 and c in _COLON and not within:
            return len(tail)
        if (depth <= 0 or within) and c == "《":
            end = _closing(tail[place:], "《", "》")
            if not _PAPER.search(tail[place + 1 : place + end]):
                return place
    return len(tail)


_REMARK = re.compile(r"^(?![^号]*\d+号).*(?:未查到|未核对|待核|不详|以.{0,8}为准|节选|见附件|略)")
"""Said of the citation by who wrote it."""
_ASIDE = re.compile(r"\s*[(\uff08]([^()\uff08\uff09]*)[)\uff09]")


def _with_tail(title: str, tail: str) -> list[Citation]:
    doc_no, articles, remark = "", "", ""
    while (aside := _ASIDE.match(tail)) and is_edition(aside[1]):
        title, tail = f"{title}（{aside[1].strip()}）", tail[aside.end() :]
    if tail.lstrip()[:1] and tail.lstrip()[0] in _OPEN:
        tail = tail.lstrip()
        end = _closing(tail.translate(str.maketrans("\uff08\uff09", "()")), "(", ")")
        if _REMARK.search(tail[1:end]):
            remark, tail = tail[1:end].strip(), tail[end + 1 :]
        elif "简称" not in tail[:end]:
            doc_no, tail = tail[1:end].strip(), tail[end + 1 :]
    elif number := _DOC_NO.match(tail):
        doc_no, tail = number[1], tail[number.end() :]
    if not doc_no and _DOC_NO.fullmatch(title):
        doc_no = title
    if places := _ARTICLES.match(tail):
        articles, tail = places[1], tail[places.end() :]
    if further := _ANOTHER.match(tail):
        return [Citation(title, doc_no, articles, remark), *_bare(tail[further.end() :])]
    said = _LEAD_IN.sub("", tail.strip()).strip(" \u3000、,\uff0c和及与。")
    said = "" if _NUMBERING.fullmatch(said) else said
    return [Citation(title, doc_no, articles, "，".join(filter(None, (remark, said))))]


def _bare(entry: str) -> list[Citation]:
    """Read titles without 《》, each of which runs up to the first bracketed number or the first article."""
    entry = _LEAD_IN.sub("", entry).strip() or entry
    if number := _DOC_NO.fullmatch(entry):
        return [Citation(number[1], number[1])]
    start = _BEGINNING.search(entry)
    if not start or start.start() == 0:
        return [Citation(entry)]
    *bare, title = re.split(rf"(?<=[法典则例定])、(?=[\u4e00-\u9fa5]+{_KIND}$)", entry[: start.start()].strip())
    return [*map(Citation, bare), *_with_tail(title, entry[start.start() :])]


def _closing(text: str, opening: str, closing: str) -> int:
    """Place of the bracket that closes the one at 0."""
    # The end when it never closes.
    depth = 0
    for place, c in enumerate(text):
        depth += (c == opening) - (c == closing)
        if depth == 0:
            return place
    return len(text)
