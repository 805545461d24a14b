"""Proof for the ledger that stored files are still those that were uploaded."""

from collections.abc import Iterator, Sequence

from cryptography.hazmat.primitives import hashes

from banshi.core.errors import Missing
from banshi.core.models import StoredFile
from banshi.core.sealed_files import AlteredFile
from banshi.files import CHUNK, open_file
from banshi.ledger.models import LedgerEntry
from banshi.ledger.text_proofs import key_of, prove_texts


@prove_texts("core.keep_file")
def differing_files(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    """Read every file again, those of the same bytes once in a batch."""
    kept = StoredFile.objects.in_bulk([key_of(each) for each in entries])
    dropped = LedgerEntry.objects.filter(action="core.drop_file", subject__in=[each.subject for each in entries])
    in_time = set(dropped.values_list("subject", flat=True))
    trouble: dict[str, str] = {}
    for entry in entries:
        stored, digest = kept.get(key_of(entry)), entry.facts["digest"]
        if stored is None and entry.subject in in_time:
            continue
        if stored is None:
            yield entry, "不在了：上传的文件的登记被删去"
        elif stored.digest != digest:
            yield entry, "被改动过：上传的文件的登记与摘要不符"
        else:
            place = stored.sealed_as or digest
            if place not in trouble:
                trouble[place] = _trouble(stored)
            if trouble[place]:
                yield entry, trouble[place]


def _trouble(stored: StoredFile) -> str:
    """Tell in words how its bytes differ, or ""."""
    sm3 = hashes.Hash(hashes.SM3())
    try:
        with open_file(stored) as file:
            while chunk := file.read(CHUNK):
                sm3.update(chunk)
    except AlteredFile:
        return "被改动过：上传的文件的内容打不开"
    except Missing:
        return "不在了：上传的文件被删去，或在别的机器上"
    return "" if sm3.finalize().hex() == stored.digest else "被改动过：上传的文件的内容与摘要不符"
