"""Anchors stamped by an authority outside the house, and what is seen by that which the chain alone can't see."""

import json
import runpy
from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from tests import factories as make
from tests.factories import NOON, TESTS
from tests.ledger.test_receipts import SCRIPT, checked
from tests.ledger.test_verification import rewrite_blocks

from banshi.command.check_deploy import _timestamps
from banshi.connectors.tasks import stamp_anchors
from banshi.connectors.timestamp.connector import TimestampAuthority
from banshi.connectors.timestamp.fake import NAME, FakeTimestampAuthority
from banshi.core import append_only
from banshi.core.errors import BadInput
from banshi.ledger import record
from banshi.ledger.anchors import anchor, anchors_in, line_of, message_of
from banshi.ledger.keys import signing_key
from banshi.ledger.models import Anchor, Block, LedgerEntry, TimeStamp
from banshi.ledger.receipts import receipt_text
from banshi.ledger.sealing import seal
from banshi.ledger.stamps import digest_to_stamp, keep_stamp
from banshi.ledger.verification import verify
from banshi.outbox.channels import Unavailable

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def authority() -> Iterator[FakeTimestampAuthority]:
    with FakeTimestampAuthority() as fake:
        yield fake


@pytest.fixture(autouse=True)
def of(authority: FakeTimestampAuthority, settings: Any, tmp_path: Path) -> FakeTimestampAuthority:
    settings.TIMESTAMP_URL, settings.TIMESTAMP_ROOTS = authority.url, tmp_path / "roots.pem"
    authority.write_roots(settings.TIMESTAMP_ROOTS)
    authority.at, authority.refuses = NOON.astimezone(UTC), False
    return authority


def acts(count: int) -> Anchor:
    organ = make.organ()
    for number in range(count):
        with transaction.atomic():
            record("people.open_organ", organ, by=TESTS, at=NOON, facts={"号": number})
        seal(at=NOON)
    made = anchor(at=NOON)
    assert made
    return made


def stamped() -> int:
    return int(stamp_anchors.func(at=NOON.isoformat())["stamped"])


def sign_again(settings: Any) -> None:
    """Sign every anchor anew with our own key, as somebody does who holds it, the database and the file."""
    for note in Anchor.objects.all():
        note.digest = Block.objects.get(number=note.block).digest
        note.signature = signing_key().sign(message_of(note)).hex()
        note.save()
    settings.LEDGER_ANCHORS.write_text("".join(map(line_of, Anchor.objects.all())))


def rewrite(settings: Any) -> None:
    with append_only.lifted(connection):
        LedgerEntry.objects.filter(number=LedgerEntry.objects.order_by("number")[0].number).update(actor_name="别人")
        rewrite_blocks(1)
        sign_again(settings)


def receipt(tmp_path: Path) -> Path:
    file = tmp_path / "kept.json"
    file.write_text(receipt_text(list(LedgerEntry.objects.all()), at=NOON), encoding="utf-8")
    return file


def test_an_anchor_is_stamped_once_and_its_receipt_says_what_that_proves(tmp_path: Path) -> None:
    acts(2)
    assert (stamped(), stamped()) == (1, 0)
    assert "1个留底一致，其中1个有时间戳" in str(verify())
    kept = json.loads(receipt(tmp_path).read_text(encoding="utf-8"))
    code, said = checked(kept, tmp_path)
    assert code == 0 and f"{NAME}证明" in said and f"{NOON.astimezone(UTC):%Y-%m-%d %H:%M:%S}" in said
    code, said = checked({each: value for each, value in kept.items() if each != "stamp"}, tmp_path)
    assert code == 0 and "没有时间戳" in said


def test_whatever_was_changed_in_a_token_is_told_in_words(tmp_path: Path) -> None:
    acts(1)
    stamped()
    kept = json.loads(receipt(tmp_path).read_text(encoding="utf-8"))
    script = runpy.run_path(str(SCRIPT))
    token = b64decode(kept["stamp"]["token"])
    assert script["stamp_told"](kept)[0] == []
    signed = 0
    for place in range(0, len(token), 7):
        changed = token[:place] + bytes([token[place] ^ 1]) + token[place + 1 :]
        wrong, proved = script["stamp_told"](kept | {"stamp": {"token": b64encode(changed).decode()}})
        signed += bool(wrong)
        assert wrong or "请与该机构公布的核对" in proved, "only the certificate, told by its digest, is not judged"
    assert signed > len(token) / 7 / 3


def test_without_an_authority_nothing_is_asked_and_an_old_anchor_is_left_alone(settings: Any) -> None:
    acts(1)
    assert stamp_anchors.func(at=(NOON + timedelta(days=2)).isoformat()) == {"stamped": 0}
    settings.TIMESTAMP_URL = ""
    assert stamped() == 0 and not TimeStamp.objects.exists()


def test_history_written_anew_with_our_own_key_is_seen_by_the_stamp(settings: Any) -> None:
    acts(3)
    rewrite(settings)
    assert verify().holds, "without a stamp nothing tells, as docs/operations.md says"
    stamped()
    assert verify().holds
    rewrite(settings)
    with append_only.lifted(connection):
        LedgerEntry.objects.filter(number=LedgerEntry.objects.order_by("number")[1].number).update(actor_name="别人")
        rewrite_blocks(1)
        sign_again(settings)
    assert "第1个留底不是盖时间戳的那一个" in str(verify())


def test_an_anchor_made_up_and_stamped_later_is_seen_by_the_authority_s_clock(
    of: FakeTimestampAuthority, settings: Any, tmp_path: Path
) -> None:
    note = acts(2)
    of.at = (NOON + timedelta(days=40)).astimezone(UTC)
    keep_stamp(note, of.token(digest_to_stamp(note)), at=NOON)
    assert "是后来补造的" in str(verify())
    code, said = checked(json.loads(receipt(tmp_path).read_text(encoding="utf-8")), tmp_path)
    assert code == 1 and "后来补造" in said


def test_a_tail_cut_off_everywhere_is_seen_by_its_stamp_and_by_a_receipt_kept_elsewhere(
    settings: Any, tmp_path: Path
) -> None:
    acts(1)
    before = settings.LEDGER_ANCHORS.read_text()
    acts(2)
    stamped()
    outside = receipt(tmp_path)
    copy = tmp_path / "copy.jsonl"
    copy.write_text(settings.LEDGER_ANCHORS.read_text())
    with append_only.lifted(connection):
        LedgerEntry.objects.filter(block__gt=1).delete()
        Block.objects.filter(number__gt=1).delete()
        Anchor.objects.filter(serial=2).delete()
        settings.LEDGER_ANCHORS.write_text(before)
        assert "第2个留底不在了，它的时间戳还在" in str(verify())
        TimeStamp.objects.all().delete()
    assert verify().holds, "nothing in the house tells any more"
    for file in (outside, copy):
        assert "末尾的记录连同留底被截去" in str(verify(kept=anchors_in(file)))


def test_somebody_s_made_up_receipt_accuses_nobody_and_a_genuine_one_agrees(tmp_path: Path) -> None:
    acts(1)
    file = receipt(tmp_path)
    assert verify(kept=anchors_in(file)).holds
    told = json.loads(file.read_text(encoding="utf-8"))
    told["anchor"]["digest"] = "0" * 64
    file.write_text(json.dumps(told), encoding="utf-8")
    assert "证明不了什么" in str(verify(kept=anchors_in(file)))
    file.write_text("{}", encoding="utf-8")
    with pytest.raises(BadInput, match="没有留底"):
        anchors_in(file)


def test_what_proves_nothing_is_not_kept(of: FakeTimestampAuthority, settings: Any, tmp_path: Path) -> None:
    note = acts(1)
    with FakeTimestampAuthority(name="别的机构") as stranger, pytest.raises(Unavailable, match="不认可"):
        TimestampAuthority(stranger.url).stamp(digest_to_stamp(note))
    with pytest.raises(BadInput):
        keep_stamp(note, of.token(b"0" * 32), at=NOON)
    with pytest.raises(BadInput):
        keep_stamp(note, b"no token", at=NOON)
    of.refuses = True
    with pytest.raises(Unavailable):
        stamped()
    of.refuses = False
    of.troubles.append(503)
    with pytest.raises(Unavailable, match="503"):
        stamped()
    assert not TimeStamp.objects.exists()
    settings.TIMESTAMP_ROOTS = tmp_path / "none.pem"
    assert stamped() == 1
    assert verify().holds and "没有核对" in verify().notes[0]


def test_the_check_before_going_public_has_something_stamped(of: FakeTimestampAuthority, settings: Any) -> None:
    assert [each.ok for each in _timestamps()] == [True]
    of.refuses = True
    assert [each.ok for each in _timestamps()] == [False]
    settings.TIMESTAMP_URL = ""
    assert [each.ok for each in _timestamps()] == [None]
