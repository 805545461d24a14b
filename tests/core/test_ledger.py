import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from banshi.calendar.models import CalendarYear
from banshi.core import append_only, ledger
from banshi.core.clock import now
from banshi.core.models import LedgerEntry

YEAR = CalendarYear(year=2026)
TRIGGERED = ("core_ledgerentry", "number", "previous")


@transaction.atomic
def write(count, at, start=0):
    return [
        ledger.record("test.act", YEAR, by=ledger.System("test"), at=at, facts={"n": start + n}) for n in range(count)
    ]


@pytest.mark.django_db
class TestAppendOnly:
    def test_the_database_refuses_to_change_an_entry(self, monday):
        write(2, monday)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            LedgerEntry.objects.update(actor_name="别人")

    def test_the_database_refuses_to_delete_an_entry(self, monday):
        write(2, monday)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            LedgerEntry.objects.last().delete()

    def test_the_database_refuses_to_replace_or_empty(self, monday):
        write(2, monday)
        statement = {
            "sqlite": "INSERT OR REPLACE INTO core_ledgerentry SELECT * FROM core_ledgerentry",
            "postgresql": "TRUNCATE core_ledgerentry",
        }[connection.vendor]
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        assert LedgerEntry.objects.count() == 2

    def test_two_entries_cannot_share_a_predecessor(self, monday):
        first, _second = write(2, monday)
        twin = LedgerEntry(
            at=monday, actor="x", actor_name="x", action="x", subject="x", previous=first.digest, digest="0"
        )
        with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
            twin.save()

    def test_protection_can_be_seen(self):
        assert append_only.is_protected(connection, "core_ledgerentry")
        with append_only.lifted(connection, *TRIGGERED):
            assert not append_only.is_protected(connection, "core_ledgerentry")
        assert append_only.is_protected(connection, "core_ledgerentry")


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_the_transaction_of_its_act_is_refused(monday):
    with pytest.raises(transaction.TransactionManagementError):
        ledger.record("test.act", YEAR, by=ledger.System("test"), at=monday)


@pytest.mark.django_db
class TestVerify:
    def test_an_untouched_chain_holds_and_says_how_long_it_is(self, monday):
        write(5, monday)
        verdict = ledger.verify()
        assert verdict.holds
        assert verdict.count == 5
        assert "5条" in str(verdict)

    def test_an_empty_ledger_holds(self):
        assert ledger.verify().holds

    def test_the_first_changed_entry_is_named(self, monday):
        entries = write(5, monday)
        with append_only.lifted(connection, *TRIGGERED):
            LedgerEntry.objects.filter(number__in=[entries[2].number, entries[4].number]).update(actor_name="别人")
        verdict = ledger.verify()
        assert verdict.broken == entries[2]
        assert f"第{entries[2].number}条" in str(verdict)

    def test_an_entry_taken_out_of_the_middle_is_noticed_at_the_next(self, monday):
        entries = write(5, monday)
        with append_only.lifted(connection, *TRIGGERED):
            entries[1].delete()
        assert ledger.verify().broken == entries[2]

    def test_a_tail_cut_off_after_an_anchor_is_noticed(self, monday):
        entries = write(5, monday)
        ledger.anchor(at=monday)
        with append_only.lifted(connection, *TRIGGERED):
            LedgerEntry.objects.filter(number__gt=entries[2].number).delete()
        verdict = ledger.verify()
        assert not verdict.holds
        assert verdict.lost.number == entries[4].number

    def test_a_chain_rewritten_from_an_anchored_entry_on_is_noticed(self, monday):
        entries = write(3, monday)
        ledger.anchor(at=monday)
        with append_only.lifted(connection, *TRIGGERED):
            forged = LedgerEntry.objects.get(pk=entries[2].pk)
            forged.actor_name = "别人"
            forged.digest = ledger.digest_of(forged)
            forged.save()
        assert ledger.verify().lost.number == entries[2].number

    def test_a_tail_cut_off_before_any_anchor_is_not_seen_as_we_say(self, monday):
        entries = write(3, monday)
        with append_only.lifted(connection, *TRIGGERED):
            entries[2].delete()
        assert ledger.verify().holds

    def test_the_same_head_is_anchored_once(self, monday):
        write(1, monday)
        assert ledger.anchor(at=monday)
        assert ledger.anchor(at=monday) is None
        write(1, monday, start=1)
        assert ledger.anchor(at=monday)
        assert len(ledger.kept_anchors()) == 2

    def test_a_half_written_anchor_line_is_passed_over(self, monday, settings):
        write(1, monday)
        ledger.anchor(at=monday)
        with settings.LEDGER_ANCHORS.open("a") as file:
            file.write('{"number": 9, "dig')
        assert ledger.verify().holds


texts = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20)
facts = st.dictionaries(
    texts, st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts | st.lists(texts, max_size=3), max_size=4
)
forgeries = st.sampled_from(["actor", "actor_name", "action", "subject", "at", "facts"])


class ChainProperties(TestCase):
    @settings(max_examples=30, deadline=None)
    @given(st.lists(facts, min_size=1, max_size=6), st.data())
    def test_any_chain_holds_and_any_one_change_breaks_it_there(self, all_facts, data):
        at = now()
        with transaction.atomic():
            entries = [
                ledger.record(
                    "test.act", YEAR, by=ledger.System("test"), at=at + timedelta(microseconds=n), facts=given_facts
                )
                for n, given_facts in enumerate(all_facts)
            ]
        assert ledger.verify().holds
        victim, field = data.draw(st.sampled_from(entries)), data.draw(forgeries)
        change = {"at": F("at") + timedelta(seconds=1), "facts": {"forged": True}}.get(field, "forged")
        with append_only.lifted(connection, *TRIGGERED):
            LedgerEntry.objects.filter(pk=victim.pk).update(**{field: change})
        assert ledger.verify().broken == victim
        with append_only.lifted(connection, *TRIGGERED):
            LedgerEntry.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_concurrent_appenders_make_one_chain(on_disk_database, monday):
    failures = []

    def append(worker):
        try:
            for n in range(25):
                write(1, monday, start=worker * 100 + n)
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=append, args=(worker,)) for worker in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert ledger.verify().count == 150
    assert ledger.verify().holds
