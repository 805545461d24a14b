"""Pinyin without tones, and initials.

Of pypinyin only the table of single characters is used, read from its file into half a megabyte: its modules would take
11 MB of every worker, with its phrases 60. Words whose characters sound otherwise than alone (会计 kuai ji) stand in
data/vocab/readings.csv, which officials can add to.
"""

import csv
import re
import unicodedata
from bisect import bisect_left
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from sys import intern

from django.conf import settings

LATIN = re.compile(r"[a-z0-9]+")
LINE = re.compile(r'"(\d+)": "([^,"]+)')
HAS_LATIN = re.compile(r"[a-z0-9]")


def syllables(text: str) -> list[str]:
    """Spell one syllable per character, ü as v.

    Runs of letters and digits stay as they are, the rest is left out.
    """
    words, pattern = _readings()
    found: list[str] = []
    for part in pattern.split(text.lower()):
        found += words[part] if part in words else _one_by_one(part)
    return found


def sound(text: str) -> str:
    """Spell in pinyin (shehuibaozhangka)."""
    return "".join(syllables(text))


def initials(text: str) -> str:
    """Spell in initials (shbzk)."""
    return "".join(each[0] for each in syllables(text))


def _one_by_one(text: str) -> list[str]:
    if not HAS_LATIN.search(text):
        return [spoken for spoken in map(syllable, text) if spoken]
    parts = re.findall(r"[a-z0-9]+|[^a-z0-9]", text)
    spelt = (each if LATIN.fullmatch(each) else syllable(each) for each in parts)
    return [each for each in spelt if each]


@cache
def syllable(character: str) -> str:
    """Return the commonest reading of one character, without its tone.

    Returns "" when it has none.
    """
    characters, spoken = _table()
    place = bisect_left(characters, character)
    return spoken[place] if characters[place : place + 1] == character else ""


@cache
def _table() -> tuple[str, list[str]]:
    """Read all characters with a reading, in order, as they stand in the file."""
    # And the commonest reading of each.
    characters, spoken = [], []
    # The package's folder, without importing it.
    spec = find_spec("pypinyin")
    assert spec
    assert spec.origin
    with (Path(spec.origin).parent / "pinyin_dict.json").open(encoding="utf-8") as file:
        for line in file:
            if found := LINE.match(line):
                characters.append(chr(int(found[1])))
                plain = unicodedata.normalize(
                    "NFD", found[2].replace("ü", "v").replace("ǜ", "v").replace("ǚ", "v").replace("ǘ", "v")
                )
                without_tone = "".join(each for each in plain if each.isascii() and each.isalpha())
                spoken.append(intern(without_tone))
    return "".join(characters), spoken


@cache
def _syllables_known() -> frozenset[str]:
    return frozenset(_table()[1])


def is_syllable(letters: str) -> bool:
    return letters in _syllables_known()


@cache
def _readings() -> tuple[dict[str, list[str]], re.Pattern[str]]:
    with (settings.DATA / "vocab" / "readings.csv").open(encoding="utf-8") as file:
        words = {row["词"]: row["读音"].split() for row in csv.DictReader(file)}
    longest_first = sorted(words, key=len, reverse=True)
    return words, re.compile("(" + "|".join(map(re.escape, longest_first)) + ")")
