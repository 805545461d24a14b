"""`banshi examine-files` as typed. No test here may touch the database: none is marked for it."""

import json
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from banshi.command import app


@pytest.fixture
def guides(tmp_path: Path) -> Path:
    source = tmp_path / "guides.jsonl"
    rows = [
        {"item_id": 7, "guide": {"name": "残疾人证办理。", "promised_limit": {"value": 3650}}},
        {"item_id": 8, "guide": {"materials": [7]}},
    ]
    source.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return source


def test_findings_are_written_to_files_and_counted(guides: Path, tmp_path: Path) -> None:
    ran = CliRunner().invoke(app, ["examine-files", str(guides), str(tmp_path / "found"), "--workers", "1"])
    assert ran.exit_code == 0, ran.output
    found = pq.read_table(tmp_path / "found").to_pylist()
    assert (8, "BL01") in {(row["item_id"], row["rule"]) for row in found}
    assert any(row["item_id"] == 7 for row in found)
    assert f"{len(found):,} 处问题" in ran.output
    assert "1 份读不出来" in ran.output


def test_findings_of_another_run_are_not_mixed_in(guides: Path, tmp_path: Path) -> None:
    (tmp_path / "found").mkdir()
    (tmp_path / "found" / "findings-000000.parquet").write_bytes(b"of another run")
    ran = CliRunner().invoke(app, ["examine-files", str(guides), str(tmp_path / "found")])
    assert ran.exit_code == 1
    assert "不是空的" in ran.output
    assert [each.name for each in (tmp_path / "found").iterdir()] == ["findings-000000.parquet"]


@pytest.mark.nightly
def test_spark_finds_the_same(tmp_path: Path) -> None:
    pytest.importorskip("pyspark")
    rows = [
        {"item_id": 7, "guide": json.dumps({"name": "残疾人证办理。", "promised_limit": {"value": 3650}})},
        {"item_id": 8, "guide": json.dumps({"materials": [7]})},
        {"item_id": 9, "guide": json.dumps({"name": "社会团体成立登记", "materials": [{"name": "其他材料"}]})},
    ]
    (tmp_path / "guides").mkdir()
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "guides" / "guides.parquet")
    found = {}
    for name, how in (("alone", ["--workers", "1"]), ("spark", ["--spark", "local[1]"])):
        target = tmp_path / name
        ran = CliRunner().invoke(
            app, ["examine-files", str(tmp_path / "guides"), str(target), "--on", "2026-11-23", *how]
        )
        assert ran.exit_code == 0, ran.output
        found[name] = Counter((row["item_id"], row["rule"], row["path"]) for row in pq.read_table(target).to_pylist())
    assert found["spark"] == found["alone"]
    assert {7, 8, 9} == {item for item, *_ in found["spark"]}
