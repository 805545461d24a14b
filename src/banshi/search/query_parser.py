"""Understanding a question with the help of what the index holds: pinyin, initials, slips of spelling."""

import re
from dataclasses import replace

from banshi.search.lexicon import Lexicon
from banshi.search.pinyin import sound
from banshi.search.vocabulary import Vocabulary, Way, cut, cut_small
from banshi.search.words import Concept, Understood, concept, normalise, understand

LETTERS = re.compile(r"[a-z]{2,}")
MIXED = re.compile(r"(?=[^a-z]*[a-z])(?=[^一-鿿]*[一-鿿])[a-z一-鿿]{2,16}")
LONGEST_SLIP, SHORTEST_SLIP = 8, 2
GUESSES = 4
GUESSED = 0.9


def read_letters(text: str, vocabulary: Vocabulary, lexicon: Lexicon) -> Understood:
    """Read pinyin and initials as the words they stand for (shebaoka, sbk, 社保ka)."""
    plain = normalise(text)
    for mixed in MIXED.findall(plain):
        if spelt := lexicon.spelt(sound(mixed)):
            plain = plain.replace(mixed, " ".join(spelt), 1)
    pieces = [piece for run in plain.split() for piece in re.findall(r"[a-z]{2,}|(?:(?![a-z]{2}).)+", run)]
    understood = understand(" ".join(_spelt_out(piece, lexicon) for piece in pieces), vocabulary)
    concepts = tuple(_initials_read(each, vocabulary, lexicon) for each in understood.concepts)
    return replace(understood, concepts=concepts)


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
    """Words nobody uses here, taken as the known words within them: 生二胎 → 二胎."""
    concepts: list[Concept] = []
    for each in understood.concepts:
        known = each.text in vocabulary.ways or each.text in lexicon
        inner = [] if known else [w for w in cut_small(each.text) if w in vocabulary.ways or w in lexicon]
        concepts += [concept(word, vocabulary) for word in inner] or [each]
    return replace(understood, concepts=tuple(concepts))


def heard(text: str, lexicon: Lexicon) -> str | None:
    """Return the known word of three characters or more that a text nobody knows sounds like from end to end."""
    long_enough = 2 < len(text) <= LONGEST_SLIP and not text.isascii() and text not in lexicon
    return _same_sound(text, lexicon) if long_enough else None


def respelt(text: str, vocabulary: Vocabulary, lexicon: Lexicon) -> str | None:
    """Return the text with pieces nobody knows replaced by known words that sound the same or are one slip away."""
    plain = normalise(text)
    fixed = " ".join(_mended(part, vocabulary, lexicon) for part in plain.split())
    return fixed if fixed != plain else None


def _mended(part: str, vocabulary: Vocabulary, lexicon: Lexicon) -> str:
    """Mend slips, which in what nobody knows may begin at any character."""
    # Known words stay whole.
    words = [piece for word in cut(part) for piece in ([word] if _is_known(word, vocabulary, lexicon) else word)]
    known = [_is_known(word, vocabulary, lexicon) for word in words]
    for mend in (_same_sound, _one_slip):
        # Every run of neighbouring words of a term's length, longest first.
        spans = [(start, end) for start in range(len(words)) for end in range(start + 1, len(words) + 1)]
        length = {span: sum(map(len, words[slice(*span)])) for span in spans}
        fitting = [span for span in spans if SHORTEST_SLIP <= length[span] <= LONGEST_SLIP]
        for start, end in sorted(fitting, key=lambda span: (-length[span], span)):
            if not all(known[start:end]) and (better := mend("".join(words[start:end]), lexicon)):
                sides = "".join(words[:start]), "".join(words[end:])
                before, after = (_mended(each, vocabulary, lexicon) if each else "" for each in sides)
                return before + better + after
    return part


def _is_known(word: str, vocabulary: Vocabulary, lexicon: Lexicon) -> bool:
    return word in lexicon or word in vocabulary.ignored or word in vocabulary.minor or word.isascii()


def _same_sound(piece: str, lexicon: Lexicon) -> str | None:
    return next((term for term in lexicon.sounding(sound(piece)) if len(term) == len(piece) and term != piece), None)


def _one_slip(piece: str, lexicon: Lexicon) -> str | None:
    return lexicon.nearly(piece) if len(piece) > 2 and piece not in lexicon else None
