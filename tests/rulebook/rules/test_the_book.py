"""The book as a whole."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from banshi.rulebook.engine import rulebook
from banshi.rulebook.enums import ProposedDisposition, Severity
from banshi.rulebook.rules import ALL_RULES
from tests.rulebook.rules.bench import RULES

TESTS = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*_rules.py"))


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda r: r.__name__)
def test_every_rule_says_what_on_what_ground_and_how_heavy(rule) -> None:  # type: ignore[no-untyped-def]
    assert rule.__doc__
    assert rule.__doc__.strip().endswith("。")
    assert rule.basis
    assert rule.severity in Severity
    assert rule.disposition in ProposedDisposition


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda r: r.__name__)
def test_every_rule_has_a_test_of_its_name_that_passes_and_fails(rule) -> None:  # type: ignore[no-untyped-def]
    body = TESTS.split(f"def test_{rule.__name__}()")[1].split("\ndef ")[0]
    assert "passes(" in body
    assert "fails(" in body


def test_codes_are_given_once_and_there_are_at_least_sixty() -> None:
    codes = [rule.__name__ for rule in ALL_RULES]
    assert len(codes) == len(set(codes)) >= 60


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda r: r.code)
def test_a_rule_is_not_older_than_its_first_ground(rule) -> None:  # type: ignore[no-untyped-def]
    assert date(2000, 1, 1) <= rule.since == min(ground.since for ground in rule.basis)
    assert rule.code in {each.code for each in rulebook(rule.since)}
    assert rule.code not in {each.code for each in rulebook(rule.since - timedelta(days=1))}


def test_an_article_is_named_only_with_its_law_and_fits_what_the_rule_asks() -> None:
    """The law speaks of proofs in one article and of guides in another; who mixes them up is caught here."""
    cited = {code: {ground.article for ground in rule.basis} for code, rule in RULES.items()}
    assert {code for code, articles in cited.items() if "第四十四条" in articles} == {"CL05", "CL06", "CL20"}
    assert {code for code, articles in cited.items() if "第五十九条" in articles} == {
        "WZ07",
        *(f"SF0{n}" for n in (1, 2, 3, 6)),
    }
    assert {code for code, articles in cited.items() if "第七条" in articles} == {"CL08"}
    assert {code for code, articles in cited.items() if "第三十条" in articles} == {"WZ04", "TJ02", "CL18"}
    assert all(ground.title for rule in RULES.values() for ground in rule.basis if ground.article)
