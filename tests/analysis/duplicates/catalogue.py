"""Small catalogues as columns."""

from typing import Any

import pyarrow as pa

from banshi.analysis.tables import ITEMS

USUAL: dict[str, Any] = {"division": "990102", "level": "4", "kind": "20", "state": "active", "organ": "县民政局"}


def items(*rows: dict[str, Any]) -> pa.Table:
    """Items in use of one county unless a row says otherwise; what a row does not tell is not known."""
    return pa.Table.from_pylist([{"item_id": n, "guid": str(n), **USUAL, **row} for n, row in enumerate(rows)], ITEMS)


def named(*names: str, **more: Any) -> pa.Table:
    return items(*({"name": name, **more} for name in names))
