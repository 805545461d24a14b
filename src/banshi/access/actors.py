"""Actors that are no accounts, and accounts that have not proven who they are."""

from banshi.ledger import System

UNPROVEN = "_unproven"


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
