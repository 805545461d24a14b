"""免交的材料: verified by the register the guide names, or taken from it, so that a person is asked only where that failed."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from banshi.access import Permission, authorize
from banshi.cases.exchange_purpose import KIND, concerned_in
from banshi.cases.models import Case, FetchedMaterial
from banshi.cases.queries import shared_materials
from banshi.cases.sealing import FETCHED, seal
from banshi.core.clock import day_of
from banshi.core.errors import BanshiError
from banshi.exchange.actions import VerificationResult, look_up, verify
from banshi.exchange.declarations import DeclaredItem, declared_resources
from banshi.exchange.enums import OBTAINED, CallOutcome, InformationKind
from banshi.exchange.models import Grant, Resource
from banshi.exchange.purposes import AGENT, Concerned
from banshi.exchange.queries import grants_in_force, resource_named
from banshi.ledger import Actor, record


def fetch_shared(case: Case, *, again: bool = False, by: Actor, at: datetime) -> list[FetchedMaterial]:
    """Ask for each material nobody has to hand in, once, or once more where it did not succeed.

    No transaction is held while registers are asked, and each answer is kept by itself.
    """
    by = authorize(by, Permission.EXCHANGE_USE, case, at=at)
    fetched = []
    for position, material in shared_materials(case):
        resource = resource_named(material.shared_from)
        if resource is None:
            continue
        given = {"name": material.name[:300], "resource": resource, "asked_at": at}
        row, new = FetchedMaterial.objects.get_or_create(case=case, position=position, defaults=given)
        # Without an outcome whoever asked was killed before the answer.
        if not new and row.outcome and (not again or row.outcome in OBTAINED):
            continue
        fetched.append(_fetch(case, row, resource, by=by, at=at))
    return fetched


def _fetch(case: Case, row: FetchedMaterial, resource: Resource, *, by: Actor, at: datetime) -> FetchedMaterial:
    """Ask by the organ's grant, and say plainly what failed."""
    day = day_of(at)
    grants = grants_in_force(on=day).filter(request__organ=case.organ_id, request__resource=resource)
    grant = (
        grants.filter(Q(request__item=None) | Q(request__item=case.item_id)).order_by("-request__item", "pk").first()
    )
    person = next((each for each in concerned_in(case) if each.role != AGENT), None)
    items = _comparable(grant) if grant else []
    row.outcome, row.call_id, row.asked_at = CallOutcome.REFUSED, None, at
    if grant is None:
        row.said = f"本单位还没有取得“{resource}”的授权，请数据专员申请"
    elif person is None:
        row.said = "申请里没有写是谁的信息"
    elif not _claims(items, person) and grant.verify_only:
        row.said = "授权的信息项和申请表对不上，没有能核对的"
    else:
        _ask(row, grant, items, person, by=by, at=at)
    with transaction.atomic():
        now = FetchedMaterial.objects.select_for_update().get(pk=row.pk)
        if now.outcome in OBTAINED:
            return now  # somebody else asked meanwhile, and it agreed
        row.save()
        facts = {"position": row.position, "outcome": str(row.outcome)}
        record("cases.fetch_shared", case, by=by, at=at, facts=facts)
    return row


def _ask(
    row: FetchedMaterial, grant: Grant, items: list[DeclaredItem], person: Concerned, *, by: Actor, at: datetime
) -> None:
    """Verify what the application says, and take the record where the grant gives data and nothing differs."""
    matter: dict[str, Any] = {"kind": KIND, "key": row.case_id, "role": person.role, "by": by, "at": at}
    claims, row.outcome, row.said = _claims(items, person), "", ""
    try:
        if claims:
            verdict = verify(grant, claims=claims, **matter)
            row.outcome, row.call_id, row.said = verdict.outcome, verdict.call, _said(verdict, items)
        if not grant.verify_only and row.outcome in ("", CallOutcome.MATCH):
            found, labels = look_up(grant, **matter), grant.request.resource.labels
            rows = [
                {labels.get(key, key): "" if value is None else str(value) for key, value in each.items()}
                for each in found.rows
            ]
            row.record_sealed = seal(rows, purpose=FETCHED)
            row.outcome = row.outcome or (CallOutcome.ANSWERED if rows else CallOutcome.NONE)
            row.call_id = row.call_id or found.call
            taken = f"取得了记录（{'、'.join(rows[0])}）" if rows else "登记里没有这个人的记录"
            row.said = "；".join(filter(None, (row.said, taken)))
    except BanshiError as trouble:
        row.outcome = row.outcome or CallOutcome.FAILED
        row.said = "；".join(filter(None, (row.said, trouble.message)))
    row.said = row.said[:300]


def _comparable(grant: Grant) -> list[DeclaredItem]:
    """List the granted items but the number by which a person is found."""
    declared = declared_resources().get(grant.request.resource.code)
    if declared is None or declared.source is None:
        return []
    return [each for each in declared.items if each.key in grant.fields and each.key != declared.source.person]


def _claims(items: list[DeclaredItem], person: Concerned) -> dict[str, str]:
    """Take from the application what it says of these: the name, and answers to questions of the same label."""
    said = {
        each.key: person.name if each.kind is InformationKind.NAME else person.said.get(each.label, "")
        for each in items
    }
    return {key: text for key, text in said.items() if text.strip()}


def _said(verdict: VerificationResult, items: list[DeclaredItem]) -> str:
    """Tell what was compared, what differs, and what nobody compared because the form does not say it."""
    if verdict.outcome is CallOutcome.NONE:
        return "登记里没有这个人的记录"
    compared = "、".join(each.label for each in items if each.key in verdict.items)
    differing = "、".join(each.label for each in items if verdict.items.get(each.key) is CallOutcome.MISMATCH)
    left = "、".join(each.label for each in items if each.key not in verdict.items)
    found = f"{differing}和登记的不一致，请同申请人核实" if differing else "一致，不用申请人交"
    return f"按证件号码核对了{compared}，{found}" + (f"；{left}申请表里没有，没有核对" if left else "")
