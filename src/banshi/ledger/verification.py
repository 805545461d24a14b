"""Verification of the whole ledger: entries, blocks, anchors, and the texts that entries name by digest."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, groupby
from operator import attrgetter

from django.db import connection
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from banshi.core.append_only import unprotected
from banshi.core.clock import CHINA
from banshi.core.progress import Progress, no_progress
from banshi.ledger.anchors import kept_anchors, message_of
from banshi.ledger.clock_watch import CLOCK_JUMPED, words_of_jump
from banshi.ledger.keys import is_signed, trusted_keys
from banshi.ledger.models import Anchor, Block, LedgerEntry, TimeStamp
from banshi.ledger.recording import digest_of
from banshi.ledger.sealing import BLOCK, GENESIS, SKIPS, block_digest_of, members_of, skipped_by
from banshi.ledger.stamps import ASKED_WITHIN, digest_to_stamp, judged
from banshi.ledger.text_proofs import WHOLE, differing_texts
from banshi.ledger.trees import root_of

CLOCK_DRIFT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Evidence that the record was altered. `entry`: the one it is about, where it still exists."""

    words: str
    entry: LedgerEntry | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """Result of `verify`: at most one problem of each sort, the first. `notes` are no evidence of alteration."""

    count: int
    head: Block | None
    unsealed: int
    oldest_unsealed: datetime | None
    anchors: int
    stamps: int
    problems: tuple[Discrepancy, ...]
    notes: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.problems

    def __str__(self) -> str:
        if self.problems:
            return self.problems[0].words
        waiting = ""
        if self.oldest_unsealed:
            oldest = self.oldest_unsealed.astimezone(CHINA)
            waiting = f"；另有{self.unsealed}条还没有封存，最早的一条是{oldest:%Y-%m-%d %H:%M:%S}的"
        stamped = f"，其中{self.stamps}个有时间戳" if self.stamps else ""
        return f"{self.count}条记录前后相接，文本与记录的摘要一致，与{self.anchors}个留底一致{stamped}{waiting}"


def verify(progress: Progress = no_progress, *, kept: Sequence[Anchor] = ()) -> Verification:
    """Recompute every digest and compare with blocks, anchors and texts.

    Sees an entry changed, removed or put in; blocks rewritten or cut off, back to before the newest anchor; anchors removed,
    altered or not signed by us; a text, opinion, report, decision or file changed that an act has recorded; the end cut
    off where the acts left other traces. Cannot see what was cut off after the newest anchor together with everything that
    depended on it, nor the work of somebody who has the signing key where anchors have no time stamps. So the key belongs
    on another medium, and copies of the anchors (the log, the backups, receipts) on another machine. `kept` are such
    copies, against which the ledger is held too.
    """
    run = _Run(progress, kept)
    run.sealed()
    run.unsealed()
    for words in chain.from_iterable(check() for check in WHOLE):
        run.found("end", words)
    run.anchors()
    run.stamps()
    if missing := unprotected(connection):
        run.found("triggers", f"数据库不再保护{'、'.join(missing)}：触发器被去掉、停用或换过")
    return Verification(
        run.count,
        run.head,
        run.waiting,
        run.oldest,
        run.anchored,
        run.stamped,
        tuple(run.problems.values()),
        tuple(run.notes),
    )


class _Run:
    """One walk over the ledger, collecting the first problem of each sort."""

    def __init__(self, progress: Progress, kept: Sequence[Anchor] = ()) -> None:
        self.progress, self.kept = progress, kept
        self.file = kept_anchors()
        self.rows = {note.serial: note for note in Anchor.objects.all()}
        self.head = Block.objects.order_by("-number").first()  # after the anchors, which then are of blocks before it
        self.count = self.waiting = self.anchored = self.stamped = 0
        self.oldest: datetime | None = None
        self.problems: dict[str, Discrepancy] = {}
        self.notes: list[str] = []
        self.sealed_digests: dict[int, str] = {}
        self.passed: dict[int, str] = {}
        self.rooted = False

    def found(self, sort: str, words: str, entry: LedgerEntry | None = None) -> None:
        self.problems.setdefault(sort, Discrepancy(words, entry))

    def sealed(self) -> None:
        """Verify the blocks in their order, each with the entries that say they are in it."""
        wanted = {note.block for note in [*self.rows.values(), *self.file.anchors, *self.kept]}
        last = self.head.number if self.head else 0
        groups = _grouped(last)
        group: tuple[int, list[LedgerEntry]] | None = next(groups, None)
        previous, number, sealed_at = GENESIS, 0, None
        for block in Block.objects.filter(number__lte=last).order_by("number").iterator(500):
            if block.number != number + 1:
                self.found("chain", f"第{number + 1}批不在了：整批记录被删去")
            while group and group[0] < block.number:
                self.found("chain", f"第{group[0]}批不在了，但还有记录写着属于它", group[1][0])
                group = next(groups, None)
            entries = group[1] if group and group[0] == block.number else []
            self._block(block, entries, previous)
            if sealed_at and block.sealed_at < sealed_at - CLOCK_DRIFT:
                self.notes.append(f"第{block.number}批的封存时间早于前一批：机器的时钟往回拨过")
            group = next(groups, None) if entries else group
            previous, number, sealed_at = block.digest, block.number, block.sealed_at
            self._pass(block)
            if block.number in wanted:
                self.sealed_digests[block.number] = block.digest
            self.count += len(entries)
            self.progress(self.count)

    def _block(self, block: Block, entries: list[LedgerEntry], previous: str) -> None:
        there = [entry.number for entry in entries]
        listed = [number for first, last in block.members for number in range(first, last + 1)]
        if gone := sorted(set(listed) - set(there)):
            self.found("chain", f"第{gone[0]}条记录不在了：它是第{block.number}批里的，被删去了")
        self._contents(entries)
        if block.previous != previous:
            self.found("chain", f"第{block.number}批与前一批接不上：它或它之前的记录被改动、删除过")
        skips = [(number, self.passed.get(number, "")) for number in sorted(skipped_by(block.number))]
        told = [tuple(each) for each in block.skips or []]
        if block.root is None:
            differs = bool(self.rooted or told)
        else:
            self.rooted, differs = True, block.root != root_of(members_of(entries) or [""]) or told != skips
        if differs or listed != there or block.digest != block_digest_of(block, entries):
            span = f"第{listed[0]}至{listed[-1]}条" if listed else "没有记录"
            self.found(
                "chain",
                f"第{block.number}批（{span}）与封存时不同：其中的记录被改动、插入过",
                next(iter(entries), None),
            )
        if block.count != len(there):
            self.found("chain", f"第{block.number}批写着有{block.count}条记录，实际有{len(there)}条：它被改动过")

    def _pass(self, block: Block) -> None:
        """Remember the digests that later blocks name, as few as they are."""
        for step in SKIPS:
            if block.number % step:
                break
            if (block.number - step) % (step * 16):  # named by no block that is still to come
                self.passed.pop(block.number - step, None)
            self.passed[block.number] = block.digest

    def _contents(self, entries: Sequence[LedgerEntry]) -> None:
        for entry in entries:
            if entry.digest != digest_of(entry):
                self.found("chain", f"第{entry.number}条记录的内容与它的摘要不符：被改动过", entry)
            elif getattr(entry, "written", None) not in (None, json.dumps(entry.facts)):
                self.found("chain", f"第{entry.number}条记录的内容被重新写过，只是意思没有变", entry)
            if entry.action == CLOCK_JUMPED:
                self.notes.append(words_of_jump(entry))
        for entry, words in differing_texts(entries):
            self.found("text", f"第{entry.number}条记录写下的文本{words}", entry)

    def unsealed(self) -> None:
        """List entries after the head, so far held by their own digests only."""
        batch: list[LedgerEntry] = []
        for entry in _as_written().filter(block=None).order_by("number").iterator(BLOCK):
            batch.append(entry)
            self.waiting += 1
            self.oldest = min(self.oldest, entry.at) if self.oldest else entry.at
            if len(batch) == BLOCK:
                self._contents(batch)
                batch = []
        self._contents(batch)
        self.count += self.waiting

    def anchors(self) -> None:
        """Verify each anchor of table and file, signed by a key we trust, and its block as it was."""
        rows, keys = self.rows, trusted_keys()
        for number in self.file.unreadable:
            self.notes.append(f"留底文件第{number}行读不出来，可能是写到一半断了电")
        kept = {note.serial: note for note in self.file.anchors}
        if rows.keys() - kept.keys():  # perhaps made after the file was read
            kept |= {note.serial: note for note in kept_anchors().anchors if note.serial in rows}
        made_at = datetime.min.replace(tzinfo=UTC) + CLOCK_DRIFT
        for serial in range(1, max([*kept, *rows], default=0) + 1):
            note = kept.get(serial) or rows.get(serial)
            if note is None:
                self.found("anchor", f"第{serial}个留底不在了：被删去了")
                continue
            self.anchored += 1
            if (moment := datetime.fromisoformat(note.at)) < made_at - CLOCK_DRIFT:
                self.notes.append(f"第{serial}个留底的时间早于前一个：机器的时钟往回拨过")
            made_at = moment
            said = f"第{serial}个留底（{note.at}，第{note.block}批）"
            if serial not in kept:
                self.found("anchor", f"{said}在留底文件里不见了：文件被删改过，或留在了别的机器上")
            elif serial in rows and message_of(kept[serial]) != message_of(rows[serial]):
                self.found("anchor", f"{said}在文件里和在数据库里不同：其中一处被改动过")
            if note.key not in keys:
                self.found("anchor", f"{said}不是可信的密钥签的：被伪造过，或公钥文件没有放好")
            elif not is_signed(message_of(note), note.signature, keys[note.key]):
                self.found("anchor", f"{said}的签名不对：被改动过")
            elif self.sealed_digests.get(note.block) != note.digest:
                self.found("anchor", f"{said}所记的那一批已不在或被换过：末尾的记录被截去或整体重写过")
            elif serial not in rows and serial < max(rows, default=0):
                self.found("anchor", f"{said}在数据库里不见了：被删去了，或换过数据库")
            elif serial not in rows:  # a process ended, or is just now, between the file and its commit
                self.notes.append(f"{said}写进了留底文件，没有写进数据库；它所记的记录都在")
        for note in self.kept:
            said = f"另存的第{note.serial}个留底（{note.at}，第{note.block}批）"
            if note.key not in keys or not is_signed(message_of(note), note.signature, keys[note.key]):
                self.found("kept", f"{said}不是可信的密钥签的，证明不了什么")
            elif self.sealed_digests.get(note.block) != note.digest:
                self.found("kept", f"{said}所记的那一批已不在或被换过：末尾的记录连同留底被截去，或整体重写过")
            elif message_of(kept.get(note.serial) or rows.get(note.serial) or Anchor()) != message_of(note):
                self.found("kept", f"{said}与现在的不同：留底被删去或重写过")

    def stamps(self) -> None:
        """Hold each anchor against the moment and the words an authority outside the house has stamped."""
        # One has been stamped within a day of being made, or never: what was made up later is stamped later.
        stamps = list(TimeStamp.objects.order_by("serial"))
        notes = {note.serial: note for note in self.file.anchors} | self.rows
        asked = [digest_to_stamp(notes[each.serial]) if each.serial in notes else b"" for each in stamps]
        findings = judged([(digest, bytes(each.token)) for digest, each in zip(asked, stamps, strict=True)])
        for each, found in zip(stamps, findings, strict=True):
            said = f"第{each.serial}个留底"
            if each.serial not in notes:
                self.found("stamp", f"{said}不在了，它的时间戳还在：末尾的记录连同留底被截去")
            elif found is None or not found.intact:
                self.found("stamp", f"{said}不是盖时间戳的那一个：它或它的时间戳被重写过")
            elif found.trusted is False:
                self.found("stamp", f"{said}的时间戳是不认可的机构（{found.authority}）签发的")
            elif abs(found.at - (made := datetime.fromisoformat(notes[each.serial].at))) > 2 * ASKED_WITHIN:
                self.found("stamp", f"{said}写的是{made:%Y-%m-%d}，时间戳是{found.at:%Y-%m-%d}的：是后来补造的")
            else:
                self.stamped += 1
        if any(found and found.trusted is None for found in findings):
            self.notes.append("时间戳是谁签发的没有核对：没有放签发机构的根证书")


def _grouped(last: int) -> Iterator[tuple[int, list[LedgerEntry]]]:
    entries = _as_written().filter(block__lte=last).order_by("block_id", "number").iterator(BLOCK)
    return ((block or 0, list(group)) for block, group in groupby(entries, key=attrgetter("block_id")))


def _as_written() -> QuerySet[LedgerEntry]:
    """Add the facts letter by letter on SQLite, as PostgreSQL keeps no spelling of its own."""
    if connection.vendor == "postgresql":
        return LedgerEntry.objects.all()
    return LedgerEntry.objects.annotate(written=Cast("facts", TextField()))
