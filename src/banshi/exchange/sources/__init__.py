"""Sources of data: kinds with one protocol, asked through a circuit breaker."""

from banshi.exchange.sources.base import Look, Measured, MeasuredSource, Source, SourceTrouble, TooManyRows
from banshi.exchange.sources.breaker import ask

__all__ = ["Look", "Measured", "MeasuredSource", "Source", "SourceTrouble", "TooManyRows", "ask"]
