"""Guides as flat columns: one table of guides and one for each list of rows, made from the declarations of the document.

A part's elements stand beside the others (`promised_limit_value`), lists of words are joined by commas, rows carry the
guide's `item_id` and their `position`. Whatever reads columns (DuckDB, Spark) can ask questions of them.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import pyarrow as pa
from pydantic import BaseModel

from banshi.catalog.guide.document import Guide
from banshi.catalog.guide.elements import Element, elements
from banshi.rulebook.batch_engine import quick_type

TYPES = {"number": pa.int64(), "yes_no": pa.bool_()}


def flat_tables(guides: Iterable[tuple[int, bytes]]) -> dict[str, pa.Table]:
    """`guides`, `materials`, `bases` … from pairs of item_id and the guide's JSON."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in flat_schemas()}
    read = msgspec.json.Decoder(quick_type(Guide)).decode
    for item_id, content in guides:
        guide = read(content)
        rows["guides"].append({"item_id": item_id, **_flat(Guide, guide)})
        for each in _lists():
            found = enumerate(getattr(guide, each.name))
            rows[each.name] += ({"item_id": item_id, "position": n, **_flat(_rows(each), row)} for n, row in found)
    return {name: pa.Table.from_pylist(rows[name], schema) for name, schema in flat_schemas().items()}


def flat_schemas() -> dict[str, pa.Schema]:
    number = ("item_id", pa.int64())
    schemas = {"guides": pa.schema([number, *_fields(Guide)])}
    for each in _lists():
        schemas[each.name] = pa.schema([number, ("position", pa.int64()), *_fields(_rows(each))])
    return schemas


def _lists() -> list[Element]:
    return [each for each in elements(Guide) if each.kind == "rows"]


def _rows(element: Element) -> type[BaseModel]:
    assert element.rows
    return element.rows


def _fields(document: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, pa.DataType]]:
    for each in elements(document):
        if each.kind == "part":
            yield from _fields(_rows(each), f"{prefix}{each.name}_")
        elif each.kind != "rows":
            yield f"{prefix}{each.name}", TYPES.get(each.kind, pa.string())


def _flat(document: type[BaseModel], value: Any, prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for each in elements(document):
        said = getattr(value, each.name)
        if each.kind == "part":
            flat |= _flat(_rows(each), said, f"{prefix}{each.name}_")
        elif each.kind != "rows":
            flat[f"{prefix}{each.name}"] = ",".join(said) if isinstance(said, tuple) else said
    return flat
