"""The gateway: who signed may ask what its organ was granted, for a matter, once; everything else is refused and recorded."""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any
from unittest.mock import Mock
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import connection
from django.db.models.sql.compiler import SQLCompiler
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from banshi.clients.actions import end_client, register_system
from banshi.clients.models import Client
from banshi.core.clock import stopped_at
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.exchange import gateway
from banshi.exchange.actions import register_key, revoke_grant, revoke_key, using
from banshi.exchange.actions.registering import SM2_FRAME
from banshi.exchange.declarations import declared_resources
from banshi.exchange.gateway import BOUND, own_public_key
from banshi.exchange.models import CallerKey, CallRecord, Grant, GrantDay, Resource, UsedNonce
from banshi.exchange.signatures import (
    BadSignature,
    HttpMessage,
    PrivateKey,
    PublicKey,
    SharedSecret,
    SigningKey,
    Sm2PrivateKey,
    content_digest,
    read_signature,
    sign,
    verify,
)
from banshi.exchange.tasks import forget_nonces
from tests import factories as make
from tests.cases.hall import moment
from tests.exchange.office import PEOPLE, Office, case_in_hand, granted, office
from tests.exchange.test_signatures import SM2_PRIVATE, SM2_PUBLIC

pytestmark = pytest.mark.django_db
AT = moment("03-03")
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = b64encode(PRIVATE.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
NAME, NUMBER, _, ADDRESS, *_ = PEOPLE[0]
COVERED = ("@method", "@target-uri", "content-digest", *BOUND)


@dataclass
class System:
    """The bureau's own system, with a key and a grant."""

    of: Office
    client: Client
    key: CallerKey
    grant: Grant
    signs: SigningKey = field(default_factory=lambda: PrivateKey(PRIVATE))

    def headers(self, body: bytes, path: str, **more: Any) -> dict[str, str]:
        given = {
            "item": str(self.of.of.item.guid),
            "case": "本系统-17",
            "clerk": "孙办理 E1023",
            "grant": self.grant.pk,
        }
        given |= {name: value for name, value in more.items() if name in given}
        bound = dict(zip(BOUND, (quote(str(each)) for each in given.values()), strict=True))
        sent = {"content-type": "application/json", "content-digest": content_digest(body), **bound}
        moment_ = int((more.get("at") or AT).timestamp())
        signed = sign(
            HttpMessage(sent, "POST", f"http://testserver{path}"),
            more.get("covered", COVERED),
            self.signs,
            keyid=more.get("keyid", self.key.keyid),
            created=moment_,
            nonce=more.get("nonce", token_hex(12)),
        )
        return {**sent, **signed}

    def call(self, kind: str = "verifications", data: Any = None, **more: Any) -> Any:
        asked = data if data is not None else {"person": {"number": NUMBER}, "claims": {"address": ADDRESS}}
        path = f"/exchange/v1/resources/{more.get('resource', 'GA-RK-001')}/{kind}"
        body = json.dumps(asked, ensure_ascii=False).encode()
        headers = {**self.headers(body, path, **more), **more.get("sent", {})}
        return self.post(path, more.get("arrived", body), headers, at=more.get("received", AT))

    def post(self, path: str, body: bytes, headers: dict[str, str], at: Any = AT) -> Any:
        with stopped_at(at):
            return Browser().generic("POST", path, body, content_type="application/json", headers=headers)


@pytest.fixture
def of(tmp_path: Path) -> Office:
    return office(tmp_path)


@pytest.fixture
def system(of: Office) -> System:
    return system_of(of, granted(of, moment("03-02"), verify_only=False), at=moment("03-01"), until=moment("12-31"))


def system_of(of: Office, grant: Grant, *, at: datetime, until: datetime) -> System:
    client, _ = register_system(of.of.bureau, name="水利审批系统", permissions=["exchange.use"], by=make.TESTS, at=at)
    key = register_key(client, algorithm="ed25519", public=PUBLIC, until=until, by=make.TESTS, at=at).key
    return System(of, client, key, grant)


def last() -> CallRecord:
    return CallRecord.objects.latest("number")


def refused(answer: Any, status: int, words: str) -> dict[str, Any]:
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), answer.content.decode()
    told: dict[str, Any] = answer.json()
    assert words in told["detail"] and told["remedy"]
    return told


def test_a_signed_call_is_verified_and_recorded_for_its_matter(system: System) -> None:
    answer = system.call()
    assert answer.status_code == 200, answer.content.decode()
    call = last()
    assert answer.json() == {"outcome": "match", "items": {"address": "match"}, "call": call.number}
    assert (call.grant, call.organ, call.item) == (system.grant, system.of.of.bureau, system.of.of.item)
    assert (call.purpose_number, call.outcome) == ("本系统-17", "match")
    assert call.clerk == f"{system.client.ledger_id}/孙办理 E1023" and "孙办理 E1023" in call.clerk_name
    assert NUMBER not in str(vars(call)) and answer["Cache-Control"] == "no-store"


def test_a_code_of_the_national_catalogue_has_a_slash(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    code, declared = "307010100001/000001", declared_resources()["GA-RK-001"]
    Resource.objects.filter(code="GA-RK-001").update(code=code)
    with_slash = {code: declared.model_copy(update={"code": code})}
    for module in (gateway, using):
        monkeypatch.setattr(module, "declared_resources", lambda: with_slash)
    assert system.call(resource=code).json()["outcome"] == "match"
    assert resolve(f"/exchange/v1/resources/{code}").view_name == "exchange_resource"
    assert resolve(f"/exchange/v1/resources/{code}/batches/7").kwargs == {"code": code, "number": 7}


def test_the_answer_is_signed_and_bound_to_its_request(system: System) -> None:
    path, body = (
        "/exchange/v1/resources/GA-RK-001/verifications",
        b'{"person": {"number": "1"}, "claims": {"name": "x"}}',
    )
    headers = system.headers(body, path)
    answer = system.post(path, body, headers)
    told = {name.lower(): value for name, value in answer.items()}
    request = HttpMessage(headers, "POST", f"http://testserver{path}")
    given, (keyid, public) = read_signature(told), own_public_key()
    assert given.keyid == keyid and told["content-digest"] == content_digest(answer.content)
    verify(HttpMessage(told, status=answer.status_code, request=request), given, PublicKey(public))
    other = HttpMessage(system.headers(body, path, nonce="other"), "POST", request.uri)
    with pytest.raises(BadSignature):
        verify(HttpMessage(told, status=answer.status_code, request=other), given, PublicKey(public))
    assert Browser().get("/exchange/v1/keys").json()["keys"][0]["kid"] == keyid


@pytest.mark.parametrize("algorithm", ["hmac-sha256", "hmac-sm3"])
def test_a_shared_secret_signs_both_ways(system: System, algorithm: str) -> None:
    made = register_key(system.client, algorithm=algorithm, until=moment("12-31"), by=make.TESTS, at=moment("03-01"))
    system.key, system.signs = made.key, SharedSecret(b64decode(made.secret), algorithm)
    answer = system.call()
    assert answer.status_code == 200 and f'keyid="{made.key.keyid}"' in answer["Signature-Input"]
    assert made.secret.encode() not in bytes(made.key.secret_sealed)


def test_an_sm2_key_signs_calls_as_the_national_standard_has_it(system: System) -> None:
    given = {"algorithm": "sm2", "until": moment("12-31"), "by": make.TESTS, "at": moment("03-01")}
    for unreadable in (PUBLIC, b64encode(bytes(64)).decode(), b64encode(SM2_PUBLIC[:-1] + b"\0").decode(), "不是"):
        with pytest.raises(BadInput, match="密钥没有登记"):
            register_key(system.client, public=unreadable, **given)
    system.key = register_key(system.client, public=b64encode(SM2_FRAME + b"\4" + SM2_PUBLIC).decode(), **given).key
    assert b64decode(system.key.public) == SM2_PUBLIC
    system.signs = Sm2PrivateKey(SM2_PRIVATE, SM2_PUBLIC)
    assert system.call().json()["outcome"] == "match"
    refused(system.call(sent={"exchange-case": "other"}), 401, "对不上")


def test_a_record_has_the_granted_fields_masked_by_their_level(system: System) -> None:
    answer = system.call("records", {"person": {"number": NUMBER}})
    [row] = answer.json()["rows"]
    assert row == {"name": "林*例", "number": "5301**********1211", "address": "示例市东样县***"}
    Grant.objects.update(unmasked=["name"])
    assert system.call("records", {"person": {"number": NUMBER}}).json()["rows"][0]["name"] == NAME
    Grant.objects.update(verify_only=True)
    refused(system.call("records", {"person": {"number": NUMBER}}), 403, "只能核验")


def test_no_field_beyond_the_grant(system: System) -> None:
    refused(system.call(data={"person": {"number": NUMBER}, "claims": {"status": "正常"}}), 403, "超出了授权的信息项")
    assert (last().grant, last().outcome) == (system.grant, "refused")


TAMPERED: dict[str, tuple[dict[str, Any], int, str]] = {
    "body": ({"arrived": json.dumps({"person": {"number": PEOPLE[1][1]}, "claims": {}}).encode()}, 401, "对不上"),
    "case": ({"sent": {"exchange-case": "other"}}, 401, "对不上"),
    "clerk": ({"sent": {"exchange-clerk": "other"}}, 401, "对不上"),
    "digest": ({"sent": {"content-digest": content_digest(b"x")}}, 401, "对不上"),
    "uncovered": ({"covered": COVERED[:-1]}, 401, "没有覆盖"),
    "old": ({"received": AT + timedelta(minutes=5, seconds=1)}, 401, "相差超过5分钟"),
    "early": ({"received": AT - timedelta(minutes=5, seconds=1)}, 401, "相差超过5分钟"),
    "nonce": ({"nonce": ""}, 401, "nonce"),
    "expired key": ({"at": moment("2027-01-01"), "received": moment("2027-01-01")}, 401, "收回或到期"),
    "no case": ({"case": ""}, 422, "exchange-case"),
    "no clerk": ({"clerk": ""}, 422, "exchange-clerk"),
    "another grant": ({"grant": 999999}, 404, "没有这个资源的这项授权"),
    "no number": ({"grant": "²"}, 404, "没有这个资源的这项授权"),
    "another resource": ({"resource": "GA-RK-999"}, 404, "没有这个资源的这项授权"),
    "another item": ({"item": "NO-SUCH"}, 404, "没有这个事项"),
    "no person": ({"data": {"claims": {"name": "x"}}}, 422, "读不懂"),
    "more than asked": ({"data": {"person": {"number": "1"}, "claims": {}, "all": True}}, 422, "读不懂"),
    "number that is none": ({"data": {"person": {"number": "53\0"}, "claims": {"name": "x"}}}, 422, "读不懂"),
    "key that is none": ({"data": {"person": {"number": NUMBER}, "claims": {"na\0me": "x"}}}, 422, "读不懂"),
    "claim without end": ({"data": {"person": {"number": NUMBER}, "claims": {"name": "x" * 5000}}}, 422, "读不懂"),
    "nothing claimed": ({"data": {"person": {"number": NUMBER}}}, 422, "没有写要核对的内容"),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_what_was_not_signed_so_is_refused_and_recorded(system: System, name: str) -> None:
    how, status, words = TAMPERED[name]
    refused(system.call(**how), status, words)
    assert (last().outcome, last().organ, CallRecord.objects.count()) == ("refused", system.of.of.bureau, 1)


def test_a_call_is_answered_once(system: System) -> None:
    path, body = (
        "/exchange/v1/resources/GA-RK-001/verifications",
        b'{"person": {"number": "1"}, "claims": {"name": "x"}}',
    )
    headers = system.headers(body, path)
    assert system.post(path, body, headers).status_code == 200
    refused(system.post(path, body, headers), 401, "不能重放")
    assert list(CallRecord.objects.values_list("outcome", flat=True)) == ["none", "refused"]
    forget_nonces.func((AT + timedelta(minutes=10)).isoformat())
    assert UsedNonce.objects.exists(), "not while its signature could pass"
    forget_nonces.func((AT + timedelta(minutes=16)).isoformat())
    assert not UsedNonce.objects.exists()


VERIFICATIONS = "/exchange/v1/resources/GA-RK-001/verifications"
CLAIMED = json.dumps({"person": {"number": NUMBER}, "claims": {"address": ADDRESS}}, ensure_ascii=False).encode()


def test_of_the_same_call_twice_at_once_one_is_answered(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second comes while the first asks the source, so that neither finds the nonce used when it is let in."""
    headers, ask, others = system.headers(CLAIMED, VERIFICATIONS), using.ask, list[Any]()

    def ask_beside(*args: Any, **kwargs: Any) -> Any:
        if not others:
            others.append(None)
            others.append(system.post(VERIFICATIONS, CLAIMED, headers))
        return ask(*args, **kwargs)

    monkeypatch.setattr(using, "ask", ask_beside)
    refused(system.post(VERIFICATIONS, CLAIMED, headers), 401, "不能重放")
    assert others[1].status_code == 200
    assert list(CallRecord.objects.values_list("outcome", flat=True)) == ["match", "refused"]
    assert GrantDay.objects.get().calls == 1


def test_what_could_not_be_recorded_is_answered_neither_then_nor_again(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = system.headers(CLAIMED, VERIFICATIONS)
    with monkeypatch.context() as broken, pytest.raises(OSError):
        broken.setattr(using, "append_if", Mock(side_effect=OSError))
        system.post(VERIFICATIONS, CLAIMED, headers)
    assert not CallRecord.objects.exists()
    refused(system.post(VERIFICATIONS, CLAIMED, headers), 401, "不能重放")


def test_a_refused_call_has_used_up_its_nonce_and_one_nobody_proved_has_not(system: System) -> None:
    headers = system.headers(CLAIMED, VERIFICATIONS, item="没有")
    refused(system.post(VERIFICATIONS, CLAIMED, headers), 404, "没有这个事项")
    refused(system.post(VERIFICATIONS, CLAIMED, headers), 401, "不能重放")
    headers = system.headers(CLAIMED, VERIFICATIONS, grant=10**9)
    refused(system.post(VERIFICATIONS, CLAIMED, headers), 404, "没有这个资源的这项授权")
    refused(system.post(VERIFICATIONS, CLAIMED, headers), 401, "不能重放")
    headers = system.headers(CLAIMED, VERIFICATIONS)
    refused(system.post(VERIFICATIONS, CLAIMED + b" ", headers), 401, "对不上")
    assert system.post(VERIFICATIONS, CLAIMED, headers).status_code == 200


def test_an_answer_leaves_as_it_was_signed_without_session_or_cookie(system: System) -> None:
    headers = system.headers(CLAIMED, VERIFICATIONS)
    answer = system.post(VERIFICATIONS, CLAIMED, {**headers, "accept-encoding": "gzip"})
    assert answer.status_code == 200 and "Content-Encoding" not in answer and not answer.cookies
    assert answer["Content-Length"] == str(len(answer.content))
    assert (answer["X-Content-Type-Options"], "X-Request-ID" in answer) == ("nosniff", True)
    assert Browser().get("/exchange/v1/nothing").status_code == 404


@pytest.mark.parametrize("how", [{"item": "没有"}, {"grant": 10**9}, {"data": {"person": {}}}, {"resource": "NONE"}])
def test_a_refused_call_has_the_clerk_and_case_it_signed(system: System, how: dict[str, Any]) -> None:
    assert system.call(**how).status_code >= 400
    assert last().clerk == f"{system.client.ledger_id}/孙办理 E1023" and "孙办理 E1023" in last().clerk_name
    assert last().purpose_number == "本系统-17"


def test_nobody_is_named_by_a_call_that_proves_nothing(system: System) -> None:
    refused(system.call(sent={"exchange-clerk": quote("别人")}), 401, "对不上")
    assert last().clerk == system.client.ledger_id


def test_strangers_are_refused_and_fill_no_log(system: System) -> None:
    refused(system.call(keyid="nobody"), 401, "没有登记过")
    refused(system.call(sent={"signature": ""}), 401, "没有签名")
    refused(system.call(sent={"signature-input": "x" * 9000}), 401, "没有签名")
    assert not CallRecord.objects.exists()


def test_who_has_seen_a_keyid_fills_no_log_either(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("banshi.exchange.actions.answering.UNPROVEN_A_MINUTE", "1/hour")
    for _ in range(3):
        refused(system.call(sent={"exchange-case": "other"}), 401, "对不上")
    assert CallRecord.objects.count() == 1
    assert system.call().status_code == 200, "the holder of the key is served"


def test_lengths_and_addresses_that_cannot_be_are_refused(system: System) -> None:
    refused(system.call(resource="GA%00"), 422, "不允许的字符")
    refused(system.call(sent={"content-length": "x"}), 422, "太长")
    assert not CallRecord.objects.exists()


def test_no_way_of_writing_a_number_hides_a_call(system: System) -> None:
    """A number of the first generation, or with what has no width, finds the same person."""
    wrong = {"claims": {"address": "别处"}}
    for number in (NUMBER[:6] + NUMBER[8:17], NUMBER, f"{NUMBER[:6]} {NUMBER[6:]}"):
        assert system.call(data={"person": {"number": number}, **wrong}).json()["outcome"] == "mismatch"
    assert CallRecord.objects.values("person_index").distinct().count() == 1


def test_keys_grants_and_systems_end_at_once(system: System) -> None:
    revoke_grant(system.grant, reason="停用", by=system.of.steward, at=AT)
    refused(system.call(), 403, "已经收回或到期")
    revoke_key(system.key, reason="外泄", by=make.TESTS, at=AT)
    refused(system.call(), 401, "密钥已经收回")
    with pytest.raises(Conflict, match="已经收回"):
        revoke_key(system.key, reason="外泄", by=make.TESTS, at=AT)


def test_an_ended_system_and_one_without_the_scope_ask_nothing(system: System) -> None:
    Client.objects.filter(pk=system.client.pk).update(permissions=["item.view"])
    refused(system.call(), 403, "")
    assert last().outcome == "refused"
    end_client(system.client, by=make.TESTS, at=AT)
    refused(system.call(), 401, "密钥已经收回")


def test_another_organs_system_has_none_of_this_organs_grants(system: System) -> None:
    elsewhere = make.organ()
    other, _ = register_system(elsewhere, name="别家系统", permissions=["exchange.use"], by=make.TESTS, at=AT)
    CallerKey.objects.filter(pk=system.key.pk).update(client=other)
    refused(system.call(), 404, "没有这个资源的这项授权")
    assert (last().organ, last().grant) == (elsewhere, None)


def test_a_case_handled_here_is_read_itself(system: System) -> None:
    case = case_in_hand(system.of, moment("03-02"))
    assert system.call(case=case.number).json()["outcome"] == "match"
    assert last().purpose == f"cases.Case:{case.pk}"
    refused(
        system.call(data={"person": {"number": PEOPLE[1][1]}, "claims": {"name": "x"}}, case=case.number),
        403,
        "没有这个人",
    )
    type(case).objects.filter(pk=case.pk).update(state="ended")
    refused(system.call(case=case.number), 409, "办件已经结束")
    type(case).objects.filter(pk=case.pk).update(organ=make.organ())
    refused(system.call(case=case.number), 403, "不是本单位")


@pytest.mark.parametrize("kind", ["verifications", "records"])
def test_a_call_costs_a_known_number_of_statements_and_compiles_none(
    system: System, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    data = {"person": {"number": NUMBER}, **({"claims": {"address": ADDRESS}} if kind == "verifications" else {})}
    assert system.call(kind, data).status_code == 200
    compiled, compile_ = [], SQLCompiler.as_sql

    def counted(self: SQLCompiler, *args: Any, **kwargs: Any) -> Any:
        compiled.append(self.query.model)
        return compile_(self, *args, **kwargs)

    monkeypatch.setattr(SQLCompiler, "as_sql", counted)
    with CaptureQueriesContext(connection) as asked:
        assert system.call(kind, data).status_code == 200
    # PostgreSQL is asked what the call names, and takes all that is written as one; SQLite has a statement for each table.
    assert (len(asked), compiled) == (2 if connection.vendor == "postgresql" else 9, [])


def test_the_days_quota_and_guessing_hold_for_systems_too(system: System) -> None:
    wrong = {"person": {"number": NUMBER}, "claims": {"address": "别处"}}
    for _ in range(5):
        assert system.call(data=wrong).json()["outcome"] == "mismatch"
    told = refused(system.call(), 429, "已经有5次不一致，到了上限")
    assert (told["title"], told["type"]) == ("次数到了上限", "/api/v1/docs#limit-reached")
    Grant.objects.update(daily_quota=1)
    refused(system.call(), 429, "次数用完")


def test_keys_are_registered_by_who_manages_clients_for_systems_that_may(system: System) -> None:
    given = {"algorithm": "ed25519", "until": moment("12-31"), "at": AT}
    with pytest.raises(Refused):
        register_key(system.client, public=PUBLIC, by=system.of.steward, **given)
    for public in ("", "x", b64encode(bytes(31)).decode(), PUBLIC):
        with pytest.raises(BadInput, match="密钥没有登记"):
            register_key(system.client, public=public, by=make.TESTS, **given)
    with pytest.raises(BadInput, match="密钥没有登记"):
        register_key(system.client, public=PUBLIC, by=make.TESTS, **{**given, "until": moment("2029-01-01")})
    plain, _ = register_system(system.of.police, name="没有授权的", permissions=["item.view"], by=make.TESTS, at=AT)
    with pytest.raises(Conflict, match="没有使用共享数据的授权"):
        register_key(plain, public=PUBLIC, by=make.TESTS, **given)
