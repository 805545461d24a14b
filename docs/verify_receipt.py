"""Check a receipt of acts without the platform: `python verify_receipt.py receipt.json [FINGERPRINT …]`.

Plain Python, nothing to install. It recomputes the SM3 digest of each entry, the root of the tree it stands in, the blocks that lead to it, and the Ed25519 signature
(RFC 8032) of the anchor, and says what the time stamp (RFC 3161) proves where the receipt has one. FINGERPRINT is the beginning of the SM3 digest of the office's public key, as the office publishes it; without
it the script says which key signed, and you compare. After the office changed its key, give both.

It ends with 0 where all agrees, 1 where something does not, 2 where the file is no receipt, 3 where the entries agree but no signed listing tells that none was taken out.
"""

import hashlib
import json
import sys
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

APART = "\x1f"
FULL = 0xFFFFFFFF
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]
Der = tuple[int, bytes, bytes]  # tag, content, tag and length and content
HASHES = {"608648016503040201": "sha256", "608648016503040202": "sha384", "608648016503040203": "sha512"}
MESSAGE_DIGEST, COMMON_NAME, RSA = "2a864886f70d010904", "550403", "2a864886f70d010101"
LATEST = timedelta(days=2)
LISTED = ("about", "count", "numbers", "first", "last", "left_out", "at")
UNSTAMPED = "没有时间戳：签名的时间是办事系统自己写的"


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


def parts_of(data: bytes) -> list[Der]:
    """Read DER values that follow each other."""
    found, at = [], 0
    while at < len(data):
        size, start = data[at + 1], at + 2
        if size & 0x80:
            start += size & 0x7F
            size = int.from_bytes(data[at + 2 : start], "big")
        if start + size > len(data):
            raise ValueError("cut off")
        found.append((data[at], data[start : start + size], data[at : start + size]))
        at = start + size
    return found


def inside(of: Der, *path: int) -> Der:
    for place in path:
        of = parts_of(of[1])[place]
    return of


def named(of: Der, oid: str) -> Der | None:
    """Find what follows an object identifier, at any depth of sets and sequences."""
    parts = parts_of(of[1]) if of[0] & 0x20 else []
    if len(parts) > 1 and parts[0][0] == 6 and parts[0][1].hex() == oid:
        return parts[1]
    return next((found for each in parts if (found := named(each, oid))), None)


def stamp_told(receipt: dict[str, Any]) -> tuple[list[str], str]:
    """Say what is wrong with the time stamp, and what it proves."""
    anchor = receipt["anchor"]
    message = APART.join([signed_text(anchor), anchor["signature"]]).encode()
    try:
        return stamp_judged(b64decode(receipt["stamp"]["token"]), message, datetime.fromisoformat(anchor["at"]))
    except (ValueError, KeyError, IndexError, StopIteration, TypeError, OverflowError):
        return ["时间戳读不出来"], ""


def stamp_judged(token: bytes, message: bytes, made: datetime) -> tuple[list[str], str]:
    signed = inside(parts_of(token)[0], 1, 0)
    encapsulated, *more = parts_of(signed[1])[2:]
    told = inside(encapsulated, 1, 0)[1]
    info, signer = parts_of(told)[0], parts_of(inside(more[-1], 0)[1])
    issuer, serial = parts_of(signer[1][1])
    certificates = [(each, parts_of(inside(each, 0)[1])[1:]) for each in parts_of(more[0][1])]
    cert, fields = next(each for each in certificates if (each[1][0], each[1][2]) == (serial, issuer))
    moment = inside(info, 4)[1].decode()
    at = datetime.strptime(moment[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    how = HASHES[inside(signer[2], 0)[1].hex()]
    digested, name = named(signer[3], MESSAGE_DIGEST), named(fields[4], COMMON_NAME)
    wrong = []
    imprint = inside(info, 2, 1)[1]
    if imprint != hashlib.sha256(message).digest() or HASHES.get(inside(info, 2, 0, 0)[1].hex()) != "sha256":
        wrong.append("时间戳不是这个留底的")
    if digested is None or parts_of(digested[1])[0][1] != hashlib.new(how, told).digest():
        wrong.append("时间戳的内容被改过")
    checked = ""
    if inside(fields[5], 0, 0)[1].hex() != RSA:
        checked = "；签名不是 RSA，本脚本不会算，请用 openssl ts -verify 核对"
    elif not is_rsa_signed(b"\x31" + signer[3][2][1:], signer[5][1], inside(fields[5], 1)[1][1:], how):
        wrong.append("时间戳的签名不对")
    if abs(at - made) > LATEST:
        wrong.append(f"时间戳是{at:%Y-%m-%d}的，与留底写的时间不符：留底是后来补造的")
    authority = name[1].decode(errors="replace") if name else "没有写名称的机构"
    return wrong, (
        f"时间戳：{authority}证明，这个留底和它的签名在{at:%Y-%m-%d %H:%M:%S}（UTC）已经是这样，此后没有重写过。"
        f"机构的证书 SHA-256 {hashlib.sha256(cert[2]).hexdigest()}，请与该机构公布的核对{checked}"
    )


def is_rsa_signed(message: bytes, signature: bytes, public: bytes, how: str) -> bool:
    """Verify RSASSA-PKCS1-v1_5 (RFC 8017)."""
    n, e = (int.from_bytes(each[1], "big") for each in parts_of(parts_of(public)[0][1]))
    size, digested = (n.bit_length() + 7) // 8, hashlib.new(how, message).digest()
    oid = bytes.fromhex(next(each for each, name in HASHES.items() if name == how))
    algorithm = b"\x06" + bytes([len(oid)]) + oid + b"\x05\x00"
    told = b"\x30" + bytes([len(algorithm)]) + algorithm + b"\x04" + bytes([len(digested)]) + digested
    told = b"\x30" + bytes([len(told)]) + told
    wanted = b"\x00\x01" + b"\xff" * (size - len(told) - 3) + b"\x00" + told
    return len(signature) == size and pow(int.from_bytes(signature, "big"), e, n).to_bytes(size, "big") == wanted


def signed_text(anchor: dict[str, Any]) -> str:
    return APART.join(["banshi anchor", str(anchor["serial"]), str(anchor["block"]), anchor["digest"], anchor["at"]])


def digest_of_entry(entry: dict[str, Any]) -> str:
    facts = json.dumps(entry["facts"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    names = ("at", "actor", "actor_name", "action", "subject")
    return digest(APART.join([*(entry[name] for name in names), facts]))


def digest_of_block(block: dict[str, Any]) -> str:
    """Digest a block's head with the root of its entries and the blocks it names further back, or with the list of its entries."""
    head = [block["previous"], str(block["number"]), block["sealed_at"]]
    if "root" not in block:
        return digest(APART.join([*head, *block["members"]]))
    return digest(APART.join([*head, "root", block["root"], *(f"{n}:{told}" for n, told in block["skips"] or [])]))


def root_from(member: str, path: list[list[str]]) -> str:
    """Compute the root from an entry and its neighbours on the way."""
    told = digest(APART.join(["leaf", member]))
    for side, other in path:
        told = digest(APART.join(["node", *((other, told) if side == "left" else (told, other))]))
    return told


def problems_of(receipt: dict[str, Any], *fingerprints: str) -> list[str]:
    """Go from the anchor back over blocks, each of which an earlier one has named, to those of the entries."""
    anchor, key = receipt["anchor"], bytes.fromhex(receipt["public_key"])
    found, named, blocks = [], {anchor["block"]: anchor["digest"]}, {}
    for block in sorted(receipt["blocks"], key=lambda each: -each["number"]):
        number = block["number"]
        if named.get(number) != digest_of_block(block):
            found.append(
                "最后一批与留底不符" if number == anchor["block"] else f"第{number}批与后一批写的不符，没有接着"
            )
        named |= {number - 1: block["previous"], **dict(block.get("skips") or [])}
        blocks[number] = block
    if anchor["block"] not in blocks:
        found.append("最后一批与留底不符")
    for entry in receipt["entries"]:
        block, member = blocks.get(entry["block"], {}), f"{entry['number']}:{digest_of_entry(entry)}"
        if "root" in block:
            holds = block["root"] == root_from(member, entry.get("path", []))
        else:
            holds = member in block.get("members", [])
        if not holds:
            found.append(f"第{entry['number']}条记录与封存时不符")
    if not is_signed(signed_text(anchor).encode(), bytes.fromhex(anchor["signature"]), key):
        found.append("留底的签名不对")
    if not sm3(key).startswith(fingerprints or (anchor["key"],)):
        found.append("签名用的不是公布的公钥")
    return found + (listing_problems(receipt, *fingerprints) if "listing" in receipt else [])


def listing_problems(receipt: dict[str, Any], *fingerprints: str) -> list[str]:
    """Compare the entries with the signed listing of those that were issued."""
    listing, found = receipt["listing"], []
    entries, key = receipt["entries"], bytes.fromhex(listing["public_key"])
    numbers, moments = sorted(each["number"] for each in entries), sorted(each["at"] for each in entries)
    if len(numbers) != listing["count"] or digest(",".join(map(str, numbers))) != listing["numbers"]:
        found.append(f"出凭据时签名的是{listing['count']}条记录，文件里是{len(numbers)}条：有的被拿掉、换掉或者重复了")
    elif (moments[0], moments[-1]) != (listing["first"], listing["last"]):
        found.append("记录的起止时间与出凭据时签名的不符")
    signed = APART.join(["banshi receipt", *(str(listing[name]) for name in LISTED)])
    if not is_signed(signed.encode(), bytes.fromhex(listing["signature"]), key):
        found.append("凭据清单的签名不对：条数、起止时间或者哪件事被改过")
    if not sm3(key).startswith(fingerprints or (listing["key"],)):
        found.append("清单的签名用的不是公布的公钥")
    return found


def meaning_of(receipt: dict[str, Any]) -> list[str]:
    """Say what the receipt proves, and what it does not."""
    listing, count = receipt.get("listing"), len(receipt["entries"])
    if listing is None:
        return [
            f"证明的：这{count}条记录从封存起没有改过。",
            "不证明的：没有签名的清单，看不出有没有被人拿掉几条。请向本单位重新下载一份。",
        ]
    later = f"另有{listing['left_out']}条当时还没有留底签名，不在里面。" if listing["left_out"] else ""
    other = "" if listing["key"] == receipt["anchor"]["key"] else f"清单的公钥{listing['key']}，也请核对。"
    return [
        f"证明的：{listing['about'] or '这件事'}在{listing['at']}出凭据时列出的{count}条记录"
        f"（{listing['first']}至{listing['last']}）都在，一条不少，从封存起没有改过。{later}{other}",
        "不证明的：办事系统出凭据时有没有漏列（条数是它自己数、自己签名的）；出凭据以后又记了什么；记的事本身真不真。",
    ]


def check(path: str, *fingerprints: str) -> tuple[int, list[str]]:
    """Check a file, and say the code to end with and the lines to print."""
    try:
        receipt = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as trouble:
        return 2, [f"打不开文件{path}：{trouble.strerror}"]
    except (ValueError, RecursionError):
        return 2, [f"{path}不是完整的凭据文件（读不出 JSON），可能只下载了一半，请重新下载"]
    try:
        wrong = problems_of(receipt, *fingerprints)
        wrong_stamp, proved = stamp_told(receipt) if "stamp" in receipt else ([], UNSTAMPED)
        anchor, count, meaning = receipt["anchor"], len(receipt["entries"]), meaning_of(receipt)
        agrees = f"相符：{count}条记录，{anchor['at']}签名，公钥{anchor['key']}"
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError) as trouble:
        lacks = f"（没有{trouble}）" if isinstance(trouble, KeyError) else ""
        return 2, [f"{path}不是完整的凭据{lacks}，请重新下载；下载的是别的文件的，请换一个"]
    if wrong + wrong_stamp:
        return 1, wrong + wrong_stamp
    return 0 if "listing" in receipt else 3, [agrees, proved, *meaning]


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("用法：python verify_receipt.py 凭据.json [公布的公钥指纹]")
    code, lines = check(*sys.argv[1:])
    print("\n".join(lines))
    sys.exit(code)
