"""People at work through a machine: each act is noted once it was acknowledged; after a lost answer they look what became of it."""

import itertools
import threading
import time
import traceback
from abc import ABC, abstractmethod
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import requests
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max
from django.test import Client
from django_tasks_db.models import DBTaskResult

from banshi.adjustments.actions.transition import seen_of
from banshi.adjustments.models import Adjustment
from banshi.catalog.models import Change, Item, Revision
from banshi.core.clock import now
from banshi.core.models import Node
from banshi.outbox.actions import NewMessage, enqueue, queue_named
from banshi.outbox.tasks import deliver_due
from banshi.people.models import User
from banshi.sites.workbench.editor.form_data import from_document
from banshi.sites.workbench.editor.merging import seen
from banshi.spreadsheets.models import ImportBatch
from tests.adjustments.town import Town
from tests.sites.workbench.guides import posted
from tests.two_nodes.machine import Machine, wait_until

TOKEN = "a" * 32
PATIENCE = 300
LOST = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)


class Browser(requests.Session):
    """Somebody signed in, at any machine."""

    def __init__(self, who: User) -> None:
        super().__init__()
        client = Client()
        client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.headers.update({"Cookie": f"sessionid={key}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN})

    def request(self, *words: Any, **more: Any) -> requests.Response:
        return super().request(*words, **{"timeout": 60, "allow_redirects": False, **more})


class Heart:
    """Of a machine's site: four beats in a lease."""

    def __init__(self, machine: Machine) -> None:
        self.rows = Node.objects.filter(home=str(machine.home), kind=Node.NodeKind.SITE)
        self.last, self.count = self._seen(), 0

    def _seen(self) -> datetime | None:
        return self.rows.aggregate(last=Max("seen_at"))["last"]

    def beats(self) -> int:
        """Count those since the first look."""
        seen = self._seen()
        self.count += seen != self.last
        self.last = seen
        return self.count


@dataclass
class Staleness:
    """How long after its acknowledgement what one machine published was still missing on another: page, search, feed.

    In seconds, or `by_its_heart` in beats of that machine, which come slower where it is given less of a processor."""

    limit: float
    by_its_heart: bool = False
    worst: Counter[str] = field(default_factory=Counter)
    looks: int = 0

    def watch(self, other: Machine, guid: str, name: str, acknowledged: float) -> None:
        before = Change.objects.filter(item__guid=guid).latest("number").number - 1
        waiting = {
            "page": (f"/items/{guid}/", name),
            "search": (f"/api/v1/search?q={name}", name),
            "feed": (f"/api/v1/changes?limit=1&after={before}", guid),
        }
        heart = Heart(other)
        while waiting:
            for what, (address, words) in list(waiting.items()):
                asked = heart.beats() if self.by_its_heart else time.monotonic() - acknowledged
                try:
                    text = requests.get(other.address + address, timeout=60).text
                except LOST:
                    return  # it was killed itself
                if words in text:
                    del waiting[what]
                    continue
                self.worst[what] = max(self.worst[what], asked)
                unit = "beats" if self.by_its_heart else "s"
                assert asked < self.limit, f"{what} of {name} is stale on {other.home.name} after {asked:.1f} {unit}"
        self.looks += 1


class Person(ABC):
    """Works in a thread until told to stop; `machine` is where, `other` the one that is asked what it sees."""

    def __init__(self, machine: Machine, other: Machine, staleness: Staleness, pause: float) -> None:
        self.machine, self.other, self.staleness, self.pause = machine, other, staleness, pause
        self.acknowledged = 0
        self.over = threading.Event()
        self.trouble = ""
        self.thread = threading.Thread(target=self._work, name=f"{type(self).__name__} at {machine.home.name}")

    def _work(self) -> None:
        try:
            for number in itertools.count(1):
                if self.over.is_set():
                    break
                self.turn(number)
                self.over.wait(self.pause)
        except Exception:
            self.trouble = traceback.format_exc()
        finally:
            connection.close()

    @abstractmethod
    def turn(self, number: int) -> None: ...

    def post(self, browser: Browser, address: str, data: Any = None, **more: Any) -> requests.Response | None:
        """The answer of an act that was done; None when it was lost. The machine may be down for a while."""
        try:
            answer = browser.post(self.machine.address + address, data, **more)
        except LOST:
            self._wait_for_machine()
            return None
        assert answer.status_code in (200, 302), f"{address}: {answer.status_code} {answer.text[-3000:]}"
        self.acknowledged += 1
        return answer

    def _wait_for_machine(self) -> None:
        def answers() -> bool:
            try:
                return requests.get(f"{self.machine.address}/static/kit/favicon.svg", timeout=10).ok
            except LOST:
                return False

        wait_until(lambda: self.over.is_set() or answers(), PATIENCE, "machine again")


class Publisher(Person):
    """Opens a draft, saves it as the editor does while one types, publishes it; always of the same item."""

    def __init__(self, item: Item, clerk: Browser, publisher: Browser, *of: Any) -> None:
        super().__init__(*of)
        self.item, self.clerk, self.publisher = item, clerk, publisher
        self.publications = self.attempts = 0

    def turn(self, number: int) -> None:
        at = f"/work/items/{self.item.guid}/"
        if not self.post(self.clerk, f"{at}draft/"):
            return
        name = f"{self.machine.home.name}登记{number:04d}"
        if not self._save(at, name):
            return
        draft = self.item.revisions.get(state=Revision.State.DRAFT)
        assert draft.guide.name == name, "an acknowledged save is lost"
        self.attempts += 1
        if self.post(self.publisher, f"{at}publish/", {"stamp": draft.stamp}):
            self.publications += 1
            self.staleness.watch(self.other, str(self.item.guid), name, time.monotonic())

    def _save(self, at: str, name: str) -> bool:
        draft = self.item.revisions.get(state=Revision.State.DRAFT)
        form = posted(from_document(draft.guide.model_copy(update={"name": name})))
        fixed = {"revision": draft.pk, "stamp": draft.stamp, "seen": seen(draft.guide), "whole": "1", "act": "save"}
        json = {"Accept": "application/json"}
        return self.post(self.clerk, f"{at}edit/", {**form, **fixed}, headers=json) is not None


class Importer(Person):
    """Uploads tables large enough for the background, and has them imported."""

    ROWS, FILLER = 12, "无" * 12_000

    def __init__(self, browser: Browser, *of: Any) -> None:
        super().__init__(*of)
        self.browser = browser
        self.promised: list[str] = []

    def turn(self, number: int) -> None:
        names = [f"{self.machine.home.name}第{number}批第{row}项" for row in range(self.ROWS)]
        text = "事项名称,实施主体,承诺时限,附注\n" + "".join(
            f"{name},示例县教育局,5个工作日,{self.FILLER}\n" for name in names
        )
        answer = self.post(self.browser, "/work/import/", files={"file": (f"第{number}批.csv", text.encode())})
        if not answer:
            return
        batch = ImportBatch.objects.get(pk=int(answer.headers["Location"].rstrip("/").rpartition("/")[2]))
        self._wait_for_background(batch)
        if self.post(self.browser, f"/work/import/{batch.pk}/apply/"):
            self.promised += names
            self._wait_for_background(batch)
            assert batch.state == ImportBatch.State.APPLIED

    def _wait_for_background(self, batch: ImportBatch) -> None:
        """Of whichever machine, also after that was killed."""

        def is_done() -> bool:
            batch.refresh_from_db()
            return "task" not in batch.counts

        wait_until(is_done, PATIENCE, f"end of the work on {batch.file.name}")


class Decider(Person):
    """Brings one adjustment after the other, 暂停 and 恢复 in turn, through both desks and into force."""

    def __init__(self, item: Item, town: Town, browsers: dict[str, Browser], *of: Any) -> None:
        super().__init__(*of)
        self.item, self.town, self.browsers = item, town, browsers
        self.evidence: dict[str, bytes] = {}

    def turn(self, number: int) -> None:
        """Do what the state of the open adjustment asks for, whatever became of the last attempt."""
        one = Adjustment.objects.select_related("text", "item").filter(item=self.item).first()
        at = f"/work/adjustments/{one.pk}/" if one else ""
        match one.state if one else "published":
            case "published":
                self._start(number)
            case "prepared":
                self.act("clerk", f"{at}apply/", one, "examining")
            case "examining":
                self._agree("examiner", at, one, "second")
            case "second":
                self._agree("lawyer", at, one, "approved")
            case "approved":
                self.act("publisher", f"{at}publish/", one, "published")

    def act(self, who: str, address: str, one: Adjustment | None, becomes: str, data: Any = None) -> None:
        assert one
        if self.post(self.browsers[who], address, data):
            one.refresh_from_db()
            assert one.state == becomes, "an acknowledged act is lost"

    def _agree(self, who: str, at: str, one: Adjustment | None, becomes: str) -> None:
        assert one
        self.act(who, f"{at}opinion/", one, becomes, {"verdict": "agree", "words": "同意", "seen": seen_of(one)})

    def _start(self, number: int) -> None:
        last = Adjustment.objects.filter(item=self.item).first()
        kind = "resume" if last and last.kind == "suspend" else "suspend"
        told = {"kind": kind, "cause": "service", "cause_day": "2026-11-23", "reason": "系统检修"}
        paper = f"{self.machine.home.name}第{number}份依据。".encode() * 50
        address = f"/work/items/{self.item.guid}/adjust/"
        answer = self.post(self.browsers["clerk"], address, told, files={"evidence": ("依据.txt", paper)})
        if not answer:
            return
        place = f"{answer.headers['Location']}evidence/"
        self.evidence[place] = paper
        try:
            read = self.browsers["clerk"].get(self.other.address + place)
        except LOST:
            return
        assert read.content == paper, "a file stored by one machine is not what the other reads"


class Correspondent(Person):
    """Writes messages of which machines' workers make mail."""

    def __init__(self, who: User, *of: Any) -> None:
        super().__init__(*of)
        self.who = who
        self.queue = queue_named("mail")

    def turn(self, number: int) -> None:
        """Together with the task that sends them, which the schedule would only bring each minute."""
        moment = now()
        keys = [f"{self.machine.home.name} {number} {each}" for each in range(3)]
        letters = [NewMessage(key, key, {"body": "请看"}, recipient=self.who.pk) for key in keys]
        with transaction.atomic():
            enqueue(self.queue, letters, at=moment)
            if not DBTaskResult.objects.filter(task_path__endswith="deliver_due", status="READY").exists():
                deliver_due.enqueue(at=moment.isoformat())
        self.acknowledged += 1
        self.over.wait(3)
