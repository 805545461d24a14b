import pytest
from django.db import DatabaseError, connection, transaction
from tests.at_once import at_once
from tests.ledger.acts import TESTS, YEAR, write, write_one

from banshi.core import append_only
from banshi.ledger import record
from banshi.ledger.models import Anchor, Block, LedgerEntry
from banshi.ledger.sealing import seal

TABLES = ["ledger_block", "ledger_ledgerentry", "ledger_anchor"]


@pytest.mark.django_db
class TestAppendOnly:
    @pytest.fixture(autouse=True)
    def some(self, monday):
        self.entries = write(2, monday)
        seal(at=monday)
        Anchor.objects.create(serial=1, block=1, digest="0", at="x", key="x", signature="x")
        connection.check_constraints()  # those deferred to the commit would stand in the way of TRUNCATE and ALTER

    @pytest.mark.parametrize("model", [LedgerEntry, Block, Anchor])
    def test_the_database_refuses_to_change_delete_or_replace_a_row(self, model):
        before = list(model.objects.values())
        for statement in self.attempts(model):
            with (
                pytest.raises(DatabaseError, match="append-only"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)
        assert list(model.objects.values()) == before

    def attempts(self, model):
        table, key = model._meta.db_table, model._meta.pk.column
        for column in model._meta.concrete_fields:
            yield f"UPDATE {table} SET {column.column} = {column.column}"
        yield f"DELETE FROM {table} WHERE {key} >= 1"
        yield {
            "sqlite": f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
            "postgresql": f"TRUNCATE {table} CASCADE",
        }[connection.vendor]

    def test_an_entry_is_given_its_block_once(self, monday):
        (new,) = write(1, monday)
        for value in (None, 1, 1):
            try:
                with transaction.atomic():
                    LedgerEntry.objects.filter(pk=new.pk).update(block=value)
            except DatabaseError as refusal:
                assert "append-only" in str(refusal)
        new.refresh_from_db()
        assert new.block_id == 1
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            LedgerEntry.objects.filter(pk=new.pk).update(block=None)

    def test_with_its_block_nothing_else_can_be_changed(self, monday):
        (new,) = write(1, monday)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            LedgerEntry.objects.filter(pk=new.pk).update(block=1, actor_name="别人")

    def test_protection_can_be_seen_to_be_gone(self):
        assert append_only.unprotected(connection) == []
        for table in TABLES:
            with append_only.lifted(connection, table):
                assert append_only.unprotected(connection) == [table]
        assert append_only.unprotected(connection) == []

    @pytest.mark.skipif(connection.vendor == "postgresql", reason="SQLite's own words")
    @pytest.mark.parametrize("trigger", ["no_update", "no_delete", "no_replace", "once"])
    def test_a_trigger_of_the_same_name_that_refuses_nothing_counts_as_gone(self, trigger):
        name = f"ledger_ledgerentry_{trigger}"
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER {name}")
            cursor.execute(f"CREATE TRIGGER {name} BEFORE DELETE ON ledger_ledgerentry BEGIN SELECT 1; END")
        assert append_only.unprotected(connection) == ["ledger_ledgerentry"]

    @pytest.mark.postgres
    @pytest.mark.parametrize(
        "sql",
        [
            "CREATE OR REPLACE FUNCTION ledger_ledgerentry_refuse() RETURNS trigger LANGUAGE plpgsql"
            " AS $$ BEGIN RETURN NEW; END $$",
            "CREATE OR REPLACE TRIGGER ledger_ledgerentry_no_change BEFORE DELETE ON ledger_ledgerentry"
            " FOR EACH ROW WHEN (false) EXECUTE FUNCTION ledger_ledgerentry_refuse()",
        ],
        ids=["function", "trigger"],
    )
    def test_on_postgresql_one_replaced_by_another_counts_as_gone(self, sql):
        with connection.cursor() as cursor:
            cursor.execute(sql)
        assert append_only.unprotected(connection) == ["ledger_ledgerentry"]

    @pytest.mark.postgres
    def test_on_postgresql_a_trigger_that_is_off_counts_as_gone(self):
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE ledger_ledgerentry DISABLE TRIGGER ledger_ledgerentry_once")
        assert append_only.unprotected(connection) == ["ledger_ledgerentry"]


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_the_transaction_of_its_act_is_refused(monday):
    with pytest.raises(transaction.TransactionManagementError):
        record("test.act", YEAR, by=TESTS, at=monday)


@pytest.mark.django_db(transaction=True)
def test_an_act_that_fails_leaves_no_entry(monday):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        write_one(monday)
        1 / 0  # noqa: B018
    assert not LedgerEntry.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_an_act_that_is_still_open(monday):
    """On PostgreSQL, where a wait for any lock ends in an error here. SQLite has one writer at a time anyway."""

    def another(_):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '1ms'")
            return write_one(monday, who="another")

    with transaction.atomic():
        write_one(monday, who="long")
        (other,) = at_once(another, people=1)
        assert other.pk
    assert LedgerEntry.objects.count() == 2
