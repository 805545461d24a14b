"""Events of sharing: resources published, requests made and answered, grants revoked, data used."""

from banshi.events import EventData, declare
from banshi.events.subjects import register_subject
from banshi.exchange.models import (
    Anomaly,
    CallerKey,
    Correction,
    DataBatch,
    DataRequest,
    Demand,
    Grant,
    Resource,
)

register_subject(Resource, organ="organ")
register_subject(DataRequest, organ="organ", item="item")
register_subject(Correction, organ="resource__organ", item="item")
register_subject(CallerKey, organ="client__organ")
register_subject(Anomaly, organ="organ")
register_subject(Demand, organ="organ", item="item")
register_subject(DataBatch, organ="subscription__grant__request__organ")
register_subject(Grant, organ="request__organ", item="request__item")


class RevokedData(EventData):
    """Code of the resource and number of the grant, as the gateway asks for them."""

    resource: str = ""
    grant: int = 0


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


class AnomalyData(EventData):
    """`rule` is a code of data/exchange/anomalies.toml."""

    rule: str


ANOMALY_FOUND = declare("exchange.anomaly_found", "调用记录里发现异常", AnomalyData)


class BatchData(EventData):
    """`batch_kind` is a code of `enums.BatchKind`, `differs` whether both sides counted differently.

    Resource, number and grant are what the gateway asks for.
    """

    batch_kind: str
    rows: int
    differs: bool = False
    resource: str = ""
    number: int = 0
    grant: int = 0


BATCH_MADE = declare("exchange.batch_made", "一批共享数据做好了", BatchData)
BATCH_COUNTED = declare("exchange.batch_counted", "对方数过一批共享数据", BatchData)


class LateData(EventData):
    """`due_day` is an ISO date, the last day to answer (decree 809 §26)."""

    due_day: str


CORRECTION_LATE = declare("exchange.correction_late", "数据校核超期没有答复", LateData)
DISPUTED = declare("exchange.disputed", "说共享的数据不对")
CORRECTED = declare("exchange.corrected", "共享数据的校核结果", CorrectionData)
RESOURCE_PUBLISHED = declare("exchange.resource_published", "数据资源发布")
UPDATE_OVERDUE = declare("exchange.update_overdue", "数据资源目录超期没有更新")
DEMANDED = declare("exchange.demanded", "提出数据需求")
DEMAND_ANSWERED = declare("exchange.demand_answered", "回应数据需求")
REQUESTED = declare("exchange.requested", "共享申请")
ANSWERED = declare("exchange.answered", "共享申请答复", AnswerData)
REVOKED = declare("exchange.revoked", "收回共享授权", RevokedData)
CALLED = declare("exchange.called", "核验、取用数据", CallData)
