"""Measures of the burden on people."""

from banshi.catalog.guide.document import Guide
from banshi.rulebook.limits import shipped_days, working_days

LABELS = {
    "materials": "材料",
    "steps": "环节",
    "days": "承诺时限",
    "visits": "到场次数",
    "offices": "要跑的单位",
    "fee_items": "收费项目",
}
UNITS = {"materials": "份", "steps": "个", "days": "个工作日", "visits": "次", "offices": "家", "fee_items": "项"}
MEASURES = tuple(LABELS)


def measures_of(guide: Guide) -> dict[str, float | None]:
    """Measure what one guide asks of people.

    None where it does not tell.
    """
    issuers = {each.issuer for each in guide.materials if each.issuer and not each.shared}
    told = bool(guide.materials) or guide.no_materials
    return {
        "materials": sum(not each.shared for each in guide.materials) if told else None,
        "steps": len(guide.steps) or None,
        "days": working_days(guide.promised_limit, shipped_days(), at_most=False),
        "visits": guide.visits,
        "fee_items": len(guide.fees) if guide.charged is not None else None,
        "offices": 1 + len(issuers) if told else None,
    }
