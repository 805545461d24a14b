"""Understanding a question with the help of what the index holds: pinyin, initials, slips of spelling."""

import re
from dataclasses import dataclass, replace

from banshi.search.lexicon import Lexicon
from banshi.search.pinyin import is_syllable, sound
from banshi.search.vocabulary import Vocabulary, Way, cut, cut_known, cut_small, is_ordinary
from banshi.search.words import Concept, Understood, concept, normalise, understand

LETTERS = re.compile(r"[a-z]{2,}")
MIXED = re.compile(r"(?=[^a-z]*[a-z])(?=[^一-鿿]*[一-鿿])[a-z一-鿿]{2,16}")
APART = re.compile(r"(?<![a-z0-9])[a-z]+[1-5]?(?: ?[a-z]+[1-5]?)+(?![a-z0-9])")
HAS_NUMBER = re.compile(r"[a-z0-9一二三四五六七八九十百千万两]")
LONGEST_SLIP, SHORTEST_SLIP = 8, 2
GUESSES = 4
ORDINARY_KEPT = 3
"""An ordinary word so short is not taken apart: 普通话 is not 普通."""
GUESSED = 0.9


def read_letters(text: str, vocabulary: Vocabulary, lexicon: Lexicon) -> Understood:
    """Read pinyin and initials as the words they stand for (shebaoka, sbk, 社保ka)."""
    plain = _joined_syllables(normalise(text), lexicon)
    for mixed in MIXED.findall(plain):
        if spelt := lexicon.spelt(sound(mixed)):
            plain = plain.replace(mixed, " ".join(spelt), 1)
    pieces = [piece for run in plain.split() for piece in re.findall(r"[a-z]{2,}|(?:(?![a-z]{2}).)+", run)]
    understood = understand(" ".join(_spelt_out(piece, lexicon) for piece in pieces), vocabulary)
    concepts = tuple(_initials_read(each, vocabulary, lexicon) for each in understood.concepts)
    return replace(understood, concepts=concepts)


def _joined_syllables(text: str, lexicon: Lexicon) -> str:
    """Join pinyin written apart or with tone numbers: she bao ka, she4bao3ka3."""

    def joined(run: re.Match[str]) -> str:
        syllables = re.findall(r"[a-z]+", run[0])
        letters = "".join(syllables)
        apart = len(syllables) > 1 and all(map(is_syllable, syllables))
        return letters if apart and lexicon.spelt(letters) else run[0]

    return APART.sub(joined, text)


def _spelt_out(piece: str, lexicon: Lexicon) -> str:
    if not LETTERS.fullmatch(piece) or piece in lexicon:
        return piece
    return " ".join(lexicon.spelt(piece) or [piece])


def _initials_read(read: Concept, vocabulary: Vocabulary, lexicon: Lexicon) -> Concept:
    """Read letters that are no word as initials of several, all of which are looked for."""
    if not LETTERS.fullmatch(read.text) or read.text in lexicon:
        return read
    guesses = lexicon.beginning(read.text, GUESSES)
    ways = [Way(guess, GUESSED) for guess in guesses]
    ways += [Way(w.text, w.weight * GUESSED) for guess in guesses for w in vocabulary.ways.get(guess, ())]
    return replace(read, ways=(*read.ways, *ways))


def loosened(understood: Understood, vocabulary: Vocabulary, lexicon: Lexicon) -> Understood:
    """Loosen words nobody uses here into the known words within them (生二胎 → 二胎)."""
    concepts: list[Concept] = []
    for each in understood.concepts:
        whole = len(each.text) <= ORDINARY_KEPT and is_ordinary(each.text)
        known = whole or each.text.isdigit() or each.text in vocabulary.ways or each.text in lexicon
        within = [] if known else [*cut_small(each.text), *cut_known(each.text)]
        inner = [w for w in dict.fromkeys(within) if w != each.text and (w in vocabulary.ways or w in lexicon)]
        concepts += [concept(word, vocabulary) for word in inner] or [each]
    return replace(understood, concepts=tuple(concepts))


def heard(text: str, lexicon: Lexicon) -> str | None:
    """Return the known word of three characters or more that a text nobody knows sounds like from end to end."""
    long_enough = 2 < len(text) <= LONGEST_SLIP and not text.isascii() and text not in lexicon
    return _same_sound(text, lexicon) if long_enough and not is_ordinary(text) else None


@dataclass(frozen=True, slots=True)
class Respelling:
    """`certain` when the slip is evident: sounding the same, or with letters swapped or left out of a longer word."""

    text: str
    certain: bool


def respelt(text: str, vocabulary: Vocabulary, lexicon: Lexicon) -> Respelling | None:
    """Correct spelling where pieces are no words: known words that sound the same or are one slip away."""
    plain = normalise(text)
    mended = [_mended(part, vocabulary, lexicon) for part in plain.split()]
    fixed = " ".join(each.text for each in mended)
    return Respelling(fixed, all(each.certain for each in mended)) if fixed != plain else None


def _mended(part: str, vocabulary: Vocabulary, lexicon: Lexicon) -> Respelling:
    """Mend slips, which in what nobody knows may begin at any character."""
    # Known words stay whole.
    words = [piece for word in cut(part) for piece in ([word] if _is_known(word, vocabulary, lexicon) else word)]
    # No evidence of a slip. Single characters are some, but filler.
    fixed = [_is_known(word, vocabulary, lexicon) or word in vocabulary.ways for word in words]
    for mend in (_same_sound, _one_slip):
        # Every run of neighbouring words of a term's length, longest first.
        spans = [(start, end) for start in range(len(words)) for end in range(start + 1, len(words) + 1)]
        length = {span: sum(map(len, words[slice(*span)])) for span in spans}
        fitting = [span for span in spans if SHORTEST_SLIP <= length[span] <= LONGEST_SLIP]
        for start, end in sorted(fitting, key=lambda span: (-length[span], span)):
            typed = "".join(words[start:end])
            if all(fixed[start:end]) or is_ordinary(typed) or HAS_NUMBER.search(typed):
                continue
            better = mend(typed, lexicon)
            # Words, not chance neighbours of a name (育与).
            is_word = better and (better in vocabulary.terms or all(is_ordinary(piece) for piece in cut(better)))
            if better and is_word and not HAS_NUMBER.search(better) and not _is_cut_short(typed, better):
                sides = "".join(words[:start]), "".join(words[end:])
                before, after = (_mended(each, vocabulary, lexicon) if each else Respelling("", True) for each in sides)
                certain = before.certain and after.certain and _is_evident(typed, better)
                return Respelling(before.text + better + after.text, certain)
    return Respelling(part, True)


def _is_known(word: str, vocabulary: Vocabulary, lexicon: Lexicon) -> bool:
    is_filler = word in vocabulary.ignored or word in vocabulary.minor
    return word in lexicon or word.isascii() or is_ordinary(word) or is_filler


def _is_evident(typed: str, meant: str) -> bool:
    if len(meant) < 3 and set(typed).isdisjoint(meant):
        return False
    if sound(typed) == sound(meant):
        return True
    return len(meant) > 3 and (len(typed) == len(meant) - 1 or sorted(typed) == sorted(meant))


def _is_cut_short(typed: str, meant: str) -> bool:
    """Tell whether only a character is dropped that was not typed twice: it says something (房产证加老婆 is not 房产证老婆)."""
    if len(meant) >= len(typed):
        return False
    return all(typed[:n] + typed[n + 1 :] != meant or typed[n] != typed[n + 1 : n + 2] for n in range(len(typed)))


def _same_sound(piece: str, lexicon: Lexicon) -> str | None:
    return next((term for term in lexicon.sounding(sound(piece)) if len(term) == len(piece) and term != piece), None)


def _one_slip(piece: str, lexicon: Lexicon) -> str | None:
    return lexicon.nearly(piece) if len(piece) > 2 and piece not in lexicon else None
