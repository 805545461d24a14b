"""Detection of abuse in what people write. It is held for somebody to look at first, and never refused or lost."""

import re
import unicodedata

from banshi.feedback.policy import policy

FILLERS = "\u115f\u1160\u3164\uffa0"
"""Letters by name that show as blanks."""


def bare(text: str) -> str:
    """Reduce a text to its letters (NFKC, so of one width), without marks, blanks and what shows as such."""
    return re.sub(rf"[\W_{FILLERS}]+", "", unicodedata.normalize("NFKC", text)).lower()


def abuse_in(text: str) -> list[str]:
    """Name the kinds of abuse in a text, also where marks and blanks stand between the letters."""
    plain = bare(text)
    return [each.label for each in policy().abuse if any(word in plain for word in each.words)]
