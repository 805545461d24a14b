"""规则库: every rule, for anyone."""

import re

import pytest
from tests import factories as make
from tests.factories import NOON, TESTS

from banshi.rulebook import actions
from banshi.rulebook.enums import GroundCheck, GroundReach, Severity
from banshi.rulebook.models import FlawFound
from banshi.rulebook.precision import first_contact, measured_precision
from banshi.rulebook.rules import ALL_RULES
from banshi.sites.portal.rulebook.views import CHAPTERS

pytestmark = pytest.mark.django_db


def test_every_rule_stands_there_with_sentence_basis_and_disposition(page):
    text = page("/rulebook/")
    assert text.count('class="rule-head"') == len(ALL_RULES)
    for rule in ALL_RULES:
        assert f'id="{rule.__name__}"' in text and str(rule.basis[0].title) in text
    assert "由单位核定" in text and "处要改" not in text
    assert "没有法律法规依据的证明，一律取消" in text.replace(",", "，")


def test_every_chapter_has_a_name():
    assert {rule.__name__.rstrip("0123456789") for rule in ALL_RULES} == set(CHAPTERS)


@pytest.mark.parametrize("check", GroundCheck)
def test_each_ground_says_how_it_was_checked_and_no_more(page, check):
    grounds = [ground for rule in ALL_RULES for ground in rule.basis if ground.check == check]
    text = page("/rulebook/")
    assert len(re.findall(rf'<span class="muted">\s*{check.label}', text)) == len(grounds) > 0


def test_each_rule_says_how_often_it_was_right_on_real_texts_or_that_nobody_has_read_enough(page):
    text = page("/rulebook/")
    told = text.partition('id="CL03"')[2].partition("处置")[0]
    seen = first_contact()[Severity.SHOULD]
    assert f"“应改”{seen.findings}处里{seen.right}处属实（{seen.percent}）" in text
    assert f"属实{measured_precision()['CL03'].right}处（{measured_precision()['CL03'].percent}）" in told
    assert "不到20处" in text.partition('id="SF02"')[2].partition("处置")[0]
    codes = re.findall(r'id="([A-Z]{2}\d\d)"', text)
    assert len(codes) == len(ALL_RULES)
    for code in codes:
        said = text.partition(f'id="{code}"')[2].partition("处置")[0]
        assert ("还没有读到过" in said) == (code not in measured_precision()), code


def test_a_text_used_by_analogy_says_so(page):
    licences = [ground for rule in ALL_RULES for ground in rule.basis if ground.reach == GroundReach.LICENCE]
    assert page("/rulebook/").count("公共服务参照") == len(licences) > 0


def test_it_says_how_often_a_rule_is_broken_by_what_is_in_force(page):
    published = make.publication(text=make.guide(charged=False, pay_online=True)).item
    draft = make.item(text=make.guide(charged=False, pay_online=True))
    actions.examine_items([published, draft], by=TESTS, at=NOON)
    rule = FlawFound.objects.filter(path="pay_online")[0].rule
    part = page("/rulebook/").partition(f'id="{rule}"')[2][:400]
    assert "现有1处" in part


def test_it_can_be_narrowed_to_what_must_be_changed(page):
    text = page("/rulebook/", severity="must")
    assert "必改</span>" in text and "提示</span>" not in text
    assert "没有这一类规则" in page("/rulebook/", severity="none")


def test_it_asks_the_database_two_questions(client, queries, db):
    client.get("/rulebook/")
    with queries(1):
        client.get("/rulebook/")
