"""The ledger proves what reviewers have said."""

import pytest
from django.db.models import Case, Value, When

from banshi.campaigns.models import Opinion, Review, Summing
from banshi.ledger.verification import verify
from tests.factories import campaigns

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def concluded() -> None:
    (entry,) = campaigns.reported(campaigns.opened())
    campaigns.summed_up(campaigns.judged(entry), "pass")
    assert verify().holds


def test_opinions_turned_round_are_noticed() -> None:
    Opinion.objects.update(agrees=Case(When(agrees=True, then=Value(False)), default=Value(True)), text="改成不同意")
    assert "审核意见与摘要不符" in str(verify())


def test_a_verdict_put_into_another_mouth_is_noticed() -> None:
    Review.objects.exclude(verdict="").update(given_by="别人")
    assert "审核意见与摘要不符" in str(verify())


def test_an_opinion_deleted_is_noticed() -> None:
    Review.objects.exclude(verdict="").first().delete()  # type: ignore[union-attr]
    assert "审核意见被删去" in str(verify())


def test_a_conclusion_changed_is_noticed() -> None:
    Summing.objects.update(conclusion="return", asks=["改"])
    assert "汇总意见与记录不符" in str(verify())
