"""Spark finds by every rule what the rule finds on one guide after another."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from banshi.catalog.guide.document import Guide
from banshi.core.errors import BadInput
from banshi.rulebook.rule import About, RuleContext
from banshi.rulebook.rules import ALL_RULES
from banshi.rulebook.scale.examiner import UNREADABLE
from banshi.rulebook.word_lists import shipped_words
from tests.rulebook.rules import bench

pytest.importorskip("pyspark")

from banshi.rulebook.scale.spark import examine_guides

pytestmark = pytest.mark.nightly
BOOK = RuleContext(shipped_words(), bench.DAY, bench.LAWS)
WORST: list[tuple[dict[str, Any], About]] = [
    (
        {
            "name": "1、县民政局关于" + "登记" * 30 + "。",
            "bases": [{"title": "旧办法"}, {"title": "未来法"}, {"title": "国家有关政策规定"}, {"title": "旧办法"}],
            "conditions": [{"text": "必须在本地购房"}] * 2,
            "materials": [
                {"name": "亲属关系证明", "issuer": "村委会", "seal": "单位盖章"},
                {"name": "土地承包情况说明", "issuer": "村委会"},
                {"name": "结婚证", "form": "1", "collect_ways": ["5"]},
                {"name": "照片", "necessity": "3", "requirement": "必须提交"},
                {"name": "收入证明"},
                *({"name": "身份证"} for _ in range(12)),
            ],
            "steps": [{"name": "审核", "limit": {"value": 3}}] * 9,
            "case_type": "1",
            "promised_limit": {"value": 3650},
            "handle_forms": ["1"],
            "online": True,
            "result_name": "居住证",
            "result_type": "10",
            "consult": {"phone": "1234567"},
        },
        About(kind="20", organ="县民政局", uscc="1151130000877869M", volume=5000),
    ),
    (
        {"case_type": "1", "promised_limit": {"value": 5}, "steps": [{"name": "受理", "limit": {"value": 9}}]},
        About(code="512B0011200070-511602000000-000-11511300008778693M-1-00"),
    ),
    ({}, About(kind="01", code="11430682006378338M4000511002000")),
    (
        {
            "name": "县民政局社会救助审核",
            "bases": [
                {"title": "《示例法》"},
                {"title": "中华人民共和国示例法", "articles": "第九十条"},
                {"title": "将废条例", "articles": "第二条"},
            ],
            "conditions": [{"text": "年满60周岁", "basis": "《旧办法》第三条"}],
            "materials": [{"name": "申请表", "basis": "《旧办法》第四条"}],
            "fees": [{"name": "工本费", "basis": "《旧办法》第五条"}],
            "result_name": "居住证",
            "result_type": "20",
        },
        About(kind="02", organ="县民政局"),
    ),
]
Found = Counter[tuple[int, str, str, str, str]]


@pytest.fixture(scope="module")
def guides(sample: list[dict[str, Any]]) -> list[tuple[dict[str, Any], About]]:
    return [*WORST, *((each, About(kind="20", organ="示例市民政局")) for each in sample)]


@pytest.fixture(scope="module")
def by_rules(guides: list[tuple[dict[str, Any], About]]) -> Found:
    return Counter(
        (number, code, rule.severity.value, each.path, each.quote[:200])
        for number, (guide, about) in enumerate(guides)
        for code, rule in bench.RULES.items()
        for each in rule.check(Guide.model_validate(guide), about)
    )


def on_spark(session: Any, file: Path) -> Found:
    table = examine_guides(session.read.parquet(str(file)).repartition(2), BOOK).toArrow()
    return Counter(tuple(row.values()) for row in table.to_pylist())


def write(file: Path, guides: list[tuple[dict[str, Any], About]]) -> Path:
    known = [{name: getattr(about, name) or None for name in About.__slots__} for _, about in guides]
    rows = [
        {"item_id": number, "guide": json.dumps(guide), **about}
        for number, ((guide, _), about) in enumerate(zip(guides, known, strict=True))
    ]
    pq.write_table(pa.Table.from_pylist(rows), file)
    return file


def test_there_is_something_to_find_by_every_rule(by_rules: Found) -> None:
    assert {code for _, code, *_ in by_rules} == {rule.__name__ for rule in ALL_RULES}


def test_spark_finds_by_all_rules_what_they_find(
    spark_session: Any, guides: list[tuple[dict[str, Any], About]], by_rules: Found, tmp_path: Path
) -> None:
    assert on_spark(spark_session, write(tmp_path / "guides.parquet", guides)) == by_rules


def test_what_is_no_guide_is_a_finding_on_spark_too(spark_session: Any, tmp_path: Path) -> None:
    broken = write(tmp_path / "guides.parquet", [({"materials": [7]}, About())])
    assert [row[1] for row in on_spark(spark_session, broken)] == [UNREADABLE]


def test_a_table_without_guides_is_refused_with_a_sentence(spark_session: Any) -> None:
    with pytest.raises(BadInput, match="缺少列：guide"):
        examine_guides(spark_session.createDataFrame([(1,)], "item_id long"), BOOK)
