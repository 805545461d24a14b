"""Burden of a bundle before and after, by the measures of the burden rules."""

from collections.abc import Iterable
from dataclasses import dataclass

from banshi.analysis.measures import LABELS, UNITS, measures_of
from banshi.bundles.definition import in_order
from banshi.bundles.merging import needed
from banshi.bundles.queries import BundleReading
from banshi.forms import visible


@dataclass(frozen=True, slots=True)
class BundleShift:
    """One measure when each item is applied for alone, and together. `unknown` items don't tell it."""

    label: str
    unit: str
    before: float | None
    after: float | None
    unknown: int = 0


def burden_of(reading: BundleReading) -> list[BundleShift]:
    """Compare item by item with together, for the parts that apply by the answers so far."""
    measured = {each.key: measures_of(each.guide) for each in reading.members}
    materials = reading.materials
    issuers = {use.material.issuer for each in materials.asked for use in each.uses if use.material.issuer}
    longest: dict[str, float] = {}
    for part in in_order(reading.definition, reading.keys):
        member = next(each for each in reading.members if each.key == part.key)
        before = max((longest[each.part] for each in needed(member, reading.keys)), default=0)
        longest[part.key] = before + (measured[part.key]["days"] or 0)
    after = {
        "materials": len(materials.asked),
        "days": max(longest.values(), default=0),
        "visits": max((each["visits"] or 0 for each in measured.values()), default=0),
        "offices": 1 + len(issuers),
        "fee_items": _sum(each["fee_items"] for each in measured.values()),
    }
    alone = sum(len(visible(each.text.form, {})) for each in reading.members)
    shifts = [BundleShift("要填的", "项", alone, len(reading.visible))]
    for measure, together in after.items():
        values = [each[measure] for each in measured.values()]
        known = _sum(values)
        shifts.append(
            BundleShift(
                LABELS[measure], UNITS[measure], known, together if known is not None else None, values.count(None)
            )
        )
    return [each for each in shifts if each.before or each.after]


def _sum(values: Iterable[float | None]) -> float | None:
    known = [each for each in values if each is not None]
    return sum(known) if known else None
