"""Whatever is sent, the answer is a page or a refusal in words: never an accident, never a script."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from banshi.search.index import rebuild
from tests import factories as make
from tests.addresses import addresses
from tests.foreign import Foreign, foreign
from tests.test_leaks import known, read, signed_in, targets, typed

pytestmark = pytest.mark.django_db

MEGABYTE = "长" * 350_000
SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
QUERIES = [
    "q=%00",
    "q=%FF%FE%80",
    "q=" + "%2C%22(" * 50,
    "q=" + "长" * 5_000,
    "page=99999999999999999999",
    "page=-1",
    "page=x",
    "after=-1",
    "after=99999999999999999999999",
    "before=zz",
    "organ=x&division=%00&category=%27%3B--&level=99&audience=9&online=2&state=none",
    "organ=99999999999999999999&old=99999999999&new=-5",
    "old=x&new=%00",
    "sort=__class__&order=password",
    "q=a&q=b&q[]=c",
]


@pytest.fixture(autouse=True)
def nothing_is_logged() -> Iterator[None]:
    """What pytest keeps of each refusal holds the whole request: megabytes, hundreds of times."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def there(settings: Any) -> Foreign:
    settings.API_REQUESTS_PER_MINUTE = 0
    everything = foreign()
    rebuild()
    return everything


@pytest.fixture(params=["", "publisher", "admin"])
def client(request: pytest.FixtureRequest, there: Foreign) -> Client:
    """Nobody, one who may do most things with these items, and one who may manage the rest."""
    who = {"": None, "publisher": there.colleague, "admin": make.user("admin", there.organ)}[request.param]
    return signed_in(who)


def places(there: Foreign) -> list[str]:
    return [place for place, _shown in targets(there)]


def accidents(client: Client, asked: Iterator[tuple[str, str, dict[str, Any]]]) -> list[str]:
    failed = []
    for method, address, more in asked:
        response = client.generic(method.upper(), address, **more)
        read(response)
        if response.status_code >= 500:
            failed.append(f"{method} {address[:120]} answered {response.status_code}")
    return failed


REFUSED_AT_ONCE = 3
"""A page that is refused whatever is asked does not read the question; a few are tried all the same."""


def test_no_question_is_an_accident(client: Client, there: Foreign) -> None:
    asked = (
        ("get", f"{place}?{query}", {})
        for place in places(there)
        for query in (QUERIES if client.get(place).status_code == 200 else QUERIES[:REFUSED_AT_ONCE])
    )
    assert not accidents(client, asked)


@pytest.mark.parametrize("value", ["0", "-1", "99999999999999999999", "%00", "..%2F..%2Fetc", "长", "'--", "a" * 3000])
def test_no_address_is_an_accident(client: Client, there: Foreign, value: str) -> None:
    asked = (
        ("get", address.filled(dict.fromkeys(address.names, value)), {}) for address in addresses() if address.names
    )
    assert not accidents(client, asked)


def test_an_unknown_number_is_told_as_missing(client: Client, there: Foreign) -> None:
    unknown = "00000000-0000-7000-8000-000000000000"
    guided = [each for each in addresses() if "guid" in each.names and not each.route.startswith("/accounts/")]
    for address in guided:
        response = client.get(address.filled({**dict.fromkeys(address.names, 1), "guid": unknown}))
        assert response.status_code in (302, 403, 404, 405, 429), address.route


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "head", "trace"])
def test_no_method_is_an_accident(client: Client, there: Foreign, method: str) -> None:
    assert not accidents(client, ((method, place, {}) for place in places(there)))


@pytest.mark.parametrize(
    "body",
    [
        {"data": b"\xff\xfe\x00\x80", "content_type": "application/x-www-form-urlencoded"},
        {"data": b"name=%00%FF&stamp=%00&guide.name=%00", "content_type": "application/x-www-form-urlencoded"},
        {"data": b"{", "content_type": "application/json"},
        {"data": b"--x\r\nbroken", "content_type": "multipart/form-data; boundary=x"},
        {"data": "name=试".encode("gb18030"), "content_type": "application/x-www-form-urlencoded; charset=gb18030"},
        {"data": b"a=1", "content_type": "application/x-www-form-urlencoded; charset=none"},
    ],
    ids=["bytes", "nul", "json", "multipart", "gb18030", "no such charset"],
)
def test_no_form_is_an_accident(client: Client, there: Foreign, body: dict[str, Any]) -> None:
    assert not accidents(client, (("post", place, body) for place in _forms(there)))


@pytest.mark.parametrize("text", [MEGABYTE, "\0", SCRIPT, "\ud800", "1e400", "-99999999999999999999"], ids=repr)
def test_no_text_in_a_form_is_an_accident(client: Client, there: Foreign, text: str) -> None:
    fields = dict.fromkeys([*typed(there), "q", "summary", "visits", "day", "since", "until", "file"], text)
    body = {
        "data": "&".join(f"{name}={_quoted(text)}" for name in fields),
        "content_type": "application/x-www-form-urlencoded",
    }
    assert not accidents(client, (("post", place, body) for place in _forms(there)))


def _forms(there: Foreign) -> list[str]:
    """Where something may be sent; the API takes nothing, and who signs out sends no more."""
    return [place for place in places(there) if not place.startswith(("/accounts/logout", "/api/"))]


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text, errors="surrogatepass")


@pytest.mark.parametrize("role", ["", "publisher", "admin"])
def test_a_script_in_names_is_only_text_on_every_page(settings: Any, role: str) -> None:
    settings.API_REQUESTS_PER_MINUTE = 0
    there = scripted()
    rebuild()
    signed = signed_in(there.colleague if role == "publisher" else make.user(role, there.organ) if role else None)
    pages = 0
    for place, _shown in targets(there):
        for query in ("", "?q=script", f"?q={_quoted(SCRIPT)}"):
            response = signed.get(place + query)
            if "html" in response.get("Content-Type", "") or "svg" in response.get("Content-Type", ""):
                pages += 1
                text = read(response)
                assert "<script>alert" not in response.content.decode(), place
                assert "<img src=x" not in response.content.decode(), place
                assert text
    assert pages > 10


def scripted() -> Foreign:
    """Their things again, every name a script."""
    there = foreign()
    rows: list[tuple[Any, dict[str, str]]] = [
        (there.organ, {"name": SCRIPT, "short_name": SCRIPT[:60], "address": SCRIPT, "phone": SCRIPT[:60]}),
        (there.colleague, {"full_name": SCRIPT[:60]}),
        (there.category, {"name": SCRIPT[:30], "hint": SCRIPT}),
        (there.event, {"name": SCRIPT[:30], "hint": SCRIPT}),
        (there.notice, {"title": SCRIPT, "body": SCRIPT}),
        (there.reference, {"name": SCRIPT, "field": SCRIPT[:60]}),
        (there.organ.division, {"name": SCRIPT[:60]}),
        (there.file, {"name": SCRIPT}),
    ]
    for row, names in rows:
        type(row)._default_manager.filter(pk=row.pk).update(**names)
    make.publication(of=there.draft, text=make.guide(SCRIPT, summary=SCRIPT, undertaker=SCRIPT, aliases=[SCRIPT]))
    return there


def test_every_address_is_among_those_tried() -> None:
    assert [address.route for address in addresses() if known(address) is None] == []
