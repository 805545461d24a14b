"""Sources of data: kinds with one protocol, asked through a circuit breaker."""

from banshi.exchange.sources.base import Look, Source, SourceTrouble, TooManyRows
from banshi.exchange.sources.breaker import ask

__all__ = ["Look", "Source", "SourceTrouble", "TooManyRows", "ask"]
