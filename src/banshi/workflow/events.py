"""Events of whatever goes by a workflow: from them come clocks, lights and figures."""

from banshi.core.crypto import digest
from banshi.events import EventData, declare


class MoveData(EventData):
    """Codes of a definition, a move of it, the states it leads from and to, and a digest of what its history says."""

    flow: str
    move: str
    source: str
    to: str
    words: str = ""


class BranchData(EventData):
    flow: str
    group: str
    branch: str


MOVED = declare("workflow.moved", "流转", MoveData)
BRANCH_FINISHED = declare("workflow.branch_finished", "并联的一支办结", BranchData)


def digest_of_words(actor_name: str, note: str) -> str:
    """Digest who moved it by name and the note, which the event itself doesn't hold."""
    return digest(f"{actor_name}\x1f{note}".encode())[:32]
