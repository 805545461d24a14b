"""The papers for engineers name things that are there."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "banshi"
PAPERS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
FOLDER = re.compile(r"^  ([a-z]+)/ ", re.MULTILINE)
PLACE = re.compile(r"`([a-z_/]+\.(?:py|html))(?:: (\w+)\(\))?`")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


def architecture() -> str:
    return (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_of_the_papers_lead_somewhere(paper: Path) -> None:
    links = LINK.findall(paper.read_text(encoding="utf-8"))
    assert [link for link in links if not (paper.parent / link).exists()] == []


def test_the_architecture_page_lists_the_folders_as_they_are() -> None:
    packages = {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    named = set(FOLDER.findall(architecture())) | {"sites"}
    assert named == packages
    for site in (SOURCE / "sites").glob("*/__init__.py"):
        assert site.parent.name in architecture()


def test_the_way_imports_go_is_the_one_the_linter_holds() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    told = " → ".join(layer.replace("banshi.", "").replace(" ", "") for layer in layers)
    assert told in " ".join(architecture().split())


def test_the_hops_lead_over_real_files_and_functions() -> None:
    for place, function in PLACE.findall(architecture()):
        found = [
            folder / place
            for folder in (SOURCE, SOURCE / "sites/portal", SOURCE / "spreadsheets", ROOT)
            if (folder / place).exists()
        ]
        assert found, place
        assert f"def {function}(" in found[0].read_text(encoding="utf-8") or not function, (place, function)


HOW_TO = sorted((ROOT / "docs" / "how-to").glob("*.md"))
NAMED = re.compile(r"`([A-Za-z_][\w.-]*(?:/[\w.-]*)+)`")
MOST_FILES = 6


@pytest.mark.parametrize("paper", HOW_TO, ids=lambda path: path.stem)
def test_what_a_how_to_names_is_there(paper: Path) -> None:
    named = NAMED.findall(paper.read_text(encoding="utf-8"))
    assert [each for each in named if not any((folder / each).exists() for folder in (ROOT, SOURCE))] == []


@pytest.mark.parametrize("name", ["element", "rule", "register", "page"])
def test_what_is_added_often_touches_few_files(name: str) -> None:
    text = (ROOT / "docs" / "how-to" / f"{name}.md").read_text(encoding="utf-8")
    told = text.partition("Files to touch: ")[2].partition("Tried")[0]
    numbers = [int(each) for each in re.findall(r"(?:^|· )(\d)(?= )|(?<=and )\d(?= )", told) if each]
    assert len(told) > 1 and numbers == sorted(numbers) and max(numbers) <= MOST_FILES
