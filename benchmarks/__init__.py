"""Benchmarks: each module measures something against a baseline in the same run, because machines are shared and noisy."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether the promise holds, and the figures it was judged by."""

    holds: bool
    figures: str
