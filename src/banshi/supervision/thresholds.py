"""Thresholds of the lights and days of orders, as officials keep them in data/monitoring."""

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field

from banshi.core.declarations import read_declaration

CALLED = "监察的界限"


class Thresholds(BaseModel):
    """A light turns yellow with so many percent of the limit, or so few days, left."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    yellow_percent: int = Field(ge=0, le=100)
    yellow_days: int = Field(ge=0, le=365)

    def yellow_within(self, limit: int) -> int:
        """Return how many days before the end of a limit of so many days the light is yellow."""
        return max(limit * self.yellow_percent // 100, self.yellow_days)


class OrderLimits(BaseModel):
    """Working days to answer an order, as proposed and at most, and after how many without an answer it goes a level up by itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    answer_days: int = Field(ge=1, le=365)
    most_days: int = Field(ge=1, le=365)
    climb_after_days: int = Field(ge=0, le=365)
    climb_to_level: int = Field(ge=1, le=9)


class DrawLimits(BaseModel):
    """For how many hours a draw waits for parties to seal their numbers, and then to open them."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    party_hours: int = Field(ge=0, le=24 * 30)
    open_hours: int = Field(ge=0, le=24 * 30)


def thresholds() -> Thresholds:
    return read_declaration(settings.MONITORING / "lights.toml", Thresholds, called=CALLED)


def order_limits() -> OrderLimits:
    return read_declaration(settings.MONITORING / "orders.toml", OrderLimits, called=CALLED)


def draw_limits() -> DrawLimits:
    return read_declaration(settings.MONITORING / "draws.toml", DrawLimits, called=CALLED)
