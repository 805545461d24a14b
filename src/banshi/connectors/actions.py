"""Actions on outlets. Secrets are sealed, and go into no ledger."""

from datetime import datetime

from django.db import transaction
from pydantic import BaseModel, ValidationError

from banshi.access import Permission, authorize
from banshi.connectors.kinds import connector_of, kind_named, kind_of, sealed
from banshi.connectors.models import Outlet
from banshi.connectors.queries import newest_change
from banshi.core.errors import BadInput, Problem
from banshi.core.json_types import JsonObject
from banshi.core.repeats import hold_name
from banshi.ledger import Actor, record
from banshi.outbox.actions import end
from banshi.outbox.channels import Unavailable


@transaction.atomic
def add_outlet(*, kind: str, name: str, place: JsonObject, secrets: JsonObject, by: Actor, at: datetime) -> Outlet:
    """Add an outlet, which gets everything in force first (初始化全量), then each change."""
    authorize(by, Permission.OUTLET_MANAGE, at=at)
    chosen = kind_named(kind)
    hold_name(f"connectors.Outlet {name.strip()}")  # of two at once the second is told of the name
    outlet = Outlet.objects.create(
        channel="outlet",
        name=_free_name(name),
        kind=chosen.code,
        place=_checked(chosen.place, place),
        secrets_sealed=sealed(_checked(chosen.secrets, secrets)),
        first_until=newest_change(),
        created_at=at,
    )
    record("connectors.add_outlet", outlet, by=by, at=at, facts={"kind": kind, "name": name, "place": outlet.place})
    return outlet


@transaction.atomic
def change_outlet(
    outlet: Outlet, *, name: str, place: JsonObject, secrets: JsonObject, by: Actor, at: datetime
) -> Outlet:
    """Change settings, of which secrets left empty stay as they are, and try again at once."""
    authorize(by, Permission.OUTLET_MANAGE, at=at)
    kind = kind_of(outlet)
    before, given = outlet.place, {key: value for key, value in secrets.items() if value}
    outlet.name, outlet.place = _free_name(name, outlet), _checked(kind.place, place)
    if given:
        outlet.secrets_sealed = sealed(_checked(kind.secrets, given))
    outlet.failures, outlet.last_error, outlet.next_at = 0, "", None
    outlet.save(update_fields=["name", "place", "secrets_sealed", "failures", "last_error", "next_at"])
    facts = {"name": name, "before": before, "after": outlet.place, "new_secrets": sorted(given)}
    record("connectors.change_outlet", outlet, by=by, at=at, facts=facts)
    return outlet


def _free_name(name: str, outlet: Outlet | None = None) -> str:
    if Outlet.objects.filter(name=name).exclude(pk=outlet.pk if outlet else 0).exists():
        raise BadInput("渠道没有保存", [Problem("已经有同名的渠道（也可能已停用），请换一个名称", field="name")])
    return name


def _checked(form: type[BaseModel], given: JsonObject) -> dict[str, object]:
    try:
        return form.model_validate(given).model_dump(mode="json")
    except ValidationError as trouble:
        problems = []
        for each in trouble.errors():
            name = str(each["loc"][0])
            title = form.model_fields[name].title or name
            problems.append(Problem(WORDS.get(each["type"], "不符合要求"), where=title, field=name))
        raise BadInput("渠道没有保存", problems) from trouble


WORDS = {
    "url_parsing": "请填写完整的地址，以 https:// 开头",
    "url_scheme": "地址要以 https:// 或 http:// 开头",
    "missing": "请填写",
    "string_too_short": "太短",
    "string_too_long": "太长",
}


@transaction.atomic
def end_outlet(outlet: Outlet, *, by: Actor, at: datetime) -> Outlet:
    """End an outlet for good.

    Its secrets go at once. What was sent stays on record.
    """
    by = authorize(by, Permission.OUTLET_MANAGE, at=at)
    Outlet.objects.filter(pk=outlet.pk).update(secrets_sealed=b"")
    return end(outlet, by=by, at=at)


def check_outlet(outlet: Outlet, *, by: Actor, at: datetime) -> str:
    """Ask the other side whether it answers and knows us.

    The trouble in words, or "". Waits for no lock while asking.
    """
    authorize(by, Permission.OUTLET_MANAGE, at=at)
    try:
        connector_of(outlet).check(at=at)
        trouble = ""
    except Unavailable as unavailable:
        trouble = str(unavailable)
    _note_check(outlet, trouble=trouble, by=by, at=at)
    return trouble


@transaction.atomic
def _note_check(outlet: Outlet, *, trouble: str, by: Actor, at: datetime) -> None:
    """Wake an outlet that answers again before its next try is due."""
    better: JsonObject = {} if trouble else {"failures": 0, "next_at": None}
    Outlet.objects.filter(pk=outlet.pk).update(checked_at=at, last_error=trouble[:300], **better)
    record("connectors.check_outlet", outlet, by=by, at=at, facts={"trouble": trouble})
