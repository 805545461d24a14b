from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from pydantic import ValidationError
from tests import factories as make
from tests.factories import NOON, TESTS
from tests.test_architecture import SOURCE

from banshi.adjustments.models import ExaminingOffice
from banshi.campaigns.models import Invitation
from banshi.catalog.events import PUBLISHED, PublicationData
from banshi.events import EventData, EventKind, Occurrence, consuming, declare, emit, emit_many
from banshi.events.consuming import consume, events_after, follow, is_behind
from banshi.events.kinds import KINDS
from banshi.events.models import Event
from banshi.events.sequencing import sequence


class NoteData(EventData):
    text: str
    marks: int = 0


NOTED = declare("test.noted", "试记", NoteData)


def note(text: str, **more: Any) -> Event:
    return emit(NOTED, more.pop("subject", None) or make.organ(), by=TESTS, at=NOON, text=text, **more)


def taken(consumer: str, **how: Any) -> list[str]:
    """Texts of the next batch."""
    with consume(consumer, **how) as events:
        return [each.data.get("text", each.kind) for each in events] if events is not None else []


@pytest.fixture(autouse=True)
def organs_may_be_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    from banshi.events import subjects
    from banshi.people.models import Organ

    monkeypatch.setitem(subjects.SUBJECTS, Organ, subjects.Paths("self", ""))


@pytest.mark.django_db
class TestEmitting:
    def test_an_event_says_what_happened_to_which_row_of_which_organ_and_who_did_it(self) -> None:
        done = make.publication()
        event = Event.objects.get(kind=PUBLISHED.code)
        assert (event.subject_type, event.subject_id) == ("catalog.Publication", done.pk)
        assert (event.item, event.organ) == (done.item, done.item.organ)
        assert (event.actor, event.actor_kind, event.at) == (TESTS.ledger_id, "system", done.since)
        assert event.payload == PublicationData(number=1, operation="I")
        assert event.declared is PUBLISHED

    def test_the_kind_of_actor_is_told(self) -> None:
        by = make.user()
        assert emit(NOTED, make.organ(), by=by, at=NOON, text="x").actor_kind == "user"
        assert emit(NOTED, make.organ(), by=Invitation(pk=3, name="王专家"), at=NOON, text="x").actor_kind == "expert"

    @pytest.mark.parametrize("data", [{}, {"text": 5}, {"text": "x", "more": 1}, {"text": "x", "marks": "3"}])
    def test_a_payload_its_kind_does_not_declare_is_refused_and_nothing_is_written(self, data: dict[str, Any]) -> None:
        with pytest.raises(ValidationError):
            emit(NOTED, make.organ(), by=TESTS, at=NOON, **data)
        assert not Event.objects.exists()

    def test_a_kind_nobody_declared_is_refused(self) -> None:
        with pytest.raises(LookupError, match=r"test\.unheard"):
            emit(EventKind("test.unheard", "没听过", NoteData), make.organ(), by=TESTS, at=NOON, text="x")

    def test_a_kind_is_declared_once(self) -> None:
        with pytest.raises(ValueError, match="twice"):
            declare("test.noted", "又一个", NoteData)

    def test_a_row_that_is_no_registered_subject_is_refused(self) -> None:
        with pytest.raises(LookupError, match=r"adjustments\.ExaminingOffice"):
            note("x", subject=ExaminingOffice(pk=1))

    def test_many_subjects_cost_as_many_queries_as_two(self, django_assert_num_queries: Any) -> None:
        from banshi.catalog.models import Publication

        for _ in range(5):
            make.publication()
        for count in (2, 5):
            found = list(Publication.objects.all()[:count])
            with django_assert_num_queries(2):  # keys of item and organ; insert
                emit_many(NOTED, [Occurrence(each, {"text": str(each.pk)}) for each in found], by=TESTS, at=NOON)

    def test_what_is_loaded_is_not_asked_again(self, django_assert_num_queries: Any) -> None:
        done = make.publication()
        with django_assert_num_queries(1):
            emit(NOTED, done, by=TESTS, at=NOON, text="x")


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_is_refused() -> None:
    where = make.organ()
    with pytest.raises(transaction.TransactionManagementError):
        note("x", subject=where)


@pytest.mark.django_db
class TestAppendOnly:
    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE events_event SET data = '{}'",
            "UPDATE events_event SET number = number + 1",
            "UPDATE events_event SET number = NULL",
            "DELETE FROM events_event",
        ],
    )
    def test_the_database_refuses(self, change: str) -> None:
        note("x")
        sequence()
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            connection.cursor().execute(change)
        assert Event.objects.get().data["text"] == "x"


@pytest.mark.django_db
class TestConsuming:
    def test_each_consumer_gets_each_event_once_in_order(self) -> None:
        for text in "abc":
            note(text)
        sequence()
        assert taken("one") == ["a", "b", "c"]
        assert taken("one") == []
        note("d")
        assert taken("one") == []
        sequence()
        assert taken("one") == ["d"]
        assert taken("two") == ["a", "b", "c", "d"]

    def test_batches_end_with_a_whole_act(self) -> None:
        where = make.organ()
        note("a", subject=where)
        emit_many(NOTED, [Occurrence(where, {"text": text}) for text in "bcd"], by=TESTS, at=NOON)
        note("e", subject=where)
        sequence()
        assert taken("one", batch_size=2) == ["a", "b", "c", "d"]
        assert taken("one", batch_size=2) == ["e"]

    def test_only_the_kinds_asked_for(self) -> None:
        note("a")
        make.publication()
        note("b")
        sequence()
        assert taken("one", kinds=[NOTED]) == ["a", "b"]
        assert not is_behind("one", [NOTED])
        assert is_behind("two", [NOTED])

    def test_a_consumer_that_fails_gets_its_events_again(self) -> None:
        note("a")
        sequence()
        with pytest.raises(ZeroDivisionError), consume("one"):
            1 / 0  # noqa: B018
        assert is_behind("one")
        assert taken("one") == ["a"]

    def test_numbers_have_no_gaps(self) -> None:
        for text in "abc":
            note(text)
            sequence()
        assert list(events_after(0).values_list("number", flat=True)) == [1, 2, 3]


@pytest.mark.django_db
def test_moves_publications_and_decisions_are_events() -> None:
    done = make.publication()
    from banshi.catalog.actions import suspend_item
    from banshi.workflow.events import digest_of_words

    suspend_item(done.item, note="停电", by=TESTS, at=NOON)
    follow()
    words = digest_of_words(TESTS.ledger_name, "停电")
    told = [(each.kind, each.data) for each in events_after(0)]
    assert told == [
        ("catalog.published", {"number": 1, "operation": "I"}),
        ("workflow.moved", {"flow": "item", "move": "suspend", "source": "active", "to": "suspended", "words": words}),
        ("catalog.taken_down", {"ending": "suspended"}),
    ]


@pytest.mark.django_db
def test_a_consumer_that_fails_holds_up_no_other_and_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    called = []

    def broken() -> None:
        called.append("broken")
        raise RuntimeError("索引写不进去")

    monkeypatch.setattr(consuming, "FOLLOWERS", [broken, lambda: called.append("next")])
    with caplog.at_level("ERROR", logger="banshi.events"):
        consuming.follow()
        consuming.follow()
    assert called == ["broken", "next"] * 2
    assert "索引写不进去" in caplog.text


def test_every_kind_is_emitted_by_somebody_and_named_after_its_app() -> None:
    text = "".join(path.read_text() for path in SOURCE.rglob("*.py") if path.name != "events.py")
    declared = "".join(path.read_text() for path in SOURCE.rglob("events.py"))
    for kind in KINDS.values():
        if kind is not NOTED:
            name = declared.partition(f' = declare("{kind.code}"')[0].rpartition("\n")[2]
            assert (f"({name}, " in text) is not kind.retired, kind.code
