"""Address of a sheet source, and the files it may have."""

import re
from pathlib import Path

from pydantic import BaseModel, ConfigDict, field_validator

ENDINGS = (".csv", ".xlsx")
IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")
MOST_BYTES = 200 * 1024 * 1024
MOST_ROWS = 1_000_000
EXACT = 10**15
"""Whole numbers from here on a spreadsheet has rounded."""


class DropFolder(BaseModel):
    model_config = ConfigDict(frozen=True)

    folder: Path

    @field_validator("folder")
    @classmethod
    def absolute(cls, folder: Path) -> Path:
        if not folder.is_absolute():
            raise ValueError("要写绝对路径")
        return folder

    def file_of(self, table: str) -> Path | None:
        """Return the newest file of a table."""
        there = [path for ending in ENDINGS if (path := self.folder / f"{table}{ending}").is_file()]
        return max(there, key=lambda path: path.stat().st_mtime_ns, default=None)
