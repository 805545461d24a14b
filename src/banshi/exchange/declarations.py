"""Resources as declared in data/resources/*.toml: the catalogue's words, and the one query each source answers."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from banshi.core.errors import BadInput
from banshi.core.validation_errors import in_words
from banshi.exchange.enums import InformationKind, Sharing

Identifier = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,62}$")


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DeclaredItem(_Declared):
    """信息项. `column` is its name in the source."""

    key: str = Identifier
    label: str = Field(min_length=1, max_length=60)
    kind: InformationKind = InformationKind.TEXT
    column: str = Identifier
    level: int = Field(1, ge=1, le=4)
    personal: bool = False
    classification: str = ""
    sharing: Sharing | None = None
    basis: str = ""
    update_cycle: str = ""

    @model_validator(mode="after")
    def says_why_it_is_not_shared(self) -> "DeclaredItem":
        if self.sharing is Sharing.REFUSED and not self.basis:
            raise ValueError("不予共享的信息项，要写明依据的法律和条款（basis）")
        return self


OF_ITEMS = ("classification", "sharing", "basis", "update_cycle")
"""What an item says only where it differs from its entry."""


def catalogue_item(values: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what an item does not say of its own."""
    return {name: value for name, value in values.items() if name not in OF_ITEMS or value}


class SourceTable(_Declared):
    """The table of a system, and the item that holds the number of the person a row is about."""

    system: str = Identifier
    table: str = Identifier
    person: str = Identifier
    row: str = Field("", pattern=r"^([A-Za-z_][A-Za-z0-9_]{0,62})?$")
    """The column that tells rows apart where a person may have several: batches name rows by it."""
    updated: str = Field("", pattern=r"^([A-Za-z_][A-Za-z0-9_]{0,62})?$")
    """The column that says when a row was last changed, by which freshness is told and changes are fetched."""


class DeclaredResource(_Declared):
    code: str = Field(min_length=1, max_length=60)
    name: str = Field(min_length=1, max_length=200)
    provider: str
    category: str = ""
    summary: str = ""
    data_format: str = ""
    update_cycle: str = ""
    sharing: Sharing
    condition: str = ""
    basis: str = ""
    means: str = "接口"
    classification: str = ""
    level: int = Field(1, ge=1, le=4)
    open_data: bool = False
    open_condition: str = ""
    related: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    duty: str = ""
    items: tuple[DeclaredItem, ...]
    source: SourceTable | None = None

    @model_validator(mode="after")
    def says_what_its_kind_of_sharing_asks(self) -> "DeclaredResource":
        if self.sharing is Sharing.REFUSED and not self.basis:
            raise ValueError("不予共享的，要写明依据的法律和条款（basis）")
        if self.sharing is Sharing.CONDITIONAL and not self.condition:
            raise ValueError("有条件共享的，要写明使用条件（condition）")
        if len({each.key for each in self.items}) != len(self.items):
            raise ValueError("信息项的 key 重复了")
        if self.source and self.source.person not in {each.key for each in self.items}:
            raise ValueError("source.person 要是信息项之一")
        return self

    def item(self, key: str) -> DeclaredItem:
        return next(each for each in self.items if each.key == key)


def declared_resources() -> dict[str, DeclaredResource]:
    """Read every declaration, by code."""
    return _read(settings.EXCHANGE_RESOURCES)


@cache
def _read(folder: Path | str) -> dict[str, DeclaredResource]:
    found: dict[str, DeclaredResource] = {}
    for path in sorted(Path(folder).glob("*.toml")):
        try:
            one = DeclaredResource.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
            raise BadInput(
                f"数据资源读不懂：{in_words(error)}", where=path.name, remedy="请按文件里的说明改正。"
            ) from error
        if one.code in found:
            raise BadInput(f"资源代码{one.code}用了两次", where=path.name, remedy="请改一个代码。")
        found[one.code] = one
    return found
