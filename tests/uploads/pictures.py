"""Pictures and PDFs as people send them, made here."""

import io
import struct
import zlib
from typing import Any

import pillow_heif
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

ORIENTATION, MAKER = 0x0112, 0x010F
SIDEWAYS = 6


def photo(name: str = "IMG_1.jpg", size: tuple[int, int] = (800, 600), kind: str = "JPEG", **more: Any) -> Any:
    """White, with a dark upper left corner by which one sees how it is turned."""
    image = Image.new(more.pop("mode", "RGB"), size, "white")
    image.paste((20, 20, 120), (0, 0, size[0] // 4, size[1] // 4))
    out = io.BytesIO()
    if kind == "HEIF":
        pillow_heif.from_pillow(image).save(out, quality=60, **more)
    else:
        image.save(out, kind, **more)
    return SimpleUploadedFile(name, out.getvalue())


def taken_sideways(name: str = "IMG_2.jpg") -> Any:
    """As a phone held upright stores it: lying, with a note how to turn it, by whom and where it was taken."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = SIDEWAYS, "Secret Phone"
    exif.get_ifd(0x8825)[1] = "N"
    return photo(name, exif=exif)


def bomb(name: str = "bomb.png") -> Any:
    """A PNG of a few bytes that says it has 50,000 by 50,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(1_000_000))
    body = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    return SimpleUploadedFile(name, body)


def pdf(name: str = "a.pdf", pages: int = 1, **more: Any) -> Any:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    if "script" in more:
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
            {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject(more["script"])}
        )
    if "password" in more:
        writer.encrypt(more["password"], algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return SimpleUploadedFile(name, out.getvalue())
