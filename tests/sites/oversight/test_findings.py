"""A finding says which complaint, bad rating or wish it is about, to everybody but those these are about."""

import pytest
from tests import factories as make
from tests.cases.hall import hall, moment
from tests.feedback.test_ratings import badly_rated
from tests.sites.oversight.test_board import as_, text

from banshi.core.clock import stopped_at
from banshi.feedback.actions import file_complaint
from banshi.supervision.models import Irregularity

pytestmark = pytest.mark.django_db
MONDAY = moment("2026-05-11")


def test_which_complaint_and_which_bad_rating_is_late() -> None:
    of = hall()
    watcher, named = make.user("supervisor", of.bureau), make.user("head", of.bureau, full_name="赵小慢")
    complaint = file_complaint("complaint", text="赵小慢办取水许可拖了很久了", item=of.item, by=of.citizen, at=MONDAY)
    bad = badly_rated(of, at=MONDAY)
    late = {"level": "red", "organ": of.bureau, "happened_at": MONDAY, "found_at": MONDAY}
    about = f"feedback.Complaint:{complaint.pk}"
    found = Irregularity.objects.create(rule="complaint-overdue", subject=about, mark="1", **late)
    Irregularity.objects.create(rule="rating-overdue", subject=f"feedback.BadRating:{bad.pk}", mark="1", **late)
    with stopped_at(MONDAY):
        for who, said in ((watcher, True), (named, False)):
            client = as_(who)
            listed = text(client.get("/oversight/findings/"))
            assert (complaint.number in listed) is said and str(bad) in listed
            assert (complaint.number in text(client.get(f"/oversight/findings/{found.pk}/"))) is said
        assert "拖了很久" not in listed
