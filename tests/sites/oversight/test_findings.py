"""A finding says which complaint, bad rating or wish it is about, to everybody but those these are about."""

import pytest
from tests import factories as make
from tests.cases.hall import accepted, hall, moment
from tests.feedback.test_ratings import badly_rated
from tests.sites.oversight.test_board import as_, text

from banshi.core.clock import stopped_at
from banshi.feedback.actions import file_complaint
from banshi.papers.queries import papers_about
from banshi.supervision.actions import alert, answer_order, censure, give_order
from banshi.supervision.models import Irregularity, SupervisionOrder
from banshi.supervision.warning import warn

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
            assert 'data-label="等级"' in listed and 'data-label="状态"' in listed, "seen on a phone without scrolling"
            assert (complaint.number in listed) is said and str(bad) in listed
            assert (complaint.number in text(client.get(f"/oversight/findings/{found.pk}/"))) is said
        assert "拖了很久" not in listed


def test_each_paper_of_a_finding_opens_for_both_sides_and_nobody_else() -> None:
    of = hall()
    supervisor = make.user("supervisor", make.organ("示例县监察办"))
    accepted(of, moment("11-02"))
    warn(at=moment("12-01", 7))
    late = Irregularity.objects.get(rule="case-overdue", level="red")
    alert(late, words="请抓紧", by=supervisor, at=moment("12-01"))
    give_order(late, words="请说明原因", due=moment("12-08").date(), by=supervisor, at=moment("12-01"))
    answer_order(late, words="已经决定", by=of.head, at=moment("12-02"))
    censure(late, words="一再拖延", by=supervisor, at=moment("12-03"))
    page = f"/oversight/findings/{late.pk}/"
    papers = list(papers_about(f"JC{late.pk}").order_by("id"))
    assert len(papers) == 4
    with stopped_at(moment("12-04")):
        for who in (supervisor, of.head):
            told = text(as_(who).get(page))
            assert all(each.title in told and f"{page}papers/{each.pk}/" in told for each in papers)
        SupervisionOrder.objects.update(answered_by=None)
        assert "None" not in text(as_(supervisor).get(page)), "answered by the software, or by whom nobody knows"
        sent = as_(of.head).post(f"{page}papers/{papers[-1].pk}/")
        assert b"".join(sent.streaming_content)[:5] == b"%PDF-"
        assert as_(of.head).get(f"{page}papers/{papers[-1].pk}/").status_code == 405
        assert as_(make.user("head", make.organ())).post(f"{page}papers/{papers[0].pk}/").status_code == 404
        assert as_(of.head).post(f"{page}papers/999999/").status_code == 404
