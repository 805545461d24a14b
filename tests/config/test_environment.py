"""What an office sets is checked at the start, and a mistake is told by the name of its variable."""

import json
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from banshi.config.environment import Environment, read_environment, unknown_variables
from banshi.core.clock import CHINA

DOCS = Path(__file__).parents[2] / "docs" / "operations.md"


@pytest.mark.parametrize(
    "name, value, says",
    [
        ("BANSHI_PROXIES", "两层", "要写整数"),
        ("BANSHI_PROXIES", "-1", "不能小于 0"),
        ("BANSHI_LEASE_SECONDS", "600", "不能大于 60"),
        ("BANSHI_DEMO", "maybe", "要写 1 或 0"),
        ("BANSHI_URL", "example.gov.cn", "http"),
        ("BANSHI_LOG", "loud", "WARNING"),
        ("BANSHI_CACHE_URL", "memcached://h", "redis://"),
        ("BANSHI_FILES_URL", "s3://bucket", "s3://账号"),
        ("BANSHI_EMAIL_URL", "mail.example:25", "smtp://"),
        ("DATABASE_URL", "oracle://h/d", "postgresql://"),
    ],
)
def test_a_mistake_is_told_by_name_and_without_the_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=name) as told:
        read_environment()
    assert says in str(told.value)
    assert f"：{value}" not in str(told.value)


def test_all_mistakes_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANSHI_PROXIES", "x")
    monkeypatch.setenv("BANSHI_SIGN_INS", "0")
    with pytest.raises(ImproperlyConfigured, match=r"(?s)BANSHI_PROXIES.*BANSHI_SIGN_INS"):
        read_environment()


def test_an_empty_value_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANSHI_PROXIES", "")
    assert read_environment().proxies == 0


def test_a_command_tells_it_as_a_sentence(environment_of: Any) -> None:
    command = [sys.executable, "-m", "banshi.command", "check-deploy"]
    done = subprocess.run(command, env=environment_of(BANSHI_PROXIES="x"), capture_output=True, text=True)
    assert done.returncode == 1
    assert "环境变量 BANSHI_PROXIES 的值不能用：要写整数" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_mistyped_name_is_found_with_the_one_that_is_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANSHI_PROXYS", "1")
    assert unknown_variables() == {"BANSHI_PROXYS": "BANSHI_PROXIES"}


def test_every_variable_stands_in_the_handbook() -> None:
    handbook = DOCS.read_text()
    for name in Environment.model_fields:
        variable = "DATABASE_URL" if name == "database_url" else f"BANSHI_{name.upper()}"
        assert f"`{variable}`" in handbook, variable


# The log

SAY = """
import django; django.setup()
import logging
from django.test import RequestFactory
from banshi.sites.kit.request_id import RequestId

def view(request):
    logging.getLogger("banshi.test").error("出错了", exc_info=ValueError("x"))
    from django.http import HttpResponse
    return HttpResponse()

print(RequestId(view)(RequestFactory().get("/"))["X-Request-ID"])
from banshi.core.clock import now
print(now().date())
"""


def said(environment: dict[str, str], *, ahead: int) -> tuple[str, str]:
    """What is told and logged by a process that lives so many days ahead."""
    before = datetime.now(CHINA)
    done = subprocess.run([sys.executable, "-c", SAY], env=environment, capture_output=True, text=True, check=True)
    key, day = done.stdout.split()
    around = {each.date() + timedelta(days=ahead) for each in (before, datetime.now(CHINA))}
    assert date.fromisoformat(day) in around
    return key, done.stderr


def test_in_production_a_line_is_json_with_the_id_of_its_request_and_today_is_today(environment_of: Any) -> None:
    key, log = said(environment_of(BANSHI_DEMO_AHEAD="7"), ahead=0)
    line = json.loads(log)
    assert (line["event"], line["level"], line["logger"], line["request_id"]) == ("出错了", "error", "banshi.test", key)
    assert "ValueError: x" in line["exception"]


def test_in_a_demonstration_it_is_plain_and_one_may_live_ahead(environment_of: Any) -> None:
    key, log = said(environment_of(BANSHI_DEMO="1", BANSHI_DEMO_AHEAD="7"), ahead=7)
    assert "出错了" in log
    assert key in log
    assert not log.startswith("{")


@pytest.mark.django_db
class TestRequestId:
    def test_each_request_has_its_own(self, client: Client) -> None:
        assert client.get("/nowhere/")["X-Request-ID"] != client.get("/nowhere/")["X-Request-ID"]

    def test_one_of_our_proxy_is_kept_and_one_of_a_stranger_not(self, client: Client, settings: Any) -> None:
        assert client.get("/nowhere/", headers={"X-Request-ID": "proxy-0001"})["X-Request-ID"] != "proxy-0001"
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        assert client.get("/nowhere/", headers={"X-Request-ID": "proxy-0001"})["X-Request-ID"] == "proxy-0001"
        assert client.get("/nowhere/", headers={"X-Request-ID": "x" * 99})["X-Request-ID"] != "x" * 99
