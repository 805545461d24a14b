"""Base of connectors, so that the channel knows nothing of any of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from pydantic import BaseModel

from banshi.catalog.models import Change, Publication
from banshi.outbox.channels import Answer


@dataclass(frozen=True, slots=True)
class Delivery:
    """One change to deliver.

    `again`: it may have arrived before, the answer was lost. `before`: the receipt the other side gave for this item's
    last delivery. `begun`: the one it gave for this delivery while it was not done with it.
    """

    change: Change
    operation: str
    again: bool = False
    before: str = ""
    begun: str = ""

    @property
    def key(self) -> UUID:
        """By which the other side knows a delivery it has had already."""
        return self.change.guid

    @property
    def publication(self) -> Publication | None:
        """Return the publication to be shown there, or None for nothing any more."""
        shown = None if self.operation == Change.Operation.DELETE else self.change.publication
        return shown if shown and shown.ending != Publication.Ending.IN_ERROR else None


class Connector(Protocol):
    """Made from a kind's Place and Secrets. Both calls raise Unavailable."""

    def check(self, *, at: datetime) -> None:
        """Check that the other side answers and knows us, changing nothing there."""

    def deliver(self, deliveries: Sequence[Delivery], *, at: datetime) -> Sequence[Answer]:
        """Give one answer for each delivery, in order.

        Deliveries are of different items. The same delivery twice is one effect.
        """


@dataclass(frozen=True, slots=True)
class OutletKind:
    """A kind of outlet: `place` and `secrets` describe its settings, and so the form in which they are given."""

    code: str
    label: str
    icon: str
    what: str
    place: type[BaseModel]
    secrets: type[BaseModel]
    connector: Any
    at_once: int
