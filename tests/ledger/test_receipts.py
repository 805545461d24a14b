"""A receipt is checked by the script in docs on a machine that has nothing but Python."""

import json
import runpy
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from pytest import MonkeyPatch
from tests import factories as make
from tests.factories import NOON, TESTS

from banshi.core.append_only import lifted
from banshi.core.errors import Conflict
from banshi.ledger import name_of, record, sealing, trees
from banshi.ledger.anchors import anchor
from banshi.ledger.models import Block, LedgerEntry
from banshi.ledger.receipts import receipt_of
from banshi.ledger.sealing import seal
from banshi.ledger.verification import verify

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
            record("people.open_organ", organ, by=TESTS, at=NOON, facts={"又": number})
        seal(at=NOON)
    anchor(at=NOON)
    return json.loads(json.dumps(receipt_of(list(LedgerEntry.objects.filter(subject__contains="Organ")), at=NOON)))


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
        (("entries", 0, "path"), [["left", "0" * 64]], "与封存时不符"),
        (("entries", 2, "block"), 1, "与封存时不符"),
        (("blocks", 0, "root"), "0" * 64, "最后一批与留底不符"),
        (("blocks", 1, "root"), "0" * 64, "没有接着"),
        (("blocks", 1, "previous"), "0" * 64, "没有接着"),
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
        receipt_of(list(LedgerEntry.objects.all()), at=NOON)


def written(count: int, subject: Any) -> None:
    with transaction.atomic():
        for number in range(count):
            record("people.open_organ", subject, by=TESTS, at=NOON, facts={"号": number})


def receipt_about(subject: Any) -> Any:
    entries = list(LedgerEntry.objects.filter(subject=name_of(subject)))
    return json.loads(json.dumps(receipt_of(entries, at=NOON), ensure_ascii=False))


def test_a_receipt_stays_small_whatever_else_is_sealed_with_it(tmp_path: Path) -> None:
    """Of thousands in its block it holds a path of a few digests, of thousands of blocks after it a way of a few."""
    mine, other = make.organ(), make.organ()
    written(1, mine)
    written(999, other)
    seal(at=NOON)
    for _ in range(100):
        written(1, other)
        seal(at=NOON)
    written(2, mine)
    written(700, other)
    seal(at=NOON)
    anchor(at=NOON)
    told = receipt_about(mine)
    assert len(json.dumps(told)) < 30_000 and len(told["blocks"]) < 30
    assert [len(each["path"]) for each in told["entries"]] == [10, 10, 10]
    assert checked(told, tmp_path)[0] == 0
    assert verify().holds
    swapped = deepcopy(told)
    swapped["entries"][0]["path"], swapped["entries"][1]["path"] = (
        told["entries"][1]["path"],
        told["entries"][0]["path"],
    )
    assert "与封存时不符" in checked(swapped, tmp_path)[1]
    listed = deepcopy(told)
    listed["entries"][0]["facts"] = {"号": 99}
    forged = f"{told['entries'][0]['number']}:{digest_of_told(listed['entries'][0])}"
    listed["blocks"][-1]["members"] = [forged]
    assert "与封存时不符" in checked(listed, tmp_path)[1], "a list put beside a root counts for nothing"


def test_the_tree_of_a_block_is_computed_once_however_many_of_its_entries_are_in_a_receipt(
    tmp_path: Path, monkeypatch: MonkeyPatch
) -> None:
    mine, other = make.organ(), make.organ()
    for _ in range(2):
        written(5, mine)
        written(9, other)
        seal(at=NOON)
    anchor(at=NOON)
    computed: list[int] = []
    monkeypatch.setattr(trees, "leaf_of", lambda member, leaf_of=trees.leaf_of: computed.append(1) or leaf_of(member))
    told = receipt_about(mine)
    assert len(told["entries"]) >= 10 and checked(told, tmp_path)[0] == 0
    assert len(computed) == LedgerEntry.objects.count()


def digest_of_told(entry: Any) -> str:
    return str(runpy.run_path(str(SCRIPT))["digest_of_entry"](entry))


def test_receipts_and_blocks_of_before_there_were_roots_still_hold(tmp_path: Path, monkeypatch: MonkeyPatch) -> None:
    mine, other = make.organ(), make.organ()
    with monkeypatch.context() as before:
        before.setattr(sealing, "root_of", lambda members: None)
        before.setattr(sealing, "skips_of", lambda number: None)
        for _ in range(20):
            written(2, other)
            seal(at=NOON)
        written(2, mine)
        seal(at=NOON)
        anchor(at=NOON)
    old = receipt_about(mine)
    assert {"members", "number", "previous", "sealed_at"} == set(old["blocks"][0]) and "path" not in old["entries"][0]
    assert checked(old, tmp_path)[0] == 0
    in_order = {**old, "blocks": old["blocks"][::-1]}
    assert checked(in_order, tmp_path)[0] == 0, "as receipts were written then"
    for _ in range(30):
        written(2, other)
        seal(at=NOON)
    written(2, mine)
    seal(at=NOON)
    anchor(at=NOON)
    both = receipt_about(mine)
    assert len(both["entries"]) == 4 and checked(both, tmp_path)[0] == 0
    assert verify().holds
    both["blocks"][-1]["members"][-1] = "1:" + "0" * 64
    assert checked(both, tmp_path)[0] == 1


@pytest.mark.parametrize("changed", [{"root": None, "skips": None}, {"skips": None}, {"root": "0" * 64}])
def test_a_root_or_a_skip_taken_away_is_seen(changed: dict[str, Any]) -> None:
    for _ in range(34):
        written(1, make.organ())
        seal(at=NOON)
    assert verify().holds
    block = Block.objects.get(number=32)
    assert block.skips is not None and [each for each, _ in block.skips] == [16]
    with lifted(connection, "ledger_block"):
        Block.objects.filter(number=32).update(**changed)
    assert not verify().holds


def test_a_receipt_says_what_it_holds_and_is_not_shortened_unnoticed(receipt: Any, tmp_path: Path) -> None:
    code, told = checked(receipt, tmp_path)
    assert code == 0 and "10条记录" in told and "一条不少" in told and "不证明的：" in told, told
    for entries in (receipt["entries"][:-1], receipt["entries"][1:], receipt["entries"] + receipt["entries"][:1]):
        code, told = checked(receipt | {"entries": entries}, tmp_path)
        assert code == 1 and "签名的是10条记录" in told, told
    for name, value in (("count", 9), ("about", "别的事"), ("first", "2020"), ("left_out", 7), ("at", "2020")):
        assert checked(receipt | {"listing": {**receipt["listing"], name: value}}, tmp_path)[0] == 1, name
    other = receipt["listing"] | {"public_key": "00" * 32}
    assert checked(receipt | {"listing": other}, tmp_path, receipt["anchor"]["key"])[0] == 1
    bare = {name: value for name, value in receipt.items() if name != "listing"}
    code, told = checked(bare | {"entries": receipt["entries"][:-1]}, tmp_path)
    assert code == 3 and "看不出有没有被人拿掉" in told, told


@pytest.mark.parametrize("held", ["", "{}", "[]", "3", '{"entries": [', '{"anchor": {}, "public_key": "zz"}', "\ufeff"])
def test_a_file_that_is_no_receipt_gets_a_sentence(held: str, tmp_path: Path) -> None:
    file = tmp_path / "half.json"
    file.write_text(held, encoding="utf-8")
    command = [sys.executable, "-I", "-X", "utf8", str(SCRIPT), str(file)]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert ran.returncode == 2 and "不是完整的凭据" in ran.stdout and not ran.stderr
    assert subprocess.run([*command[:-1], "none.json"], capture_output=True, check=False).returncode == 2
