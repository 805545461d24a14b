"""Statements that the acts of a case's life ask of the database, which `./run bench cases` counts on."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models.sql.compiler import SQLCompiler
from django.test.utils import CaptureQueriesContext

from banshi.cases.actions import accept, close_stop, decide, deliver, finish_task, open_stop, submit
from tests.cases.hall import Hall, filled, hall, moment, open_tasks

BUDGETS = {"submit": 19, "accept": 21, "open_stop": 19, "close_stop": 19, "finish": 10, "decide": 23, "deliver": 18}
"""Each with the begin and the end of its transaction."""
COMPILED = 2
"""SELECT that Django compiles for the draft and for this test; those of the acts are prepared."""
MONDAY = moment("09-21")


def life(of: Hall) -> dict[str, int]:
    """Live one, counting."""
    cost: dict[str, int] = {}

    def counted(name: str, act: Callable[[], Any]) -> Any:
        with CaptureQueriesContext(connection) as asked:
            done = act()
        cost[name] = len(asked)
        return done

    draft = filled(of, MONDAY)
    case = counted("submit", lambda: submit(draft, key=draft.key, by=of.citizen, at=MONDAY))
    case = counted("accept", lambda: accept(case, by=of.window, at=MONDAY))
    stop = counted("open_stop", lambda: open_stop(case, procedure="听证", expected_days=5, by=of.handler, at=MONDAY))
    counted("close_stop", lambda: close_stop(stop, by=of.handler, at=MONDAY))
    [task] = open_tasks(case)
    counted("finish", lambda: finish_task(task, by=of.handler, at=MONDAY))
    counted("decide", lambda: decide(case, granted=True, by=of.head, at=MONDAY))
    counted("deliver", lambda: deliver(case, way="online", by=of.window, at=MONDAY))
    return cost


@pytest.mark.django_db
def test_a_life_of_eight_acts_costs_a_known_number_of_statements() -> None:
    of = hall(result_name="取水许可证")
    life(of)
    assert life(of) == BUDGETS


@pytest.mark.django_db
def test_what_a_life_reads_most_is_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    of = hall(result_name="取水许可证")
    life(of)
    compiled, compile_ = [], SQLCompiler.as_sql

    def counted(self: SQLCompiler, *args: Any, **kwargs: Any) -> Any:
        if not args and not kwargs:
            compiled.append(self.query.model)
        return compile_(self, *args, **kwargs)

    monkeypatch.setattr(SQLCompiler, "as_sql", counted)
    life(of)
    assert len(compiled) == COMPILED, compiled
