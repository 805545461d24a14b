"""Limits are counted for all processes together where there is a shared cache."""

import subprocess
import sys
from typing import Any

from tests.servers import free_port

from banshi.core.rate_limits import seconds_left, within

ASK = """
import django; django.setup()
from banshi.core.rate_limits import within
print(within("1/hour", "writing", "someone"))
"""


def test_so_many_and_no_more_and_each_for_itself() -> None:
    assert [within("2/hour", "writing", "a") for _ in range(3)] == [True, True, False]
    assert within("2/hour", "writing", "b")
    assert 0 < seconds_left("2/hour", "writing", "a") <= 3600


def test_processes_count_together_in_the_shared_cache(redis_server: str, environment_of: Any) -> None:
    environment = environment_of(BANSHI_CACHE_URL=redis_server)
    said = [
        subprocess.run([sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    assert said == ["True\n", "False\n"]


def test_a_shared_cache_that_is_away_stops_nobody(settings: Any) -> None:
    settings.CACHE_URL = f"redis://127.0.0.1:{free_port()}/0"
    assert within("1/hour", "a")
    assert within("1/hour", "a")
    assert seconds_left("1/hour", "a") == 0
