"""banshi's settings, with the addresses of the baselines beside its own."""

from banshi.config.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.bare"

STAFF_SECOND_FACTOR = False  # staff pages are asked for with a session made past the door
