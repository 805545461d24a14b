"""Lines of registers, made through the real actions."""

from typing import Any

from django.db import models

from banshi.catalog.models import Item, ReferenceItem
from banshi.people.models import Organ
from banshi.registers.actions import add_entry, add_transfer, examine_transfer, hand_over, offer_service
from banshi.registers.actions import issue_edition as _issue
from banshi.registers.enums import FeeKind, Payer, PurchaseWay
from banshi.registers.models import (
    Agency,
    IntermediaryService,
    Offer,
    Power,
    Purchase,
    ReferenceEdition,
    RegisterEntry,
    Transfer,
)
from tests import factories as make
from tests.factories import NOON, TESTS, a_uscc


def power(at: Organ | None = None, name: str = "棉花加工资格认定", **more: Any) -> Power:
    return add_entry(Power(organ=at or make.organ(), name=name, kind="07", **more), by=TESTS, at=NOON)


def service(at: Organ | None = None, name: str = "环境影响评价", **more: Any) -> IntermediaryService:
    given = {"approval": "建设项目环评审批", "basis": "环境影响评价法第十九条", "time_limit": "20个工作日"}
    kinds = {"payer": Payer.APPLICANT, "fee_kind": FeeKind.MARKET}
    entry = IntermediaryService(organ=at or make.organ(), name=name, **{**given, **kinds, **more})
    return add_entry(entry, by=TESTS, at=NOON)


def agency(at: Organ | None = None, name: str = "示例环评公司", **more: Any) -> Agency:
    more = {"uscc": a_uscc(next(make._numbers)), "phone": "000-88010000", **more}
    return add_entry(Agency(organ=at or make.organ(), name=name, **more), by=TESTS, at=NOON)


def offer(by: Agency, of: IntermediaryService, qualification: str = "甲级", **more: Any) -> Offer:
    more = {"until": None, **more}
    return offer_service(by, service=of, qualification=qualification, by=TESTS, at=NOON, **more)


def transfer(of: Item | None = None, function: str = "职业技能考评", **more: Any) -> Transfer:
    entry = Transfer(item=of or make.item(), function=function, **{"reason": "协会更懂", **more})
    return add_transfer(entry, by=TESTS, at=NOON)


def handed_over(of: Transfer, receiver: str = "示例行业协会") -> Transfer:
    """Agreed to and taken by an organisation."""
    examine_transfer(of, agreed=True, opinion="同意转移", document="示编办〔2026〕3号", by=TESTS, at=NOON)
    return hand_over(
        of,
        receiver=receiver,
        receiver_uscc=a_uscc(next(make._numbers)),
        document="示编办〔2026〕5号",
        transferred_on=NOON.date(),
        by=TESTS,
        at=NOON,
    )


def purchase(of: Item | None = None, service: str = "助餐", **more: Any) -> Purchase:
    it = of or make.item()
    given = {"year": 2026, "budget": 100, "way": PurchaseWay.OPEN, **more}
    return add_entry(Purchase(organ=it.organ, item=it, service=service, **given), by=TESTS, at=NOON)


def edition(of: ReferenceItem, **elements: Any) -> ReferenceEdition:
    """Of a reference item, unifying these elements."""
    from banshi.catalog.guide.document import Guide

    return _issue(of, guide=Guide(**elements), document="示政发〔2026〕1号", by=TESTS, at=NOON)


def any_line(model: type[RegisterEntry], at: Organ, told: str = "") -> Any:
    """A line of a register that has no maker of its own: each fact it must have, its texts ending in `told`."""
    given: dict[str, Any] = {"organ": at}
    for field in model._meta.fields:
        if field.name in ("id", "organ", "created_at") or field.has_default() or field.null or field.blank:
            continue
        if field.choices:
            given[field.name] = field.choices[0][0]
        elif field.name == "item":
            given["item"] = make.publication(make.item(at)).item
        elif isinstance(field, models.DateField):
            given[field.name] = NOON.date()
        elif isinstance(field, models.CharField | models.TextField):
            given[field.name] = f"{field.verbose_name}{told}"
        else:
            given[field.name] = 2026
    return add_entry(model(**given), by=TESTS, at=NOON)
