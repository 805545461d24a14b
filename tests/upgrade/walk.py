"""Runs inside the upgraded installation: opens pages as several people, publishes, searches, verifies. Prints what it saw as JSON."""

import json
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from banshi.catalog.actions import publish, save_draft, start_draft  # noqa: E402
from banshi.catalog.models import Listing, Revision  # noqa: E402
from banshi.core.clock import now  # noqa: E402
from banshi.core.schema import drift  # noqa: E402
from banshi.ledger import System  # noqa: E402
from banshi.ledger.sealing import seal  # noqa: E402
from banshi.ledger.verification import verify  # noqa: E402
from banshi.people.models import User  # noqa: E402
from banshi.search.follower import keep_index  # noqa: E402
from banshi.search.queries import find  # noqa: E402
from tests.addresses import addresses  # noqa: E402

settings.ALLOWED_HOSTS = ["testserver"]
BY = System("tests")
HANDLER = Client().handler


def statuses() -> dict[str, int]:
    """Of every page without a name in its address, as the person it is for."""
    people = {"/work/": browser("publisher"), "/console/": browser("admin")}
    seen: dict[str, int] = {}
    for each in addresses():
        if not each.names and each.route.endswith("/"):
            client = next((client for start, client in people.items() if each.route.startswith(start)), browser())
            seen[each.route] = client.get(each.route).status_code
    return seen


def browser(role: str = "") -> Client:
    """Of one who holds this role, or nobody. The middleware, which looks for every static file, is loaded once."""
    client = Client(raise_request_exception=False)
    client.handler = HANDLER
    if role:
        who = User.objects.filter(posts__role=role).first()
        assert who
        client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def guides() -> dict[str, int]:
    found: dict[str, int] = {}
    for listing in Listing.objects.select_related("item").order_by("pk")[:: max(1, Listing.objects.count() // 20)]:
        route = f"/items/{listing.item.guid}/"
        found[route] = browser().get(route).status_code
    return found


def publishes() -> bool:
    """Something new is written on top of what was there, and found."""
    drafts = Revision.objects.exclude(state=Revision.State.PUBLISHED).values("item")
    item = Listing.objects.filter(has_guide=True).exclude(item__in=drafts).order_by("pk")[0].item
    draft = start_draft(item, by=BY, at=now())
    text = draft.guide.model_copy(update={"name": "升级以后的事项"})
    publish(save_draft(draft, guide=text, stamp=draft.stamp, by=BY, at=now()), by=BY, at=now())
    keep_index()
    return [hit.guid for hit in find("升级以后的事项").hits][:1] == [str(item.guid)]


def counts() -> dict[str, int]:
    """Rows of every table."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[table] = cursor.fetchone()[0]
    return found


seen: dict[str, Any] = {"drift": list(drift()), "counts": counts(), "before": str(verify())}
seen |= {"pages": statuses(), "guides": guides(), "publishes": publishes()}
seal(at=now())
verdict = verify()
print(json.dumps(seen | {"holds": verdict.holds, "words": str(verdict)}))
