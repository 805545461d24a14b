"""Names, addresses, dates and numbers compared by rule."""

import pytest

from banshi.exchange.comparison import agrees
from banshi.exchange.enums import InformationKind as K


@pytest.mark.parametrize(
    ("claimed", "registered", "kind"),
    [
        ("林小例", "林 小 例", K.NAME),
        ("阿依古丽•买买提", "阿依古丽·买买提", K.NAME),
        ("阿依古丽．买买提", "阿依古丽・买买提", K.NAME),
        ("張偉", "张伟", K.NAME),
        ("𬴂\ufe00", "𬴂", K.NAME),
        ("ＡＬＩ", "ali", K.NAME),
        ("53010219900307121x", "53010219900307121X", K.ID_NUMBER),
        ("530102900307121", "530102199003071211", K.ID_NUMBER),
        ("例桥大道８８號", "例桥大道 88号", K.ADDRESS),
        ("1990年3月7日", "1990-03-07", K.DATE),
        ("19900307", "1990/3/7", K.DATE),
        ("1,200.00", "1200", K.NUMBER),
        ("3.10", "3.1", K.NUMBER),
        ("2026年1月", "2026-01", K.DATE),
    ],
)
def test_the_same_said_otherwise_agrees(claimed: str, registered: str, kind: K) -> None:
    assert agrees(claimed, registered, kind)


@pytest.mark.parametrize(
    ("claimed", "registered", "kind"),
    [
        ("林小例", "林小列", K.NAME),
        ("", "", K.NAME),
        ("林小例", None, K.NAME),
        ("530102199003071211", "530102199003071212", K.ID_NUMBER),
        ("88号1栋", "88号11栋", K.ADDRESS),
        ("1990-03-07", "1990-07-03", K.DATE),
        ("1200.5", "1200", K.NUMBER),
        ("12345678901234567890", "12345678901234567891", K.NUMBER),
        (",", "1200", K.NUMBER),
        ("1e999999999", "1200", K.NUMBER),
        ("2026-01", "2026-02", K.DATE),
    ],
)
def test_what_differs_does_not(claimed: str, registered: str | None, kind: K) -> None:
    assert not agrees(claimed, registered, kind)
