"""Anchors: signed notes of the newest block, kept in the database and in a file beside it."""

import json
import logging
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.forms.models import model_to_dict

from banshi.core.errors import BadInput
from banshi.core.json_types import JsonObject
from banshi.ledger.keys import fingerprint_of, is_signed, signing_key, trusted_keys
from banshi.ledger.models import Anchor, Block

logger = logging.getLogger("banshi.ledger")


def anchor(*, at: datetime) -> Anchor | None:
    """Sign the newest block and keep the note in the table, the file and the log.

    None when it is kept already.
    """
    take_in_uncommitted()
    head, last = Block.objects.order_by("-number").first(), Anchor.objects.order_by("-serial").first()
    if head is None or (last and (last.block, last.digest) == (head.number, head.digest)):
        return None
    key = signing_key()
    newest = max(last.serial if last else 0, max((each.serial for each in kept_anchors().anchors), default=0))
    note = Anchor(
        serial=newest + 1,
        block=head.number,
        digest=head.digest,
        at=at.isoformat(timespec="seconds"),
        key=fingerprint_of(key.public_key()),
    )
    note.signature = key.sign(message_of(note)).hex()
    with transaction.atomic():
        note.save(force_insert=True)
        write_missing()
    logger.warning("ledger anchor serial=%s block=%s digest=%s", note.serial, note.block, note.digest)
    return note


def message_of(note: Anchor) -> bytes:
    """Write the message the signature covers."""
    return "\x1f".join(["banshi anchor", str(note.serial), str(note.block), note.digest, note.at]).encode()


def line_of(note: Anchor) -> str:
    return json.dumps(model_to_dict(note), separators=(",", ":")) + "\n"


def write_missing() -> int:
    """Append to the file what only the table has: a new anchor, or those another machine has made."""
    newest = max((each.serial for each in kept_anchors().anchors), default=0)
    missing = list(Anchor.objects.filter(serial__gt=newest))
    if missing:
        path = Path(settings.LEDGER_ANCHORS)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file:
            if file.tell() and _last_byte(path) != b"\n":
                file.write(b"\n")  # a line was torn by a crash, the next must not be joined to it
            file.write("".join(map(line_of, missing)).encode())
            file.flush()
            os.fsync(file.fileno())
    return len(missing)


def take_in_uncommitted() -> None:
    """Give the table what only the file has: a process ended between writing the line and committing the row."""
    newest, keys = Anchor.objects.aggregate(newest=Max("serial", default=0))["newest"], trusted_keys()
    for note in kept_anchors().anchors:
        genuine = note.key in keys and is_signed(message_of(note), note.signature, keys[note.key])
        if note.serial > newest and genuine and Block.objects.filter(number=note.block, digest=note.digest).exists():
            note.save(force_insert=True)
            newest = note.serial


def _last_byte(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1)


@dataclass(frozen=True, slots=True)
class AnchorFile:
    """The file as read. `unreadable`: numbers of lines that are no anchors."""

    anchors: list[Anchor]
    unreadable: list[int]


def kept_anchors(path: Path | None = None) -> AnchorFile:
    """Read the file, or a copy of it."""
    path = path or Path(settings.LEDGER_ANCHORS)
    read = AnchorFile([], [])
    for number, line in enumerate(path.read_text(errors="replace").splitlines() if path.exists() else [], 1):
        try:
            read.anchors.append(_anchor_of(json.loads(line)))
        except (ValueError, TypeError, KeyError):
            read.unreadable.append(number)
    return read


def anchors_in(path: Path) -> list[Anchor]:
    """Read what was kept outside the house: a receipt, or a copy of the file.

    Raises BadInput where there is no anchor in it.
    """
    try:
        return [_anchor_of(json.loads(path.read_text(encoding="utf-8"))["anchor"])]
    except (ValueError, TypeError, KeyError):
        pass
    if found := kept_anchors(path).anchors:
        return found
    raise BadInput("这个文件里没有留底", where=str(path), remedy="要的是下载的凭据，或者留底文件的一份抄本。")


def _anchor_of(said: JsonObject) -> Anchor:
    """Parse an anchor, raising ValueError, TypeError or KeyError when it is none."""
    datetime.fromisoformat(said["at"])
    kinds = dict.fromkeys(("serial", "block"), int) | dict.fromkeys(("digest", "at", "key", "signature"), str)
    if any(type(said[name]) is not kind for name, kind in kinds.items()):
        raise TypeError(said)
    return Anchor(**{name: said[name] for name in kinds})
