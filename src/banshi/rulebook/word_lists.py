"""Word lists officials own (`data/rulebook/*.toml`), made ready for fast looking."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from django.conf import settings

from banshi.core.errors import BadInput
from banshi.core.json_types import JsonObject
from banshi.core.validation_errors import toml_sentence


@dataclass(frozen=True, slots=True)
class NamedProof:
    """A document by any of its names: who holds its data (`holder`), where it can be looked up (`resource`)."""

    name: str
    pattern: re.Pattern[str]
    holder: str = ""
    resource: str = ""
    source: str = ""


class Words:
    """The lists of one folder, for one place. A missing list is an error that names the file."""

    def __init__(self, lists: JsonObject, where: str = "", place: str = "") -> None:
        self.lists, self.where, self.place = lists, where, place

    def list_of(self, name: str) -> list[str]:
        if name not in self.lists:
            raise BadInput(f"规则词表里没有“{name}”", where=self.where, remedy="请对照随软件附带的词表补上。")
        return list(self.lists[name])

    def number(self, name: str) -> int:
        return int(self.lists["thresholds"][name])

    @cached_property
    def _patterns(self) -> dict[str, re.Pattern[str]]:
        return {}

    def find(self, name: str, text: str) -> str:
        """Return the first word of the list that stands in the text, or ""."""
        if name not in self._patterns:
            self._patterns[name] = any_of(self.list_of(name))
        found = self._patterns[name].search(text) if text else None
        return found.group() if found else ""

    def without(self, name: str, text: str) -> str:
        """Return the text with the words of the list taken out."""
        self.find(name, "")
        return self._patterns[name].sub("", text)

    @cached_property
    def village_proofs(self) -> list[NamedProof]:
        """Those of the whole state, and those of the province, city or county set by its code (`places`)."""
        return [
            _named(each)
            for each in self.lists["village_proofs"]
            if "places" not in each or (self.place and self.place.startswith(tuple(each["places"])))
        ]

    def shared_document(self, name: str) -> NamedProof | None:
        """Return the document offices share that the name means.

        Names are met again and again.
        """
        if name not in self._shared:
            if len(self._shared) > 100_000:
                self._shared.clear()
            self._shared[name] = proof_named(name, self.shared_documents)
        return self._shared[name]

    @cached_property
    def _shared(self) -> dict[str, NamedProof | None]:
        return {}

    @cached_property
    def shared_documents(self) -> list[NamedProof]:
        return [_named(each) for each in self.lists["shared_documents"]]


def any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Match any of the words, longer ones first, so that what is quoted is the whole of it."""
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or r"(?!)")


def proof_named(text: str, proofs: list[NamedProof]) -> NamedProof | None:
    return next((each for each in proofs if each.pattern.search(text)), None)


def _named(row: JsonObject) -> NamedProof:
    return NamedProof(
        row["name"], re.compile(row["pattern"]), row.get("holder", ""), row.get("resource", ""), row.get("source", "")
    )


@cache
def shipped_words() -> Words:
    return read_words(settings.DATA / "rulebook", place=settings.PLACE_CODE)


def read_words(folder: Path, *, place: str = "") -> Words:
    lists: JsonObject = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            lists |= tomllib.loads(path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise BadInput(
                f"规则词表写得不对：{toml_sentence(error)}", where=path.name, remedy="请检查引号、逗号和方括号。"
            ) from error
    return Words(lists, folder.name, place)
