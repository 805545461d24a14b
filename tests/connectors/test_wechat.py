"""An official account knows no keys; still each version is published once, and the old article goes."""

import pytest
from tests.connectors.conftest import Turn, to_account
from tests.factories import NOON, TESTS, guide, publication, published_item

from banshi.catalog.actions import withdraw
from banshi.catalog.guide.document import Material
from banshi.catalog.provenance import ALL
from banshi.connectors.wechat.article import CONTENT_LETTERS
from banshi.connectors.wechat.fake import FakeOfficialAccount
from banshi.outbox.models import Message

pytestmark = pytest.mark.django_db
State = Message.State


def titles(account: FakeOfficialAccount) -> list[str]:
    return [article["title"] for article in account.published.values()]


def test_an_item_becomes_an_article_that_leads_to_its_guide(account: FakeOfficialAccount, turn: Turn) -> None:
    outlet = to_account(account)
    made = published_item("居住证申领")
    turn(outlet)
    article = next(iter(account.published.values()))
    assert article["title"] == "居住证申领"
    assert f"/items/{made.guid}/" in article["content_source_url"]
    assert "居民户口簿" in article["content"] and "谁能办" in article["content"]
    assert article["thumb_media_id"] == "cover1"


def test_what_another_places_page_says_is_marked_in_title_and_text(account: FakeOfficialAccount, turn: Turn) -> None:
    publication(text=guide("居住证申领"), source="某区页面", provenance={ALL: "page"})
    turn(to_account(account))
    article = next(iter(account.published.values()))
    assert article["title"] == "样例：居住证申领"
    assert "来自某区页面" in article["content"] and "不能据此办事" in article["content"]
    assert "以网上最新公布为准" not in article["content"]


def test_a_new_version_takes_the_old_ones_place_and_a_withdrawal_takes_it_away(
    account: FakeOfficialAccount, turn: Turn
) -> None:
    outlet = to_account(account)
    first = publication(text=guide("旧版"))
    turn(outlet)
    second = publication(of=first.item, text=guide("新版"))
    turn(outlet, 1)
    assert titles(account) == ["新版"]
    withdraw(second, ending="withdrawn", note="停办", by=TESTS, at=NOON)
    turn(outlet, 2)
    assert titles(account) == []


@pytest.mark.parametrize("lost", range(5))
def test_whichever_answer_is_lost_there_is_one_article(lost: int, account: FakeOfficialAccount, turn: Turn) -> None:
    """Token, draft, submit, asking after it: each answer lost once."""
    outlet = to_account(account)
    first = publication(text=guide("旧版"))
    turn(outlet)
    publication(of=first.item, text=guide("新版"))
    account.troubles = [0] * lost + [None]
    for minutes in (1, 5, 10):
        turn(outlet, minutes)
    assert titles(account) == ["新版"]
    assert [act for act, _ in account.log] == ["publish", "publish", "delete"]
    assert account.drafts == {}


def test_a_token_that_ended_is_renewed(account: FakeOfficialAccount, turn: Turn) -> None:
    outlet = to_account(account)
    published_item("甲"), published_item("乙")
    real = account.answer

    def ending(asked):  # type: ignore[no-untyped-def]
        if len(account.asked) == 4:
            account.end_token()
        return real(asked)

    account.answer = ending  # type: ignore[method-assign]
    turn(outlet)
    assert titles(account) == ["甲", "乙"]
    assert sum(each.path.endswith("stable_token") for each in account.asked) == 2


def test_one_that_takes_long_to_publish_is_asked_after_and_not_sent_again(
    account: FakeOfficialAccount, turn: Turn
) -> None:
    outlet = to_account(account)
    published_item("居住证申领")
    account.slow = 2
    turn(outlet)
    assert outlet.messages.get().last_error == "公众平台正在发布"
    account.published.clear()  # the real list does not show it before it is done
    turn(outlet, 2), turn(outlet, 10)
    assert outlet.messages.get().state == State.SENT
    assert [act for act, _ in account.log] == ["publish"]


def test_what_the_platform_will_not_publish_is_told_with_its_words(account: FakeOfficialAccount, turn: Turn) -> None:
    outlet = to_account(account)
    account.bad_words = {"博彩"}
    published_item("博彩登记"), published_item("居住证申领")
    turn(outlet)
    refused = outlet.messages.get(state=State.FAILED)
    assert "45166 invalid content" in refused.last_error
    assert titles(account) == ["居住证申领"]


def test_a_wrong_secret_is_told(account: FakeOfficialAccount, turn: Turn) -> None:
    outlet = to_account(account)
    account.secret = "another secret"
    published_item()
    turn(outlet)
    assert "AppSecret 不对" in outlet.last_error


def test_a_long_guide_is_cut_and_says_so(account: FakeOfficialAccount, turn: Turn) -> None:
    outlet = to_account(account)
    publication(text=guide(materials=[Material(name=f"材料{n}" + "很长" * 90) for n in range(200)]))
    turn(outlet)
    content = next(iter(account.published.values()))["content"]
    assert len(content) <= CONTENT_LETTERS and "阅读原文" in content


def test_what_people_wrote_is_text_in_the_article(account: FakeOfficialAccount, turn: Turn) -> None:
    outlet = to_account(account)
    publication(text=guide(materials=[Material(name="<script>alert(1)</script>")]))
    turn(outlet)
    assert "<script>" not in next(iter(account.published.values()))["content"]
