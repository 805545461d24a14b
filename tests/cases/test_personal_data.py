"""What is personal in a case: sealed, looked at on record, given to its person, deleted when its time is over."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from banshi.cases.actions import delete_due_contents, deliver, export_own_data, look_at_applicant, withdraw
from banshi.cases.models import CaseMaterial
from banshi.cases.queries import cases_of, cases_visible_to
from banshi.cases.retention import deletion_plan
from banshi.core.errors import Conflict, Refused
from banshi.ledger.models import LedgerEntry
from banshi.ledger.text_proofs import differing_texts
from tests import factories as make
from tests.cases.hall import ANSWERS, accepted, fresh, granted, hall, moment, submitted
from tests.factories import TESTS

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


class TestRetention:
    def test_it_shows_first_and_deletes_what_was_shown(self) -> None:
        of = hall()
        ended = withdraw(submitted(of, MONDAY), words="不办了", by=of.citizen, at=MONDAY)
        running = submitted(of, MONDAY)
        later = MONDAY + timedelta(days=1096)
        shown = {each.rule.code: each.count for each in deletion_plan(at=later)}
        assert shown == {"not_handled": 1, "handled": 0}
        assert {each.count for each in deletion_plan(at=MONDAY + timedelta(days=1095))} == {0}
        with pytest.raises(Conflict, match="现在到期的是1件"):
            delete_due_contents("not_handled", shown=2, by=TESTS, at=later)
        assert delete_due_contents("not_handled", shown=1, by=TESTS, at=later) == 1
        gone = fresh(ended)
        assert (bytes(gone.application.answers_sealed), bytes(gone.applicant_sealed), gone.applicant_masked) == (
            b"",
            b"",
            "",
        )
        assert not CaseMaterial.objects.filter(application=gone.application_id).exists()
        assert gone.acts.count() == 2
        assert bytes(fresh(running).application.answers_sealed)
        assert {each.count for each in deletion_plan(at=later)} == {0}

    def test_what_was_deleted_in_time_is_no_forgery_and_anything_else_is(self) -> None:
        of = hall()
        case = granted(of, MONDAY).case
        deliver(case, way="online", by=of.window, at=MONDAY)
        refused: Any = withdraw(submitted(of, MONDAY), words="不办了", by=of.citizen, at=MONDAY)
        delete_due_contents("handled", shown=1, by=TESTS, at=MONDAY + timedelta(days=3651))
        entries = list(LedgerEntry.objects.filter(action__startswith="cases."))
        assert list(differing_texts(entries)) == []
        refused.acts.filter(kind="withdraw").update(content_sealed=b"")
        assert [entry.action for entry, _ in differing_texts(entries)] == ["cases.withdraw"]
