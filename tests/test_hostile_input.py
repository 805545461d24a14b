"""Whatever is sent, the answer is a page or a refusal in words: never an accident, never a script.

Where many bad values meet many addresses, each value and each address has its turn; nightly, each value meets each address.
"""

import gc
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import URLPattern, get_resolver, resolve

from banshi.search.index import rebuild
from tests import factories as make
from tests.addresses import addresses
from tests.foreign import Foreign
from tests.reading import WHOLE, fields_read
from tests.test_leaks import holder, is_refused, known, signed_in, targets, typed
from tests.work import sample

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("menu_without_figures")]

MEGABYTE = "长" * 350_000
SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
QUERIES = [
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
"""Asked of pages that read a field of it."""
VALUES = [
    *("%00", "%FF%FE%80", "%2C%22(" * 50, "长" * 50_000, "²", "__class__", "%27%3B--"),
    *("99999999999999999999", "9" * 5_000),
]
"""Given to every field a page reads."""


each_with_each = pytest.mark.parametrize(
    "every", [pytest.param(False, id="in turn"), pytest.param(True, id="each with each", marks=pytest.mark.nightly)]
)


@pytest.fixture(autouse=True)
def nothing_is_logged() -> Iterator[None]:
    """What pytest keeps of each refusal holds the whole request: megabytes, hundreds of times."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def there(theirs: Foreign) -> Foreign:
    return theirs


@pytest.fixture(
    params=["all", *(pytest.param(role, marks=pytest.mark.nightly) for role in ("", "citizen", "publisher", "admin"))]
)
def client(request: pytest.FixtureRequest, there: Foreign) -> Client:
    """One who holds every post with these items and so comes furthest; nightly, others who are turned away earlier."""
    if request.param in ("", "citizen"):
        return signed_in(there.citizen if request.param else None)
    return signed_in(holder(there, request.param))


def places(there: Foreign) -> list[str]:
    return [place for place, _shown in targets(there)]


@contextmanager
def undone() -> Iterator[None]:
    """Take back what a form did, so that it shuts no other form's door."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def accidents(client: Client, asked: Iterable[tuple[str, str, dict[str, Any]]]) -> list[str]:
    failed = []
    for method, address, more in asked:
        with undone():
            response = client.generic(method.upper(), address, **more)
            if response.streaming:
                list(response.streaming_content)
        if response.status_code >= 500:
            failed.append(f"{method} {address[:120]} answered {response.status_code}")
        # A test response holds itself and its request: without this, bodies of megabytes wait for the collector.
        vars(response).clear()
    return failed


FRAME = {"q"}
"""Read on every staff page, by the search box in its head."""


@each_with_each
def test_no_question_is_an_accident(client: Client, there: Foreign, every: bool) -> None:
    """Each page is asked once as it stands, and then with bad values in the fields its view was seen to read.

    Each day half of the views are asked about the first thing they show, and the search box in the frame on each third page."""
    read_by: dict[Any, tuple[str, list[str]]] = {}
    framed = []
    for place in sample(places(there), 2):
        if not every and resolve(place).func in read_by:
            continue
        with fields_read() as fields:
            refused = is_refused(client.get(place))
        names = [name for name in fields if name != WHOLE]
        if refused or not fields:
            continue
        if set(fields) <= FRAME:
            framed.append(place)
        elif len(names) >= len(read_by.get(resolve(place).func, ("", []))[1]):
            read_by[resolve(place).func] = place, names
    questions = []
    for turn, (place, names) in enumerate(read_by.values()):
        asked = [f"{place}?{query}" for query in QUERIES if set(names) & set(QueryDict(query))]
        questions += asked if every else asked[turn % 6 :: 6]
    values = cycle(VALUES)
    for place, names in read_by.values():
        for turn in VALUES if every else VALUES[:1]:
            given = ((name, turn if every else next(values)) for name in names)
            questions.append(f"{place}?" + "&".join(f"{quote(name)}={value}" for name, value in given))
    framed = framed if every else framed[::3]
    questions += [f"{place}?q={value}" for place in framed for value in (VALUES[:2] if every else [next(values)])]
    assert len(questions) > 50, "nobody, who sees the fewest pages, is asked 64"
    assert not accidents(client, (("get", address, {}) for address in questions))


NUMBERS = ["0", "-1", "99999999999999999999", "%00", "..%2F..%2Fetc", "长", "'--", "a" * 3000, "__class__"]


@each_with_each
def test_no_address_is_an_accident(client: Client, there: Foreign, every: bool) -> None:
    values, named = cycle(NUMBERS), [address for address in addresses() if address.names]
    asked = (
        ("get", address.filled(dict.fromkeys(address.names, value)), {})
        for address in named
        for value in (NUMBERS if every else [next(values)])
    )
    assert not accidents(client, asked)


def test_an_unknown_number_is_told_as_missing(client: Client, there: Foreign) -> None:
    unknown = "00000000-0000-7000-8000-000000000000"
    guided = [each for each in addresses() if "guid" in each.names and not each.route.startswith("/accounts/")]
    for address in guided:
        response = client.get(address.filled({**dict.fromkeys(address.names, 1), "guid": unknown}))
        assert response.status_code in (302, 401, 403, 404, 405, 429), address.route


def views(patterns: list[Any] | None = None) -> Iterator[Callable[..., Any]]:
    for each in get_resolver().url_patterns if patterns is None else patterns:
        yield from [each.callback] if isinstance(each, URLPattern) else views(each.url_patterns)


def methods_of(view: Any) -> set[str] | None:
    """Read the methods a `require_…` decorator was given, wherever it stands among the decorators."""
    while view is not None:
        names = getattr(getattr(view, "__code__", None), "co_freevars", ())
        kept = dict(zip(names, (cell.cell_contents for cell in getattr(view, "__closure__", None) or ()), strict=True))
        if "request_method_list" in kept:
            return set(kept["request_method_list"])
        view = getattr(view, "__wrapped__", None)
    return None


BY_THEMSELVES = ("allauth.", "ninja.", "functools", "django.views.generic.", "banshi.sites.api.")
"""Modules whose views look at the method: classes of views, the API's operations and its own refusals."""


def test_every_view_of_ours_says_which_methods_it_takes() -> None:
    takes = {view: methods_of(view) for view in views() if not hasattr(view, "view_class")}
    silent = [f"{v.__module__}.{v.__name__}" for v, m in takes.items() if m is None]
    assert [name for name in silent if not name.startswith(BY_THEMSELVES)] == []
    assert {method for methods in takes.values() if methods for method in methods} == {"GET", "HEAD", "POST"}


def test_no_method_is_an_accident(client: Client, there: Foreign) -> None:
    """One after another, each day on each fourth address, as decorators and frameworks refuse them for all alike."""
    methods = cycle(["put", "patch", "delete", "options", "head", "trace"])
    assert not accidents(client, ((next(methods), place, {}) for place in sample(places(there), 4)))


BODIES: list[dict[str, Any]] = [
    {"data": b"\xff\xfe\x00\x80", "content_type": "application/x-www-form-urlencoded"},
    {"data": b"name=%00%FF&stamp=%00&guide.name=%00", "content_type": "application/x-www-form-urlencoded"},
    {"data": b"{", "content_type": "application/json"},
    {"data": b"--x\r\nbroken", "content_type": "multipart/form-data; boundary=x"},
    {"data": "name=试".encode("gb18030"), "content_type": "application/x-www-form-urlencoded; charset=gb18030"},
    {"data": b"a=1", "content_type": "application/x-www-form-urlencoded; charset=none"},
]
TEXTS = ["\0", SCRIPT, "\ud800", "1e400", "-99999999999999999999"]


@each_with_each
def test_no_form_is_an_accident(client: Client, there: Foreign, every: bool) -> None:
    """Each day each third form with another of the bodies, which are refused before a view reads them."""
    bodies = cycle(BODIES)
    assert not accidents(
        client,
        (("post", place, body) for place in sample(_forms(there), 3) for body in (BODIES if every else [next(bodies)])),
    )


@each_with_each
def test_no_text_in_a_form_is_an_accident(client: Client, there: Foreign, every: bool) -> None:
    """Each second form once, each field with another of the texts; nightly, all forms and all fields with each."""
    names = [*typed(there), "q", "summary", "visits", "day", "since", "until", "file"]
    texts, form = cycle(TEXTS), "application/x-www-form-urlencoded"
    assert len(names) % len(TEXTS), "or a field would meet the same text at each form"

    def filled() -> list[dict[str, str]]:
        return [dict.fromkeys(names, text) for text in TEXTS] if every else [dict(zip(names, texts, strict=False))]

    asked = (
        ("post", place, {"data": _encoded(fields), "content_type": form})
        for place in sample(_forms(there), 2)
        for fields in filled()
    )
    assert not accidents(client, asked)


NO_TEXT = {"stamp", "confirm", "items", "revisions", "organ", "into", "to", WHOLE}
"""Fields that choose or count, which refuse a long text for what it is not."""


@each_with_each
def test_a_text_of_a_megabyte_is_no_accident(client: Client, there: Foreign, young_garbage: None, every: bool) -> None:
    """In one field that the view was seen to read: less than the size at which Django refuses the whole body unread.

    Every fourth view each day, as they all read forms by the same few functions; nightly, each of them."""
    reached, failed = 0, []
    for place in list({resolve(place).func: place for place in _forms(there)}.values())[:: 1 if every else 4]:
        with undone(), fields_read() as fields:
            client.post(place, typed(there))
        texts = [name for name in fields if name not in NO_TEXT]
        if not texts:
            continue
        name = next((name for name in texts if name in typed(there)), texts[0])
        with fields_read() as fields:
            data = encode_multipart(BOUNDARY, {**typed(there), name: MEGABYTE})
            failed += accidents(client, [("post", place, {"data": data, "content_type": MULTIPART_CONTENT})])
        reached += name in fields
        gc.collect()
    assert not failed
    assert reached > (100 if every else 25)


@pytest.fixture
def young_garbage() -> None:
    """Let a collection look only at what came since, as one after each request is wanted."""
    gc.collect()
    gc.freeze()


def _forms(there: Foreign) -> list[str]:
    """Where something may be sent; the API takes nothing, and who signs out sends no more."""
    takers = (place for place in places(there) if not place.startswith(("/accounts/logout", "/api/")))
    return [place for place in takers if "POST" in (methods_of(resolve(place).func) or {"POST"})]


def _encoded(fields: dict[str, Any]) -> str:
    return "&".join(f"{name}={_quoted(str(text))}" for name, text in fields.items())


@cache
def _quoted(text: str) -> str:
    return quote(text, errors="surrogatepass")


@each_with_each
def test_a_script_in_names_is_only_text_on_every_page(
    client: Client, there: Foreign, settings: Any, tmp_path: Path, every: bool
) -> None:
    """Asked as it stands and then for the script: of what only the search box in the frame reads, the box itself once.

    Each day every second page."""
    settings.SEARCH_INDEX = tmp_path / "index"
    give_scripts(there)
    rebuild()
    pages, framed = 0, 0
    for place in sample(places(there), 2):
        with fields_read() as fields:
            answers = [client.get(place)]
        if fields and not is_refused(answers[0]):
            framed += set(fields) <= FRAME
            if every or not set(fields) <= FRAME or framed == 1:
                asked = ("script", SCRIPT) if every or framed == 1 else ("script", SCRIPT)[place.count("/") % 2 :][:1]
                answers += [client.get(f"{place}?{urlencode({'q': text})}") for text in asked]
        for response in answers:
            if "html" in response.get("Content-Type", "") or "svg" in response.get("Content-Type", ""):
                pages += 1
                body = b"".join(response.streaming_content) if response.streaming else response.content
                assert b"<script>alert" not in body, place
                assert b"<img src=x" not in body, place
    assert framed > 5
    assert pages > 150


def give_scripts(there: Foreign) -> None:
    """Every name of their things a script."""
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


def test_every_address_is_among_those_tried() -> None:
    assert [address.route for address in addresses() if known(address) is None] == []
