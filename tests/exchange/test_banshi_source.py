"""One banshi asks another by its gateway, as a source: under the grant there, for the case and clerk here."""

from base64 import urlsafe_b64encode
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client as Browser

from banshi.core.clock import now
from banshi.exchange.actions import revoke_grant
from banshi.exchange.models import CallRecord
from banshi.exchange.sources import Look, NotAsDeclared, Source, StructureChanged
from banshi.exchange.sources.base import source_at
from tests.cases.hall import moment
from tests.exchange.office import PEOPLE, granted, office
from tests.exchange.test_gateway import PRIVATE, System, last, system_of

pytestmark = pytest.mark.django_db
NAME, NUMBER, BIRTH, ADDRESS, *_ = PEOPLE[0]


@pytest.fixture
def there(tmp_path: Path) -> System:
    of = office(tmp_path)
    grant = granted(of, moment("03-02"), fields=("name", "address"), unmasked=("address",), verify_only=False)
    return system_of(of, grant, at=moment("03-01"), until=moment("12-31"))


@pytest.fixture
def source(there: System, monkeypatch: pytest.MonkeyPatch) -> Source:
    def call(_: object, method: str, url: str, **more: Any) -> Any:
        path = url.removeprefix("http://testserver")
        assert urlsplit(url).netloc == "testserver" and more["every_status"]
        answer: Any = Browser().generic(method, path, more["data"] or b"", headers=more["headers"])
        return SimpleNamespace(status_code=answer.status_code, headers=dict(answer.items()), content=answer.content)

    monkeypatch.setattr("banshi.connectors.banshi_source.connector.call", call)
    raw = urlsafe_b64encode(PRIVATE.private_bytes_raw()).decode().rstrip("=")
    table = f"hjrk={there.grant.pk}:GA-RK-001"
    return source_at("banshi", f"http://{there.key.keyid}:{raw}@testserver?item={there.of.of.item.guid}&{table}")


def look(*columns: str, number: str = NUMBER) -> Look:
    return Look("hjrk", columns, {"number": number}, {}, 3.0, 10, case="取水〔2026〕17号", clerk="孙办理")


def test_the_granted_columns_come_and_the_log_there_names_case_and_clerk(there: System, source: Source) -> None:
    assert source.look_up(look("address")) == [{"address": ADDRESS}]
    call = last()
    assert (call.kind, call.fields, call.outcome, call.grant) == ("look_up", ["address"], "answered", there.grant)
    assert call.purpose_number == "取水〔2026〕17号" and call.clerk.endswith("/孙办理")
    assert source.look_up(look("address", number="990100199901010011")) == []


def test_what_is_masked_there_or_beyond_the_grant_is_said(there: System, source: Source) -> None:
    with pytest.raises(NotAsDeclared, match="name是打码的"):
        source.look_up(look("name"))
    for asked in (lambda: source.look_up(look("birth_date")), lambda: source.check("hjrk", ["address", "birth_date"])):
        with pytest.raises(StructureChanged, match="没有birth_date"):
            asked()
    source.check("hjrk", ["address"])


def test_a_grant_revoked_there_ends_at_once(there: System, source: Source) -> None:
    assert source.look_up(look("address"))
    revoke_grant(there.grant, reason="不再需要", by=there.of.steward, at=now())
    with pytest.raises(NotAsDeclared, match="已经收回"):
        source.look_up(look("address"))
    assert [each.outcome for each in CallRecord.objects.order_by("number")] == ["answered", "refused"]
