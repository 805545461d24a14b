"""The API keeps what its OpenAPI document promises, for whatever is asked (schemathesis)."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from tests.work import examples

from banshi.config.wsgi import application
from banshi.search.index import rebuild

EXAMPLES = examples(30)
described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.fixture(autouse=True)
def without_rate_limit(settings: Any, catalogue: SimpleNamespace) -> None:
    settings.API_REQUESTS_PER_MINUTE = 0
    rebuild()


@pytest.fixture(autouse=True)
def with_the_connection_of_the_test() -> Iterator[None]:
    """As Django's own test client does: a request may not end the test's transaction by closing its connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@described.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_described(case: Any) -> None:
    case.call_and_validate()
