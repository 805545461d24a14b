"""Facts of a sheet that the fast reader leaves out, one module a format, read in the process of `apart`.

They are cells whose formula failed or was never counted, numbers as their format shows them, merged cells, hidden rows
and columns, texts struck through or of the colour of their ground, whole cells and parts of them.
"""

from importlib import import_module
from pathlib import Path

from banshi.spreadsheets.overlays.base import Overlay as Overlay


def overlays_of(path: str) -> dict[str, Overlay]:
    """Return each sheet's overlay by its name."""
    kind = import_module(f"{__name__}.{Path(path).suffix[1:]}")  # the others, and what they need, are not loaded
    try:
        return {name: overlay for name, overlay in kind.look(path) if overlay}
    except MemoryError:
        raise
    except Exception:  # no such file, or a broken one: what the reader itself says of it stands
        return {}
