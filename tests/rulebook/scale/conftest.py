"""What several engines are shown equal on, and Spark where it is installed."""

import json
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

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


@pytest.fixture(scope="session")
def sample() -> list[dict[str, Any]]:
    files = sorted((settings.DATA / "demo/guides").glob("*.json"))
    return [*BROKEN, *(each["guide"] for path in files for each in json.loads(path.read_text("utf-8")))]


@pytest.fixture(scope="session")
def spark_session() -> Iterator[Any]:
    sql = pytest.importorskip("pyspark.sql")
    builder = sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        session = builder.config("spark.sql.shuffle.partitions", "2").getOrCreate()
        yield session
        session.stop()
