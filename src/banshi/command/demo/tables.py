"""The files of data/demo and data/vocab as rows."""

import csv
import json
from pathlib import Path
from typing import Any

from django.conf import settings

from banshi.core.json_types import JsonObject


def path_of(name: str) -> Path:
    return Path(settings.DATA) / name


def table(name: str) -> list[dict[str, str]]:
    with path_of(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def document(name: str) -> Any:
    return json.loads(path_of(name).read_text(encoding="utf-8"))


def guide_entries() -> list[JsonObject]:
    """Return the composed guides: organ, category, kind, codes, state (published, draft), sample (the record they
    follow), guide.
    """
    return [
        entry for path in sorted(path_of("demo/guides").glob("*.json")) for entry in json.loads(path.read_text("utf-8"))
    ]
