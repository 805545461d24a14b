"""The how-tos, followed literally."""

import ast
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.template import engines
from tests.factories import NOON, guide, item, publication
from tests.sites.workbench.conftest import People
from tests.sites.workbench.test_items import ITEMS, SignIn

from banshi.catalog.guide.elements import GuidePart, element, elements
from banshi.rulebook.rule import About, RuleContext
from banshi.rulebook.rules import naming
from banshi.rulebook.word_lists import shipped_words
from banshi.sites.workbench.items.urls import urlpatterns

pytestmark = pytest.mark.django_db
DOCS = settings.DATA.parent / "docs"


def blocks(paper: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", (DOCS / paper).read_text(encoding="utf-8"), re.M | re.S)


def test_the_page_of_the_how_to_answers(people: People, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    told = publication(item(people.bureau))
    [code], [template] = blocks("how-to/page.md", "python"), blocks("how-to/page.md", "django")
    module: dict[str, object] = {"__name__": "views"}
    exec(compile(code, "page.md", "exec"), module)
    page = engines["django"].from_string(template)
    module["render"] = lambda request, _name, context: HttpResponse(page.render(context, request))
    [pattern] = [each for each in urlpatterns if each.name == "items"]
    monkeypatch.setattr(pattern, "callback", module["oldest"])
    answer = signed_in(people.clerk).get(ITEMS, {"q": told.item.name})
    assert answer.status_code == 200
    assert f'href="{ITEMS}{told.item.guid}/"' in answer.content.decode()
    assert "没有符合条件的事项" in signed_in(people.clerk).get(ITEMS, {"q": "没有"}).content.decode()


@pytest.mark.parametrize("paper", ["how-to/page.md", "kit.md"])
def test_templates_of_the_papers_are_formatted(paper: str, tmp_path: Path) -> None:
    found = blocks(paper, "django")
    assert found
    for number, text in enumerate(found):
        (tmp_path / f"{number}.html").write_text(text, encoding="utf-8")
    ran = subprocess.run(
        [Path(sys.executable).parent / "djangofmt", "--check", tmp_path],
        capture_output=True,
        text=True,
        check=False,
        cwd=DOCS.parent,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_menu_entry_of_the_kit_can_be_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    from banshi.sites.kit import menu

    monkeypatch.setattr(menu, "_entries", {})
    exec(compile(blocks("kit.md", "python")[0], "kit.md", "exec"), {})
    [entry] = menu.registered()
    assert entry.group in menu.GROUPS
    assert " · ".join(menu.GROUPS) in (DOCS / "kit.md").read_text(encoding="utf-8")


def indented(paper: str, begin: str) -> str:
    """The block of four spaces that begins so."""
    text = (DOCS / paper).read_text(encoding="utf-8")
    [found] = [each for each in re.findall(r"(?:^    .*\n|^\n(?=    ))+", text, re.M) if each.strip().startswith(begin)]
    return textwrap.dedent(found)


def test_the_rule_of_the_how_to_finds_and_rewrites() -> None:
    module = dict(vars(naming))
    exec(compile(indented("how-to/rule.md", "class MC06"), "rule.md", "exec"), module)
    rule = module["MC06"](RuleContext(shipped_words(), NOON.date()))
    [flaw] = rule.flaws(guide("2024年度低保金给付"), About())
    assert (flaw.at, flaw.quote, flaw.rewrite.value) == ("name", "2024年度", "低保金给付")
    assert not list(rule.flaws(guide("低保金给付"), About()))


def test_the_element_of_the_how_to_is_one() -> None:
    module = {"element": element, "GuidePart": GuidePart}
    line = indented("how-to/element.md", "parking").strip()
    exec(compile(f"class Place(GuidePart):\n    {line}", "element.md", "exec"), module)
    [declared] = elements(module["Place"])
    assert (declared.name, declared.label, declared.section) == ("parking", "停车指引", "contact")


@pytest.mark.parametrize("paper", sorted(path.name for path in (DOCS / "how-to").glob("*.md")))
def test_what_looks_like_python_is(paper: str) -> None:
    """Every block of code but the definitions of workflows (TOML)."""
    text = (DOCS / "how-to" / paper).read_text(encoding="utf-8")
    found = [*blocks(f"how-to/{paper}", "python"), *re.findall(r"(?:^ {4,}\S.*\n|^\n(?= {4}))+", text, re.M)]
    for each in (textwrap.dedent(each) for each in found if "`" not in each and "```" not in text):
        if each.strip() and not each.strip().startswith("["):
            ast.parse(each)
