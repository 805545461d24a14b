"""A register as a workbook, written to disk row by row."""

from tempfile import TemporaryFile
from typing import IO, Any

from django.db.models import QuerySet
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from banshi.catalog.enums import ItemKind
from banshi.registers.enums import PowerList
from banshi.registers.sheets import HEADERS
from banshi.sites.workbench.registers.register import Register

AT_ONCE = 500
WIDTHS = 22
SETTINGS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def written(register: Register, entries: QuerySet[Any]) -> IO[bytes]:
    import xlsxwriter  # 13 MB in each request process, for a file rarely asked for

    file = TemporaryFile()  # noqa: SIM115 - closed by FileResponse
    with xlsxwriter.Workbook(file, SETTINGS) as book:
        sheet = book.add_worksheet(register.label)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(register.columns) - 1, WIDTHS)
        sheet.write_row(0, 0, [column.label for column in register.columns], book.add_format({"bold": True}))
        for number, entry in enumerate(entries.iterator(AT_ONCE), 1):
            sheet.write_row(number, 0, [_plain(column.told(entry)) for column in register.columns])
    file.seek(0)
    return file


def _plain(value: Any) -> Any:
    return strip_tags(value) if isinstance(value, SafeString) else value


def blank_powers() -> IO[bytes]:
    """The sheet to fill in, with the kinds and lists to choose from."""
    import xlsxwriter  # see above

    file = TemporaryFile()  # noqa: SIM115 - closed by FileResponse
    with xlsxwriter.Workbook(file, SETTINGS) as book:
        sheet = book.add_worksheet("权责清单")
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(HEADERS) - 1, WIDTHS)
        sheet.write_row(0, 0, [headers[0] for headers in HEADERS.values()], book.add_format({"bold": True}))
        places = {target: place for place, target in enumerate(HEADERS)}
        kinds = [str(kind.label) for kind in ItemKind if kind is not ItemKind.SERVICE]
        for target, words in (("kind", kinds), ("list", [str(each.label) for each in PowerList])):
            column = places[target]
            sheet.data_validation(1, column, 2000, column, {"validate": "list", "source": words})
    file.seek(0)
    return file
