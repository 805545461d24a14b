"""可向社会组织转移的职能: who may go which move is in data/workflows/transfer.toml. Here is what each move writes down."""

from datetime import date, datetime

from django.db import transaction

from banshi.core.errors import BadInput
from banshi.core.id_numbers import uscc_is_valid
from banshi.core.json_types import JsonObject
from banshi.ledger import Actor, record
from banshi.registers.models import Transfer
from banshi.workflow.actions import move


def examine_transfer(
    transfer: Transfer, *, agreed: bool, opinion: str, document: str, by: Actor, at: datetime
) -> Transfer:
    """Record the opinion of the office of establishment (编办意见)."""
    kept = {"opinion": opinion, "document": document}
    return _go(transfer, "agree" if agreed else "refuse", opinion, kept, by=by, at=at)


def hand_over(
    transfer: Transfer,
    *,
    receiver: str,
    receiver_uscc: str,
    document: str,
    transferred_on: date,
    by: Actor,
    at: datetime,
) -> Transfer:
    """Record the transfer (登记转移), with organisation, document and first day."""
    if not uscc_is_valid(receiver_uscc):
        raise BadInput("承接组织的统一社会信用代码不对", where=receiver_uscc, remedy="请照登记证书填写18位代码。")
    kept = {
        "receiver": receiver,
        "receiver_uscc": receiver_uscc,
        "document": document,
        "transferred_on": transferred_on,
    }
    return _go(transfer, "hand_over", receiver, kept, by=by, at=at)


def take_back(transfer: Transfer, *, reason: str, by: Actor, at: datetime) -> Transfer:
    return _go(transfer, "take_back", reason, {"ended_why": reason}, by=by, at=at)


def withdraw_transfer(transfer: Transfer, *, reason: str, by: Actor, at: datetime) -> Transfer:
    return _go(transfer, "withdraw", reason, {"ended_why": reason}, by=by, at=at)


@transaction.atomic
def _go(transfer: Transfer, name: str, note: str, kept: JsonObject, *, by: Actor, at: datetime) -> Transfer:
    move(transfer, name, by=by, at=at, note=note, **kept)
    record(f"registers.{name}_transfer", transfer, by=by, at=at, facts=kept)
    return transfer
