from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from banshi.catalog.actions import withdraw
from banshi.catalog.enums import Audience, Level
from banshi.catalog.guide.document import Condition, Guide, Material
from banshi.catalog.models import Category
from banshi.people.models import Organ
from banshi.search.index import rebuild
from banshi.search.queries import SearchResult, find
from tests.factories import TESTS, category, division, guide, item, organ, publication

pytestmark = pytest.mark.django_db


def names(text: str, **filters: list[str]) -> list[str]:
    return [hit.name for hit in find(text, filters=filters).hits]


def text_of(name: str, **more: Any) -> Guide:
    """A guide that says little besides its name."""
    return guide(name, **{"summary": "", "materials": [], "conditions": [], "faqs": [], **more})


def publish_all(*some: str) -> None:
    for name in some:
        publication(text=text_of(name))
    rebuild()


def test_by_a_word_of_its_name() -> None:
    publish_all("养老机构设立备案", "居住证申领")
    assert names("居住证") == ["居住证申领"]


def test_by_the_name_people_use() -> None:
    publish_all("社会保障卡申领", "最低生活保障")
    assert names("社保卡") == ["社会保障卡申领"]
    assert names("吃低保要什么条件") == ["最低生活保障"]


def test_by_an_alias_of_the_guide() -> None:
    publication(text=text_of("公共租赁住房申请资格审核认定", aliases=["政府的便宜房"]))
    publish_all("住房公积金提取")
    assert names("便宜房") == ["公共租赁住房申请资格审核认定"]


@pytest.mark.parametrize("typed", ["shehuibaozhangka", "shebaoka", "sbk", "社保ka", "SBK"])
def test_by_pinyin_and_initials(typed: str) -> None:
    publish_all("社会保障卡申领", "居住证申领", "结婚登记")
    assert names(typed) == ["社会保障卡申领"]


def test_what_sounds_like_a_word_everybody_uses_is_taken_for_it() -> None:
    publish_all(*(f"居民身份证{act}" for act in ("申领", "换领", "补领", "挂失", "异地办理")))
    publication(text=text_of("职工退休", conditions=[Condition(text="干部身份，正式在编")]))
    rebuild()
    found = find("身份正")
    assert found.corrected == "身份证"
    assert all("身份证" in hit.name for hit in found.hits)


def test_by_the_beginning_of_a_names_pinyin() -> None:
    publish_all("渔业船舶国籍登记", "居住证申领")
    assert names("yuyechuanb") == ["渔业船舶国籍登记"]


@pytest.mark.parametrize("slip", ["生鱼津贴", "声育津贴", "生育津帖", "育生津贴"])
def test_in_spite_of_a_slip(slip: str) -> None:
    publish_all("生育津贴支付", "居住证申领", "工伤认定申请")
    found = find(slip)
    assert [hit.name for hit in found.hits] == ["生育津贴支付"]
    assert found.corrected and "津贴" in found.corrected


def test_in_spite_of_a_missing_character() -> None:
    publish_all("生育津贴支付", "居住证申领", "工伤认定申请")
    assert names("生津贴") == ["生育津贴支付"]


def test_a_question_well_spelt_is_not_corrected() -> None:
    publish_all("失业登记", "事业单位登记")
    assert find("失业登记").corrected is None


def test_all_words_first_and_most_words_when_there_is_no_item_with_all() -> None:
    publish_all("机动车维修经营备案", "机动车驾驶证公证", "住房公积金提取")
    found = find("机动车维修火星")
    assert found.partial
    assert found.hits[0].name == "机动车维修经营备案"
    assert not find("机动车 维修").partial


def test_by_a_word_within_a_longer_word_nobody_knows() -> None:
    publish_all("踏勘复核仪器校准", "居住证申领")
    assert names("勘复") == ["踏勘复核仪器校准"]
    assert names("仪器") == ["踏勘复核仪器校准"]


def test_by_materials_conditions_and_organ() -> None:
    materials, conditions = [Material(name="羊群检疫单")], [Condition(text="持有驯鹿饲养许可")]
    owner = organ("示例驯养管理局")
    publication(of=item(at=owner, text=text_of("甲事项", materials=materials, conditions=conditions)))
    rebuild()
    assert names("检疫单") == names("驯鹿") == names("驯养管理局") == ["甲事项"]


def test_the_name_counts_more_than_the_text() -> None:
    publication(text=text_of("登记事项一", summary="办理居住证时要用"))
    publish_all("居住证申领")
    assert names("居住证") == ["居住证申领", "登记事项一"]


def test_the_item_called_just_so_comes_first() -> None:
    publish_all("临时救助对象复核", "临时救助", "临时救助金发放情况查询")
    assert names("临时救助")[0] == "临时救助"


def test_real_guides_come_before_bare_lines_of_the_catalogue() -> None:
    publication(text=Guide(name="献血证换发", audience=[Audience.PERSON]))
    publish_all("献血证补发")
    assert names("献血证") == ["献血证补发", "献血证换发"]


def test_who_asks_for_the_plain_thing_has_not_got_it_yet() -> None:
    publish_all("暂停养老保险待遇申请", "恢复养老保险待遇申请", "城乡居民基本养老保险待遇申领")
    assert names("养老金怎么领")[0] == "城乡居民基本养老保险待遇申领"
    assert names("养老金停了怎么恢复")[0] == "恢复养老保险待遇申请"


@pytest.mark.parametrize("asked", ["残疾证换领", "残疾证换新", "换残疾证"])
def test_an_act_on_what_one_has_comes_first_when_it_is_asked_for(asked: str) -> None:
    publish_all("残疾人证换领", "残疾人证新办", "残疾人证注销")
    assert names(asked)[0] == "残疾人证换领"
    assert names("残疾证")[0] == "残疾人证新办"


def test_what_is_no_longer_in_force_is_not_found(noon: datetime) -> None:
    published = publication(text=text_of("居住证申领"))
    rebuild()
    withdraw(published, ending="withdrawn", note="停办", by=TESTS, at=noon)
    rebuild()
    assert names("居住证") == []


def test_marks_are_safe_html() -> None:
    publish_all("<b>居住证</b>申领 & 换领")
    marked = find("居住证").hits[0].name_marked
    assert marked == "&lt;b&gt;<mark>居住证</mark>&lt;/b&gt;申领 &amp; 换领"


def test_the_synonym_that_matched_is_marked() -> None:
    publish_all("社会保障卡申领")
    assert find("社保卡").hits[0].name_marked == "<mark>社会保障卡</mark>申领"


def test_the_snippet_shows_where_it_matched() -> None:
    publication(text=text_of("甲事项", summary="前言" * 60 + "需要驯鹿证明" + "后语" * 60))
    rebuild()
    shown = find("驯鹿").hits[0].snippet_marked
    assert "<mark>驯鹿</mark>" in shown and shown.startswith("…") and shown.endswith("…")


def test_an_empty_question_browses_everything() -> None:
    publish_all("甲事项", "乙事项")
    assert find("").total == 2
    assert find("   ").total == 2


def test_pages_do_not_overlap_and_the_total_is_exact() -> None:
    publish_all(*(f"居住证申领{number}" for number in range(7)))
    first, second = (find("居住证", page=page, per_page=4) for page in (1, 2))
    assert first.total == second.total == 7
    assert len({hit.item_id for hit in (*first.hits, *second.hits)}) == 7


def facet(found: SearchResult, name: str) -> dict[str, int]:
    return {each.label: each.count for each in found.facets[name]}


def three_of_two_categories() -> None:
    health, school = category("health", "医疗卫生"), category()
    clinic, bureau = organ("示例卫健局", short_name="卫健局"), organ("示例教育局")
    person, company = [Audience.PERSON], [Audience.COMPANY]
    _publish("体检预约", clinic, health, person, online=True, level=Level.CITY)
    _publish("体检报告查询", clinic, health, company, online=False, level=Level.COUNTY)
    _publish("学生体检", bureau, school, person, online=False, level=Level.COUNTY)
    rebuild()


def _publish(name: str, at: Organ, of: Category, audience: list[Audience], *, online: bool, level: Level) -> None:
    publication(of=item(at=at, text=text_of(name, audience=audience, online=online, level=level), category=of))


def test_facets_count_what_was_found() -> None:
    three_of_two_categories()
    found = find("体检")
    assert facet(found, "category") == {"医疗卫生": 2, "公共教育": 1}
    assert facet(found, "organ") == {"卫健局": 2, "示例教育局": 1}
    assert facet(found, "audience") == {"个人": 2, "企业": 1}
    assert facet(found, "online") == {"还不能网上办": 2, "可网上办": 1}
    assert facet(found, "level") == {"县级": 2, "市级": 1}


def test_what_a_guide_does_not_say_is_counted_nowhere_and_can_be_asked_for() -> None:
    three_of_two_categories()
    publication(of=item(text=text_of("婴儿体检", audience=[], online=None)))
    rebuild()
    found = find("体检")
    assert found.total == 4
    assert facet(found, "audience") == {"个人": 2, "企业": 1, "没有写明": 1}
    assert facet(found, "online") == {"还不能网上办": 2, "可网上办": 1}
    assert find("体检", filters={"audience": ["person"]}).total == 2
    assert [each.name for each in find("体检", filters={"audience": ["untold"]}).hits] == ["婴儿体检"]
    assert find("体检", filters={"online": ["0"]}).total == 2


def test_a_chosen_facet_narrows_the_others_but_not_itself() -> None:
    three_of_two_categories()
    found = find("体检", filters={"category": ["health"]})
    assert found.total == 2
    assert facet(found, "category") == {"医疗卫生": 2, "公共教育": 1}
    assert facet(found, "organ") == {"卫健局": 2}
    assert [each.label for each in found.facets["category"] if each.chosen] == ["医疗卫生"]


def test_two_values_of_one_facet_widen_and_two_facets_narrow() -> None:
    three_of_two_categories()
    assert find("体检", filters={"category": ["health", "education"]}).total == 3
    assert find("体检", filters={"category": ["health"], "audience": ["company"]}).total == 1


def test_a_chosen_value_that_finds_nothing_is_still_shown() -> None:
    three_of_two_categories()
    category("law", "法律和信息查询")
    found = find("体检", filters={"category": ["law"]})
    assert found.total == 0
    assert facet(found, "category")["法律和信息查询"] == 0


HOSTILE = [
    "*",
    "name:foo AND (",
    '"" OR 1=1; DROP TABLE catalog_item;--',
    "a" * 10_000,
    "低保" * 5_000,
    "\x00\x01\x1b[31m",
    "' OR ''='",
    "[1 TO 2]",
    "++--&&||!(){}^~?:\\/",
    "😀🎉",
    "\ud800",
    "‮abc",
    "é̂̃̄",
    ".*.*.*",
    "1e999999",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(text: str) -> None:
    publish_all("居住证申领")
    assert find(text).notice == ""


def test_hostile_filters_find_nothing() -> None:
    publish_all("居住证申领")
    for value in ("x", "-1", "9" * 30, "\x00", "' OR 1=1"):
        for name in ("organ", "category", "level", "audience", "online"):
            assert find("居住证", filters={name: [value]}).total == 0
    assert find("居住证", filters={"nonsense": ["x"]}).total == 1


def test_a_search_asks_the_database_at_most_for_labels() -> None:
    publish_all("居住证申领", "居住证换领")
    find("居住证")
    with CaptureQueriesContext(connection) as queries:
        find("居住证", filters={"online": ["1"]})
    assert len(queries) == 0


@pytest.mark.parametrize(
    ("asked", "tempting"),
    [
        ("老伴去世了要办什么", "老板培训"),
        ("信访", "新房用电报装"),
        ("育儿补贴", "保育与补贴发放"),
        ("农村房子要塌了", "农村危房改造"),
        ("普通话", "普通高中国家助学金"),
        ("事故", "世故人情调解"),
        ("手续费", "首续费缴纳"),
        ("公正", "公证预约"),
        ("买车", "卖车登记"),
        ("12333", "12345热线"),
        ("A4B5", "A4B6备案"),
    ],
)
def test_ordinary_words_and_numbers_are_never_corrected(asked: str, tempting: str) -> None:
    publish_all(tempting, "居住证申领")
    assert find(asked).corrected is None


@pytest.mark.parametrize(
    ("slip", "meant"), [("社保咔", "社会保障卡申领"), ("生鱼津贴", "生育津贴支付"), ("居住正申领", "居住证申领")]
)
def test_an_evident_slip_is_mended(slip: str, meant: str) -> None:
    publish_all("社会保障卡申领", "生育津贴支付", "居住证申领")
    assert names(slip) == [meant]


def test_a_correction_that_may_change_the_meaning_is_only_offered() -> None:
    publish_all("生育津贴支付", "工伤认定申请")
    found = find("生活津贴支")
    assert found.corrected is None
    found = find("工商认定")
    assert found.corrected is None


@pytest.mark.parametrize("noise", ["阿斯顿发火箭", "火星发射登陆", "咕噜咕噜啪发"])
def test_gibberish_finds_nothing(noise: str) -> None:
    publish_all("养老金发放", "发票领用", "登记事项", "火化证明")
    assert find(noise).total == 0


def test_a_common_word_alone_is_no_partial_match() -> None:
    publish_all(
        *(f"{kind}补贴申领" for kind in ("创业", "就业", "高龄", "护理", "培训", "租赁", "稳岗", "农机")), "殡仪馆查询"
    )
    assert find("买飞船补贴").total == 0
    assert find("护理飞船补贴").hits[0].name == "护理补贴申领"


def test_the_citys_own_comes_before_other_places(settings: Any) -> None:
    settings.CITY_NAME = "示例县"
    away = organ("宁阳县文旅局", division=division("370921", "宁阳县"))
    publication(of=item(at=away, text=text_of("图书馆借阅服务")))
    publication(of=item(at=organ(), text=text_of("图书馆少儿读者借阅服务")))
    rebuild()
    assert names("图书馆") == ["图书馆少儿读者借阅服务", "图书馆借阅服务"]
    assert names("宁阳县图书馆") == ["图书馆借阅服务"]
    assert names("图书馆", division=["370921"]) == ["图书馆借阅服务"]


@pytest.mark.parametrize(
    "typed",
    ["she bao ka", "she'bao'ka", "she-bao-ka", "shè bǎo kǎ", "shèbǎokǎ", "she4bao3ka3", "she4 bao3 ka3", "SheBaoKa"],
)
def test_pinyin_as_people_write_it(typed: str) -> None:
    publish_all("社会保障卡申领", "居住证申领", "结婚登记")
    assert names(typed) == ["社会保障卡申领"]


@pytest.mark.parametrize("typed", ["lüshi", "lǜshī", "lvshi", "lü shi"])
def test_umlauts_in_pinyin(typed: str) -> None:
    publish_all("律师信息查询", "居住证申领")
    assert names(typed) == ["律师信息查询"]


@pytest.mark.parametrize("typed", ["jmsfzsl", "jmsfzslhlbl", "JMSFZ"])
def test_initials_of_a_whole_name(typed: str) -> None:
    publish_all("居民身份证申领换领补领", "结婚登记", "居民健康档案建立")
    assert names(typed)[0] == "居民身份证申领换领补领"


def test_a_long_story_is_read_to_its_end() -> None:
    publish_all("困难残疾人生活补贴", "残疾人证新办", "居住证申领", "结婚登记", "生育登记", "工伤认定申请")
    story = (
        "同志你好，我是村里的，前年在外头干活从架子上摔下来，" * 2
        + "腿一直没有好，医生说以后走路都要靠拐子了，听人说可以办残疾人证"
    )
    assert len(story) > 60
    assert "残疾人证新办" in names(story)[:2], "beside what he tells first: that he fell at work"


@pytest.mark.parametrize("noise", ["在吗", "的的的的", "%%%", "？？？", "1234567890", "了吗"])
def test_particles_marks_and_numbers_within_longer_ones_ask_for_nothing(noise: str) -> None:
    publication(text=text_of("知识产权举报投诉（12345）", summary="的的的在的吗，了的。"))
    publish_all("在校学生证明的办理")
    assert find(noise).total == 0
    assert find("12345").total == 1
    assert find("").total == 2


@pytest.mark.parametrize("asked", ["房产证加老婆名字", "3岁上幼儿园"])
def test_no_spelling_is_offered_that_drops_what_was_said(asked: str) -> None:
    publish_all("不动产登记资料查询", "幼儿园入园登记", "房产证老婆名字查询", "上幼儿园登记")
    found = find(asked)
    assert (found.corrected, found.offered) == (None, None)


@pytest.mark.parametrize("asked", ["老头子走了要办啥", "我爸走了要办啥", "爷爷没了要办什么"])
def test_who_is_gone_has_died(asked: str) -> None:
    publish_all("死亡户口注销", "流动人员人事档案转递", "居住证申领")
    assert names(asked)[:1] == ["死亡户口注销"]
