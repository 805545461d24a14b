"""The rules as expressions say what the rules say, on DuckDB and on Spark."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from banshi.analysis.tables import Entry, tables_from_records
from banshi.catalog.guide.document import Guide
from banshi.rulebook.engine import examine, plain_rulebook
from banshi.rulebook.scale.expressions import RULES, asked_for, findings
from banshi.rulebook.scale.flat_tables import flat_tables
from banshi.rulebook.word_lists import shipped_words

Finding = tuple[int, str, str, str]


@pytest.fixture(scope="module")
def by_rules(sample: list[dict[str, Any]]) -> set[Finding]:
    """What the rule classes find, one guide after another."""
    rules = [rule for rule in plain_rulebook(date(2026, 11, 23)) if rule.code in RULES]
    found = ((number, examine(Guide.model_validate(each), rules)) for number, each in enumerate(sample))
    return {(number, each.rule.code, each.path, each.quote) for number, some in found for each in some}


@pytest.fixture(scope="module")
def folder(sample: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample as flat Parquet, as both engines read it."""
    folder = tmp_path_factory.mktemp("flat")
    tables = flat_tables((number, json.dumps(each).encode()) for number, each in enumerate(sample))
    entries = (Entry({"item_id": number}, Guide.model_validate(each)) for number, each in enumerate(sample))
    for name, table in {**tables, "demands": tables_from_records(entries).demands}.items():
        pq.write_table(table, folder / f"{name}.parquet")
    return folder


@pytest.fixture(scope="module")
def spark(spark_session: Any) -> Any:
    return ibis.pyspark.connect(spark_session)


def found_by(engine: Any, folder: Path) -> set[Finding]:
    tables = {each.stem: engine.read_parquet(str(each), table_name=each.stem) for each in folder.glob("*.parquet")}
    return _tuples(engine.to_pyarrow(findings(tables, shipped_words())))


def asked_by(engine: Any, folder: Path) -> set[tuple[Any, ...]]:
    demands = engine.read_parquet(str(folder / "demands.parquet"), table_name="asked")
    return _tuples(engine.to_pyarrow(asked_for(demands)))


def _tuples(table: pa.Table) -> set[Any]:
    return {tuple(row.values()) for row in table.to_pylist()}


def test_there_is_something_to_find_by_every_rule(by_rules: set[Finding]) -> None:
    assert {code for _, code, _, _ in by_rules} == set(RULES)


def test_duckdb_finds_what_the_rules_find(folder: Path, by_rules: set[Finding]) -> None:
    assert found_by(ibis.duckdb.connect(), folder) == by_rules


def test_materials_are_counted_by_name(folder: Path, sample: list[dict[str, Any]]) -> None:
    asked = {row[0]: row[1:] for row in asked_by(ibis.duckdb.connect(), folder)}
    cards = [each for guide in sample for each in guide.get("materials", []) if each["name"] == "居民身份证"]
    owners = sum(any(each["name"] == "居民身份证" for each in guide.get("materials", [])) for guide in sample)
    assert asked["居民身份证"][0] == owners
    assert asked["居民身份证"][2] == sum(not each.get("basis") for each in cards)


def test_spark_finds_the_same_as_duckdb_and_as_the_rules(spark: Any, folder: Path, by_rules: set[Finding]) -> None:
    assert found_by(spark, folder) == by_rules
    assert asked_by(spark, folder) == asked_by(ibis.duckdb.connect(), folder)
