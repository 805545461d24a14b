"""Two machines that share PostgreSQL, Redis, a bucket and nothing else; one is killed in the middle of everything."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import tantivy
from django.db import connection
from django.db.models import Count
from django_tasks_db.models import DBTaskResult

from banshi.adjustments.models import Adjustment, AdjustmentOpinion
from banshi.catalog.models import Change, Item, Listing, Publication, Revision
from banshi.core.models import StoredFile
from banshi.files import open_file
from banshi.ledger.keys import signing_key
from banshi.ledger.models import LedgerEntry
from banshi.ledger.sealing import seal
from banshi.ledger.verification import verify
from banshi.outbox.models import Message
from banshi.people.models import User
from banshi.search.index import newest_change, position, reading
from tests import factories as make
from tests.adjustments.town import direct, in_force, policy_with, town
from tests.jobs.slow_tasks import wait_for_leave
from tests.outbox.post_office import PostOffice
from tests.two_nodes.machine import Machine, wait_until
from tests.two_nodes.people import Browser, Correspondent, Decider, Importer, Person, Publisher, Staleness

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


class Installation:
    """Both machines, and what they share."""

    def __init__(self, tmp_path: Path, environment: dict[str, str], office: PostOffice, processes: int) -> None:
        self.office = office
        self.machines = [Machine(tmp_path / name, environment, processes) for name in ("甲机", "乙机")]
        self.town = town()
        User.objects.filter(pk=self.town.clerk.pk).update(email="chen@example.gov.cn")
        self.browsers = {
            role: Browser(getattr(self.town, role)) for role in ("clerk", "examiner", "lawyer", "publisher")
        }

    def people(self, staleness: Staleness, pause: float) -> list[Person]:
        """Everybody, at each machine."""
        all_of_them: list[Person] = []
        for machine, other in (self.machines, self.machines[::-1]):
            of, who = (machine, other, staleness, pause), self.browsers
            all_of_them += [
                Publisher(in_force(self.town), who["clerk"], who["publisher"], *of),
                Importer(who["clerk"], *of),
                Decider(in_force(self.town, f"{machine.home.name}的事项"), self.town, who, *of),
                Correspondent(self.town.clerk, *of),
            ]
        return all_of_them


@pytest.fixture
def install(
    redis_server: str, files_in_s3: str, tmp_path: Path, settings: Any, environment_of: Callable[..., dict[str, str]]
) -> Iterator[Callable[..., Installation]]:
    policy_with(tmp_path, settings, direct=direct("all"))
    signing_key()
    started: list[Machine] = []
    with PostOffice() as office:

        def install(*, lease_seconds: int, processes: int = 1) -> Installation:
            environment = environment_of(
                DATABASE_URL=urlsplit(os.environ["DATABASE_URL"])
                ._replace(path=f"/{connection.settings_dict['NAME']}")
                .geturl(),
                BANSHI_CACHE_URL=redis_server,
                BANSHI_FILES_URL=files_in_s3,
                BANSHI_EMAIL_URL=f"smtp://127.0.0.1:{office.port}?tls=off",
                BANSHI_EMAIL_FROM="banshi@example.gov.cn",
                BANSHI_SECRET=settings.SECRET_KEY,
                BANSHI_ADJUSTMENT_POLICY=str(settings.ADJUSTMENT_POLICY),
                BANSHI_ANCHORS=str(settings.LEDGER_ANCHORS),
                BANSHI_LEDGER_KEY=str(settings.LEDGER_KEY),
                BANSHI_LEASE_SECONDS=str(lease_seconds),
                BANSHI_API_RATE="0",
                BANSHI_DEMO="1",
            )
            made = Installation(tmp_path, environment, office, processes)
            started.extend(made.machines)
            for machine in made.machines:
                machine.launch()
            for machine in made.machines:
                machine.wait_until_ready()
            return made

        yield install
        for machine in started:
            if machine.processes:
                machine.kill()


@contextmanager
def at_work(people: list[Person]) -> Iterator[None]:
    for each in people:
        each.thread.start()
    try:
        yield
    finally:
        for each in people:
            each.over.set()
        for each in people:
            each.thread.join()
    assert not [each.trouble for each in people if each.trouble]


def kill_in_the_middle(place: Installation, people: list[Person], folder: Path) -> Machine:
    """Kill the machine whose worker has taken a long task, once everybody has got on; the other has to take that over."""
    folder.mkdir()
    key = wait_for_leave.enqueue(str(folder)).id
    task = DBTaskResult.objects.filter(pk=key)
    before = {each: each.acknowledged for each in people}

    def everybody_got_on() -> bool:
        assert not (troubles := [each.trouble for each in people if each.trouble]), troubles[0]
        return all(each.acknowledged > before[each] + 2 for each in people)

    wait_until((folder / "starts").exists, 120, "worker for the long task")
    wait_until(everybody_got_on, 300, "progress of everybody")
    victim = next(each for each in place.machines if task.get().worker_ids[-1] in each.workers)
    dead = victim.workers
    victim.kill()
    took = wait_until(lambda: task.get().worker_ids[-1] not in dead, 60, "takeover of the dead machine's task")
    print(f"taken over after {took:.1f} s")
    (folder / "leave").touch()
    wait_until(lambda: task.get().status == "SUCCESSFUL", 60, "end of the task that was taken over")
    held = DBTaskResult.objects.filter(status="RUNNING")
    wait_until(lambda: not [1 for row in held if row.worker_ids[-1] in dead], 60, "takeover of all its other tasks")
    return victim


def check_nothing_lost_or_doubled(people: list[Person]) -> None:
    """What was acknowledged is there, once; what was not is there once or not at all."""
    publishers = [each for each in people if isinstance(each, Publisher)]
    for each in publishers:
        numbers = sorted(Publication.objects.filter(item=each.item).values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
        assert each.publications <= len(numbers) - 1 <= each.attempts
    for importer in (each for each in people if isinstance(each, Importer)):
        found = Counter(Item.objects.filter(name__in=importer.promised).values_list("name", flat=True))
        assert found == dict.fromkeys(importer.promised, 1)
    assert not Item.objects.filter(name__contains="批第").values("name").annotate(n=Count("id")).filter(n__gt=1)
    done = Adjustment.objects.filter(state="published")
    assert done.exists()
    for one in done:
        assert sorted(one.opinions.values_list("organ__name", flat=True)) == ["示例县司法局", "示例县委编办"]
    assert (
        AdjustmentOpinion.objects.count()
        == LedgerEntry.objects.filter(action__in=["adjustments.pass_on", "adjustments.approve"]).count()
    )
    for decider in (each for each in people if isinstance(each, Decider)):
        for place_of, paper in decider.evidence.items():
            one = Adjustment.objects.get(pk=int(place_of.split("/")[3]))
            assert one.evidence
            assert open_file(one.evidence).read() == paper
    for stored in StoredFile.objects.all():
        assert len(open_file(stored).read()) == stored.size
    assert Publication.objects.count() == LedgerEntry.objects.filter(action="catalog.publish").count()
    assert (
        Change.objects.count()
        == LedgerEntry.objects.filter(action__in=["catalog.publish", "catalog.suspend_item"]).count()
    )
    assert not Revision.objects.filter(state="draft").values("item").annotate(n=Count("id")).filter(n__gt=1)


def check_mail(place: Installation, people: list[Person], kills: int) -> None:
    """Each once; one a kill may be in doubt, is not sent again, and says so."""
    written = sum(each.acknowledged for each in people if isinstance(each, Correspondent)) * 3
    left = Message.objects.filter(state__in=("waiting", "sending"))
    while count := left.count():
        wait_until(lambda count=count: left.count() < count, 120, f"progress of {count} mails")  # type: ignore[misc]
    states = Counter(Message.objects.values_list("state", flat=True))
    assert states.keys() <= {"sent", "in_doubt"}, states
    assert states.total() == written
    assert states["in_doubt"] <= kills
    arrived = Counter(str(each["Subject"]) for each in place.office.received)
    assert max(arrived.values()) == 1
    sent = set(Message.objects.filter(state="sent").values_list("title", flat=True))
    assert sent <= set(arrived)
    assert set(arrived) - sent <= set(Message.objects.filter(state="in_doubt").values_list("title", flat=True))


def indexed(machine: Machine, settings: Any) -> list[Any]:
    """Everything in a machine's index."""
    settings.SEARCH_INDEX = machine.home / "index"
    searcher = reading().searcher
    found = searcher.search(tantivy.Query.all_query(), limit=100_000)
    return sorted(str(searcher.doc(address).to_dict()) for _, address in found.hits)


def check_indices(place: Installation, settings: Any) -> None:
    for machine in place.machines:

        def has_caught_up(machine: Machine = machine) -> bool:
            settings.SEARCH_INDEX = machine.home / "index"
            return position() == newest_change()

        wait_until(has_caught_up, 60, f"index that caught up on {machine.home.name}")
    first, second = (indexed(machine, settings) for machine in place.machines)
    assert first == second
    assert len(first) == Listing.objects.count()


def check_ledger() -> None:
    seal(at=make.NOON)
    verdict = verify()
    assert verdict.holds, str(verdict)
    assert verdict.count == LedgerEntry.objects.count()


def survive(
    place: Installation, kills: int, tmp_path: Path, staleness: Staleness, *, pause: float, settings: Any
) -> None:
    """Kill one machine after the other, each started again before the next; then compare everything."""
    people = place.people(staleness, pause)
    with at_work(people):
        for number in range(kills):
            victim = kill_in_the_middle(place, people, tmp_path / f"task{number}")
            victim.launch()
            victim.wait_until_ready()
        looks = staleness.looks
        wait_until(lambda: staleness.looks > looks + 4, 120, "look at the machine that came back")
    wait_until(lambda: not DBTaskResult.objects.filter(status="RUNNING").exists(), 120, "end of the tasks")
    check_mail(place, people, kills)
    check_nothing_lost_or_doubled(people)
    check_indices(place, settings)
    check_ledger()
    print(f"{sum(each.acknowledged for each in people)} acts, {staleness}")


def test_killed_in_the_middle_of_everything(
    install: Callable[..., Installation], tmp_path: Path, settings: Any
) -> None:
    """The promised 5 s are told by the machine's own heart, which beats each second of a lease of four: this machine may be busy
    with other tests. The long test goes by the clock."""
    staleness = Staleness(5 + 1, by_its_heart=True)
    survive(install(lease_seconds=4), 1, tmp_path, staleness, pause=0.5, settings=settings)


@pytest.mark.nightly
def test_killed_again_and_again(install: Callable[..., Installation], tmp_path: Path, settings: Any) -> None:
    """With the lease as shipped, and two processes of each kind."""
    survive(install(lease_seconds=20, processes=2), 8, tmp_path, Staleness(5), pause=0, settings=settings)
