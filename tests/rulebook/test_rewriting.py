"""What a rule proposes, applied and said in words."""

from typing import Any

import pytest

from banshi.catalog.guide.document import Guide
from banshi.rulebook.engine import examine, plain_rulebook
from banshi.rulebook.rewriting import rewrite_words, rewritten
from banshi.rulebook.rule import Rewrite
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


def test_doing_what_is_proposed_settles_it(noon: Any) -> None:
    guide: Guide = make.guide(charged=False, pay_online=True)
    rules = plain_rulebook(noon.date())
    proposals = [each.rewrite for each in examine(guide, rules) if each.rewrite]
    assert proposals
    left = [each.rewrite for each in examine(rewritten(guide, proposals), rules) if each.rewrite in proposals]
    assert left == []
