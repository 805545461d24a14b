"""PDF from typst templates: one compiler a process, kept and used again (a page then takes milliseconds).

Papers are tagged and checked against PDF/UA-1 while they are made, which also refuses characters no font can show.
"""

import json
import re
import threading
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from banshi.core.json_types import JsonObject
from banshi.documents.fonts import NoChineseFont, Typefaces, configured

if TYPE_CHECKING:
    from typst import TypstError

TEMPLATES = Path(__file__).resolve().parent / "templates"
REMEMBERED = 10
PPI = 192
GETA = "〓"  # printers' sign for a character that is not in the case
UNSHOWN = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
_one_at_a_time = threading.Lock()


def render(template: str, data: JsonObject, *, made: date | None = None) -> bytes:
    """Return the PDF of `templates/<template>.typ` for `data` (JSON).

    Text in data is shown as it is, never read as markup. With the day it was made it is fit for archives too (PDF/A-2a).
    """
    press = _press()
    with _one_at_a_time:
        return press.printed(TEMPLATES / f"{template}.typ", data, made)


class TemplateError(Exception):
    """A template that can't be set, and the line of its source, 0 where the compiler names none."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.message, self.line = message, line


def render_source(source: str, data: dict[str, Any], *, made: date) -> bytes:
    """Return the PDF of a template given as text, which stands as if in the templates' folder.

    Raises TemplateError.
    """
    from typst import TypstError

    press = _press()
    try:
        with _one_at_a_time:
            return press.printed(source.encode(), data, made)
    except TypstError as error:
        found = re.search(r"__typst_py_bytes__\.typ:(\d+)", error.diagnostic or "")
        raise TemplateError(error.message, int(found[1]) if found else 0) from error


def png(svg: str, *, width: float) -> bytes:
    """Return the picture as PNG, drawn `width` points wide with the papers' fonts."""
    press = _press()
    with _one_at_a_time:
        return press.drawn({"svg": svg, "width": width})


def forget() -> None:
    """Let go of what the compiler remembers of a large paper."""
    press = _press()
    with _one_at_a_time:
        press.forget()


@cache
def _press() -> "TypstCompiler":
    return TypstCompiler(configured())


class TypstCompiler:
    """A compiler with its fonts loaded."""

    def __init__(self, typefaces: Typefaces) -> None:
        self.stacks = typefaces.stacks
        import typst  # 9 MB, which most server processes never need

        self.compiler = typst.Compiler(root=TEMPLATES, font_paths=typefaces.fonts)

    def printed(self, template: Path | bytes, data: dict[str, object], made: date | None = None) -> bytes:
        """Print, giving up at each try the characters that the last could not show, as 〓."""
        from typst import TypstError

        day = [made.year, made.month, made.day] if made else None
        standards: Any = ["ua-1", "a-2a"] if made else ["ua-1"]
        text = json.dumps({**data, "fonts": self.stacks, "made": day}, ensure_ascii=False)
        source: Any = template
        while True:
            try:
                sheets = {"data": text}
                return _bytes(
                    self.compiler.compile(input=source, format="pdf", sys_inputs=sheets, pdf_standards=standards)
                )
            except TypstError as error:
                text = _without(text, error)

    def drawn(self, data: dict[str, object]) -> bytes:
        text = json.dumps({**data, "fonts": self.stacks}, ensure_ascii=False)
        template = TEMPLATES / "picture.typ"
        return _bytes(self.compiler.compile(input=template, format="png", ppi=PPI, sys_inputs={"data": text}))

    def forget(self) -> None:
        """Evict typst's memory of compilations that `REMEMBERED` of them didn't use, and that of the last's writing out."""
        for _ in range(REMEMBERED + 1):
            self.compiler.compile(input=b"", format="pdf")


def _bytes(made: bytes | list[bytes] | None) -> bytes:
    if not isinstance(made, bytes):
        raise TypeError(f"typst gave {type(made).__name__}")
    return made


def _without(text: str, error: "TypstError") -> str:
    """Return the data without the characters that `error` says no font has."""
    # The error itself if it is about something else.
    unshown = UNSHOWN.findall(f"{error.message}\n{error.diagnostic}")
    if not unshown:
        raise error
    if any("办" in each for each in unshown):
        raise NoChineseFont from error
    kept = text
    for each in unshown:
        kept = kept.replace(each, GETA)
    if kept == text:
        raise error
    return kept
