"""One small sheet as each kind of workbook keeps it, with two cells whose formula failed:

| 事项名称 | 实施主体 | 承诺时限 |
| 入学登记 | 教育局   | #DIV/0!  |
| #REF!    | 教育局   | 3        |
"""

import zipfile
from io import BytesIO
from struct import pack

import xlsxwriter
import xlwt

SHEET = "一&二"
HEADERS = ("事项名称", "实施主体", "承诺时限")


def xlsx() -> bytes:
    output = BytesIO()
    with xlsxwriter.Workbook(output) as book:
        sheet = book.add_worksheet(SHEET)
        sheet.write_row(0, 0, HEADERS)
        sheet.write_row(1, 0, ["入学登记", "教育局"])
        sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")
        sheet.write_formula(2, 0, "=D1", None, "#REF!")
        sheet.write_row(2, 1, ["教育局", 3])
    return output.getvalue()


def xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet(SHEET)
    for place, text in enumerate((*HEADERS, "入学登记", "教育局")):
        sheet.write(*divmod(place, 3), text)
    sheet.write(1, 2, xlwt.Formula("1/0"))
    sheet.row(2).set_cell_error(0, "#REF!")
    sheet.write(2, 1, "教育局")
    sheet.write(2, 2, 3)
    output = BytesIO()
    book.save(output)
    uncounted, failed = bytes.fromhex("030000000000ffff"), bytes.fromhex("020007000000ffff")
    assert output.getvalue().count(uncounted) == 1
    return output.getvalue().replace(uncounted, failed)


def ods(failed: str = 'office:value-type="string" office:string-value="" calcext:value-type="error"') -> bytes:
    """As LibreOffice writes it, or otherwise `failed`."""

    def cell(text: str, more: str = 'office:value-type="string"') -> str:
        return f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>"

    lines = [
        "".join(map(cell, HEADERS)),
        cell("入学登记") + cell("教育局") + cell("#DIV/0!", f'table:formula="of:=1/0" {failed}'),
        cell("#REF!", f'table:formula="of:=#REF!" {failed}') + cell("教育局") + cell("3"),
    ]
    rows = "".join(f"<table:table-row>{line}</table:table-row>" for line in lines)
    return ods_of(f'<table:table table:name="{SHEET.replace("&", "&amp;")}">{rows}</table:table>')


def ods_of(tables: str) -> bytes:
    names = {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
        "manifest": "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0",
    }
    declared = " ".join(f'xmlns:{short}="{name}"' for short, name in names.items())
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped(
        {
            "mimetype": kind,
            "META-INF/manifest.xml": f'<manifest:manifest {declared}><manifest:file-entry manifest:full-path="/" '
            f'manifest:media-type="{kind}"/></manifest:manifest>',
            "content.xml": f"<office:document-content {declared}><office:body><office:spreadsheet>{tables}"
            "</office:spreadsheet></office:body></office:document-content>",
        }
    )


def xlsb() -> bytes:
    """Only the records a reader needs ([MS-XLSB] 2.4), a sheet of a few cells."""
    row, number, text, error, failed_formula = 0, 5, 6, 3, 11

    def line(at: int) -> bytes:
        return _record(row, pack("<I13x", at))

    def cell(kind: int, column: int, value: bytes) -> bytes:
        return _record(kind, pack("<II", column, 0) + value)

    headers = b"".join(cell(text, column, _wide(each)) for column, each in enumerate(HEADERS))
    first = cell(text, 0, _wide("入学登记")) + cell(text, 1, _wide("教育局"))
    first += cell(failed_formula, 2, b"\x07" + bytes(10))
    second = cell(error, 0, b"\x17") + cell(text, 1, _wide("教育局")) + cell(number, 2, pack("<d", 3))
    size = _record(148, pack("<4I", 0, 2, 0, 2))
    rows = line(0) + headers + line(1) + first + line(2) + second
    sheet = _record(129) + size + _record(145) + rows + _record(146) + _record(130)
    listed = _record(156, pack("<II", 0, 1) + _wide("rId1") + _wide(SHEET))
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.bin": _record(131) + _record(143) + listed + _record(144) + _record(132),
            "xl/_rels/workbook.bin.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
            f'relationships"><Relationship Id="rId1" Type="{kind}" Target="worksheets/sheet1.bin"/></Relationships>',
            "xl/worksheets/sheet1.bin": sheet,
        }
    )


def _record(kind: int, content: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    assert len(content) < 128
    return head + bytes([len(content)]) + content


def _wide(text: str) -> bytes:
    return pack("<I", len(text)) + text.encode("utf-16-le")


def zipped(parts: dict[str, str | bytes]) -> bytes:
    output = BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return output.getvalue()
