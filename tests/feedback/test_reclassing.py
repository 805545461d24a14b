"""改类与并、分：the first promise stays, it is counted once, and who was accused reads nothing whatever it is called later."""

from typing import Any

import pytest

from banshi.access import Visitor
from banshi.core.errors import BadInput, Conflict, Missing, Refused
from banshi.events.models import Event
from banshi.feedback.actions import (
    accept_complaint,
    answer_complaint,
    file_complaint,
    join_complaint,
    look_at_reporter,
    reclass_complaint,
    reopen_complaint,
    separate_complaint,
    transfer_complaint,
)
from banshi.feedback.complaint_figures import complaint_figures
from banshi.feedback.models import Complaint, ComplaintReclassing
from banshi.feedback.queries import code_of_complaint, complaints_visible_to
from banshi.feedback.refused_reads import read_complaint
from banshi.ledger.models import LedgerEntry
from banshi.ledger.text_proofs import differing_texts
from banshi.notifications.models import Notification
from banshi.people.models import Organ, User
from banshi.supervision.measures import measures
from tests import factories as make
from tests.cases.hall import Hall, hall, moment
from tests.feedback.test_complaints import FRIDAY, THURSDAY, filed

pytestmark = pytest.mark.django_db
LATER = moment("10-10")


def counted() -> dict[str, int]:
    return {
        name: Event.objects.aggregate(n=measures()[name].amount)["n"] for name in ("complaints", "complaints_alike")
    }


def reported(of: Hall, **more: Any) -> tuple[Complaint, User]:
    """A report of the bureau, which its superior has."""
    over = make.organ("示例县人民政府办公室")
    Organ.objects.filter(pk=of.bureau.pk).update(superior=over)
    head = make.user("head", over)
    text = "示例县水利局有人收了好处才办取水许可"
    return filed(of, "report", text=text, item=None, **more), head


def test_a_report_called_a_complaint_is_still_kept_from_whom_it_accuses() -> None:
    of = hall()
    report, head = reported(of)
    last = report.due_rank, report.promised
    for kind in ("complaint", "suggestion"):
        with pytest.raises(BadInput) as asked:
            reclass_complaint(report, kind=kind, reason="没有写违法", by=head, at=FRIDAY)
        assert [each.field for each in asked.value.problems] == ["protected"]
        now = reclass_complaint(report, kind=kind, reason="没有写违法", protected=True, by=head, at=FRIDAY)
        assert (now.kind, now.protection, now.organ) == (kind, "report", report.organ)
        assert (now.due_rank, now.promised) == last
        with pytest.raises(Missing):
            read_complaint(now.guid, by=of.head, at=FRIDAY)
        with pytest.raises(Refused):
            look_at_reporter(now, by=of.head, at=FRIDAY)
        assert now not in complaints_visible_to(of.head, at=FRIDAY)
        with pytest.raises(BadInput, match="不能转给它"):
            transfer_complaint(now, to=of.bureau, reason="你们办", by=head, at=FRIDAY)
    assert now in complaints_visible_to(head, at=FRIDAY)
    told = Notification.objects.filter(user=of.citizen)
    assert told.count() == 2 and not any(report.number in f"{each.subject}{each.body}" for each in told)
    assert "对您的保护不变" in told[0].body


def test_re_classing_is_counted_names_the_receiver_and_stands_in_the_ledger() -> None:
    of = hall()
    complaint = filed(of)
    equal = filed(of, by=make.user())
    now = reclass_complaint(complaint, kind="consultation", reason="只是问条件", protected=True, by=of.head, at=FRIDAY)
    equal.refresh_from_db()
    assert (now.kind, equal.kind, now.organ, now.state) == ("consultation", "consultation", of.bureau, "received")
    rows = ComplaintReclassing.objects.values_list("before", "after", "source", "to", "reason")
    assert list(rows) == [("complaint", "consultation", of.bureau.pk, of.bureau.pk, "只是问条件")] * 2
    [event] = Event.objects.filter(kind="feedback.complaint_reclassed")
    assert event.data["times"] == 1 and event.data["to"] == of.bureau.pk
    span = {"since": moment("09-20"), "until": moment("10-20")}
    [figure] = complaint_figures(Complaint.objects.all(), organs=Organ.objects.all(), rank=0, **span)
    assert (figure.received, figure.reclassed, figure.passed_on) == (1, 1, 0)
    entries = LedgerEntry.objects.filter(action__startswith="feedback.")
    assert not list(differing_texts(entries))
    Complaint.objects.filter(pk=now.pk).update(protected_as="")
    assert [each.action for each, _ in differing_texts(entries)] == ["feedback.reclass_complaint"]


def test_what_becomes_a_report_goes_elsewhere_than_to_whom_it_accuses() -> None:
    of = hall()
    over = make.organ("示例县人民政府办公室")
    Organ.objects.filter(pk=of.bureau.pk).update(superior=over)
    head = make.user("head", over)
    complaint = filed(of, text="示例县水利局有人收了好处才办取水许可", item=None)
    accept_complaint(complaint, by=of.head, at=FRIDAY)
    now = reclass_complaint(complaint, kind="report", reason="写的是收好处", by=of.head, at=FRIDAY)
    assert (now.organ, now.state, now.due_rank) == (over, "received", complaint.due_rank)
    assert now in complaints_visible_to(head, at=FRIDAY) and now not in complaints_visible_to(of.head, at=FRIDAY)
    assert Notification.objects.filter(user=head, kind="feedback.complaint_received").exists()
    with pytest.raises(Refused):
        reclass_complaint(now, kind="complaint", reason="改回来", protected=True, by=of.head, at=FRIDAY)


def test_re_classing_to_the_same_without_reason_or_after_the_answer_is_refused() -> None:
    of = hall()
    question = filed(of, "consultation")
    with pytest.raises(BadInput) as wrong:
        reclass_complaint(question, kind="consultation", reason=" ", by=of.head, at=FRIDAY)
    assert [each.field for each in wrong.value.problems] == ["reason", "kind"]
    accept_complaint(question, by=of.head, at=FRIDAY)
    answer_complaint(question, answer="材料写在指南里", by=of.head, at=FRIDAY)
    with pytest.raises(Conflict):
        reclass_complaint(question, kind="help", reason="是求助", by=of.head, at=FRIDAY)


def test_joined_by_hand_count_once_and_again_when_they_are_separated() -> None:
    of = hall()
    first, second = filed(of), filed(of, text="取水许可一直没有办好，催了没有人回复我", by=make.user())
    filed(of, text="取水许可一直没有办好，催了没有人回复我", by=make.user())
    assert counted() == {"complaints": 2, "complaints_alike": 1}
    join_complaint(second, leader=first, by=of.head, at=LATER)
    assert counted() == {"complaints": 1, "complaints_alike": 2}
    [mended] = Event.objects.filter(kind="feedback.complaint_recounted")
    assert (mended.at, mended.organ_id) == (THURSDAY, of.bureau.pk), "of the month and the organ it was counted for"
    now = separate_complaint(second, by=of.head, at=LATER)
    assert now.leader is None and counted() == {"complaints": 2, "complaints_alike": 1}
    with pytest.raises(Conflict):
        separate_complaint(second, by=of.head, at=LATER)


def test_one_passed_on_before_it_was_joined_leaves_the_figure_of_who_had_it_first() -> None:
    of = hall()
    other = make.organ("示例县水务集团")
    passed = filed(of, organ=other, text="取水许可一直没有办好，催了没有人回复我", by=make.user())
    head = make.user("head", other)
    first = filed(of)
    passed = transfer_complaint(passed, to=of.bureau, reason="归水利局办", by=head, at=FRIDAY)
    join_complaint(passed, leader=first, by=of.head, at=FRIDAY)
    by_organ = dict(Event.objects.values_list("organ").annotate(n=measures()["complaints"].amount).order_by())
    assert (by_organ[other.pk], by_organ[of.bureau.pk]) == (0, 1)


def test_one_reopened_apart_from_those_it_joined_counts_by_itself() -> None:
    of = hall()
    first, equal = filed(of), file_complaint("complaint", text=filed(of).text, item=of.item, by=Visitor(), at=THURSDAY)
    assert equal.leader_id
    accept_complaint(first, by=of.head, at=FRIDAY)
    answer_complaint(first, answer="已经办好，请来领", by=of.head, at=FRIDAY)
    before = counted()["complaints"]
    reopen_complaint(equal, words="我的没有办好", code=code_of_complaint(equal), by=Visitor(), at=LATER)
    assert counted()["complaints"] == before + 1
