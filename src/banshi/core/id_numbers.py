"""Check digits of the numbers people and organs carry, and how such data is shown masked.

Only what a number says of itself is checked: that a valid number was ever issued is known to its register alone.
"""

import re
import unicodedata
from datetime import date
from functools import lru_cache

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
# First two digits of a card: the provinces, 81-83 the residence permits of Hong Kong, Macao and Taiwan residents.
# Permanent residence cards of foreigners begin with 9.
CARD_REGIONS = frozenset(
    f"{n}"
    for n in (
        *range(11, 16),
        *range(21, 24),
        *range(31, 38),
        *range(41, 47),
        *range(50, 55),
        *range(61, 66),
        71,
        81,
        82,
        83,
    )
)


NAME_SIGNS = frozenset("·•・‧ -‐'’")
"""Between the parts of a name, as on cards of minorities, residence permits and passports."""


def person_name_is_valid(text: str) -> bool:
    """Validate a person's name: letters of any script, between them middle dots, hyphens, apostrophes and spaces."""
    parts = "".join(" " if each in NAME_SIGNS else each for each in text.strip()).split()
    return bool(parts) and all(unicodedata.category(each)[0] in "LM" for part in parts for each in part)


def id_number_is_valid(text: str) -> bool:
    """Validate an identity number (居民身份证号, GB 11643) by region, birth date and check digit (ISO 7064 MOD 11-2).

    Regions are checked to the province only, because counties come and go while cards live on.
    """
    if not re.fullmatch(r"[0-9]{17}[0-9X]", text):
        return False
    region_is_known = text[:2] in CARD_REGIONS or text[0] == "9"
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(text[:17]))
    return region_is_known and _is_date(text[6:14]) and text[17] == "10X98765432"[total % 11]


def _is_date(digits: str) -> bool:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year >= 1850
    except ValueError:
        return False


@lru_cache(maxsize=50_000)
def uscc_is_valid(text: str) -> bool:
    """Validate a credit code (统一社会信用代码, GB 32100), 18 characters without I O S V Z, the last a check modulo 31."""
    return bool(re.fullmatch(f"[{USCC_ALPHABET}]{{18}}", text)) and text[17] == uscc_check(text[:17])


def uscc_check(body: str) -> str:
    """Return the check character for the first 17."""
    total = sum(USCC_ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(body))
    return USCC_ALPHABET[-total % 31]


def organisation_code_is_valid(text: str) -> bool:
    """Validate an organisation code (组织机构代码, GB 11714), 8 characters and a check modulo 11, with or without the hyphen."""
    body, check = text.replace("-", "")[:-1], text[-1:]
    if not re.fullmatch(r"[0-9A-Z]{8}", body) or not re.fullmatch(r"[0-9A-Z]{8}-?[0-9X]", text):
        return False
    return check == organisation_check(body)


def organisation_check(body: str) -> str:
    """Return the check character for the 8 characters of an organisation code."""
    total = sum(int(character, 36) * weight for character, weight in zip(body, ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


PARTING = frozenset(["Cf", "Cc", "Zs", "Zl", "Zp", "Pd"])
"""Categories of signs that part or surround digits: blanks, dashes, invisible ones pasted along."""


def plain_number(text: str) -> str:
    """Normalise a number as people write it (full width, with blanks, small letters)."""
    if text.isascii() and text.isalnum():
        return text.upper()
    return "".join(
        sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) not in PARTING
    ).upper()


def plain_mobile(text: str) -> str:
    """Normalise a mobile number, without blanks, hyphens and the country's +86."""
    return re.sub(r"^(?:TEL:)?\(?(?:\+|00)?\(?86\)?(?=1\d{10}$)|^TEL:", "", plain_number(text).replace(".", ""))


def birth_date(text: str) -> date:
    """Read the birth date within a valid 居民身份证号."""
    return date(int(text[6:10]), int(text[10:12]), int(text[12:14]))


def mobile_is_valid(text: str) -> bool:
    """Accept a mobile number of the mainland."""
    return bool(re.fullmatch(r"1[3-9][0-9]{9}", text))


def mask_id(text: str) -> str:
    """Mask the middle of a card or company number: 5002***********12."""
    return _hide(text, first=4, last=2)


def mask_name(text: str) -> str:
    """Mask a name (张三 → 张*, 欧阳小明 → 欧**明), of a company's all but its ends."""
    if len(text) <= 2:
        return _hide(text, first=1, last=0)
    return _hide(text, first=1, last=1) if len(text) <= 4 else _hide(text, first=2, last=2)


def mask_phone(text: str) -> str:
    """Mask the middle of a number (138****5678)."""
    return _hide(text, first=3, last=4) if len(text) > 7 else _hide(text, first=0, last=2)


def mask_email(text: str) -> str:
    """Mask the name in an address (z***@example.gov.cn)."""
    name, at, place = text.rpartition("@")
    return f"{name[:1]}***{at}{place}" if name else ""


def _hide(text: str, *, first: int, last: int) -> str:
    """Write all but the ends as stars."""
    # Too short a text shows nothing.
    hidden = len(text) - first - last
    return "*" * len(text) if hidden < 1 else text[:first] + "*" * hidden + text[len(text) - last :]
