"""`banshi check` as typed. No test here may touch the database: none is marked for it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from tests.checker.files import book
from typer.testing import CliRunner

from banshi.command import app

SAMPLE = settings.DATA / "samples" / "catalogue-guangan.xlsx"


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["check", *map(str, arguments)])
    return result.exit_code, result.stdout


@pytest.fixture
def flawed(tmp_path: Path) -> Path:
    return book(tmp_path, [["事项名称", "实施主体", "办理依据"], ["低保金申领", "民政局", "《社会救助暂行办法》"]])


def test_the_status_tells_whether_something_stands_at_or_above_the_level(flawed: Path) -> None:
    path = str(flawed)
    assert [run(path, "--fail-on", level)[0] for level in ("必改", "应改", "提示", "从不")] == [0, 1, 1, 0]
    assert run(SAMPLE)[0] == 1


def test_an_unreadable_file_is_named_ends_with_2_and_the_others_are_examined(flawed: Path, tmp_path: Path) -> None:
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04broken")
    code, printed = run(tmp_path / "坏.xlsx", tmp_path / "没有.xlsx", flawed, "--fail-on", "从不")
    assert code == 2
    assert printed.count("✗ 读不出") == 2
    assert "1 个文件，1 个事项" in printed


def test_the_summary_says_what_was_found_what_was_not_judged_and_what_next() -> None:
    _, printed = run(SAMPLE)
    assert "599 个事项" in printed
    assert "必改 227 处" in printed
    assert "没能判断" in printed
    assert "下一步" in printed


def test_everything_is_written_where_it_was_asked_for(flawed: Path, tmp_path: Path) -> None:
    html, xlsx, made = tmp_path / "报告.html", tmp_path / "标出.xlsx", tmp_path / "结果.json"
    run(flawed, "--html", html, "--xlsx", xlsx, "--json", made)
    assert html.read_text(encoding="utf-8").lower().startswith("<!doctype html>")
    assert xlsx.read_bytes()[:2] == b"PK"
    assert json.loads(made.read_text(encoding="utf-8"))["format"] == "banshi-check/1"
    assert json.loads(run(flawed, "--json", "-")[1])["counts"]["items"] == 1


def test_several_files_come_back_marked_in_a_folder(flawed: Path, tmp_path: Path) -> None:
    run(flawed, SAMPLE, "--xlsx", tmp_path / "标出")
    assert sorted(each.name for each in (tmp_path / "标出").iterdir()) == [
        "001-目录-检查.xlsx",
        "002-catalogue-guangan-检查.xlsx",
    ]


def test_a_place_that_cannot_be_written_to_is_said(flawed: Path, tmp_path: Path) -> None:
    assert run(flawed, "--html", tmp_path / "没有" / "报告.html")[0] == 2


def test_it_works_where_nothing_was_set_up(flawed: Path, tmp_path: Path) -> None:
    """A new process with a new home: no tables, and none are made."""
    env = {**os.environ, "BANSHI_HOME": str(tmp_path / "home")}
    env.pop("DATABASE_URL", None)
    ran = subprocess.run(
        [sys.executable, "-m", "banshi.command", "check", str(flawed)],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr.count("Traceback")) == (0, 0), ran.stderr
    assert not (tmp_path / "home" / "banshi.sqlite3").exists()
