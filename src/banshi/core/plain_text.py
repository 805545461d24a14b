"""Texts without characters that neither a paper nor XML has room for, and what people copy off a paper."""

import re
from unicodedata import category, normalize

KEPT = "\n\t\u200d"
"""Line, tab, and what joins signs to one."""
DASHES, UNSEEN = re.compile("[\u2010-\u2015\u2212\u30fc\ufe58]"), re.compile("[\\s\\x00\u200b-\u200d\ufeff]+")
AROUND = "。，,.：:；;"


def without_controls(text: str) -> str:
    """Drop controls and signs that turn the direction of writing, and keep spaces of every width."""
    return (
        text
        if text.isprintable()
        else "".join(each for each in text if each.isprintable() or each in KEPT or category(each) == "Zs")
    )


def as_printed(copied: str) -> str:
    """Return a number or code as papers print it, of one copied or spoken: width, spaces, dashes, a full stop behind it."""
    return DASHES.sub("-", UNSEEN.sub("", normalize("NFKC", copied))).strip(AROUND).upper()
