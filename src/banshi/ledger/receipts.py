"""Receipts of acts (Merkle-like proofs), which docs/verify_receipt.py checks on any machine without the platform."""

import json
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from banshi.core.errors import Conflict
from banshi.core.json_types import JsonObject
from banshi.ledger.keys import trusted_keys
from banshi.ledger.models import Anchor, Block, LedgerEntry, TimeStamp

LONGEST_CHAIN = 2000
"""Blocks between the first act and the anchor that a receipt may hold."""


def receipt_of(entries: Sequence[LedgerEntry]) -> JsonObject:
    """Make a receipt of entries, with the blocks that lead from them to a signed anchor.

    Entries after the newest anchor are not in it yet.
    """
    last = Anchor.objects.order_by("-serial").first()
    proven = [each for each in entries if each.block_id and last and each.block_id <= last.block]
    if last is None or not proven:
        raise Conflict("记录还没有留底签名，暂时出不了凭据", remedy="每天夜里签名，请明天再下载。")
    first, until = min(each.block_id or 0 for each in proven), max(each.block_id or 0 for each in proven)
    anchor = Anchor.objects.filter(block__gte=until).order_by("serial")[0]
    blocks = list(Block.objects.filter(number__gte=first, number__lte=anchor.block).order_by("number"))
    if len(blocks) > LONGEST_CHAIN:
        raise Conflict(
            "从第一条记录到留底隔得太远，凭据太大", remedy="请分段下载，或请管理员用 banshi verify-ledger 核对。"
        )
    members: dict[int, list[str]] = {each.number: [] for each in blocks}
    listed = LedgerEntry.objects.filter(block__gte=first, block__lte=anchor.block).order_by("number")
    for number, digest, block in listed.values_list("number", "digest", "block").iterator():
        members[block].append(f"{number}:{digest}")
    key = trusted_keys()[anchor.key].public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    return {
        "entries": [_told(each) for each in proven],
        "left_out": len(entries) - len(proven),
        "blocks": [
            {
                "number": each.number,
                "previous": each.previous,
                "sealed_at": each.sealed_at.astimezone(UTC).isoformat(timespec="microseconds"),
                "members": members[each.number],
            }
            for each in blocks
        ],
        "anchor": {name: getattr(anchor, name) for name in ("serial", "block", "digest", "at", "key", "signature")},
        "public_key": key,
    } | _stamp_of(anchor)


def _stamp_of(anchor: Anchor) -> JsonObject:
    stamp = TimeStamp.objects.filter(serial=anchor.serial).first()
    return {"stamp": {"token": b64encode(stamp.token).decode()}} if stamp else {}


def receipt_text(entries: Sequence[LedgerEntry]) -> str:
    return json.dumps(receipt_of(entries), ensure_ascii=False, indent=1)


def _told(entry: LedgerEntry) -> dict[str, Any]:
    """Write an entry as its digest covers it."""
    return {
        "number": entry.number,
        "block": entry.block_id,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "actor_name": entry.actor_name,
        "action": entry.action,
        "subject": entry.subject,
        "facts": entry.facts,
    }
