"""Killed at any point while an application is handed in: there is the whole case, or none and the draft as it was."""

import os
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Event

import pytest
import requests

from tests.processes import DEADLINE, installation, said
from tests.servers import free_port

KILLED = """
import django; django.setup()
import os, signal, sys
from django.db import connection
from banshi.cases.actions import submit
from banshi.cases.models import Application, Case, CaseAct, CaseClock, CaseTask
from banshi.ledger.models import LedgerEntry
from banshi.ledger.sealing import seal
from banshi.ledger.verification import verify
from banshi.papers.models import Paper
from tests.cases.hall import filled, hall, moment

WANTED, EVERY, MONDAY, OF = int(sys.argv[1]), int(sys.argv[2]), moment("03-02"), hall()

def send(draft):
    return submit(Application.objects.get(pk=draft.pk), key=draft.key, by=OF.citizen, at=MONDAY)

def killed_after(last, draft):
    connection.close()
    if not os.fork():
        done = []
        def note(execute, *query):
            answer = execute(*query)
            done.append(query)
            if len(done) == last:
                os.kill(os.getpid(), signal.SIGKILL)
            return answer
        with connection.execute_wrapper(note):
            send(draft)
        os._exit(0)
    return os.wait()[1] == signal.SIGKILL

def look(cases):
    for model, each in ((Case, 1), (CaseAct, 1), (CaseClock, 1), (CaseTask, 1), (Paper, 1)):
        assert model.objects.count() == cases * each, (model, model.objects.count(), cases)
    assert LedgerEntry.objects.filter(action="cases.receive").count() == cases
    assert Application.objects.exclude(submitted_at=None).count() == cases

kills = cases = 0
while kills < WANTED:
    draft, last = filled(OF, MONDAY), 1
    while killed_after(last, draft):
        look(cases)
        kills, last = kills + 1, last + EVERY
    assert last > 10, "the child went through to the end, after so many kills"
    cases += 1
    look(cases)
    send(draft)
    look(cases)
assert sorted(Case.objects.values_list("serial", flat=True)) == list(range(1, cases + 1))
seal(at=MONDAY)
assert verify().holds
print(kills)
"""
"""A child hands in and is killed after its first statement, its second … its last before the commit, draft after draft."""


def test_killed_at_every_statement_nothing_is_half_handed_in(tmp_path: Path) -> None:
    """Each day after each second statement."""
    assert int(said(KILLED, installation(tmp_path / "home"), "1", "2")) > 5


@pytest.mark.nightly
def test_and_so_it_is_after_200_kills(tmp_path: Path) -> None:
    assert int(said(KILLED, installation(tmp_path / "home"), "200", "1")) >= 200


DRAFTS = """
import django; django.setup()
import sys
from django.conf import settings
from django.test import Client
from banshi.core.clock import now
from tests.cases.hall import filled, hall

of, browser = hall(), Client()
browser.force_login(of.citizen, backend=settings.AUTHENTICATION_BACKENDS[-1])
print(settings.SESSION_COOKIE_NAME, browser.cookies[settings.SESSION_COOKIE_NAME].value)
for _ in range(int(sys.argv[1])):
    draft = filled(of, now())
    print(draft.guid, draft.key)
"""
FOUND = """
import django; django.setup()
from banshi.cases.models import Application, Case
from banshi.core.clock import now
from banshi.events.consuming import follow
from banshi.events.models import Event
from banshi.ledger.sealing import seal
from banshi.ledger.verification import verify
from banshi.papers.models import Paper

seal(at=now())
verdict = verify()
assert verdict.holds, [str(verdict), *(each.words for each in verdict.problems[:5])]
acted = Event.objects.filter(kind="cases.acted").count()
print(Case.objects.count(), Paper.objects.filter(kind="receipt").count(), acted, Application.objects.filter(submitted_at=None).count())
"""
TOKEN = "x" * 32
PRESSED = 50


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Path, subprocess.Popen[str], str]]:
    """A real site of one request process, which is born again when it was killed."""
    from tests.processes import environment, sys

    home, port = installation(tmp_path / "home"), free_port()
    told = environment(home, BANSHI_DEMO="1", BANSHI_SECRET="killed while it was handed in, fifty times pressed")
    serve = [sys.executable, "-m", "banshi.command", "serve", "--port", str(port), "--workers", "1"]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            serve, env=told, cwd=home, stdout=subprocess.PIPE, stderr=log, text=True, process_group=0
        )
    assert process.stdout
    assert "banshi ready" in process.stdout.readline(), (tmp_path / "log").read_text()
    yield home, process, f"http://127.0.0.1:{port}"
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()


def request_processes(serve: subprocess.Popen[str]) -> list[int]:
    children = Path(f"/proc/{serve.pid}/task/{serve.pid}/children").read_text().split()
    return [int(each) for each in children if "spawn_main" in Path(f"/proc/{each}/cmdline").read_text()]


def pressed(address: str, key: str, cookies: dict[str, str], sent: Event) -> str:
    """Where one is led after pressing, however often the server went away meanwhile."""
    typed = {"csrfmiddlewaretoken": TOKEN, "key": key, "true": "1"}
    while True:
        with suppress(requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
            answer = requests.post(address, typed, cookies=cookies, allow_redirects=False, timeout=DEADLINE)
            if answer.status_code < 500:
                sent.set()
                assert answer.status_code == 302, answer.text[:500]
                return answer.headers["Location"]


def handed_in(site: tuple[Path, subprocess.Popen[str], str], drafts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """F9: each draft pressed fifty times at once while the request process is killed at its first answer."""
    home, serve, address = site
    monkeypatch.setenv("BANSHI_SECRET", "killed while it was handed in, fifty times pressed")
    name, *lines = said(DRAFTS, home, str(drafts)).split("\n")
    session = dict([name.split()])
    for guid, key in (each.split() for each in lines if each):
        answered, place = Event(), f"{address}/apply/{guid}/check/"
        with ThreadPoolExecutor(PRESSED) as people:
            cookies = {**session, "csrftoken": TOKEN}
            got = [people.submit(pressed, place, key, cookies, answered) for _ in range(PRESSED)]
            assert answered.wait(DEADLINE)
            serving = request_processes(serve)
            assert serving
            for each in serving:
                os.kill(each, signal.SIGKILL)
            assert {each.result(DEADLINE) for each in got} == {f"/apply/{guid}/sent/"}
    assert said(FOUND, home).split() == [str(drafts)] * 3 + ["0"]


@pytest.mark.nightly
def test_pressed_fifty_times_and_killed_it_is_one_case(
    site: tuple[Path, subprocess.Popen[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    handed_in(site, 1, monkeypatch)


@pytest.mark.nightly
def test_and_so_it_is_for_six_drafts(
    site: tuple[Path, subprocess.Popen[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    handed_in(site, 6, monkeypatch)
