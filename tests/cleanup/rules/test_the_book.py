"""The book as a whole."""

from pathlib import Path

import pytest

from banshi.cleanup.enums import Disposition, Severity
from banshi.cleanup.rules import ALL_RULES

TESTS = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*_rules.py"))


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda r: r.__name__)
def test_every_rule_says_what_on_what_ground_and_how_heavy(rule) -> None:  # type: ignore[no-untyped-def]
    assert rule.__doc__
    assert rule.__doc__.strip().endswith("。")
    assert rule.basis
    assert rule.severity in Severity
    assert rule.disposition in Disposition


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda r: r.__name__)
def test_every_rule_has_a_test_of_its_name_that_passes_and_fails(rule) -> None:  # type: ignore[no-untyped-def]
    body = TESTS.split(f"def test_{rule.__name__}()")[1].split("\ndef ")[0]
    assert "passes(" in body
    assert "fails(" in body


def test_codes_are_given_once_and_there_are_at_least_sixty() -> None:
    codes = [rule.__name__ for rule in ALL_RULES]
    assert len(codes) == len(set(codes)) >= 60
