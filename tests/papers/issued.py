"""Papers to test with."""

from typing import Any

from banshi.access import on_behalf_of
from banshi.papers.actions import issue
from banshi.papers.kinds import ALWAYS, kind_named, sample_facts
from banshi.papers.models import Paper
from banshi.people.models import Organ
from tests.factories import NOON, TESTS, organ

BY = on_behalf_of(TESTS)


def paper(kind: str = "approval", at: Organ | None = None, **more: Any) -> Paper:
    facts = {key: value for key, value in sample_facts(kind_named(kind)).items() if key not in ALWAYS}
    given = {"recipient": "林小满", "about": "990102202611230001", "by": BY, "at": NOON, "facts": facts, **more}
    return issue(kind, organ=at or organ(), **given)
