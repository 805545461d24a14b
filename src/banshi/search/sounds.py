"""How Chinese sounds: pinyin without tones, and initials.

Only the table of single characters is loaded (13 MB; with pypinyin's phrases it would be 60 MB in every worker). Words
whose characters sound otherwise than alone (会计 kuai ji) stand in data/vocab/readings.csv, which officials can add to.
"""

import csv
import os
import re
import unicodedata
from functools import cache

from django.conf import settings

os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
from pypinyin.constants import PINYIN_DICT

LATIN = re.compile(r"[a-z0-9]+")
HAS_LATIN = re.compile(r"[a-z0-9]")


def syllables(text: str) -> list[str]:
    """One syllable per character, ü as v; runs of letters and digits stay as they are, the rest is left out."""
    words, pattern = _readings()
    found: list[str] = []
    for part in pattern.split(text.lower()):
        found += words[part] if part in words else _one_by_one(part)
    return found


def sound(text: str) -> str:
    """shehuibaozhangka"""
    return "".join(syllables(text))


def initials(text: str) -> str:
    """shbzk"""
    return "".join(each[0] for each in syllables(text))


def _one_by_one(text: str) -> list[str]:
    if not HAS_LATIN.search(text):
        return [spoken for spoken in map(syllable, text) if spoken]
    parts = re.findall(r"[a-z0-9]+|[^a-z0-9]", text)
    spelt = (each if LATIN.fullmatch(each) else syllable(each) for each in parts)
    return [each for each in spelt if each]


@cache
def syllable(character: str) -> str:
    """The commonest reading of one character, without its tone; "" when it has none."""
    first = PINYIN_DICT.get(ord(character), "").split(",")[0]
    plain = unicodedata.normalize("NFD", first.replace("ü", "v").replace("ǜ", "v").replace("ǚ", "v").replace("ǘ", "v"))
    return "".join(each for each in plain if each.isascii() and each.isalpha())


@cache
def _readings() -> tuple[dict[str, list[str]], re.Pattern[str]]:
    with (settings.DATA / "vocab" / "readings.csv").open(encoding="utf-8") as file:
        words = {row["词"]: row["读音"].split() for row in csv.DictReader(file)}
    longest_first = sorted(words, key=len, reverse=True)
    return words, re.compile("(" + "|".join(map(re.escape, longest_first)) + ")")
