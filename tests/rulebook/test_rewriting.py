"""What a rule proposes, applied and said in words."""

import json
from datetime import date
from functools import cache
from typing import Any

import pytest
from django.conf import settings

from banshi.catalog.guide.document import Guide
from banshi.law.loading import shipped_register
from banshi.rulebook.engine import examine, plain_rulebook, rulebook
from banshi.rulebook.rewriting import proven, rewrite_words, rewritten
from banshi.rulebook.rule import About, Rewrite
from tests import factories as make


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("pay_online", False, "“支持网上支付”改为“否”"),
        ("promised_limit.value", 3, "“承诺时限 › 数”改为“3”"),
        ("materials.0.copies", 1, "“申请材料 › 份数”改为“1”"),
        ("result_type", "10", "“结果类型”改为“证照”"),
    ],
)
def test_a_proposal_is_said_and_done(path: str, value: Any, words: str) -> None:
    assert rewrite_words(Rewrite(path, value)) == words
    changed: Any = rewritten(make.guide(), [Rewrite(path, value)])
    for step in path.split("."):
        changed = changed[int(step)] if step.isdecimal() else getattr(changed, step)
    assert changed == value


@pytest.mark.parametrize(
    "path", ["nothing", "materials.99.copies", "materials.x.copies", "name.first", "materials.0.no"]
)
def test_a_place_that_is_not_there_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        rewritten(make.guide(), [Rewrite(path, "1")])


def test_a_value_the_element_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="copies"):
        rewritten(make.guide(), [Rewrite("materials.0.copies", "三份")])


@cache
def texts() -> list[tuple[Guide, About]]:
    told = json.loads((settings.DATA / "rulebook" / "labelled-texts.json").read_text(encoding="utf-8"))
    return [(Guide.model_validate(each["guide"]), About(**each["about"])) for each in told]


def test_what_is_offered_settles_its_finding_and_brings_no_other_whatever_the_rule() -> None:
    rules, offered = rulebook(date(2026, 11, 28), shipped_register()), set[str]()
    for guide, about in texts():
        found = examine(guide, rules, about)
        before = {(each.rule.code, each.path) for each in found}
        for each in proven(guide, found, lambda changed, about=about: examine(changed, rules, about)):
            if each.rewrite:
                after = {(f.rule.code, f.path) for f in examine(rewritten(guide, [each.rewrite]), rules, about)}
                assert (each.rule.code, each.path) not in after
                assert after <= before
                offered.add(each.rule.code)
    assert len(offered) >= 3


def test_a_proposal_that_brings_another_fault_is_not_offered() -> None:
    rules = rulebook(date(2026, 11, 28), shipped_register())
    guide = make.guide()
    guide.materials[0] = guide.materials[0].model_copy(
        update={"name": "社区出具的居住证明", "basis": "", "shared": False}
    )
    found = proven(guide, examine(guide, rules), lambda changed: examine(changed, rules))
    assert all(each.rewrite is None for each in found if each.rule.code in ("CL06", "CL08"))


def test_doing_what_is_proposed_settles_it(noon: Any) -> None:
    guide: Guide = make.guide(charged=False, pay_online=True)
    rules = plain_rulebook(noon.date())
    proposals = [each.rewrite for each in examine(guide, rules) if each.rewrite]
    assert proposals
    left = [each.rewrite for each in examine(rewritten(guide, proposals), rules) if each.rewrite in proposals]
    assert left == []
