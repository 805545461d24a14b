"""One term for one thing: docs/glossary.md and the code agree."""

import re
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).parent.parent
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
NAMES = set(re.findall(r"`([A-Za-z_]+)`", GLOSSARY))


def test_every_model_stands_in_the_glossary() -> None:
    models = {m.__name__ for m in apps.get_models() if m.__module__.startswith("banshi.") and not m._meta.auto_created}
    assert models <= NAMES, models - NAMES


def test_every_identifier_of_the_glossary_exists() -> None:
    words = {
        word for path in (ROOT / "src").rglob("*.py") for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))
    }
    assert sorted(NAMES - words) == []


def test_no_term_is_given_twice() -> None:
    terms = re.findall(r"^\| ([^|`]+?) \| `", GLOSSARY, flags=re.MULTILINE)
    assert sorted(terms) == sorted(set(terms))
