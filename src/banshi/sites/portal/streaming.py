"""Open data written while it is sent."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.http.response import HttpResponseBase

from banshi.documents.workbook import FORMULA_SIGNS
from banshi.sites.kit.downloads import send_stream

BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for something else


class _Echo:
    """Return what is written, for `csv`."""

    def write(self, text: str) -> str:
        return text


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """List lines of a CSV file.

    No cell of it can be taken for a formula.
    """
    table = csv.writer(_Echo())
    yield BYTE_ORDER_MARK
    for row in rows:
        yield table.writerow([f"'{c}" if isinstance(c, str) and c.startswith(FORMULA_SIGNS) else c for c in row])


def streamed(content: Iterable[Any], name: str) -> HttpResponseBase:
    return opened(send_stream(content, name))


def opened(response: HttpResponseBase) -> HttpResponseBase:
    """Let any site read it, and keep it a little while."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "public, max-age=300"
    return response
