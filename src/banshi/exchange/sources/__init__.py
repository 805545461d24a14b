"""Sources of data: kinds with one protocol, which connectors register, asked through a bulkhead and a circuit breaker."""

from banshi.exchange.sources.base import (
    Bulk,
    Look,
    Measured,
    MeasuredSource,
    NotAsDeclared,
    Source,
    SourceTrouble,
    StreamedSource,
    StructureChanged,
    TooManyRows,
    as_declared,
    read_address,
    register_source,
)
from banshi.exchange.sources.breaker import ask

__all__ = [
    "Bulk",
    "Look",
    "Measured",
    "MeasuredSource",
    "NotAsDeclared",
    "Source",
    "SourceTrouble",
    "StreamedSource",
    "StructureChanged",
    "TooManyRows",
    "as_declared",
    "ask",
    "read_address",
    "register_source",
]
