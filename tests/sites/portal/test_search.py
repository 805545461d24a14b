"""Home, search, lists: how one comes to a guide."""

import re
from datetime import timedelta
from urllib.parse import quote, unquote

import pytest
from tests import factories as make

from banshi.catalog.actions import cancel_item
from banshi.catalog.enums import Audience
from banshi.catalog.guide.document import Guide
from banshi.catalog.models import LifeEvent, Notice
from banshi.core.clock import now, today
from banshi.insight.models import ItemViews
from banshi.search.index import rebuild
from banshi.search.models import Miss
from banshi.sites.portal.items import version_cache

pytestmark = pytest.mark.django_db


def some_items(count, **more):
    organ = more.pop("organ", None) or make.organ(more.pop("at", ""))
    return [make.publication(of=make.item(organ, make.guide(**more))).item for _ in range(count)]


# Home


def test_home_asks_one_question_and_offers_every_way(page):
    item = make.published_item("小学报名")
    LifeEvent.objects.create(code="school", name="上学", audience="person", icon="mortarboard")
    text = page("/")
    for words in ("您要办什么事", "上学", "公共教育", item.organ.name, "公示与公告", "tel:12345", "大字版"):
        assert words in text
    assert 'action="/search"' in text and "按部门找" in text


def test_home_shows_what_people_or_companies_looked_at_most_this_month(page):
    for_all = [*some_items(3, audience=[Audience.PERSON]), *some_items(3, audience=[Audience.COMPANY])]
    for number, item in enumerate(for_all):
        ItemViews.objects.create(item=item, day=today() - timedelta(days=number), count=10 + number)
    ItemViews.objects.create(item=make.published_item(), day=today() - timedelta(days=40), count=999)
    chips = lambda text: re.findall(r'href="/items/([^/]+)/"', text[text.index("大家常看") : text.index("给谁办")])  # noqa: E731
    guids = [str(item.guid) for item in for_all]
    assert chips(page("/")) == guids[2::-1]
    assert chips(page("/", **{"for": "company"})) == guids[:2:-1]


def test_companies_have_their_own_home(page):
    LifeEvent.objects.create(code="open", name="开办企业", audience="company")
    assert "开办企业" in page("/", **{"for": "company"}) and "开办企业" not in page("/", **{"for": "person"})


def test_an_empty_city_says_what_will_be_here(page):
    assert "目前没有公告" in page("/") and "还没有单位公布事项" in page("/")


@pytest.mark.parametrize("count", [1, 3])
def test_home_asks_the_database_six_questions_however_much_there_is(client, queries, count):
    some_items(count)
    for number in range(count):
        LifeEvent.objects.create(code=f"e{number}", name=f"事{number}", audience="person")
        Notice.objects.create(title=f"公告{number}", body="…", organ=make.organ(), published_at=now())
    client.get("/?for=person")
    with queries(6):
        client.get("/?for=person")


def test_home_is_kept_for_a_moment_and_made_anew_when_something_is_published(page, queries):
    some_items(1)
    assert "公共教育" in page("/")
    with queries(0):
        page("/")
    LifeEvent.objects.create(code="school", name="孩子上学", audience="person")
    assert "孩子上学" not in page("/")
    version_cache.move_stamp()
    assert "孩子上学" in page("/")


# Search


def test_plain_words_find_the_guide_with_the_words_marked(page, indexed):
    some_items(1, name="失业保险金申领", at="示例人社局")
    indexed()
    text = page("/search", q="失业保险金")
    assert (
        "<mark>" in text
        and "5个工作日内" in text
        and "最多跑1次" in text
        and "可网上办" in text
        and "示例人社局" in text
    )


def test_a_facet_narrows_and_can_be_taken_away_again(page, indexed):
    some_items(2, name="企业补贴申请", audience=[Audience.COMPANY])
    some_items(1, name="个人补贴申请", audience=[Audience.PERSON])
    indexed()
    assert "找到 3 项" in page("/search", q="补贴申请")
    narrowed = page("/search", q="补贴申请", audience="company")
    assert "找到 2 项" in narrowed and 'aria-current="true"' in narrowed and "去掉这个条件" in narrowed


def test_nothing_found_says_what_to_do_and_is_remembered(page, indexed):
    some_items(1)
    indexed()
    text = page("/search", q="火星移民签证")
    assert "没有找到“火星移民签证”" in text and "按类别找" in text and "tel:12345" in text
    sought = quote("火星移民签证")
    assert f"/wishes/new/?q={sought}" in text and f"/ask/?kind=consultation&amp;q={sought}" in text
    assert "?q=%E5%BC%80%E9%A5%AD%E5%BA%97" in text  # an example of how others ask, one tap away
    assert Miss.objects.get().text == "火星移民签证"


def test_an_empty_search_leads_home(client):
    assert client.get("/search")["Location"] == client.get("/search?q=%20")["Location"] == "/"


def test_results_come_in_pages_with_all_that_was_asked_kept(page, indexed):
    some_items(25, name="补贴申请")
    indexed()
    first = page("/search", q="补贴申请", audience="person")
    assert "第 1–20 项，共 25 项" in first and "audience=person&amp;page=2" in first
    assert "第 21–25 项" in page("/search", q="补贴申请", audience="person", page=2)


@pytest.mark.parametrize(
    "wrong",
    [{"page": "x"}, {"page": "-1"}, {"page": "99999999"}, {"organ": "abc"}, {"level": "<b>"}, {"q": "a" * 5000}],
)
def test_odd_addresses_are_answered(client, indexed, wrong):
    some_items(1, name="补贴申请")
    indexed()
    assert client.get("/search", {"q": "补贴", **wrong}).status_code == 200


def test_what_was_typed_is_shown_as_text(page, indexed):
    indexed()
    assert "<script>alert" not in page("/search", q="<script>alert(1)</script>")


@pytest.mark.parametrize("count", [1, 3])
def test_a_search_asks_the_same_number_of_questions_for_any_number_of_rows(
    client, queries, indexed, count, monkeypatch
):
    monkeypatch.setattr("banshi.search.vocabulary.LOOK_AGAIN_AFTER", float("inf"))  # however long a page takes
    some_items(count, name="补贴申请")
    indexed()
    client.get("/search", {"q": "补贴申请"})
    with queries(1):
        client.get("/search", {"q": "补贴申请"})


def test_suggestions_are_options_that_lead_somewhere(page, indexed):
    item = some_items(1, name="失业保险金申领")[0]
    indexed()
    text = page("/search/suggest", q="失业")
    assert 'role="option"' in text and f"/items/{item.guid}/" in text
    assert page("/search/suggest", q="").strip() == ""


# Lists


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("path", "asked"),
    [("/categories/education/", 3), ("/organs/{organ}/", 4), ("/life/school/", 2), ("/organs/", 5), ("/notices/", 2)],
)
def test_lists_ask_the_same_number_of_questions_for_any_number_of_rows(client, queries, count, path, asked):
    organ = make.organ()
    items = some_items(count, organ=organ)
    LifeEvent.objects.create(code="school", name="上学", audience="person").items.set(items)
    for number in range(count):
        Notice.objects.create(title=f"公告{number}", body="…", organ=organ, published_at=now())
        make.organ()
    with queries(asked):
        assert client.get(path.format(organ=organ.pk)).status_code == 200


def test_a_long_list_is_walked_page_by_page_without_loss_or_repetition(client):
    organ = make.organ()
    names = {item.name for item in some_items(45, organ=organ)}
    seen, path = [], f"/organs/{organ.pk}/"
    while path:
        answer = client.get(path)
        seen += [row["name"] for row in answer.context["rows"]]
        after = answer.context["page"].after
        path = f"/organs/{organ.pk}/?{after}" if after else ""
    assert len(seen) == 45 and set(seen) == names
    back = client.get(f"/organs/{organ.pk}/?{answer.context['page'].before}")
    assert [row["name"] for row in back.context["rows"]] == seen[20:40]


def test_guides_stand_before_bare_catalogue_lines(client):
    organ = make.organ()
    make.publication(of=make.item(organ, Guide(name="只有一行")))
    make.publication(of=make.item(organ, make.guide("有指南")))
    assert [row["name"] for row in client.get(f"/organs/{organ.pk}/").context["rows"]] == ["有指南", "只有一行"]


@pytest.mark.parametrize(
    "mark", ["x", "W10", "WzEsMl0", "WyJhIiwiYiJd", "bnVsbA", "W3t9LHt9XQ", "WzEsOTk5OTk5OTk5OTk5OTk5OTk5OTk5OTldff"]
)
def test_a_place_nobody_wrote_is_answered(client, mark):
    organ = make.organ()
    some_items(1, organ=organ)
    for way in ("after", "before"):
        assert client.get(f"/organs/{organ.pk}/", {way: mark}).status_code == 200


def test_lists_narrow_to_whom_and_online(client):
    organ = make.organ()
    some_items(1, organ=organ, name="个人", audience=[Audience.PERSON], online=False)
    some_items(1, organ=organ, name="企业", audience=[Audience.COMPANY], online=True)
    names = lambda **query: [row["name"] for row in client.get(f"/organs/{organ.pk}/", query).context["rows"]]  # noqa: E731
    assert names(audience="company") == names(online="1") == ["企业"]
    assert names(audience="person", online="1") == []


def test_organs_stand_by_kind_in_their_place_and_lead_down(page):
    county = make.division("990102", "示例县", 4)
    from banshi.people.models import Division

    Division.objects.create(code="990102001", name="示例镇", level=5, parent=county)
    make.organ("示例水务公司", kind="enterprise", division=county)
    make.organ("示例教育局", division=county)
    text = page("/organs/")
    assert text.index("示例教育局") < text.index("示例水务公司") and "示例镇" in text
    assert "没有登记单位" in page("/organs/", division="990102001")


@pytest.mark.parametrize(
    "path",
    [
        "/categories/nothing/",
        "/life/nothing/",
        "/organs/999/",
        "/notices/999/",
        "/items/00000000-0000-7000-8000-000000000000/",
    ],
)
def test_what_is_not_there_is_told_in_plain_words(client, path):
    answer = client.get(path)
    assert answer.status_code == 404 and "tel:12345" in answer.content.decode()


def test_notices_of_tomorrow_are_not_shown(page, client):
    organ = make.organ()
    Notice.objects.create(title="今天的", body="甲\n\n乙", organ=organ, published_at=now())
    later = Notice.objects.create(title="明天的", body="…", organ=organ, published_at=now() + timedelta(days=1))
    assert "今天的" in page("/notices/") and "明天的" not in page("/notices/")
    assert client.get(f"/notices/{later.pk}/").status_code == 404


def test_a_notice_of_what_has_ended_promises_no_guide(page):
    here, gone = make.published_item("养犬登记"), make.published_item("项目申报")
    cancel_item(gone, note="不再办理", by=make.TESTS, at=now())
    about = lambda item: Notice.objects.create(  # noqa: E731
        title="公告", body="…", organ=item.organ, item=item, published_at=now()
    )
    assert "“养犬登记”办事指南" in page(f"/notices/{about(here).pk}/")
    assert "“项目申报”现在的情况" in page(f"/notices/{about(gone).pk}/")


def test_open_data_tells_where_to_get_it(page):
    make.published_item()
    text = page("/open-data/")
    for link in (
        "/open-data/catalogue.json",
        "/open-data/catalogue.csv",
        "/open-data/catalogue.xlsx",
        "/api/v1/openapi.json",
    ):
        assert f'href="{link}"' in text


def test_the_portals_own_city_comes_first_and_other_places_are_a_link_away(page, settings):
    settings.CITY_NAME = "示例市"
    make.organ("外省教育厅", division=make.division("14", "外省", 2))
    make.organ("示例市教育局", division=make.division("9901", "示例市", 3))
    shown = page("/organs/")
    assert "示例市教育局" in shown
    assert "外省教育厅" not in shown
    assert "?division=14" in shown


def test_the_heading_never_says_found_over_what_is_only_closest(page):
    make.published_item("机动车维修经营备案")
    rebuild()
    closest = page("/search", q="机动车维修火星")
    assert "没有找到“机动车维修火星”，最接近的有 1 项" in closest and "”找到" not in closest
    assert f"/wishes/new/?q={quote('机动车维修火星')}" in closest, "what is only like it may be wished for"
    assert "/wishes/new/" not in page("/search", q="机动车维修")
    assert "没有找到“阿斯顿发火箭”" in page("/search", q="阿斯顿发火箭")


def test_a_life_event_is_told_in_the_order_of_life(page):
    first, second = make.published_item("孕前检查"), make.published_item("上户口")
    event = LifeEvent.objects.create(
        code="birth", name="生孩子", audience="person", stages=[["出生以后", ["上户口"]], ["怀孕前", ["孕前检查"]]]
    )
    event.items.set([first, second, make.published_item("别的事")])
    text = page("/life/birth/")
    text = text[text.index("</h1>") :]
    places = [text.index(word) for word in ("出生以后", "上户口", "怀孕前", "孕前检查", "也可能要办", "别的事")]
    assert places == sorted(places)


def test_a_list_says_how_many_there_are_and_which_have_a_guide(page):
    some_items(2)
    make.publication(text=Guide(name="只有一行"))
    text = page("/categories/education/")
    assert "共 3 项，其中 2 项有办事指南" in text
    assert text.index('<h2 class="group">') < text.index("指南还没公布，先问") < text.index("只有一行")


def test_organs_are_found_by_name(page):
    here = make.organ("示例教育局").division
    make.organ("示例公安局")
    text = page("/organs/", division=here.code, q="教育")
    assert "示例教育局" in text
    assert "示例公安局" not in text
    assert "没有叫这个名字的单位" in page("/organs/", division=here.code, q="无此局")


def test_pages_of_a_list_have_titles_of_their_own(page):
    some_items(25)
    first = page("/categories/education/")
    onward = re.search(r'href="\?(after=[^"]+)"', first)[1].replace("after=", "")
    titles = [
        re.search(r"<title>(.*?)</title>", text, re.DOTALL)[1]
        for text in (first, page("/categories/education/", after=unquote(onward)))
    ]
    assert titles[0] != titles[1]
