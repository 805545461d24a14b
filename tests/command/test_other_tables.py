"""Commands that meet tables of another version say so, whatever they stumble over."""

from collections.abc import Iterator

import pytest
import typer
from django.db import DatabaseError, connection

from banshi.command.cli import django_ready

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def older() -> Iterator[None]:
    """Tables as the version before made them: the last migration of one app is not applied."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, app, name, applied FROM django_migrations WHERE app = 'people' ORDER BY id DESC LIMIT 1"
        )
        row = cursor.fetchone()
        cursor.execute("DELETE FROM django_migrations WHERE id = %s", [row[0]])
    yield
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (id, app, name, applied) VALUES (%s, %s, %s, %s)", row)


def stumble() -> None:
    """As over a column that a later version has added."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT not_yet_there FROM people_user")


def test_a_command_that_stumbles_over_older_tables_says_what_to_do(
    older: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit), django_ready():
        stumble()
    assert "请先备份，再运行 banshi manage migrate" in " ".join("".join(capsys.readouterr()).split())


def test_what_is_wrong_with_the_present_tables_is_no_matter_of_versions() -> None:
    with pytest.raises(DatabaseError), django_ready():
        stumble()
