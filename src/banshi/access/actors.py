"""Actors that are no accounts, and accounts that have not proven who they are."""

from banshi.access.permissions import Permission
from banshi.ledger import System

UNPROVEN = "_unproven"
LIMITS = "_limits"


class CommandLine(System):
    """A person at the command line of the machine: may what the software may, but passes over no examination."""

    def __init__(self, command: str) -> None:
        self.ledger_id, self.ledger_name = f"command:{command}", f"命令行（{command}）"


class Visitor:
    """Anyone, not signed in."""

    ledger_id, ledger_name = "visitor", "群众"


def suspend_permissions(actor: object) -> None:
    """Let posts and assignments give this actor nothing until its session has proven what staff must prove."""
    setattr(actor, UNPROVEN, True)


def is_suspended(actor: object) -> bool:
    return bool(getattr(actor, UNPROVEN, False))


def limit_permissions(actor: object, permissions: frozenset[Permission]) -> None:
    """Let this actor do no more than these, whatever else it may: it acts by a token that was given for them (OAuth scopes)."""
    setattr(actor, LIMITS, permissions)


def is_beyond(actor: object, permission: Permission) -> bool:
    limits = getattr(actor, LIMITS, None)
    return limits is not None and permission not in limits
