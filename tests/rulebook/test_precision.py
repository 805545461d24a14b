"""What rules find on real texts, held against findings read by hand (data/rulebook/labelled.csv)."""

import csv
import json
import re
from collections import defaultdict
from datetime import date
from functools import cache

import pytest
from django.conf import settings

from banshi.catalog.guide.document import Guide
from banshi.law.loading import shipped_register
from banshi.rulebook.engine import examine, rulebook
from banshi.rulebook.enums import Severity
from banshi.rulebook.precision import ENOUGH, Precision, measured_precision
from banshi.rulebook.rule import About
from banshi.rulebook.rules import ALL_RULES

FOLDER = settings.DATA / "rulebook"
DOCS = (settings.DATA.parent / "docs" / "rulebook-precision.md").read_text(encoding="utf-8")
LEAST = {Severity.MUST: 0.97, Severity.SHOULD: 0.9}
SEVERITY = {rule.__name__: rule.severity for rule in ALL_RULES}
Key = tuple[str, str, str, str]


@cache
def labels() -> dict[Key, dict[str, str]]:
    with (FOLDER / "labelled.csv").open(encoding="utf-8", newline="") as file:
        return {(row["source"], row["item"], row["rule"], row["path"]): row for row in csv.DictReader(file)}


@cache
def found() -> set[Key]:
    rules, keys = rulebook(date(2026, 11, 28), shipped_register()), set()
    for text in json.loads((FOLDER / "labelled-texts.json").read_text(encoding="utf-8")):
        guide = Guide.model_validate(text["guide"])
        for each in examine(guide, rules, About(**text["about"])):
            keys.add((text["source"], guide.name, each.rule.code, each.path))
    return keys


@cache
def precision() -> dict[str, Precision]:
    counted: dict[str, list[int]] = defaultdict(list)
    for key in sorted(found() & labels().keys()):
        counted[key[2]].append(int(labels()[key]["final"]))
    return {code: Precision(len(each), sum(each)) for code, each in sorted(counted.items())}


def of(severity: Severity) -> Precision:
    some = [each for code, each in precision().items() if SEVERITY[code] is severity]
    return Precision(sum(each.findings for each in some), sum(each.right for each in some))


def test_at_least_six_hundred_findings_are_labelled_each_with_two_readings_and_a_reason() -> None:
    assert len(labels()) >= 600
    for row in labels().values():
        assert {row["reading_1"], row["reading_2"], row["final"]} <= {"0", "1"}
        assert row["final"] == row["reading_1"] or row["reading_1"] != row["reading_2"]
        assert row["reason"]


def test_what_rules_of_wording_find_is_all_labelled() -> None:
    heavy = {key for key in found() if key[2] in ("CL03", "CL04", "TJ02", "SF02", "SF03", "SF06", "YJ04", "YJ07")}
    assert heavy
    assert heavy <= labels().keys()


@pytest.mark.parametrize("severity", LEAST)
def test_findings_are_right_as_often_as_their_weight_asks(severity: Severity) -> None:
    told = of(severity)
    assert told.right / told.findings >= LEAST[severity]
    assert (
        told.is_enough or f"| {severity.label} | {told.findings} | {told.right} | {told.percent} | 不到20处 |" in DOCS
    )


@pytest.mark.parametrize("code", [each for each in precision() if SEVERITY[each] in LEAST])
def test_a_rule_that_was_read_often_enough_is_right_as_often_as_its_weight_asks(code: str) -> None:
    told = precision()[code]
    assert told.findings < ENOUGH or told.right / told.findings >= LEAST[SEVERITY[code]]


def test_what_the_rule_page_shows_is_what_was_measured() -> None:
    assert measured_precision() == precision()


@pytest.mark.parametrize("code", precision())
def test_the_document_says_what_was_measured(code: str) -> None:
    told = precision()[code]
    assert f"| {code} | {SEVERITY[code].label} | {told.findings} | {told.right} | {told.percent} |" in DOCS


@pytest.mark.parametrize("severity", Severity)
def test_the_document_sums_up_what_was_measured(severity: Severity) -> None:
    told = of(severity)
    assert f"| {severity.label} | {told.findings} | {told.right} | {told.percent} |" in DOCS


def test_what_was_seen_at_first_contact_is_in_the_document_and_no_more_than_was_labelled() -> None:
    with (FOLDER / "first-contact.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        right, findings = int(row["right"]), int(row["findings"])
        assert re.search(rf"^\| {row['round']} \|.*\b{right}/{findings}\b", DOCS, re.MULTILINE)
        labelled = [each for each in labels().values() if each["round"] == row["round"]]
        assert findings <= len(labelled)
