import pytest

from tests.adjustments.town import Town
from tests.adjustments.town import town as build


@pytest.fixture
def town(db: None) -> Town:
    return build()
