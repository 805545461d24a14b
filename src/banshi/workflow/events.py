"""Events of whatever goes by a workflow: from them come clocks, lights and figures."""

from banshi.events import EventData, declare


class MoveData(EventData):
    """Codes of a definition, a move of it, and the states it leads from and to."""

    flow: str
    move: str
    source: str
    to: str


class BranchData(EventData):
    flow: str
    group: str
    branch: str


MOVED = declare("workflow.moved", "流转", MoveData)
BRANCH_FINISHED = declare("workflow.branch_finished", "并联的一支办结", BranchData)
