"""What is said about materials and fees agrees with the rest of the guide."""

from typing import Any

import pytest
from tests import factories as make

from banshi.catalog.enums import CopyKind, Necessity, StepKind
from banshi.catalog.guide.document import Guide, Material, Step, TimeLimit
from banshi.catalog.guide.plain_language import bring, copies_words, fee_words
from banshi.catalog.printables import answers, notice


def guide(**more: Any) -> Guide:
    return make.guide(**more)


def labels(it: Guide) -> list[str]:
    return [each.label for each in bring(it)]


def test_what_is_handed_in_online_is_not_to_be_brought() -> None:
    papers = [Material(name="居民户口簿")]
    assert labels(guide(visits=0, materials=papers)) == ["网上交"]
    assert labels(guide(visits=1, materials=papers)) == ["必带"]


@pytest.mark.parametrize("asked", ["窗口打印，当面签名", "网上填好后窗口打印", "窗口有空白表，网上办理在线填写"])
def test_what_the_window_has_nobody_need_bring(asked: str) -> None:
    papers = [Material(name="声明书", requirement=asked), Material(name="身份证", requirement="窗口不收复印件")]
    assert [(each.label, each.material.name) for each in bring(guide(visits=1, materials=papers))] == [
        ("必带", "身份证"),
        ("窗口有", "声明书"),
    ]
    assert labels(guide(visits=0, materials=papers)) == ["网上交", "网上交"]


@pytest.mark.parametrize("step", ["缴费", "缴纳保费", "网上交费"])
def test_free_handling_does_not_hide_what_is_paid_on_the_way(step: str) -> None:
    assert fee_words(guide(charged=False, steps=[Step(name="受理"), Step(name=step)])) == f"办理不收费；{step}的钱另交"
    assert fee_words(guide(charged=False, steps=[Step(name="受理")])) == "不收费"


def test_nobody_counts_copies_of_what_need_not_be_brought() -> None:
    spared = Material(name="户口簿", copy_kind=CopyKind.COPY, copies=1, shared=True)
    assert copies_words(spared) == ""


def test_a_conditional_paper_says_when_or_whom_to_ask() -> None:
    told = {
        "note": Material(name="旧证", necessity=Necessity.OPTIONAL, note="换证的才带，交回旧证"),
        "requirement": Material(name="旧证", necessity=Necessity.OPTIONAL, requirement="换证的才带"),
        "neither": Material(name="旧证", necessity=Necessity.OPTIONAL),
    }
    assert [bring(guide(materials=[each]))[0].why for each in told.values()] == [
        "换证的才带，交回旧证",
        "换证的才带",
        "有的情形才要，请先问办理单位",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("promised", "statutory", "said"),
    [
        (TimeLimit(value=20), TimeLimit(text="法律法规规章未规定法定时限"), "承诺20个工作日内"),
        (TimeLimit(value=5), TimeLimit(value=20), "承诺5个工作日内、法定20个工作日内"),
        (TimeLimit(immediate=True), TimeLimit(text="每年5月至8月"), "承诺当场办结"),
        (TimeLimit(text="毕业前办理"), TimeLimit(), "毕业前办理"),
    ],
)
def test_the_notice_names_a_statutory_limit_only_where_there_is_one(
    promised: TimeLimit, statutory: TimeLimit, said: str
) -> None:
    publication = make.publication(text=guide(promised_limit=promised, statutory_limit=statutory))
    lines = dict(notice(publication, url="https://x.example/").groups)["办理时限"]
    assert list(lines) == [said]


@pytest.mark.django_db
def test_the_notice_tells_everything_at_once() -> None:
    papers = [
        Material(name="旧居民身份证", necessity=Necessity.OPTIONAL, note="换领时交回"),
        Material(name="申请表", requirement="本人签名"),
    ]
    publication = make.publication(text=guide(materials=papers))
    lines = dict(notice(publication, url="https://x.example/").groups)["要带的材料"]
    assert any("旧居民身份证" in line and "换领时交回" in line for line in lines)
    assert any("申请表" in line and "本人签名" in line for line in lines)


@pytest.mark.django_db
def test_papers_tell_a_public_notice_the_promise_leaves_out_and_the_season() -> None:
    steps = [
        Step(name="审核", limit=TimeLimit(value=18)),
        Step(name="公示", kind=StepKind.SPECIAL, limit=TimeLimit(value=7)),
    ]
    text = guide(
        steps=steps,
        promised_limit=TimeLimit(value=18),
        statutory_limit=TimeLimit(value=30),
        notes="6月10日至20日网上登记。",
    )
    publication = make.publication(text=text)
    said = "18个工作日内（另加7个工作日公示）"
    lines = dict(notice(publication, url="https://x.example/").groups)["办理时限"]
    assert list(lines) == [f"承诺{said}、法定30个工作日内", "不是天天能办：6月10日至20日网上登记"]
    assert dict(answers(text))["多久办好"] == said
    within = guide(steps=steps, promised_limit=TimeLimit(value=25))
    assert dict(answers(within))["多久办好"] == "25个工作日内"
