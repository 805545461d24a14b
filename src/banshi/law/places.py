"""Grammar of the places in a law: 第八十二、九十条, 第50至第200条, 第二条之一, 第十四条第（三）项."""

import re
from contextlib import suppress
from dataclasses import dataclass, replace

from banshi.law.numerals import numeral

NUMERAL = "零〇一二三四五六七八九十百千两0-9\uff10-\uff19"
_NUMBER = rf"(?:[{NUMERAL}]{{1,9}}|[(\uff08][{NUMERAL}]{{1,9}}[)\uff09])"
_TO = "至到—~\uff5e\uff0d-"
_MARK = rf"(?:[、,\uff0c和及与或{_TO}]|以及|——)"
_NUMBERS = rf"{_NUMBER}(?:\s*{_MARK}\s*(?:第\s*)?{_NUMBER}){{0,40}}"
_UNIT = rf"\s*(?:条(?:\s*之[{NUMERAL}]{{1,3}})?|款|项|目|章|节|编)"
PLACE = rf"第\s*{_NUMBERS}{_UNIT}"
"""One unit with all numbers that share it."""
PLACES = rf"(?:{PLACE}|[{NUMERAL}]{{1,9}}\s*条)(?:\s*{_MARK}?\s*{PLACE}|\s*{_MARK}\s*{_NUMBERS}{_UNIT}|\s*[(\uff08][{NUMERAL}]{{1,3}}[)\uff09]\s*[项目])*"
"""A row of units, of which those after the first may leave out 第."""
_ARTICLES = re.compile(
    rf"(?P<to>[{_TO}]+\s*)?(?:第\s*)?(?P<numbers>{_NUMBERS})\s*条(?:\s*之\s*(?P<inserted>[{NUMERAL}]{{1,3}}))?"
)
_EACH = re.compile(rf"({_MARK})?\s*(?:第\s*)?[(\uff08]?([{NUMERAL}]{{1,9}})")


@dataclass(frozen=True, slots=True)
class ArticleSpan:
    """Articles from `first` to `last`, both named. `inserted`: the number after 之, 0 where there is none."""

    first: int
    last: int
    inserted: int = 0


def cited_spans(text: str) -> list[ArticleSpan]:
    """Read the articles (条) in the order given, ranges as one span."""
    spans: list[ArticleSpan] = []
    for group in _ARTICLES.finditer(text):
        for place, (mark, said) in enumerate(_EACH.findall(group["numbers"])):
            with suppress(ValueError):
                number = numeral(said)
                continued = mark in _TO if mark else place == 0 and bool(group["to"])
                if continued and spans and not spans[-1].inserted and number >= spans[-1].last:
                    spans[-1] = replace(spans[-1], last=number)
                else:
                    spans.append(ArticleSpan(number, number))
        if group["inserted"] and spans:
            with suppress(ValueError):
                spans[-1] = replace(spans[-1], inserted=numeral(group["inserted"]))
    return spans


def cited_articles(text: str) -> list[int]:
    """Read the numbers of articles (第十条、第十二条至第十五条), of a range its two ends, in rising order."""
    return sorted({end for span in cited_spans(text) for end in (span.first, span.last)})
