"""Comparison of what a form says with what a register says, by the kind of item."""

import re
import unicodedata
from decimal import Decimal
from functools import cache
from typing import Any

from opencc import OpenCC

from banshi.core.crypto import blind_index
from banshi.exchange.enums import InformationKind
from banshi.people.models import Identity

DOTS = re.compile("[\u00b7\u2022\u2027\u2219\u22c5\u30fb\uff65\u25cf\u318d\u1427.．]")
"""Characters that stand for the middle dot of a name (阿依古丽·买买提)."""
VARIANTS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef\u200b-\u200f\ufeff]")
"""Variation selectors and what has no width, which tell glyphs of one character apart."""
HOUSE = str.maketrans("號棟樓－—–", "号栋楼---")


def agrees(claimed: str, registered: Any, kind: InformationKind) -> bool:
    """Compare by the rule of the kind.

    Nothing agrees with nothing said.
    """
    ours, written = normal(claimed, kind), "" if registered is None else str(registered)
    return bool(ours) and (written == claimed or ours == normal(written, kind))


def normal(text: str, kind: InformationKind) -> str:
    """Reduce a text to what counts: width and variants of characters, spaces, dots, 繁简, forms of dates and numbers."""
    # ASCII has no variants, and neither width nor script to tell apart.
    plain = (text if text.isascii() else VARIANTS.sub("", unicodedata.normalize("NFKC", text))).strip()
    match kind:
        case InformationKind.NAME:
            return DOTS.sub("·", _simplified().convert("".join(plain.split()))).upper()
        case InformationKind.ID_NUMBER:
            return _eighteen(re.sub(r"[\s-]", "", plain).upper())
        case InformationKind.ADDRESS:
            return re.sub(r"[\s,，、]", "", _simplified().convert(plain.translate(HOUSE))).upper()
        case InformationKind.DATE:
            parts = re.findall(r"\d+", plain)
            if len(parts) >= 3:
                return f"{parts[0]:0>4}{parts[1]:0>2}{parts[2]:0>2}"
            return f"{parts[0]:0>4}{parts[1]:0>2}" if len(parts) == 2 else parts[0][:8] if parts else ""
        case InformationKind.NUMBER:
            number = plain.replace(",", "")
            if not re.fullmatch(r"[+-]?\d+(\.\d*)?", number):
                return number
            written = f"{Decimal(number):f}"
            return written.rstrip("0").rstrip(".") if "." in written else written
    return " ".join(_simplified().convert(plain).split())


def person_index(number: str) -> str:
    """Return the keyed digest of a person's number, the same for each way to write it, as the source is asked with it."""
    return index_of(normal(number, InformationKind.ID_NUMBER))


def index_of(plain: str) -> str:
    """Return the keyed digest of a number that is reduced to what counts."""
    return blind_index(plain, purpose=Identity.PURPOSE) if plain else ""


def _eighteen(number: str) -> str:
    """Complete an identity number of the first generation (15 digits) by century and check digit."""
    if not re.fullmatch(r"\d{15}", number):
        return number
    body = f"{number[:6]}19{number[6:]}"
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(body))
    return body + "10X98765432"[total % 11]


def written_forms(number: str) -> tuple[str, ...]:
    """List the ways a register may have written a number: as it is, with a small x, with the fifteen digits of before."""
    forms = {number: None, number.lower() if number.endswith("X") else number: None}
    if re.fullmatch(r"\d{6}19\d{9}[\dX]", number) and _eighteen(old := number[:6] + number[8:17]) == number:
        forms[old] = None
    return tuple(forms)


@cache
def _simplified() -> OpenCC:
    return OpenCC("t2s")
