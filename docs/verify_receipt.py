"""Check a receipt of acts without the platform: `python verify_receipt.py receipt.json [FINGERPRINT]`.

Plain Python, nothing to install. It recomputes the SM3 digest of each entry, the chain of blocks that hold them, and the Ed25519 signature
(RFC 8032) of the anchor. FINGERPRINT is the beginning of the SM3 digest of the office's public key, as the office publishes it; without
it the script says which key signed, and you compare.
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

APART = "\x1f"
FULL = 0xFFFFFFFF
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]


def sm3(data: bytes) -> str:
    """Digest by SM3 (GB/T 32905-2016)."""
    state = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    padded = data + b"\x80" + bytes(-(len(data) + 9) % 64) + (8 * len(data)).to_bytes(8, "big")
    for first in range(0, len(padded), 64):
        w = [int.from_bytes(padded[first + at : first + at + 4], "big") for at in range(0, 64, 4)]
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ turned(w[j - 3], 15)
            w.append(x ^ turned(x, 15) ^ turned(x, 23) ^ turned(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = state
        for j in range(64):
            ss1 = turned((turned(a, 12) + e + turned(0x79CC4519 if j < 16 else 0x7A879D8A, j % 32)) & FULL, 7)
            ff = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
            gg = e ^ f ^ g if j < 16 else (e & f) | (~e & g)
            tt1 = (ff + d + (ss1 ^ turned(a, 12)) + (w[j] ^ w[j + 4])) & FULL
            tt2 = (gg + h + ss1 + w[j]) & FULL
            a, b, c, d = tt1, a, turned(b, 9), c
            e, f, g, h = tt2 ^ turned(tt2, 9) ^ turned(tt2, 17), e, turned(f, 19), g
        state = [one ^ other for one, other in zip(state, (a, b, c, d, e, f, g, h), strict=True)]
    return "".join(f"{each:08x}" for each in state)


def turned(word: int, by: int) -> int:
    return ((word << by) | (word >> (32 - by))) & FULL if by else word


def digest(text: str) -> str:
    return sm3(text.encode())


def point_of(packed: bytes) -> Point | None:
    y = int.from_bytes(packed, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    squared = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(squared, (P + 3) // 8, P)
    if (x * x - squared) % P:
        x = x * ROOT % P
    if y >= P or (x * x - squared) % P or (x == 0 and sign):
        return None
    return (P - x if x & 1 != sign else x, y, 1, (P - x if x & 1 != sign else x) * y % P)


def add(one: Point, other: Point) -> Point:
    a, b = (one[1] - one[0]) * (other[1] - other[0]) % P, (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(count: int, point: Point) -> Point:
    found: Point = (0, 1, 1, 0)
    while count:
        if count & 1:
            found = add(found, point)
        point, count = add(point, point), count >> 1
    return found


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(message: bytes, signature: bytes, key: bytes) -> bool:
    """Verify Ed25519."""
    public, commitment = point_of(key), point_of(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or public is None or commitment is None or BASE is None or scalar >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    left, right = times(scalar, BASE), add(commitment, times(challenge, public))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


def digest_of_entry(entry: dict[str, Any]) -> str:
    facts = json.dumps(entry["facts"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    names = ("at", "actor", "actor_name", "action", "subject")
    return digest(APART.join([*(entry[name] for name in names), facts]))


def problems_of(receipt: dict[str, Any], fingerprint: str = "") -> list[str]:
    found, held, before = [], {}, ""
    for block in receipt["blocks"]:
        if before and block["previous"] != before:
            found.append(f"第{block['number']}批没有接着前一批")
        head = APART.join([block["previous"], str(block["number"]), block["sealed_at"]])
        before = digest(APART.join([head, *block["members"]]))
        held.update(each.split(":") for each in block["members"])
    for entry in receipt["entries"]:
        if held.get(str(entry["number"])) != digest_of_entry(entry):
            found.append(f"第{entry['number']}条记录与封存时不符")
    anchor, key = receipt["anchor"], bytes.fromhex(receipt["public_key"])
    if anchor["digest"] != before:
        found.append("最后一批与留底不符")
    signed = ["banshi anchor", str(anchor["serial"]), str(anchor["block"]), anchor["digest"], anchor["at"]]
    if not is_signed(APART.join(signed).encode(), bytes.fromhex(anchor["signature"]), key):
        found.append("留底的签名不对")
    if not sm3(key).startswith(fingerprint or anchor["key"]):
        found.append("签名用的不是公布的公钥")
    return found


if __name__ == "__main__":
    told = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    wrong = problems_of(told, *sys.argv[2:3])
    print(
        "\n".join(wrong)
        or f"相符：{len(told['entries'])}条记录，{told['anchor']['at']}签名，公钥{told['anchor']['key']}"
    )
    sys.exit(bool(wrong))
