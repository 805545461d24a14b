"""Sources of data: kinds with one protocol, asked through a circuit breaker."""

from banshi.exchange.sources.base import (
    Bulk,
    Look,
    Measured,
    MeasuredSource,
    Source,
    SourceTrouble,
    StreamedSource,
    TooManyRows,
)
from banshi.exchange.sources.breaker import ask

__all__ = [
    "Bulk",
    "Look",
    "Measured",
    "MeasuredSource",
    "Source",
    "SourceTrouble",
    "StreamedSource",
    "TooManyRows",
    "ask",
]
