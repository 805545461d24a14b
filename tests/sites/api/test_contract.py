"""The API keeps what its OpenAPI document promises, for whatever is asked (schemathesis)."""

import json
import os
import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.pytest.lazy import get_all_tests
from schemathesis.specs.openapi.checks import ignored_auth, negative_data_rejection, positive_data_acceptance
from tests import factories as make
from tests.cases.hall import hall, open_tasks, submitted
from tests.factories.bundles import bundle
from tests.foreign import citizen
from tests.handout.test_hand_out import shelved
from tests.reception.counter import NAME, NUMBER
from tests.sites.api.test_hall import signed_in
from tests.sites.api.test_handling import system_of
from tests.window.hall import town
from tests.work import examples

from banshi.clients.scopes import scopes_of_systems
from banshi.config.wsgi import application
from banshi.core.clock import now, stopped_at
from banshi.search.index import rebuild

EXAMPLES = examples(30, 5)
PLAIN = {"Accept-Encoding": "identity"}
"""The checks read bodies as they come."""


def each_operation(
    subtests: pytest.Subtests, check: Callable[..., None], path: str = "", number: int = EXAMPLES, **given: Any
) -> None:
    """Check every operation of a path with generated requests. Described within the test: by one worker, not by each that collects,
    and with one catalogue for all operations."""
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application).include(path_regex=path)
    described.config.phases.coverage.enabled = bool(os.environ.get("BANSHI_TEST_ALL"))  # bounds of each value: nightly
    asked = settings(max_examples=number, deadline=None, suppress_health_check=list(HealthCheck))
    tests = [each.ok() for each in get_all_tests(schema=described, test_func=check, settings=asked, given_kwargs={})]
    assert tests
    for operation, test in tests:
        with subtests.test(operation.label):
            test(**given)


@pytest.fixture(autouse=True)
def without_rate_limit(settings: Any, catalogue: SimpleNamespace) -> None:
    settings.API_REQUESTS_PER_MINUTE = 0
    rebuild()


@pytest.fixture(autouse=True)
def with_the_connection_of_the_test() -> Iterator[None]:
    """As Django's own test client does: a request may not end the test's transaction by closing its connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_every_answer_is_as_described(subtests: pytest.Subtests) -> None:
    def check(case: Any) -> None:
        case.call_and_validate(headers=PLAIN)

    each_operation(subtests, check)


def test_every_answer_about_a_real_item_to_one_signed_in_is_as_described(
    subtests: pytest.Subtests, client: Client, catalogue: SimpleNamespace
) -> None:
    clerk = make.user("api", catalogue.item.organ)

    def check(case: Any) -> None:
        client.force_login(clerk)
        case.path_parameters["guid"] = str(catalogue.item.guid)
        # What was drawn as a wrong number of an item is a right one now, and so is answered.
        session = {"sessionid": client.cookies["sessionid"].value}
        case.call_and_validate(headers=PLAIN, cookies=session, excluded_checks=[negative_data_rejection])

    each_operation(subtests, check, "guid")


@pytest.fixture
def handled(with_the_connection_of_the_test: None) -> SimpleNamespace:
    """A case, a step of it, and the headers of the system of its organ."""
    of = hall()
    case = submitted(of, now())
    headers = system_of(of.bureau).headers
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)  # which the test client connected again
    return SimpleNamespace(number=case.number, id=open_tasks(case)[0].pk, headers=headers)


def test_every_answer_to_the_system_of_an_organ_is_as_described(
    subtests: pytest.Subtests, handled: SimpleNamespace
) -> None:
    def check(case: Any) -> None:
        for name in set(case.path_parameters) & {"number", "id"}:
            case.path_parameters[name] = getattr(handled, name)
        # A right request may be refused by the law: an act that is not possible yet, a reason left out.
        excluded = [negative_data_rejection, positive_data_acceptance, ignored_auth]
        case.call_and_validate(headers={**PLAIN, **handled.headers}, excluded_checks=excluded)

    each_operation(subtests, check, "/(cases|tasks|case-events|me|applications)")


@pytest.fixture
def window_open(with_the_connection_of_the_test: None) -> Iterator[SimpleNamespace]:
    """A hall in hours with a number taken, a question, a place booked, a bundle and receptions begun, a result on the shelf.

    Headers of its system, which may do whatever a system may, and sessions of a clerk and a person.
    """
    of = hall()
    built = town(of.bureau)
    with stopped_at(built.later()):
        clerk, person = built.clerks[0], citizen("林小例")
        built.sits()
        item = make.publication(of=make.item(built.hall.organ)).item
        asking = signed_in(clerk)
        question = asking.post("/questions", {"hall": "center", "text": "医保在哪里办"})
        booking = signed_in(person)
        free = booking.get(f"/items/{item.guid}/appointment-places?hall=center")["half_days"][1]
        told = {"item": str(item.guid), "hall": "center", "day": free["day"], "half": free["half"]}
        booked = booking.post("/appointments", told)
        card = {"number": NUMBER, "name": NAME}
        bundle(of.bureau)
        begun = booking.post("/bundles/both/submissions", {"answers": {}})
        reception = asking.post("/receptions", {"item": str(of.item.guid), **card})
        together = asking.post("/bundle-receptions", {"bundle": "both", **card})
        system = system_of(built.hall.organ, [str(each) for each in scopes_of_systems()])
        for signal in (request_started, request_finished):
            signal.disconnect(close_old_connections)
        yield SimpleNamespace(
            headers=system.headers,
            sessions=[each.browser.cookies["sessionid"].value for each in (asking, booking)],
            ids={
                "/halls": {"code": "center"},
                "/tickets": {"ticket": str(built.ticket().guid)},
                "/counters": {"id": built.counters[0].pk},
                "/questions": {"id": question["id"]},
                "/items": {"guid": str(item.guid)},
                "/appointments": {"id": booked["guid"]},
                "/bundles": {"code": "both"},
                "/bundle-submissions": {"guid": begun["guid"], "slug": begun["materials"][0]["slug"]},
                "/receptions": {"reception": reception["guid"], "position": 0},
                "/bundle-receptions": {"reception": together["guid"], "slug": begun["materials"][0]["slug"]},
                "/hand-outs": {"id": shelved(of).pk},
            },
        )


@pytest.mark.nightly
@pytest.mark.parametrize("who", ["system", "clerk", "person"])
def test_every_answer_of_the_hall_is_as_described(
    subtests: pytest.Subtests, who: str, window_open: SimpleNamespace
) -> None:
    cookies = {"clerk": {"sessionid": window_open.sessions[0]}, "person": {"sessionid": window_open.sessions[1]}}
    headers = {**PLAIN, **(window_open.headers if who == "system" else {})}

    def check(case: Any) -> None:
        for start, ids in window_open.ids.items():
            if case.operation.path.startswith(f"/api/v1{start}"):
                case.path_parameters.update({name: ids[name] for name in set(case.path_parameters) & set(ids)})
        excluded = [negative_data_rejection, positive_data_acceptance, ignored_auth]
        case.call_and_validate(headers=headers, cookies=cookies.get(who, {}), excluded_checks=excluded)

    ours = "/(halls|tickets|counters|questions|appointment|receptions|hand-out|bundle|mandates|home-visits)"
    each_operation(subtests, check, ours, EXAMPLES // 2)


def test_the_description_uses_no_word_of_its_own_and_refers_to_all_it_defines(client: Client) -> None:
    text = client.get("/api/v1/openapi.json").content.decode()
    described = json.loads(text)
    for name, schema in described["components"]["schemas"].items():
        assert f'"#/components/schemas/{name}"' in text, name
        for element, told in schema.get("properties", {}).items():
            own = {key for key in told if key == "banshi"}
            assert not own, (name, element)
    assert described["servers"] and described["info"]["license"] and described["info"]["contact"]
    declared = {tag["name"] for tag in described["tags"] if tag["description"]}
    for path, methods in described["paths"].items():
        for operation in methods.values():
            assert operation["description"] and set(operation["tags"]) <= declared, path


def test_each_write_is_described_with_its_idempotency_key_and_a_body_nobody_can_read_is_told(client: Client) -> None:
    described = client.get("/api/v1/openapi.json").json()
    without = [
        (method, path)
        for path, methods in described["paths"].items()
        for method, one in methods.items()
        if method != "get" and "Idempotency-Key" not in [each["name"] for each in one.get("parameters", ())]
    ]
    assert without == [("post", "/api/v1/cases/{number}/applicant")], "a look, which is one each time"
    client.force_login(make.user(), backend="allauth.account.auth_backends.AuthenticationBackend")
    refused = client.post("/api/v1/applications", "{", content_type="application/json")
    assert refused.status_code == 400 and "读不懂" in refused.json()["detail"] and "JSON" in refused.json()["remedy"]


def test_the_description_says_that_a_question_holds_no_nul(client: Client) -> None:
    described = client.get("/api/v1/openapi.json").json()
    asked = {each["name"]: each["schema"] for each in described["paths"]["/api/v1/search"]["get"]["parameters"]}
    assert re.fullmatch(asked["q"]["pattern"], "办 理") and not re.fullmatch(asked["q"]["pattern"], "办\x00理")
    assert client.get("/api/v1/search", {"q": "办\x00理"}).status_code == 422
