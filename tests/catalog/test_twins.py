"""What a new item or code may repeat is told before it is made."""

import csv
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from tests.factories import NOON, a_uscc, guide, item, organ, publication, reference, user

from banshi.catalog.actions import create_item
from banshi.catalog.twins import Doubted, doubts_about, name_key, overlap, thing_and_turns

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("教师资格证书补发、换发", "教师资格证书补发换发", True),
        ("教师资格证书补发换发", "教师资格证书补换发", True),
        ("结婚证补领", "补领结婚证", True),
        ("老年优待证办理", "老年优待证申请", True),
        ("教师资格证书补发", "教师资格证书换发", False),
        ("小学入学报名", "中学入学报名", False),
        ("采矿权登记", "探矿权登记", False),
        ("第12中学入学", "第21中学入学", False),
        ("社保卡申领", "社会保障卡办理", True),
        ("设计审查", "设计验收", False),
        ("教师资格证书补发、换发", "教师资格证书遗失补发、换发", True),
        ("结婚证补领", "结婚证丢失后补办", True),
        ("身份证遗失补领", "身份证到期换领", False),
    ],
)
def test_names_that_differ_in_marks_order_and_fillers_only_are_alike(one: str, other: str, same: bool) -> None:
    assert (name_key(one) == name_key(other)) is same


def told(**given: str) -> list[str]:
    own = organ("教育局", uscc=a_uscc(501))
    publication(item(own, guide("教师资格证书补发、换发"), code="A-1"))
    reference("义务教育阶段新生入学办理", "992005001000")
    organ("民政局", uscc=a_uscc(502))
    return [each.message for each in doubts_about(own, **{"name": "全新的事项", "code": "", **given})]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": "教师资格证书补换发"}, "本单位已有“教师资格证书补发、换发”"),
        ({"name": "教师资格证补发"}, "本单位已有的“教师资格证书补发、换发”里已经包含“教师资格证补发”"),
        ({"name": "教师资格证书遗失补办"}, "本单位已有的“教师资格证书补发、换发”里已经包含"),
        ({"name": "教师资格证书补发、换发和注销"}, "里包含了本单位已有的“教师资格证书补发、换发”"),
        ({"code": "A-1"}, "编码“A-1”已经是教育局“教师资格证书补发、换发”的"),
        ({"name": "民办学校信息查询", "code": "992005001000"}, "在参考目录里是“义务教育阶段新生入学办理”的"),
        ({"code": a_uscc(502) + "4" + "992005001001"}, "编码里的信用代码是“民政局”的"),
        ({"code": a_uscc(503) + "4" + "992005001001"}, "编码里的信用代码不是“教育局”的"),
    ],
)
def test_doubts(given: dict[str, str], said: str) -> None:
    [only] = told(**given)
    assert said in only


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"name": "义务教育新生入学", "code": "992005001000"},
        {"code": a_uscc(501) + "4" + "992005001001"},
        {"name": "教师资格证书注册"},
        {"name": "教师资格证书注销"},
        {"name": "教师资格证书补助"},
        {"name": "护士资格证书补发"},
    ],
)
def test_what_repeats_nothing_raises_no_doubt(given: dict[str, str]) -> None:
    assert told(**given) == []


def test_what_is_called_in_doubt_is_one_item_or_holds_the_other() -> None:
    with (Path(settings.DATA) / "rulebook/pairs.csv").open(encoding="utf-8", newline="") as rows:
        pairs = [(row, thing_and_turns(row["one"]), thing_and_turns(row["other"])) for row in csv.DictReader(rows)]
    alike = [row["label"] for row, *_ in pairs if name_key(row["one"]) == name_key(row["other"])]
    held = [row for row, one, other in pairs if one[0] == other[0] and overlap("甲", one[1], "乙", other[1])]
    assert len(alike) >= 70 and set(alike) == {"same"}
    assert len(held) >= 4 and {row["reason"] for row in held} == {"范围不同：一项只是另一项的一部分"}


@pytest.mark.django_db(transaction=True)
def test_of_six_clerks_who_make_the_same_item_at_once_one_makes_it() -> None:
    unit = organ()
    clerk, text = user("clerk", unit), guide("小学入学报名登记")
    start, made, told = threading.Barrier(6), [], []

    def press() -> None:
        start.wait()
        try:
            made.append(create_item(organ=unit, guide=text, by=clerk, at=NOON))
        except Doubted as doubted:
            told.append(str(doubted))
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert (len(made), len(told)) == (1, 5)
    assert "本单位已有" in told[0]
    create_item(organ=unit, guide=text, in_spite=True, by=clerk, at=NOON)
