"""Actors that are no accounts."""

from banshi.ledger import System


class CommandLine(System):
    """A person at the command line of the machine: may what the software may, but passes over no examination."""

    def __init__(self, command: str) -> None:
        self.ledger_id, self.ledger_name = f"command:{command}", f"命令行（{command}）"


class Visitor:
    """Anyone, not signed in."""

    ledger_id, ledger_name = "visitor", "群众"
