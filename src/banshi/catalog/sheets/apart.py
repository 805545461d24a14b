"""Reads one workbook in a process of its own: `python -m banshi.catalog.sheets.apart FILE`.

A hostile workbook can make any reader ask for more memory than there is, and that ends a process. So the reading is
done apart, with a cap on memory; what comes back is pickled on standard output by ourselves: each text once (cells
repeat), and for each cell the number of its text.
"""

import contextlib
import pickle
import sys
from array import array
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from banshi.catalog.sheets.cells import text_of
from banshi.catalog.sheets.formulas import Cells, without_value

ROWS_AT_MOST = 300_000
CELLS_AT_MOST = 12_000_000
MEMORY_AT_MOST = 3 * 2**30


def read(path: str) -> dict[str, Any]:
    """`{"sheets": [{name, cells, width, top, left, merges}], "texts": [...], "hidden": [names]}` or `{"error": code, "detail": text}`."""
    import python_calamine as calamine

    try:
        with ThreadPoolExecutor(1) as beside:  # both spend their time outside Python's lock
            blanks = beside.submit(without_value, path)
            return _sheets(calamine.CalamineWorkbook.from_path(path), blanks)
    except calamine.PasswordError:
        return {"error": "encrypted"}
    except (MemoryError, _TooLarge) as error:
        return {"error": "rows", "detail": str(error)}
    except Exception as error:  # whatever a broken file makes the reader say
        return {"error": "corrupt", "detail": f"{type(error).__name__}: {error}"}


class _TooLarge(Exception):
    pass


def _sheets(workbook: Any, blanks: "Future[dict[str, Cells]]") -> dict[str, Any]:
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
        cells += sheet.height * sheet.width
        if sheet.height > ROWS_AT_MOST or cells > CELLS_AT_MOST:
            raise _TooLarge(f"{meta.name}\t{sheet.height}\t{sheet.width}")
        shown.append(_sheet(sheet, texts, blanks.result().get(meta.name, {})))
    return {"sheets": shown, "hidden": hidden, "texts": texts.found}


class _Texts(dict[Any, int]):
    """Cell value → number of its text in `found`; a value seen for the first time is turned into text then."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.numbers: dict[str, int] = {}

    def __missing__(self, value: Any) -> int:
        text = text_of(value)
        number = self.numbers.get(text)
        if number is None:
            number = self.numbers[text] = len(self.found)
            self.found.append(text)
        self[value] = number
        return number


def _sheet(sheet: Any, texts: _Texts, blanks: Cells) -> dict[str, Any]:
    """`cells`: row by row, the number of each cell's text; `blanks`: what to write where the reader saw nothing."""
    top, left = sheet.start or (0, 0)
    rows = sheet.to_python(skip_empty_area=True) if sheet.height and sheet.width else []
    cells = array("I")
    for row in rows:
        if any(value.__class__ is bool for value in row):  # True and 1 are one key
            row = ["TRUE" if value is True else "FALSE" if value is False else value for value in row]
        cells.extend(map(texts.__getitem__, row))
    width = len(rows[0]) if rows else 0
    for (row, column), text in blanks.items():
        if top <= row < top + len(rows) and left <= column < left + width:
            cells[(row - top) * width + column - left] = texts[text]
    merges = []
    with contextlib.suppress(Exception):
        merges = [tuple(map(tuple, m)) for m in sheet.merged_cell_ranges or ()]
    return {
        "name": sheet.name,
        "cells": cells,
        "width": width,
        "top": top,
        "left": left,
        "merges": merges,
    }


def main() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_AT_MOST, MEMORY_AT_MOST))
    pickle.dump(read(sys.argv[1]), sys.stdout.buffer, protocol=pickle.HIGHEST_PROTOCOL)


if __name__ == "__main__":
    main()
