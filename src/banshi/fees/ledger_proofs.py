"""Proof for the ledger that orders of fees have the amount and the state that acts have recorded."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from banshi.fees.models import FeeOrder
from banshi.ledger.models import LedgerEntry
from banshi.ledger.text_proofs import key_of, newest_acts, prove_texts

S = FeeOrder.State
STATES = {"fees.charge": S.DUE, "fees.pay": S.PAID, "fees.refund": S.REFUNDED}
"""State of an order after the act."""


@prove_texts(*STATES)
def differing_orders(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    """Yield the newest of these entries of an order that is of another amount or in another state now."""
    orders = FeeOrder.objects.in_bulk([key_of(each) for each in entries])
    newest = newest_acts(entries, *STATES)
    for entry in entries:
        order, facts = orders.get(key_of(entry)), entry.facts
        if order is None:
            yield entry, "不在了：缴费单被删去"
        elif newest[entry.subject].number == entry.number:
            amounts = sum((Decimal(each["amount"]) for each in order.lines), Decimal())
            if (order.number, order.total, amounts) != (facts["order"], Decimal(facts["total"]), order.total):
                yield entry, "被改动过：缴费单的单号或金额与记录不符"
            elif order.state != STATES[entry.action]:
                yield entry, "被改动过：缴费单是否缴清、退回与记录不符"
