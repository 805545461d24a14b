"""Free questions over the events, by DuckDB beside the database."""

from pathlib import Path
from typing import Any

import pytest
from pytest import MonkeyPatch

from banshi.core.errors import BadInput
from banshi.events.models import Event
from banshi.events.sequencing import sequence
from banshi.supervision import event_files
from banshi.supervision.event_files import answer, write_event_files
from tests.cases.hall import accepted, hall, moment
from tests.supervision.test_measures import acts

pytest.importorskip("duckdb")
pytestmark = pytest.mark.django_db
QUESTION = """
SELECT organ_name, item_name, strftime(happened_at, '%Y-%m') AS month, count(*) AS times
FROM events JOIN organs USING (organ) JOIN items USING (item)
WHERE kind = 'cases.acted' AND data->>'act' = 'grant' GROUP BY ALL ORDER BY month
"""


def test_a_question_no_board_answers_is_answered_from_files_that_only_grow(
    tmp_path: Path, monkeypatch: MonkeyPatch
) -> None:
    monkeypatch.setattr(event_files, "SPAN", 5)
    of = hall()
    case = accepted(of, moment("10-12"))
    acts(case, "grant", "10-20", 3, left=2)
    acts(case, "grant", "11-02", 2, left=2)
    sequence()
    write_event_files(tmp_path)
    full = tmp_path / "events-00000.parquet"
    before = full.stat().st_mtime_ns
    expected: list[Any] = [(of.bureau.name, of.item.name, "2026-10", 3), (of.bureau.name, of.item.name, "2026-11", 2)]
    assert answer(QUESTION, tmp_path) == (["organ_name", "item_name", "month", "times"], expected)
    acts(case, "grant", "11-03", 7, left=2)
    sequence()
    write_event_files(tmp_path)
    assert full.stat().st_mtime_ns == before, "what is full is never written again"
    assert answer("SELECT count(*), max(number) FROM events", tmp_path)[1] == [(Event.objects.count(),) * 2]
    heads = answer("SELECT * FROM events LIMIT 0", tmp_path)[0]
    assert "actor" not in heads and of.handler.ledger_id not in str(answer("SELECT * FROM events", tmp_path))


def test_a_question_reads_nothing_else_of_the_machine(tmp_path: Path) -> None:
    write_event_files(tmp_path)
    (tmp_path / "secret.csv").write_text("a\n1\n")
    for question in (
        f"SELECT * FROM '{tmp_path}/secret.csv'",
        f"COPY (SELECT 1) TO '{tmp_path}/out.csv'",
        "SELECT nothing",
    ):
        with pytest.raises(BadInput, match="问不出来"):
            answer(question, tmp_path)
    assert not (tmp_path / "out.csv").exists()
