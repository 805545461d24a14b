"""A resource of an organ, asked for by another, used in a case and said to be wrong."""

import io
from datetime import date
from typing import Any

from banshi.cases.models import Case
from banshi.exchange.actions import (
    Asked,
    CallCriteria,
    WantedData,
    agree,
    dispute_call,
    load_resources,
    publish_resource,
    raise_demand,
    request_data,
    search_calls,
    submit_resource,
)
from banshi.exchange.actions.requesting import Granting
from banshi.exchange.call_log import append
from banshi.exchange.declarations import DeclaredResource
from banshi.exchange.enums import CallKind, CallOutcome
from banshi.exchange.models import (
    Anomaly,
    CallRecord,
    CallSearch,
    Correction,
    DataBatch,
    DataRequest,
    Demand,
    Resource,
    Subscription,
)
from banshi.files import keep_made
from banshi.ledger import name_of
from banshi.people.models import Organ, User
from tests import factories as make

NAME = {"key": "name", "label": "姓名", "column": "xm", "kind": "name"}


def draft_resource(of: Organ, code: str, name: str) -> Resource:
    written = {
        "code": code,
        "name": name,
        "provider": of.name,
        "summary": name,
        "data_format": "数据库",
        "update_cycle": "每日",
        "classification": "一般数据",
        "sharing": "unconditional",
        "items": [NAME],
    }
    [resource] = load_resources([DeclaredResource.model_validate(written)], by=make.TESTS, at=make.NOON)
    return resource


def resource(of: Organ, code: str, name: str) -> Resource:
    submitted = submit_resource(draft_resource(of, code, name), by=make.TESTS, at=make.NOON)
    return publish_resource(submitted, by=make.TESTS, at=make.NOON)


def request(of: Resource, organ: Organ, words: str) -> DataRequest:
    """Agreed to, so that there is a grant."""
    wanted = Asked(fields=("name",), basis=words, scene=words, scope=words, until=date(2027, 12, 31))
    asked = request_data(of, organ=organ, asked=wanted, by=make.TESTS, at=make.NOON)
    granting = Granting(fields=("name",), until=date(2027, 6, 30))
    return agree(asked, granting=granting, words=words, by=make.TESTS, at=make.NOON).request


def correction(of: DataRequest, case: Case, *, clerk: User, words: str) -> Correction:
    """Of a call that a clerk made for a case, by whom the case is for."""
    call = append(
        of.grant.calls.model(
            at=make.NOON,
            grant=of.grant,
            resource=of.resource,
            organ=of.organ,
            clerk=clerk.ledger_id,
            clerk_name=str(clerk),
            purpose=name_of(case),
            purpose_number=case.number,
            item=case.item,
            kind=CallKind.VERIFY,
            fields=["name"],
            outcome=CallOutcome.MISMATCH,
        ),
        of.grant,
        by=clerk,
    )
    return dispute_call(call, words=words, by=case.applicant, at=make.NOON)


def logged(call: CallRecord) -> CallRecord:
    """A call under a grant, written as an act of ours writes it."""
    return append(call, call.grant, by=make.TESTS)


def demand(organ: Organ, words: str) -> Demand:
    data = WantedData(words, scene=words, basis=words, items=words)
    return raise_demand(organ, data=data, by=make.TESTS, at=make.NOON)


def anomaly(organ: Organ, clerk: User, words: str) -> Anomaly:
    texts: dict[str, Any] = {"label": words, "words": words, "clerk": clerk.ledger_id, "clerk_name": words}
    times: dict[str, Any] = {"since": make.NOON, "until": make.NOON, "found_at": make.NOON}
    return Anomaly.objects.create(rule="night", organ=organ, count=3, **texts, **times)


def call_search(of: Anomaly, words: str) -> CallSearch:
    """By the software itself, so that it is nobody's."""
    return search_calls(CallCriteria(anomaly=of), reason=words, by=make.TESTS, at=make.NOON)


def batch(of: DataRequest, words: str) -> DataBatch:
    """One file of a subscription, whatever its grant says."""
    subscription = Subscription.objects.create(grant=of.grant, begun_at=make.NOON)
    kept: dict[str, Any] = {
        "name": f"{words}.csv",
        "media_type": "text/csv",
        "purpose": "data-batch",
        "organ": of.organ,
    }
    file = keep_made(io.BytesIO(words.encode()), **kept, by=make.TESTS, at=make.NOON)
    figures: dict[str, Any] = {"number": 1, "kind": "full", "rows": 1, "total": 1, "made_at": make.NOON}
    return DataBatch.objects.create(subscription=subscription, file=file, **figures)
