"""The API keeps what its OpenAPI document promises, for whatever is asked (schemathesis)."""

from types import SimpleNamespace
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from banshi.config.wsgi import application
from banshi.search.index import rebuild

EXAMPLES = 12
described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.fixture(autouse=True)
def without_rate_limit(settings: Any, catalogue: SimpleNamespace) -> None:
    settings.API_REQUESTS_PER_MINUTE = 0
    rebuild()


@described.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_described(case: Any) -> None:
    case.call_and_validate()
