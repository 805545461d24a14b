"""Detection of abuse in what people write. It is held for somebody to look at first, and never refused or lost."""

import re

from banshi.feedback.policy import policy


def abuse_in(text: str) -> list[str]:
    """Name the kinds of abuse in a text, also where marks and blanks stand between the letters."""
    plain = re.sub(r"[\W_]+", "", text).lower()
    return [each.label for each in policy().abuse if any(word in plain for word in each.words)]
