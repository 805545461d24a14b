"""The generated catalogue is what it says it is, or nothing measured on it would mean anything."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from benchmarks.catalogue_at_scale import PLANTED_RULES, Catalogue, Parts

from banshi.analysis.proofs.cycles import circles, smallest_cut
from banshi.analysis.proofs.graph import build_graph
from banshi.analysis.tables import DEMANDS, ITEMS
from banshi.catalog.guide.document import Guide
from banshi.rulebook.proof_names import shipped_dictionary


@pytest.fixture(scope="module")
def parts() -> Parts:
    return Parts()


@pytest.fixture(scope="module")
def catalogue(parts: Parts) -> Catalogue:
    return Catalogue(parts, 1)


def test_the_same_seed_gives_the_same_catalogue(parts: Parts, catalogue: Catalogue) -> None:
    again, other = Catalogue(parts, 1), Catalogue(parts, 1, seed=2)
    assert (again.planted, again.names) == (catalogue.planted, catalogue.names)
    assert other.planted != catalogue.planted


def test_a_guide_written_fast_is_the_guide(catalogue: Catalogue, tmp_path: Path) -> None:
    catalogue.write_guides(tmp_path / "g.parquet")
    flaws = dict(catalogue.planted.flaws)
    first = next(pq.ParquetFile(tmp_path / "g.parquet").iter_batches(600))
    assert first.num_rows == 600
    for row in first.to_pylist():
        assert json.loads(row["guide"]) == catalogue.guide(row["item_id"], flaws.get(row["item_id"], ""))
        Guide.model_validate_json(row["guide"])


def test_columns_and_guides_tell_of_the_same_items(catalogue: Catalogue) -> None:
    items, demands = catalogue.tables.items, catalogue.tables.demands
    assert (items.schema, demands.schema) == (ITEMS, DEMANDS)
    asked = demands["item_id"].value_counts().to_pylist()
    materials = {each["values"]: each["counts"] for each in asked}
    untouched = [row for row in range(400) if row not in catalogue.heavier]
    for row in untouched:
        guide = catalogue.guide(row)
        assert items["name"][row].as_py() == guide["name"]
        assert materials[row] == len(guide["materials"])


def test_at_least_twelve_rules_are_broken_on_purpose(catalogue: Catalogue) -> None:
    assert {rule for _, rule in catalogue.planted.flaws} == set(PLANTED_RULES)
    assert len(PLANTED_RULES) >= 12


def test_its_circles_are_the_planted_ones(catalogue: Catalogue) -> None:
    graph = build_graph(catalogue.tables, shipped_dictionary())
    assert {frozenset(hop.item for hop in each.hops) for each in circles(graph)} == catalogue.planted.circles
    assert len(smallest_cut(graph).demands) == catalogue.planted.cut
