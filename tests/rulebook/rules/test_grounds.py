"""A rule says 必改 only where a text in force orders it; each ground says how it was checked."""

from datetime import date

import pytest

from banshi.law.loading import shipped_register
from banshi.law.register import Force
from banshi.rulebook.enums import GroundCheck, GroundReach, Severity
from banshi.rulebook.rule import Ground, Rule
from banshi.rulebook.rules import ALL_RULES
from tests.rulebook.rules.bench import DAY

GROUNDS = sorted({ground for rule in ALL_RULES for ground in rule.basis}, key=str)
LEGAL = [each for each in GROUNDS if each.article]


def holds(ground: Ground) -> bool:
    """In the register of laws, in force, and with the article named."""
    cited = shipped_register().resolve(ground.title, ground.doc_no, ground.article, day=DAY)
    return cited.force is Force.IN_FORCE and not cited.missing


def ordered(rule: type[Rule]) -> bool:
    return any(ground.orders and holds(ground) for ground in rule.basis)


@pytest.mark.parametrize("rule", [each for each in ALL_RULES if each.severity is Severity.MUST], ids=str)
def test_what_must_be_changed_is_ordered_by_an_article_in_force_that_was_read(rule: type[Rule]) -> None:
    assert ordered(rule)


@pytest.mark.parametrize("rule", [each for each in ALL_RULES if not ordered(each)], ids=str)
def test_practice_and_what_was_not_read_weighs_less_than_must(rule: type[Rule]) -> None:
    assert rule.severity is not Severity.MUST


@pytest.mark.parametrize("ground", LEGAL, ids=str)
def test_every_article_named_exists_in_a_text_in_force(ground: Ground) -> None:
    assert holds(ground)


def test_an_article_that_is_not_there_or_a_text_that_ended_holds_nothing() -> None:
    assert not holds(Ground("优化营商环境条例", "国务院令第722号", "第七十三条", GroundCheck.TEXT))
    assert not holds(Ground("城市供水条例", "国务院令第158号", "第一条", GroundCheck.TEXT))
    assert not holds(Ground("政务服务事项录入质量校验要求", article="第一条", check=GroundCheck.TEXT))


def test_a_text_used_by_analogy_or_without_article_or_unread_orders_nothing() -> None:
    read = Ground("某条例", "", "第一条", GroundCheck.TEXT)
    assert read.orders
    assert not Ground("某条例", "", "第一条", GroundCheck.NUMBER).orders
    assert not Ground("某条例", "", "", GroundCheck.TEXT).orders
    assert not Ground("某条例", "", "第一条", GroundCheck.TEXT, GroundReach.LICENCE).orders


@pytest.mark.parametrize("ground", GROUNDS, ids=str)
def test_who_claims_to_have_checked_says_when(ground: Ground) -> None:
    claims = ground.check in (GroundCheck.TEXT, GroundCheck.NUMBER)
    assert (ground.checked_on is not None) == claims
    assert ground.checked_on is None or ground.checked_on <= date(2026, 12, 31)


def test_advice_stands_alone_and_by_its_name() -> None:
    advised = [rule for rule in ALL_RULES if any(ground.is_advice for ground in rule.basis)]
    assert advised
    assert all([str(ground) for ground in rule.basis] == ["本平台建议"] for rule in advised)


def test_the_licence_law_is_said_to_be_used_by_analogy() -> None:
    licence = [each for each in GROUNDS if each.title == "中华人民共和国行政许可法"]
    assert licence
    assert all(str(each).endswith("（参照）") for each in licence)


def test_grounds_nobody_can_find_are_gone() -> None:
    titles = "".join(each.title for each in GROUNDS)
    assert "录入质量校验" not in titles
    assert "清理规范" not in titles
