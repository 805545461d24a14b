"""The page about workflows is made from their data and never lags behind."""

from pathlib import Path

from banshi.workflow.definition import all_workflows
from banshi.workflow.pictures import diagram, page

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_in_the_docs_is_what_the_data_says() -> None:
    assert (DOCS / "workflows.md").read_text(encoding="utf-8") == page(all_workflows()), "run: ./run banshi workflows"


def test_every_move_is_in_the_picture() -> None:
    for flow in all_workflows():
        drawn = diagram(flow)
        assert all(f"{source} --> {move.to}: {move.label}" in drawn for move in flow.moves for source in move.sources)
