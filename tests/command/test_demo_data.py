"""The files of the demonstration: complete guides, of no real place, that ring nobody's telephone."""

import csv
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from banshi.catalog.enums import DeliveryWay, OnlineDepth, ResultType, StepKind
from banshi.catalog.guide.completeness import completeness
from banshi.catalog.guide.document import Guide, Step
from banshi.command.demo.hall import ROUND_THE_CLOCK, moment_of_day
from banshi.core.clock import CHINA
from banshi.core.id_numbers import organisation_check, uscc_is_valid
from banshi.people.enums import OrganKind

DATA = Path(__file__).parents[2] / "data"
ENTRIES: list[dict[str, Any]] = [
    entry for path in sorted((DATA / "demo/guides").glob("*.json")) for entry in json.loads(path.read_text("utf-8"))
]
GUIDES = [Guide.model_validate(entry["guide"]) for entry in ENTRIES]
CITY = "990100"
NAMES_OF_REAL_PLACES = re.compile(
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南"
    "|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门|广安|武汉|黔江|温州|常德|惠州|泾县|泗水|石棉|红河|旌德|宁阳|广水"
)
TELEPHONE = re.compile(r"\b0\d{2,3}-\d{7,8}\b|\b1[3-9]\d{9}\b|\b400-?\d{3}-?\d{4}\b")


def table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def each_guide(test: Callable[[Guide], None]) -> Callable[[], None]:
    """Run with every guide, as one test that tells all guides that fail."""

    def with_all_guides() -> None:
        failed = []
        for guide in GUIDES:
            try:
                test(guide)
            except AssertionError as error:
                failed.append(f"{guide.name}: {error}")
        assert not failed, "\n".join(failed)

    return with_all_guides


def test_there_are_over_a_hundred_guides_in_every_category_of_every_kind_of_owner() -> None:
    kinds = {row["key"]: row["kind"] for row in table("demo/organs.csv")}
    per_category = {row["code"]: 0 for row in table("vocab/categories.csv")}
    for entry in ENTRIES:
        per_category[entry["category"]] += 1
    assert len(ENTRIES) > 100
    assert min(per_category.values()) >= 8
    assert set(kinds.values()) == set(OrganKind)
    owners = {kinds[entry["organ"]] for entry in ENTRIES}
    assert owners >= {"department", "stationed", "institution", "mass", "enterprise", "intermediary", "town", "village"}


def test_every_composed_record_of_the_samples_has_become_a_guide() -> None:
    composed = {
        r["id"] for r in json.loads((DATA / "samples/items.json").read_text("utf-8")) if r["source_kind"] == "composed"
    }
    assert {entry["sample"] for entry in ENTRIES} - {""} == composed


@each_guide
def test_a_composed_guide_lacks_nothing_it_must_have(guide: Guide) -> None:
    assert completeness(guide).missing == []
    assert guide.faqs
    assert guide.result_name
    assert "示例，不是任何真实地方的办事指南" in guide.notes


@each_guide
def test_a_composed_guide_names_no_real_place_and_no_number_that_rings(guide: Guide) -> None:
    text = guide.model_dump_json()
    assert not NAMES_OF_REAL_PLACES.search(text)
    numbers = TELEPHONE.findall(text)
    assert numbers
    assert all(number.startswith("000-") for number in numbers)
    assert all(url == "" or ".example/" in url for url in (guide.online_url, guide.mobile_url))
    assert guide.consult.phone != guide.complaint.phone


@each_guide
def test_the_steps_fit_into_the_promised_limit(guide: Guide) -> None:
    promised = guide.promised_limit
    allowed = timedelta() if promised.immediate else timedelta(days=promised.value or 0)
    assert _longest_way(guide) <= allowed


def _longest_way(guide: Guide) -> timedelta:
    """Steps side by side count once, by the longest; a special procedure's time does not count."""
    groups: dict[str, int] = {}
    for number, step in enumerate(guide.steps):
        if not (step.kind == StepKind.SPECIAL and guide.special_procedures):
            groups[step.group or str(number)] = max(groups.get(step.group or str(number), 0), _days(step))
    return timedelta(days=sum(groups.values()))


def _days(step: Step) -> int:
    return step.limit.value or 0


@each_guide
def test_visits_channels_and_fees_agree_with_each_other(guide: Guide) -> None:
    assert bool(guide.visits) == bool(guide.visit_reason)
    assert guide.online_depth != OnlineDepth.FULL or guide.visits == 0
    assert bool(guide.online_url) == bool(guide.online)
    assert bool(guide.fees) == bool(guide.charged)
    assert guide.no_materials == (not guide.materials)
    assert all(material.shared_from for material in guide.materials if material.shared)


def test_no_division_of_the_example_can_be_taken_for_a_real_one() -> None:
    """No province of GB/T 2260 begins with 99."""
    example = [row for row in table("demo/divisions.csv") if row["what"] == "示例"]
    assert len(example) >= 12
    for row in example:
        assert row["code"].startswith("99")
        assert re.search("[示样例]", row["name"])


def test_credit_codes_are_valid_in_form_and_of_no_real_organ() -> None:
    codes = [row["uscc"] for row in table("demo/organs.csv")]
    assert len(set(codes)) == len(codes)
    for code in codes:
        assert uscc_is_valid(code)
        assert code[2:4] == "99"
        assert code[8:10] == "EX"
        assert organisation_check(code[8:16]) == code[16]


def test_superiors_stand_before_those_they_are_over() -> None:
    seen: set[str] = set()
    for row in table("demo/organs.csv"):
        assert row["superior"] in seen | {""}
        seen.add(row["key"])


def test_every_thing_of_a_life_event_is_in_the_city() -> None:
    names = {guide.name for guide in GUIDES}
    for row in table("vocab/life-events.csv"):
        staged = {name for stage in row["items"].split("；") for name in stage.rpartition("=")[2].split("|")}
        assert staged <= names, row["code"]


def test_icons_of_categories_and_life_events_are_in_the_sprite() -> None:
    icons = set(re.sub("(?m)^#.*$", "", (DATA.parent / "frontend/icons.txt").read_text("utf-8")).split())
    used_by_pages = {"search"}
    for row in [*table("vocab/categories.csv"), *table("vocab/life-events.csv")]:
        assert row["icon"] in icons | used_by_pages, row


def test_the_topics_are_those_of_the_two_audiences() -> None:
    topics = {row["name"] for row in table("vocab/topics.csv")}
    for guide in GUIDES:
        assert set(guide.topics) <= topics, guide.name


def test_every_kind_of_user_has_an_account() -> None:
    rows = table("demo/users.csv")
    roles = {row["role"] for row in rows}
    assert roles - {""} == {
        "clerk", "head", "reviewer", "organizer", "publisher", "window", "handler", "supervisor", "leader", "data_manager", "admin",
        "agent", "data_steward", "feedback"
    }  # fmt: skip
    assert {row["citizen_kind"] for row in rows if not row["role"]} == {"person", "company"}
    assert len([row for row in rows if row["role"] == "clerk"]) == 3


@each_guide
def test_what_lies_in_the_hand_is_not_downloaded(guide: Guide) -> None:
    if re.search(
        "身份证|居住证|户口页|公交卡|乘车卡|残疾人证|优待证|社会保障卡|证书补发|接种证|印章", guide.result_name
    ):
        assert "电子" in guide.result_name or DeliveryWay.ONLINE not in guide.delivery_ways


@each_guide
def test_a_notarial_deed_is_no_approval(guide: Guide) -> None:
    if "公证书" in guide.result_name:
        assert guide.result_type == ResultType.OTHER


@each_guide
def test_what_the_answers_ask_to_sign_is_among_the_materials(guide: Guide) -> None:
    if any("签承诺书" in each.answer for each in guide.faqs):
        assert any(each.commitment_ok or "承诺" in each.name for each in guide.materials)


@each_guide
def test_saturday_is_a_day_in_answers_and_hours_alike(guide: Guide) -> None:
    if any("周六上午" in each.answer for each in guide.faqs):
        assert any("周六上午" in place.hours for place in guide.places)


def test_the_hall_is_open_at_each_moment_of_the_demonstration_s_day_whenever_it_is_built() -> None:
    for minute in range(30, 24 * 60):
        now = datetime(2026, 11, 29, minute // 60, minute % 60, 24, tzinfo=CHINA)
        moments = [moment_of_day(now, place) for place in range(31)]
        times = [f"{each:%H:%M}" for each in moments]
        assert all(any(begin <= each < end for begin, end in ROUND_THE_CLOCK) for each in times[:12]), now
        assert moments == sorted(moments), now
