"""The client, and the shell example of docs/exchange.md, against a server that runs."""

import json
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pytest_django.live_server_helper import LiveServer

from banshi.core.clock import day_of, now
from banshi.exchange.client import CallRefused, Gateway, Matter
from banshi.exchange.models import CallRecord
from banshi.exchange.signatures import SharedSecret
from tests.exchange.office import PEOPLE, granted, office
from tests.exchange.test_gateway import PRIVATE, System, system_of

pytestmark = pytest.mark.django_db(transaction=True)
DOCS = Path(__file__).parents[2] / "docs" / "exchange.md"
NAME, NUMBER, _, ADDRESS, *_ = PEOPLE[0]


def granted_now(tmp_path: Path) -> System:
    of = office(tmp_path)
    grant = granted(of, now() - timedelta(days=1), until=day_of(now()) + timedelta(days=30), verify_only=False)
    return system_of(of, grant, at=now() - timedelta(hours=1), until=now() + timedelta(days=30))


def test_the_client_and_the_shell_are_answered_the_same(live_server: LiveServer, tmp_path: Path) -> None:
    system = granted_now(tmp_path)
    matter = Matter(str(system.of.of.item.guid), "2026-17", "孙办理 E1023", system.grant.pk)
    gateway = Gateway(live_server.url, system.key.keyid, system.signs)  # type: ignore[arg-type]
    answer = gateway.verify("GA-RK-001", matter=matter, number=NUMBER, claims={"address": ADDRESS})
    assert (answer["outcome"], answer["call"]) == ("match", CallRecord.objects.get().number)
    assert gateway.record("GA-RK-001", matter=matter, number=NUMBER)["rows"][0]["name"] == "林*例"
    with pytest.raises(CallRefused, match="超出了授权"):
        gateway.verify("GA-RK-001", matter=matter, number=NUMBER, claims={"status": "正常"})
    with pytest.raises(CallRefused, match="没有登记过"):
        Gateway(live_server.url, "k-nobody", SharedSecret(b"x")).record("GA-RK-001", matter=matter, number=NUMBER)

    [script] = re.findall(r"```sh\n(# SITE KEYID.*?)```", DOCS.read_text(encoding="utf-8"), re.S)
    pem = tmp_path / "private.pem"
    pem.write_bytes(PRIVATE.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    given = {
        "SITE": live_server.url,
        "KEYID": system.key.keyid,
        "PRIVATE_KEY": str(pem),
        "RESOURCE": "GA-RK-001",
        "ITEM": matter.item,
        "CASE": "2026-18",
        "CLERK": quote("孙办理 E1023"),
        "GRANT": str(system.grant.pk),
        "BODY": json.dumps({"person": {"number": NUMBER}, "claims": {"name": NAME}}),
        "PATH": "/usr/bin:/bin",
    }
    done = subprocess.run(["bash", "-eu", "-c", script], env=given, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["outcome"] == "match"
    assert CallRecord.objects.latest("number").purpose_number == "2026-18"


def test_the_client_needs_two_files_and_cryptography(tmp_path: Path) -> None:
    package = tmp_path / "banshi_client"
    package.mkdir()
    source = Path(sys.modules["banshi.exchange.client"].__file__ or "").parent
    for name in ("client.py", "signatures.py"):
        (package / name).write_text((source / name).read_text(encoding="utf-8"), encoding="utf-8")
    script = "import sys; sys.modules['django'] = None; import banshi_client.client as c; print(c.Gateway.__name__)"
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "Gateway", done.stderr
