"""The rules as expressions say what the rules say, on DuckDB and on Spark."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.conf import settings

from banshi.catalog.guide.document import Guide
from banshi.cleanup.examine import examine, plain_rulebook
from banshi.cleanup.scale.expressions import RULES, asked_for, findings
from banshi.cleanup.scale.flat import flat_tables
from banshi.cleanup.tables import Entry, tables_from_records
from banshi.cleanup.words import shipped_words

Finding = tuple[int, str, str, str]
BROKEN: list[dict[str, Any]] = [
    {},
    {"name": "证件办理等", "charged": True, "visits": 3, "online_depth": "4", "appointment": True},
    {
        "name": "其他事项办理",
        "charged": False,
        "pay_online": True,
        "fees": [{"name": "工本费", "standard": "5元"}],
        "visits": 0,
        "visit_reason": "核验",
    },
    {
        "consult": {"phone": "0826-2222222"},
        "complaint": {"phone": "08262222222"},
        "no_materials": True,
        "conditions": [{"text": "年满18周岁"}, {"text": "法律、法规规定的其他条件"}],
        "materials": [
            {"name": "相关证明材料", "source": "20", "copies": 5},
            {"name": "申请表", "copy_kind": "both", "shared": True},
            {"name": "其他材料(复印件)", "source": "10"},
        ],
        "steps": [{"name": "受理"}],
        "faqs": [{"question": "多久?"}],
    },
]


@pytest.fixture(scope="module")
def sample() -> list[dict[str, Any]]:
    files = sorted((settings.DATA / "demo/guides").glob("*.json"))
    return [*BROKEN, *(each["guide"] for path in files for each in json.loads(path.read_text("utf-8")))]


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
def spark() -> Iterator[Any]:
    sql = pytest.importorskip("pyspark.sql")
    builder = sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = builder.config("spark.sql.shuffle.partitions", "2").getOrCreate()
    yield ibis.pyspark.connect(session)
    session.stop()


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
