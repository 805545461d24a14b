"""Bad luck at a source and at the gateway: certificates, text that is code, and far more rows than meant."""

import sqlite3
import ssl
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from sqlalchemy import create_engine, text

from banshi.connectors.http_source.fake import FakeHttpSource
from banshi.connectors.sql_source.connector import SqlSource
from banshi.exchange.models import CallRecord
from banshi.exchange.sources import Look, SourceTrouble, TooManyRows
from banshi.exchange.sources.base import source_at
from tests.exchange.office import Office
from tests.exchange.test_gateway import ADDRESS, NUMBER, System, last, of, system
from tests.exchange.test_sources import ROWS, look

__all__ = ["of", "system"]
CODE = ("' OR '1'='1", "x'); DROP TABLE hjrk; --", "1 UNION SELECT gmsfhm FROM hjrk", "\\'; DELETE FROM hjrk; --", "%")


# Certificates


def _certificate(name: str, key: Any, *, until: datetime, by: tuple[x509.Certificate, Any] | None = None) -> Any:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by[0].subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=90))
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
    )
    return made.sign(by[1] if by else key, hashes.SHA256())


@pytest.fixture
def over_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[timedelta], str]]:
    """Start an organ's interface whose certificate, by an authority that is trusted, ends then. Its address."""
    authority, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _certificate("测试的证书机构", authority, until=datetime.now(UTC) + timedelta(days=9))
    (tmp_path / "root.pem").write_bytes(root.public_bytes(Encoding.PEM))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "root.pem"))
    with FakeHttpSource(tables={"hjrk": ROWS}) as fake:

        def begin(ends_in: timedelta) -> str:
            given = _certificate("127.0.0.1", own, until=datetime.now(UTC) + ends_in, by=(root, authority))
            (tmp_path / "own.pem").write_bytes(
                own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + given.public_bytes(Encoding.PEM)
            )
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tmp_path / "own.pem")
            fake._server.socket = context.wrap_socket(fake._server.socket, server_side=True)
            return fake.url.replace("http://", "https://", 1)

        yield begin


def test_a_certificate_in_force_is_trusted(over_tls: Callable[[timedelta], str]) -> None:
    assert source_at("http", over_tls(timedelta(hours=1))).look_up(look())


def test_a_certificate_that_has_expired_is_said(over_tls: Callable[[timedelta], str]) -> None:
    with pytest.raises(SourceTrouble, match="证书过期了"):
        source_at("http", over_tls(-timedelta(minutes=1))).look_up(look())


# Text that is code


@pytest.mark.django_db
@pytest.mark.parametrize("code", CODE)
def test_code_in_any_parameter_of_a_call_is_a_text(of: Office, system: System, tmp_path: Path, code: str) -> None:
    def asked(kind: str = "verifications", **more: Any) -> int:
        return int(system.call(kind, **more).status_code)

    whole = {"person": {"number": NUMBER}, "claims": {"address": ADDRESS}}
    assert system.call(data={**whole, "claims": {"address": code}}).json()["outcome"] == "mismatch"
    assert system.call(data={**whole, "person": {"number": NUMBER, "name": code}}).json()["outcome"] == "match"
    assert system.call(case=code, clerk=code).json()["outcome"] == "match"
    assert (last().purpose_number, last().clerk.partition("/")[2]) == (code, code)
    nobody = system.call(data={**whole, "person": {"number": code}})
    assert nobody.status_code == 422 or nobody.json()["outcome"] == "none"
    assert asked(data={**whole, "claims": {code: "x"}}) == 422
    assert asked("records", data={"person": {"number": NUMBER}, "fields": [code]}) == 422
    assert [asked(item=code), asked(grant=code)] == [404, 404]
    assert asked(resource=quote(code, safe="")) in (401, 404), "an address may be written in more ways than were signed"
    assert CallRecord.objects.count() == 9, "whatever came under a known key is on record"
    engine = create_engine(f"sqlite:///{tmp_path / 'police.sqlite3'}")
    with engine.connect() as register:
        assert register.execute(text("SELECT count(*) FROM hjrk")).scalar_one() == 2
    engine.dispose()


# Far more rows than meant


def test_of_a_million_rows_where_one_was_meant_a_handful_is_read(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'police.sqlite3'}"
    columns = ", ".join(f"'{value}' AS {name}" for name, value in ROWS[0].items())
    engine = create_engine(address)
    with engine.begin() as register:
        numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)"
        register.execute(text(f"CREATE VIEW hjrk AS {numbers} SELECT {columns} FROM n"))  # made here
    engine.dispose()
    source = SqlSource(address)
    with pytest.raises(TooManyRows):
        source.look_up(look())  # with what is loaded once
    tracemalloc.start()
    with pytest.raises(TooManyRows, match="超过10条"):
        source.look_up(look())
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


# A register in a file


def _filled(path: Path, address: str) -> None:
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE hjrk (gmsfhm text, hjdz text)")
        file.execute("INSERT INTO hjrk VALUES (?, ?)", (NUMBER, address))
    file.close()


def _answer(path: Path) -> list[dict[str, Any]]:
    wanted = Look("hjrk", ("hjdz",), {"gmsfhm": NUMBER}, {}, 3.0, 5)
    return SqlSource(f"sqlite:///{path}").look_up(wanted)


def test_a_file_that_is_away_is_said_to_be_and_not_made(tmp_path: Path) -> None:
    path = tmp_path / "登记 100%.sqlite3"
    with pytest.raises(SourceTrouble, match="现在连不上") as trouble:
        _answer(path)
    assert type(trouble.value) is SourceTrouble and not path.exists()
    _filled(path, "后来有了")
    assert _answer(path) == [{"hjdz": "后来有了"}]


def test_a_file_that_was_replaced_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "登记.sqlite3"
    _filled(path, "旧址")
    assert _answer(path) == [{"hjdz": "旧址"}]
    _filled(tmp_path / "new", "新址")
    (tmp_path / "new").replace(path)
    assert _answer(path) == [{"hjdz": "新址"}]
    path.unlink()
    with pytest.raises(SourceTrouble, match="现在连不上"):
        _answer(path)
