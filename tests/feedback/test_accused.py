"""A report never reaches whom it accuses: another receives it, and the accused neither deal with it nor read it."""

from typing import Any

import pytest

from banshi.access import Visitor
from banshi.catalog.models import Item
from banshi.core.errors import BadInput, Conflict, Missing, Refused
from banshi.feedback.actions import accept_complaint, answer_complaint, file_complaint, rate, transfer_complaint
from banshi.feedback.models import Complaint, RatedPerson
from banshi.feedback.queries import complaints_visible_to
from banshi.feedback.refused_reads import read_complaint
from banshi.ledger.models import LedgerEntry
from banshi.notifications.models import Notification
from banshi.people.models import Organ, Post, User
from tests import factories as make
from tests.cases.hall import Hall, hall, moment
from tests.feedback.test_complaints import FRIDAY, THURSDAY
from tests.feedback.test_ratings import served

pytestmark = pytest.mark.django_db
SAID = "水利局待遇科的人收了好处才给办取水许可"


@pytest.fixture
def of() -> Hall:
    of = hall()
    Post.objects.filter(user=of.handler).update(title="待遇科 经办人")
    return of


@pytest.fixture
def over(of: Hall) -> Organ:
    """The bureau's superior, where somebody deals with complaints."""
    over = make.organ("示例县农业农村水利委员会")
    make.user("head", over)
    Organ.objects.filter(pk=of.bureau.pk).update(superior=over)
    return over


def reported(text: str = SAID, **more: Any) -> Complaint:
    return file_complaint("report", **{"text": text, "by": Visitor(), "at": THURSDAY, **more})


def readers(complaint: Complaint) -> set[User]:
    staff = User.objects.filter(posts__isnull=False).distinct()
    return {each for each in staff if complaint in complaints_visible_to(each, at=FRIDAY)}


def test_the_superior_gets_it_and_the_reason_is_told(of: Hall, over: Organ) -> None:
    for named in (
        reported(),
        reported("取水许可要给好处才办", item=Item.objects.get(pk=of.item.pk)),
        reported("待遇科收好处"),
        reported("孙办理收了好处"),
        reported("周负责和孙办理分好处", organ=of.bureau),
    ):
        assert named.organ == over and [each.organ for each in named.accused_organs.all()] == [of.bureau], named.text
        assert any("不交给它" in why for why in named.proposal["why"]), named.proposal
        assert "它的上级主管" in named.proposal["why"][-1]
        assert not readers(named) & {of.head, of.handler, of.window} and readers(named)
    told = Notification.objects.filter(kind="feedback.complaint_received").values_list("user__posts__organ", flat=True)
    assert set(told) == {over.pk}


def test_the_accused_and_those_under_them_read_nothing_and_the_try_is_recorded(of: Hall, over: Organ) -> None:
    under = make.organ("示例县水利站")
    Organ.objects.filter(pk=under.pk).update(superior=of.bureau)
    station, report = make.user("head", under), reported()
    moved_on = make.user("head", over)
    make.post(moved_on, "clerk", of.bureau)
    for who in (of.head, of.handler, station, moved_on):
        with pytest.raises(Missing):
            read_complaint(report.guid, by=who, at=FRIDAY)
        with pytest.raises(Refused):
            accept_complaint(report, by=who, at=FRIDAY)
    assert LedgerEntry.objects.filter(action="feedback.refuse_look", actor=moved_on.ledger_id).exists()


def test_it_is_not_passed_on_to_the_accused_unless_somebody_read_that_it_is_not_accused(of: Hall, over: Organ) -> None:
    head, report = User.objects.get(posts__organ=over), reported("有人冒名取水，请水利局查处")
    assert report.organ == over, "who is only asked to deal with it is kept from it until somebody has read it"
    with pytest.raises(BadInput) as refused:
        transfer_complaint(report, to=of.bureau, reason="由你们查", by=head, at=FRIDAY)
    assert refused.value.problems[0].field == "to" and of.head not in readers(report)
    transfer_complaint(report, to=of.bureau, reason="请它查处别人", not_accused=True, by=head, at=FRIDAY)
    assert of.head in readers(report) and not report.accused_organs.exists()
    entry = LedgerEntry.objects.get(action="feedback.transfer_complaint")
    assert entry.facts["not_accused"] == [of.bureau.pk] and entry.actor == head.ledger_id


def test_without_a_superior_the_desk_gets_it_unless_the_desk_is_accused(of: Hall) -> None:
    desk = make.user("feedback", make.organ("示例县政务服务局"))
    report = reported()
    assert report.organ is None and readers(report) == {desk} and "诉求受理人员" in report.proposal["why"][-1]
    own = reported("政务服务局的人收好处，示例县政务服务局")
    assert not readers(own) and "12388" in own.proposal["why"][-1]


def test_where_no_other_unit_exists_who_gives_posts_is_told_and_nothing_of_the_text(of: Hall) -> None:
    admin = make.user("admin", make.organ("示例县大数据局"))
    report = reported()
    assert report.organ is None and not readers(report) and "没有和它无关的单位能收" in report.proposal["why"][-1]
    told = Notification.objects.get(user=admin)
    assert told.kind == "feedback.nobody_to_receive" and report.number not in told.body and "水利" not in told.body
    found = make.user("feedback", make.organ("示例县纪检监察组"))
    assert readers(report) == {found}, "as soon as somebody else has the post"


def test_a_city_names_who_takes_reports(of: Hall, over: Organ, settings: Any, tmp_path: Any) -> None:
    kept = settings.FEEDBACK_POLICY.read_text()
    settings.FEEDBACK_POLICY = tmp_path / "policy.toml"
    settings.FEEDBACK_POLICY.write_text(kept.replace('["superior", "desk"]', '["示例县纪检监察组", "superior"]'))
    watch = make.organ("示例县纪检监察组")
    assert reported().organ == over, "nobody is there yet"
    make.user("head", watch)
    assert reported("水利局收好处的事还有").organ == watch


def test_a_complaint_stays_with_its_office_but_not_with_the_section_it_names(of: Hall) -> None:
    complaint = file_complaint("complaint", text="水利局待遇科态度不好", by=Visitor(), at=THURSDAY)
    assert complaint.organ == of.bureau and readers(complaint) == {of.head}
    accept_complaint(complaint, by=of.head, at=FRIDAY)
    answer_complaint(complaint, answer="已经批评教育了", by=of.head, at=FRIDAY)


def test_a_complaint_of_everybody_who_could_deal_with_it_goes_elsewhere(of: Hall, over: Organ) -> None:
    complaint = file_complaint("complaint", text="水利局周负责和孙办理态度不好", by=Visitor(), at=THURSDAY)
    assert complaint.organ == over and not readers(complaint) & {of.head, of.handler}


def test_a_whole_city_is_not_accused_with_its_government(of: Hall) -> None:
    government = make.organ("示例县人民政府")
    Organ.objects.filter(pk=of.bureau.pk).update(superior=government)
    desk = make.organ("示例县政务服务局")
    Organ.objects.filter(pk=desk.pk).update(superior=government)
    clerk = make.user("feedback", desk)
    assert readers(reported("请示例县人民政府查查水利局收好处")) == {clerk}


def test_a_section_named_in_a_bad_rating_does_not_verify_it(of: Hall) -> None:
    invitation = served(of, rated=[of.window.pk])
    rate(invitation, grade=5, words="待遇科推来推去", by=Visitor(), at=moment("05-09"))
    assert set(RatedPerson.objects.values_list("user", flat=True)) == {of.window.pk, of.handler.pk}


def test_no_flow_of_a_report_ends_with_nobody_being_able_to_answer(of: Hall, over: Organ) -> None:
    head, report = User.objects.get(posts__organ=over), reported()
    accept_complaint(report, by=head, at=FRIDAY)
    answer_complaint(report, answer="查实，已经处理并退还", by=head, at=FRIDAY)
    with pytest.raises(Conflict):
        answer_complaint(report, answer="再答复一次看看", by=head, at=FRIDAY)
