"""A county with its examining offices and people, and adjustments brought to any state by the real actions."""

import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings as real

from banshi.adjustments.actions import (
    AdjustmentCause,
    apply_for,
    drop_adjustment,
    give_opinion,
    publish_adjustments,
    set_office,
    start_adjustment,
)
from banshi.adjustments.actions.transition import seen_of
from banshi.adjustments.enums import AdjustmentKind, Cause, ExaminationVerdict, Office
from banshi.adjustments.models import Adjustment
from banshi.catalog.actions import save_draft, start_draft
from banshi.catalog.guide.document import Contact, Guide
from banshi.catalog.models import Item
from banshi.core.models import StoredFile
from banshi.files import keep
from banshi.people.models import Organ, User
from tests import factories as make

NOON = make.NOON
MONDAY = date(2026, 11, 23)


@dataclass(frozen=True, slots=True)
class Town:
    """`bureau` applies; `establishment` examines, then `legal`; `hall` publishes."""

    bureau: Organ
    establishment: Organ
    legal: Organ
    hall: Organ
    clerk: User
    examiner: User
    lawyer: User
    publisher: User


def town() -> Town:
    bureau, establishment = make.organ("示例县教育局"), make.organ("示例县委编办")
    legal, hall = make.organ("示例县司法局"), make.organ("示例县政务服务局")
    for office, organ in zip(Office, (establishment, legal, hall), strict=True):
        set_office(make.division(), office, organ, by=make.TESTS, at=NOON)
    return Town(
        bureau,
        establishment,
        legal,
        hall,
        clerk=make.user("clerk", bureau, full_name="陈经办"),
        examiner=make.user("reviewer", establishment, full_name="李编办"),
        lawyer=make.user("reviewer", legal, full_name="王法制"),
        publisher=make.user("publisher", hall, full_name="周公布"),
    )


def evidence(organ: Organ, by: User) -> StoredFile:
    return keep(io.BytesIO("依据".encode() * 20), name="依据.txt", purpose="adjustment", organ=organ, by=by, at=NOON)


def facts(town: Town, **more: Any) -> AdjustmentCause:
    told = {"cause": Cause.SERVICE, "cause_day": MONDAY, "reason": "减少一份材料", **more}
    return AdjustmentCause(**{"evidence": evidence(town.bureau, town.clerk), **told})


def in_force(town: Town, name: str = "小学入学报名", **more: Any) -> Item:
    return make.publication(make.item(town.bureau, make.guide(name, **more))).item


def rewrite(item: Item, by: User, **changes: Any) -> int:
    """Change the draft; the stamp it has then."""
    draft = start_draft(item, by=by, at=NOON)
    guide = Guide.model_validate({**draft.guide.model_dump(), **changes})
    return save_draft(draft, guide=guide, stamp=draft.stamp, by=by, at=NOON).stamp


def started(town: Town, kind: str = AdjustmentKind.CHANGE, item: Item | None = None, **more: Any) -> Adjustment:
    of = item or (make.item(town.bureau) if kind == AdjustmentKind.ADD else in_force(town))
    return start_adjustment(of, kind=kind, facts=facts(town, **more), by=town.clerk, at=NOON)


def applied(town: Town, kind: str = AdjustmentKind.CHANGE, **more: Any) -> Adjustment:
    new = started(town, kind, **more)
    stamp = None
    if kind in (AdjustmentKind.ADD, AdjustmentKind.CHANGE):
        stamp = rewrite(new.item, town.clerk, undertaker="南门窗口")
    return apply_for(new, stamp=stamp, by=town.clerk, at=NOON)


def corrected(town: Town) -> Adjustment:
    """A minor correction, in force already."""
    new = started(town, cause=Cause.FACT, evidence=None)
    return apply_for(
        new, stamp=rewrite(new.item, town.clerk, consult=Contact(phone="0000-7654321")), by=town.clerk, at=NOON
    )


def say(town: Town, adjustment: Adjustment, verdict: ExaminationVerdict, words: str = "写明理由") -> Adjustment:
    adjustment = fresh(adjustment)
    who = town.lawyer if adjustment.state == "second" else town.examiner
    return give_opinion(adjustment, verdict=verdict, words=words, seen=seen_of(adjustment), by=who, at=NOON)


def fresh(adjustment: Adjustment) -> Adjustment:
    return Adjustment.objects.select_related("item__organ", "text", "examiner", "second").get(pk=adjustment.pk)


def brought_to(state: str, town: Town, **more: Any) -> Adjustment:
    """An adjustment in a state, by the way people would go."""
    V = ExaminationVerdict
    match state:
        case "prepared":
            return fresh(started(town, **more))
        case "examining":
            return fresh(applied(town, **more))
        case "dropped":
            return fresh(drop_adjustment(started(town, **more), words="不用改了", by=town.clerk, at=NOON))
        case "checking":
            return fresh(corrected(town))
        case "checked":
            return fresh(say(town, corrected(town), V.CONFIRM))
        case "undone":
            return fresh(say(town, corrected(town), V.UNDO))
        case "second":
            return fresh(say(town, applied(town, **more), V.AGREE))
        case "returned":
            return fresh(say(town, applied(town, **more), V.RETURN))
        case "refused":
            return fresh(say(town, applied(town, **more), V.REFUSE))
        case "approved":
            return fresh(say(town, brought_to("second", town, **more), V.AGREE))
        case "published":
            done = brought_to("approved", town, **more)
            return fresh(publish_adjustments([done], by=town.publisher, at=NOON)[0])
    raise AssertionError(state)


def policy_with(tmp_path: Path, settings: Any, **changes: str) -> None:
    """The shipped policy with some words of it changed."""
    text = (real.DATA / "adjustments" / "policy.toml").read_text(encoding="utf-8")
    for old, new in changes.values():  # type: ignore[misc]
        assert old in text
        text = text.replace(old, new)
    place = tmp_path / "policy.toml"
    place.write_text(text, encoding="utf-8")
    settings.ADJUSTMENT_POLICY = place


def direct(value: str) -> tuple[str, str]:
    return 'direct_publication = "minor"', f'direct_publication = "{value}"'
