"""No address shows one organ's unpublished things to another: every address × roles elsewhere, a citizen, nobody.

Each day an address is asked for one thing of each kind it shows and what is asked twice is shared out; roles that give nothing
beyond what another gives, walks of one more question each and the full cross are for the nightly run.

The addresses are read from the resolver. One with a name in it that `OBJECTS` does not know fails here until somebody
says which of another organ's things it shows.
"""

import io
import os
import re
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import unquote, urlencode

import pytest
from django.conf import settings
from django.db import connection
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory
from pypdf import PdfReader

from banshi.bundles.queries import reading_of
from banshi.ledger.models import LedgerEntry
from banshi.people.models import User
from banshi.sites.kit.menu import menu_for
from banshi.sites.kit.permissions import ROLES
from banshi.sites.kit.staff import STAFF_PAGES
from tests import factories as make
from tests.addresses import Address, addresses
from tests.foreign import CITIZEN, FILE, FRAGMENT, ITEM, PERSON, SECRET, Foreign, citizen

pytestmark = pytest.mark.django_db

OF_STAFF = STAFF_PAGES
EVERYTHING = bool(os.environ.get("BANSHI_TEST_ALL"))
Values = dict[str, Any]
SHOWN, HIDDEN = True, False
OBJECTS: list[tuple[str, Callable[[Foreign], list[tuple[Values, bool]]]]] = [
    (r"/api/<rest>", lambda f: [({"rest": "v1/none"}, HIDDEN)]),
    (r"/api/v1/changes/batches/<batch>", lambda f: [({"batch": each.batch}, SHOWN) for each in f.public.changes.all()]),
    (r"/accounts/.*<key>.*", lambda f: [({"key": "none", "uidb36": "1"}, SHOWN)]),
    (
        r"(/api/v1)?/items/<guid>.*",
        lambda f: [
            ({"guid": f.public.guid, "version": 1, "number": 1}, SHOWN),
            *(({"guid": each.guid, "version": 1, "number": 1}, HIDDEN) for each in (f.draft, f.wrong)),
        ],
    ),
    (r".*/(life|life-events)/<code>.*", lambda f: [({"code": f.event.code}, SHOWN)]),
    (r".*/(categories|category)/<code>.*", lambda f: [({"code": f.category.code}, SHOWN)]),
    (r"(/api/v1)?/organs/<number>/?|/books/organ/<number>.*", lambda f: [({"number": f.organ.pk}, SHOWN)]),
    (r"/notices/<number>/", lambda f: [({"number": f.notice.pk}, SHOWN)]),
    (
        r"/work/items/<guid>.*",
        lambda f: [({"guid": each.guid, "number": 1}, HIDDEN) for each in (f.public, f.draft, f.wrong)],
    ),
    (r"(/work)?/files/<guid>/", lambda f: [({"guid": f.file.guid}, HIDDEN)]),
    (r"/work/notices/<number>/.*", lambda f: [({"number": f.notice.pk}, HIDDEN)]),
    (r"/work/adjustments/<pk>/.*", lambda f: [({"pk": f.adjustment.pk}, HIDDEN)]),
    (r"/work/laws/changes/<pk>/prepare/", lambda f: [({"pk": f.change.pk}, SHOWN)]),
    (r"/work/laws/<pk>/.*", lambda f: [({"pk": f.change.law_id}, SHOWN)]),
    (r"/console/offices/<pk>/end/", lambda f: [({"pk": 1}, SHOWN)]),
    (r"/work/references/<number>/.*", lambda f: [({"number": f.reference.pk}, SHOWN)]),
    (r"/work/references/proposals/<pk>/.*", lambda f: [({"pk": f.proposal.pk}, HIDDEN)]),
    (r"/work/(references|powers|data)/import/<guid>/", lambda f: [({"guid": f.file.guid}, HIDDEN)]),
    (r"/work/powers/<pk>/.*", lambda f: [({"pk": f.power.pk}, HIDDEN)]),
    (r"/work/transfers/<pk>/.*", lambda f: [({"pk": f.transfer.pk}, HIDDEN)]),
    (r"/work/intermediaries/<pk>/.*", lambda f: [({"pk": f.offer.service_id}, HIDDEN)]),
    (r"/work/agencies/<pk>/.*", lambda f: [({"pk": f.offer.agency_id, "offer": f.offer.pk}, HIDDEN)]),
    (r"/work/purchases/<pk>/.*", lambda f: [({"pk": f.purchase.pk}, HIDDEN)]),
    (
        r"/open-data/resources/<code>",
        lambda f: [({"code": f.resource.code}, SHOWN), ({"code": f.unpublished.code}, HIDDEN)],
    ),
    (r"/intermediaries/<number>/", lambda f: [({"number": f.offer.service_id}, SHOWN)]),
    (r"/intermediaries/<what>.*", lambda f: [({"what": what}, SHOWN) for what in ("services", "agencies")]),
    (r"/oversight/cases/<pk>/.*", lambda f: [({"pk": f.case.pk}, HIDDEN)]),
    (
        r"/oversight/<what>/<pk>/.*",
        lambda f: [
            ({"what": what, "pk": each.pk}, HIDDEN)
            for what, each in (("cases", f.case), ("campaigns", f.entry.campaign))
        ],
    ),
    (
        r"/oversight/<what>/<guid>/.*",
        lambda f: [
            ({"what": what, "guid": each.guid}, HIDDEN)
            for what, each in (("items", f.draft), ("complaints", f.complaint))
        ],
    ),
    (r"/oversight/indicators/<organ>/", lambda f: [({"organ": f.organ.pk}, HIDDEN)]),
    # Of what one supervises oneself; theirs is asked for by the question `organ`.
    (r"/oversight/bulletins/<period>/.*", lambda f: [({"period": "2026-10", "kind": "docx"}, SHOWN)]),
    (  # for signed calls only
        r"/exchange/v1/resources/<code>(/.*)?",
        lambda f: [({"code": f.resource.code, "number": f.data_batch.number}, HIDDEN)],
    ),
    (r"/oversight/draws/inspections/<pk>/.*", lambda f: [({"pk": f.inspection.pk}, HIDDEN)]),
    (r"/draws/giving/<pk>/", lambda f: [({"pk": f.inspection.pk}, HIDDEN)]),
    (r"/draws/<pk>.json", lambda f: [({"pk": f.inspection.draw_id}, SHOWN)]),
    (r"/oversight/draws/<pk>/.*", lambda f: [({"pk": f.inspection.draw_id}, HIDDEN)]),
    (
        r"/oversight/findings/<pk>/.*",
        lambda f: [({"pk": f.irregularity.pk, "name": "order", "paper": f.unprintable.pk}, HIDDEN)],
    ),
    (r"/work/cases/tasks/<pk>/.*", lambda f: [({"pk": each.pk}, HIDDEN) for each in f.case.tasks.all()]),
    (r"/work/cases/papers/<paper>/print/", lambda f: [({"paper": f.unprintable.pk}, HIDDEN)]),
    (
        r"/work/cases/<pk>/.*",
        lambda f: [
            ({"pk": f.case.pk, "number": 1, "name": "accept", "material": each.pk, "paper": 1, "order": 1}, HIDDEN)
            for each in f.case.application.materials.all()
        ],
    ),
    (r"/work/import/<pk>/.*", lambda f: [({"pk": f.batch.pk}, HIDDEN)]),
    (r"/work/campaigns/plans/<code>.toml", lambda f: [({"code": "concentrated"}, SHOWN)]),
    (
        r"/work/campaigns/<guid>/.*",
        lambda f: [({"guid": f.entry.campaign.guid, "pk": f.unit.pk, "number": 1, "form": "pdf"}, HIDDEN)],
    ),
    (r"/work/orders/<number>/", lambda f: [({"number": f.order.pk}, HIDDEN)]),
    (r"/consultations/<guid>/.*", lambda f: [({"guid": f.entry.campaign.guid, "entry": f.entry.guid}, HIDDEN)]),
    (r"/work/reports/entry/<guid>/", lambda f: [({"guid": f.entry.guid}, HIDDEN)]),
    (
        r"/work/reports/<pk>/.*",
        lambda f: [({"pk": f.unit.pk, "report": f.report.pk, "form": "pdf", "annex": "catalogue"}, HIDDEN)],
    ),
    (r"/work/export/template/<form>.xlsx", lambda f: [({"form": "directory"}, SHOWN)]),
    (r"/work/findings/runs/<pk>/.*", lambda f: [({"pk": f.run.pk}, HIDDEN)]),
    (r"/work/findings/whole/survey/<pk>/.*", lambda f: [({"pk": 0}, HIDDEN)]),  # tells of what is in force, to all
    (r"/work/findings/<pk>/.*", lambda f: [({"pk": f.flaw.pk}, HIDDEN)]),
    (r"/work/proofs/objections/<pk>/.*", lambda f: [({"pk": f.objection.pk}, HIDDEN)]),
    (r"/work/proofs/<pk>/.*", lambda f: [({"pk": f.objection.proof_id}, HIDDEN)]),
    (r"/work/desk/entries/<guid>/.*", lambda f: [({"guid": f.entry.guid}, HIDDEN)]),
    (r"/work/desk/groups/new/<pk>/", lambda f: [({"pk": f.group.body_id}, HIDDEN)]),
    (r"/work/desk/groups/<pk>/dissolve/", lambda f: [({"pk": f.group.pk}, HIDDEN)]),
    (r"/work/desk/experts/<pk>/.*", lambda f: [({"pk": f.invitation.pk}, HIDDEN)]),
    # Open to whoever holds the link; who guesses is told nothing, and soon nothing at all (429).
    (r"/expert/<token>/.*", lambda f: [({"token": "guessed", "guid": f.entry.guid}, SHOWN)]),
    (r"/proofs/commitments/<number>/", lambda f: [({"number": f.commitment.pk}, HIDDEN)]),
    (r"/proofs/<number>/.*", lambda f: [({"number": f.objection.proof_id}, HIDDEN)]),
    (r"(/my/looks|/work/data/calls)/<number>/dispute/", lambda f: [({"number": f.correction.call_id}, HIDDEN)]),
    (r"/my/bundles/<pk>/", lambda f: [({"pk": each.pk}, HIDDEN) for each in (f.unsent, f.sent)]),
    (r"(/api/v1|/work)?/bundles/<code>.*", lambda f: [({"code": f.bundle.code}, SHOWN)]),
    (
        r"(/bundle|/api/v1/bundle-submissions)/<guid>.*",
        lambda f: [
            ({"guid": each.guid, "number": 1, "slug": reading_of(each).materials.asked[0].slug}, HIDDEN)
            for each in (f.unsent, f.sent)
        ],
    ),
    (
        r"/work/data/<pk>/(submit|publish|withdraw|acts/<name>)/",
        lambda f: [({"pk": each.pk, "name": "change"}, HIDDEN) for each in (f.resource, f.unpublished)],
    ),
    (
        r"/work/data/<pk>/.*",
        lambda f: [({"pk": f.resource.pk}, SHOWN), ({"pk": f.unpublished.pk}, HIDDEN)],
    ),
    (
        r"/work/data/lists/<name>.xlsx",
        lambda f: [({"name": each}, SHOWN) for each in ("demands", "duties", "refused")],
    ),
    (r"/work/data/demands/<pk>/.*", lambda f: [({"pk": f.demand.pk, "name": "refuse"}, HIDDEN)]),
    (r"/work/data/batches/<pk>/.*", lambda f: [({"pk": f.data_batch.pk}, HIDDEN)]),
    (r"/console/exchange/searches/<pk>/.*", lambda f: [({"pk": f.call_search.pk}, HIDDEN)]),
    (r"/console/exchange/anomalies/<pk>/.*", lambda f: [({"pk": f.anomaly.pk}, HIDDEN)]),
    (r"/work/data/requests/<pk>/.*", lambda f: [({"pk": f.request.pk, "name": "revoke"}, HIDDEN)]),
    (r"/work/data/corrections/<pk>/.*", lambda f: [({"pk": f.correction.pk}, HIDDEN)]),
    (
        r"/my/cases/<pk>/.*",
        lambda f: [({"pk": f.case.pk, "position": 0, "order": 1, "material": 1, "code": "2222-2222-2222"}, HIDDEN)],
    ),
    (r"/progress/<pk>/", lambda f: [({"pk": f.case.pk}, HIDDEN)]),
    (r"/open311/v2/.*", lambda f: [({"number": f.complaint.number, "code": "slow"}, SHOWN)]),
    (r"/work/ratings/told/<pk>/", lambda f: [({"pk": f.bad_rating.pk}, HIDDEN)]),
    (r"/work/ratings/<guid>/.*", lambda f: [({"guid": f.bad_rating.guid, "name": "contact"}, HIDDEN)]),
    (r"/my/ratings/<pk>/", lambda f: [({"pk": f.bad_rating.rating.invitation_id}, HIDDEN)]),
    (r"/rate/<code>/.*", lambda f: [({"code": "GUESSED"}, HIDDEN)]),
    (r"/work/complaints/told/<pk>/", lambda f: [({"pk": f.complaint.pk}, HIDDEN)]),
    (
        r"/work/complaints/<guid>/.*",
        lambda f: [({"guid": f.complaint.guid, "name": "accept", "file": f.wish.guid}, HIDDEN)],
    ),
    (r"/my/complaints/told/<pk>/", lambda f: [({"pk": f.complaint.pk}, HIDDEN)]),
    (r"/my/complaints/<guid>/", lambda f: [({"guid": f.complaint.guid}, HIDDEN)]),
    (r"/work/wishes/told/<pk>/", lambda f: [({"pk": f.wish.pk}, HIDDEN)]),
    (r"/work/wishes/<guid>/.*", lambda f: [({"guid": f.wish.guid, "name": "publish"}, HIDDEN)]),
    (r"/wishes/told/<pk>/", lambda f: [({"pk": f.wish.pk}, HIDDEN)]),
    (r"/wishes/<guid>/.*", lambda f: [({"guid": f.wish.guid}, HIDDEN)]),
    (r"/counter/reception/item/<guid>/", lambda f: [({"guid": f.public.guid}, SHOWN)]),
    (r"/counter/reception/<guid>/.*", lambda f: [({"guid": f.reception.guid, "pk": 1}, HIDDEN)]),
    (r"/counter/reception/bundles/<code>/", lambda f: [({"code": f.bundle.code}, SHOWN)]),
    (r"/counter/reception/bundle/<guid>/.*", lambda f: [({"guid": f.bundle_reception.guid, "pk": 1}, HIDDEN)]),
    (r"/counter/mandates/<guid>/.*", lambda f: [({"guid": f.mandate.guid}, HIDDEN)]),
    (r"/counter/visits/<guid>/<act>/", lambda f: [({"guid": f.visit.guid, "act": "done"}, HIDDEN)]),
    (r"/counter/hand-out/shelve/<pk>/", lambda f: [({"pk": f.case.pk}, HIDDEN)]),
    (r"/counter/hand-out/<pk>/.*", lambda f: [({"pk": f.hand_out.pk, "act": "collect"}, HIDDEN)]),
    (r"/counter/sit/<pk>/", lambda f: [({"pk": each.pk}, HIDDEN) for each in f.window.counters]),
    (r"/counter/questions/<pk>/.*", lambda f: [({"pk": f.window.question().pk}, HIDDEN)]),
    (r"/my/mandates/<guid>/.*", lambda f: [({"guid": f.mandate.guid}, HIDDEN)]),
    (r"/streams/<token>/", lambda f: [({"token": "guessed"}, HIDDEN)]),
    (r"/api/v1/halls/<code>.*", lambda f: [({"code": f.window.hall.code}, SHOWN)]),
    (r"/api/v1/tickets/<ticket>", lambda f: [({"ticket": f.window.ticket().guid}, SHOWN)]),
    (r"/api/v1/tickets/<ticket>/acts", lambda f: [({"ticket": f.window.ticket().guid}, HIDDEN)]),
    (r"/api/v1/counters/<id>/acts", lambda f: [({"id": each.pk}, HIDDEN) for each in f.window.counters]),
    (r"/api/v1/appointments/<id>.*", lambda f: [({"id": f.window.appointment().guid}, HIDDEN)]),
    (r"/api/v1/questions/<id>/acts", lambda f: [({"id": f.window.question().pk}, HIDDEN)]),
    (r"/api/v1/receptions/<reception>.*", lambda f: [({"reception": f.reception.guid, "position": 0}, HIDDEN)]),
    (
        r"/api/v1/bundle-receptions/<reception>.*",
        lambda f: [({"reception": f.bundle_reception.guid, "slug": "x"}, HIDDEN)],
    ),
    (r"/api/v1/mandates/<mandate>.*", lambda f: [({"mandate": f.mandate.guid}, HIDDEN)]),
    (r"/api/v1/home-visits/<visit>.*", lambda f: [({"visit": f.visit.guid}, HIDDEN)]),
    (r"/api/v1/hand-outs/<id>.*", lambda f: [({"id": f.hand_out.pk}, HIDDEN)]),
    (r"/my/appointments/<guid>/.*", lambda f: [({"guid": f.window.appointment().guid}, HIDDEN)]),
    (r"/console/halls/<pk>/.*", lambda f: [({"pk": f.window.hall.pk, "counter": 1, "skill": 1}, HIDDEN)]),
    (r"/counter/act/<name>/", lambda f: [({"name": "next"}, SHOWN)]),
    (r"/counter/(call|back|again)/<guid>/", lambda f: [({"guid": f.window.ticket().guid}, HIDDEN)]),
    # A kiosk is known by its secret address, a ticket by its slip; neither tells of a person.
    (r"/hall/(kiosk|tablet)/<key>/.*", lambda f: [({"key": "guessed"}, HIDDEN)]),
    (r"/hall/ticket/<guid>/.*", lambda f: [({"guid": f.window.ticket().guid}, SHOWN)]),
    (r"/hall/<code>/.*", lambda f: [({"code": f.window.hall.code}, SHOWN)]),
    (r"/verify/<code>/", lambda f: [({"code": "GUESSED"}, SHOWN)]),
    (r"/console/papers/letterhead/<pk>/", lambda f: [({"pk": f.organ.pk}, HIDDEN)]),
    (r"/console/papers/<code>/", lambda f: [({"code": "approval"}, SHOWN)]),
    (
        r"/apply/<guid>/.*",
        lambda f: [
            ({"guid": each.guid, "number": 1, "position": 0}, HIDDEN) for each in (f.application, f.case.application)
        ],
    ),
    (r"/api/v1/applications/<guid>.*", lambda f: [({"guid": f.application.guid, "position": 0}, HIDDEN)]),
    (r"/api/v1/cases/<number>.*", lambda f: [({"number": f.case.number}, HIDDEN)]),
    (r"/api/v1/tasks/<id>/.*", lambda f: [({"id": each.pk}, HIDDEN) for each in f.case.tasks.all()]),
    (r"/my/look/<field>/", lambda f: [({"field": "name"}, SHOWN)]),
    (r"/console/calendar/<year>/.*", lambda f: [({"year": 2026}, SHOWN)]),
    (r"/console/retention/<code>/delete/", lambda f: [({"code": "handled"}, SHOWN)]),
    (r"/console/files/<guid>/", lambda f: [({"guid": f.file.guid}, HIDDEN)]),
    (r"/console/ledger/<number>/", lambda f: [({"number": each.number}, HIDDEN) for each in acts_of(f.colleague)]),
    (r"/console/(ledger/verify|running)/<key>/", lambda f: [({"key": f.draft.guid}, HIDDEN)]),
    (r"/console/running/schedule/<name>/", lambda f: [({"name": "clear_away"}, SHOWN)]),
    (r"/console/searches/synonyms/<number>/end/", lambda f: [({"number": 1}, SHOWN)]),
    (r"/sitemap-<section>.xml", lambda f: [({"section": "items"}, SHOWN)]),
    (r"/console/outlets/new/<code>/", lambda f: [({"code": "wechat"}, HIDDEN)]),
    (r"/console/outlets/<pk>/.*", lambda f: [({"pk": f.message.queue_id}, HIDDEN)]),
    (r"/console/outbox/queues/<pk>/.*", lambda f: [({"pk": f.message.queue_id}, HIDDEN)]),
    (r"/console/outbox/messages/<pk>/.*", lambda f: [({"pk": f.message.pk}, HIDDEN)]),
    (r"/console/clients/<pk>/.*", lambda f: [({"pk": f.client.pk, "key": 1}, HIDDEN)]),
    (r"/my/apps/<pk>/take-back/", lambda f: [({"pk": f.client.pk}, HIDDEN)]),
    (r"/console/organs/<pk>/.*", lambda f: [({"pk": f.organ.pk}, HIDDEN)]),
    (r"/console/people/<pk>/.*", lambda f: [({"pk": who.pk}, HIDDEN) for who in (f.colleague, f.citizen)]),
    (r"/console/people/posts/<pk>/.*", lambda f: [({"pk": f.delegation.post_id}, HIDDEN)]),
    (r"/console/people/delegations/<pk>/.*", lambda f: [({"pk": f.delegation.pk}, HIDDEN)]),
]
ALL_OVER = {"admin": {PERSON, ITEM, FILE}}
"""What a role may read of every organ: the administrator manages all accounts, and reads the ledger where names stand."""
REFUSED = {401, 403, 404, 405, 410, 422}
"""422: the API found a body unreadable before it looked for anything."""


EVERY_POST = "every post but theirs all over"
each_role = pytest.mark.parametrize(
    "role",
    [EVERY_POST, *(pytest.param(role, marks=() if role in ALL_OVER else pytest.mark.nightly) for role in ROLES)],
)
"""What a role opens, whoever holds all of them is shown too; nightly, each role alone."""


def stranger(role: str) -> User:
    """One of another organ who holds this post, or all that are not theirs all over."""
    elsewhere = make.organ()
    if role != EVERY_POST:
        return make.user(role, elsewhere)
    who = make.user()
    for each in ROLES:
        if each not in ALL_OVER:
            make.post(who, each, elsewhere)
    return who


def acts_of(who: User) -> Any:
    return LedgerEntry.objects.filter(actor=who.ledger_id)


def signed_in(who: User | None) -> Client:
    client = Client(raise_request_exception=False)
    if who:
        client.force_login(who, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def known(address: Address) -> Callable[[Foreign], list[tuple[Values, bool]]] | None:
    if not address.names:
        return lambda f: [({}, SHOWN)]
    return next((objects for pattern, objects in OBJECTS if re.fullmatch(pattern, address.route)), None)


def targets(theirs: Foreign) -> Iterator[tuple[str, bool]]:
    """Every address filled with every one of their things it may be asked for, and whether it is for all to see.

    Each day with the first that is, and the first that is not; what is asked for by a word, with each word."""
    things = cache(lambda objects: objects(theirs))
    for address in addresses():
        asked = set()
        for values, shown in things(known(address) or (lambda f: [])):
            kind = (shown, values.get("what"))
            if EVERYTHING or kind not in asked:
                asked.add(kind)
                yield address.filled(values), shown


def shared(places: Iterable[tuple[str, bool]], share: int, of: int) -> Iterator[tuple[str, bool]]:
    """Of the addresses where staff work, each day one of so many shares, as the same guard stands before all of them."""
    for number, (place, shown) in enumerate(places):
        if EVERYTHING or not place.startswith(OF_STAFF) or number % of == share:
            yield place, shown


def questions(theirs: Foreign) -> list[str]:
    """What a list can be narrowed by: their things."""
    item, organ = theirs.draft, theirs.organ
    narrowed = {
        "organ": organ.pk,
        "division": organ.division_id,
        "item": item.pk,
        "guid": item.guid,
        "old": 1,
        "new": 1,
    }
    people = {"user": theirs.colleague.pk, "who": theirs.colleague.pk, "actor": theirs.colleague.ledger_id}
    return ["", urlencode({"q": FRAGMENT}), urlencode({**narrowed, **people})]


def read(response: HttpResponseBase) -> str:
    """Everything a browser receives: headers, and the text inside workbooks, documents and PDFs too."""
    body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    return unquote(str(response.headers)) + unquote(_text(body))


def _text(body: bytes) -> str:
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            return "".join(_text(packed.read(name)) for name in packed.namelist())
    if body.startswith(b"%PDF"):
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    return body.decode(errors="replace")


def is_refused(response: HttpResponseBase) -> bool:
    return response.status_code in REFUSED or (
        response.status_code == 302 and response["Location"].startswith(("/accounts/login/", "/progress/"))
    )


WRITES = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)
COUNTED = {
    "django_session": "who is signed in",
    "axes_accessattempt": "failed sign-ins",
    "axes_accesslog": "sign-ins",
    "search_miss": "questions nobody could answer",
    "insight_itemviews": "how often a guide is read",
}
"""Tables a GET may write, and what for: none is anybody's record."""


@contextmanager
def writes_noted() -> Iterator[list[str]]:
    """The statements that write to any other table."""
    written: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = WRITES.match(sql)
        if found and found[2] not in COUNTED:
            written.append(sql[:80])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield written


def wrongs(
    client: Client,
    places: Iterable[tuple[str, bool]],
    asked: list[str],
    may_read: Collection[str] = (),
    *,
    narrows: Collection[str] = (),
    all_over: bool = False,
    staff: bool = True,
) -> Iterator[str]:
    """What is wrong with what this client is answered, and what reading it wrote. What is for all to see is narrowed by the
    questions, and its papers made, by one who `narrows` pages of staff or of the public; the others ask for it as it stands."""
    for place, shown in places:
        narrowed = shown and ("staff" if place.startswith(OF_STAFF) else "public") in narrows
        if shown and place.endswith((".pdf", ".docx")) and not narrowed:
            continue
        asked_of_it = asked if narrowed and not place.startswith("/accounts/") else [""]
        for question in asked_of_it:
            address = f"{place}?{question}" if question else place
            with writes_noted() as written:
                response = client.get(address)
                text = read(response)
            yield from (f"{address} wrote: {sql}" for sql in written)
            if response.status_code >= 500:
                yield f"{address} answered {response.status_code}"
            if not shown and not all_over and not is_refused(response):
                yield f"{address} answered {response.status_code} for what is not theirs to see"
            if not staff and place.startswith(OF_STAFF) and response.status_code == 200:
                yield f"{address} opened for one who does not work here"
            yield from (
                f"{address} showed {word}"
                for word in {ITEM, FILE, PERSON, CITIZEN, SECRET}.difference(may_read)
                if word in text
            )
            if response.status_code == 405:
                break


def assert_none(wrong: Iterable[str]) -> None:
    """Told one a line, numbers of things left out, so that one cause reads as one line."""
    told = sorted({re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "<guid>", each) for each in wrong})
    assert not told, "\n" + "\n".join(told)


def test_every_address_has_something_to_be_asked_for() -> None:
    unknown = [address.route for address in addresses() if known(address) is None]
    assert_none(unknown)


@pytest.mark.usefixtures("menu_without_figures")
@each_role
def test_no_role_elsewhere_sees_another_organs_things(theirs: Foreign, role: str) -> None:
    narrows = ["staff"] if EVERYTHING or role == EVERY_POST else []
    narrows += ["public"] if EVERYTHING and role == EVERY_POST else []
    more = {"narrows": narrows, "all_over": role in ALL_OVER}
    places = shared(targets(theirs), 0, 3 if role in ALL_OVER else 1)
    assert_none(wrongs(signed_in(stranger(role)), places, questions(theirs), ALL_OVER.get(role, ()), **more))


def test_the_menus_figures_show_nothing_and_are_no_accident(theirs: Foreign) -> None:
    """As they are left out of the walks: on one page of each site, and nightly on each page where staff work."""
    who = stranger(EVERY_POST)
    places = ((place, shown) for place, shown in targets(theirs) if EVERYTHING or place in OF_STAFF)
    assert_none(wrongs(signed_in(who), places, questions(theirs), all_over=True))
    assert any(line.count is not None for _, lines in menu_of(who) for line in lines)


def menu_of(who: User) -> Any:
    request = RequestFactory().get("/work/")
    request.user = who
    return menu_for(request)


def test_a_citizen_sees_nothing_unpublished(theirs: Foreign) -> None:
    places = shared(targets(theirs), 0, 2)
    assert_none(wrongs(signed_in(citizen("路人")), places, questions(theirs), staff=False))


def test_without_signing_in_nothing_unpublished_is_seen(theirs: Foreign) -> None:
    places = shared(targets(theirs), 1, 2)
    assert_none(wrongs(signed_in(None), places, questions(theirs), narrows=["public"], staff=False))


@pytest.mark.usefixtures("menu_without_figures")
@pytest.mark.parametrize("role", ["all", *(pytest.param(role, marks=pytest.mark.nightly) for role in ROLES)])
def test_their_own_colleague_does_see_it_and_reading_it_writes_nothing(theirs: Foreign, role: str) -> None:
    """Else the tests above would hold for pages that show nothing at all. Nightly, with each post alone."""
    client = signed_in(holder(theirs, role))
    seen, wrote = set(), []
    for place, _shown in targets(theirs):
        with writes_noted() as written:
            text = read(client.get(place))
        seen |= {word for word in (ITEM, FILE, PERSON) if word in text}
        wrote += [f"{place} wrote: {sql}" for sql in written]
    assert_none(wrote)
    if role in ("all", "clerk", "publisher"):
        assert seen == {ITEM, FILE, PERSON}


@pytest.mark.usefixtures("menu_without_figures")
@each_role
def test_no_role_elsewhere_changes_another_organs_things(theirs: Foreign, role: str) -> None:
    client, form = signed_in(stranger(role)), typed(theirs)
    before = fingerprint(theirs)
    failed = []
    for place, shown in shared(targets(theirs), 0, 3 if role in ALL_OVER else 1):
        if not place.startswith("/accounts/") and not (role in ALL_OVER and place.startswith("/console/")):
            body = BODIES.get(place.rpartition("/")[2])
            sent = {"data": form} if body is None else {"data": body, "content_type": "application/json"}
            response = client.post(place, **sent)
            if response.status_code >= 500 or (not shown and role not in ALL_OVER and not is_refused(response)):
                failed.append(f"{place} answered {response.status_code}")
    assert_none(failed)
    assert fingerprint(theirs) == before


BODIES: dict[str, dict[str, str]] = {
    "acts": {"act": "accept"},
    "finish": {},
    "move": {"day": "2026-11-25", "half": "am"},
    "hand-out": {"place": "A-1"},
    "agreement": {"way": "code"},
    "hand-in": {},
    "receptions": {"item": "00000000-0000-7000-8000-000000000000"},
    "bundle-receptions": {"bundle": "newborn"},
}
"""What the API asks before it looks for whose it is."""


def typed(theirs: Foreign) -> dict[str, Any]:
    """A guess at what the forms ask for, so that more than their first line is tried."""
    return {
        "stamp": 2,
        "reason": "试",
        "note": "试",
        "name": "试",
        "title": "试",
        "ending": "withdrawn",
        "confirm": "on",
        "items": [theirs.draft.pk],
        "revisions": [theirs.draft.revisions.get().pk],
        "organ": theirs.organ.pk,
        "into": theirs.public.pk,
        "to": theirs.colleague.pk,
    }


def fingerprint(theirs: Foreign) -> list[Any]:
    """Their rows as they stand, all columns."""
    items = [theirs.public, theirs.draft, theirs.wrong]
    rows: list[Any] = [
        theirs.colleague.posts,
        *(each.revisions for each in items),
        *(each.publications for each in items),
        theirs.entry.reviews,
    ]
    kept = [theirs.organ, *items, theirs.file, theirs.batch, theirs.notice, theirs.delegation]
    kept += [theirs.unit, theirs.entry, theirs.entry.campaign, theirs.report, theirs.order]
    kept += [theirs.flaw, theirs.run, theirs.objection, theirs.objection.proof, theirs.commitment, theirs.message]
    kept += [theirs.proposal, theirs.power, theirs.transfer, theirs.offer.service, theirs.offer.agency]
    kept += [theirs.offer, theirs.purchase, theirs.claim]
    kept += [theirs.adjustment, theirs.case, theirs.unsent, theirs.sent]
    kept += [theirs.resource, theirs.unpublished, theirs.request, theirs.request.grant, theirs.correction]
    kept += [theirs.group, theirs.invitation]
    kept += [theirs.reception, theirs.bundle_reception, theirs.mandate, theirs.visit, theirs.hand_out]
    kept += [theirs.window.hall, theirs.unprintable]
    kept += [theirs.complaint, theirs.bad_rating, theirs.wish, theirs.inspection, theirs.irregularity]
    same = [type(each)._default_manager.filter(pk=each.pk) for each in kept]
    return [list(each.order_by("pk").values()) for each in (*rows, *same)]


def holder(theirs: Foreign, role: str) -> User:
    """Their colleague with the posts of clerk and publisher, or with all; else another of their organ with this one."""
    if role in ("clerk", "publisher", "all"):
        for more in (each for each in ROLES if role == "all" and each not in ("clerk", "publisher")):
            make.post(theirs.colleague, more, theirs.organ)
        return theirs.colleague
    return make.user(role, theirs.organ)
