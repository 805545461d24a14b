"""How rules are tested: one that passes and one that fails, side by side."""

from datetime import date
from typing import Any

from banshi.catalog.guide.document import Guide
from banshi.law.register import LawFacts, LawRegister, Version
from banshi.rulebook.batch_engine import QuickBook, read_quick
from banshi.rulebook.rule import About, Finding, Rule, RuleContext
from banshi.rulebook.rules import ALL_RULES
from banshi.rulebook.word_lists import shipped_words

DAY = date(2026, 11, 23)
LAWS = LawRegister(
    (
        LawFacts("旧办法", "示政发〔2010〕3号", until=date(2020, 1, 1), replaced_by="新办法"),
        LawFacts("未来法", since=date(2027, 1, 1)),
        LawFacts("新办法", since=date(2020, 1, 1)),
        LawFacts("不详办法", ended=True),
        LawFacts("中华人民共和国示例法", since=date(2000, 1, 1), versions=(Version(date(2018, 1, 1), 83),)),
        LawFacts(
            "将改条例", since=date(2000, 1, 1), versions=(Version(date(2018, 1, 1), 9), Version(date(2027, 3, 1)))
        ),
        LawFacts("将废条例", since=date(2000, 1, 1), until=date(2026, 12, 31), replaced_by="新条例"),
        LawFacts("中国公民收养子女登记办法", rank="regulation"),
        LawFacts("公共租赁住房管理办法", "住房和城乡建设部令第11号", rank="rule"),
        LawFacts(
            "重订条例",
            "国务院令第1804号",
            versions=(
                Version(None, 0, date(2003, 8, 8), "国务院令第1387号"),
                Version(date(2024, 12, 6), 22, date(2024, 12, 6), "国务院令第1387号"),
                Version(date(2025, 5, 10), 28, date(2025, 4, 6), "国务院令第1804号"),
            ),
            rank="regulation",
        ),
        LawFacts(
            "改号条例",
            "国务院令第1225号",
            versions=(
                Version(None, 0, date(1997, 7, 21), "国务院令第1225号"),
                Version(date(2026, 3, 30), 73, date(2025, 12, 12), "不详"),
            ),
            rank="regulation",
        ),
        LawFacts("待核办法", since=date(2000, 1, 1), replaced_by="新法"),
    )
)
ORGANS = frozenset({("530102", "示例县水利局"), ("53", "省水利厅"), ("530103", "邻县民政局")})
BOOK = RuleContext(shipped_words(), DAY, LAWS, organs=ORGANS)
RULES: dict[str, Rule] = {rule.__name__: rule(BOOK) for rule in ALL_RULES}


def found(code: str, about: About | None = None, **elements: Any) -> list[Finding]:
    """What the rule finds, which is the same on the document and among a million guides."""
    guide = Guide.model_validate(elements)
    findings = list(RULES[code].check(guide, about or About()))
    content = read_quick(guide.model_dump_json().encode())
    assert list(QuickBook([RULES[code]]).examine(content, about or About())) == findings
    return findings


def passes(code: str, about: About | None = None, **elements: Any) -> None:
    assert found(code, about, **elements) == []


def fails(code: str, path: str, about: About | None = None, **elements: Any) -> Finding:
    """The one finding there is, at `path`."""
    [finding] = found(code, about, **elements)
    assert finding.path == path
    assert finding.message
    return finding


def rewrites(finding: Finding, path: str, value: Any) -> None:
    assert finding.rewrite is not None
    assert (finding.rewrite.path, finding.rewrite.value) == (path, value)
