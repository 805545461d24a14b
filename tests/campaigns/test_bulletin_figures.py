"""通报 rank what units did, when it was due."""

from datetime import timedelta

import pytest

from banshi.campaigns.bulletin import content_of
from banshi.campaigns.printouts import cited
from tests.factories import campaigns

pytestmark = pytest.mark.django_db


def test_a_unit_not_due_yet_is_not_ranked_and_one_that_is_late_is():
    first = campaigns.opened()
    second = campaigns.handed_in(campaigns.unit(first.campaign))
    last = first.campaign.stages.get(phase="guides").ends
    campaigns.reported(first)
    assert [row["unit"] for row in content_of(first.campaign, last)["ranking"]] == [str(first)]
    told = content_of(first.campaign, last + timedelta(days=1))["ranking"]
    assert [(row["unit"], row["round"]) for row in told] == [(str(first), 1), (str(second), 0)]


def test_the_reviewers_speed_is_not_the_unit_s():
    unit = campaigns.opened(items=3)
    campaigns.reported(unit)
    [row] = content_of(unit.campaign, campaigns.during(unit.campaign, "review").date())["ranking"]
    assert (row["done"], row["percent"]) == (3, 100)


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("财教〔2021〕310号", "财教〔2021〕310号"),
        ("《财教〔2021〕310号》", "财教〔2021〕310号"),
        ("义务教育法", "《义务教育法》"),
    ],
)
def test_a_document_number_is_no_title(title, words):
    assert cited(title) == words
