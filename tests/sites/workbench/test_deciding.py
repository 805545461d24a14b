"""From passed review to publication by the organizer's pages."""

from datetime import timedelta

import pytest
from django.urls import reverse
from tests import factories as make
from tests.factories import NOON, TESTS, campaigns

from banshi.campaigns import actions
from banshi.campaigns.models import Comment, NotedRuling
from banshi.core.clock import stopped_at
from banshi.ledger.models import LedgerEntry
from banshi.people.models import User

pytestmark = pytest.mark.django_db

DECIDE_BUDGET = 11


def signed_in_as(client, role, organ):
    who = User.objects.filter(posts__role=role, posts__organ=organ).first() or make.user(role, organ)
    client.force_login(who)
    return who


@pytest.fixture
def agreed(client):
    unit = campaigns.opened("public-after-review", items=2)
    campaigns.agreed(unit)
    signed_in_as(client, "organizer", unit.campaign.organ)
    return unit


def at(name, unit, *more):
    return reverse(f"workbench:{name}", args=[unit.campaign.guid, *more])


def test_from_consultation_to_what_is_in_force(client, agreed):
    moment = campaigns.during(agreed.campaign, "public")
    days = {"title": "清单公示", "body": "请提意见", "opens": moment.date(), "closes": moment.date()}
    with stopped_at(moment):
        client.post(at("consultation", agreed), days)
        public = client.get(reverse("portal:consultation", args=[agreed.campaign.guid])).content.decode()
        assert all(entry.item.name in public for entry in agreed.entries.all())
        entry = agreed.entries.all()[0]
        where = reverse("portal:consultation-entry-comment", args=[agreed.campaign.guid, entry.guid])
        answer = client.post(where, {"text": "户口簿能不能不带？", "contact": ""}, follow=True)
        comment = Comment.objects.get()
        assert comment.receipt in answer.content.decode()
        client.post(at("comment-answer", agreed, comment.pk), {"answer": "已改为免交", "accepted": "0", "show": "1"})
    with stopped_at(moment + timedelta(days=1)):
        client.post(at("consultation-close", agreed), {"summary": "采纳1条"})
        page = client.get(
            reverse("portal:consultation-entry", args=[agreed.campaign.guid, entry.guid])
        ).content.decode()
        assert "已改为免交" in page
    moment = campaigns.during(agreed.campaign, "decide")
    with stopped_at(moment):
        client.post(at("campaign-decide", agreed), {"meeting": "第十次常务会议", "held_on": moment.date()})
    assert set(agreed.entries.values_list("state", flat=True)) == {"decided"}
    with stopped_at(moment):
        client.post(at("campaign-publish", agreed), {"on": moment.date()})
    agreed.campaign.refresh_from_db()
    assert agreed.campaign.state == "publishing"
    actions.publish_decided(agreed.campaign, by=TESTS, at=moment)
    assert set(agreed.entries.values_list("state", flat=True)) == {"published"}


def test_what_stands_against_a_decision_is_listed(client, agreed):
    moment = campaigns.during(agreed.campaign, "decide")
    with stopped_at(moment):
        answer = client.post(at("campaign-decide", agreed), {"meeting": "常务会议", "held_on": moment.date()})
    assert answer.status_code == 422
    assert "公示征求意见还没有结束" in answer.content.decode()


def test_the_meeting_may_decide_otherwise_on_one_item(client, agreed):
    campaigns.consulted(agreed.campaign)
    moment = campaigns.during(agreed.campaign, "decide")
    one, other = agreed.entries.order_by("id")
    data = {"meeting": "常务会议", "held_on": moment.date()}
    for entry in (one, other):
        data |= {f"e{entry.pk}-disposition": "keep", f"e{entry.pk}-admitted": "1", f"e{entry.pk}-note": ""}
    data |= {f"e{one.pk}-admitted": "0", f"e{one.pk}-note": "依据不足"}
    with stopped_at(moment):
        client.post(at("campaign-decide", agreed), data)
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.state, other.state) == ("refused", "decided")


def row(entry, **changes):
    """What the page sends of one item."""
    said = {"disposition": entry.disposition, "admitted": "1", "note": "", **changes}
    return {f"e{entry.pk}-{name}": value for name, value in said.items()}


def deciding_on_pages_of(monkeypatch, count):
    monkeypatch.setattr("banshi.sites.workbench.deciding.listing.PAGE", count)


def test_what_was_changed_on_one_page_is_kept_on_the_next_and_decided_with_all(client, agreed, monkeypatch):
    deciding_on_pages_of(monkeypatch, 1)
    campaigns.consulted(agreed.campaign)
    moment = campaigns.during(agreed.campaign, "decide")
    first, last = agreed.entries.order_by("id")
    page = at("campaign-decide", agreed)
    answer = client.post(page, row(first, admitted="0", note="依据不足") | {"go": "next"})
    assert answer.url == f"{page}?after={first.pk}"
    shown = client.get(answer.url).content.decode()
    assert last.item.name in shown and first.item.name not in shown
    assert "会议另有决定的1项" in shown
    with stopped_at(moment):
        given = {"meeting": "常务会议", "held_on": moment.date()}
        client.post(answer.url, row(last, disposition="cancel", note="合并办理") | given)
    assert set(agreed.entries.values_list("pk", "state", "final")) == {
        (first.pk, "refused", "keep"),
        (last.pk, "decided", "cancel"),
    }
    assert not NotedRuling.objects.exists()


def test_what_the_meeting_decided_otherwise_is_found_and_taken_back(client, agreed):
    one, other = agreed.entries.order_by("id")
    page = at("campaign-decide", agreed)
    client.post(page, row(one, disposition="cancel", note="不再保留") | row(other) | {"go": "save"})
    found = client.get(page, {"noted": "1"}).content.decode()
    assert one.item.name in found and other.item.name not in found
    client.post(page, row(one) | {"go": "save"})
    assert not NotedRuling.objects.exists()
    assert LedgerEntry.objects.filter(action="campaigns.note_ruling").count() == 2


def test_any_item_is_found_by_name_unit_and_disposition(client, agreed):
    one, _other = agreed.entries.order_by("id")
    for asked in ({"q": one.item.name}, {"unit": agreed.organ.name, "q": one.item.name[-3:], "disposition": "keep"}):
        found = client.get(at("campaign-decide", agreed), asked).content.decode()
        assert one.item.name in found
    assert "没有符合条件的事项" in client.get(at("campaign-decide", agreed), {"disposition": "split"}).content.decode()


def test_who_is_not_admitted_is_told_why_and_nothing_else_of_the_page_is_saved(client, agreed):
    one, other = agreed.entries.order_by("id")
    data = row(one, admitted="0") | row(other, disposition="cancel", note="取消") | {"go": "save"}
    answer = client.post(at("campaign-decide", agreed), data)
    assert answer.status_code == 422
    assert "不予列入的，请写理由" in answer.content.decode()
    assert not NotedRuling.objects.exists()


def test_an_item_cannot_be_merged_into_nothing(client, agreed):
    one = agreed.entries.order_by("id")[0]
    answer = client.post(at("campaign-decide", agreed), row(one, disposition="merge") | {"go": "save"})
    assert "单位没有写明并入哪个事项" in answer.content.decode()


def test_what_stands_against_a_decision_leaves_the_notes_of_earlier_pages(client, agreed):
    moment = campaigns.during(agreed.campaign, "decide")
    one, other = agreed.entries.order_by("id")
    client.post(at("campaign-decide", agreed), row(one, disposition="cancel", note="取消") | {"go": "save"})
    with stopped_at(moment):
        given = {"meeting": "常务会议", "held_on": moment.date()}
        client.post(at("campaign-decide", agreed), row(other, disposition="change") | given)
    assert list(NotedRuling.objects.values_list("entry", "disposition")) == [(one.pk, "cancel")]


def test_what_changed_since_the_page_was_shown_is_looked_at_first(client, agreed):
    campaigns.consulted(agreed.campaign)
    moment = campaigns.during(agreed.campaign, "decide")
    given = {"meeting": "常务会议", "held_on": moment.date(), "stands": "2-0"}
    with stopped_at(moment):
        client.post(at("campaign-decide", agreed), row(agreed.entries.all()[0], disposition="change") | {"go": "save"})
        answer = client.post(at("campaign-decide", agreed), given)
        assert answer.status_code == 422 and "刚才有变动" in answer.content.decode()
        assert client.post(at("campaign-decide", agreed), given | {"stands": "2-1"}).status_code == 302


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_rulings_asks_as_much_for_one_item_as_for_three(client, count, django_assert_num_queries):
    unit = campaigns.opened(items=count)
    campaigns.agreed(unit)
    signed_in_as(client, "organizer", unit.campaign.organ)
    client.get(at("campaign-decide", unit))
    with django_assert_num_queries(DECIDE_BUDGET):
        client.get(at("campaign-decide", unit))


def test_the_draft_for_the_meeting_is_word_and_pdf(client, agreed):
    for form, first in (("pdf", b"%PDF"), ("docx", b"PK")):
        answer = client.get(at("campaign-draft", agreed, form))
        assert answer.content.startswith(first)


def test_a_dispute_is_settled_with_minutes(client):
    unit = campaigns.opened()
    [entry] = campaigns.reported(unit)
    campaigns.summed_up(campaigns.judged(entry, "oppose"), "dispute", question="要不要保留")
    signed_in_as(client, "organizer", unit.campaign.organ)
    assert "要不要保留" in client.get(at("disputes", unit)).content.decode()
    settled = {"outcome": "as_unit", "minutes": "会议同意保留", "held_on": NOON.date()}
    client.post(at("dispute-settle", unit, entry.disputes.get().pk), settled)
    entry.refresh_from_db()
    assert entry.state == "agreed"


def test_a_bulletin_is_drawn_up_issued_and_read_by_the_unit(client):
    unit = campaigns.opened()
    organizer = signed_in_as(client, "organizer", unit.campaign.organ)
    client.post(at("bulletin-new", unit), {"opening": "各单位要抓紧"})
    signed_in_as(client, "clerk", unit.organ)
    assert client.get(at("bulletin", unit, 1)).status_code == 404
    client.force_login(organizer)
    client.post(at("bulletin-issue", unit, 1))
    client.post(at("order-new", unit), {"unit": unit.pk, "text": "补报漏项", "due": "2030-01-01"})
    signed_in_as(client, "clerk", unit.organ)
    assert "各单位要抓紧" in client.get(at("bulletin", unit, 1)).content.decode()
    order = unit.orders.get()
    client.post(reverse("workbench:order", args=[order.pk]), {"answer": "已补报"})
    client.force_login(organizer)
    client.post(at("order-close", unit, order.pk), {"note": "已核对"})
    order.refresh_from_db()
    assert order.closed_note == "已核对"


def test_a_unit_does_not_decide(client, agreed):
    signed_in_as(client, "clerk", agreed.organ)
    for name in ("consultation", "campaign-decide", "campaign-publish", "disputes"):
        assert client.get(at(name, agreed)).status_code == 403


def test_a_consultation_is_extended_by_its_page(client, agreed):
    shown = campaigns.showing(agreed.campaign)
    later = shown.closes + timedelta(days=5)
    assert client.post(at("consultation-extend", agreed), {"closes": shown.opens}).status_code == 422
    client.post(at("consultation-extend", agreed), {"closes": later})
    shown.refresh_from_db()
    assert shown.closes == later


def test_a_comment_on_the_whole_list_leads_to_items_or_a_unit(client, agreed):
    one = campaigns.showing(agreed.campaign)
    moment = campaigns.during(agreed.campaign, "public")
    entry = agreed.entries.all()[0]
    first, second = (
        actions.comment_on(one, text=text, by=TESTS, at=moment) for text in ("名称太长", "公交老年卡没有列")
    )
    said = {"answer": "照办", "accepted": "1", "show": "1"}
    with stopped_at(moment):
        asked = client.post(at("comment-answer", agreed, first.pk), {**said, "hidden_reason": "写了又想"})
        assert (asked.status_code, "由谁去改" in asked.content.decode()) == (422, True)
        assert "写了又想" in asked.content.decode()
        wrong = client.post(at("comment-answer", agreed, first.pk), {**said, "entries": "没有这一项"})
        assert "公示里没有“没有这一项”" in wrong.content.decode()
        done = client.post(at("comment-answer", agreed, first.pk), {**said, "entries": entry.item.name})
        assert done.status_code == 302
        client.post(at("comment-answer", agreed, second.pk), {**said, "unit": agreed.pk})
        entry.refresh_from_db()
        assert entry.state == "returned"
        signed_in_as(client, "clerk", agreed.organ)
        page = client.get(reverse("workbench:report", args=[agreed.pk])).content.decode()
    assert "公交老年卡没有列" in page


def test_a_reason_that_is_missing_is_asked_for_in_the_form_with_what_was_typed(client, agreed):
    one = campaigns.showing(agreed.campaign)
    moment = campaigns.during(agreed.campaign, "public")
    comment = actions.comment_on(one, text="某某的电话是多少", entry=agreed.entries.all()[0], by=TESTS, at=moment)
    with stopped_at(moment):
        sent = {"answer": "很长的答复，写了半天", "accepted": "0", "show": "0", "hidden_reason": ""}
        answer = client.post(at("comment-answer", agreed, comment.pk), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "很长的答复，写了半天" in page
    assert "请写原因" in page
    assert "不公开的原因" in page, "the form itself, not a page of an error"
