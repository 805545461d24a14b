"""Lines of registers: added, changed, taken out.

What a line must hold is said by its model. Here it is said in time.
"""

from datetime import date, datetime
from typing import TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction
from django.forms.models import model_to_dict

from banshi.access import Permission, authorize, authorize_many
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.ledger import Actor, record
from banshi.registers.models import Agency, IntermediaryService, Offer, Power, RegisterEntry, Transfer

SomeEntry = TypeVar("SomeEntry", bound=RegisterEntry)
SomeRow = TypeVar("SomeRow", bound=models.Model)


@transaction.atomic
def add_entry(entry: SomeEntry, *, by: Actor, at: datetime) -> SomeEntry:
    """Add a line to a register, its fields filled in by who calls."""
    authorize(by, entry.edited_with, entry, at=at)
    entry.created_at = at
    check(entry)
    entry.save(force_insert=True)
    record(f"registers.add_{entry._meta.model_name}", entry, by=by, at=at, facts=facts_of(entry))
    return entry


@transaction.atomic
def change_entry(entry: SomeEntry, *, by: Actor, at: datetime) -> SomeEntry:
    """Return the line as it stands now over the one that is stored.

    The ledger keeps both.
    """
    stored = type(entry)._default_manager.select_for_update().get(pk=entry.pk)
    authorize_many(by, entry.edited_with, [stored, entry], at=at)
    check(entry)
    entry.save(force_update=True)
    facts = {"before": facts_of(stored), "after": facts_of(entry)}
    record(f"registers.change_{entry._meta.model_name}", entry, by=by, at=at, facts=facts)
    return entry


@transaction.atomic
def remove_entry(entry: RegisterEntry, *, reason: str, by: Actor, at: datetime) -> None:
    """Remove what was entered by mistake.

    What ended in fact is ended (cancelled, left, taken back) and stays readable.
    """
    entry = _held(entry)
    authorize(by, entry.edited_with, entry, at=at)
    facts = {**facts_of(entry), "reason": reason}
    record(f"registers.remove_{entry._meta.model_name}", entry, by=by, at=at, facts=facts)
    try:
        entry.delete()
    except models.ProtectedError as error:
        raise Conflict("还有别的记录用着它，不能删除", remedy="请先处理那些记录，或改为登记终止。") from error


@transaction.atomic
def cancel_power(
    power: Power, *, cancelled_on: date, document: str, doc_no: str, instead: str, by: Actor, at: datetime
) -> Power:
    """Cancel a power (取消), which stays on the list with date and document to be recognised if it comes back."""
    power = _held(power)
    authorize(by, Permission.REGISTER_EDIT, power, at=at)
    if power.cancelled_on:
        raise Conflict(f"“{power}”已经登记取消", remedy="要更正取消的日期或文件，请用“修改”。")
    power.cancelled_on, power.cancel_document = cancelled_on, document
    power.cancel_doc_no, power.instead = doc_no, instead
    check(power)
    power.save()
    record("registers.cancel_power", power, by=by, at=at, facts=facts_of(power))
    return power


@transaction.atomic
def end_service(
    service: IntermediaryService, *, ended_on: date, ended_by: str, by: Actor, at: datetime
) -> IntermediaryService:
    """End the demand of an approval for a service (不再要求)."""
    service = _held(service)
    authorize(by, Permission.REGISTER_EDIT, service, at=at)
    if service.ended_on:
        raise Conflict(f"“{service}”已经登记不再要求")
    service.ended_on, service.ended_by = ended_on, ended_by
    check(service)
    service.save()
    record("registers.end_service", service, by=by, at=at, facts=facts_of(service))
    return service


@transaction.atomic
def strike_agency(agency: Agency, *, left_on: date, left_why: str, by: Actor, at: datetime) -> Agency:
    """Strike an agency off the register (退出名录)."""
    agency = _held(agency)
    authorize(by, Permission.REGISTER_EDIT, agency, at=at)
    if agency.left_on:
        raise Conflict(f"“{agency}”已经退出名录")
    agency.left_on, agency.left_why = left_on, left_why
    check(agency)
    agency.save()
    record("registers.strike_agency", agency, by=by, at=at, facts=facts_of(agency))
    return agency


@transaction.atomic
def offer_service(
    agency: Agency,
    *,
    service: IntermediaryService,
    qualification: str,
    until: date | None,
    by: Actor,
    at: datetime,
) -> Offer:
    """Record an agency's offer.

    Said again, the qualification is renewed.
    """
    authorize(by, Permission.REGISTER_EDIT, agency, at=at)
    kept = {"qualification": qualification, "until": until}
    offer, _ = Offer.objects.update_or_create(agency=agency, service=service, defaults=kept)
    record("registers.offer_service", offer, by=by, at=at, facts=facts_of(offer))
    return offer


@transaction.atomic
def end_offer(offer: Offer, *, by: Actor, at: datetime) -> None:
    offer = _held(offer)
    authorize(by, Permission.REGISTER_EDIT, offer, at=at)
    record("registers.end_offer", offer, by=by, at=at, facts=facts_of(offer))
    offer.delete()


def add_transfer(entry: Transfer, *, by: Actor, at: datetime) -> Transfer:
    """Add a transferable function (可转移职能) of the organ whose item it is drawn from."""
    entry.organ = entry.item.organ
    return add_entry(entry, by=by, at=at)


def _held(row: SomeRow) -> SomeRow:
    """Return the row as it stands, locked: whoever comes second sees what the first did."""
    held = type(row)._default_manager.select_for_update().filter(pk=row.pk).first()
    if held is None:
        raise Conflict(f"“{row}”刚被删除", remedy="请刷新页面查看。")
    return held


def check(row: models.Model) -> None:
    """Validate a row.

    Raises BadInput with a problem for each field.
    """
    try:
        row.full_clean()
    except ValidationError as error:
        problems = [
            Problem(" ".join(messages), field="" if name == NON_FIELD_ERRORS else name)
            for name, messages in error.message_dict.items()
        ]
        raise BadInput(problems[0].message, problems, remedy="请改正后再保存。") from error


def facts_of(row: models.Model) -> dict[str, object]:
    """Tell all columns, for the ledger."""
    return model_to_dict(row)
