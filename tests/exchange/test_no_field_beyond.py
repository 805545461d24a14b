"""Every role on every page and export of sharing: nothing of the register but what a grant gives, and that by the grant alone."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from banshi.access import roles
from banshi.exchange.actions import look_up, measure_resource, search_calls, verify
from banshi.exchange.actions.auditing import CallCriteria
from banshi.exchange.models import CallSearch
from banshi.people.models import User
from tests import factories as make
from tests.exchange.office import PEOPLE, Office, case_in_hand, granted, office
from tests.sites.workbench.test_sharing import as_

pytestmark = pytest.mark.django_db
IN_REGISTER = {text for row in PEOPLE for text in row if text != "正常"}
OF_THE_CASE = {"林小例", "530102199003071211"}
"""What the applicant wrote, which whoever handles the case reads there."""


@pytest.fixture
def of(tmp_path: Path) -> Office:
    """A register that was verified, looked up, measured and searched for, so that every page has something to show."""
    made, at = office(tmp_path), timezone.now()
    case, grant = case_in_hand(made, at), granted(made, at, fields=("name", "address"), verify_only=False)
    matter: dict[str, Any] = {"kind": "case", "key": case.pk, "role": "申请人", "by": made.of.handler, "at": at}
    verify(grant, claims={"address": "例山镇"}, **matter)
    assert look_up(grant, **matter).rows == [{"name": "林*例", "address": "示例市东样县***"}]
    measure_resource(made.resource, by=made.steward, at=at)
    search_calls(CallCriteria(), reason="抽查", by=made.authority, at=at)
    return made


def pages(of: Office) -> Iterator[str]:
    request = of.resource.requests.get()
    case = of.of.item.cases.get()
    yield from ("/work/data/", "/work/data/catalogue.xlsx", "/work/data/requests/", "/work/data/calls/", "/work/")
    yield from (f"/work/data/{of.resource.pk}/", f"/work/data/requests/{request.pk}/", "/work/data/corrections/")
    yield from (f"/work/cases/{case.pk}/checks/", "/console/exchange/", "/console/exchange/searches/")
    yield from (search_of(of), "/console/exchange/anomalies/", "/open-data/resources.jsonld")
    yield from ("/work/data/demands/", "/work/data/lists/duties/", "/work/data/lists/refused/")
    yield from (f"/work/data/lists/{each}.xlsx" for each in ("demands", "duties", "refused"))


def search_of(of: Office) -> str:
    """Of its maker alone."""
    return f"/console/exchange/searches/{CallSearch.objects.get().pk}/"


def read(who: User, address: str) -> tuple[int, str]:
    response: Any = as_(who).get(address)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            return response.status_code, "".join(book.read(each).decode() for each in book.namelist())
    return response.status_code, body.decode()


@pytest.mark.nightly
def test_no_role_reads_the_register_on_any_page_or_export(of: Office) -> None:
    seen = dict.fromkeys(pages(of), 0)
    whoever = [(role, of.of.bureau if place % 2 else of.police) for place, role in enumerate(sorted(roles()))]
    for role, organ in [
        *whoever,
        ("data_steward", of.police),
        ("data_steward", of.of.bureau),
        ("handler", of.of.bureau),
    ]:
        who = make.user(role, organ)
        for address in seen:
            status, text = read(who, address)
            beyond = {each for each in IN_REGISTER - OF_THE_CASE if each in text}
            assert not beyond, (role, organ, address, beyond)
            seen[address] += status == 200
    assert {address for address, count in seen.items() if not count} == {search_of(of)}
    assert "户籍人口登记信息" in read(of.authority, search_of(of))[1]
