"""The guide page: answers first, honest about what it is, the same from memory as made anew."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from tests import factories as make
from tests.factories import NOON, TESTS

from banshi.calendar.actions import load_arrangements
from banshi.catalog.actions import cancel_item, merge_items, publish, start_draft, suspend_item, withdraw
from banshi.catalog.enums import Audience, Necessity
from banshi.catalog.guide.document import Basis, Contact, Fee, Guide, Material, TimeLimit
from banshi.catalog.models import Publication
from banshi.core.clock import stopped_at
from banshi.insight.models import ItemViews
from banshi.sites.portal.items import version_cache

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parents[3] / "data"
LATER = NOON + timedelta(days=3)


def address(item, rest=""):
    return f"/items/{item.guid}/{rest}"


@pytest.fixture
def publish_again(django_capture_on_commit_callbacks):
    """A new version, with what follows a commit."""

    def again(item, guide):
        connection.run_on_commit.clear()  # what the test published before counts as committed
        with django_capture_on_commit_callbacks(execute=True):
            return publish(start_draft(item, by=TESTS, at=LATER, guide=guide), by=TESTS, at=LATER)

    return again


def test_the_card_answers_who_where_how_long_how_much_how_often(page):
    text = page(address(make.published_item("小学入学报名")))
    card = text[text.index('class="card-answer"') : text.index('id="bring"')]
    for words in (
        "个人",
        "示例县政务服务中心",
        "示例路1号2楼6号窗口",
        "5个工作日内",
        "不收费",
        "最多跑1次",
        "也可以网上办",
    ):
        assert words in card


def test_the_card_names_the_day_until_when_it_is_done(client):
    """20个工作日 mean little to most; a day in the calendar is understood."""
    load_arrangements(DATA / "calendars", by=TESTS, at=NOON)
    item = make.published_item()
    with stopped_at(NOON):
        assert "今天受理，11月30日前办好" in client.get(address(item)).content.decode()
    with stopped_at(NOON + timedelta(days=1)):
        assert "今天受理，12月1日前办好" in client.get(address(item)).content.decode()
    for rest in ("print", "versions/1/"):
        assert "今天受理" not in client.get(address(item, rest)).content.decode()


@pytest.mark.parametrize("limit", [TimeLimit(immediate=True), TimeLimit(text="按招生日程"), TimeLimit()])
def test_without_days_to_count_no_day_is_named(page, limit):
    assert "今天受理" not in page(address(make.publication(text=make.guide(promised_limit=limit)).item))


def test_a_day_in_a_year_whose_holidays_are_not_known_is_the_earliest(page):
    guide = make.guide(promised_limit=TimeLimit(value=900))
    assert "今天受理，不早于20" in page(address(make.publication(text=guide).item))


def test_where_things_are_booked_stands_among_the_acts(page):
    told = make.publication(text=make.guide(appointment=True, appointment_how="拨打窗口电话")).item
    linked = make.publication(text=make.guide(appointment_how="网上预约 https://book.example/1")).item
    neither = make.published_item()
    assert 'href="#channels">' in page(address(told)) and "怎么约</a>" in page(address(told))
    assert 'href="https://book.example/1" rel="noopener"' in page(address(linked))
    assert "预约</a>" not in page(address(neither))


def test_numbers_to_ask_and_to_complain_can_be_called(page):
    guide = make.guide(consult=Contact(phone="0000-111"), complaint=Contact(phone="0000-222", ways=["1"]))
    text = page(address(make.publication(text=guide).item))
    contact = text[text.index('id="contact"') : text.index('id="basic"')]
    assert 'href="tel:0000-111"' in contact and 'href="tel:0000-222"' in contact


def test_what_need_not_be_brought_stands_apart_with_the_reason(page):
    text = page(address(make.published_item()))
    to_bring, not_to_bring = text[text.index('id="bring"') : text.index('id="flow"')].split("这些不用您带")
    assert "居民户口簿" in to_bring and "不动产权证书" not in to_bring
    assert "不动产权证书" in not_to_bring and "已由自然资源局共享" in not_to_bring and "checkbox" not in not_to_bring


def test_a_material_that_may_be_promised_says_so(page):
    guide = make.guide(materials=[Material(name="无房证明", commitment_ok=True)])
    assert "签一份书面承诺就能办" in page(address(make.publication(text=guide).item))


def test_steps_are_a_list_and_the_same_as_a_picture(page):
    text = page(address(make.published_item()))
    flow = text[text.index('id="flow"') : text.index('id="who"')]
    assert "<svg" in flow and 'role="img"' in flow
    assert [step in flow for step in ("受理（窗口", "审核", "发放入学通知书")] == [True] * 3


def test_composed_guides_are_marked_on_page_print_and_lists(page):
    item = make.published_item("示例事项", is_example=True)
    for rest in ("", "print"):
        assert "不是任何地方的真实办事依据" in page(address(item, rest))
    assert "示例</span>" in page(f"/organs/{item.organ_id}/")
    assert 'name="robots" content="noindex"' in page(address(item))


def test_a_real_guide_bears_no_such_mark(page):
    assert "不是任何地方的真实办事依据" not in page(address(make.published_item()))


def test_a_bare_catalogue_line_says_so_and_whom_to_ask(page):
    organ = make.organ("示例水务局", phone="0000-1234567")
    item = make.publication(text=Guide(name="水质查询"), at=NOON, of=make.item(organ, Guide(name="水质查询"))).item
    text = page(address(item))
    assert "办事指南还没有公布" in text and "0000-1234567" in text and "要带什么</h2>" not in text
    assert "guide.pdf" not in text


def test_an_element_added_to_the_document_shows_without_a_line_here(page):
    text = page(address(make.publication(text=make.guide(quantity_limit="每天50个号")).item))
    assert "数量限制" in text and "每天50个号" in text


def test_texts_of_officials_are_never_markup(page):
    guide = make.guide(name="<b>报名</b>", bases=[Basis(title="<script>alert(1)</script>")], summary='"><img src=x>')
    text = page(address(make.publication(text=guide).item))
    assert "<script>alert" not in text and "<img src=x" not in text and "<b>报名" not in text


def test_only_web_addresses_become_the_online_button(page):
    good = make.publication(text=make.guide(online_url="https://apply.gov.cn/1")).item
    bad = make.publication(text=make.guide(online_url="javascript:alert(1)")).item
    assert 'href="https://apply.gov.cn/1"' in page(address(good))
    assert 'href="javascript' not in page(address(bad))


def test_the_page_carries_its_data_for_search_engines(page):
    text = page(address(make.published_item("</script><script>坏")))
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)[1])
    assert data["@type"] == "GovernmentService" and data["name"] == "</script><script>坏"
    assert '<link rel="canonical"' in text and '<meta name="description"' in text


def test_fees_name_their_ground(page):
    guide = make.guide(charged=True, fees=[Fee(name="工本费", standard="20元/证", basis="发改价格〔2020〕1号")])
    text = page(address(make.publication(text=guide).item))
    assert "工本费 20元/证" in text and "发改价格〔2020〕1号" in text


# What is no longer in force


def test_a_merged_item_leads_to_the_one_it_became_part_of(client):
    old, new = make.published_item("甲事项"), make.published_item("乙事项")
    merge_items([old], into=new, note="合并办理", by=TESTS, at=LATER)
    answer = client.get(address(old))
    assert answer.status_code == 302 and answer["Location"] == address(new)


@pytest.mark.parametrize(
    ("end", "status", "words"),
    [
        (lambda item: suspend_item(item, note="大厅改造", by=TESTS, at=LATER), 200, "暂停办理"),
        (lambda item: cancel_item(item, note="大厅改造", by=TESTS, at=LATER), 410, "已经取消"),
        (lambda item: take_down(item, Publication.Ending.WITHDRAWN), 410, "已停止办理"),
        (lambda item: take_down(item, Publication.Ending.IN_ERROR), 410, "公布有误"),
    ],
    ids=["suspended", "cancelled", "withdrawn", "in error"],
)
def test_an_item_off_the_lists_says_why_and_where_to_go(client, end, status, words):
    item = make.published_item("领取补贴")
    end(item)
    answer = client.get(address(item))
    text = answer.content.decode()
    assert answer.status_code == status and words in text and "大厅改造" in text and "tel:12345" in text


def take_down(item, ending):
    return withdraw(item.publications.get(), ending=ending, note="大厅改造", by=TESTS, at=LATER)


def test_an_erroneous_version_can_not_be_read_any_more(client):
    item = make.published_item()
    take_down(item, Publication.Ending.IN_ERROR)
    assert client.get(address(item, "versions/1/")).status_code == 404
    assert "versions/1/" not in client.get(address(item)).content.decode()


def test_a_draft_is_unknown_to_the_public(client):
    item = make.item()
    for rest in (
        "",
        "print",
        "notice",
        "guide.pdf",
        "guide.docx",
        "notice.pdf",
        "qr.svg",
        "versions/",
        "versions/1/",
        "compare",
    ):
        answer = client.get(address(item, rest))
        assert answer.status_code == 404 and item.name not in answer.content.decode(), rest


# Kept pages


def test_a_kept_page_is_the_page_and_asks_the_database_nothing(client, queries):
    item = make.published_item()
    first = client.get(address(item)).content
    with queries(0):
        second = client.get(address(item)).content
    assert first == second


def test_a_page_nobody_asked_for_yet_costs_its_text_and_a_look_at_the_calendar(client, queries):
    item = make.published_item()
    with queries(4):  # three of them the calendar's
        client.get(address(item))


def test_a_new_version_is_shown_at_once(page, publish_again):
    item = make.published_item("旧名称")
    assert "旧名称" in page(address(item))
    publish_again(item, make.guide("新名称"))
    assert "新名称" in page(address(item))


def test_who_has_the_page_is_told_that_nothing_changed(client, queries, publish_again):
    item = make.published_item()
    tag = client.get(address(item))["ETag"]
    with queries(0):
        answer = client.get(address(item), headers={"If-None-Match": tag})
    assert answer.status_code == 304 and answer.content == b""
    publish_again(item, make.guide("新名称"))
    assert client.get(address(item), headers={"If-None-Match": tag}).status_code == 200


def test_what_another_process_published_is_seen_by_its_stamp(page, queries):
    item = make.published_item("旧名称")
    page(address(item))
    publish(start_draft(item, by=TESTS, at=LATER, guide=make.guide("新名称")), by=TESTS, at=LATER)
    assert "旧名称" in page(address(item))  # no stamp moved: this test's transaction has not committed
    version_cache.move_stamp()
    assert "新名称" in page(address(item))


def test_without_a_stamp_trust_ends_by_itself(page, monkeypatch):
    item = make.published_item("旧名称")
    page(address(item))
    publish(start_draft(item, by=TESTS, at=LATER, guide=make.guide("新名称")), by=TESTS, at=LATER)
    monkeypatch.setattr(version_cache, "TRUSTED", 0)
    assert "新名称" in page(address(item))


def test_large_type_is_kept_apart(client):
    item = make.published_item()
    plain = client.get(address(item))
    client.cookies["large"] = "1"
    large = client.get(address(item))
    assert "portal large" in large.content.decode() and "portal large" not in plain.content.decode()
    assert large["ETag"] != plain["ETag"] and "Cookie" in large["Vary"]


def test_what_is_made_for_a_person_signed_in_is_kept_for_nobody(client):
    item = make.published_item()
    client.force_login(make.user("clerk", full_name="李经办"))
    mine = client.get(address(item))
    assert "工作台" in mine.content.decode() and "private" in mine["Cache-Control"] and "ETag" not in mine
    client.cookies.clear()
    assert "工作台" not in client.get(address(item)).content.decode()


# Looks


def look_at(client, *items, **headers):
    return [client.post(address(item, "seen"), headers=headers).status_code for item in items]


def test_looks_from_the_page_count_and_make_items_popular(client, page):
    items = [make.published_item(f"热门事项{number}") for number in range(3)]
    assert look_at(client, *items, items[2], **{"Sec-Fetch-Site": "same-origin"}) == [204] * 4
    text = page("/")
    assert text.index("热门事项2") < text.index("热门事项0") < text.index("热门事项1")


def test_a_few_looks_are_no_popularity(client, page):
    look_at(client, make.published_item("看过一次"), **{"Sec-Fetch-Site": "same-origin"})
    assert "看过一次" not in page("/") and "大家常看" not in page("/")


def test_looks_from_elsewhere_do_not_count(client):
    items = [make.published_item() for _ in range(3)]
    assert look_at(client, *items) == look_at(client, *items, **{"Sec-Fetch-Site": "cross-site"}) == [403] * 3
    assert client.get(address(items[0], "seen")).status_code == 405
    assert not ItemViews.objects.exists()


def test_fields_of_the_standard_are_folded_for_staff(page):
    text = make.guide(level="3", case_type="2", online_depth="4", audience=[Audience.PERSON], kiosk=True, agent=False)
    shown = page(address(make.publication(text=text).item))
    folded = shown[shown.index("给工作人员看的信息") :]
    above = shown[: shown.index("给工作人员看的信息")]
    for label in ("行使层级", "办件类型", "网办深度", "服务对象", "委托代办"):
        assert label in folded
        assert label not in above
    assert "自助终端办" in above
    assert "自然人" not in above


def test_a_sample_address_is_no_link(page):
    shown = page(address(make.publication(text=make.guide(online_url="https://fuwu.shili.example/1")).item))
    assert "/apply/" in shown, "it is applied for here"
    assert "https://fuwu.shili.example/1" not in shown[shown.index("</head>") : shown.index("ld+json")]


def test_what_is_not_booked_has_no_button_and_no_way_to_book(page):
    shown = page(address(make.publication(text=make.guide(appointment=False, appointment_how="拨打窗口电话")).item))
    assert "怎么约" not in shown
    assert "怎么预约" not in shown


def test_nothing_is_brought_where_nobody_goes(page):
    shown = page(address(make.publication(text=make.guide(visits=0)).item))
    assert "要交什么</h2>" in shown
    assert "要带什么</h2>" not in shown


def test_a_condition_stands_once_in_its_materials_line(page):
    paper = Material(name="旧证", necessity=Necessity.OPTIONAL, requirement="换证的才带，交回旧证")
    shown = page(address(make.publication(text=make.guide(materials=[paper])).item))
    assert shown[: shown.index("ld+json")].count("换证的才带，交回旧证") == 1


def test_lines_break_between_words_only(page):
    shown = page(address(make.publication(text=make.guide("知识产权保护")).item))
    assert '<span class="phrases">知识产权<wbr>保护</span>' in shown
