"""好差评: one rating a service, bad ones verified by somebody else, put right, called back, rated again; nobody learns who rated."""

from datetime import timedelta
from typing import Any

import pytest

from banshi.access import Visitor
from banshi.calendar.queries import calendar_in_force
from banshi.cases.actions import deliver
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.events.models import Event
from banshi.events.sequencing import sequence
from banshi.feedback.actions import (
    RatingDevice,
    appeal_bad_rating,
    call_back,
    contact_rater,
    decide_appeal,
    invite_to_rate,
    look_at_rater,
    rate,
    rate_again,
    settle_bad_rating,
    tell_late,
)
from banshi.feedback.followers import invite_after_cases, invite_after_tickets
from banshi.feedback.models import BadRating, Rating, RatingInvitation
from banshi.feedback.policy import policy
from banshi.feedback.queries import OPEN_BAD_RATINGS, bad_ratings_visible_to, invitation_at
from banshi.feedback.rating_figures import bad_rating_figure, rating_figures, tag_counts
from banshi.ledger import System
from banshi.ledger.models import LedgerEntry
from banshi.notifications.models import Notification
from banshi.people.models import User
from banshi.window.actions import begin_service, finish_service
from banshi.workflow.definition import workflow
from tests import factories as make
from tests.cases.hall import Hall, granted, hall, moment
from tests.reception.counter import person_before
from tests.window.hall import town

pytestmark = pytest.mark.django_db
SATURDAY, MONDAY, FRIDAY = moment("2026-05-09"), moment("2026-05-11"), moment("2026-05-15")


def served(of: Hall, service: Any = None, at: Any = SATURDAY, **more: Any) -> RatingInvitation:
    """A service of the handler's, of which somebody is asked."""
    given = {"label": "取水许可", "organ": of.bureau, "item": of.item, "rated": [of.handler.pk], **more}
    return invite_to_rate(service or of.publication, by=System("tests"), at=at, **given)


def badly_rated(of: Hall, at: Any = SATURDAY, service: Any = None, **more: Any) -> BadRating:
    invitation = served(of, service, at=at, citizen=of.citizen)
    given = {"grade": 5, "tags": ["many_trips"], "words": "跑了三趟", "named": True, **more}
    return rate(invitation, by=of.citizen, at=at, **given).handling


def test_a_case_that_ended_is_asked_for_once_and_names_whose_work_it_was() -> None:
    of = hall()
    case = granted(of, moment("03-02")).case
    deliver(case, way="window", by=of.window, at=moment("03-03"))
    sequence()
    invite_after_cases()
    invite_after_cases()
    invitation = RatingInvitation.objects.get()
    assert (invitation.case, invitation.citizen, invitation.item) == (case, of.citizen, of.item)
    assert {of.window.pk, of.head.pk} <= set(invitation.rated.values_list("user", flat=True))
    assert Notification.objects.filter(user=of.citizen, kind="feedback.invitation").count() == 1


def test_one_rating_a_service_and_none_by_who_is_rated() -> None:
    of = hall()
    invitation = served(of)
    with pytest.raises(Refused, match="您经办的"):
        rate(invitation, grade=1, by=of.handler, at=SATURDAY)
    rate(invitation, grade=1, tags=["kind"], by=Visitor(), at=SATURDAY)
    with pytest.raises(Conflict, match="评价过了"):
        rate(invitation, grade=5, by=Visitor(), at=SATURDAY)
    assert Rating.objects.get().grade == 1
    assert not BadRating.objects.exists()


def test_whoever_a_bad_rating_names_does_not_verify_it() -> None:
    of = hall()
    User.objects.filter(pk=of.head.pk).update(full_name="秦主任示例")
    bad = badly_rated(of, words="秦主任示例说话难听")
    assert of.head.pk in bad.rating.invitation.rated.values_list("user", flat=True)


def test_after_an_appeal_in_vain_the_rater_is_still_to_be_called() -> None:
    of = hall()
    supervisor = make.user("supervisor", of.bureau)
    bad = badly_rated(of)
    appeal_bad_rating(bad, words="不是我们办的", by=of.handler, at=SATURDAY)
    decide_appeal(bad, upheld=False, words="是你们办的", by=supervisor, at=SATURDAY)
    contact_rater(bad, words="已经联系", by=of.head, at=SATURDAY)
    with pytest.raises(Conflict, match="已经联系核实过"):
        contact_rater(bad, words="再联系", by=of.head, at=SATURDAY)


def test_neither_the_organ_s_staff_nor_the_devices_of_who_is_rated_rate_and_others_are_flagged() -> None:
    of = hall()
    invitation = served(of)
    with pytest.raises(Refused, match="本单位的工作人员"):
        rate(invitation, grade=1, by=of.head, at=SATURDAY)
    with pytest.raises(Refused, match="这台设备"):
        rate(invitation, grade=1, device=RatingDevice("a", [of.handler.pk]), by=Visitor(), at=SATURDAY)
    assert rate(invitation, grade=1, device=RatingDevice("a", [of.head.pk]), by=Visitor(), at=SATURDAY).staff_device
    for _ in range(policy().rating.same_device + 1):
        rate(served(of, make.user()), grade=1, device=RatingDevice("b"), by=Visitor(), at=SATURDAY)
    remarks = rating_figures("organ", since=SATURDAY, until=MONDAY)[0].remarks
    assert remarks == ["同一台设备一天评了6次，请核实", "1次来自工作人员用过的设备，请核实"]


def test_whoever_was_served_at_a_window_is_asked_once_there() -> None:
    of = hall()
    place = town(of.bureau)
    place.ticket()
    place.sits()
    ticket = begin_service(place.calls(), by=place.clerks[0], at=place.later())
    ticket = finish_service(ticket, by=place.clerks[0], at=place.later())
    sequence()
    invite_after_tickets()
    invite_after_tickets()
    invitation = RatingInvitation.objects.get()
    assert invitation.channel == "window" and str(ticket.counter) in invitation.window
    assert list(invitation.rated.values_list("user", flat=True)) == [ticket.clerk_id]
    assert invitation_at(ticket.counter, at=invitation.invited_at) == invitation
    assert invitation_at(ticket.counter, at=invitation.invited_at + timedelta(minutes=11)) is None


def test_a_bad_rating_that_waits_is_told_late_once() -> None:
    of = hall()
    bad = badly_rated(of)
    assert tell_late(by=System("tests"), at=MONDAY) == 0
    assert tell_late(by=System("tests"), at=moment("05-12")) == 1
    contact_rater(bad, words="打了电话", by=of.head, at=moment("05-12"))
    assert tell_late(by=System("tests"), at=moment("05-18")) == 1
    assert tell_late(by=System("tests"), at=moment("05-19")) == 0
    late = Event.objects.filter(kind__endswith="_late").order_by("pk").values_list("kind", flat=True)
    assert list(late) == ["feedback.contact_late", "feedback.bad_rating_late"]


def test_reasons_of_few_are_not_told() -> None:
    of = hall()
    badly_rated(of)
    assert tag_counts(since=SATURDAY, until=MONDAY) == []


def test_what_is_no_grade_and_no_reason_is_refused_and_old_invitations_are_closed() -> None:
    of = hall()
    invitation = served(of)
    for wrong in ({"grade": 6}, {"grade": 1, "tags": ["x"]}):
        with pytest.raises(BadInput):
            rate(invitation, by=Visitor(), at=SATURDAY, **wrong)
    with pytest.raises(Conflict, match="时间已经过了"):
        rate(invitation, grade=1, by=Visitor(), at=moment("2026-12-01"))


def test_scenario_23() -> None:
    """Real-name 非常不满意 on Sat 2026-05-09: contacted by 05-11, mended by 05-15, rated again, never twice."""
    of = hall()
    bad = badly_rated(of)
    calendar = calendar_in_force()
    assert [calendar.day_of(rank).isoformat() for rank in (bad.contact_rank, bad.due_rank)] == [
        "2026-05-11",
        "2026-05-15",
    ]
    told = Notification.objects.filter(kind="feedback.bad_rating").values_list("user", flat=True)
    assert of.head.pk in told and of.handler.pk not in told
    with pytest.raises(Refused, match="不能由您核实"):
        contact_rater(bad, words="打了电话", by=of.handler, at=MONDAY)
    contact_rater(bad, words="打了电话，反映属实", by=of.head, at=MONDAY)
    settle_bad_rating(bad, outcome="mended", words="改为一次告知", by=of.head, at=FRIDAY)
    assert Notification.objects.filter(user=of.citizen, kind="feedback.rating_answered").exists()
    rate_again(bad.rating.invitation, grade=2, by=of.citizen, at=FRIDAY)
    call_back(bad, satisfied=True, words="表示认可", by=of.head, at=FRIDAY)
    now = BadRating.objects.get()
    assert (now.state, now.outcome, now.again_grade, now.contacted_by) == ("closed", "mended", 2, of.head)
    with pytest.raises(Conflict):
        rate(bad.rating.invitation, grade=1, by=of.citizen, at=FRIDAY)
    with pytest.raises(Conflict):
        rate_again(bad.rating.invitation, grade=1, by=of.citizen, at=FRIDAY)
    assert now.rating.grade == 5, "the first rating stays"


def test_one_found_malicious_leaves_the_figures_but_stays_in_the_record() -> None:
    of = hall()
    bad, supervisor = badly_rated(of), make.user("supervisor", of.bureau)
    span = {"since": SATURDAY, "until": moment("2026-06-01")}
    assert rating_figures("organ", **span)[0].bad == 1
    appeal_bad_rating(bad, words="这个人没有来办过", by=of.handler, at=MONDAY)
    with pytest.raises(Refused):
        decide_appeal(bad, upheld=True, words="属实", by=of.head, at=MONDAY)
    decide_appeal(bad, upheld=True, words="查实不是办事的人评的", by=supervisor, at=FRIDAY)
    assert rating_figures("organ", **span)[0].raters == 0
    assert BadRating.objects.get().state == "excluded" and Rating.objects.get().grade == 5
    assert LedgerEntry.objects.filter(action="feedback.bad_rating_exclude").exists()


def test_an_appeal_that_fails_and_an_answer_that_is_not_accepted_open_it_again() -> None:
    of = hall()
    bad, supervisor = badly_rated(of), make.user("supervisor", of.bureau)
    appeal_bad_rating(bad, words="误评", by=of.handler, at=MONDAY)
    decide_appeal(bad, upheld=False, words="反映属实", by=supervisor, at=MONDAY)
    settle_bad_rating(bad, outcome="planned", words="要改系统", by=of.head, at=MONDAY)
    settle_bad_rating(bad, outcome="mended", words="改好了", by=of.head, at=FRIDAY)
    call_back(bad, satisfied=False, words="还要跑", by=of.head, at=FRIDAY)
    now = BadRating.objects.get()
    assert now.state == "verifying" and now.answered_at is None
    assert now.due_rank == bad.due_rank, "nothing lengthens the first promise"


def test_who_was_rated_never_learns_who_rated_and_the_try_is_recorded() -> None:
    of = hall()
    bad = badly_rated(of)
    with pytest.raises(Refused, match="已经记录"):
        look_at_rater(bad, by=of.handler, at=MONDAY)
    assert LedgerEntry.objects.filter(action="feedback.refuse_look", actor=of.handler.ledger_id).count() == 1
    assert Event.objects.filter(kind="feedback.look_refused").count() == 1
    assert look_at_rater(bad, by=of.head, at=MONDAY)["name"] == of.citizen.full_name
    assert LedgerEntry.objects.filter(action="feedback.look", actor=of.head.ledger_id).count() == 1
    with pytest.raises(Refused):
        look_at_rater(bad, by=make.user("head", make.organ()), at=MONDAY)


def test_neither_ledger_nor_events_name_who_rated() -> None:
    of = hall()
    badly_rated(of)
    rows = [*LedgerEntry.objects.filter(action__startswith="feedback.").values(), *Event.objects.values()]
    assert {each["actor"] for each in rows if "rate" in str(each.get("action", ""))} == {"visitor", "system:tests"}
    assert of.citizen.ledger_id not in {each["actor"] for each in rows}
    assert of.citizen.full_name not in str(rows)


def test_what_was_said_on_the_phone_is_in_the_ledger_by_its_digest() -> None:
    of = hall()
    contact_rater(badly_rated(of), words=f"打给{of.citizen.full_name}，反映属实", by=of.head, at=MONDAY)
    facts = LedgerEntry.objects.get(action="feedback.bad_rating_contact").facts
    assert of.citizen.full_name not in str(facts) and len(facts["words"]) == 64


def test_desks_see_their_own_organs_bad_ratings_and_the_rated_only_that_there_is_one() -> None:
    of = hall()
    bad = badly_rated(of)
    assert not bad_ratings_visible_to(of.head, at=MONDAY).get().own
    assert bad_ratings_visible_to(of.handler, at=MONDAY).get().own
    assert not bad_ratings_visible_to(make.user("head", make.organ()), at=MONDAY).filter(pk=bad.pk).exists()


def test_who_rates_by_an_account_is_called_at_the_number_of_their_identity() -> None:
    of = hall()
    clerk = make.user("window", of.bureau)
    citizen = person_before(clerk, SATURDAY)
    bad = rate(served(of, citizen=citizen), grade=5, words="慢", named=True, by=citizen, at=SATURDAY).handling
    phone = citizen.identity.opened("phone")
    assert phone and look_at_rater(bad, by=of.head, at=SATURDAY)["phone"] == phone


def test_an_anonymous_bad_rating_is_verified_without_a_day_to_contact_by() -> None:
    of = hall()
    bad = badly_rated(of, named=False)
    assert bad.contact_rank is None and look_at_rater(bad, by=of.head, at=MONDAY) == {}


def test_figures_tell_how_many_rated_and_flag_what_is_unusual() -> None:
    of = hall()
    other = make.organ()
    for count, organ, grades in ((40, of.bureau, [1]), (40, other, [1, 5, 2, 4])):
        for number in range(count):
            service = make.user()
            invitation = served(of, service, organ=organ, item=None, window=f"{organ.pk}号")
            rate(invitation, grade=grades[number % len(grades)], by=Visitor(), at=SATURDAY)
    served(of, make.user())
    first, second = rating_figures("organ", since=SATURDAY, until=MONDAY)
    figures = {each.key: each for each in (first, second)}
    assert figures[of.bureau.pk].remarks == ["明显高于其他，请核实"]
    assert figures[other.pk].remarks == ["明显低于其他"] and figures[other.pk].good_share == 0.5
    assert (figures[of.bureau.pk].raters, figures[of.bureau.pk].invited) == (40, 41)
    windows = rating_figures("window", since=SATURDAY, until=MONDAY)
    assert any("一小时内有40次" in remark for each in windows for remark in each.remarks)


def test_too_few_raters_are_told_as_too_few() -> None:
    of = hall()
    badly_rated(of)
    figure = rating_figures("organ", since=SATURDAY, until=MONDAY)[0]
    assert figure.raters == 1 and figure.is_withheld and figure.good_share is None


def rated_by(of: Hall, count: int, at: Any = SATURDAY, **more: Any) -> None:
    for _ in range(count):
        rate(served(of, make.user(), at=at, **more), grade=1, by=Visitor(), at=at)


def test_an_item_of_few_raters_cannot_be_had_from_its_organ_less_its_other_items() -> None:
    of = hall()
    few, some, many = (make.item(of.bureau, make.guide(f"示例事项{each}")) for each in "甲乙丙")
    for item, count in ((few, 2), (some, 6), (many, 9)):
        rated_by(of, count, item=item, window="1号窗口" if item == few else "2号窗口")
    span = {"since": SATURDAY, "until": MONDAY}
    [organ] = rating_figures("organ", **span)
    assert (organ.raters, organ.is_withheld) == (17, False)
    items = {each.key: each.is_withheld for each in rating_figures("item", **span)}
    assert items == {many.pk: False, few.pk: True, some.pk: True} and next(iter(items)) == many.pk
    assert {each.is_withheld for each in rating_figures("window", **span)} == {True}


def test_a_span_is_withheld_where_the_longer_one_less_it_is_of_few() -> None:
    of = hall()
    rated_by(of, 3, at=moment("2026-03-02"))
    rated_by(of, 6)
    span = {"since": SATURDAY, "until": MONDAY}
    [figure] = rating_figures("organ", **span)
    assert not figure.is_withheld
    [figure] = rating_figures("organ", **span, longer=[moment("2026-01-01")])
    assert figure.is_withheld
    assert bad_rating_figure(**span, longer=[moment("2026-01-01")]).received == 0


def test_open_states_are_those_of_the_definition() -> None:
    assert set(OPEN_BAD_RATINGS) == set(workflow("bad_rating").open_states)


def test_an_appeal_that_nobody_decides_and_a_call_back_nobody_makes_are_late_too() -> None:
    of = hall()
    appealed, waiting = badly_rated(of), badly_rated(of, service=make.user())
    appeal_bad_rating(appealed, words="误评", by=of.handler, at=MONDAY)
    contact_rater(waiting, words="打了电话", by=of.head, at=MONDAY)
    settle_bad_rating(waiting, outcome="explained", words="没有依据", by=of.head, at=FRIDAY)
    assert tell_late(by=System("tests"), at=moment("2026-05-29")) == 0
    assert tell_late(by=System("tests"), at=moment("2026-06-01")) == 2
    assert tell_late(by=System("tests"), at=moment("2026-06-02")) == 0


def test_a_contact_made_late_is_told_late_though_the_morning_s_task_did_not_run() -> None:
    of = hall()
    contact_rater(badly_rated(of), words="打了电话", by=of.head, at=moment("05-13"))
    assert Event.objects.filter(kind="feedback.contact_late").count() == 1
