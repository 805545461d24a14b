"""Feedback on its pages: rating by code, the desk of bad ratings, figures; who was rated and strangers see nothing."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests import factories as make
from tests.cases.hall import hall, moment, submitted
from tests.feedback.test_ratings import badly_rated, served
from tests.window.hall import town

from banshi.access import Visitor
from banshi.core.clock import now, stopped_at
from banshi.events.sequencing import sequence
from banshi.feedback.actions import accept_complaint, file_complaint, make_wish, rate, tell_late, transfer_complaint
from banshi.feedback.models import BadRating, Complaint, Rating, RatingInvitation, Wish
from banshi.feedback.policy import policy
from banshi.feedback.queries import code_of_complaint, window_of
from banshi.ledger.models import LedgerEntry
from banshi.notifications.models import Notification
from banshi.people.models import User
from banshi.supervision.examining import catch_up
from banshi.window.actions import begin_service
from banshi.window.kiosk_address import tablet_key

pytestmark = pytest.mark.django_db
MONDAY = moment("2026-05-11")


@pytest.fixture(autouse=True)
def on_monday() -> Any:
    with stopped_at(MONDAY):
        yield


def as_(who: User) -> Client:
    client = Client()
    client.force_login(who, backend=settings.AUTHENTICATION_BACKENDS[-1])
    session = client.session
    session.update({"staff": True, "ready": True})
    session.save()
    return client


def text(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.status_code
    return str(response.content.decode())


def test_a_code_opens_the_page_and_one_grade_is_enough() -> None:
    of = hall()
    invitation = served(of, window="3号窗口")
    client = Client()
    assert client.post("/rate/", {"code": f" {invitation.code.lower()} "}).url == f"/rate/{invitation.code}/"
    page = f"/rate/{invitation.code}/"
    assert "3号窗口" in text(client.get(page))
    assert "必填" in text(client.post(page, {"words": "写了没选"}), 422)
    assert "写了没选" in text(client.post(page, {"words": "写了没选"}), 422)
    assert client.post(page, {"grade": "1"}).status_code == 302
    assert "已经收到评价：<strong>非常满意" in text(client.get(page))
    assert "没有再记" in text(client.post(page, {"grade": "5"}, follow=True)) and Rating.objects.get().grade == 1
    assert "没有再记" not in text(client.post(page, {"grade": "1"}, follow=True))  # a second click
    assert "没有这个评价码" in text(client.post("/rate/", {"code": "NONE"}), 422)
    assert client.get("/rate/NONE/").status_code == 404


def test_the_way_of_a_bad_rating_from_the_phone_to_the_second_rating() -> None:
    of = hall()
    invitation = served(of, at=MONDAY)
    page = f"/rate/{invitation.code}/"
    refused = text(Client().post(page, {"grade": "5", "named": "on"}), 422)
    assert "实名评价请留电话" in refused
    given = {
        "grade": "5",
        "tags": ["many_trips"],
        "words": "跑了三趟",
        "named": "on",
        "name": "林",
        "phone": "13800000000",
    }
    assert Client().post(page, given).status_code == 302
    bad = BadRating.objects.get()
    head, desk = as_(of.head), reverse("workbench:bad-ratings")
    assert "取水许可" in text(head.get(desk))
    one = reverse("workbench:bad-rating", args=[bad.guid])
    shown = text(head.get(one))
    assert "跑了三趟" in shown and "13800000000" not in shown and "5月12日" in shown
    assert "13800000000" in text(head.post(f"{one}rater/"))
    assert head.post(f"{one}act/contact/", {"words": "电话核实，属实"}).status_code == 302
    assert "必填" in text(head.post(f"{one}act/settle/", {"outcome": "mended"}), 422)
    assert head.post(f"{one}act/settle/", {"outcome": "mended", "words": "改为一次告知"}).status_code == 302
    told = text(Client().get(page))
    assert "改为一次告知" in told and "再评价一次" in told
    assert Client().post(f"{page}again/", {"grade": "2"}).status_code == 302
    assert head.post(f"{one}act/call-back/", {"satisfied": "yes", "words": "认可"}).status_code == 302
    assert BadRating.objects.get().state == "closed"
    assert head.post(f"{one}act/call-back/", {"satisfied": "yes", "words": "认可"}).status_code == 403
    with stopped_at(moment("2026-05-12")):
        assert "收到0条" in text(Client().get("/ratings/")), "of the only one who rated there"
        for _ in range(policy().rating.least_shown):
            rate(served(of, make.user(), at=MONDAY), grade=1, by=Visitor(), at=MONDAY)
        assert "收到1条，已经处理1条，回访认可1条" in text(Client().get("/ratings/"))
    assert "收到0条" in text(Client().get("/ratings/")), "on the day itself one could see who rated how"


def test_who_was_rated_sees_no_words_and_is_refused_who_rated() -> None:
    of = hall()
    one = reverse("workbench:bad-rating", args=[badly_rated(of).guid])
    handler = as_(of.handler)
    shown = text(handler.get(one))
    assert "评的是您经办的服务" in shown and "跑了三趟" not in shown and "申诉" in shown
    listed = text(handler.get(reverse("workbench:bad-ratings")))
    assert "取水许可" not in shown + listed and "让跑了多次" not in shown and "您经办的一次服务" in listed, "one of one"
    for _ in range(policy().rating.least_shown - 1):
        served(of, make.user(), at=moment("2026-05-08"))
    shown = text(handler.get(one))
    assert "取水许可" in shown and "让跑了多次" in shown, "one of several"
    BadRating.objects.update(finding="打给林小例核实", outcome="explained")
    assert "以前" not in text(handler.get(one)) and "打给林小例" not in text(handler.get(one)), "nor which day it was"
    assert "5月" not in text(handler.get(reverse("workbench:bad-ratings"))).split("<tbody>")[1].split("</tbody>")[0]
    assert "这次查看已经记录" in text(handler.post(f"{one}rater/"), 403)
    assert LedgerEntry.objects.filter(action="feedback.refuse_look").count() == 1
    assert handler.post(f"{one}act/contact/", {"words": "我来"}).status_code == 403
    assert handler.post(f"{one}act/appeal/", {"words": "没有来办过"}).status_code == 302


def test_strangers_learn_of_no_bad_rating() -> None:
    of = hall()
    one = reverse("workbench:bad-rating", args=[badly_rated(of).guid])
    stranger = as_(make.user("head", make.organ()))
    for address in (one, f"{one}act/contact/"):
        assert stranger.get(address).status_code == 404
    assert stranger.post(f"{one}rater/").status_code == 404
    assert "取水许可" not in text(stranger.get(reverse("workbench:bad-ratings")))
    assert Client().get(one).status_code == 302


@pytest.mark.parametrize("rows", [1, 3])
def test_the_desk_costs_the_same_with_more_rows(rows: int, django_assert_max_num_queries: Any) -> None:
    of = hall()
    for _ in range(rows):
        rate(served(of, make.user(), at=MONDAY), grade=5, by=Visitor(), at=MONDAY)
    client = as_(of.head)
    client.get(reverse("workbench:bad-ratings"))
    with django_assert_max_num_queries(25):
        assert "差评" in text(client.get(reverse("workbench:bad-ratings")))


def test_a_counter_makes_one_code_for_a_case() -> None:
    of = hall()
    case = submitted(of, moment("05-06"))
    window, page = as_(of.window), reverse("workbench:case-rating", args=[case.pk])
    assert "请办事的人评价" in text(window.get(page))
    window.post(page)
    window.post(page)
    code = case.rating_invitation.code
    shown = text(window.get(page))
    assert code not in shown and "评价码只给本人" in shown
    assert "本单位的工作人员" in text(window.post(f"/rate/{code}/", {"grade": "1"}), 403)
    assert "这台设备登录过" not in text(window.get(f"/rate/{code}/"))
    tablet = Client()
    tablet.cookies["office"] = window.cookies["office"].value
    served(of, of.citizen, at=MONDAY, rated=[of.window.pk])
    other = RatingInvitation.objects.latest("pk").code
    assert "这台设备登录过" in text(tablet.post(f"/rate/{other}/", {"grade": "1"}), 403)
    own = as_(of.citizen).get(reverse("portal:my-case", args=[case.pk]))
    assert f"/rate/{code}/" in text(own)
    assert as_(of.citizen).get(f"/my/ratings/{case.rating_invitation.pk}/").url == f"/rate/{code}/"
    assert as_(of.head).get(f"/my/ratings/{case.rating_invitation.pk}/").status_code == 404


def test_the_figures_have_three_views() -> None:
    badly_rated(hall())
    for by in ("organ", "item", "window"):
        assert "评价公示" in text(Client().get(f"/ratings/?by={by}&days=365"))
    assert "人数太少，不公布" in text(Client().get("/ratings/"))


# Complaints


def test_a_complaint_is_shown_before_it_is_sent_and_followed_by_number_and_code() -> None:
    of = hall()
    client = Client()
    typed = {"kind": "complaint", "text": "示例县水利局办取水许可一直没有答复", "name": "林", "contact": "13800000000"}
    preview = text(client.post("/ask/", typed))
    assert "示例县水利局" in preview and "15个工作日" in preview and "确认提交" in preview
    assert "13800000000" in preview and "<dd>投诉</dd>" in preview
    assert "匿名，不留下您是谁" in text(client.post("/ask/", {**typed, "anonymous": "on"}))
    assert Complaint.objects.count() == 0
    again = text(client.post("/ask/", {**typed, "edit": "1"}))
    assert "示例县水利局办取水许可一直没有答复" in again and "确认提交" not in again
    assert client.post("/ask/", {**typed, "confirmed": "1"}).url == "/ask/sent/"
    complaint = Complaint.objects.get()
    page = text(client.get("/ask/sent/"))
    assert complaint.organ == of.bureau and complaint.number in page
    assert "选照片或者文件" in page, "recordings are not taken, so none are asked for"
    assert Client().get("/ask/sent/").status_code == 404
    named = {"number": complaint.number, "code": code_of_complaint(complaint)}
    shown = text(Client().post("/ask/follow/", named))
    assert "待受理" in shown and "13800000000" not in shown
    assert "对不上" in text(Client().post("/ask/follow/", {**named, "code": "X"}), 422)
    head, one = as_(of.head), reverse("workbench:complaint", args=[complaint.guid])
    assert "一直没有答复" in text(head.get(reverse("workbench:complaints")))
    assert "13800000000" not in text(head.get(one)) and "13800000000" in text(head.post(f"{one}reporter/"))
    assert head.post(f"{one}act/accept/").status_code == 302
    assert "必填" in text(head.post(f"{one}act/answer/", {}), 422)
    assert head.post(f"{one}act/answer/", {"answer": "已经办好了，今天送达"}).status_code == 302
    assert "今天送达" in text(Client().post("/ask/follow/", named))
    assert "没有写哪里不满意" in text(Client().post("/ask/follow/", {**named, "reopen": "1"}), 422)
    again = text(Client().post("/ask/follow/", {**named, "reopen": "1", "words": "没有收到"}))
    assert "办理中" in again and "已经要求重新办理" in again
    assert "要求重新办理：没有收到" in again and "<dt>答复</dt>" in again, "it has a last day once more"
    assert "还有" in text(head.get(one)), "also for who answers"
    head.post(f"{one}act/answer/", {"answer": "已经重新送达，电话确认收到"})
    closed = text(Client().post("/ask/follow/", {**named, "confirm": "1"}))
    assert "已经办结，谢谢您" in closed and "已办结" in closed


def test_right_codes_of_a_complaint_count_against_no_limit_and_a_stranger_s_guesses_only_against_them() -> None:
    hall()
    complaint = file_complaint(kind="complaint", text="示例县水利局一直没有答复", by=Visitor(), at=now())
    named = {"number": complaint.number, "code": code_of_complaint(complaint)}
    page, mine, theirs = "/ask/follow/", Client(), Client(REMOTE_ADDR="203.0.113.9")
    assert {mine.post(page, named).status_code for _ in range(31)} == {200}
    wrong = {**named, "code": "AAAAAAAA"}
    assert [theirs.post(page, wrong).status_code for _ in range(11)] == [422] * 10 + [429]
    shut = text(theirs.post(page, named), 429)
    assert "输错查询码的次数太多了" in shut and complaint.number in shut and named["code"] not in shut
    assert mine.post(page, named).status_code == 200


def test_passed_on_it_leaves_the_desk_and_its_author_sees_the_way() -> None:
    of, other = hall(), make.organ("示例县城管局")
    complaint = file_complaint("complaint", text="办取水许可拖了很久了", item=of.item, by=of.citizen, at=MONDAY)
    head, one = as_(of.head), reverse("workbench:complaint", args=[complaint.guid])
    assert head.post(f"{one}act/transfer/", {"to": other.pk, "reason": "不归我们管"}).status_code == 302
    assert "已转给示例县城管局" in text(head.get(reverse("workbench:complaints")))
    assert head.get(one).status_code == 404
    assert "不归我们管" in text(as_(make.user("head", other)).get(one))
    mine = text(as_(of.citizen).get(f"/my/complaints/{complaint.guid}/"))
    assert "转办过1次" in mine and "转办不延长答复的期限" in mine
    assert "拖了很久" in text(as_(of.citizen).get("/my/complaints/"))
    assert as_(make.user()).get(f"/my/complaints/{complaint.guid}/").status_code == 404


def test_whom_it_is_about_finds_it_nowhere() -> None:
    of = hall()
    named = make.user("head", of.bureau, full_name="赵小慢")
    complaint = file_complaint("complaint", text="赵小慢办事拖了很久了", item=of.item, by=of.citizen, at=MONDAY)
    accused, one = as_(named), reverse("workbench:complaint", args=[complaint.guid])
    for address in (one, f"{one}act/accept/"):
        assert accused.get(address).status_code == 404
    assert accused.post(f"{one}reporter/").status_code == 404
    for address in (reverse("workbench:complaints"), reverse("oversight:complaints") + "?show=all"):
        assert complaint.number not in text(accused.get(address))
    assert accused.get(reverse("oversight:story-of", args=["complaints", complaint.guid])).status_code == 404
    assert LedgerEntry.objects.filter(action="feedback.refuse_look").count() == 4
    assert complaint.number in text(as_(of.head).get(reverse("oversight:complaints") + "?show=all"))


def test_attachments_are_added_with_number_and_code_and_read_at_the_desk() -> None:
    of = hall()
    complaint = file_complaint("complaint", text="办取水许可拖了很久了", item=of.item, by=Visitor(), at=MONDAY)
    named = {"number": complaint.number, "code": code_of_complaint(complaint)}
    paper = SimpleUploadedFile("说明.txt", "当时的情况".encode())
    assert "附件.txt" in text(Client().post("/ask/follow/", {**named, "attach": "1", "files": [paper]}))
    head, one = as_(of.head), reverse("workbench:complaint", args=[complaint.guid])
    address = reverse("workbench:complaint-file", args=[complaint.guid, complaint.files.get().guid])
    assert address in text(head.get(one))
    assert b"".join(head.get(address).streaming_content).decode() == "当时的情况"
    assert as_(make.user("head", make.organ())).get(address).status_code == 404


def test_supervisors_see_figures_of_ratings_complaints_and_wishes() -> None:
    of = hall()
    badly_rated(of, at=MONDAY)
    supervisor = as_(make.user("supervisor", of.bureau))
    assert "取水许可" in text(supervisor.get(reverse("oversight:ratings") + "?show=all"))
    assert "没有这样的愿望" in text(supervisor.get(reverse("oversight:wishes")))
    assert supervisor.get(reverse("oversight:complaints")).status_code == 200
    assert as_(of.window).get(reverse("oversight:ratings")).status_code == 403


def test_the_tablet_of_a_window_shows_the_code_to_nobody_signed_in() -> None:
    of = hall()
    place = town(of.bureau)
    key = tablet_key(place.counters[0])
    invitation = served(of, at=MONDAY, window=window_of(place.counters[0]))
    assert invitation.code in text(Client().get(f"/hall/tablet/{key}/"))
    assert invitation.code not in text(as_(of.head).get(f"/hall/tablet/{key}/"))
    tablet = Client()
    page = text(tablet.get(f"/rate/{invitation.code}/?tablet={key}"))
    assert f'data-leave="/hall/tablet/{key}/"' in page and "hall.js" in page, "what is typed does not stay for the next"
    rest = text(tablet.get(f"/hall/tablet/{key}/"))
    own = {f"/rate/{invitation.code}/", f"/hall/tablet/{key}/", "#main"}
    for shown in (page, rest):
        led = {each.replace("&amp;", "&").partition("?")[0] for each in re.findall(r'<a\b[^>]*href="([^"]*)"', shown)}
        assert led <= own and "site-head" not in shown, "nothing leads away"
    chosen = text(tablet.get(f"/rate/{invitation.code}/?tablet={key}&grade=5"))
    assert re.search(r'value="5"[^>]*checked', chosen)
    assert "data-leave" not in text(tablet.get(f"/rate/{invitation.code}/"))
    rated = tablet.post(f"/rate/{invitation.code}/?tablet={key}", {"grade": "1"})
    thanked = text(tablet.get(rated.url))
    assert rated.url == f"/hall/tablet/{key}/" and "办完事以后" in thanked and "收到您的评价，谢谢。" in thanked
    assert "收到您的评价" not in text(tablet.get(rated.url))
    assert Client().get(f"/hall/tablet/{key}x/").status_code == 404


def test_the_next_person_at_the_window_does_not_rate_for_the_one_before() -> None:
    of = hall()
    place = town(of.bureau)
    counter = place.counters[0]
    served(of, at=MONDAY, window=window_of(counter))
    page = f"/hall/tablet/{tablet_key(counter)}/"
    assert "请评价" in text(Client().get(page)).partition("<h1>")[2]
    place.sits()
    place.ticket()
    begin_service(place.calls(), by=place.clerks[0], at=place.later())
    assert "请评价" not in text(Client().get(page)).partition("<h1>")[2]


def test_what_is_refused_at_the_tablet_is_said_there() -> None:
    of = hall()
    key, invitation = tablet_key(town(of.bureau).counters[0]), served(of, at=MONDAY)
    RatingInvitation.objects.update(expires_at=MONDAY)
    tablet, page = Client(), f"/rate/{invitation.code}/?tablet={key}"
    assert tablet.get(page).url == f"/hall/tablet/{key}/"
    refused = tablet.post(page, {"grade": "1"}, follow=True)
    assert "评价的时间已经过了" in text(refused) and "site-head" not in text(refused)


def test_a_bad_rating_at_the_tablet_is_told_where_its_handling_stands() -> None:
    of = hall()
    key = tablet_key(town(of.bureau).counters[0])
    tablet = Client()
    tablet.post(f"/rate/{served(of, at=MONDAY).code}/?tablet={key}", {"grade": "5"})
    assert "请用号票上的评价码查" in text(tablet.get(f"/hall/tablet/{key}/"))


def test_a_tablet_whose_clerk_was_signed_in_there_offers_the_phone_alone() -> None:
    of = hall()
    place = town(of.bureau)
    window = as_(of.window)
    window.get(reverse("workbench:today"))
    tablet = Client()
    tablet.cookies["office"] = window.cookies["office"].value
    served(of, at=MONDAY, window=window_of(place.counters[0]), rated=[of.window.pk])
    shown = text(tablet.get(f"/hall/tablet/{tablet_key(place.counters[0])}/"))
    assert "请用手机扫码" in shown and "grade=" not in shown and "<svg" in shown


def test_who_asks_to_be_called_leaves_a_number_that_rings() -> None:
    of = hall()
    given = {"grade": "5", "named": "on", "name": "林", "phone": "12"}
    page = f"/rate/{served(of, at=MONDAY).code}/"
    assert "不想留电话的，去掉" in text(Client().post(page, given), 422)
    assert Client().post(page, {**given, "phone": "0999-2345678"}).status_code == 302


def test_the_desk_takes_down_a_call_and_joins_what_is_alike() -> None:
    of = hall()
    file_complaint("complaint", text="示例县水利局窗口排队时间太长了", by=of.citizen, at=MONDAY)
    desk = as_(make.user("feedback", of.bureau))
    called = {
        "channel": "phone",
        "kind": "complaint",
        "text": "示例县水利局窗口排队太长了时间久",
        "organ": of.bureau.pk,
    }
    assert re.search(r"\d{4}年\d+月\d+日以前答复", text(desk.post("/work/complaints/new/", called, follow=True)))
    first, second = Complaint.objects.order_by("pk")
    page = f"/work/complaints/{second.guid}/"
    assert first.number in text(desk.get(page))
    assert desk.post(f"{page}act/join/", {"leader": first.pk}).status_code == 302
    assert Complaint.objects.get(pk=second.pk).leader == first
    assert as_(of.citizen).get("/work/complaints/new/").status_code in (403, 404)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_desk_of_complaints_costs_the_same_with_more_rows(rows: int, django_assert_max_num_queries: Any) -> None:
    of = hall()
    for number in range(rows):
        file_complaint("help", text=f"第{number}件不同的事情", organ=of.bureau, by=of.citizen, at=MONDAY)
    client = as_(of.head)
    client.get("/work/complaints/")
    with django_assert_max_num_queries(28):
        assert "第0件" in text(client.get("/work/complaints/"))


# Wishes


def test_a_wish_from_the_phone_to_the_answer() -> None:
    of = hall()
    author, desk, head = make.user(date_joined=moment("01-05")), as_(make.user("feedback", of.bureau)), as_(of.head)
    assert Client().get("/wishes/new/").status_code == 302
    assert "4到80个字" in text(as_(author).post("/wishes/new/", {"title": "周末"}), 422)
    assert as_(author).post("/wishes/new/", {"title": "希望周末也能办取水许可"}).status_code == 302
    wish = Wish.objects.get()
    page, work = f"/wishes/{wish.guid}/", f"/work/wishes/{wish.guid}/"
    assert Client().get(page).status_code == 404 and "待审看" in text(as_(author).get(page))
    assert "希望周末" in text(desk.get("/work/wishes/"))
    assert desk.post(f"{work}act/publish/", {"organ": of.bureau.pk}).status_code == 302
    published = text(desk.get(work))
    assert "已公开，正在征集支持" in published and f'href="{page}"' in published
    assert "，征集支持" in published.partition("经过")[2], "the way says what was done"
    assert "登录以后支持" in text(Client().get(page)) and "希望周末" in text(Client().get("/wishes/"))
    assert "希望周末" in text(Client().get("/ask/alike/", {"q": "希望周末能办取水许可", "wish": "1"}))
    young = as_(make.user(date_joined=MONDAY))
    young.post(f"{page}support/")
    counted = text(young.get(page))
    assert "不计入人数" in counted and "谢谢您的支持" in counted and "1人支持" in counted
    for _ in range(19):
        shown = wish.texts.last()
        as_(make.user(date_joined=moment("01-05"))).post(f"{page}support/", {"text": shown.pk})
    assert "要在2026年6月1日（周一）以前答复" in text(Client().get(page))
    assert "写明怎么考虑" in text(head.post(f"{work}act/answer/", {"kind": "not_now", "answer": "不"}), 422)
    assert head.post(f"{work}act/answer/", {"kind": "not_now", "answer": "今年没有这个经费"}).status_code == 302
    told = text(Client().get(page))
    assert "暂时做不到" in told and "今年没有这个经费" in told
    assert as_(author).get(f"/wishes/told/{wish.pk}/").url == page


def test_strangers_reach_no_desk_of_wishes() -> None:
    wish = Wish.objects.create(
        author=make.user(), division=make.division(), organ=make.organ(), title="愿望", created_at=MONDAY
    )
    stranger = as_(make.user("head", make.organ()))
    assert stranger.get(f"/work/wishes/{wish.guid}/").status_code == 404
    assert as_(make.user()).get("/work/wishes/").status_code in (403, 404)


AN_HOUR = policy().complaint.an_hour


def test_a_thousand_neighbours_on_one_network_are_heard_and_a_flood_is_kept() -> None:
    of = hall()
    told = {"kind": "complaint", "text": "自来水停了一天，没有人通知", "confirmed": "1", "website": ""}
    stranger = Client(enforce_csrf_checks=False)
    assert [stranger.post("/ask/", told).status_code for _ in range(AN_HOUR + 1)] == [302] * (AN_HOUR + 1)
    assert [as_(make.user()).post("/ask/", told).status_code for _ in range(AN_HOUR + 5)] == [302] * (AN_HOUR + 5)
    one = as_(of.citizen)
    assert [one.post("/ask/", told).status_code for _ in range(AN_HOUR + 1)][-2:] == [302, 302]
    assert Complaint.objects.count() == 2 * AN_HOUR + 7, "each neighbour's, and one's own once"
    assert Complaint.objects.filter(leader=None).count() == 1


def test_of_fifty_in_a_minute_all_are_kept_and_those_like_none_wait_to_be_looked_at(monkeypatch: Any) -> None:
    of = hall()
    desk = make.user("feedback", make.organ(division=of.bureau.division))
    hall_page, words = Client(), [f"{of.bureau.name}第{n}号窗口的人不在，等了一上午" for n in range(AN_HOUR + 28)]
    told = {"kind": "complaint", "confirmed": "1", "website": ""}
    for each in words:
        assert hall_page.post("/ask/", told | {"text": each}).status_code == 302
        last = text(hall_page.get("/ask/sent/"))
    assert "核对以前不收附件" in last and Complaint.objects.latest("pk").number in last
    assert Complaint.objects.count() == len(words)
    aside = Complaint.objects.filter(organ=None, proposal__crowded=True)
    assert aside.count() == 28 and aside.filter(accept_rank__isnull=False).count() == 28
    assert Notification.objects.filter(user=desk, kind="feedback.complaint_received").count() == 1, "told once of all"
    assert hall_page.post("/ask/", told | {"text": words[0]}).status_code == 302
    like = Complaint.objects.latest("pk")
    assert like.organ == of.bureau and like.leader and like.leader.text == words[0], "like an open one it joins it"
    listed = text(as_(desk).get(reverse("workbench:complaints") + "?show=crowd"))
    assert words[AN_HOUR] in listed and words[0] not in listed
    one = aside.order_by("pk")[0]
    followed = {"number": one.number, "code": code_of_complaint(one)}
    assert "核对以前不收附件" in text(Client().post("/ask/follow/", followed))
    picture = {"attach": "1", "files": SimpleUploadedFile("a.png", b"x")}
    assert "核对以后" in text(Client().post("/ask/follow/", followed | picture), 409)
    transfer_complaint(one, to=of.bureau, reason="该窗口归它", by=desk, at=MONDAY)
    one.refresh_from_db()
    assert one.transfers == 0 and "补附件" in text(Client().post("/ask/follow/", followed))
    most = policy().model_copy(update={"complaint": policy().complaint.model_copy(update={"crowd_of_address": 1})})
    monkeypatch.setattr("banshi.feedback.daily_quota.policy", lambda: most)
    assert hall_page.post("/ask/", told | {"text": "说不完的话"}).status_code == 302
    refused = text(hall_page.post("/ask/", told | {"text": "说不完的话"}), 429)
    assert "没有收下" in refused and "12345" in refused


def test_a_second_rating_that_is_bad_again_reaches_who_verifies_and_says_what_follows() -> None:
    of = hall()
    bad = badly_rated(of)
    page, one = f"/rate/{bad.rating.invitation.code}/", reverse("workbench:bad-rating", args=[bad.guid])
    head = as_(of.head)
    head.post(f"{one}act/contact/", {"words": "电话核实，属实"})
    head.post(f"{one}act/settle/", {"outcome": "mended", "words": "改为一次告知"})
    again = Client()
    for _ in range(2):  # a second click is no error
        shown = text(again.post(f"{page}again/", {"grade": "5"}, follow=True))
        assert "收到您的再评价" in shown and "写投诉" in shown and "核实的同事会收到" in shown
    told = Notification.objects.filter(kind="feedback.rated_again_badly")
    assert of.head.pk in told.values_list("user", flat=True) and of.handler.pk not in told.values_list(
        "user", flat=True
    )
    assert str(bad) in told[0].body


def test_messages_name_their_number_and_what_to_do_next() -> None:
    of = hall()
    bad = badly_rated(of)
    said = file_complaint("consultation", text="取水许可要多少天", item=of.item, by=of.citizen, at=MONDAY)
    accept_complaint(said, by=of.head, at=MONDAY)
    accused = file_complaint("complaint", text="取水许可一直不办", item=of.item, by=of.citizen, at=MONDAY)
    accept_complaint(accused, by=of.head, at=MONDAY)
    told = {each.kind: each.body for each in Notification.objects.order_by("pk")}
    assert f"评价码{bad.rating.invitation.code}" in told["feedback.invitation"]
    assert str(bad) in told["feedback.bad_rating"] and "请打开" in told["feedback.bad_rating"]
    assert said.number in told["feedback.complaint_news"] and "请等答复，最晚2026年" in told["feedback.complaint_news"]
    hidden = told["feedback.accusation_news"]
    assert accused.number not in hidden and "最晚" not in hidden and "我的诉求" in hidden


def test_complaints_are_found_by_number_and_who_may_look_is_named() -> None:
    of = hall()
    several = [
        file_complaint("complaint", text=f"窗口第{each}次没人", organ=of.bureau, by=Visitor(), at=MONDAY)
        for each in "一二"
    ]
    found = text(as_(of.head).get("/work/complaints/", {"q": several[0].number}))
    assert several[0].number in found.partition("<tbody>")[2] and several[1].number not in found
    shown = text(as_(of.handler).get(reverse("workbench:complaint", args=[several[0].guid])))
    assert "单位负责人" in shown.partition("谁提的")[2] and "查看是谁提的" not in shown
    assert as_(of.head).get(f"/work/complaints/told/{several[0].pk}/").url == f"/work/complaints/{several[0].guid}/"


def test_number_and_code_do_not_stay_on_a_shared_machine() -> None:
    hall()
    client = Client()
    client.post("/ask/", {"kind": "help", "text": "窗口没有轮椅坡道", "confirmed": "1"})
    number = Complaint.objects.get().number
    assert number in text(client.get("/ask/sent/"))
    with stopped_at(MONDAY + timedelta(minutes=31)):
        assert number not in text(client.get("/ask/sent/"), 404)


def test_a_flood_in_slightly_other_words_is_gathered_in_one_act() -> None:
    of = hall()
    flood = [
        file_complaint(
            "complaint", text=f"水利局的网上系统打不开，转圈{each}", organ=of.bureau, by=Visitor(), at=MONDAY
        )
        for each in "甲乙丙丁戊己庚"
    ]
    other = file_complaint("complaint", text="窗口没有轮椅坡道，上不去", organ=of.bureau, by=Visitor(), at=MONDAY)
    head, page = as_(of.head), f"/work/complaints/{flood[0].guid}/"
    shown = text(head.get(f"{page}act/gather/"))
    assert all(each.number in shown for each in flood[1:]) and other.number not in shown
    assert "把相近的并过来" in text(head.get(page))
    keys = [each.pk for each in flood[1:]]
    assert head.post(f"{page}act/gather/", {"others": [*keys, other.pk]}).status_code == 422, "only what is alike"
    assert head.post(f"{page}act/gather/", {"others": keys}).status_code == 302
    assert set(Complaint.objects.filter(pk__in=keys).values_list("leader", flat=True)) == {flood[0].pk}
    assert "把相近的并过来" not in text(head.get(f"/work/complaints/{flood[1].guid}/"))


def test_who_complained_is_told_plainly_that_it_is_late() -> None:
    of, later = hall(), moment("2026-05-21")
    given = {"kind": "consultation", "text": "取水许可证丢了到哪里补？", "by": of.citizen, "at": MONDAY}
    mine = file_complaint(**given, organ=of.bureau)
    joined = file_complaint(**given | {"by": make.user()}, organ=of.bureau)
    page = reverse("portal:my-complaint", args=[mine.guid])
    assert "超期" not in text(as_(of.citizen).get(page))
    with stopped_at(moment("2026-05-13")):
        told = text(as_(of.citizen).get(page))
        assert "超期1个工作日" in told and told.count("超期") == 1, "accepted late, answered not late yet"
    with stopped_at(later):
        told = text(as_(of.citizen).get(page))
        assert "超期7个工作日" in told and "超期6个工作日" in told and "12345" in told
        assert "监察" not in told.split("<main")[1], "nobody has told it yet"
        assert "超期" in text(as_(of.citizen).get(reverse("portal:my-complaints")))
        followed = {"number": joined.number, "code": code_of_complaint(joined)}
        assert "超期7个工作日" in text(Client().post("/ask/follow/", followed))
        while tell_late(by=make.TESTS, at=later):
            pass
        said = Notification.objects.filter(user=of.citizen, kind="feedback.complaint_news")
        assert said.count() == 2, "once that it was not accepted, once that it was not answered"
        sequence()
        catch_up()
        assert "由监察人员督促" in text(as_(of.citizen).get(page))
        assert "由监察人员督促" in text(Client().post("/ask/follow/", followed))


def test_who_publishes_a_wish_is_proposed_an_organ_with_the_reason() -> None:
    of = hall()
    desk = make.user("feedback", make.organ())
    wish = make_wish(title=f"希望{of.bureau.name}周六也开门", by=of.citizen, at=MONDAY)
    assert wish.organ is None
    page = text(as_(desk).get(f"/work/wishes/{wish.guid}/act/publish/"))
    assert f"建议{of.bureau.name}：写到“{of.bureau.name}”" in page
    assert f'value="{of.bureau.pk}" selected' in page
    assert "请选择答复单位" in text(as_(desk).post(f"/work/wishes/{wish.guid}/act/publish/", {}), 422)


@pytest.mark.parametrize("page", ["complaints", "ratings", "wishes"])
def test_each_figure_of_an_organ_is_named_where_a_phone_has_no_heading(page: str) -> None:
    of = hall()
    file_complaint("complaint", text="示例县水利局窗口排队时间太长了", by=Visitor(), at=MONDAY)
    make_wish(title="希望周末也能办", organ=of.bureau, by=of.citizen, at=MONDAY)
    Wish.objects.update(state="open")
    served(of)
    table = text(as_(make.user("supervisor", of.bureau)).get(f"/oversight/{page}/")).split("table stacked counts")[1]
    cells = re.findall(r"<td[^>]*>", table.split("</table>")[0])
    assert cells and all("data-label" in each for each in cells)
