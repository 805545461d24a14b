"""Looking into the call log: searched with a reason, each look recorded, and unusual use found, explained."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from banshi.access import Permission, authorize
from banshi.core.clock import day_of
from banshi.core.crypto import blind_index
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.events import emit
from banshi.exchange.anomalies import suspicions
from banshi.exchange.comparison import normal
from banshi.exchange.enums import InformationKind
from banshi.exchange.events import ANOMALY_FOUND
from banshi.exchange.models import Anomaly, CallSearch, Resource
from banshi.exchange.notifications import ANOMALY_TOLD
from banshi.ledger import Actor, record
from banshi.notifications.notify import notify
from banshi.notifications.recipients import nearest_holders
from banshi.people.models import Identity, Organ, User
from banshi.people.posts import Signature
from banshi.people.queries import account_of

NUMBERS_KEPT = 500
"""Of one finding; its count is whole."""


@dataclass(frozen=True, slots=True)
class CallCriteria:
    """Criteria of a search of the call log. The person's number is kept as its keyed digest only."""

    resource: Resource | None = None
    organ: Organ | None = None
    clerk: str = ""
    case_number: str = ""
    person_number: str = ""
    since: date | None = None
    until: date | None = None
    anomaly: Anomaly | None = None


@transaction.atomic
def search_calls(wanted: CallCriteria, *, reason: str, by: Actor, at: datetime) -> CallSearch:
    """Open a search of the call log, which its maker alone may read."""
    by = authorize(by, Permission.EXCHANGE_AUDIT, wanted.anomaly or wanted.organ, at=at)
    if not reason.strip():
        raise BadInput("没有写为什么查", remedy="例如：群众举报、例行抽查、核实异常。每次查看都有记录。")
    if wanted.since and wanted.until and wanted.until < wanted.since:
        raise BadInput("结束的日期在开始以前", remedy="请改日期。")
    number = normal(wanted.person_number, InformationKind.ID_NUMBER)
    search = CallSearch.objects.create(
        made_by=account_of(by),
        made_at=at,
        reason=reason.strip()[:300],
        resource=wanted.resource,
        organ=wanted.organ,
        clerk=wanted.clerk.strip(),
        case_number=wanted.case_number.strip(),
        person_index=blind_index(number, purpose=Identity.PURPOSE) if number else "",
        since=wanted.since,
        until=wanted.until,
        anomaly=wanted.anomaly,
    )
    facts = {
        "reason": search.reason,
        "resource": wanted.resource.code if wanted.resource else "",
        "organ": wanted.organ.name if wanted.organ else "",
        "clerk": search.clerk,
        "case": search.case_number,
        "about_a_person": bool(number),
        "anomaly": wanted.anomaly.pk if wanted.anomaly else None,
    }
    record("exchange.search_calls", search, by=by, at=at, facts=facts)
    return search


@transaction.atomic
def export_calls(search: CallSearch, *, by: Actor, at: datetime) -> CallSearch:
    """Record that what was found leaves as a file."""
    by = authorize(by, Permission.EXCHANGE_AUDIT, search.anomaly, at=at)
    if search.made_by != account_of(by):
        raise Refused("只能导出自己查的", remedy="请自己查一次，写明理由。")
    record("exchange.export_calls", search, by=by, at=at, facts={"reason": search.reason})
    return search


@transaction.atomic
def find_anomalies(*, by: Actor, at: datetime) -> int:
    """Write down what the rules find, and return how many are new.

    An open finding grows; calls of one that was explained are not brought up again.
    """
    by = authorize(by, Permission.AUTOMATIC, at=at)
    explained: dict[tuple[str, str, str], datetime] = {}
    for old in Anomaly.objects.exclude(explained_at=None).order_by("until"):
        explained[old.rule, old.clerk, old.person_index] = old.until
    new = 0
    for each in suspicions(at=at):
        key = {"rule": each.rule.code, "clerk": each.calls[-1].clerk, "person_index": each.about}
        settled = explained.get((key["rule"], key["clerk"], key["person_index"]))
        calls = [call for call in each.calls if settled is None or call.at > settled]
        if len(calls) < each.rule.least:
            continue
        grown = Anomaly.objects.filter(**key, explained_at=None).first()
        told = max(grown.numbers) if grown else 0
        fresh = [call for call in calls if call.number > told]
        if not fresh:
            continue
        values = {
            "label": each.rule.label,
            "organ_id": calls[-1].organ_id,
            "clerk_name": calls[-1].clerk_name,
            "since": grown.since if grown else calls[0].at,
            "until": calls[-1].at,
            "count": (grown.count if grown else 0) + len(fresh),
            "words": each.words,
            "numbers": [*(grown.numbers if grown else []), *(call.number for call in fresh)][-NUMBERS_KEPT:],
        }
        if grown:
            Anomaly.objects.filter(pk=grown.pk).update(**values)
            continue
        one = Anomaly.objects.create(**values, **key, found_at=at)
        new += 1
        record("exchange.find_anomalies", one, by=by, at=at, facts={"rule": one.rule, "count": one.count})
        emit(ANOMALY_FOUND, one, by=by, at=at, rule=one.rule)
        organ = Organ.objects.get(pk=one.organ_id)
        who = nearest_holders([organ], Permission.EXCHANGE_AUDIT, day_of(at))[organ.pk]
        notify(ANOMALY_TOLD, who, subject=one, context={"label": one.label, "organ": organ.called}, at=at)
    return new


@transaction.atomic
def explain_anomaly(anomaly: Anomaly, *, words: str, by: Actor, at: datetime) -> Anomaly:
    """Close a finding with what was verified.

    Nobody explains their own, nor that of whom they stand in for.
    """
    one = Anomaly.objects.select_for_update(of=("self",)).select_related("organ").get(pk=anomaly.pk)
    by = authorize(by, Permission.EXCHANGE_AUDIT, one, at=at)
    person = account_of(by)
    posts = Signature(person, one.organ, at).posts_of(Permission.EXCHANGE_AUDIT) if person else ()
    if one.clerk in {by.ledger_id, *(User(pk=each).ledger_id for each in posts)}:
        raise Refused("不能核实自己的异常", remedy="请由别的同事核实。")
    if one.explained_at:
        raise Conflict("已经核实过", remedy="请刷新页面查看。")
    if not words.strip():
        raise BadInput("没有写核实的情况", remedy="例如：那几天集中入学审核，经核对都有办件。")
    one.explanation, one.explained_at, one.explained_by = words.strip()[:500], at, person
    one.save(update_fields=["explanation", "explained_at", "explained_by"])
    record("exchange.explain_anomaly", one, by=by, at=at, facts={"rule": one.rule, "words": one.explanation})
    return one
