"""Pictures and PDFs joined to one PDF: turned upright, shrunk, without what the camera noted (place, time, device).

Run as a process of its own, with a cap on memory: `python -m banshi.uploads.joining TARGET PART…`. It writes nothing, or what is
wrong with which part.
"""

import io
import json
import sys
import warnings
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject, NullObject

from banshi.core.capped_process import cap_memory

MEMORY_AT_MOST = 2**30
LONG_SIDE = 2400
"""Pixels: 200 a inch on A4."""
A4_INCHES = 297 / 25.4
JPEG_QUALITY = 85
JPEG_PIXELS, PIXELS = 250_000_000, 110_000_000
"""JPEG is decoded at a fraction of its size; others whole."""
PAGES_AT_MOST = 300


class UnusablePart(Exception):
    """A part that can't be used, with a remedy."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message, self.remedy = message, remedy


def join(parts: list[Path], target: Path) -> dict[str, object]:
    """Write one PDF of all parts, or tell which can't be used."""
    book = PdfWriter()
    for place, part in enumerate(parts):
        try:
            with part.open("rb") as file:
                is_pdf = b"%PDF-" in file.read(1024)
            reader = open_pdf(part) if is_pdf else PdfReader(io.BytesIO(page_of(part)))
            book.append(reader, import_outline=False)
            if len(book.pages) > PAGES_AT_MOST:
                words, remedy = f"一共超过{PAGES_AT_MOST}页", "请只上传需要的页，或者分成几份。"
                return {"place": place, "message": words, "remedy": remedy}
        except UnusablePart as trouble:
            return {"place": place, "message": trouble.message, "remedy": trouble.remedy}
        except (PyPdfError, OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, SyntaxError):
            return {"place": place, "message": "文件已损坏，读不出来", "remedy": "请重新拍照或重新保存后再上传。"}
    with target.open("wb") as file:
        book.write(file)
    return {}


def page_of(picture: Path) -> bytes:
    """Return a picture as a page of PDF, upright and no larger than needed to read it."""
    try:
        with Image.open(picture) as image:
            pixels = image.width * image.height
            if pixels > (JPEG_PIXELS if image.format in ("JPEG", "MPO") else PIXELS):
                words = f"图片有{pixels // 1_000_000}百万像素，太大了"
                raise UnusablePart(words, "请用手机的普通模式重新拍照，或者缩小后再上传。")
            image.draft("RGB", (LONG_SIDE, LONG_SIDE))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
            if upright.has_transparency_data:
                seen = upright.convert("RGBA")
                upright = Image.new("RGB", seen.size, "white")
                upright.paste(seen, mask=seen.getchannel("A"))
            bare = upright.convert("L" if upright.mode in ("1", "L", "LA") else "RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise UnusablePart("图片大得不正常，没有打开", "请重新拍照后再上传。") from bomb
    except UnidentifiedImageError as unknown:
        raise UnusablePart("图片已损坏，读不出来", "请重新拍照后再上传。") from unknown
    out = io.BytesIO()
    bare.info.clear()
    bare.save(out, "PDF", resolution=max(bare.size) / A4_INCHES, quality=JPEG_QUALITY)
    return out.getvalue()


def open_pdf(part: Path) -> PdfReader:
    """Open a PDF that can be read without a password and runs nothing."""
    reader = PdfReader(part)
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnusablePart("PDF 加了密码，打不开", "请去掉密码再上传。")
    if not reader.pages:
        raise UnusablePart("PDF 里一页也没有", "请重新保存后再上传。")
    names, opening = (reader.root_object.get(key, NullObject()).get_object() for key in ("/Names", "/OpenAction"))
    carried = set(names) if isinstance(names, DictionaryObject) else set()
    act = opening.get("/S") if isinstance(opening, DictionaryObject) else None
    if {"/JavaScript", "/EmbeddedFiles"} & carried or act in ("/JavaScript", "/Launch"):
        raise UnusablePart("PDF 里带有程序或附件，不能上传", "请用“打印为 PDF”另存一份再上传。")
    return reader


if __name__ == "__main__":
    cap_memory(MEMORY_AT_MOST)
    register_heif_opener()
    Image.MAX_IMAGE_PIXELS = JPEG_PIXELS
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)
    wrong = join([Path(each) for each in sys.argv[2:]], Path(sys.argv[1]))
    sys.stdout.write(json.dumps(wrong, ensure_ascii=False) if wrong else "")
