"""What reception keeps beside cases goes in its time: signatures and addresses with theirs, mandates and visits by rules."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from banshi.cases.actions import delete_due_contents, discard_expired, withdraw
from banshi.cases.models import Case
from banshi.cases.retention import DueContents, deletion_plan
from banshi.core.errors import Missing
from banshi.core.models import StoredFile
from banshi.ledger.models import LedgerEntry
from banshi.reception.actions import (
    begin_reception,
    cancel_visit,
    end_mandate,
    finish_visit,
    give_mandate,
    give_up,
    give_up_bundle,
    hand_in_bundle,
    order_visit,
)
from banshi.reception.models import BundleReception, HomeVisit, Mandate, Reception
from banshi.reception.queries import paper_of
from tests import factories as make
from tests.bundles.family import family
from tests.cases.hall import Hall, a_guide, hall, moment
from tests.factories import TESTS
from tests.reception.counter import a_photo, filled_in, mandated, person_before, received
from tests.reception.test_bundles import a_village_agent, mother_before, signed
from tests.reception.test_mandates import village

pytestmark = pytest.mark.django_db
MONDAY, SUMMER, DAY = moment("03-02"), moment("06-30"), date(2026, 3, 10)
LATER = MONDAY + timedelta(days=1096)


def plan(code: str, at: datetime) -> DueContents:
    return next(each for each in deletion_plan(at=at) if each.rule.code == code)


def delete(code: str, at: datetime) -> int:
    return delete_due_contents(code, shown=plan(code, at).shown, by=TESTS, at=at)


def ordered(of: Hall, **more: Any) -> HomeVisit:
    person = more.pop("person", None) or person_before(of.window, MONDAY)
    given = {"address": "示例镇一组3号", "phone": "13800000000", "on": DAY, "half": "morning", **more}
    return order_visit(of.item, person=person, **given, by=of.window, at=MONDAY)


def signature_of(model: type[Reception] | type[BundleReception]) -> StoredFile | None:
    return model.objects.get().signature


def test_a_signature_and_an_address_go_with_their_case() -> None:
    of = hall(a_guide(at_home=True))
    visit = ordered(of)
    case = received(of, MONDAY, then="receive", person=visit.person, visit=visit)
    finish_visit(visit, by=of.window, at=MONDAY)
    withdraw(case, words="不办了", by=case.applicant, at=MONDAY)
    signed_with = signature_of(Reception)
    assert signed_with and not plan("visits", LATER).count
    assert delete("not_handled", LATER) == 1
    one = Reception.objects.get()
    assert (one.agreed_by, one.agreed_at, one.agreed_index, one.signature) == ("", None, "", None)
    assert bytes(HomeVisit.objects.get().content_sealed) == b""
    assert not StoredFile.objects.filter(pk=signed_with.pk).exists()


def test_a_signature_of_a_bundle_goes_with_the_last_of_its_cases() -> None:
    of = family()
    clerk = of.window("birth")
    hand_in_bundle(signed(of, clerk), by=clerk, at=MONDAY)
    first, second = Case.objects.order_by("pk")
    signed_with = signature_of(BundleReception)
    withdraw(first, words="不办了", by=first.applicant, at=MONDAY)
    assert delete("not_handled", LATER) == 1 and signature_of(BundleReception) == signed_with
    withdraw(second, words="不办了", by=second.applicant, at=MONDAY)
    assert delete("not_handled", LATER) == 1 and signature_of(BundleReception) is None
    assert not StoredFile.objects.filter(pk=signed_with.pk).exists()  # type: ignore[union-attr]


def test_what_was_signed_and_not_handed_in_goes_with_the_draft() -> None:
    of = hall()
    given_up, expired = filled_in(of, MONDAY), filled_in(of, MONDAY + timedelta(minutes=1))
    give_up(given_up, by=of.window, at=MONDAY)
    assert Reception.objects.exclude(signature=None).get() == expired
    discard_expired(by=TESTS, at=MONDAY + timedelta(days=31))
    assert not Reception.objects.exclude(signature=None).exists()
    assert not StoredFile.objects.filter(pk__in=[given_up.signature_id, expired.signature_id]).exists()


def test_what_was_signed_for_a_bundle_goes_with_its_draft() -> None:
    of = family()
    clerk = of.window("birth")
    reception = signed(of, clerk)
    give_up_bundle(reception, by=clerk, at=MONDAY)
    assert signature_of(BundleReception) is None
    assert not StoredFile.objects.filter(pk=reception.signature_id).exists()


def ended(mandate: Mandate) -> Mandate:
    return end_mandate(mandate, by=mandate.agent, at=MONDAY)


def test_a_mandate_s_paper_goes_three_years_after_its_end() -> None:
    mandate = mandated(village(hall()), SUMMER, MONDAY)
    over = moment("07-01") + timedelta(days=1095)
    assert not plan("mandates", over - timedelta(days=1)).count
    due = plan("mandates", over + timedelta(days=1))
    assert due.rows == [(str(mandate), "委托代办", "示例镇便民服务中心", SUMMER.date())]
    assert delete("mandates", over + timedelta(days=1)) == 1
    gone = Mandate.objects.get()
    assert (gone.paper, gone.matters, gone.agent) == (None, "", mandate.agent)
    assert not StoredFile.objects.filter(pk=mandate.paper_id).exists()
    assert LedgerEntry.objects.filter(action="cases.delete_due_contents", subject__contains="Mandate").count() == 1
    assert not plan("mandates", over + timedelta(days=1)).count
    with pytest.raises(Missing, match="保存到期"):
        paper_of(gone)


def test_a_mandate_ended_before_its_last_day_goes_by_that_day() -> None:
    ended(mandated(village(hall()), SUMMER, MONDAY))
    assert [row[3] for row in plan("mandates", LATER).rows] == [MONDAY.date()]


def test_a_mandate_stays_as_long_as_a_case_under_it() -> None:
    of = hall()
    agent = village(of)
    mandate = mandated(agent, SUMMER, MONDAY)
    case = received(of, MONDAY, then="receive", clerk=agent, person=mandate.person, mandate=mandate)
    withdraw(case, words="不办了", by=mandate.person, at=moment("05-06"))
    ended(mandate)
    assert (plan("mandates", LATER).count, list(plan("mandates", LATER).held)) == (0, [("委托办的件还没有到期", 1)])
    later = moment("05-06") + timedelta(days=1096)
    assert delete("not_handled", later) == 1
    assert delete("mandates", later) == 1


def test_a_mandate_stays_as_long_as_a_case_of_a_bundle_under_it() -> None:
    of = family()
    agent = a_village_agent(of)
    paper = a_photo(agent, MONDAY)
    mandate = give_mandate(
        mother_before(agent), matters="新生儿出生", until=SUMMER.date(), paper=paper, by=agent, at=MONDAY
    )
    hand_in_bundle(signed(of, agent, person=mandate.person, mandate=mandate), by=agent, at=MONDAY)
    ended(mandate)
    assert plan("mandates", LATER).held == [("委托办的件还没有到期", 1)]


def test_the_address_of_a_visit_that_came_to_nothing_goes_thirty_days_after_it() -> None:
    of = hall(a_guide(at_home=True))
    cancelled, forgotten, begun, met = (
        ordered(of, person=make.user()),
        ordered(of, person=make.user()),
        ordered(of),
        ordered(of, half="afternoon"),
    )
    cancel_visit(cancelled, by=of.window, at=MONDAY)
    begin_reception(of.item, person=begun.person, visit=begun, by=of.window, at=MONDAY)
    received(of, MONDAY, then="receive", person=met.person, visit=met)
    at = moment("03-10") + timedelta(days=31)
    assert not plan("visits", at - timedelta(days=1)).count
    assert delete("visits", at) == 2
    kept = {each.pk for each in HomeVisit.objects.exclude(content_sealed=b"")}
    assert kept == {begun.pk, met.pk}
    give_up(Reception.objects.get(visit=begun), by=of.window, at=MONDAY)
    assert delete("visits", at) == 1
    assert not plan("visits", at).count and forgotten.pk not in kept
