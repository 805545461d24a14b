"""Writes of the registers."""

from banshi.registers.actions.entries import (
    add_entry,
    add_transfer,
    cancel_power,
    change_entry,
    end_offer,
    end_service,
    offer_service,
    remove_entry,
    strike_agency,
)
from banshi.registers.actions.powers import import_powers
from banshi.registers.actions.references import (
    NewEdition,
    accept_proposal,
    claim,
    decline_proposal,
    import_editions,
    issue_edition,
    issue_editions,
    keep_own,
    propose_upward,
    take_from_above,
    withdraw_proposal,
)
from banshi.registers.actions.transfers import examine_transfer, hand_over, take_back, withdraw_transfer

__all__ = [
    "NewEdition",
    "accept_proposal",
    "add_entry",
    "add_transfer",
    "cancel_power",
    "change_entry",
    "claim",
    "decline_proposal",
    "end_offer",
    "end_service",
    "examine_transfer",
    "hand_over",
    "import_editions",
    "import_powers",
    "issue_edition",
    "issue_editions",
    "keep_own",
    "offer_service",
    "propose_upward",
    "remove_entry",
    "strike_agency",
    "take_back",
    "take_from_above",
    "withdraw_proposal",
    "withdraw_transfer",
]
