"""A drop folder for tests, filled as an organ would."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


def drop_csv(folder: Path, table: str, rows: Sequence[Mapping[str, Any]], *, encoding: str = "utf-8-sig") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{table}.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path
