"""Events of papers."""

from banshi.events import EventData, declare
from banshi.events.subjects import register_subject
from banshi.papers.models import Paper

register_subject(Paper, organ="organ")


class PaperRevokedData(EventData):
    """`paper_kind`: a name in data/papers."""

    paper_kind: str


PAPER_REVOKED = declare("papers.revoked", "撤销文书", PaperRevokedData)
