"""A small city with an index to search."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from banshi.search.index import rebuild


@pytest.fixture(autouse=True)
def no_kept_pages() -> Iterator[None]:
    for each in ("default", "pages"):
        caches[each].clear()
    yield


@pytest.fixture
def indexed(db: None) -> Callable[[], int]:
    """Call it when everything is published."""
    return lambda: rebuild()


@pytest.fixture
def page(client: Any) -> Callable[..., str]:
    """The text of a page that must be there."""

    def get(path: str, **query: Any) -> str:
        response = client.get(path, query)
        assert response.status_code == 200, (path, response.status_code)
        return response.content.decode()

    return get


@pytest.fixture
def queries() -> Callable[..., Any]:
    """`with queries(3): ...` holds when exactly so many are asked."""

    @contextmanager
    def exactly(count: int) -> Iterator[None]:
        with CaptureQueriesContext(connection) as asked:
            yield
        told = "\n".join(query["sql"][:160] for query in asked.captured_queries)
        assert len(asked) == count, f"{len(asked)} queries instead of {count}:\n{told}"

    return exactly
