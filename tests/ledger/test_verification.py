from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import F
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from tests.ledger.acts import write, write_one
from tests.work import examples

from banshi.core import append_only
from banshi.core.clock import now
from banshi.ledger import text_proofs
from banshi.ledger.anchors import anchor, kept_anchors
from banshi.ledger.keys import make_key
from banshi.ledger.models import Anchor, Block, LedgerEntry
from banshi.ledger.recording import digest_of
from banshi.ledger.sealing import close, seal
from banshi.ledger.verification import verify


def lifted():
    return append_only.lifted(connection)


def sealed(count, at):
    entries = write(count, at)
    seal(at=at)
    return entries


def rewrite_blocks(start):
    """As somebody would who owns the database and knows the code: every digest anew from block `start` on."""
    previous = Block.objects.filter(number=start - 1).values_list("digest", flat=True).first() or "0" * 64
    for block in Block.objects.filter(number__gte=start):
        entries = list(block.entries.all())
        for entry in entries:
            LedgerEntry.objects.filter(pk=entry.pk).update(digest=digest_of(entry))
            entry.digest = digest_of(entry)
        block.previous = previous
        close(block, entries)
        previous = block.digest
        block.save()


@pytest.mark.django_db
class TestEntries:
    def test_an_untouched_ledger_holds_and_says_how_long_it_is(self, monday):
        sealed(5, monday)
        verdict = verify()
        assert verdict.holds
        assert verdict.count == 5
        assert str(verdict) == "5条记录前后相接，文本与记录的摘要一致，与0个留底一致"

    def test_an_empty_ledger_holds(self):
        assert verify().holds

    def test_what_is_not_sealed_yet_is_told_with_the_oldest_moment(self, monday):
        sealed(1, monday)
        write(2, monday + timedelta(minutes=1))
        verdict = verify()
        assert verdict.holds
        assert (verdict.count, verdict.unsealed) == (3, 2)
        assert "另有2条还没有封存，最早的一条是2026-11-23 09:01:00的" in str(verdict)

    def test_the_first_changed_entry_is_named(self, monday):
        entries = sealed(5, monday)
        with lifted():
            LedgerEntry.objects.filter(number__in=[entries[2].number, entries[4].number]).update(actor_name="别人")
        verdict = verify()
        assert verdict.problems[0].entry == entries[2]
        assert f"第{entries[2].number}条" in str(verdict)

    def test_an_entry_changed_with_its_digest_is_noticed_by_its_block(self, monday):
        sealed(1, monday)
        entries = sealed(3, monday)
        with lifted():
            forged = LedgerEntry.objects.get(pk=entries[1].pk)
            forged.actor_name = "别人"
            forged.digest = digest_of(forged)
            forged.save()
        assert f"第2批（第{entries[0].number}至{entries[2].number}条）与封存时不同" in str(verify())

    def test_an_entry_taken_out_of_the_middle_is_named(self, monday):
        entries = sealed(5, monday)
        gone = entries[1].number
        with lifted():
            entries[1].delete()
        assert f"第{gone}条记录不在了" in str(verify())

    def test_an_entry_put_into_a_block_is_noticed(self, monday):
        sealed(2, monday)
        (late,) = write(1, monday)
        LedgerEntry.objects.filter(pk=late.pk).update(block=1)
        assert "与封存时不同" in str(verify())

    def test_a_block_taken_out_with_its_entries_is_noticed(self, monday):
        for _ in range(3):
            sealed(1, monday)
        with lifted():
            LedgerEntry.objects.filter(block=2).delete()
            Block.objects.filter(number=2).delete()
        assert "第2批不在了" in str(verify())

    def test_a_changed_count_of_a_block_is_noticed(self, monday):
        sealed(3, monday)
        with lifted():
            Block.objects.update(count=2)
        assert "第1批写着有2条记录，实际有3条" in str(verify())

    def test_a_changed_entry_that_is_not_sealed_is_noticed_too(self, monday):
        (entry,) = write(1, monday)
        with lifted():
            LedgerEntry.objects.update(facts={"n": 9})
        assert verify().problems[0].entry == entry

    def test_triggers_that_were_dropped_are_a_finding(self, monday):
        sealed(1, monday)
        with append_only.lifted(connection, "ledger_block"):
            verdict = verify()
        assert not verdict.holds
        assert "ledger_block" in str(verdict)

    def test_a_clock_put_back_is_noted(self, monday):
        sealed(1, monday.replace(year=2031))
        sealed(1, monday)
        verdict = verify()
        assert verdict.holds
        assert "时钟往回拨过" in verdict.notes[0]


@pytest.mark.django_db
class TestAnchors:
    def test_the_same_head_is_anchored_once(self, monday):
        sealed(1, monday)
        assert anchor(at=monday).serial == 1
        assert anchor(at=monday) is None
        sealed(1, monday)
        assert anchor(at=monday).serial == 2
        assert [note.block for note in kept_anchors().anchors] == [1, 2]
        assert "与2个留底一致" in str(verify())

    def test_a_tail_cut_off_after_an_anchor_is_noticed(self, monday):
        sealed(3, monday)
        sealed(2, monday)
        anchor(at=monday)
        with lifted():
            LedgerEntry.objects.filter(block=2).delete()
            Block.objects.filter(number=2).delete()
        assert "末尾的记录被截去" in str(verify())

    def test_it_is_noticed_too_when_the_anchor_is_cut_off_with_it_but_not_the_file(self, monday):
        sealed(3, monday)
        anchor(at=monday)
        sealed(2, monday)
        anchor(at=monday)
        with lifted():
            LedgerEntry.objects.filter(block=2).delete()
            Block.objects.filter(number=2).delete()
            Anchor.objects.filter(serial=2).delete()
        assert "第2个留底" in str(verify())

    def test_a_ledger_rewritten_from_before_an_anchor_on_is_noticed(self, monday):
        entries = sealed(3, monday)
        sealed(3, monday)
        anchor(at=monday)
        with lifted():
            LedgerEntry.objects.filter(pk=entries[1].pk).update(actor_name="别人")
            rewrite_blocks(1)
        assert "末尾的记录被截去或整体重写过" in str(verify())

    def test_anchors_rewritten_with_it_lack_our_signature(self, monday, settings):
        entries = sealed(3, monday)
        anchor(at=monday)
        with lifted():
            LedgerEntry.objects.filter(pk=entries[1].pk).update(actor_name="别人")
            rewrite_blocks(1)
            Anchor.objects.update(digest=Block.objects.get().digest)
        settings.LEDGER_ANCHORS.write_text(
            settings.LEDGER_ANCHORS.read_text().replace(kept_anchors().anchors[0].digest, Block.objects.get().digest)
        )
        assert "签名不对" in str(verify())

    def test_anchors_signed_with_another_key_are_not_trusted(self, monday, settings, tmp_path):
        sealed(1, monday)
        make_key(tmp_path / "forger.pem")
        ours, settings.LEDGER_KEY = settings.LEDGER_KEY, tmp_path / "forger.pem"
        anchor(at=monday)
        make_key(ours)
        assert "不是可信的密钥签的" in str(verify())

    def test_after_a_change_of_keys_both_public_keys_are_trusted(self, monday, settings, tmp_path):
        sealed(1, monday)
        anchor(at=monday)
        make_key(tmp_path / "new.pem")
        settings.LEDGER_KEY = tmp_path / "new.pem"
        with settings.LEDGER_PUBLIC_KEY.open("a") as file:
            file.write((tmp_path / "new.pub").read_text())
        sealed(1, monday)
        anchor(at=monday)
        assert verify().holds
        assert len({note.key for note in Anchor.objects.all()}) == 2

    @pytest.mark.parametrize("left", ["", None])
    def test_an_anchor_file_emptied_or_removed_is_noticed(self, monday, settings, left):
        sealed(1, monday)
        anchor(at=monday)
        settings.LEDGER_ANCHORS.unlink()
        if left is not None:
            settings.LEDGER_ANCHORS.write_text(left)
        assert "在留底文件里不见了" in str(verify())

    def test_killed_between_its_line_in_the_file_and_its_row_an_anchor_accuses_nobody(self, monday, settings):
        sealed(1, monday)
        anchor(at=monday)
        with lifted():
            Anchor.objects.all().delete()
        verdict = verify()
        assert verdict.holds
        assert "没有写进数据库" in verdict.notes[0]
        sealed(1, monday)
        assert anchor(at=monday).serial == 2
        verdict = verify()
        assert verdict.holds
        assert not verdict.notes
        assert verdict.anchors == 2

    def test_a_line_in_the_file_whose_block_is_gone_from_the_database_is_noticed(self, monday):
        sealed(2, monday)
        anchor(at=monday)
        with lifted():
            Anchor.objects.all().delete()
            LedgerEntry.objects.all().delete()
            Block.objects.all().delete()
        assert "末尾的记录被截去" in str(verify())

    def test_an_anchor_taken_out_of_both_places_is_noticed_by_its_number(self, monday, settings):
        for _ in range(3):
            sealed(1, monday)
            anchor(at=monday)
        with lifted():
            Anchor.objects.filter(serial=2).delete()
        first, _, third = settings.LEDGER_ANCHORS.read_text().splitlines(keepends=True)
        settings.LEDGER_ANCHORS.write_text(first + third)
        assert "第2个留底不在了" in str(verify())

    def test_a_tail_cut_off_everywhere_is_not_seen_as_we_say(self, monday, settings):
        sealed(1, monday)
        anchor(at=monday)
        before = settings.LEDGER_ANCHORS.read_text()
        sealed(2, monday)
        anchor(at=monday)
        with lifted():
            LedgerEntry.objects.filter(block=2).delete()
            Block.objects.filter(number=2).delete()
            Anchor.objects.filter(serial=2).delete()
        settings.LEDGER_ANCHORS.write_text(before)
        assert verify().holds

    @pytest.mark.parametrize("torn", ['{"serial": 9, "dig', '{"serial": 9}', "}", "[]"])
    def test_a_torn_line_is_noted_and_the_next_anchor_is_not_joined_to_it(self, monday, settings, torn):
        sealed(1, monday)
        anchor(at=monday)
        with settings.LEDGER_ANCHORS.open("a") as file:
            file.write(torn)
        sealed(1, monday)
        anchor(at=monday)
        verdict = verify()
        assert verdict.holds
        assert "第2行读不出来" in verdict.notes[0]
        assert [note.serial for note in kept_anchors().anchors] == [1, 2]


@pytest.mark.django_db
class TestTexts:
    @pytest.fixture(autouse=True)
    def proof(self, monkeypatch):
        self.stored = {}
        monkeypatch.setitem(text_proofs.CHECKS, "test.act", self.differing)

    def differing(self, entries):
        return [(each, "被改动过") for each in entries if self.stored[each.facts["n"]] != each.facts["digest"]]

    @transaction.atomic
    def write(self, count, at):
        self.stored |= {n: f"{n:064}" for n in range(count)}
        return [write_one(at, n=n, digest=self.stored[n]) for n in range(count)]

    @pytest.mark.parametrize("sealing", [True, False])
    def test_a_text_that_no_longer_has_its_digest_is_named(self, monday, sealing):
        entries = self.write(4, monday)
        if sealing:
            seal(at=monday)
        assert verify().holds
        self.stored[2] = "another"
        verdict = verify()
        assert verdict.problems[0].entry == entries[2]
        assert str(verdict) == f"第{entries[2].number}条记录写下的文本被改动过"


texts = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20)
facts = st.dictionaries(
    texts, st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts | st.lists(texts, max_size=3), max_size=4
)
forgeries = st.sampled_from(["actor", "actor_name", "action", "subject", "at", "facts"])


class LedgerProperties(TestCase):
    @settings(max_examples=examples(60), deadline=None)
    @given(st.lists(facts, min_size=1, max_size=6), st.integers(0, 6), st.data())
    def test_any_ledger_holds_and_any_one_change_is_found_there(self, all_facts, sealed_so_far, data):
        at, entries = now(), []
        for n, each in enumerate(all_facts):
            if n == sealed_so_far:
                seal(at=at)
            with transaction.atomic():
                entries.append(write_one(at + timedelta(microseconds=n), given=each))
        assert verify().holds
        victim, field = data.draw(st.sampled_from(entries)), data.draw(forgeries)
        change = {"at": F("at") + timedelta(seconds=1), "facts": {"forged": True}}.get(field, "forged")
        with lifted():
            LedgerEntry.objects.filter(pk=victim.pk).update(**{field: change})
        assert verify().problems[0].entry == victim
        with lifted():
            LedgerEntry.objects.all().delete()
            Block.objects.all().delete()
