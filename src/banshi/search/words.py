"""From what a person typed to what is looked for: words that count, words that don't, other ways to say them."""

import re
import unicodedata
from dataclasses import dataclass, replace

from banshi.search.vocabulary import Vocabulary, Way, cut

LONGEST = 200
WORDS_AT_MOST = 20
JOINED_AT_MOST = 5
LONGEST_WORD = 10
MARKED = re.compile("[\u00e0-\u00fc\u0101-\u01dc]|u:")
TONE = re.compile("[\u0300-\u036f]")
QUANTITY = re.compile("[一二两三四五六七八九十百千几多半0-9]+个?(年|月|天|星期|小时|分钟|次|趟|回|遍|块|元|万)多?")
"""How long, how often, for how much: said of anything."""
_NOT_TEXT = re.compile(r"[^\w]+|_")


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing meant, and the ways to say it, its own first. `minor` ones rank but need not be found."""

    text: str
    ways: tuple[Way, ...]
    minor: bool = False


@dataclass(frozen=True, slots=True)
class Understood:
    """`text` as read. `concepts` what is looked for. `ignored` what was left out."""

    text: str
    concepts: tuple[Concept, ...]
    ignored: tuple[str, ...] = ()

    @property
    def needed(self) -> list[Concept]:
        return [each for each in self.concepts if not each.minor]


def normalise(text: str) -> str:
    """Normalise to NFKC, small letters without tone marks, punctuation as spaces, a question's length."""
    plain = without_tones(unicodedata.normalize("NFKC", text[: LONGEST * 4]).lower())
    return _NOT_TEXT.sub(" ", plain).strip()[:LONGEST].strip()


def without_tones(text: str) -> str:
    """Write pinyin with tone marks as it is typed: shè as she, lǜ as lv."""
    if not MARKED.search(text):
        return text
    plain = MARKED.sub(lambda letter: unicodedata.normalize("NFD", letter[0]), text)
    return TONE.sub("", plain.replace("u\u0308", "v").replace("u:", "v"))


def key(name: str) -> str:
    """Reduce a name to its letters: what two spellings of one name share."""
    return normalise_name(name).replace(" ", "")


def normalise_name(name: str) -> str:
    return _NOT_TEXT.sub(" ", unicodedata.normalize("NFKC", name).lower()).strip()


def understand(text: str, vocabulary: Vocabulary, *, words_first: bool = False) -> Understood:
    """Segment a question.

    With `words_first` our own words are looked for before the segmenter is asked (查房 本 → 查 房本).
    """
    plain = normalise(text)
    concepts: list[Concept] = []
    ignored: list[str] = []
    for part in plain.split():
        for word in _joined(_cut_by(vocabulary, part) if words_first else cut(part), vocabulary):
            if word in vocabulary.ignored and word not in vocabulary.ways:
                ignored.append(word)
            elif word not in {each.text for each in concepts}:
                concepts.append(concept(word, vocabulary))
    if not concepts:
        # But particles alone ask for nothing (在吗).
        concepts, ignored = [concept(word, vocabulary) for word in ignored if len(word) > 1], []
    # When only minor words are left, they are what is meant.
    kept = concepts[:WORDS_AT_MOST]
    if all(each.minor for each in kept):
        kept = [replace(each, minor=False) for each in kept]
    return Understood(plain, tuple(kept), tuple(ignored))


def _cut_by(vocabulary: Vocabulary, part: str) -> list[str]:
    """Cut our words where they stand, longest first."""
    # What lies between is segmented as usual.
    words: list[str] = []
    between = start = 0
    while start < len(part):
        ends = range(min(len(part), start + LONGEST_WORD), start + 1, -1)
        end = next((end for end in ends if part[start:end] in vocabulary.ways), 0)
        if end:
            words += [*cut(part[between:start]), part[start:end]]
            between = end
        start = end or start + 1
    return [*words, *cut(part[between:])]


def concept(word: str, vocabulary: Vocabulary) -> Concept:
    minor = word in vocabulary.minor or (word not in vocabulary.ways and bool(QUANTITY.fullmatch(word)))
    return Concept(word, (Way(word, 1.0), *vocabulary.ways.get(word, ())), minor)


def _joined(words: list[str], vocabulary: Vocabulary) -> list[str]:
    """Join neighbouring words where the vocabulary knows the whole (房产证信息 · 被 公司 开除)."""
    found: list[str] = []
    start = 0
    while start < len(words):
        end = next(
            (
                end
                for end in range(min(len(words), start + JOINED_AT_MOST), start + 1, -1)
                if "".join(words[start:end]) in vocabulary.ways or "".join(words[start:end]) in vocabulary.ignored
            ),
            start + 1,
        )
        found.append("".join(words[start:end]))
        start = end
    return found
