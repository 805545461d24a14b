"""The quick struct says of every guide what the document says."""

import json
from datetime import date
from typing import Any

import msgspec
import pytest

from banshi.catalog.actions.drafts import content_of
from banshi.catalog.guide.document import Guide
from banshi.rulebook.batch_engine import QuickBook, read_quick
from banshi.rulebook.engine import examine, plain_rulebook
from banshi.rulebook.rule import About, Finding, Flaw, Rule, RuleContext
from banshi.rulebook.word_lists import shipped_words
from tests.factories import guide

RULES = plain_rulebook(date(2026, 11, 23))
GUIDES = [
    guide("小学入学报名"),
    Guide(),
    guide(
        "开具证明等",
        materials=[{"name": "相关证明材料", "issuer": "村委会"}, {"name": "收入证明"}],
        case_type="1",
        visits=3,
    ),
]


def told(findings: list[Finding]) -> set[tuple[str, str, str, str]]:
    return {(each.rule.code, each.path, each.quote, each.message) for each in findings}


@pytest.mark.parametrize("document", GUIDES, ids=["good", "blank", "bad"])
def test_quick_and_slow_find_the_same(document: Guide) -> None:
    content = json.dumps(content_of(document)).encode()
    about = About(kind="20", organ="县教育局", code="1151130000877869M4000511002000", volume=5000)
    quick = QuickBook(RULES)
    for _ in range(2):  # the second time from memory
        assert told(list(quick.examine(read_quick(content), about))) == told(examine(document, RULES, about))


def test_memory_does_not_grow_without_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("banshi.rulebook.batch_engine.ROOM", 2000)
    quick = QuickBook(RULES)
    for number in range(10):
        content = json.dumps({"materials": [{"name": f"材料{number}"}]}).encode()
        list(quick.examine(read_quick(content), About()))
    assert max(len(group.seen) for group in quick.groups) <= 5


def test_a_rule_sees_what_it_said_it_reads_and_nothing_else() -> None:
    class Peeping(Rule):
        """看了没说要看的。"""

        reads = ("name",)

        def flaws(self, guide: Any, about: About) -> Any:
            return [Flaw("visits", str(guide.visits), "")]

    peeping = Peeping(RuleContext(shipped_words(), date(2026, 11, 23)))
    with pytest.raises(AttributeError, match="visits"):
        list(QuickBook([peeping]).examine(read_quick(b"{}"), About()))


def test_what_is_no_guide_is_an_error_of_the_reader() -> None:
    for content in (b"", b"[]", b'{"name": 1', b'"x"'):
        with pytest.raises(msgspec.DecodeError):
            read_quick(content)
    with pytest.raises(msgspec.DecodeError):
        list(QuickBook(RULES).examine(read_quick(b'{"materials": [7]}'), About()))
