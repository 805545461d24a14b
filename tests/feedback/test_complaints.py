"""诉求: class and receiver with the reason, days that passing on doesn't lengthen, equal ones together, nobody learns who complained."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from banshi.access import Visitor
from banshi.calendar.queries import calendar_in_force
from banshi.catalog.models import Item
from banshi.core.errors import BadInput, Conflict, Missing, Refused
from banshi.events.models import Event
from banshi.feedback import queries
from banshi.feedback.abuse import abuse_in
from banshi.feedback.actions import (
    accept_complaint,
    answer_complaint,
    attach_to_complaint,
    close_answered,
    confirm_complaint,
    file_complaint,
    join_complaint,
    look_at_reporter,
    make_wish,
    publish_answer,
    refuse_complaint,
    reopen_complaint,
    tell_late,
    transfer_complaint,
)
from banshi.feedback.actions.complaints import LONGEST_TEXT, likeness_of
from banshi.feedback.complaint_figures import complaint_figures
from banshi.feedback.complaint_routing import propose
from banshi.feedback.models import Complaint, ComplaintTransfer
from banshi.feedback.queries import (
    alike,
    code_of_complaint,
    complaint_by_number_and_code,
    complaints_of,
    complaints_visible_to,
    kept_from,
    knowledge_for,
)
from banshi.feedback.refused_reads import read_complaint
from banshi.ledger import System
from banshi.ledger.models import LedgerEntry
from banshi.notifications.models import Notification
from banshi.people.models import Organ
from banshi.supervision.measures import measures
from tests import factories as make
from tests.cases.hall import accepted, hall, moment

pytestmark = pytest.mark.django_db
THURSDAY, FRIDAY, LATER = moment("09-24"), moment("09-28"), moment("10-10")
SAID = "取水许可一直没有办好，催了也不回复"


def filed(of: Any, kind: str = "complaint", at: Any = THURSDAY, **more: Any) -> Complaint:
    return file_complaint(kind, **{"text": SAID, "item": of.item, "by": of.citizen, "at": at, **more})


def test_limits_are_those_of_the_kind_over_the_holidays() -> None:
    """W17 of the law of days: Thu 2026-09-24, consultation 2 / help 10 / complaint 15 working days."""
    of = hall()
    calendar = calendar_in_force()
    days = [calendar.day_of(filed(of, kind).due_rank).isoformat() for kind in ("consultation", "help", "complaint")]
    assert days == ["2026-09-29", "2026-10-15", "2026-10-22"]
    assert Complaint.objects.filter(kind="help").get().promised["last"] == "2026-10-15"


def test_class_and_receiver_are_proposed_with_the_reason() -> None:
    of = hall()
    complaint = filed(of)
    assert complaint.organ == of.bureau and complaint.service_class == "slow"
    assert any("取水许可" in why for why in complaint.proposal["why"]) and any(
        "一直没有" in why for why in complaint.proposal["why"]
    )
    named = file_complaint("complaint", text="示例县水利局的人态度不好", by=Visitor(), at=THURSDAY)
    assert (named.organ, named.service_class) == (of.bureau, "attitude")
    extra = propose("水利局取水许可要了指南以外的证明", at=THURSDAY)
    assert extra.service_class == "extra_papers", "the guide is named, not asked for"
    make.organ("示例县社会保险中心", short_name="县社保中心")
    for said, meant in (
        ("社保中心没人叫号", "示例县社会保险中心"),
        ("别的县社保中心没人叫号", "示例县社会保险中心"),
        ("邻市社保中心没人叫号", ""),
    ):
        found = propose(said, at=THURSDAY).organ
        assert (found.name if found else "") == meant, said
    make.organ("示例县社会保险服务中心", short_name="示例县社保中心")
    assert propose("社保中心没人叫号", at=THURSDAY).organ is None, "two are called so"
    lost = file_complaint("complaint", text="不知道该找谁反映这件事", by=Visitor(), at=THURSDAY)
    assert lost.organ is None and "诉求受理人员" in lost.proposal["why"][-1]
    desk = make.user("feedback", of.bureau)
    assert lost in complaints_visible_to(desk, at=THURSDAY) and lost not in complaints_visible_to(of.head, at=THURSDAY)


def test_who_named_a_receiver_waits_for_no_comparison_with_each_organ_of_the_city() -> None:
    """Organs and posts are read where their names decide: without a receiver, and where a report has to go elsewhere."""
    of = hall()
    asked = {}
    for name, kind, item in (
        ("named", "complaint", of.item),
        ("open", "complaint", None),
        ("report", "report", of.item),
    ):
        with CaptureQueriesContext(connection) as queries:
            propose(SAID, kind=kind, item=item, at=THURSDAY)
        asked[name] = [each["sql"] for each in queries if 'FROM "people_organ"' in each["sql"]]
    assert asked["open"] and asked["report"] and not asked["named"]


def test_passed_twice_keeps_the_first_promise_and_is_counted() -> None:
    of, second, third = hall(), make.organ("示例县住建局"), make.organ("示例县城管局")
    complaint = filed(of)
    promised = complaint.due_rank
    transfer_complaint(complaint, to=second, reason="不归我们管", by=of.head, at=FRIDAY)
    with pytest.raises(Refused):
        transfer_complaint(complaint, to=third, reason="也不归我们", by=of.head, at=FRIDAY)
    transfer_complaint(complaint, to=third, reason="也不归我们", by=make.user("head", second), at=FRIDAY)
    now = Complaint.objects.get()
    assert (now.organ, now.transfers, now.due_rank) == (third, 2, promised)
    assert [each.to for each in ComplaintTransfer.objects.all()] == [second, third]
    assert Event.objects.filter(kind="feedback.complaint_transferred").count() == 2
    assert Notification.objects.filter(user=of.citizen, body__contains="期限不变").count() == 2
    with pytest.raises(BadInput):
        transfer_complaint(complaint, to=second, reason=" ", by=make.user("head", third), at=FRIDAY)


def test_answered_reopened_within_the_days_then_closed() -> None:
    of = hall()
    complaint = filed(of)
    accept_complaint(complaint, by=of.head, at=FRIDAY)
    answer_complaint(complaint, answer="已经催办，明天送达", by=of.head, at=FRIDAY)
    with pytest.raises(Refused):
        reopen_complaint(complaint, words="没有送达", by=Visitor(), at=LATER)
    reopen_complaint(complaint, words="没有送达", code=code_of_complaint(complaint), by=Visitor(), at=LATER)
    now = Complaint.objects.get()
    assert (now.state, now.satisfied, now.reopened) == ("handling", False, 1)
    answer_complaint(complaint, answer="已经送到您家里", by=of.head, at=LATER)
    with pytest.raises(Conflict, match="超过15天"):
        reopen_complaint(complaint, words="晚了", by=of.citizen, at=LATER + timedelta(days=16))
    confirm_complaint(complaint, by=of.citizen, at=LATER)
    assert Complaint.objects.get().state == "closed" and Complaint.objects.get().satisfied


def test_what_nobody_objects_to_is_closed_by_the_clock() -> None:
    of = hall()
    complaint = filed(of)
    accept_complaint(complaint, by=of.head, at=FRIDAY)
    answer_complaint(complaint, answer="已经催办，明天送达", by=of.head, at=FRIDAY)
    assert close_answered(by=System("tests"), at=FRIDAY + timedelta(days=15)) == 0
    assert close_answered(by=System("tests"), at=FRIDAY + timedelta(days=16)) == 1


def test_a_flood_of_equal_ones_is_answered_together_and_none_is_lost() -> None:
    of = hall()
    first = filed(of)
    for number in range(30):
        filed(of, text=f"{SAID}{'！' * (number % 3)}", by=make.user())
    assert Complaint.objects.count() == 31
    assert likeness_of("系统 APP 打不开") == likeness_of("系统ＡＰＰ，打\u3164不开！") != likeness_of("系统APP打得开")
    assert set(Complaint.objects.exclude(pk=first.pk).values_list("leader", flat=True)) == {first.pk}
    assert Notification.objects.filter(kind="feedback.complaint_received", user=of.head).count() == 1
    accept_complaint(first, by=of.head, at=FRIDAY)
    filed(of, at=FRIDAY, by=make.user())
    answer_complaint(first, answer="已经统一处理好了", by=of.head, at=FRIDAY)
    assert set(Complaint.objects.values_list("state", "answer")) == {("answered", "已经统一处理好了")}
    assert filed(of, at=LATER, by=make.user()).leader is None


def test_questions_to_the_database_do_not_grow_with_how_many_are_alike(django_assert_max_num_queries: Any) -> None:
    of = hall()
    for _ in range(10):
        filed(of, anonymous=True)
    first = Complaint.objects.order_by("pk")[0]
    with django_assert_max_num_queries(20):
        accept_complaint(first, by=of.head, at=FRIDAY)


def test_one_that_says_it_in_other_words_is_joined_by_hand() -> None:
    of = hall()
    first, second = filed(of), filed(of, text="取水许可一直没有办好，催了没有人回复我", by=make.user())
    assert second.leader is None
    assert [each for each, _ in alike(second, seen_by=of.head, at=THURSDAY)] == [first]
    assert join_complaint(second, leader=first, by=of.head, at=FRIDAY).leader == first
    other = filed(of, organ=make.organ(), text="别的单位的事情也很慢")
    with pytest.raises(Refused):
        join_complaint(other, leader=first, by=of.head, at=FRIDAY)


def test_whom_it_is_about_never_learns_who_complained_and_does_not_deal_with_it() -> None:
    of = hall()
    case = accepted(of, moment("09-01"))
    complaint = filed(of, item=None, case=case)
    assert complaint.organ == of.bureau
    with pytest.raises(Refused, match="已经记录"):
        look_at_reporter(complaint, by=of.window, at=FRIDAY)
    assert LedgerEntry.objects.filter(action="feedback.refuse_look", actor=of.window.ledger_id).count() == 1
    assert Event.objects.filter(kind="feedback.look_refused").count() == 1
    assert look_at_reporter(complaint, by=of.head, at=FRIDAY)["name"] == of.citizen.full_name
    assert LedgerEntry.objects.filter(action="feedback.look").count() == 1
    worker = make.user("head", of.bureau)
    case.acts.filter(kind="accept").update(by=worker)
    with pytest.raises(Refused, match="不能由您办理"):
        accept_complaint(complaint, by=worker, at=FRIDAY)


def test_whoever_has_the_case_in_hand_is_whom_it_is_about() -> None:
    of = hall()
    case = accepted(of, moment("09-01"))
    slow = make.user("head", of.bureau)
    case.tasks.update(assignee=slow)
    complaint = filed(of, item=None, case=case)
    with pytest.raises(Refused, match="已经记录"):
        look_at_reporter(complaint, by=slow, at=FRIDAY)
    with pytest.raises(Refused, match="不能由您办理"):
        accept_complaint(complaint, by=slow, at=FRIDAY)
    elsewhere = make.organ()
    desk = make.user("head", elsewhere)
    case.acts.filter(kind="accept").update(by=desk)
    transfer_complaint(complaint, to=elsewhere, reason="由他们办", by=of.head, at=FRIDAY)
    assert not Notification.objects.filter(user=desk, kind="feedback.complaint_received").exists()


def test_neither_ledger_nor_events_name_who_complained_and_an_anonymous_one_keeps_nobody() -> None:
    of = hall()
    complaint = filed(of, anonymous=True, name="林小例", contact="13800000000")
    rows = [
        *LedgerEntry.objects.filter(action="feedback.file_complaint").values(),
        *Event.objects.filter(kind="feedback.complaint_filed").values(),
    ]
    assert {each["actor"] for each in rows} == {"visitor"}
    assert complaint.reporter_index == "" and look_at_reporter(complaint, by=of.head, at=FRIDAY) == {}


def test_the_accused_read_nothing_of_it_and_the_try_is_recorded() -> None:
    of = hall()
    case = accepted(of, moment("09-01"))
    worker, named = make.user("head", of.bureau), make.user("head", of.bureau, full_name="赵小慢")
    case.tasks.update(assignee=worker)
    complaint = filed(of, item=None, case=case, text="取水许可一直没有办好，赵小慢态度很差")
    joined = filed(of, text="取水许可一直没有办好，赵小慢态度很差", by=make.user())
    other = filed(of, text="取水许可一直没有办好，工作人员态度很差", by=make.user())
    assert joined.leader == complaint
    for accused in (worker, named):
        assert set(complaints_visible_to(accused, at=FRIDAY)) == {other}
        assert alike(other, seen_by=accused, at=FRIDAY) == []
        for each in (complaint, joined):
            with pytest.raises(Missing):
                read_complaint(each.guid, by=accused, at=FRIDAY)
        assert not Notification.objects.filter(user=accused, kind="feedback.complaint_received").exclude(
            key=str(other.pk)
        )
    assert LedgerEntry.objects.filter(action="feedback.refuse_look", facts__what="text").count() == 4
    assert read_complaint(complaint.guid, by=of.head, at=FRIDAY) == complaint
    with pytest.raises(Refused, match="不能由您办理"):
        accept_complaint(joined, by=named, at=FRIDAY)


def test_no_row_joins_an_account_to_what_it_accused_somebody_of() -> None:
    of, over = hall(), make.organ()
    Organ.objects.filter(pk=of.bureau.pk).update(superior=over)
    head = make.user("head", over)
    complaint = filed(of, "report", item=Item.objects.get(pk=of.item.pk))
    accept_complaint(complaint, by=head, at=FRIDAY)
    told = Notification.objects.get(user=of.citizen, kind="feedback.accusation_news")
    assert told.key == "" and complaint.number not in told.body
    columns = {str(value) for row in Complaint.objects.values() for value in row.values()}
    assert str(of.citizen.pk) not in columns - {str(complaint.pk)} or of.citizen.pk == complaint.pk
    assert list(complaints_of(of.citizen)) == [complaint] and not complaints_of(of.head)


def test_what_is_published_is_nobody_s_words_and_tells_of_nobody() -> None:
    of = hall()
    complaint = filed(of, "consultation", text="取水许可要多少天才能办好，我叫林小例")
    accept_complaint(complaint, by=of.head, at=FRIDAY)
    answer_complaint(complaint, answer="20个工作日以内办好", by=of.head, at=FRIDAY)
    for question, answer, found in (
        ("取水许可要多少天才能办好", "20个工作日", "原话"),
        ("多少天能办好", f"请{of.citizen.full_name}等20个工作日", of.citizen.full_name),
        ("多少天能办好", "打13800000000问", "手机号"),
        ("530102199003071211多少天能办好", "20个工作日", "身份证号"),
    ):
        with pytest.raises(BadInput) as refused:
            publish_answer(complaint, question=question, answer=answer, by=of.head, at=FRIDAY)
        assert found in refused.value.problems[0].message
    publish_answer(complaint, question="多少天能办好", answer="20个工作日，电话0871-12345678", by=of.head, at=FRIDAY)


def test_attachments_are_examined_and_only_their_author_adds_them() -> None:
    of = hall()
    complaint, paper = filed(of), SimpleUploadedFile("说明.txt", "当时的情况".encode())
    with pytest.raises(Refused):
        attach_to_complaint(complaint, [paper], by=Visitor(), at=FRIDAY)
    added = attach_to_complaint(complaint, [paper], code=code_of_complaint(complaint), by=Visitor(), at=FRIDAY)
    assert added.file.sealed_as and added.file.uploaded_by == "visitor"
    with pytest.raises(BadInput):
        attach_to_complaint(complaint, [SimpleUploadedFile("程序.exe", b"MZ\x90")], by=of.citizen, at=FRIDAY)


def test_what_is_late_is_told_once_and_nothing_is_moved() -> None:
    of = hall()
    complaint, calendar = filed(of), calendar_in_force()
    assert tell_late(by=System("tests"), at=THURSDAY) == 0
    assert tell_late(by=System("tests"), at=moment("09-29")) == 1
    accept_complaint(complaint, by=of.head, at=moment("09-29"))
    after = moment("10-23")
    assert calendar.day_of(complaint.due_rank).isoformat() == "2026-10-22"
    assert tell_late(by=System("tests"), at=after) == 1 and tell_late(by=System("tests"), at=after) == 0
    kinds = Event.objects.filter(kind__endswith="_late").order_by("pk").values_list("kind", "data")
    assert list(kinds) == [
        ("feedback.acceptance_late", {"due_rank": complaint.accept_rank}),
        ("feedback.answer_late", {"due_rank": complaint.due_rank}),
    ]


def test_passing_on_is_counted_by_organ_with_the_receivers_named() -> None:
    of, second, third = hall(), make.organ("示例县住建局"), make.organ("示例县城管局")
    complaint = filed(of)
    transfer_complaint(complaint, to=second, reason="不归我们管", by=of.head, at=FRIDAY)
    transfer_complaint(complaint, to=third, reason="也不归我们", by=make.user("head", second), at=FRIDAY)
    span = {"rank": complaint.due_rank, "since": THURSDAY - timedelta(days=1), "until": LATER}
    figures = complaint_figures(Complaint.objects.all(), organs=Organ.objects.all(), **span)
    passed = {each.organ.name: each.passed_to for each in figures}
    assert passed[second.name] == {third.name: 1} and passed[of.bureau.name] == {second.name: 1}
    assert {each.organ.name: each.received for each in figures}[third.name] == 1


def test_number_and_code_open_it_and_nothing_else_does() -> None:
    complaint = filed(hall())
    code = code_of_complaint(complaint)
    assert complaint_by_number_and_code(complaint.number.lower(), f" {code.lower()} ") == complaint
    for number, wrong in (
        (complaint.number, "X"),
        ("S20260000000", code),
        ("abc", code),
        ("S2025" + complaint.number[5:], code),
    ):
        assert complaint_by_number_and_code(number, wrong) is None


def test_a_number_tells_no_order_and_one_of_before_still_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counting on from a neighbour's number, or the order of a public list, would tell who came after whom."""
    drawn = iter([7, 99_000_000, 7, 12])
    monkeypatch.setattr(queries, "randbelow", lambda below: next(drawn))
    of = hall()
    first, second, third = (filed(of, text=f"第{each}件，没有答复我") for each in range(3))
    assert [each.number[5:] for each in (first, second, third)] == ["00000007", "99000000", "00000012"]
    Complaint.objects.filter(pk=first.pk).update(number=f"S2026{first.pk:07d}")
    again = complaint_by_number_and_code(f" s2026{first.pk:07d}", code_of_complaint(first))
    assert again == first and complaint_by_number_and_code(f"S2026{second.pk:07d}", code_of_complaint(second)) is None


def test_a_good_answer_is_offered_while_others_write() -> None:
    of = hall()
    complaint = filed(of, "consultation", text="取水许可要多少天才能办好")
    with pytest.raises(Conflict):
        publish_answer(complaint, question="要多少天", answer="20个工作日", by=of.head, at=FRIDAY)
    accept_complaint(complaint, by=of.head, at=FRIDAY)
    answer_complaint(complaint, answer="20个工作日以内办好", by=of.head, at=FRIDAY)
    publish_answer(complaint, question="取水许可多少天能办好", answer="20个工作日", by=of.head, at=FRIDAY)
    assert [each.answer for each in knowledge_for("取水许可多少天办好啊")] == ["20个工作日"]
    assert knowledge_for("孩子怎么上学") == []


def test_refusing_needs_a_reason_and_too_short_or_long_texts_are_refused() -> None:
    of = hall()
    with pytest.raises(BadInput):
        refuse_complaint(filed(of), reason=" ", by=of.head, at=FRIDAY)
    for text in ("慢", "慢" * (LONGEST_TEXT + 1)):
        with pytest.raises(BadInput):
            filed(of, text=text)


def test_the_desk_writes_down_what_comes_by_phone_in_its_own_name() -> None:
    of = hall()
    desk = make.user("feedback", of.bureau)
    complaint = filed(of, channel="phone", name="王", contact="13900000000", by=desk)
    assert LedgerEntry.objects.get(action="feedback.file_complaint").actor == desk.ledger_id
    assert (
        complaint.reporter_index == "" and look_at_reporter(complaint, by=desk, at=FRIDAY)["contact"] == "13900000000"
    )


def test_abuse_is_held_at_the_desk_with_the_reason_told_and_its_days_running() -> None:
    of = hall()
    desk = make.user("feedback", make.organ("示例县政务服务局"))
    complaint = filed(of, text="取水许可还没有办好，你们这些王-八 蛋")
    assert complaint.organ is None and complaint.proposal["held"] == ["辱骂的话"]
    assert "先由诉求受理人员看过" in complaint.proposal["why"][-1]
    for spelled in ("傻\u200b逼", "傻\u3164逼", "傻Ｂ", "傻\ufe0f 逼", "傻_b"):
        assert abuse_in(f"取水许可还没有办好，{spelled}") == ["辱骂的话"], ascii(spelled)
    assert complaint.due_rank == filed(of).due_rank
    assert complaint in complaints_visible_to(desk, at=THURSDAY)
    assert complaint not in complaints_visible_to(of.head, at=THURSDAY)
    assert Notification.objects.filter(user=desk, kind="feedback.complaint_received").count() == 1
    transfer_complaint(complaint, to=of.bureau, reason="骂人的话以外的事属实", by=desk, at=FRIDAY)
    now = Complaint.objects.get(pk=complaint.pk)
    assert (now.organ, now.transfers) == (of.bureau, 0) and now in complaints_visible_to(of.head, at=THURSDAY)
    taken_down = file_complaint(
        "complaint", text="来电的人骂王八蛋", organ=of.bureau, channel="phone", by=of.head, at=FRIDAY
    )
    assert taken_down.organ == of.bureau and "held" not in taken_down.proposal


def test_where_no_desk_looks_abuse_goes_its_way_and_is_not_lost() -> None:
    of = hall()
    assert filed(of, text="取水许可还没有办好，你们这些王八蛋").organ == of.bureau


def test_whom_a_held_one_names_does_not_read_it_at_the_desk_either() -> None:
    of = hall()
    named = make.user("feedback", of.bureau, full_name="孙被告")
    complaint = filed(of, text="孙被告是个王八蛋，一直不办", item=None, organ=of.bureau)
    assert complaint.organ is None and complaint not in complaints_visible_to(named, at=THURSDAY)


def test_figures_leave_out_what_is_about_their_reader_also_what_was_passed_on() -> None:
    of, second = hall(), make.organ("示例县住建局")
    complaint = filed(of, text=f"{of.head.full_name}一直不办取水许可")
    transfer_complaint(complaint, to=second, reason="不归我们管", by=make.user("head", of.bureau), at=FRIDAY)
    span = {"organs": Organ.objects.all(), "rank": complaint.due_rank, "since": THURSDAY, "until": LATER}
    own, all_of_them = kept_from(of.head), Complaint.objects.all()
    assert sum(each.passed_on for each in complaint_figures(all_of_them, **span)) == 1
    told = complaint_figures(all_of_them.exclude(own), but=own, **span)
    assert [(each.received, each.passed_on) for each in told] == []


def test_what_names_no_organ_goes_to_a_division_that_has_a_desk_whatever_other_places_are_kept() -> None:
    of = hall()
    make.division("01", "别处省")
    desk = make.user("feedback", make.organ("示例县政务服务局"))
    lost = file_complaint("complaint", text="不知道该找谁反映这件事", by=Visitor(), at=THURSDAY)
    assert lost in complaints_visible_to(desk, at=THURSDAY)
    assert lost.division == of.bureau.division
    assert make_wish(title="希望周末也能办", by=of.citizen, at=THURSDAY).division == of.bureau.division


def test_what_is_answered_late_is_late_though_the_morning_s_task_did_not_run() -> None:
    of = hall()
    complaint = filed(of)
    last = calendar_in_force().day_of(complaint.due_rank)
    at = moment(f"{last + timedelta(days=4):%Y-%m-%d}")
    accept_complaint(complaint, by=of.head, at=at)
    answer_complaint(complaint, answer="已经催办，明天送达", by=of.head, at=at)
    late = Event.objects.filter(kind__endswith="_late").order_by("pk").values_list("kind", flat=True)
    assert list(late) == ["feedback.acceptance_late", "feedback.answer_late"]
    assert tell_late(by=System("tests"), at=at) == 0
    reopen_complaint(complaint, words="没有送达", by=of.citizen, at=at)
    now = Complaint.objects.get()
    assert now.late_at and now.due_rank > complaint.due_rank, "late is late, also with new days"
    assert tell_late(by=System("tests"), at=at) == 0
    again = moment(f"{calendar_in_force().day_of(now.due_rank) + timedelta(days=4):%Y-%m-%d}")
    assert tell_late(by=System("tests"), at=again) == 1 and tell_late(by=System("tests"), at=again) == 0


def test_neighbours_nobody_knows_who_say_the_same_at_once_are_each_heard_with_a_code_of_their_own() -> None:
    of = hall()
    same = {"text": "自来水停了一天，没有人通知", "organ": of.bureau, "by": Visitor(), "at": THURSDAY}
    made = [file_complaint("complaint", **same, anonymous=hidden) for hidden in (True, True, False, False)]
    assert len({each.pk for each in made}) == 4 == len({code_of_complaint(each) for each in made})
    assert {each.leader_id for each in made[1:]} == {made[0].pk}
    twice = [file_complaint("complaint", **same, name="张三", contact="13800000000") for _ in range(2)]
    assert twice[0].pk == twice[1].pk


def test_equal_ones_count_once_for_their_organ_and_the_rest_are_told_beside() -> None:
    of = hall()
    for _ in range(17):
        filed(of, by=Visitor())
    filed(of, text="另外一件事，窗口没有人", by=Visitor())
    [figure] = complaint_figures(
        Complaint.objects.all(),
        organs=Organ.objects.all(),
        rank=0,
        since=THURSDAY - timedelta(days=3),
        until=THURSDAY + timedelta(days=3),
    )
    assert (figure.received, figure.alike, figure.waiting) == (2, 16, 2)
    counted = {
        name: Event.objects.aggregate(n=measures()[name].amount)["n"] for name in ("complaints", "complaints_alike")
    }
    assert counted == {"complaints": 2, "complaints_alike": 16}


def test_a_report_that_speaks_of_an_organ_does_not_go_to_it_though_somebody_chose_it() -> None:
    of = hall()
    of.bureau.short_name = "示例县社保中心"
    of.bureau.save()
    told = "有人在门口收钱代排社保的号，说里面有熟人"
    report = file_complaint("report", text=told, organ=of.bureau, by=Visitor(), at=FRIDAY)
    assert report.organ != of.bureau and report.accused_organs.filter(organ=of.bureau).exists()
    assert file_complaint("complaint", text=told, organ=of.bureau, by=Visitor(), at=FRIDAY).organ == of.bureau
