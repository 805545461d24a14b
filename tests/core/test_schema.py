"""Tables that are not what the models declare are noticed, whatever the record of migrations says."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Q
from typer.testing import CliRunner

from banshi.command import app
from banshi.core.errors import Conflict
from banshi.core.schema import drift, refuse_drift, refuse_other_schema

pytestmark = pytest.mark.django_db


@pytest.fixture
def alter() -> Callable[[str], None]:
    def alter(sql: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)

    return alter


def test_what_migrations_made_is_what_the_models_declare() -> None:
    assert list(drift()) == []


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("DROP TABLE jobs_scheduledrun", "缺少表 jobs_scheduledrun"),
        ("ALTER TABLE core_node DROP COLUMN version", "表 core_node 缺少列 version"),
        ("ALTER TABLE core_node ADD COLUMN mood varchar(5)", "表 core_node 多出列 mood"),
        ("DROP INDEX one_publication_in_force", "表 catalog_publication 缺少约束 one_publication_in_force"),
        ("DROP INDEX message_by_age", "表 outbox_message 缺少索引 message_by_age"),
    ],
)
def test_what_is_missing_is_named(alter: Callable[[str], None], sql: str, said: str) -> None:
    alter(sql)
    assert list(drift()) == [said]


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        (["CREATE TABLE cleanup_report (id integer)"], "多出表 cleanup_report"),
        (["CREATE TABLE catalog_older (id integer)"], "多出表 catalog_older"),
        (
            [
                "DROP INDEX one_publication_in_force",
                "CREATE UNIQUE INDEX one_publication_in_force ON catalog_publication (item_id) WHERE number > 99",
            ],
            "表 catalog_publication 的索引或约束 one_publication_in_force 与声明的不同",
        ),
        (
            ["DROP INDEX message_by_age", "CREATE INDEX message_by_age ON outbox_message (id)"],
            "表 outbox_message 的索引或约束 message_by_age 与声明的不同",
        ),
        (
            ["ALTER TABLE core_node DROP COLUMN version", "ALTER TABLE core_node ADD version text NOT NULL DEFAULT ''"],
            "表 core_node 的列 version 的类型是 text，应当是 varchar(20)",
        ),
    ],
)
def test_what_is_otherwise_is_named(alter: Callable[[str], None], sql: list[str], said: str) -> None:
    for each in sql:
        alter(each)
    assert list(drift()) == [said]


@pytest.mark.parametrize("given", ["no default", "a default"])
def test_a_default_that_nobody_declared_is_named(alter: Callable[[str], None], given: str) -> None:
    alter("ALTER TABLE core_node DROP COLUMN version")
    default = " DEFAULT 'x'" if given == "a default" or connection.vendor == "sqlite" else ""
    alter(f"ALTER TABLE core_node ADD version varchar(20) NOT NULL{default}")
    told = list(drift())
    assert told == (["表 core_node 的列 version 不应当有默认值"] if default else [])


@pytest.mark.parametrize(
    ("references", "said"),
    [
        ("", "表 search_synonym 的列 added_by_id 没有指向 people_user.id 的外键"),
        (" REFERENCES people_organ (id)", "表 search_synonym 的列 added_by_id 没有指向 people_user.id 的外键"),
    ],
)
def test_a_foreign_key_that_is_gone_or_leads_elsewhere_is_named(
    alter: Callable[[str], None], references: str, said: str
) -> None:
    alter("ALTER TABLE search_synonym RENAME COLUMN added_by_id TO old")
    alter(f"ALTER TABLE search_synonym ADD added_by_id bigint{references}")
    alter("CREATE INDEX anew ON search_synonym (added_by_id)")
    assert said in list(drift())


def test_tables_of_others_may_stand_beside_ours(alter: Callable[[str], None]) -> None:
    alter("CREATE TABLE report_of_the_city (id integer)")
    assert list(drift()) == []


def test_a_trigger_that_is_gone_is_named(alter: Callable[[str], None]) -> None:
    of = " ON ledger_ledgerentry" if connection.vendor == "postgresql" else ""
    alter(f"DROP TRIGGER ledger_ledgerentry_once{of}")
    assert list(drift()) == ["表 ledger_ledgerentry 的触发器不在了或换过"]


def test_a_condition_of_a_constraint_that_is_another_is_named(monkeypatch: Any) -> None:
    from banshi.campaigns.models import HandedIn

    declared = next(each for each in HandedIn._meta.constraints if each.name == "empty_annex_says_why")
    monkeypatch.setattr(declared, "condition", Q(count__gt=1))
    assert list(drift()) == ["表 campaigns_handedin 的索引或约束 empty_annex_says_why 与声明的不同"]


def test_neither_serving_nor_migrating_goes_on_and_the_sentence_says_what_to_do(alter: Callable[[str], None]) -> None:
    alter("ALTER TABLE people_user DROP COLUMN mail_wanted")
    with pytest.raises(Conflict, match="people_user 缺少列 mail_wanted") as refusal:
        refuse_other_schema()
    assert "请用原来的版本打开" in refusal.value.remedy
    with pytest.raises(Conflict, match="mail_wanted"):
        call_command("migrate", verbosity=0)
    assert "✗ 表是这个版本的" in CliRunner().invoke(app, ["check-deploy"]).output


def test_of_several_the_number_is_told(alter: Callable[[str], None]) -> None:
    alter("DROP TABLE jobs_scheduledrun")
    alter("DROP INDEX message_by_age")
    with pytest.raises(Conflict, match="等2处"):
        refuse_drift()


def test_a_column_that_may_be_empty_and_should_not(alter: Callable[[str], None], monkeypatch: Any) -> None:
    from banshi.core.models import Node

    monkeypatch.setattr(Node._meta.get_field("version"), "null", True)
    assert list(drift()) == ["表 core_node 的列 version 应当可以为空"]
