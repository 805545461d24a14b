"""Boards of figures, indicators and bulletins by their pages: each number opens its rows, others' organs are unknown."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests import factories as make
from tests.cases.hall import accepted, granted, hall, moment
from tests.feedback.test_ratings import SATURDAY, badly_rated, rated_by
from tests.sites.oversight.test_board import as_, text
from tests.supervision.test_measures import acts, counted_to_the_end

from banshi.access import Visitor
from banshi.core.clock import stopped_at
from banshi.feedback.actions import file_complaint
from banshi.feedback.policy import policy
from banshi.supervision.examining import catch_up
from banshi.supervision.models import SupervisionBulletin

pytestmark = pytest.mark.django_db


def test_from_a_figure_to_its_rows_and_from_a_draft_to_a_bulletin(
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    of = hall()
    supervisor = make.user("supervisor", make.organ("示例县监察办"), full_name="钱监察")
    stranger = make.user("supervisor", make.organ("邻县监察办", division=make.division("990203", "邻县")))
    case = accepted(of, moment("10-12"))
    acts(case, "grant", "10-20", 10, left=-1, used=11, promised=10)
    case.item = None  # type: ignore[assignment]
    acts(case, "grant", "10-21", 2, left=-1, used=11, promised=10)
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
        by_item = text(watcher.get("/oversight/figures/?period=2026-10&by=item"))
        total = f"/oversight/figures/rows/?period=2026-10&organ={of.bureau.pk}&by=item&measure=decided_late"
        assert of.item.name in by_item and f'{total.replace("&", "&amp;")}">10</a>' in by_item
        assert text(watcher.get(total)).count("data-row") == 10
        days = text(watcher.get(f"/oversight/figures/rows/?period=2026-10&organ={of.bureau.pk}&measure=days_used"))
        assert "共132日" in days and '<td class="number">11</td>' in days
        assert watcher.get("/oversight/figures/rows/?measure=red&by=counter").status_code == 200
        assert text(watcher.get("/oversight/figures/?by=counter&period=bad"))
        assert watcher.get("/oversight/figures/rows/?measure=nothing").status_code == 404
        with django_assert_max_num_queries(25):
            assert of.bureau.called in text(watcher.get("/oversight/indicators/?period=2026-10"))
        one = text(head.get(f"/oversight/indicators/{of.bureau.pk}/?period=2026-10"))
        assert "按期办结率" in one and "measure=decided_late" in one
        assert other.get(f"/oversight/indicators/{of.bureau.pk}/").status_code == 404
        assert "issue" not in text(head.get("/oversight/bulletins/2026-10/"))
        elsewhere = {
            "organ": make.organ("示例县政务办"),
            "number": "甲1号",
            "figures": {},
            "issued_at": moment("11-02"),
        }
        SupervisionBulletin.objects.create(period="2026-10", figures_digest="0" * 64, **elsewhere)
        draft = text(watcher.get("/oversight/bulletins/2026-10/"))
        assert "草稿" in draft and "/oversight/bulletins/2026-10/issue/" in draft
        assert head.post("/oversight/bulletins/2026-10/issue/").status_code in (403, 404)
        assert watcher.post("/oversight/bulletins/2026-10/issue/").status_code == 302
        issued = SupervisionBulletin.objects.get(organ=supervisor.posts.get().organ)
        number = issued.number
        assert number in text(head.get(f"/oversight/bulletins/2026-10/?organ={issued.organ_id}"))
        assert f"/oversight/bulletins/2026-10/?organ={issued.organ_id}" in text(head.get("/oversight/bulletins/"))
        assert head.get(f"/oversight/bulletins/2026-10/?organ={of.bureau.pk}").status_code == 404
        assert number not in text(other.get("/oversight/bulletins/"))
        assert watcher.get("/oversight/bulletins/2026-10/pdf").status_code == 409
        assert watcher.get("/oversight/bulletins/2030-01/").status_code == 404


def test_tiles_count_the_rows_they_open_and_nothing_is_shown_to_whoever_was_rated() -> None:
    of = hall()
    supervisor = make.user("supervisor", make.organ("示例县监察办"))
    bad = badly_rated(of)
    bad.rating.invitation.rated.create(user=of.head)
    with stopped_at(SATURDAY):
        watched, own = (text(as_(who).get("/oversight/ratings/?show=all")) for who in (supervisor, of.head))
        assert f"{bad}，" in watched and 'show=all">收到差评<b>1<' in watched
        assert f"{bad}，" not in own and 'show=all">收到差评<b>0<' in own
        counted_to_the_end()
        rows = text(as_(of.head).get("/oversight/figures/rows/?period=2026-05&measure=rated_bad"))
        assert rows.count("data-row") == 0 and "不到5次评价的，" in rows, "one of one would tell who rated"
        board = text(as_(of.head).get("/oversight/figures/?period=2026-05"))
        assert "人数太少</small>" in board and 'measure=rated"' not in board and "measure=rated_bad" not in board
        one = text(as_(of.head).get(f"/oversight/indicators/{of.bureau.pk}/?period=2026-05"))
        assert "好评率：没有数" in " ".join(one.split()).replace("： ", "：") and "评价的人太少，不显示" in one
        many = policy().rating.least_shown
        for _ in range(many):
            badly_rated(of, service=make.user())
        counted_to_the_end()
        rows = text(as_(of.head).get("/oversight/figures/rows/?period=2026-05&measure=rated_bad"))
        assert rows.count("data-row") == many + 1 and "5月9日" not in rows, "the minute would tell who rated"
        file_complaint("complaint", text="窗口没有人上班", organ=of.bureau, by=Visitor(), at=SATURDAY)
        complaints = text(as_(supervisor).get(f"/oversight/complaints/?days=30&organ={of.bureau.pk}&show=open"))
        assert f'days=30&amp;show=all&amp;organ={of.bureau.pk}">收到<b>1<' in complaints
        assert complaints.count("投诉 S2026") == 1


def test_ratings_of_few_cannot_be_had_from_the_total_the_rows_or_the_year() -> None:
    of = hall()
    other = make.organ("示例县乙局", division=of.bureau.division)
    supervisor = as_(make.user("supervisor", make.organ("示例县监察办")))
    rated_by(of, 2, organ=other, item=None, at=moment("2026-05-08"))
    for day, count in (("2026-03-02", 9), ("2026-04-02", 6), ("2026-05-08", 3)):
        rated_by(of, count, at=moment(day))
    with stopped_at(moment("2026-05-12")):
        counted_to_the_end()
        may = one_line(supervisor.get("/oversight/figures/?period=2026-05"))
        assert may.count("人数太少</small>") == 6 and 'measure=rated"' not in may, "and no total of nobody"
        april = one_line(supervisor.get("/oversight/figures/?period=2026-04"))
        assert "人数太少</small>" in april, "the year less the other months would tell May"
        year = one_line(supervisor.get("/oversight/figures/?period=2026"))
        assert (
            f'organ={of.bureau.pk}&amp;measure=rated">18</a>' in year
            and 'period=2026&amp;measure=rated">18</a>' in year
        )
        rows = one_line(supervisor.get("/oversight/figures/rows/?period=2026&measure=rated"))
        assert "示例县乙局" not in rows and "共18次" in rows and "不到5次评价的，" in rows
        for query in (f"organ={other.pk}", f"organ={of.bureau.pk}&by=item&item={of.item.pk}", f"item={of.item.pk}"):
            rows = one_line(supervisor.get(f"/oversight/figures/rows/?period=2026-05&measure=rated&{query}"))
            assert "data-row" not in rows and "共" not in rows.split("<h1>")[1], query


def one_line(response: Any) -> str:
    return " ".join(text(response).split()).replace("> ", ">").replace(" <", "<")


def test_what_waits_to_be_accepted_tells_that_day_and_what_nobody_was_given_is_counted() -> None:
    of = hall()
    supervisor = make.user("supervisor", make.organ("示例县监察办"))
    file_complaint("complaint", text="不知道该找谁反映这件事", by=Visitor(), at=moment("05-06"))
    file_complaint("complaint", text=f"{of.head.full_name}不办事", organ=of.bureau, by=Visitor(), at=moment("05-06"))
    with stopped_at(moment("05-09")):
        watched, own = (text(as_(who).get("/oversight/complaints/")) for who in (supervisor, of.head))
    assert "5月7日以前受理" in watched and "逾期2个工作日" in watched and "还没有承办单位" in watched
    assert watched.count("投诉 S2026") == 2 and "投诉 S2026" not in own and "data-row" not in own


def test_an_indicator_added_today_counts_months_gone_by_opens_into_its_rows_and_says_so(
    settings: Any, tmp_path: Path
) -> None:
    of = hall()
    for day in ("10-12", "10-13"):
        granted(of, moment(day))
    supervisor = make.user("supervisor", make.organ("示例县监察办"))
    counted_to_the_end()
    catch_up()
    asked = "/oversight/indicators/?period=2026-10"
    assert "追溯" not in text(as_(supervisor).get(asked)), "what was there from the beginning is of every month"
    kept = settings.MONITORING
    settings.MONITORING = shutil.copytree(kept, tmp_path / "words")
    file = settings.MONITORING / "indicators.toml"
    words = file.read_text(encoding="utf-8")
    file.write_text(words.replace('label = "按期办结率"', 'label = "按时办结率"'), encoding="utf-8")
    catch_up()
    assert "按时办结率" in (told := text(as_(supervisor).get(asked))) and "追溯" not in told, "only its words changed"
    settings.MONITORING = shutil.copytree(kept, tmp_path / "rules")
    with (settings.MONITORING / "indicators.toml").open("a", encoding="utf-8") as file:
        file.write(NEW_INDICATOR)
    catch_up()
    catch_up()
    told = text(as_(supervisor).get(asked))
    assert "今天加的指标" in told and told.count("加上或改过，以前的是追溯") == 1
    own = as_(supervisor).get(f"/oversight/indicators/{of.bureau.pk}/?period=2026-10").content.decode()
    assert "加上或改过，以前的是追溯。" in own
    assert 'measure=decided"' in own and 'measure=received"' in own
    later = text(as_(supervisor).get("/oversight/indicators/?period=2026-12"))
    assert "追溯" not in later


NEW_INDICATOR = """
[indicators.added-today]
label = "今天加的指标"
formula = "100 * decided / received"
unit = "%"
cases = "decided"
smallest = 1
full = 100
zero = 0
weight = 5
"""
