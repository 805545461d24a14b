"""A bad rating in dispute, by the pages alone: appealed, dismissed, put right, called back in vain, put right, rated again, closed."""

import pytest
from django.test import Client
from tests import factories as make
from tests.cases.hall import hall
from tests.feedback.test_ratings import FRIDAY, MONDAY, badly_rated
from tests.sites.oversight.test_board import as_, text

from banshi.core.clock import stopped_at
from banshi.feedback.models import BadRating, Rating
from banshi.people.models import User

pytestmark = pytest.mark.django_db


def act(who: User, bad: BadRating, name: str, status: int = 302, **typed: str) -> None:
    assert as_(who).post(f"/work/ratings/{bad.guid}/act/{name}/", typed).status_code == status, (who, name)


def test_a_bad_rating_that_is_disputed_goes_its_way_by_the_pages_alone() -> None:
    of = hall()
    bad, watcher = badly_rated(of), make.user("supervisor", of.bureau)
    with stopped_at(MONDAY):
        act(of.handler, bad, "contact", 403, words="我自己核实")
        act(of.handler, bad, "appeal", 422, words="")
        act(of.handler, bad, "appeal", words="没有来办过，是恶意的")
        assert "申诉复核中" in text(as_(watcher).get("/work/ratings/"))
        act(of.head, bad, "decide", 403, upheld="yes", words="同意")
        act(of.head, bad, "contact", 403, words="申诉的时候不能绕过")
        act(watcher, bad, "decide", upheld="no", words="查了办件，属实")
        assert "没有来办过" not in text(as_(of.handler).get(f"/work/ratings/{bad.guid}/")), (
            "nothing of it is told to the rated"
        )
        act(of.head, bad, "settle", outcome="mended", words="改为一次告知")
        act(of.head, bad, "call-back", satisfied="no", words="还要跑一趟")
        act(of.head, bad, "settle", outcome="mended", words="改好了，上门送达")
    with stopped_at(FRIDAY):
        page = f"/rate/{bad.rating.invitation.code}/"
        assert "上门送达" in text(Client().get(page))
        assert Client().post(f"{page}again/", {"grade": "2"}).status_code == 302
        assert Client().post(f"{page}again/", {"grade": "1"}).status_code == 409, "once"
        act(of.head, bad, "call-back", satisfied="yes", words="认可")
    now = BadRating.objects.get()
    assert (now.state, now.again_grade, now.due_rank) == ("closed", 2, bad.due_rank)
    assert Rating.objects.get().counted and Rating.objects.get().grade == 5


def test_one_found_malicious_by_the_pages_is_told_as_not_counted() -> None:
    of = hall()
    bad, watcher = badly_rated(of), make.user("supervisor", of.bureau)
    with stopped_at(MONDAY):
        act(of.handler, bad, "appeal", words="没有来办过，是恶意的")
        act(watcher, bad, "decide", upheld="yes", words="查实不是办事的人评的")
        assert "误评或恶意，不计入" in text(as_(of.head).get("/work/ratings/?show=all"))
        act(of.head, bad, "contact", 403, words="已经了结")
    assert BadRating.objects.get().state == "excluded" and not Rating.objects.get().counted
