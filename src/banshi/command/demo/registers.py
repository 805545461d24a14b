"""The demonstration's registers, all of it marked 示例: what data/demo/registers.json tells, through the real actions."""

from datetime import timedelta

from banshi.catalog.guide.document import Guide
from banshi.catalog.models import Item
from banshi.command.demo.catalogue import Catalogue
from banshi.command.demo.tables import document
from banshi.core.json_types import JsonObject
from banshi.registers.actions import (
    add_entry,
    add_transfer,
    cancel_power,
    claim,
    decline_proposal,
    end_service,
    examine_transfer,
    hand_over,
    issue_edition,
    keep_own,
    offer_service,
    propose_upward,
    strike_agency,
)
from banshi.registers.models import Agency, IntermediaryService, Power, Purchase, Transfer

LISTED = timedelta(days=500)
CLAIMED = timedelta(days=250)
PROPOSED = timedelta(days=25)
DECIDED = timedelta(days=10)
Row = JsonObject


def build_registers(city: Catalogue) -> None:
    told = document("demo/registers.json")
    for row in told["references"]:
        _issue(city, row)
    for row in told["proposals"]:
        item, clerk = _item(city, row["organ"], row["item"]), city.clerk_of(row["organ"])
        if item.reference:
            claim(item, reference=None, by=clerk, at=city.now - PROPOSED)
        words = {"name": row["name"], "category": item.category, "reason": row["reason"]}
        proposal = propose_upward(item, **words, by=clerk, at=city.now - PROPOSED)
        if row["answer"]:
            decline_proposal(proposal, answer=row["answer"], by=city.organizer, at=city.now - DECIDED)
    for row in told["powers"]:
        _power(city, row)
    for row in told["transfers"]:
        _transfer(city, row)
    services = {row["key"]: _service(city, row) for row in told["services"]}
    for row in told["agencies"]:
        names, by, at = ("name", "uscc", "phone", "address"), city.organizer, city.now - LISTED
        agency = Agency(organ=city.organs[row["organ"]], is_example=True, **{name: row[name] for name in names})
        add_entry(agency, by=by, at=at)
        for key, qualification in row["offers"]:
            offer_service(agency, service=services[key], qualification=qualification, until=None, by=by, at=at)
        if left := row.get("left"):
            at = city.now - timedelta(days=left["days_ago"])
            strike_agency(agency, left_on=at.date(), left_why=left["why"], by=by, at=at)
    for row in told["purchases"]:
        about = ("service", "budget", "way", "contractor", "contractor_uscc", "amount")
        purchase = Purchase(
            organ=city.organs[row["purchaser"]],
            item=_item(city, row["organ"], row["item"]),
            year=city.now.year,
            is_example=True,
            **{name: row[name] for name in about if name in row},
        )
        add_entry(purchase, by=city.organizer, at=city.now - DECIDED)


def _item(city: Catalogue, organ: str, name: str) -> Item:
    """Read an item as it stands now, after what happened to it."""
    return Item.objects.select_related("organ__division", "reference").get(pk=city.items[organ, name].pk)


def _issue(city: Catalogue, row: Row) -> None:
    """Issue the first edition, its claims and the later ones, with what was kept of one's own since."""
    reference, by = city.references[row["code"]], city.organizer
    items = {organ: _item(city, organ, reference.name) for organ in row["claims"]}
    for number, each in enumerate(row["editions"]):
        words = {name: each[name] for name in ("document", "note")}
        at = city.now - timedelta(days=each["days_ago"])
        edition = issue_edition(reference, guide=Guide.model_validate(each["content"]), **words, by=by, at=at)
        for organ, item in items.items() if number == 0 else ():
            claim(item, reference=reference, by=city.clerk_of(organ), at=city.now - CLAIMED)
    for each in row["kept"]:
        words = {name: each[name] for name in ("element", "reason")}
        clerk = city.clerk_of(each["organ"])
        keep_own(items[each["organ"]], edition=edition, **words, by=clerk, at=city.now - DECIDED)


def _power(city: Catalogue, row: Row) -> None:
    told = {name: row.get(name, "") for name in ("list", "name", "kind", "basis", "duty", "liability")}
    power = Power(organ=city.organs[row["organ"]], is_example=True, **told)
    add_entry(power, by=city.organizer, at=city.now - LISTED)
    if gone := row.get("cancelled"):
        at = city.now - timedelta(days=gone["days_ago"])
        words = {name: gone[name] for name in ("document", "doc_no", "instead")}
        cancel_power(power, cancelled_on=at.date(), **words, by=city.organizer, at=at)


def _transfer(city: Catalogue, row: Row) -> None:
    item, by = _item(city, row["organ"], row["item"]), city.organizer
    told = {name: row[name] for name in ("function", "reason")}
    at = city.now - PROPOSED
    transfer = add_transfer(Transfer(item=item, is_example=True, **told), by=city.clerk_of(row["organ"]), at=at)
    if row["opinion"]:
        words = {name: row[name] for name in ("opinion", "document")}
        examine_transfer(transfer, agreed=True, **words, by=by, at=city.now - DECIDED)
    if row["receiver"]:
        words = {name: row[name] for name in ("receiver", "receiver_uscc", "document")}
        day = (city.now - DECIDED).date()
        hand_over(transfer, **words, transferred_on=day, by=by, at=city.now - DECIDED)


def _service(city: Catalogue, row: Row) -> IntermediaryService:
    names = ("name", "approval", "basis", "payer", "fee_kind", "fee", "time_limit", "result")
    service = IntermediaryService(
        organ=city.organs[row["organ"]], is_example=True, **{name: row[name] for name in names}
    )
    add_entry(service, by=city.organizer, at=city.now - LISTED)
    if ended := row.get("ended"):
        at = city.now - timedelta(days=ended["days_ago"])
        end_service(service, ended_on=at.date(), ended_by=ended["by"], by=city.organizer, at=at)
    return service
