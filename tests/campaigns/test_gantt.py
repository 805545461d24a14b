"""The picture of a campaign's days."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from banshi.campaigns.gantt import gantt
from tests.factories import campaigns

pytestmark = pytest.mark.django_db


def test_one_bar_a_stage_with_today_among_them():
    campaign = campaigns.campaign("two-rounds")
    first = campaign.stages.all()[0]
    drawn = gantt(campaign, campaign.stages.all(), first.begins)
    assert len(drawn.bars) == campaign.stages.count()
    assert drawn.bars[0].tone == "now"
    assert drawn.today == drawn.bars[0].x


def test_names_of_months_do_not_run_into_each_other_and_the_first_has_its_year():
    campaign = campaigns.campaign("two-rounds")
    for days in range(31):
        campaign.stages.update(begins=date(2026, 12, 31) - timedelta(days=days), ends=date(2027, 3, 31))
        months = gantt(campaign, campaign.stages.all(), date(2027, 1, 1)).months
        assert all(later.x - earlier.x >= 80 for earlier, later in pairwise(months))
        assert "年" in months[0].label
