"""From a finding to its end: overdue → order → answer → closed, returned and censured, each with its paper."""

from datetime import date

import pytest

from banshi.core.clock import stopped_at
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.ledger import System
from banshi.ledger.models import LedgerEntry
from banshi.notifications.models import Notification
from banshi.papers.queries import papers_about
from banshi.people.models import Organ, Post, User
from banshi.supervision.actions import (
    alert,
    answer_order,
    censure,
    climb_orders,
    close,
    dismiss,
    give_order,
    return_answer,
)
from banshi.supervision.models import Irregularity
from banshi.supervision.queries import irregularities_visible_to, orders_to_answer, overdue_orders, waiting_for
from banshi.supervision.warning import warn
from tests import factories as make
from tests.cases.hall import Hall, accepted, hall, moment
from tests.sites.oversight.test_board import as_, text

pytestmark = pytest.mark.django_db
DUE = date(2026, 12, 8)


@pytest.fixture
def of() -> Hall:
    return hall()


@pytest.fixture
def supervisor(of: Hall) -> User:
    return make.user("supervisor", make.organ("示例县监察办"), full_name="钱监察")


@pytest.fixture
def late(of: Hall, supervisor: User) -> Irregularity:
    accepted(of, moment("11-02"))
    warn(at=moment("12-01", 7))
    return Irregularity.objects.get(rule="case-overdue", level="red")


def fresh(of: Irregularity) -> Irregularity:
    return Irregularity.objects.get(pk=of.pk)


def headed(name: str) -> Organ:
    """Make an organ in which somebody can answer."""
    organ = make.organ(name)
    make.user("head", organ)
    return organ


def kinds_of(late: Irregularity) -> list[str]:
    return list(papers_about(f"JC{late.pk}").order_by("id").values_list("kind", flat=True))


def test_order_answer_close(of: Hall, supervisor: User, late: Irregularity) -> None:
    at = moment("12-01")
    assert late in waiting_for(supervisor, at=at)
    order = give_order(late, words="请马上决定，说明原因", due=DUE, by=supervisor, at=at)
    assert order.organ == of.bureau and fresh(late).state == "ordered"
    assert Notification.objects.filter(user=of.head, kind="supervision.step").exists()
    assert late in waiting_for(of.head, at=at)
    assert not overdue_orders(DUE).exists() and overdue_orders(date(2026, 12, 9)).get() == order
    answer_order(late, words="已经决定；审查人员病假", by=of.head, at=moment("12-04"))
    close(late, words="情况属实，已改正", by=supervisor, at=moment("12-07"))
    assert fresh(late).state == "closed"
    assert kinds_of(late) == ["supervision_order", "supervision_answer", "supervision_closure"]
    assert [each.name for each in fresh(late).moves.all()] == ["order", "answer", "close"]
    assert papers_about(late.case.number).filter(kind__startswith="supervision").count() == 0  # type: ignore[union-attr]


def test_an_answer_sent_back_keeps_its_day_and_a_second_order_goes_up(
    of: Hall, supervisor: User, late: Irregularity
) -> None:
    above = headed("示例县人民政府")
    type(of.bureau).objects.filter(pk=of.bureau.pk).update(superior=above)
    give_order(late, words="请说明原因", due=DUE, by=supervisor, at=moment("12-01"))
    answer_order(late, words="正在办", by=of.head, at=moment("12-02"))
    return_answer(late, words="没有说原因", by=supervisor, at=moment("12-03"))
    assert fresh(late).orders.get().due == DUE
    second = give_order(fresh(late), words="请督促", due=DUE, by=supervisor, at=moment("12-03"))
    assert (second.level, second.organ) == (2, above)
    with pytest.raises(Refused):
        answer_order(late, words="还在办", by=of.head, at=moment("12-03"))
    governor = make.user("head", above)
    assert late in irregularities_visible_to(governor, at=moment("12-03"))
    answer_order(late, words="已责令改正", by=governor, at=moment("12-04"))
    censure(late, words="两次督办才改正", by=supervisor, at=moment("12-07"))
    assert kinds_of(late)[-1] == "accountability"


def test_an_order_without_an_answer_is_found_and_one_who_left_is_followed(
    of: Hall, supervisor: User, late: Irregularity
) -> None:
    order = give_order(late, words="请说明原因", due=DUE, by=supervisor, at=moment("12-01"))
    for day, levels in (
        ("12-04", []),
        ("12-08", ["yellow"]),
        ("12-09", ["yellow", "red"]),
        ("12-10", ["yellow", "red"]),
    ):
        warn(at=moment(day, 7))
        found = Irregularity.objects.filter(rule="order-unanswered", subject=f"supervision.SupervisionOrder:{order.pk}")
        assert list(found.order_by("id").values_list("level", flat=True)) == levels, day
    post = supervisor.posts.get()
    type(post).objects.filter(pk=post.pk).update(until=date(2026, 12, 9))
    follower = make.user("supervisor", post.organ, full_name="孙监察")
    answer_order(late, words="已经决定", by=of.head, at=moment("12-10"))
    told = Notification.objects.filter(kind="supervision.step", created_at__gte=moment("12-10"))
    assert set(told.values_list("user", flat=True)) == {follower.pk}
    assert late in waiting_for(follower, at=moment("12-10"))


def climbed(day: str) -> int:
    return climb_orders(by=System("supervision"), at=moment(day, 7))


def test_what_nobody_answers_climbs_by_itself_once_for_each_day_that_has_gone(
    of: Hall, supervisor: User, late: Irregularity
) -> None:
    top = headed("示例市人民政府")
    above, office = make.organ("示例县人民政府", superior=top), supervisor.posts.get().organ
    type(of.bureau).objects.filter(pk=of.bureau.pk).update(superior=above)
    governor = make.user("head", above)
    give_order(late, words="请说明原因", due=DUE, by=supervisor, at=moment("12-01"))
    assert [climbed(day) for day in ("12-08", "12-09", "12-10", "12-10", "12-11")] == [0, 0, 1, 0, 0]
    first, second = fresh(late).orders.order_by("level")
    assert (second.level, second.organ, second.ordered_by, second.due) == (2, above, None, date(2026, 12, 17))
    assert second.paper.organ == office and first.paper.number in second.words and "请说明原因" in second.words
    entry = LedgerEntry.objects.get(action="supervision.order_again")
    assert (entry.actor, entry.facts["paper"]) == ("system:supervision", second.paper.number)
    told = Notification.objects.filter(kind="supervision.step", created_at=moment("12-10", 7))
    assert set(told.values_list("user", flat=True)) == {governor.pk, of.head.pk, supervisor.pk}
    assert not orders_to_answer(of.head, at=moment("12-10")).exists(), "the first order waits for nobody now"
    assert orders_to_answer(governor, at=moment("12-10")).get() == second
    assert climbed("12-30") == 1, "a run weeks late climbs one level, from its own day on"
    assert climbed("12-30") == 0
    assert fresh(late).orders.count() == 3 and fresh(late).orders.order_by("level").last().organ == top
    assert [climbed(day) for day in ("12-31",)] == [0]
    assert climb_orders(by=System("supervision"), at=moment("01-20", 7).replace(year=2027)) == 0, (
        "not beyond the last level"
    )
    answer_order(fresh(late), words="已责令改正", by=make.user("head", top), at=moment("12-31"))
    assert supervisor.pk in Notification.objects.filter(created_at=moment("12-31")).values_list("user", flat=True)


def test_an_answer_sent_back_and_not_given_again_is_found_and_climbs(
    of: Hall, supervisor: User, late: Irregularity
) -> None:
    type(of.bureau).objects.filter(pk=of.bureau.pk).update(superior=headed("示例县人民政府"))
    order = give_order(late, words="请说明原因", due=DUE, by=supervisor, at=moment("12-01"))
    answer_order(late, words="正在办", by=of.head, at=moment("12-02"))
    return_answer(late, words="没有说原因", by=supervisor, at=moment("12-03"))
    assert orders_to_answer(of.head, at=moment("12-03")).get() == order
    warn(at=moment("12-09", 7))
    found = Irregularity.objects.filter(rule="order-unanswered", level="red")
    assert found.get().subject == f"supervision.SupervisionOrder:{order.pk}"
    assert climbed("12-10") == 1


def test_levels_pass_over_the_office_that_orders_and_end_in_censure(
    of: Hall, supervisor: User, late: Irregularity
) -> None:
    city = headed("示例市人民政府")
    office = supervisor.posts.get().organ
    type(office).objects.filter(pk=office.pk).update(superior=city)
    type(office).objects.filter(pk=of.bureau.pk).update(superior=office)
    give_order(late, words="请说明原因", due=DUE, by=supervisor, at=moment("12-01"))
    assert climbed("12-10") == 1
    assert fresh(late).answerer == city, "whoever ordered would answer itself"
    assert climbed("12-30") == 0, "nobody is left above"
    with pytest.raises(Conflict, match="上面没有能答复督办的单位"):
        give_order(fresh(late), words="请办", due=date(2027, 1, 8), by=supervisor, at=moment("12-30"))
    page = f"/oversight/findings/{late.pk}/"
    with stopped_at(moment("12-30")):
        told = text(as_(supervisor).get(page))
    assert "order_again" not in told and "可以提出问责建议" in told and f"{page}censure" in told
    censure(fresh(late), words="一再不答复", by=supervisor, at=moment("12-30"))


def test_what_is_only_nearly_due_is_said_so_and_reminded_of_not_ordered(of: Hall, supervisor: User) -> None:
    accepted(of, moment("11-02"))
    at = moment("11-27", 7)
    warn(at=at)
    soon = Irregularity.objects.get(rule="case-overdue", level="yellow")
    page = f"/oversight/findings/{soon.pk}/"
    with stopped_at(at):
        watcher = as_(supervisor)
        for path in ("/oversight/findings/?level=yellow", page, f"/oversight/cases/{soon.case_id}/"):
            told = text(watcher.get(path)).partition("<main")[2]
            assert "作出决定的期限快到了" in told and "超过期限没有作出决定</a>" not in told, path
        assert "第七十四条" not in told and f"{page}order" not in text(watcher.get(page))
        assert "黄灯只提醒，不督办" in text(watcher.get(page))
        assert watcher.get(f"{page}order/").status_code == 409
    with pytest.raises(Conflict, match="只提醒"):
        give_order(soon, words="请办", due=DUE, by=supervisor, at=at)
    alert(soon, words="请抓紧", by=supervisor, at=at)
    [paper] = papers_about(f"JC{soon.pk}")
    said = str(paper.facts)
    assert "作出决定的期限快到了" in said and "第七十四条" not in said and "超过期限" not in said


def test_who_may_and_what_must_be_said(of: Hall, supervisor: User, late: Irregularity) -> None:
    at = moment("12-01")
    with pytest.raises(Refused):
        give_order(late, words="请办", due=DUE, by=of.head, at=at)
    with pytest.raises(BadInput):
        give_order(late, words=" ", due=DUE, by=supervisor, at=at)
    for day in (date(2026, 12, 1), date(2027, 6, 1)):
        with pytest.raises(BadInput):
            give_order(late, words="请办", due=day, by=supervisor, at=at)
    stranger = make.user("supervisor", make.organ("邻县监察办", division=make.division("990203", "邻县")))
    with pytest.raises(Refused):
        dismiss(late, words="无问题", by=stranger, at=at)
    assert not irregularities_visible_to(stranger, at=at).exists()
    alert(late, words="请抓紧", by=supervisor, at=at)
    dismiss(late, words="当天已经送达，登记晚了", by=supervisor, at=at)
    with pytest.raises(Conflict):
        give_order(fresh(late), words="请办", due=DUE, by=supervisor, at=at)
    assert kinds_of(late) == ["supervision_alert", "supervision_closure"]


def test_an_order_to_an_organ_where_nobody_can_answer_goes_a_level_up_and_says_so_before(
    of: Hall, supervisor: User, late: Irregularity
) -> None:
    government = make.organ("示例县政府办")
    Post.objects.filter(organ=of.bureau, role="head").update(until=date(2026, 11, 30))
    of.bureau.superior = government
    of.bureau.save()
    page, at = f"/oversight/findings/{late.pk}/", moment("12-01")
    with stopped_at(at):
        assert "没有能答复督办的人，发出去没有人收" in text(as_(supervisor).get(page))
        assert f"{page}alert/" not in text(as_(supervisor).get(page))
        assert {as_(supervisor).get(f"{page}{act}/").status_code for act in ("alert", "order")} == {409}
        with pytest.raises(Conflict, match="配单位负责人"):
            give_order(late, words="请说明", due=DUE, by=supervisor, at=at)
        with pytest.raises(Conflict, match="发出去没有人收"):
            alert(late, words="请注意", by=supervisor, at=at)
        assert not late.moves.exists() and not papers_about(f"JC{late.pk}").exists()
        chief = make.user("head", government)
        for act in ("alert", "order"):
            assert "所以发给上级：示例县政府办。" in text(as_(supervisor).get(f"{page}{act}/"))
        alert(late, words="请注意", by=supervisor, at=at)
        assert Notification.objects.filter(user=chief, kind="supervision.step").count() == 1
        assert "督办" not in text(as_(chief).get(page)).partition('class="acts"')[2].partition("</div>")[0]
        order = give_order(late, words="请说明", due=DUE, by=supervisor, at=at)
    assert (order.organ, order.level) == (government, 1) and late in waiting_for(chief, at=at)
    answer_order(late, words="已经督促办结", by=chief, at=moment("12-04"))
