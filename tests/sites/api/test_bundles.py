"""一件事 by the API: read by anyone, filled in and submitted once by the person behind the token."""

import pytest
from tests import factories as make
from tests.bundles.family import ANSWERS, BORN, ID_CARD, NAME, Family, a_guide, family, guides
from tests.cases.hall import LONG_AGO
from tests.sites.api.test_handling import Asking, person
from tests.sites.portal.test_applying import person as citizen
from tests.uploads.pictures import photo

from banshi.cases.models import Case
from banshi.catalog.enums import Audience

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


def test_drafts_are_listed_papers_taken_away_and_a_draft_given_up(of: Family, mother: Asking) -> None:
    made = mother.post("/bundles/newborn/submissions", {"answers": {"ask_insured": "交了"}})
    assert made["party"] == "self"
    address, paper = f"/bundle-submissions/{made['guid']}", made["materials"][0]["slug"]
    assert [each["guid"] for each in mother.get("/bundle-submissions")["submissions"]] == [made["guid"]]
    assert mother.upload(f"{address}/materials/{paper}", photo())["handed_in"] == [paper]
    assert mother.post(f"{address}/materials/{paper}", method="delete", status=200)["handed_in"] == []
    other = person(citizen("李四", "530102199003071238"))
    assert other.get("/bundle-submissions")["submissions"] == []
    assert other.post(address, method="delete", status=404)
    mother.post(address, method="delete", status=200)
    mother.get(address, 404)
    assert mother.get("/bundle-submissions")["submissions"] == []


def test_a_guide_changed_meanwhile_is_adopted_and_then_submitted(of: Family, mother: Asking) -> None:
    made = mother.post("/bundles/newborn/submissions", {"answers": ANSWERS})
    address = f"/bundle-submissions/{made['guid']}"
    for each in made["materials"]:
        mother.upload(f"{address}/materials/{each['slug']}", photo())
    make.publication(of.items["birth"], a_guide("出生证签发", form_fields=[NAME, BORN], materials=[ID_CARD]))
    assert "在您填写期间改过" in str(mother.post(f"{address}/submit", status=409))
    assert len(mother.post(f"{address}/adopt", status=200)["materials"]) == 1
    assert mother.post(f"{address}/submit")["submitted_at"]


def test_a_company_applies_as_a_company(of: Family) -> None:
    both = guides()["birth"].model_copy(update={"audience": [Audience.PERSON, Audience.COMPANY]})
    make.publication(of.items["birth"], both, at=LONG_AGO)
    company = person(citizen("示例有限公司", make.a_uscc(77), "company"))
    made = company.post("/bundles/newborn/submissions", {"answers": {"ask_insured": "没有交"}})
    assert made["party"] == "company"
    address = f"/bundle-submissions/{made['guid']}"
    wrong = str(company.post(f"{address}/submit", status=422))
    assert "统一社会信用代码" in wrong and "您的身份证号" in wrong, "of who acts, who is no applicant"
