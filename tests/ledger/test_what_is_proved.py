"""What stands outside the ledger and was recorded in it: changed past the actions, the first break is named."""

import io
from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from tests.adjustments import town as towns
from tests.factories import NOON, TESTS, campaigns, draft, item, publication

from banshi import files
from banshi.adjustments.models import AdjustmentOpinion
from banshi.campaigns.models import Decision, Entry, Report, Review, Summing
from banshi.catalog.actions import merge_items, publish, submit_drafts, suspend_item, withdraw
from banshi.catalog.models import Change, Item, Listing, Publication
from banshi.core.append_only import lifted
from banshi.core.models import StoredFile
from banshi.events.ledger_proofs import record_events
from banshi.events.models import Event
from banshi.events.sequencing import sequence
from banshi.ledger import record
from banshi.ledger.anchors import anchor
from banshi.ledger.models import LedgerEntry
from banshi.ledger.sealing import seal
from banshi.ledger.text_proofs import differing_texts
from banshi.ledger.verification import verify

pytestmark = pytest.mark.django_db


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def published() -> Any:
    return publication()


def submitted() -> Any:
    return submit_drafts([draft()], by=TESTS, at=NOON)[0]


def replaced() -> Any:
    first = publication()
    return publish(draft(first.item), by=TESTS, at=NOON + timedelta(hours=1))


def suspended() -> Any:
    return suspend_item(publication().item, note="系统升级", by=TESTS, at=NOON + timedelta(hours=1))


def merged() -> Any:
    one, other = publication().item, publication().item
    merge_items([one], into=other, note="两项合一", by=TESTS, at=NOON + timedelta(hours=1))
    return one


def withdrawn() -> Any:
    return withdraw(publication(), ending="in_error", note="写错了", by=TESTS, at=NOON + timedelta(hours=1))


def decided() -> Any:
    unit = campaigns.opened()
    campaigns.agreed(unit)
    return campaigns.decided(unit.campaign)[0]


def examined() -> Any:
    return towns.brought_to("approved", towns.town())


def uploaded() -> StoredFile:
    return files.keep(io.BytesIO("会议纪要".encode() * 9), name="纪要.txt", purpose="test", by=TESTS, at=NOON)


def on_disk(stored: StoredFile) -> Path:
    return Path(settings.MEDIA_ROOT) / files.key_of(stored.digest)


def delete_entry_forged(one: Publication) -> None:
    """Text changed, and an entry put in that says the item is no more."""
    with transaction.atomic():
        record("catalog.delete_item", one.item, by=TESTS, at=NOON, facts={"name": "", "reason": ""})
    sql(TEXT, '{"name": "别的"}')


def without_publication(one: Publication) -> None:
    Listing.objects.all().delete()
    Change.objects.all().delete()
    one.delete()


def end_moved(one: Publication) -> None:
    Publication.objects.filter(item=one.item, number=1).update(until=NOON + timedelta(days=9))


def in_force_again(one: Item) -> None:
    Publication.objects.filter(item=one).update(until=None, ending="", ending_note="")


def without_decision(entry: Entry) -> None:
    Entry.objects.update(decision=None, final="")
    Decision.objects.all().delete()


TEXT = "UPDATE catalog_revision SET content = %s"
CHANGED: list[tuple[str, Callable[[], Any], Callable[[Any], Any], str]] = [
    ("a text in force", published, lambda it: sql(TEXT, '{"name": "别的"}'), "指南的内容与摘要不符"),
    ("a text under review", submitted, lambda it: sql(TEXT, '{"name": "别的"}'), "指南的内容与摘要不符"),
    (
        "a publication's number",
        published,
        lambda it: sql("UPDATE catalog_publication SET number = 5"),
        "不再是公布的第1版",
    ),
    ("a text, and its item said to be deleted", published, delete_entry_forged, "指南的内容与摘要不符"),
    ("a text under review, the same", submitted, lambda it: delete_entry_forged(it), "指南的内容与摘要不符"),
    (
        "why it was published",
        published,
        lambda it: sql("UPDATE catalog_publication SET reason = '补'"),
        "生效时间或说明",
    ),
    (
        "since when it is in force",
        published,
        lambda it: Publication.objects.update(since=NOON - timedelta(days=9)),
        "生效时间或说明",
    ),
    (
        "who approved it",
        published,
        lambda it: sql("UPDATE catalog_publication SET approved_by = '别的会'"),
        "批准单位",
    ),
    (
        "the code it was published with",
        published,
        lambda it: Publication.objects.update(identity={"code": "9", "kind": "20", "category": ""}),
        "编码、类型、类别",
    ),
    ("until when it was in force", replaced, end_moved, "失效时间、原因"),
    ("in force again", suspended, in_force_again, "失效时间、原因"),
    (
        "why it ended",
        withdrawn,
        lambda it: sql("UPDATE catalog_publication SET ending = 'withdrawn'"),
        "失效时间、原因",
    ),
    (
        "the words why it ended",
        suspended,
        lambda it: sql("UPDATE catalog_publication SET ending_note = ''"),
        "失效时间",
    ),
    (
        "ended without an act",
        published,
        lambda it: Publication.objects.update(until=NOON, ending="replaced"),
        "失效时间",
    ),
    ("an item's state", suspended, lambda it: sql("UPDATE catalog_item SET state = 'active'"), "事项的状态"),
    ("an item no act has cancelled", submitted, lambda it: sql("UPDATE catalog_item SET state = 'cancelled'"), "状态"),
    ("where a merged one leads", merged, lambda it: sql("UPDATE catalog_item SET merged_into_id = id"), "事项的状态"),
    ("an item's code", submitted, lambda it: sql("UPDATE catalog_item SET code = '999'"), "事项的状态、编码"),
    ("a publication deleted", published, without_publication, "不再是公布的第1版"),
    (
        "a report's digest",
        decided,
        lambda it: sql("UPDATE campaigns_report SET digest = %s", "0" * 64),
        "上报与记录的摘要",
    ),
    ("a report's summary", decided, lambda it: sql("UPDATE campaigns_report SET summary = '{}'"), "工作小结与摘要不符"),
    ("a report deleted", decided, lambda it: Report.objects.all().delete(), "上报被删去"),
    ("an opinion", decided, lambda it: sql("UPDATE campaigns_opinion SET text = '另有看法'"), "审核意见与摘要不符"),
    ("an opinion deleted", decided, lambda it: Review.objects.all().delete(), "审核意见被删去"),
    (
        "a conclusion",
        decided,
        lambda it: sql("UPDATE campaigns_summing SET disposition = 'cancel'"),
        "汇总意见与记录不符",
    ),
    ("a conclusion deleted", decided, lambda it: Summing.objects.all().delete(), "汇总意见与记录不符"),
    ("a meeting", decided, lambda it: sql("UPDATE campaigns_decision SET meeting = '别的会'"), "审定的会议"),
    ("a decision deleted", decided, without_decision, "审定结果与记录不符"),
    ("what was decided", decided, lambda it: sql("UPDATE campaigns_entry SET final = 'cancel'"), "审定结果与记录不符"),
    (
        "an examiner's opinion",
        examined,
        lambda it: sql("UPDATE adjustments_adjustmentopinion SET words = '不同意'"),
        "动态调整的审核意见与摘要不符",
    ),
    (
        "an examiner's opinion deleted",
        examined,
        lambda it: AdjustmentOpinion.objects.all().delete(),
        "动态调整的审核意见被删去",
    ),
    ("a file's row", uploaded, lambda it: sql("UPDATE core_storedfile SET digest = %s", "0" * 64), "登记与摘要不符"),
    ("a file's row deleted", uploaded, lambda it: it.delete(), "登记被删去"),
    ("a file's bytes", uploaded, lambda it: on_disk(it).write_bytes(b"x"), "内容与摘要不符"),
    ("a file deleted", uploaded, lambda it: on_disk(it).unlink(), "上传的文件被删去"),
]


@pytest.mark.parametrize("make", dict.fromkeys(case[1] for case in CHANGED), ids=lambda make: make.__name__)
@pytest.mark.parametrize(
    "sealing", [pytest.param(True, id="sealed"), pytest.param(False, id="not sealed", marks=pytest.mark.nightly)]
)
def test_changed_past_the_actions(make: Any, sealing: bool) -> None:
    """Each change to the same things, the one before it undone; those to the bytes of a file come last."""
    made = make()
    if sealing:
        seal(at=NOON)
    assert verify().holds, str(verify())
    for name, of, change, words in CHANGED:
        if of is make:
            with transaction.atomic():
                change(deepcopy(made))
                verdict = verify()
                assert words in str(verdict), name
                assert verdict.problems[0].entry is not None, f"{name}: the entry it is about is named"
                transaction.set_rollback(True)


def test_changed_before_it_was_sealed() -> None:
    """One of each kind; nightly, each of the changes above."""
    for make, change, words in {case[1]: case[1:] for case in CHANGED}.values():
        with transaction.atomic():
            change(make())
            assert words in str(verify())
            transaction.set_rollback(True)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE catalog_listing SET name = '别的'",
        "DELETE FROM catalog_listing",
    ],
)
def test_a_list_that_shows_something_else_than_what_was_published(statement: str) -> None:
    publication()
    assert verify().holds
    sql(statement)
    assert "公众看到的列表里" in str(verify())


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("catalog.published", {"number": 5, "operation": "I"}),
        ("catalog.published", {"number": 1, "operation": "U"}),
        ("catalog.taken_down", {"ending": "cancelled"}),
    ],
)
def test_an_event_that_tells_something_else_than_was_done(kind: str, data: dict[str, Any]) -> None:
    suspended()
    assert verify().holds
    with lifted(connection):
        Event.objects.filter(kind=kind).update(data=data)
    assert "号事件被改动过" in str(verify())


@pytest.mark.parametrize("change", ["kind", "actor", "data", "organ", "subject"])
def test_any_column_of_a_recorded_event_is_proved(change: str) -> None:
    examined()
    sequence()
    record_events()
    seal(at=NOON)
    assert verify().holds, str(verify())
    changes: dict[str, dict[str, Any]] = {
        "kind": {"kind": "workflow.branch_finished"},
        "actor": {"actor": "user:99"},
        "data": {"data": {"verdict": "refuse", "desk": 1}},
        "organ": {"organ": None},
        "subject": {"subject_id": 99},
    }
    with lifted(connection):
        Event.objects.filter(kind="adjustments.examined").update(**changes[change])
    verdict = verify()
    assert "号事件与摘要不符" in "；".join(each.words for each in verdict.problems)


@pytest.mark.parametrize("change", ["delete", "insert"])
def test_an_event_taken_out_or_put_in_among_recorded_ones_is_noticed(change: str) -> None:
    examined()
    sequence()
    record_events()
    middle = Event.objects.order_by("number")[1]
    assert verify().holds
    with lifted(connection):
        Event.objects.filter(pk=middle.pk).delete()
        if change == "insert":
            Event.objects.create(
                **{
                    each.attname: getattr(middle, each.attname)
                    for each in Event._meta.fields
                    if each.name not in ("id", "data")
                }
            )
    assert "号事件与摘要不符" in "；".join(each.words for each in verify().problems)


def test_events_are_recorded_once_and_what_comes_later_with_the_next() -> None:
    examined()
    sequence()
    for _ in range(2):
        record_events()
    assert LedgerEntry.objects.filter(action="events.seal").count() == 1
    publication()
    sequence()
    record_events()
    first, second = LedgerEntry.objects.filter(action="events.seal").order_by("number")
    assert (first.facts["first"], second.facts["first"]) == (1, first.facts["last"] + 1)
    assert verify().holds


MOVES = "UPDATE catalog_itemmove SET "


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (MOVES + "actor = 'user:99'", "没有这样的流转"),
        (MOVES + "name = 'cancel', \"to\" = 'cancelled'", "没有这样的流转"),
        (MOVES + "source = 'cancelled'", "没有这样的流转"),
        ("DELETE FROM catalog_itemmove", "流转在历史里不见了"),
        (MOVES + "note = '没有原因'", "姓名或说明与流转时的不符"),
        (MOVES + "actor_name = '别人'", "姓名或说明与流转时的不符"),
        ("UPDATE workflow_flowdefinition SET content = '{}' WHERE code = 'item'", "流程定义item:"),
    ],
)
def test_histories_and_definitions_of_workflows(statement: str, words: str) -> None:
    suspended()
    assert verify().holds
    sql(statement)
    assert words in str(verify())


def test_the_first_of_several_is_named() -> None:
    publications = [publication() for _ in range(3)]
    for each in publications[1:]:
        sql(TEXT + " WHERE id = %s", '{"name": "别的"}', each.revision_id)
    found = verify().problems[0]
    assert found.entry is not None
    assert found.entry.subject == f"catalog.Item:{publications[1].item_id}"


def test_files_of_the_same_bytes_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from banshi.jobs import ledger_proofs

    read = []
    opened = ledger_proofs.open_file
    monkeypatch.setattr(ledger_proofs, "open_file", lambda stored: read.append(stored) or opened(stored))
    first = uploaded()
    uploaded()
    assert verify().holds
    assert read == [first]


def test_an_entry_whose_facts_were_emptied_with_a_fitting_digest_breaks_its_block_and_the_walk_goes_on() -> None:
    from banshi.ledger.recording import digest_of

    publication()
    publication()
    seal(at=NOON)
    victim = LedgerEntry.objects.filter(action="catalog.publish").first()
    assert victim is not None
    victim.facts = {}
    with lifted(connection):
        LedgerEntry.objects.filter(pk=victim.pk).update(facts={}, digest=digest_of(victim))
    words = "；".join(each.words for each in verify().problems)
    assert "与封存时不同" in words
    assert "记录的内容不全" in words


def test_a_decision_deleted_is_named_by_its_own_entry_too() -> None:
    without_decision(decided())
    entry = LedgerEntry.objects.get(action="campaigns.record_decision")
    assert list(differing_texts([entry])) == [(entry, "不在了：审定被删去")]


def test_the_end_cut_off_after_the_newest_anchor_is_seen_by_what_the_acts_have_left() -> None:
    publication()
    seal(at=NOON)
    anchor(at=NOON)
    later = NOON + timedelta(hours=1)
    publish(draft(item()), by=TESTS, at=later)
    assert verify().holds
    with lifted(connection):
        LedgerEntry.objects.filter(at=later).delete()
    assert "末尾的记录被截去" in str(verify())
    assert f"{later:%Y-%m-%d %H:%M:%S}" in str(verify())


@pytest.mark.skipif(connection.vendor == "postgresql", reason="PostgreSQL keeps no spelling of its own")
def test_facts_spelled_otherwise_are_noticed_though_they_mean_the_same() -> None:
    publication()
    seal(at=NOON)
    first = LedgerEntry.objects.order_by("number")[0]
    with lifted(connection):
        sql("UPDATE ledger_ledgerentry SET facts = replace(facts, ': ', ' :  ') WHERE number = %s", first.number)
    assert LedgerEntry.objects.get(pk=first.pk).facts == first.facts
    assert f"第{first.number}条记录的内容被重新写过" in str(verify())


@pytest.mark.parametrize(
    "line",
    [
        '{"serial": "1"}',
        "null",
        "[]",
        "{}",
        '"x"',
        "\x00",
        '{"serial": 1, "block": [], "digest": "", "at": "", "key": "", "signature": ""}',
    ],
)
def test_whatever_stands_in_the_anchor_file_verification_answers(line: str) -> None:
    publication()
    seal(at=NOON)
    with transaction.atomic():
        anchor(at=NOON)
    path = Path(settings.LEDGER_ANCHORS)
    whole = path.read_text()
    path.write_text(line + "\n")
    assert "在留底文件里不见了" in str(verify())
    path.write_text(whole + line + "\n")
    assert verify().holds
    assert any("读不出来" in each for each in verify().notes)


def test_an_anchor_file_cut_off_in_the_middle_is_noticed() -> None:
    publication()
    seal(at=NOON)
    anchor(at=NOON)
    path = Path(settings.LEDGER_ANCHORS)
    path.write_text(path.read_text()[:40])
    assert "在留底文件里不见了" in str(verify())
