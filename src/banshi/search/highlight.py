"""Marking what matched, in text that is otherwise escaped."""

from collections.abc import Iterable, Sequence
from html import escape  # what Django's own does, without its care for lazy texts

from django.utils.safestring import SafeString, mark_safe

from banshi.search.vocabulary import cut
from banshi.search.words import Understood

SNIPPET = 90
LEAD = 20


def marked_words(understood: Understood) -> tuple[str, ...]:
    """Collect the words to mark, each way to say each concept, whole or by its words.

    Single characters only when asked for alone.
    """
    wanted = {part for each in understood.concepts for way in each.ways for part in way.text.split()}
    wanted |= {word for part in list(wanted) for word in cut(part)}
    alone = len(understood.text) == 1
    return tuple(word for word in wanted if len(word) > 1 or alone)


def mark(text: str, words: Iterable[str]) -> SafeString:
    """Mark matches with <mark>, all else escaped."""
    parts: list[str] = []
    done = 0
    for start, end in _spans(text, words):
        parts += [escape(text[done:start]), "<mark>", escape(text[start:end]), "</mark>"]
        done = end
    parts.append(escape(text[done:]))
    return mark_safe("".join(parts))  # noqa: S308  (each part escaped)


def _spans(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Find where the words stand, merging what touches or overlaps."""
    # A pattern of them all would cost more to compile.
    low = text.lower() if len(text.lower()) == len(text) else text
    found: list[tuple[int, int]] = []
    for word in [each for each in words if each in low]:
        place = low.find(word)
        while place >= 0:
            found.append((place, place + len(word)))
            place = low.find(word, place + len(word))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def snippet(texts: Iterable[str], words: Sequence[str]) -> SafeString:
    """Quote a line from the first text in which something matches, else the beginning of the first there is."""
    filled = [" ".join(text.split()) for text in texts if text.strip()]
    for text in filled:
        if spans := _spans(text, words):
            start = max(0, spans[0][0] - LEAD)
            return _framed(mark(text[start : start + SNIPPET], words), start > 0, start + SNIPPET < len(text))
    return _framed(mark(filled[0][:SNIPPET], words), False, len(filled[0]) > SNIPPET) if filled else mark_safe("")


def _framed(text: SafeString, before: bool, after: bool) -> SafeString:
    return mark_safe(("…" if before else "") + text + ("…" if after else ""))  # noqa: S308  (escaped above)
