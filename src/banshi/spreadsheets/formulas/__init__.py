"""Cells whose formula failed (#N/A) or was never counted: the reader gives them as blanks or zeros, and nothing may be
dropped silently. One module a format. Runs in the process of `apart`.
"""

from importlib import import_module
from pathlib import Path

from banshi.spreadsheets.formulas.base import Cells as Cells


def without_value(path: str) -> dict[str, Cells]:
    """Sheet name → (row, column) from zero → the error's sign, or the formula that has no value."""
    kind = import_module(f"{__name__}.{Path(path).suffix[1:]}")  # the others, and what they need, are not loaded
    try:
        return {name: cells for name, cells in kind.look(path) if cells}
    except MemoryError:
        raise
    except Exception:  # no such file, or a broken one: what the reader itself says of it stands
        return {}
