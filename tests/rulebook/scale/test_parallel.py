"""Guides in files, examined by several processes: the same findings as one guide after another."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.conf import settings

from banshi.catalog.guide.document import Guide
from banshi.core.errors import BadInput
from banshi.rulebook.engine import examine, plain_rulebook
from banshi.rulebook.rule import About
from banshi.rulebook.scale import files
from banshi.rulebook.scale.examiner import FINDINGS, UNREADABLE
from banshi.rulebook.scale.files import chunks, rows
from banshi.rulebook.scale.parallel import RunTally, examine_files

DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def guides() -> list[dict[str, Any]]:
    read = (json.loads(path.read_text("utf-8")) for path in sorted((settings.DATA / "demo/guides").glob("*.json")))
    return [each["guide"] for some in read for each in some][:60]


def as_parquet(guides: list[dict[str, Any]], path: Path) -> Path:
    rows = [{"item_id": number, "guide": json.dumps(each), "kind": "20"} for number, each in enumerate(guides)]
    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=25)
    return path


def as_lines(guides: list[dict[str, Any]], path: Path) -> Path:
    lines = (json.dumps({"item_id": number, "guide": each, "kind": "20"}) for number, each in enumerate(guides))
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def told(folder: Path) -> list[tuple[Any, ...]]:
    table = pq.read_table(folder)
    assert table.schema.equals(FINDINGS)
    return sorted(tuple(row.values()) for row in table.to_pylist())


def expected(guides: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    rules, about = plain_rulebook(DAY), About(kind="20")
    found = ((number, examine(Guide.model_validate(each), rules, about)) for number, each in enumerate(guides))
    return sorted(
        (number, each.rule.code, each.rule.severity.value, each.path, each.quote[:200])
        for number, some in found
        for each in some
    )


@pytest.mark.parametrize("write", [as_parquet, as_lines])
def test_processes_find_what_one_guide_after_another_shows(
    write: Any, guides: list[dict[str, Any]], tmp_path: Path
) -> None:
    source = write(guides, tmp_path / ("g.parquet" if write is as_parquet else "g.jsonl"))
    seen: list[RunTally] = []
    tally = examine_files(source, tmp_path / "found", day=DAY, workers=2, report=seen.append)
    assert told(tmp_path / "found") == expected(guides)
    assert (tally.guides, tally.unreadable) == (len(guides), 0)
    assert len(seen) == len(list(chunks(source)))


def test_what_is_no_guide_is_a_finding_and_the_rest_is_examined(guides: list[dict[str, Any]], tmp_path: Path) -> None:
    broken = [guides[0], {"materials": [7]}, guides[1]]
    tally = examine_files(as_parquet(broken, tmp_path / "g.parquet"), tmp_path / "found", day=DAY, workers=1)
    assert tally.unreadable == 1
    assert [row[1] for row in told(tmp_path / "found") if row[0] == 1] == [UNREADABLE]
    assert {row[0] for row in told(tmp_path / "found")} == {0, 1, 2}


@pytest.mark.parametrize("stretch", [1, 7, 1000, 10**9])
def test_each_line_is_read_once_wherever_stretches_end(
    stretch: int, guides: list[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "STRETCH", stretch)
    source = as_lines([{"name": each["name"]} for each in guides[:9]], tmp_path / "g.jsonl")
    assert [row[0] for chunk in chunks(source) for row in rows(chunk)] == list(range(9))


def test_a_folder_is_all_its_files(guides: list[dict[str, Any]], tmp_path: Path) -> None:
    as_parquet(guides[:3], tmp_path / "a.parquet")
    as_lines(guides[3:5], tmp_path / "b.jsonl")
    assert sum(1 for chunk in chunks(tmp_path) for _ in rows(chunk)) == 5


def test_other_files_are_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"parquet"):
        list(chunks(tmp_path / "g.xlsx"))
    pq.write_table(pa.table({"x": [1]}), tmp_path / "g.parquet")
    with pytest.raises(BadInput, match="缺少列"):
        list(rows(next(chunks(tmp_path / "g.parquet"))))
    (tmp_path / "g.jsonl").write_text('{"item": 1}\n')
    with pytest.raises(BadInput, match="办事指南"):
        list(rows(next(chunks(tmp_path / "g.jsonl"))))
