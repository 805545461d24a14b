"""许愿: support belongs to the text that was signed; enough of it is answered by a day; all who asked are told of the item."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from banshi.access import Visitor
from banshi.adjustments.models import Adjustment
from banshi.calendar.queries import calendar_in_force
from banshi.catalog.models import Item
from banshi.core.clock import stopped_at
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.events.sequencing import sequence
from banshi.feedback import queries
from banshi.feedback.actions import (
    answer_wish,
    link_wish,
    make_wish,
    make_wish_of_searches,
    merge_wish,
    moderate_wish,
    realise_wish,
    revise_wish,
    support_wish,
    withdraw_support,
)
from banshi.feedback.followers import realise_published_wishes
from banshi.feedback.models import Wish, WishSupport
from banshi.feedback.policy import policy
from banshi.feedback.queries import SHOWN_WISHES, similar_wishes, wanted_in_searches, wishes_shown
from banshi.notifications.models import Notification
from banshi.people.models import Organ, User
from banshi.search.actions import record_miss
from banshi.workflow.definition import workflow
from tests import factories as make
from tests.cases.hall import calendars, moment

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY = moment("11-02"), moment("11-03")


def citizen(**more: Any) -> User:
    return make.user(date_joined=moment("01-05"), **more)


def wished(bureau: Organ, title: str = "希望周末也能办居住证", author: User | None = None) -> Wish:
    desk = make.user("feedback", bureau)
    wish = make_wish(title=title, text="上班的人没有空", organ=bureau, by=author or citizen(), at=MONDAY)
    return moderate_wish(wish, publish=True, organ=bureau, by=desk, at=MONDAY)


def supported(wish: Wish, times: int, at: Any = MONDAY) -> list[User]:
    people = [citizen() for _ in range(times)]
    for each in people:
        support_wish(wish, text=wish.texts.last(), by=each, at=at)
    return people


def count(wish: Wish) -> int:
    return wishes_shown().get(pk=wish.pk).supporters


@pytest.fixture
def bureau(db: None) -> Organ:
    calendars()
    return make.organ("示例县公安局")


def test_enough_support_makes_the_organ_owe_an_answer_by_a_day(bureau: Organ) -> None:
    head = make.user("head", bureau)
    wish = wished(bureau)
    supported(wish, policy().wish.threshold - 2)
    assert Wish.objects.get().state == "open"
    supported(wish, 1, TUESDAY)
    now = Wish.objects.get()
    assert now.state == "owed" and now.due_rank is not None
    assert calendar_in_force().day_of(now.due_rank).isoformat() == "2026-11-24"
    assert Notification.objects.filter(user=head, kind="feedback.wish_owed").count() == 1


def test_support_goes_on_after_the_threshold_and_the_order_is_made_once(bureau: Organ) -> None:
    head, enough = make.user("head", bureau), policy().wish.threshold
    wish = wished(bureau)
    supported(wish, enough - 1)
    due, later = Wish.objects.get().due_rank, supported(wish, 2, TUESDAY)
    assert count(wish) == enough + 2 and (Wish.objects.get().state, Wish.objects.get().due_rank) == ("owed", due)
    assert Notification.objects.filter(user=head, kind="feedback.wish_owed").count() == 1
    withdraw_support(wish, by=later[0], at=TUESDAY)
    assert count(wish) == enough + 1 and Wish.objects.get().state == "owed"
    answer_wish(wish, kind="adopted", answer="下个月起周六开窗口", by=head, at=TUESDAY)
    supported(wish, 1, TUESDAY)
    with stopped_at(TUESDAY):
        client = Client()
        client.force_login(citizen(), backend=settings.AUTHENTICATION_BACKENDS[-1])
        assert "我也想要" in client.get(f"/wishes/{wish.guid}/").content.decode()
        way = client.get(f"/wishes/{wish.guid}/").content.decode().partition("走到哪一步")[2]
        assert "11月2日" in way and "9:00" not in way, "the minute would tell who wished"
    assert wish.guid.version == 4


def test_from_a_wish_to_a_published_item_and_word_to_all_who_asked(bureau: Organ) -> None:
    head = make.user("head", bureau)
    wish = wished(bureau)
    people = supported(wish, policy().wish.threshold - 1)
    answer_wish(wish, kind="adopted", answer="下个月起周六开窗口", by=head, at=TUESDAY)
    item = make.item(bureau, make.guide("居住证申领"))
    with pytest.raises(Conflict, match="还没有公布"):
        realise_wish(wish, item=item, by=head, at=TUESDAY)
    link_wish(wish, item=item, by=head, at=TUESDAY)
    make.publication(item, at=TUESDAY)
    sequence()
    realise_published_wishes()
    now = Wish.objects.get()
    assert (now.state, now.item) == ("realised", item)
    told = Notification.objects.filter(kind="feedback.wish_news", body__contains="已经实现")
    assert set(told.values_list("user", flat=True)) == {each.pk for each in people} | {now.author_id}


def test_what_was_published_before_it_was_named_or_otherwise_realises_nothing(bureau: Organ) -> None:
    head = make.user("head", bureau)
    wish = wished(bureau)
    supported(wish, policy().wish.threshold - 1)
    answer_wish(wish, kind="adopted", answer="下个月起周六开窗口", by=head, at=TUESDAY)
    item = make.publication(make.item(bureau, make.guide("居住证申领")), at=MONDAY).item
    link_wish(wish, item=item, by=head, at=TUESDAY)
    sequence()
    realise_published_wishes()
    assert Wish.objects.get().state == "adopted"
    Wish.objects.update(adjustment=make_adjustment(item))
    make.publication(item, at=moment("11-25"))
    sequence()
    realise_published_wishes()
    assert Wish.objects.get().state == "adopted"
    Adjustment.objects.update(state="published")
    make.publication(item, at=moment("11-26"))
    sequence()
    realise_published_wishes()
    assert Wish.objects.get().state == "realised"


def make_adjustment(item: Item) -> Adjustment:
    """One of the item that is examined still."""
    return Adjustment.objects.create(
        item=item, kind="change", cause="other", cause_day=TUESDAY.date(), created_at=TUESDAY
    )


def test_a_change_of_meaning_leaves_support_with_the_old_text_until_it_is_moved(bureau: Organ) -> None:
    wish = wished(bureau)
    people = supported(wish, 3)
    old = wish.texts.last()
    revise_wish(wish, title="希望周末也能办护照", text="", same_meaning=False, by=wish.author, at=TUESDAY)
    moderate_wish(wish, publish=True, by=make.user("feedback", bureau), at=TUESDAY)
    assert count(wish) == 1, "the author's own"
    assert Notification.objects.filter(user=people[0].pk, body__contains="改了意思").count() == 1
    with pytest.raises(Conflict, match="改动以前"):
        support_wish(wish, text=old, by=people[0], at=TUESDAY)
    support_wish(wish, text=wish.texts.last(), by=people[0], at=TUESDAY)
    assert count(wish) == 2 and WishSupport.objects.filter(wish=wish).count() == 4


def test_a_new_meaning_called_a_slip_is_seen_beside_the_old_text_and_keeps_no_support(
    bureau: Organ, client: Client
) -> None:
    wish = wished(bureau)
    person = supported(wish, 3)[0]
    revise_wish(wish, title="希望减免物业费", text="", same_meaning=True, by=wish.author, at=TUESDAY)
    desk = make.user("feedback", bureau)
    client.force_login(desk)
    page = client.get(f"/work/wishes/{wish.guid}/").content.decode()
    assert "希望周末也能办居住证" in page and "提出的人说只改了错字" in page
    moderate_wish(wish, publish=True, new_meaning=True, by=desk, at=TUESDAY)
    assert count(wish) == 1, "the author's own"
    assert Notification.objects.filter(user=person.pk, body__contains="改了意思").count() == 1


def test_supporters_hear_of_a_new_text_when_somebody_has_looked_at_it_and_never_read_one_that_was_declined(
    bureau: Organ,
) -> None:
    wish = wished(bureau)
    person = supported(wish, 1)[0]
    revise_wish(wish, title="办证加微信，包过", text="", same_meaning=False, by=wish.author, at=TUESDAY)
    told = Notification.objects.filter(user=person.pk)
    assert not told.exists()
    moderate_wish(wish, publish=False, reason="是广告", by=make.user("feedback", bureau), at=TUESDAY)
    assert "没有公开" in told.get().body and "加微信" not in told.get().body


def test_a_text_nobody_has_looked_at_is_never_on_the_public_page(bureau: Organ, client: Client) -> None:
    wish = wished(bureau)
    for each in ("办证加微信，包过", "希望周末也能办护照"):
        revise_wish(wish, title=each, text="", same_meaning=False, by=wish.author, at=TUESDAY)
    moderate_wish(wish, publish=True, by=make.user("feedback", bureau), at=TUESDAY)
    page = client.get(f"/wishes/{wish.guid}/").content.decode()
    assert "文字改过1次" in page and "希望周末也能办居住证" in page and "加微信" not in page


def test_a_slip_mended_keeps_the_support(bureau: Organ) -> None:
    wish = wished(bureau)
    supported(wish, 3)
    revise_wish(wish, title="希望周末也能办居住证。", text="", same_meaning=True, by=wish.author, at=TUESDAY)
    moderate_wish(wish, publish=True, by=make.user("feedback", bureau), at=TUESDAY)
    assert count(wish) == 4


def test_one_person_supports_once_and_very_new_accounts_do_not_count(bureau: Organ) -> None:
    wish = wished(bureau)
    person = supported(wish, 1)[0]
    support_wish(wish, text=wish.texts.last(), by=person, at=MONDAY)
    assert count(wish) == 2
    for _ in range(policy().wish.threshold * 2):
        support_wish(wish, text=wish.texts.last(), by=make.user(date_joined=MONDAY - timedelta(hours=1)), at=MONDAY)
    assert count(wish) == 2 and Wish.objects.get().state == "open"
    withdraw_support(wish, by=person, at=MONDAY)
    assert count(wish) == 1
    with pytest.raises(Refused, match="先登录"):
        support_wish(wish, text=wish.texts.last(), by=Visitor(), at=MONDAY)


def test_merged_wishes_bring_their_supporters_and_count_nobody_twice(bureau: Organ) -> None:
    desk = make.user("feedback", bureau)
    first, second = wished(bureau), wished(bureau, "周末能不能办居住证")
    both = supported(first, 1)[0]
    support_wish(second, text=second.texts.last(), by=both, at=MONDAY)
    supported(second, 2)
    merge_wish(second, into=first, by=desk, at=TUESDAY)
    assert count(first) == 5
    assert Wish.objects.get(pk=second.pk).state == "merged"


def test_nothing_is_public_before_somebody_has_looked_and_declining_has_a_reason(bureau: Organ) -> None:
    wish = make_wish(title="骂人的话不要公开", by=citizen(), at=MONDAY)
    desk = make.user("feedback", bureau)
    assert not wishes_shown().exists()
    with pytest.raises(BadInput):
        moderate_wish(wish, publish=False, by=desk, at=MONDAY)
    with pytest.raises(BadInput):
        moderate_wish(wish, publish=True, by=desk, at=MONDAY)
    moderate_wish(wish, publish=False, reason="有骂人的话", by=desk, at=MONDAY)
    assert Wish.objects.get().reason == "有骂人的话" and not wishes_shown().exists()


def test_similar_ones_are_found_while_typing(bureau: Organ) -> None:
    wish = wished(bureau)
    assert similar_wishes("希望周末能办居住证") == [wish]
    assert similar_wishes("小学入学") == []


def test_an_answer_needs_words_and_what_is_there_already_its_item(bureau: Organ) -> None:
    head = make.user("head", bureau)
    wish = wished(bureau)
    supported(wish, policy().wish.threshold - 1)
    for wrong in ({"kind": "not_now", "answer": ""}, {"kind": "existing", "answer": "早就有了这个事项"}):
        with pytest.raises(BadInput):
            answer_wish(wish, by=head, at=TUESDAY, **wrong)
    with pytest.raises(Refused):
        answer_wish(wish, kind="not_now", answer="今年没有经费", by=make.user("head", make.organ()), at=TUESDAY)
    answer_wish(wish, kind="not_now", answer="今年没有经费", by=head, at=TUESDAY)
    assert Wish.objects.get().state == "not_now"


def test_shown_states_are_the_definition_s_but_what_is_hidden() -> None:
    assert set(SHOWN_WISHES) == set(workflow("wish").states) - {"submitted", "merged", "declined"}
    assert set(queries.OPEN_COMPLAINTS) == set(workflow("complaint").open_states) - {"answered"}


def test_what_many_searched_in_vain_is_grouped_and_becomes_a_wish(bureau: Organ) -> None:
    desk = make.user("feedback", bureau)
    for text, times in (("养狗证怎么办", 3), ("养狗证怎么办理", 2), ("装充电桩", 1)):
        for _ in range(times):
            record_miss(text, at=MONDAY)
    groups = wanted_in_searches(since=MONDAY.date())
    assert [(each.title, each.times, len(each.texts)) for each in groups] == [
        ("养狗证怎么办", 5, 2),
        ("装充电桩", 1, 1),
    ]
    wish = make_wish_of_searches(title="希望能办养狗证", organ=bureau, searched=5, by=desk, at=MONDAY)
    moderate_wish(wish, publish=True, by=desk, at=MONDAY)
    assert count(wish) == 0 and Wish.objects.get().searched == 5
    assert wanted_in_searches(since=MONDAY.date())[0].wishes == [wish]
    with pytest.raises(Refused):
        make_wish_of_searches(title="希望能办养狗证", organ=bureau, searched=5, by=citizen(), at=MONDAY)


def test_an_adjustment_shows_the_way_and_everybody_who_asked_is_told(bureau: Organ) -> None:
    head, desk = make.user("head", bureau), make.user("feedback", bureau)
    wish, other = wished(bureau), wished(bureau, "周末能不能办居住证")
    merge_wish(other, into=wish, by=desk, at=MONDAY)
    supported(wish, policy().wish.threshold - 2)
    answer_wish(wish, kind="adopted", answer="下个月起周六开窗口", by=head, at=TUESDAY)
    item = make.item(bureau, make.guide("居住证申领"))
    with pytest.raises(BadInput):
        link_wish(wish, by=head, at=TUESDAY)
    link_wish(wish, item=item, by=head, at=TUESDAY)
    make.publication(item, at=TUESDAY)
    realise_wish(wish, item=item, by=head, at=TUESDAY)
    told = Notification.objects.filter(kind="feedback.wish_news", body__contains="已经实现")
    assert {wish.author_id, other.author_id} <= set(told.values_list("user", flat=True))


def test_the_same_words_are_not_wished_twice_by_one_person(bureau: Organ) -> None:
    """A second click, too."""
    author, said = citizen(), {"title": "希望周末也能办居住证", "text": "上班的人没有空", "organ": bureau, "at": MONDAY}
    make_wish(**said, by=author)
    with pytest.raises(Conflict, match="您已经提过了"):
        make_wish(**said, by=author)
    make_wish(**{**said, "text": "下班以后来不及"}, by=author)
    make_wish(**said, by=citizen())
    Wish.objects.filter(author=author).update(state="refused")
    make_wish(**said, by=author)


def test_a_support_of_a_new_account_counts_when_its_person_comes_back_a_day_later(bureau: Organ) -> None:
    wish, young = wished(bureau), make.user(date_joined=MONDAY - timedelta(hours=1))
    page = f"/wishes/{wish.guid}/"
    support_wish(wish, text=wish.texts.last(), by=young, at=MONDAY)
    client = Client()
    client.force_login(young, backend=settings.AUTHENTICATION_BACKENDS[-1])
    with stopped_at(MONDAY):
        assert ">计入人数<" not in (told := client.get(page).content.decode()) and "可以计入" in told
    with stopped_at(TUESDAY):
        assert ">计入人数<" in client.get(page).content.decode()
        client.post(f"{page}support/", {"text": wish.texts.last().pk})
        assert ">计入人数<" not in client.get(page).content.decode()
    assert count(wish) == 2


def test_an_adopted_wish_that_comes_to_nothing_is_answered_anew_and_nothing_is_hidden(bureau: Organ) -> None:
    head = make.user("head", bureau)
    wish = wished(bureau)
    people = supported(wish, policy().wish.threshold - 1)
    answer_wish(wish, kind="adopted", answer="下个月起周六开窗口", by=head, at=TUESDAY)
    answer_wish(wish, kind="not_now", answer="编制没有批下来", by=head, at=moment("11-20"))
    now = Wish.objects.get()
    assert (now.state, now.answer_kind) == ("not_now", "not_now")
    told = Notification.objects.filter(user=people[0], kind="feedback.wish_news").latest("pk")
    assert "暂时" in told.body
    page = Client().get(f"/wishes/{wish.guid}/").content.decode()
    assert "编制没有批下来" in page and "原来是：采纳" in page and "周六开窗口" in page
