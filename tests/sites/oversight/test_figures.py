"""Boards of figures, indicators and bulletins by their pages: each number opens its rows, others' organs are unknown."""

from collections.abc import Callable
from typing import Any

import pytest
from tests import factories as make
from tests.cases.hall import accepted, hall, moment
from tests.sites.oversight.test_board import as_, text
from tests.supervision.test_measures import acts, counted_to_the_end

from banshi.core.clock import stopped_at
from banshi.supervision.models import SupervisionBulletin

pytestmark = pytest.mark.django_db


def test_from_a_figure_to_its_rows_and_from_a_draft_to_a_bulletin(
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    of = hall()
    supervisor = make.user("supervisor", make.organ("示例县监察办"), full_name="钱监察")
    stranger = make.user("supervisor", make.organ("邻县监察办", division=make.division("990203", "邻县")))
    case = accepted(of, moment("10-12"))
    acts(case, "grant", "10-20", 12, left=-1, used=11, promised=10)
    counted_to_the_end()
    with stopped_at(moment("11-05")):
        watcher, other, head = as_(supervisor), as_(stranger), as_(of.head)
        link = f"period=2026-10&amp;organ={of.bureau.pk}&amp;measure=decided_late"
        with django_assert_max_num_queries(25):
            board = text(watcher.get("/oversight/figures/?period=2026-10"))
        assert link in board and 'class="drawn"' in board
        assert of.bureau.name not in text(other.get("/oversight/figures/?period=2026-10"))
        rows = text(watcher.get(f"/oversight/figures/rows/?{link.replace('&amp;', '&')}"))
        assert rows.count("data-row") == 12 and f"/oversight/cases/{case.pk}/" in rows
        assert other.get(f"/oversight/figures/rows/?{link.replace('&amp;', '&')}").status_code == 404
        assert of.item.name in text(watcher.get(f"/oversight/figures/?period=2026&by=item&organ={of.bureau.pk}"))
        assert text(watcher.get("/oversight/figures/?by=counter&period=bad"))
        assert watcher.get("/oversight/figures/rows/?measure=nothing").status_code == 404
        with django_assert_max_num_queries(25):
            assert of.bureau.called in text(watcher.get("/oversight/indicators/?period=2026-10"))
        one = text(head.get(f"/oversight/indicators/{of.bureau.pk}/?period=2026-10"))
        assert "按期办结率" in one and "measure=decided_late" in one
        assert other.get(f"/oversight/indicators/{of.bureau.pk}/").status_code == 404
        draft = text(watcher.get("/oversight/bulletins/2026-10/"))
        assert "草稿" in draft and "/oversight/bulletins/2026-10/issue/" in draft
        assert "issue" not in text(head.get("/oversight/bulletins/2026-10/"))
        assert head.post("/oversight/bulletins/2026-10/issue/").status_code in (403, 404)
        assert watcher.post("/oversight/bulletins/2026-10/issue/").status_code == 302
        number = SupervisionBulletin.objects.get().number
        assert number in text(head.get("/oversight/bulletins/2026-10/"))
        assert number not in text(other.get("/oversight/bulletins/"))
        assert watcher.get("/oversight/bulletins/2026-10/pdf").status_code == 409
        assert watcher.get("/oversight/bulletins/2030-01/").status_code == 404
