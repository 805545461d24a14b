"""Events of sharing: resources published, requests made and answered, grants revoked, data used."""

from banshi.events import EventData, declare
from banshi.events.subjects import register_subject
from banshi.exchange.models import CallerKey, Correction, DataRequest, Grant, Resource

register_subject(Resource, organ="organ")
register_subject(DataRequest, organ="organ", item="item")
register_subject(Correction, organ="resource__organ", item="item")
register_subject(CallerKey, organ="client__organ")
register_subject(Grant, organ="request__organ", item="request__item")


class AnswerData(EventData):
    """`state` is a code of `enums.RequestState`."""

    state: str


class CallData(EventData):
    """`outcome` is a code of `enums.CallOutcome`, `call` the number in the call log."""

    call: int
    outcome: str


class CorrectionData(EventData):
    """`result` is a code of `enums.CorrectionResult`."""

    result: str


class LateData(EventData):
    """`due_day` is an ISO date, the last day to answer (decree 809 §26)."""

    due_day: str


CORRECTION_LATE = declare("exchange.correction_late", "数据校核超期没有答复", LateData)
DISPUTED = declare("exchange.disputed", "说共享的数据不对")
CORRECTED = declare("exchange.corrected", "共享数据的校核结果", CorrectionData)
RESOURCE_PUBLISHED = declare("exchange.resource_published", "数据资源发布")
UPDATE_OVERDUE = declare("exchange.update_overdue", "数据资源目录超期没有更新")
REQUESTED = declare("exchange.requested", "共享申请")
ANSWERED = declare("exchange.answered", "共享申请答复", AnswerData)
REVOKED = declare("exchange.revoked", "收回共享授权")
CALLED = declare("exchange.called", "核验、取用数据", CallData)
