"""Reads one workbook in a process of its own: `python -m banshi.spreadsheets.reader_process FILE`.

A hostile workbook can make any reader ask for more memory than there is, and that ends a process. So the reading is
done apart, with a cap on memory; what comes back is pickled on standard output by ourselves: each text once (cells
repeat), and for each cell the number of its text.
"""

import contextlib
import pickle
import sys
from array import array
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple

from banshi.core.capped_process import cap_memory
from banshi.core.json_types import JsonObject
from banshi.spreadsheets.cells import text_of
from banshi.spreadsheets.overlays import Overlay, overlays_of

ROWS_AT_MOST = 300_000
CELLS_AT_MOST = 12_000_000


def read(path: str) -> JsonObject:
    """Read a workbook into `{"sheets": [...], "texts": [...], "hidden": [names]}` or `{"error": code, "detail": text}`."""
    import python_calamine as calamine

    try:
        with ThreadPoolExecutor(1) as beside:  # both spend their time outside Python's lock
            overlays = beside.submit(overlays_of, path)
            return _sheets(calamine.CalamineWorkbook.from_path(path), overlays)
    except calamine.PasswordError:
        return {"error": "encrypted"}
    except (MemoryError, _TooLarge) as error:
        return {"error": "rows", "detail": str(error)}
    except Exception as error:  # whatever a broken file makes the reader say
        return {"error": "corrupt", "detail": f"{type(error).__name__}: {error}"}


class _TooLarge(Exception):
    pass


def _sheets(workbook: Any, overlays: "Future[dict[str, Overlay]]") -> dict[str, object]:
    import python_calamine as calamine

    texts = _Texts()
    shown, hidden, cells = [], [], 0
    for meta in workbook.sheets_metadata:
        if meta.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        if meta.visible != calamine.SheetVisibleEnum.Visible:
            hidden.append(meta.name)
            continue
        sheet = workbook.get_sheet_by_name(meta.name)
        overlay = overlays.result().get(meta.name) or Overlay()
        box = _Box.around(sheet, overlay)
        cells += box.height * box.width
        if box.height > ROWS_AT_MOST or cells > CELLS_AT_MOST:
            raise _TooLarge(f"{meta.name}\t{box.height}\t{box.width}")
        shown.append(_sheet(sheet, texts, overlay, box))
    return {"sheets": shown, "hidden": hidden, "texts": texts.found}


class _Texts(dict[Any, int]):
    """Cell value → number of its text in `found`. A value seen for the first time is turned into text then."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.numbers: dict[str, int] = {}

    def __missing__(self, value: Any) -> int:
        text = text_of(value)
        number = self.numbers.get(text)
        if number is None:
            number = self.numbers[text] = len(self.found)
            self.found.append(text)
        if text is value or value not in (0, 1):  # True and 1 are one key
            self[value] = number
        return number


class _Box(NamedTuple):
    """The extent of a sheet's cells, and those the reader saw nothing in."""

    top: int
    left: int
    height: int
    width: int

    @classmethod
    def around(cls, sheet: Any, overlay: Overlay) -> "_Box":
        rows, columns = {row for row, _ in overlay.cells}, {column for _, column in overlay.cells}
        if sheet.height and sheet.width:
            top, left = sheet.start
            rows |= {top, top + sheet.height - 1}
            columns |= {left, left + sheet.width - 1}
        if not rows:
            return cls(0, 0, 0, 0)
        return cls(min(rows), min(columns), max(rows) - min(rows) + 1, max(columns) - min(columns) + 1)

    def filled(self, rows: list[list[Any]], top: int, left: int) -> list[list[object]]:
        """Pad rows with room around them for the rest of the box."""
        before = [""] * (left - self.left)
        wide = [[*before, *row, *[""] * (self.width - len(before) - len(row))] for row in rows]
        above, empty = top - self.top, [""] * self.width
        return [*[empty] * above, *wide, *[empty] * (self.height - above - len(rows))]


def _sheet(sheet: Any, texts: _Texts, overlay: Overlay, box: _Box) -> JsonObject:
    """Encode a sheet, whose `cells` are row by row the number of each cell's text."""
    # The overlay's texts go over the reader's, or where it saw nothing.
    rows = sheet.to_python(skip_empty_area=True) if sheet.height and sheet.width else []
    if (len(rows), len(rows[0]) if rows else 0) != (box.height, box.width):
        rows = box.filled(rows, *(sheet.start or box[:2]))
    cells = array("I")
    for row in rows:
        cells.extend(map(texts.__getitem__, row))
    for (row, column), text in overlay.cells.items():
        cells[(row - box.top) * box.width + column - box.left] = texts[text]
    merges = []
    with contextlib.suppress(Exception):
        merges = [tuple(map(tuple, m)) for m in sheet.merged_cell_ranges or ()]
    return {
        "name": sheet.name,
        "cells": cells,
        "width": box.width,
        "top": box.top,
        "left": box.left,
        "merges": merges or overlay.merges,
        "hidden_rows": frozenset(overlay.hidden_rows),
        "hidden_columns": frozenset(overlay.hidden_columns),
        "faded": frozenset(overlay.faded),
        "faded_parts": overlay.faded_parts,
    }


def main() -> None:
    cap_memory()
    pickle.dump(read(sys.argv[1]), sys.stdout.buffer, protocol=pickle.HIGHEST_PROTOCOL)


if __name__ == "__main__":
    main()
