from datetime import datetime

import pytest

from banshi.core.clock import CHINA


@pytest.fixture
def monday() -> datetime:
    return datetime(2026, 11, 23, 9, 0, tzinfo=CHINA)
