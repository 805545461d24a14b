"""Receipts of acts (Merkle proofs), which docs/verify_receipt.py checks on any machine without the platform."""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from banshi.core.crypto import digest
from banshi.core.errors import Conflict, Missing
from banshi.core.json_types import JsonObject
from banshi.ledger.keys import fingerprint_of, signing_key, trusted_keys
from banshi.ledger.models import Anchor, Block, LedgerEntry, TimeStamp
from banshi.ledger.sealing import members_of, skipped_by
from banshi.ledger.trees import path_in, rows_of

LONGEST_CHAIN = 2000
"""Blocks on the way from the anchor to the first act that a receipt may hold."""


def receipt_of(entries: Sequence[LedgerEntry], *, about: str = "", at: datetime) -> JsonObject:
    """Make a receipt of entries: their paths to the roots of their blocks, a way over blocks from a signed anchor to these,
    and a signed listing of which entries they are.

    Entries after the newest anchor are not in it yet.
    """
    last = Anchor.objects.order_by("-serial").first()
    proven = [each for each in entries if each.block_id and last and each.block_id <= last.block]
    if last is None or not proven:
        raise Conflict("记录还没有留底签名，暂时出不了凭据", remedy="每天夜里签名，请明天再下载。")
    holding = {each.block_id or 0 for each in proven}
    anchor = Anchor.objects.filter(block__gte=max(holding)).order_by("serial")[0]
    way = _way(anchor.block, holding)
    if len(way) > LONGEST_CHAIN:
        raise Conflict(
            "从第一条记录到留底隔得太远，凭据太大", remedy="请分段下载，或请管理员用 banshi verify-ledger 核对。"
        )
    blocks = list(Block.objects.filter(number__in=way).order_by("-number"))
    listed = {each.number for each in blocks if each.root is None} | holding
    members: dict[int, list[str]] = {number: [] for number in listed}
    for each in LedgerEntry.objects.filter(block__in=listed).order_by("number").only("number", "digest", "block"):
        members[each.block_id or 0] += members_of([each])
    trees = {each.number: rows_of(members[each.number]) for each in blocks if each.root and each.number in holding}
    places = {number: {member: place for place, member in enumerate(members[number])} for number in trees}
    key = trusted_keys()[anchor.key].public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    return {
        "entries": [_told(each, trees=trees, places=places) for each in proven],
        "left_out": len(entries) - len(proven),
        "blocks": [
            {
                "number": each.number,
                "previous": each.previous,
                "sealed_at": each.sealed_at.astimezone(UTC).isoformat(timespec="microseconds"),
                **({"root": each.root, "skips": each.skips} if each.root else {"members": members[each.number]}),
            }
            for each in blocks
        ],
        "anchor": {name: getattr(anchor, name) for name in ("serial", "block", "digest", "at", "key", "signature")},
        "public_key": key,
    } | (_listing_of(proven, about, len(entries) - len(proven), at) | _stamp_of(anchor))


def _listing_of(entries: Sequence[LedgerEntry], about: str, left_out: int, at: datetime) -> JsonObject:
    """Sign which entries the receipt holds, so that none is taken out of it later, where the key is on this machine."""
    try:
        key = signing_key()
    except Missing:
        return {}
    numbers, moments = sorted(each.number for each in entries), sorted(map(_moment, entries))
    told = {
        "about": about,
        "count": len(numbers),
        "numbers": digest(",".join(map(str, numbers)).encode()),
        "first": moments[0],
        "last": moments[-1],
        "left_out": left_out,
        "at": at.isoformat(timespec="seconds"),
    }
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    signature = key.sign("\x1f".join(["banshi receipt", *map(str, told.values())]).encode()).hex()
    return {"listing": {**told, "key": fingerprint_of(key.public_key()), "public_key": public, "signature": signature}}


def _way(newest: int, wanted: set[int]) -> list[int]:
    """Name the blocks from one to older ones, each named by the digest before it: by the widest skip that does not pass a wanted one."""
    first = Block.objects.filter(root__isnull=False).order_by("number").values_list("number", flat=True).first()
    way, at = [newest], newest
    for target in sorted(wanted - {newest}, reverse=True):
        while at > target and len(way) <= LONGEST_CHAIN:
            further = skipped_by(at) if first is not None and at >= first else []
            at = min((each for each in further if each >= target), default=at - 1)
            way.append(at)
    return way


def _stamp_of(anchor: Anchor) -> JsonObject:
    stamp = TimeStamp.objects.filter(serial=anchor.serial).first()
    return {"stamp": {"token": b64encode(stamp.token).decode()}} if stamp else {}


def receipt_text(entries: Sequence[LedgerEntry], *, about: str = "", at: datetime) -> str:
    return json.dumps(receipt_of(entries, about=about, at=at), ensure_ascii=False, indent=1)


def _told(
    entry: LedgerEntry, *, trees: Mapping[int, list[list[str]]], places: Mapping[int, Mapping[str, int]]
) -> dict[str, Any]:
    """Write an entry as its digest covers it, with the path to the root of its block."""
    block = entry.block_id or 0
    path = {"path": path_in(trees[block], places[block][members_of([entry])[0]])} if block in trees else {}
    return path | {
        "number": entry.number,
        "block": entry.block_id,
        "at": _moment(entry),
        "actor": entry.actor,
        "actor_name": entry.actor_name,
        "action": entry.action,
        "subject": entry.subject,
        "facts": entry.facts,
    }


def _moment(entry: LedgerEntry) -> str:
    return entry.at.astimezone(UTC).isoformat(timespec="microseconds")
