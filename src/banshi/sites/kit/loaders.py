"""Template loading."""

import re

from django.template import Origin
from django.template.loaders import app_directories

WIDE = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60“"
"""CJK characters and their punctuation, as a range of a regular expression."""
SEGMENT_BREAK = re.compile(
    rf"(?<=[{WIDE}])\n\s*(?=[{WIDE}])|(?<=[）”》])\s+(?=[{WIDE}])|(?<=[，。；：、！？（“《])\s+|\s+(?=[，。；：、！？）”》])"
)
MINIFIED = ((SEGMENT_BREAK, ""), (re.compile(r"\s*\n\s*(?=/?>)"), ""), (re.compile(r"\s*\n\s*(?=<)"), "\n"))
INDENT = re.compile(r"\s*\n\s+")


class Loader(app_directories.Loader):
    """Minify white space: no indentation, no break at a file's end, none between Chinese characters or beside their punctuation.

    The last is the segment break transformation of CSS Text 3, which browsers leave out: a wrapped line would show spaces.
    """

    def get_contents(self, origin: Origin) -> str:
        contents = super().get_contents(origin)
        if not origin.name.endswith(".html"):
            return contents
        for found, kept in MINIFIED:
            contents = found.sub(kept, contents)
        return INDENT.sub(" ", contents).strip()
