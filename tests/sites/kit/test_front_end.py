"""What the pages load is built whole: every icon named anywhere is in the sprite, nothing inline is in any template."""

import csv
import re
from functools import cache
from pathlib import Path

import hatch_build
import pytest

ROOT = Path(__file__).resolve().parents[3]
DIST = ROOT / hatch_build.DIST
TEMPLATES = sorted((ROOT / "src/banshi/sites").rglob("*.html"))


@pytest.fixture(scope="session", autouse=True)
def built():
    hatch_build.build_frontend(ROOT)


@cache
def sprite():
    return set(re.findall(r'<symbol id="([^"]+)"', (DIST / "icons.svg").read_text()))


def test_the_build_makes_one_stylesheet_a_script_for_each_kind_of_page_and_the_icons():
    assert {"banshi.css", "portal.js", "staff.js", "icons.svg"} <= {path.name for path in DIST.iterdir()}


def test_nothing_is_built_while_nothing_changed():
    assert hatch_build.build_frontend(ROOT) is False


class Here(hatch_build.FrontendHook):
    root = str(ROOT)


def test_a_wheel_carries_what_was_built():
    build = {"artifacts": []}
    Here.initialize(Here.__new__(Here), "standard", build)
    assert f"/{hatch_build.DIST.as_posix()}/**" in build["artifacts"]


def test_every_icon_of_a_template_is_in_the_sprite():
    named = {
        (icon, path.name) for path in TEMPLATES for icon in re.findall(r'\{% icon "([a-z0-9-]+)"', path.read_text())
    }
    assert len(named) > 50
    assert {(icon, name) for icon, name in named if icon not in sprite()} == set()


@pytest.mark.parametrize("table", ["categories.csv"])
def test_the_icons_of_the_vocabulary_are_in_the_sprite(table):
    with (ROOT / "data/vocab" / table).open(encoding="utf-8") as rows:
        assert {row["icon"] for row in csv.DictReader(rows) if row["icon"]} <= sprite()


INLINE = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/(ld\+)?json)|\sstyle=|<style|\son[a-z]+=")


def test_no_template_holds_inline_scripts_or_styles():
    texts = {path: re.sub(r"\{%.*?%\}", "", path.read_text()) for path in TEMPLATES}
    assert [path for path, text in texts.items() if INLINE.search(text)] == []


@pytest.mark.parametrize("inline", ["<script>a</script>", '<p style="x">', "<style>", '<b onclick="x">'])
def test_what_is_inline_is_known(inline):
    assert INLINE.search(inline)


def test_the_lock_file_names_no_registry():
    assert '"resolved"' not in (ROOT / "frontend/package-lock.json").read_text()
