"""一件事 by the API: read by anyone, filled in and submitted once by the person behind the token."""

import pytest
from tests.bundles.family import ANSWERS, Family, family
from tests.sites.api.test_handling import Asking, person
from tests.sites.portal.test_applying import person as citizen
from tests.uploads.pictures import photo

from banshi.cases.models import Case

pytestmark = pytest.mark.django_db


@pytest.fixture
def of() -> Family:
    town = family()
    town.mother = citizen()
    return town


@pytest.fixture
def mother(of: Family) -> Asking:
    return person(of.mother)


def test_anyone_reads_what_is_asked_once_and_until_when(of: Family, mother: Asking) -> None:
    assert [each["name"] for each in mother.get("/bundles")["bundles"]] == ["新生儿出生"]
    told = mother.get("/bundles/newborn")
    assert [each["key"] for each in told["parts"]] == ["birth", "hukou", "insurance", "allowance"]
    assert told["materials"][0]["parts"] == ["birth", "hukou", "insurance", "allowance"]
    assert "birth__newborn_name" in told["form"]["schema"]["properties"]
    mother.get("/bundles/none", status=404)


def test_from_a_draft_to_cases_and_those_that_wait(of: Family, mother: Asking) -> None:
    made = mother.post("/bundles/newborn/submissions", {"answers": {"ask_insured": "交了"}})
    address = f"/bundle-submissions/{made['guid']}"
    mother.post(address, {"answers": ANSWERS}, status=200, method="patch")
    for each in made["materials"]:
        mother.upload(f"{address}/materials/{each['slug']}", photo())
    sent = mother.post(f"{address}/submit")
    assert [each["state"] for each in sent["parts"]] == ["received", "waiting", "waiting", "received"]
    assert mother.post(f"{address}/submit")["number"] == sent["number"]
    assert Case.objects.count() == 2
    assert person(citizen("李四", "530102199003071238")).get(address, status=404)


def test_what_lacks_is_named(of: Family, mother: Asking) -> None:
    made = mother.post("/bundles/newborn/submissions", {"answers": {}})
    refused = mother.post(f"/bundle-submissions/{made['guid']}/submit", status=422)
    assert "请选择“单位交了生育保险吗”" in str(refused)
