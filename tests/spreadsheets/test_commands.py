"""`banshi import` and `banshi export` as typed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.factories import division, organ
from tests.spreadsheets.sheets import workbook
from typer.testing import CliRunner

from banshi.catalog.models import Item
from banshi.command import app
from banshi.ledger.models import LedgerEntry
from banshi.people.enums import DivisionLevel
from banshi.spreadsheets.models import ImportBatch

pytestmark = pytest.mark.django_db
DATA = [["事项名称", "实施主体", "承诺时限"], ["入学", "教育局", "看情况"]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    organ("教育局")
    path = tmp_path / "事项.xlsx"
    path.write_bytes(workbook(DATA))
    return path


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(each) for each in arguments])
    return result.exit_code, result.stdout


def test_preview_prints_mapping_rows_and_doubts_and_writes_nothing(file: Path) -> None:
    before = LedgerEntry.objects.count()
    code, printed = run("import", file, "--preview", "--json")
    told = json.loads(printed)
    assert code == 0
    assert told["mapping"]["tables"][0]["columns"] == {"A": "name", "B": "organ", "C": "promised_limit"}
    assert told["counts"]["rows"] == 1
    assert [problem["cell"] for problem in told["problems"]] == ["C2"]
    assert (Item.objects.count(), ImportBatch.objects.count(), LedgerEntry.objects.count()) == (0, 0, before)


def run_where_nothing_is_installed(home: Path, *arguments: object) -> "subprocess.CompletedProcess[str]":
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "-m", "banshi.command", *map(str, arguments)],
        env=environment | {"BANSHI_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_before_anything_is_installed_a_preview_counts_every_organ_as_new(file: Path, tmp_path: Path) -> None:
    ran = run_where_nothing_is_installed(tmp_path / "home", "import", file, "--preview", "--json")
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert (told["counts"]["new"], told["organs_to_create"]) == (1, ["教育局"])
    assert "还没有数据库" in ran.stderr


@pytest.mark.nightly
def test_commands_that_need_the_tables_say_how_to_make_them(tmp_path: Path) -> None:
    ran = run_where_nothing_is_installed(tmp_path / "home", "verify-ledger")
    assert ran.returncode == 1
    assert "banshi manage migrate" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.usefixtures("moving_in")
def test_importing_and_exporting(file: Path, tmp_path: Path) -> None:
    code, printed = run("import", file, "--yes", "--publish")
    assert (code, Item.objects.get().listing.name) == (0, "入学")
    assert "新增 1 项" in printed
    assert run("export", tmp_path / "出.xlsx", "--form", "scrutiny")[0] == 0
    assert json.loads(run("import", tmp_path / "出.xlsx", "--preview", "--json")[1])["counts"]["same"] == 1


def test_what_nobody_examined_is_not_published_with_the_import(file: Path) -> None:
    assert (run("import", file, "--yes", "--publish")[0], Item.objects.count()) == (1, 0)


def test_where_no_division_is_named_owners_are_found_in_every_one(file: Path) -> None:
    division("11", "另一个省", DivisionLevel.PROVINCE)
    code, _ = run("import", file, "--yes")
    assert (code, Item.objects.get().organ.name) == (0, "教育局")
    assert ImportBatch.objects.get().division_id == "990102"


def test_new_organs_need_a_division_where_there_are_several(file: Path) -> None:
    division("11", "另一个省", DivisionLevel.PROVINCE)
    file.write_bytes(workbook([DATA[0], ["入学", "新的局", "5个工作日"]]))
    assert run("import", file, "--yes", "--create-organs")[0] == 1
    assert not Item.objects.exists()
    assert run("import", file, "--yes", "--create-organs", "--division", "990102")[0] == 0


def test_one_problem_of_many_cells_is_printed_once(file: Path) -> None:
    file.write_bytes(workbook([DATA[0], *([f"事项{n}", "没有的局", ""] for n in range(5))]))
    printed = run("import", file, "--preview")[1]
    assert printed.count("没有登记过单位") == 1
    assert "目录表!B2、B3、B4 等 5 处" in printed


def test_a_mapping_can_be_given(file: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.json"
    mapping.write_text(json.dumps({"tables": [{"sheet": "目录表", "header_rows": [1], "columns": {"C": "summary"}}]}))
    run("import", file, "--yes", "--mapping", mapping)
    assert Item.objects.get().revisions.get().guide.summary == "看情况"


def test_errors_end_with_status_1_and_nothing_written(tmp_path: Path) -> None:
    path = tmp_path / "事项.xlsx"
    path.write_bytes(workbook(DATA))
    code, _ = run("import", path, "--yes")
    assert (code, Item.objects.count()) == (1, 0)


def test_a_broken_file_is_said_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "坏.xlsx"
    path.write_bytes(b"PK\x03\x04 broken")
    assert run("import", path, "--preview")[0] == 1


def test_the_marked_workbook_is_written(file: Path, tmp_path: Path) -> None:
    run("import", file, "--preview", "--marked", tmp_path / "标.xlsx")
    assert (tmp_path / "标.xlsx").stat().st_size > 1000
