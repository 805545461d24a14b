"""Template loading."""

import re

from django.template import Origin
from django.template.loaders import app_directories

WIDE = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60"
"""CJK characters and their punctuation, as a range of a regular expression."""
SEGMENT_BREAK = re.compile(rf"(?<=[，。；：、！？）”》])\s+(?=[{WIDE}“])|(?<=[{WIDE}])\n\s*(?=[{WIDE}“])")


class Loader(app_directories.Loader):
    """Remove line breaks between Chinese characters (CSS Text 3, segment break transformation) and at a file's end.

    Browsers show such a break as a space, so that templates could not be wrapped.
    """

    def get_contents(self, origin: Origin) -> str:
        return SEGMENT_BREAK.sub("", super().get_contents(origin)).removesuffix("\n")
