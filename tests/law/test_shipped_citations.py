"""No law is cited by anything shipped (demonstration, samples, rule book, papers, policies, pages) that no longer holds."""

import csv
import json
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from banshi.catalog.guide.citations import cited_in
from banshi.law.citations import Citation, read_citations
from banshi.law.loading import shipped_register
from banshi.law.register import Force
from banshi.rulebook.rules import ALL_RULES

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 30)
NOT_OURS = ("laws/", "rulebook/labelled", "search/")
"""The register itself names ended laws; labelled texts and questions are other people's words."""
NAMED = re.compile(
    r"《[^《》]{2,100}》[^《》;；。\n]{0,60}"
    r"|[\u4e00-\u9fa5]{2,30}(?:法|条例|办法|规定|细则)(?:[（(][^（）()]{0,30}[)）])?第[一二三四五六七八九十百千零〇\d]+条[^《》;；。\n]{0,30}"
    r"|[\u4e00-\u9fa5]{2,12}〔\d{4}〕\d+号"
)
FORMER = re.compile(r"原《[^《》]+》")
"""A past text that is called so."""


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts(inner)


def records(path: Path) -> Any:
    """Read the file, of real guides without the bases that their pages give."""
    read = json.loads(path.read_text("utf-8"))
    if path.name == "items.json":
        for record in read:
            if "legal_basis" in ((record["guide"] or {}).get("looked_up_fields") or ()):
                del record["legal_basis"]
    return read


def bases(value: Any) -> Iterator[Citation]:
    """Yield every basis written as a row of its own (title, number, articles)."""
    if isinstance(value, dict):
        for row in (*(value.get("bases") or ()), *(value.get("legal_basis") or ())):
            if isinstance(row, dict) and "title" in row:
                yield Citation(row["title"], row.get("doc_no") or "", row.get("articles") or "")
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from bases(inner)


def cited(path: Path) -> Iterator[Citation]:
    if path.suffix == ".xlsx":
        found: Any = [cell for sheet in openpyxl.load_workbook(path) for row in sheet.values for cell in row if cell]
        found = [str(cell) for cell in found]
    elif path.suffix == ".json":
        yield from bases(found := records(path))
    elif path.suffix == ".toml":
        found = tomllib.loads(path.read_text("utf-8"))
    elif path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            found = [list(row.values()) for row in csv.DictReader(file)]
    else:
        found = path.read_text("utf-8")
    for text in texts(found):
        for named in NAMED.findall(FORMER.sub("", text)):
            yield from read_citations(named)[:1]


def wrong(citation: Citation) -> str:
    found = shipped_register().resolve(citation.title, citation.doc_no, citation.articles, day=TODAY)
    superseded = found.law and found.law.replaced_by and found.force is Force.IN_FORCE and not found.law.until
    if found.force in (Force.ENDED, Force.COMING) or found.missing or found.earlier or superseded:
        return f"《{citation.title}》{citation.doc_no}{citation.articles}: {found.force}, {found.missing}"
    return ""


SHIPPED = {"data": {".json", ".toml", ".csv", ".typ", ".xlsx"}, "src/banshi": {".html", ".typ"}}


def files(folder: str) -> list[Path]:
    found = (path for path in (ROOT / folder).rglob("*") if path.suffix in SHIPPED[folder])
    return sorted(path for path in found if not any(part in str(path) for part in NOT_OURS))


@pytest.mark.parametrize(("folder", "at_least"), [("data", 150), ("src/banshi", 400)])
def test_files_cite_only_law_that_holds(folder: str, at_least: int) -> None:
    found = files(folder)
    assert len(found) >= at_least
    told = {str(path.relative_to(ROOT)): [told for each in cited(path) if (told := wrong(each))] for path in found}
    assert {name: each for name, each in told.items() if each} == {}


def test_the_rule_book_rests_only_on_law_that_holds() -> None:
    grounds = {(each.title, each.doc_no, each.article) for rule in ALL_RULES for each in rule.basis}
    assert [told for each in sorted(grounds) if (told := wrong(Citation(*each)))] == []


@pytest.mark.parametrize(
    "text",
    [
        "《城市供水条例》（国务院令第158号）第三条",
        "《环境影响评价法》第九十条",
        "社会救助暂行办法第九条",
        "财社〔2017〕164号",
    ],
)
def test_the_check_does_object(text: str, tmp_path: Path) -> None:
    (path := tmp_path / "guide.json").write_text(json.dumps({"note": f"依据{text}。"}, ensure_ascii=False), "utf-8")
    assert [told for each in cited(path) if (told := wrong(each))]


def test_every_row_of_a_guide_is_seen() -> None:
    rows = json.loads((ROOT / "data/demo/guides/law.json").read_text("utf-8"))
    ours = {(each.title, each.articles) for each in cited(ROOT / "data/demo/guides/law.json")}
    assert {
        (each.title, each.articles) for row in rows for each in cited_in(row["guide"]) if each.path[:5] == "bases"
    } <= ours
