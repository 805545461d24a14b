"""File types, detected from bytes. Names and the sender's word count for nothing."""

import zipfile
from dataclasses import dataclass
from typing import BinaryIO

import filetype

from banshi.core.errors import BadInput
from banshi.core.text_decoding import decode_text

HEAD = 8192
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_ENTRIES = {"EncryptedPackage": "encrypted", "Workbook": "xls", "Book": "xls", "WordDocument": "doc"}


@dataclass(frozen=True, slots=True)
class FileType:
    extension: str
    media_type: str
    label: str
    inline: bool = False


TYPES = {
    kind.extension: kind
    for kind in (
        FileType("pdf", "application/pdf", "PDF", inline=True),
        FileType("png", "image/png", "图片", inline=True),
        FileType("jpg", "image/jpeg", "图片", inline=True),
        FileType("webp", "image/webp", "图片", inline=True),
        FileType("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel表格"),
        FileType("xls", "application/vnd.ms-excel", "Excel表格"),
        FileType("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word文档"),
        FileType("doc", "application/msword", "Word文档"),
        FileType("ods", "application/vnd.oasis.opendocument.spreadsheet", "表格"),
        FileType("odt", "application/vnd.oasis.opendocument.text", "文档"),
        FileType("ofd", "application/ofd", "OFD版式文件"),
        FileType("csv", "text/csv", "CSV表格"),
        FileType("txt", "text/plain", "文本"),
    )
}
MEDIA_TYPES = {kind.extension: kind.media_type for kind in TYPES.values()} | {
    "csv": "text/csv; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "svg": "image/svg+xml",
    "toml": "text/plain; charset=utf-8",
    "zip": "application/zip",
}
"""What a file of our own making is sent as, by its extension."""
BY_MEDIA_TYPE = {kind.media_type: kind for kind in TYPES.values()}
ACCEPTED = "、".join(("PDF", "图片(jpg、png)", "Word", "Excel", "CSV", "OFD"))


def sniff(file: BinaryIO, name: str) -> FileType:
    """Return the type of an open file.

    Raises BadInput for what is not accepted, saying what it seems to be.
    """
    file.seek(0)
    head = file.read(HEAD)
    if not head:
        raise BadInput("文件是空的", where=name, remedy="请检查后重新选择文件。")
    kind = _by_signature(file, head, name) or _text(file, name)
    file.seek(0)
    return kind


def _by_signature(file: BinaryIO, head: bytes, name: str) -> FileType | None:
    if head.startswith(OLE):
        # Old Office files are told apart by the names in their directory, which are UTF-16.
        file.seek(0)
        content = file.read()
        for entry, extension in OLE_ENTRIES.items():
            if entry.encode("utf-16-le") + b"\0\0" in content:
                if extension == "encrypted":
                    raise BadInput("文件加了密码，打不开", where=name, remedy="请在 Excel 或 WPS 里去掉密码再上传。")
                return TYPES[extension]
        raise _refused("这种旧版 Office 文件不能上传", name)
    if head.startswith(b"PK"):
        try:
            with zipfile.ZipFile(file) as archive:
                members = set(archive.namelist())
                if any(member.endswith("vbaProject.bin") for member in members):
                    raise _refused("文件里有宏程序，不能上传", name, "请另存为不带宏的格式（.xlsx、.docx）再上传。")
                for marker, extension in (("xl/", "xlsx"), ("word/", "docx")):
                    if "[Content_Types].xml" in members and any(member.startswith(marker) for member in members):
                        return TYPES[extension]
                if "OFD.xml" in members:
                    return TYPES["ofd"]
                if "mimetype" in members and archive.getinfo("mimetype").file_size < 200:
                    declared = archive.read("mimetype").decode("ascii", "replace").strip()
                    if declared in BY_MEDIA_TYPE:
                        return BY_MEDIA_TYPE[declared]
                raise _refused("压缩包不能上传", name, "请解压后逐个上传。")
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as damage:
            raise BadInput("文件已损坏，读不出来", where=name, remedy="请重新保存或重新下载后再上传。") from damage
    guess = filetype.guess(head)
    if guess is None:
        return None
    kind = BY_MEDIA_TYPE.get(guess.mime)
    if kind is None:
        raise _refused(f"这种文件（.{guess.extension}）不能上传", name)
    return kind


def _text(file: BinaryIO, name: str) -> FileType:
    """Recognise as text what decodes as text and is no page or drawing a browser would run."""
    file.seek(0)
    text = _decoded(file.read())
    if text is None:
        raise _refused("认不出这是什么文件", name)
    start = text[:HEAD].lstrip("\ufeff \t\r\n").lower()
    if start.startswith(("<", "#!", "%!", "@echo")) or "<script" in start or "<svg" in start or "<html" in start:
        raise _refused("网页、图形代码或程序不能上传", name)
    return TYPES["csv" if name.lower().endswith((".csv", ".tsv")) else "txt"]


def _decoded(content: bytes) -> str | None:
    text = decode_text(content)
    return None if text is None or "\0" in text else text


def _refused(message: str, name: str, remedy: str = "") -> BadInput:
    return BadInput(message, where=name, remedy=remedy or f"可以上传：{ACCEPTED}。")
