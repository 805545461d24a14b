"""一次性告知书 as plain data: groups of short lines, fitted to one page by the template."""

from dataclasses import asdict, dataclass

from banshi.core.json_types import JsonObject
from banshi.documents.sheet import printable


@dataclass(frozen=True, slots=True)
class OnePageNotice:
    """`groups` are headings with their lines, most needed first: of what doesn't fit, the last lines are left out."""

    title: str
    owner: str
    status: str
    groups: tuple[tuple[str, tuple[str, ...]], ...]
    url: str
    qr: str
    closing: str = ""
    is_sealed: bool = True
    mark: str = ""
    mark_note: str = ""

    @property
    def letters(self) -> int:
        return sum(len(line) for _, lines in self.groups for line in lines)

    def plain(self) -> JsonObject:
        return asdict(printable(self))
