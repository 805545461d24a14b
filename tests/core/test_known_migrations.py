"""A database made by another version is refused, and left as it was."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.migrations.recorder import MigrationRecorder
from tests.processes import DEADLINE

from banshi.core.errors import Conflict
from banshi.core.known_migrations import refuse_unknown, refuse_unknown_migrations

YESTERDAY = [
    ("core", "0001_initial"),
    ("people", "0001_initial"),
    ("cleanup", "0001_initial"),
    ("reviews", "0001_initial"),
]


@pytest.fixture
def yesterdays(tmp_path: Path) -> Path:
    """A data folder whose database holds nothing but the record of migrations of an older version."""
    home = tmp_path / "yesterday"
    home.mkdir()
    with sqlite3.connect(home / "banshi.sqlite3") as database:
        database.execute("create table django_migrations (id integer primary key, app text, name text, applied text)")
        database.executemany(
            "insert into django_migrations (app, name, applied) values (?, ?, '2026-11-27 08:00:00')", YESTERDAY
        )
    return home


def banshi(*words: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "-m", "banshi.command", *words],
        env={**environment, "BANSHI_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(words, id=" ".join(words), marks=() if words[0] == "serve" else pytest.mark.nightly)
        for words in (["demo", "--port", "58991"], ["serve"], ["worker"], ["manage", "migrate"], ["reindex"])
    ],
)
def test_an_older_versions_data_folder_is_refused_and_left_as_it_was(yesterdays: Path, words: list[str]) -> None:
    ran = banshi(*words, home=yesterdays)
    said = ran.stderr.replace("\n", "")
    assert ran.returncode == 1
    assert "另一个版本的 banshi 建立的" in said
    assert "cleanup.0001_initial 等2项" in said
    assert "请删除数据文件夹" in said
    assert "Traceback" not in said
    with sqlite3.connect(yesterdays / "banshi.sqlite3") as database:
        assert database.execute("select name from sqlite_master").fetchall() == [("django_migrations",)]
        assert database.execute("select app, name from django_migrations").fetchall() == YESTERDAY


@pytest.mark.django_db
def test_what_this_version_made_is_taken() -> None:
    refuse_unknown_migrations()


@pytest.mark.django_db
def test_no_way_to_migrate_goes_round_the_refusal() -> None:
    MigrationRecorder.Migration.objects.create(app="core", name="0099_of_tomorrow")
    with pytest.raises(Conflict, match=r"core\.0099_of_tomorrow"):
        call_command("migrate", verbosity=0)


def test_what_other_packages_squashed_is_no_reason_to_refuse() -> None:
    refuse_unknown([("auth", "0001_long_squashed_away")])
