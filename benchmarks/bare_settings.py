"""banshi's settings, with the addresses of the baselines beside its own."""

from banshi.config.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.bare"
