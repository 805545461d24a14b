"""Receiving files from outside: size, type by content, virus scan, then one document of all that was sent."""

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, BinaryIO, cast

import filetype
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from banshi.core.capped_process import run_capped
from banshi.core.errors import BadInput, Problem
from banshi.core.file_types import TYPES, sniff
from banshi.files import safe_name
from banshi.uploads.virus_scan import virus_in

FILES_AT_MOST = 20
PICTURES = {"image/jpeg", "image/png", "image/webp", "image/heic", "image/heif"}
PDF = TYPES["pdf"].media_type
PAGES = PICTURES | {PDF}
"""What can be joined to one PDF."""


@dataclass(frozen=True, slots=True)
class ExaminedDocument:
    """One document of all that was sent under a title, not yet kept."""

    name: str
    file: IO[bytes]


@contextmanager
def examined(files: Sequence[UploadedFile], *, title: str) -> Iterator[ExaminedDocument]:
    """Make one document of what was sent under this title.

    Pictures and several PDFs become one PDF in the order given, a single file of another kind stays as it is. Raises BadInput
    that names each file which can't be used.
    """
    if not files:
        raise BadInput("没有收到文件", where=title, remedy="请选择文件，或者拍照后再上传。")
    if len(files) > FILES_AT_MOST:
        raise BadInput(
            f"一份材料最多{FILES_AT_MOST}个文件，收到了{len(files)}个", where=title, remedy="请合并后再上传。"
        )
    problems, kinds = [], []
    for each in files:
        try:
            kinds.append(_examined(each))
        except BadInput as trouble:
            problems.append(Problem(trouble.message, where=trouble.where, remedy=trouble.remedy))
    if not problems and len(files) > 1 and (odd := [n for n, kind in enumerate(kinds) if kind not in PAGES]):
        words, remedy = "照片和 PDF 可以合成一份，这个文件不能", "请把它另存为 PDF，或者这份材料只传这一个文件。"
        problems = [Problem(words, where=_name_of(files[place]), remedy=remedy) for place in odd]
    if problems:
        first = problems[0]
        raise BadInput(first.message, problems, where=first.where, remedy=first.remedy)
    name = f"{safe_name(title)[:150]}.{'pdf' if set(kinds) <= PAGES else _name_of(files[0]).rpartition('.')[2][:8]}"
    if not set(kinds) <= PAGES:
        yield ExaminedDocument(name, cast(IO[bytes], files[0].file))
        return
    with TemporaryDirectory() as folder:
        joined = _joined(files, Path(folder))
        if kinds == [PDF]:  # alone it keeps its bytes, and so the signatures it may bear
            yield ExaminedDocument(name, cast(IO[bytes], files[0].file))
            return
        with joined.open("rb") as document:
            yield ExaminedDocument(name, document)


def _examined(file: UploadedFile) -> str:
    """Return the media type by content of a file that is small enough, of an accepted kind and without a known virus."""
    name, limit = _name_of(file), settings.UPLOAD_SIZE_LIMIT
    if (file.size or 0) > limit:
        size, most = (file.size or 0) / 1024 / 1024, limit // (1024 * 1024)
        remedy = "请用手机拍照代替扫描，或者压缩、拆分后再上传。"
        raise BadInput(f"文件有{size:.0f}MB，超过{most}MB", where=name, remedy=remedy)
    content = cast(BinaryIO, file.file)
    content.seek(0)
    guess = filetype.guess(content.read(8192))
    media_type = guess.mime if guess and guess.mime in PICTURES else sniff(content, name).media_type
    content.seek(0)
    if virus := virus_in(content):
        remedy = "请不要使用这个文件，用杀毒软件检查您的设备后重新制作再上传。"
        raise BadInput(f"文件里有病毒（{virus}），没有收下", where=name, remedy=remedy)
    if media_type == TYPES["txt"].media_type and not name.lower().endswith(".txt"):
        raise BadInput("文件名和内容不符：里面是纯文字", where=name, remedy="请重新拍照，或者另存为 PDF 后再上传。")
    content.seek(0)
    return str(media_type)


def _joined(files: Sequence[UploadedFile], folder: Path) -> Path:
    """Join in a process of its own, since pictures and PDFs from outside can be made to crash or to fill memory."""
    target, parts = folder / "document.pdf", [folder / str(place) for place in range(len(files))]
    for file, part in zip(files, parts, strict=True):
        content = cast(IO[bytes], file.file)
        content.seek(0)
        with part.open("wb") as copy:
            shutil.copyfileobj(content, copy)
    remedy = "请重新拍照，或者另存为 PDF 后再上传。"
    try:
        said = run_capped("banshi.uploads.joining", str(target), *map(str, parts))
    except TimeoutError as slow:
        raise BadInput("文件太复杂，没有处理完", where=_name_of(files[0]), remedy=remedy) from slow
    if said is None:
        raise BadInput("文件已损坏或太大，读不出来", where=_name_of(files[0]), remedy=remedy)
    if said:
        wrong = json.loads(said)
        raise BadInput(wrong["message"], where=_name_of(files[wrong["place"]]), remedy=wrong["remedy"])
    return target


def _name_of(file: UploadedFile) -> str:
    return safe_name(file.name or "文件")
