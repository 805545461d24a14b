"""A register as a workbook."""

from typing import IO, Any

from django.db.models import QuerySet
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from banshi.catalog.enums import ItemKind
from banshi.documents.workbook import new_workbook, write_table
from banshi.registers.enums import PowerList
from banshi.registers.sheets import HEADERS
from banshi.sites.workbench.registers.register import Register

AT_ONCE = 500


def write_register(register: Register, entries: QuerySet[Any], to: IO[bytes]) -> None:
    heads = [column.label for column in register.columns]
    told = ([column.told(entry) for column in register.columns] for entry in entries.iterator(AT_ONCE))
    rows = ([strip_tags(each) if isinstance(each, SafeString) else each for each in cells] for cells in told)
    with new_workbook(to) as book:
        write_table(book, register.label, heads, rows)


def write_blank_powers(to: IO[bytes]) -> None:
    """Write the sheet to fill in, with the kinds and lists to choose from."""
    places = {target: place for place, target in enumerate(HEADERS)}
    kinds = [str(kind.label) for kind in ItemKind if kind is not ItemKind.SERVICE]
    with new_workbook(to) as book:
        sheet = write_table(book, "权责清单", [headers[0] for headers in HEADERS.values()], ())
        for target, words in (("kind", kinds), ("list", [str(each.label) for each in PowerList])):
            column = places[target]
            sheet.data_validation(1, column, 2000, column, {"validate": "list", "source": words})
