"""All versions stay readable: the list, one of them, the one of a day, and what changed."""

from datetime import datetime, timedelta

import pytest
from tests import factories as make
from tests.factories import NOON, TESTS

from banshi.catalog.actions import publish, start_draft, suspend_item
from banshi.core.clock import CHINA

pytestmark = pytest.mark.django_db


@pytest.fixture
def item():
    """First version from 5 January, second from 1 May 2026, renamed."""
    first = make.publication(
        text=make.guide("小学报名", summary="报名上小学"), at=datetime(2026, 1, 5, 9, tzinfo=CHINA)
    )
    at = datetime(2026, 5, 1, 9, tzinfo=CHINA)
    text = make.guide("小学入学报名", summary="网上报名上小学")
    publish(start_draft(first.item, by=TESTS, at=at, guide=text, reason="改为网上报名"), by=TESTS, at=at)
    return first.item


def at(item, rest):
    return f"/items/{item.guid}/{rest}"


def test_the_list_names_each_version_with_its_time_and_reason(page, item):
    text = page(at(item, "versions/"))
    assert "第2版" in text and "改为网上报名" in text and "2026年1月5日—2026年5月1日" in text and "现行有效" in text


@pytest.mark.parametrize(("day", "found"), [("2026-04-30", "第1版"), ("2026-06-01", "第2版"), ("2026-01-05", "第1版")])
def test_what_was_in_force_on_a_day(page, item, day, found):
    text = page(at(item, "versions/"), on=day)
    answer = text[text.index('class="answer"') : text.index("</form>", text.index('class="answer"'))]
    assert found in answer and answer.count("versions/") == 1


def test_on_the_day_of_change_both_versions_are_named(page, item):
    text = page(at(item, "versions/"), on="2026-05-01")
    answer = text[text.index('class="answer"') : text.index("</form>", text.index('class="answer"'))]
    assert "第1版" in answer and "第2版" in answer


@pytest.mark.parametrize(
    ("day", "said"), [("2025-12-31", "没有有效的版本"), ("昨天", "日期看不懂"), ("2026-13-40", "日期看不懂")]
)
def test_days_without_a_version_and_days_that_are_none(page, item, day, said):
    assert said in page(at(item, "versions/"), on=day)


def test_an_old_version_says_that_it_is_old(page, item):
    text = page(at(item, "versions/1/"))
    assert "2026年5月1日失效" in text and "被新版本替代" in text and "小学报名" in text
    assert "guide.pdf" not in text


def test_the_difference_is_shown_word_by_word(page, item):
    text = page(at(item, "compare"), old=1, new=2)
    assert '<ins class="diff">网上</ins><span>报名上小学</span>' in text


def test_without_numbers_the_last_two_are_compared(page, item):
    assert "第1版 → 第2版" in page(at(item, "compare"))
    assert "第1版 → 第2版" in page(at(item, "compare"), old="x", new="-3")


def test_a_version_that_is_none(client, item):
    assert client.get(at(item, "versions/9/")).status_code == 404
    assert client.get(at(item, "compare"), {"old": 1, "new": 9}).status_code == 404


def test_the_versions_of_a_suspended_item_stay_readable(page, item):
    suspend_item(item, note="停办", by=TESTS, at=NOON + timedelta(days=1))
    assert "暂停办理" in page(at(item, "versions/"))
    assert "小学入学报名" in page(at(item, "versions/2/"))


def test_a_short_value_is_shown_old_and_new(page):
    first = make.publication(text=make.guide("小学报名", visits=1)).item
    later = NOON + timedelta(days=1)
    publish(start_draft(first, by=TESTS, at=later, guide=make.guide("小学报名", visits=0)), by=TESTS, at=later)
    assert '<del class="diff">1</del> → <ins class="diff">0</ins>' in page(at(first, "compare"))


def test_one_version_is_not_compared_with_itself(client):
    item = make.published_item()
    assert client.get(at(item, "compare")).url == at(item, "versions/")
