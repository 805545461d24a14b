"""The form people fill in online, as the guide declares it."""

from banshi.catalog.enums import Audience
from banshi.catalog.guide.document import AskedWhen, DeclaredField, Guide
from banshi.catalog.guide.plain_language import for_company, for_person
from banshi.core.errors import Problem
from banshi.forms import Comparison, FormField, ShownWhen, faults, with_standard_parts

FIRST_PAGE = "要填的内容"


def form_of(guide: Guide) -> tuple[FormField, ...]:
    """Return every question of an item's form, with the parts all forms have."""
    return _whole(guide, _declared(guide.form_fields))


def _whole(guide: Guide, own: list[FormField]) -> tuple[FormField, ...]:
    ways = [way.label for way in guide.delivery_ways]
    organs = Audience.GOVERNMENT in guide.audience
    return with_standard_parts(
        own,
        persons=for_person(guide) or not (for_company(guide) or organs),
        companies=for_company(guide) or organs,
        agent=guide.agent is not False,
        delivery_ways=ways,
    )


def _declared(rows: list[DeclaredField]) -> list[FormField]:
    """Convert rows into fields, those without a page onto the page of the one before."""
    declared: list[FormField] = []
    group = FIRST_PAGE
    for place, row in enumerate(rows):
        group = row.group or group
        meant, named = row.when.field, ""
        if meant:
            named = next((each.key for each in (*rows[place::-1], *rows) if meant in (each.key, each.label)), "")
        when = asked_when(row.when.model_copy(update={"field": named})) if named else asked_when(row.when)
        declared.append(
            FormField(
                key=row.key,
                label=row.label,
                kind=row.kind,
                group=group,
                help=row.help,
                required=row.required,
                choices=tuple(row.choices),
                pattern=row.pattern,
                example=row.example,
                minimum=row.minimum,
                maximum=row.maximum,
                when=when if row.when.field else None,
                prefill=row.prefill or None,
                sensitivity=row.sensitivity,
            )
        )
    return declared


def asked_when(written: AskedWhen) -> ShownWhen:
    return ShownWhen(written.field, Comparison(written.comparison or Comparison.IS), tuple(written.values))


def form_faults(guide: Guide) -> list[Problem]:
    """List what keeps the declared questions from working, at their paths in the guide (form_fields.2.when.field)."""
    own = _declared(guide.form_fields)
    if not own:
        return []
    whole = _whole(guide, own)
    ahead = whole.index(own[0])
    found = []
    for fault in faults(whole):
        place, _, attribute = fault.field.partition(".")
        if 0 <= (row := int(place) - ahead) < len(own) and own[row].label:
            found.append(Problem(fault.message, where=fault.where, field=f"form_fields.{row}.{attribute}"))
    return found
