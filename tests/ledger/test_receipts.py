"""A receipt is checked by the script in docs on a machine that has nothing but Python."""

import json
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from tests import factories as make
from tests.factories import NOON, TESTS

from banshi.core.errors import Conflict
from banshi.ledger import record
from banshi.ledger.anchors import anchor
from banshi.ledger.models import LedgerEntry
from banshi.ledger.receipts import receipt_of
from banshi.ledger.sealing import seal

pytestmark = pytest.mark.django_db
SCRIPT = Path(__file__).parents[2] / "docs" / "verify_receipt.py"


def checked(receipt: Any, tmp_path: Path, *fingerprint: str) -> tuple[int, str]:
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps(receipt), encoding="utf-8")
    command = [sys.executable, "-I", "-X", "utf8", str(SCRIPT), str(file), *fingerprint]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    return ran.returncode, ran.stdout + ran.stderr


@pytest.fixture
def receipt() -> Any:
    organ = make.organ()
    for number in range(5):
        with transaction.atomic():
            record("people.open_organ", organ, by=TESTS, at=NOON, facts={"号": number})
        seal(at=NOON)
    anchor(at=NOON)
    return json.loads(json.dumps(receipt_of(list(LedgerEntry.objects.filter(subject__contains="Organ")))))


def test_a_receipt_holds_alone_and_with_the_published_key(receipt: Any, tmp_path: Path) -> None:
    code, told = checked(receipt, tmp_path)
    assert code == 0, told
    assert "相符" in told and receipt["anchor"]["key"] in told
    assert checked(receipt, tmp_path, receipt["anchor"]["key"])[0] == 0
    assert checked(receipt, tmp_path, "0123456789abcdef")[0] == 1


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("entries", 0, "actor_name"), "别人", "与封存时不符"),
        (("entries", 1, "facts"), {"号": 9}, "与封存时不符"),
        (("blocks", 1, "members"), [], "没有接着前一批"),
        (("anchor", "at"), "2030-01-01T00:00:00+08:00", "签名不对"),
        (("anchor", "digest"), "0" * 64, "与留底不符"),
        (("public_key",), "00" * 32, "签名"),
    ],
)
def test_what_was_changed_is_seen(receipt: Any, tmp_path: Path, path: tuple[Any, ...], value: Any, told: str) -> None:
    changed = deepcopy(receipt)
    place = changed
    for step in path[:-1]:
        place = place[step]
    assert place[path[-1]] != value
    place[path[-1]] = value
    code, said = checked(changed, tmp_path)
    assert code == 1 and told in said


def test_what_is_not_signed_yet_is_said(tmp_path: Path) -> None:
    with transaction.atomic():
        record("people.open_organ", make.organ(), by=TESTS, at=NOON)
    with pytest.raises(Conflict, match="还没有留底"):
        receipt_of(list(LedgerEntry.objects.all()))
