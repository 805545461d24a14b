"""The composed guides cite law that holds, and articles that exist."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from tests.factories import NOON, TESTS

from banshi.catalog.guide.citations import cited_in
from banshi.law.loading import load_shipped_laws
from banshi.law.queries import register_of_laws
from banshi.law.register import Force

GUIDES = Path(__file__).parents[2] / "data/demo/guides"
TODAY = date(2026, 11, 28)


@pytest.mark.django_db
def test_no_composed_guide_cites_ended_law_an_article_that_is_not_there_or_the_number_of_an_earlier_text() -> None:
    load_shipped_laws(by=TESTS, at=NOON)
    register, wrong, found = register_of_laws(), [], 0
    for path in sorted(GUIDES.glob("*.json")):
        for entry in json.loads(path.read_text(encoding="utf-8")):
            for cited in cited_in(entry["guide"]):
                resolution = register.resolve(cited.title, cited.doc_no, cited.articles, day=TODAY)
                found += resolution.law is not None
                if resolution.force in (Force.ENDED, Force.COMING) or resolution.missing or resolution.earlier:
                    wrong.append((entry["guide"]["name"], cited, resolution.force, resolution.missing))
    assert wrong == []
    assert found > 500


def test_the_identity_card_is_demanded_by_article_14_only_where_its_list_names_the_matter() -> None:
    named = re.compile("户口|出生|死亡|婚|收养|兵|出境|护照|通行证")
    citing = [
        entry["guide"]["name"]
        for path in GUIDES.glob("*.json")
        for entry in json.loads(path.read_text(encoding="utf-8"))
        if any("身份证法》第十四条" in each.get("basis", "") for each in entry["guide"].get("materials", []))
    ]
    assert citing and [name for name in citing if not named.search(name)] == []
