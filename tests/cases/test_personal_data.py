"""What is personal in a case: sealed, looked at on record, given to its person, deleted when its time is over."""

import json

import pytest
from django.db import connection

from banshi.cases.actions import export_own_data, look_at_applicant, withdraw
from banshi.cases.queries import cases_of, cases_visible_to
from banshi.core.errors import Refused
from banshi.ledger.models import LedgerEntry
from tests import factories as make
from tests.cases.hall import ANSWERS, accepted, hall, moment

pytestmark = pytest.mark.django_db
MONDAY = moment("03-02")


def test_nothing_a_person_wrote_lies_open_in_the_database() -> None:
    of = hall()
    case = withdraw(accepted(of, MONDAY), words="改到外地办理", by=of.citizen, at=MONDAY)
    secrets = [ANSWERS["applicant_name"], ANSWERS["applicant_number"], ANSWERS["phone"], "改到外地办理"]
    tables = {each for each in connection.introspection.table_names() if each.startswith("cases_")}
    with connection.cursor() as cursor:
        for table in tables - {"cases_casemove"}:  # which names its actors, as the ledger does
            cursor.execute(f'SELECT * FROM "{table}"')
            text = repr(cursor.fetchall())
            assert not [each for each in secrets if each in text], table
    assert look_at_applicant(case, by=of.handler, at=MONDAY).applicant["name"] == "林小例"


def test_a_look_is_recorded_and_a_stranger_gets_none() -> None:
    of = hall()
    case = accepted(of, MONDAY)
    look_at_applicant(case, by=of.handler, at=MONDAY)
    [entry] = LedgerEntry.objects.filter(action="cases.look")
    assert entry.actor == of.handler.ledger_id
    stranger = make.user("handler", make.organ())
    with pytest.raises(Refused):
        look_at_applicant(case, by=stranger, at=MONDAY)
    assert case not in cases_visible_to(stranger, at=MONDAY)
    assert case not in cases_of(make.user())
    assert LedgerEntry.objects.filter(action="cases.look").count() == 1


def test_ones_own_data_is_given_with_who_looked_at_it() -> None:
    of = hall()
    case = accepted(of, MONDAY)
    look_at_applicant(case, by=of.handler, at=MONDAY)
    told = json.loads(json.dumps(export_own_data(of.citizen, by=of.citizen, at=MONDAY), ensure_ascii=False))
    [one] = told["cases"]
    assert (one["number"], one["answers"]) == (case.number, ANSWERS)
    assert [each["act"] for each in one["acts"]] == ["收件", "受理"]
    assert [each["by"] for each in one["looks"]] == ["孙办理"]
    assert [each["title"] for each in one["papers"]] == ["受理通知书", "收件凭证"]
    with pytest.raises(Refused):
        export_own_data(of.citizen, by=of.handler, at=MONDAY)
