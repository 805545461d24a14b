"""Another organ's things, built once for the tests of a module; what a test does to them is undone after it."""

from collections.abc import Iterator
from copy import deepcopy
from functools import partial
from typing import Any

import pytest
from django.core.cache import caches
from django.db import transaction
from django.test import override_settings

from banshi.search.index import rebuild
from banshi.sites.kit import context
from banshi.sites.kit.menu import menu_for
from tests.foreign import Foreign, foreign


@pytest.fixture(scope="module")
def built(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Foreign, dict[str, Any]]]:
    home = tmp_path_factory.mktemp("foreign")
    own = {
        "HOME": home,
        "MEDIA_ROOT": home / "files",
        "SEARCH_INDEX": home / "index",
        "LEDGER_ANCHORS": home / "anchors.jsonl",
        "API_REQUESTS_PER_MINUTE": 0,
    }
    with django_db_blocker.unblock(), override_settings(**own), transaction.atomic():
        things = foreign()
        rebuild()
        yield things, own
        transaction.set_rollback(True)


@pytest.fixture
def menu_without_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one who holds every post they cost a third of each page, and `test_leaks.py` walks over all pages with them."""
    monkeypatch.setattr(context, "menu_for", partial(menu_for, counted=False))


@pytest.fixture
def theirs(built: tuple[Foreign, dict[str, Any]], db: None, settings: Any) -> Foreign:
    """`built` before `db`, so that a test's own writes are undone first."""
    things, own = built
    for name, value in own.items():
        setattr(settings, name, value)
    for each in caches:
        caches[each].clear()
    return deepcopy(things)
