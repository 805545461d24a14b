"""A province in a clean-up campaign, a step at a time: `python -m benchmarks.province STEP …` prints what it took, as JSON.

What is reviewed is put in by bare inserts; from the invitation on everything goes through the real actions.
"""

import gc
import json
import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

AT_ONCE, INSERTED_AT_ONCE = 100, 2_000
CITIES, BASES = 20, 40
FINAL = date(2027, 12, 31)
RETURNED = 50
"""Every so many-th item is returned in a round, until the last."""
ASKS = ["材料精简到三份以内", "承诺期限压缩到法定期限的一半"]


def make(units: int, items: int) -> dict[str, Any]:
    """So many units with so many items each, invited to a campaign under way; who works in it, signed in."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    began = time.perf_counter()
    organs = _organs(units)
    _make_items(organs[-units:], items)
    made = time.perf_counter() - began
    began = time.perf_counter()
    campaign = _campaign(organs)
    return {"made": made, "invited": time.perf_counter() - began, "items": campaign.entries.count()}


def _organs(units: int) -> list[Any]:
    """Three offices of the province that review, then the units of its cities."""
    from banshi.people.enums import DivisionLevel, OrganKind
    from banshi.people.models import Division, Organ

    province = Division.objects.create(code="990000", name="示例省", level=DivisionLevel.PROVINCE)
    news = [Division(code=f"99{n:02}00", name=f"示例{n}市", level=DivisionLevel.CITY) for n in range(1, CITIES + 1)]
    cities = Division.objects.bulk_create(news)
    offices = [
        Organ(name=f"示例省{name}", kind=OrganKind.PARTY, division=province) for name in ("编办", "政务办", "政府")
    ]
    ours = [Organ(name=f"示例{n}局", kind=OrganKind.DEPARTMENT, division=cities[n % CITIES]) for n in range(units)]
    return Organ.objects.bulk_create([*offices, *ours], INSERTED_AT_ONCE)


def _make_items(organs: list[Any], each: int) -> None:
    """Items with a draft each, from a few dozen texts under different names."""
    from banshi.catalog.actions.drafts import content_digest, content_of
    from banshi.catalog.models import Category, Item, Revision
    from banshi.catalog.provenance import ALL, Provenance
    from banshi.core.clock import now
    from benchmarks.city import guide

    texts, at = [content_of(guide(n)) for n in range(BASES)], now()
    kind, _ = Category.objects.get_or_create(code="benchmark", defaults={"name": "公共教育", "icon": "mortarboard"})
    for some in _pieces(((organ, n) for organ in organs for n in range(each)), INSERTED_AT_ONCE):
        contents = [{**texts[n % BASES], "name": f"{texts[n % BASES]['name']}{organ.pk}-{n}"} for organ, n in some]
        news = [
            Item(organ=organ, name=text["name"], category=kind, percent=90, created_at=at)
            for (organ, _), text in zip(some, contents, strict=True)
        ]
        Item.objects.bulk_create(news)
        drafts = [
            Revision(
                item=item,
                number=1,
                content=text,
                provenance={ALL: Provenance.OFFICE},
                digest=content_digest(text),
                created_at=at,
                saved_at=at,
            )
            for item, text in zip(news, contents, strict=True)
        ]
        Revision.objects.bulk_create(drafts)


def _plan() -> Any:
    """三上三下, over three levels, with a second body that joins, and without what happens outside the rounds."""
    from banshi.campaigns.plan import plan_named, read_plan

    data = plan_named("three-rounds").model_dump(mode="json")
    data["scope"]["levels"] = data["batches"][0]["levels"] = [2, 3, 4]
    joint = {"code": "joint", "label": "政务服务管理部门", "role": "joint", "criteria": ["materials", "process"]}
    data["bodies"] = [data["bodies"][0], joint]
    data["phases"] = [each for each in data["phases"] if each["kind"] not in ("expert", "legal", "public")]
    return read_plan(data)


def _campaign(organs: list[Any]) -> Any:
    from banshi.campaigns import actions
    from banshi.people.models import User

    lead, joint, government, *units = organs
    by, at = _system(), _noon(date(2026, 1, 5))
    campaign = actions.create_campaign(
        name="公共服务事项清理规范",
        organ=government,
        division=government.division,
        plan=_plan(),
        final=FINAL,
        by=by,
        at=at,
    )
    for body, organ in zip(campaign.bodies.all(), (lead, joint), strict=True):
        actions.appoint_body(body, organ=organ, by=by, at=at)
    people = [_person(*each) for each in (("reviewer", lead), ("reviewer", joint), ("organizer", government))]
    for unit in units:
        _person("head", unit)
    for n in range(1, CITIES + 1):
        body, members = campaign.bodies.get(code="lead"), [people[0]]
        actions.form_group(body, label=f"第{n}组", members=members, division_prefix=f"99{n:02}", by=by, at=at)
    for some in _pieces(units, 500):
        actions.invite_units(campaign, organs=some, by=by, at=at)
    told = {"leader": "张三", "section": "办公室", "clerk": "李四", "named_at": at}
    campaign.participations.update(**told, progress="全部清理完毕", problems="无", suggestions="无")
    assert User.objects.count() == len(people) + len(units)
    return actions.open_campaign(campaign, by=by, at=at)


def _person(role: str, organ: Any) -> Any:
    from banshi.people.models import Post, User

    user = User.objects.create(username=f"{role}{organ.pk}", full_name=f"示例{role}")
    Post.objects.create(user=user, organ=organ, role=role, since=date(2020, 1, 1))
    return user


def pages() -> dict[str, Any]:
    """A bulletin is drawn up; then what people look at, page by page: addresses, and the cookie of who does. Days would have
    passed: the database has counted its rows, as autovacuum has it do within a minute or so."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    campaign, began = _running(), time.perf_counter()
    _issue_bulletin(campaign)
    return {"bulletin": time.perf_counter() - began, "pages": _pages(campaign)}


def _issue_bulletin(campaign: Any) -> None:
    from banshi.campaigns.actions import draw_up_bulletin, issue_bulletin

    at = _noon(date(2027, 6, 1))
    issue_bulletin(draw_up_bulletin(campaign, by=_system(), at=at), by=_system(), at=at)


def _pages(campaign: Any) -> dict[str, tuple[list[str], str]]:
    from django.urls import reverse

    units = list(campaign.participations.values_list("pk", flat=True)[:50])
    reviews = campaign.entries.filter(state="reviewing").values_list("guid", flat=True)[:50]
    number, own = [campaign.guid], campaign.participations.get(organ=_who("head").posts.get().organ).pk
    desk = f"{reverse('workbench:desk')}?campaign={campaign.guid}"
    asked = {
        "board": ("organizer", [reverse("workbench:campaign", args=number)]),
        "units": ("organizer", [reverse("workbench:campaign-units", args=number)]),
        "overdue": ("organizer", [reverse("workbench:campaign-units", args=number) + "?show=overdue"]),
        "one unit": ("organizer", [reverse("workbench:campaign-unit", args=[*number, each]) for each in units]),
        "unit's own": (
            "head",
            [reverse("workbench:report", args=[own]), reverse("workbench:report-entries", args=[own])],
        ),
        "queue": ("reviewer", [desk, f"{desk}&show=given"]),
        "to sum up": ("reviewer", [f"{desk}&show=sum"]),
        "one item": ("reviewer", [reverse("workbench:desk-entry", args=[each]) for each in reviews]),
        "bulletins": ("organizer", [reverse("workbench:bulletins", args=number)]),
        "bulletin": ("organizer", [reverse("workbench:bulletin", args=[*number, 1])]),
    }
    return {name: (addresses, _cookie(role)) for name, (role, addresses) in asked.items()}


def _cookie(role: str) -> str:
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(_who(role), backend=settings.AUTHENTICATION_BACKENDS[-1])
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


# Steps of the campaign, each by two processes at once, which share the units


def begin(seconds: float, share: int, of: int) -> dict[str, Any]:
    """First reports; decisions one by one for a while; then the joint body agrees to all the rest, the lead to half of it."""
    mine = _Share(share, of)
    return {
        "report 1": _timed(mine.reports(1)),
        "decisions": _timed(mine.decisions(seconds)),
        "agree 1": _timed(mine.agreements(1, of_lead=2)),
    }


def finish(share: int, of: int) -> dict[str, Any]:
    """What is left of the first round, then the other rounds with what was returned."""
    mine = _Share(share, of)
    told = {"agree 1, the rest": _timed(mine.agreements(1)), "sum up 1": _timed(mine.conclusions(1))}
    for number in range(2, mine.campaign.plan.rounds + 1):
        told[f"report {number}"] = _timed(mine.reports(number))
        told[f"agree {number}"] = _timed(mine.agreements(number))
        told[f"sum up {number}"] = _timed(mine.conclusions(number))
    return told


class _Share:
    """One process's units. Each method acts, and yields how many items that concerned."""

    def __init__(self, share: int, of: int) -> None:
        self.campaign = _running()
        self.units = list(self.campaign.participations.order_by("pk").values_list("pk", flat=True))[share::of]
        self.voices = _voices(self.campaign)
        self.entries = self.campaign.entries.filter(participation__in=self.units)

    def reports(self, number: int) -> Iterator[int]:
        """Each unit that has something to report does so."""
        from banshi.campaigns.actions import sign_report
        from banshi.people.models import Post

        at = _during(self.campaign, "report", number)
        open_ones = self.entries.filter(state__in=("preparing", "returned")).values("participation")
        heads = {post.organ_id: post.user for post in Post.objects.filter(role="head").select_related("user")}
        for unit in list(self.campaign.participations.filter(pk__in=open_ones)):
            yield sign_report(unit, by=heads[unit.organ_id], at=at).items

    def decisions(self, seconds: float) -> Iterator[int]:
        """As at the desk: each body gives its opinion, the lead body sums up."""
        from banshi.campaigns.actions import sum_up
        from banshi.campaigns.models import Review

        (lead, speaker), at = self.voices[0], _during(self.campaign, "review", 1)
        some = list(self.entries.select_related("text").order_by("pk")[: int(seconds * 100)])
        reviews = {(each.entry_id, each.body_id): each for each in Review.objects.filter(entry__in=some)}
        began = time.perf_counter()
        for entry in some:
            if time.perf_counter() - began > seconds:
                return
            for body, by in self.voices:
                _give(reviews[entry.pk, body.pk], body.code, entry, self.campaign, by, at)
            sum_up(entry, conclusion="pass", disposition=entry.disposition, body=lead, by=speaker, at=at)
            yield 1

    def agreements(self, number: int, of_lead: int = 1) -> Iterator[int]:
        """Bodies agree in bulk to what waits; the lead body to every `of_lead`-th."""
        from banshi.campaigns.actions import agree_to_many
        from banshi.campaigns.models import Review

        at = _during(self.campaign, "review", number)
        for body, by in self.voices:
            waiting = Review.objects.filter(body=body, round=number, verdict="", entry__participation__in=self.units)
            keys = list(waiting.order_by("entry_id").values_list("pk", flat=True))
            for some in _pieces(keys[:: of_lead if body.code == "lead" else 1], AT_ONCE):
                reviews = Review.objects.filter(pk__in=some).select_related("entry__text", "entry__campaign", "body")
                yield agree_to_many([(each, each.entry.text.digest) for each in reviews], by=by, at=at)

    def conclusions(self, number: int) -> Iterator[int]:
        """The lead body returns a few with what it asks, one by one, and passes the others in bulk; at last all."""
        from banshi.campaigns.actions import pass_many, sum_up

        (body, by), at = self.voices[0], _during(self.campaign, "review", number)
        ready = list(self.entries.filter(state="reviewing", waiting=0).order_by("pk").values_list("pk", flat=True))
        every = RETURNED if number == 1 else 2 if number < self.campaign.plan.rounds else len(ready) + 1
        for entry in self.campaign.entries.filter(pk__in=ready[every - 1 :: every]).order_by("pk"):
            sum_up(entry, conclusion="return", disposition="change", asks=ASKS, body=body, by=by, at=at)
            yield 1
        agreed = self.campaign.entries.filter(pk__in=ready, state="reviewing").order_by("pk")
        for some in _pieces(list(agreed.values_list("pk", flat=True)), AT_ONCE):
            entries = self.campaign.entries.filter(pk__in=some).select_related("text")
            yield pass_many([(each, each.text.digest) for each in entries], body=body, by=by, at=at)


def _give(review: Any, code: str, entry: Any, campaign: Any, by: Any, at: datetime) -> None:
    from banshi.campaigns.actions import CriterionAnswer, give_review

    answers = [CriterionAnswer(each.code, True) for each in campaign.plan.criteria_of(campaign.plan.body(code))]
    digest, disposition = entry.text.digest, entry.disposition
    give_review(review, verdict="agree", disposition=disposition, answers=answers, digest=digest, by=by, at=at)


def bare(seconds: float, share: int, of: int) -> dict[str, Any]:
    """The baseline: the rows of one decision, put in and changed by bare statements in as many transactions."""
    return {"decisions": _timed(_bare(seconds, share, of))}


def _bare(seconds: float, share: int, of: int) -> Iterator[int]:
    from banshi.campaigns.models import Review

    passed = _running().entries.filter(summings__conclusion="pass", round=1).distinct().order_by("pk")
    passed = passed[: int(seconds * 1000)]  # distinct: the other process adds sums meanwhile
    entries, began = list(passed)[share::of], time.perf_counter()
    for entry in entries:
        if time.perf_counter() - began > seconds:
            return
        for review in Review.objects.filter(entry=entry, round=1):
            _bare_review(entry, review)
        _bare_summing(entry)
        yield 1


def _bare_review(entry: Any, review: Any) -> None:
    from django.db import transaction

    from banshi.campaigns.models import Entry, Opinion

    with transaction.atomic():
        opinions = [Opinion(review=review, criterion=f"bare-{n}", agrees=True) for n in range(4)]
        Opinion.objects.bulk_create(opinions)
        review.save()
        Entry.objects.filter(pk=entry.pk).update(waiting=0)
        _bare_ledger()


def _bare_summing(entry: Any) -> None:
    from django.db import transaction

    from banshi.campaigns.models import EntryMove

    with transaction.atomic():
        summing = entry.summings.all()[0]
        summing.pk, summing._state.adding = None, True
        summing.save()
        at, words = summing.at, {"name": "bare", "source": "a", "to": "b", "actor": "a", "actor_name": "a"}
        EntryMove.objects.create(subject=entry, at=at, **words)
        entry.save(update_fields=["state"])
        _bare_ledger()


def _bare_ledger() -> None:
    import secrets

    from banshi.core.clock import now
    from banshi.ledger.models import LedgerEntry

    names = {"actor": "bare", "actor_name": "bare", "action": "bare", "subject": "bare"}
    LedgerEntry.objects.create(at=now(), **names, digest=secrets.token_hex(32))


def decide(count: int) -> dict[str, Any]:
    """One meeting decides on so many; the day of publication is arranged."""
    from banshi.campaigns.actions import Ruling, arrange_publication, record_decision

    campaign = _running()
    keys = list(campaign.entries.filter(state="agreed").order_by("pk").values_list("pk", flat=True)[:count])
    at, began = _during(campaign, "decide", 0), time.perf_counter()
    rulings = {each: Ruling("keep") for each in keys}
    record_decision(campaign, rulings, meeting="第十次常务会议", held_on=at.date(), by=_system(), at=at)
    took, published_at = time.perf_counter() - began, _during(campaign, "publish", 0)
    arrange_publication(campaign, on=published_at.date(), by=_system(), at=published_at)
    return {"done": len(keys), "seconds": took, "megabytes": _peak()}


def publish() -> dict[str, Any]:
    """Everything decided in one act; peak memory after a tenth of it and at the end."""
    from banshi.campaigns.actions import publish_decided
    from banshi.campaigns.models import Campaign

    campaign, peaks = Campaign.objects.get(), list[float]()
    began = time.perf_counter()
    done = publish_decided(
        campaign, report=lambda *_: peaks.append(_peak()), by=_system(), at=_during(campaign, "publish", 0)
    )
    took = time.perf_counter() - began
    return {"done": done, "seconds": took, "early": peaks[len(peaks) // 10], "megabytes": _peak()}


def check() -> dict[str, Any]:
    """What must be true afterwards: nothing half published, no count wrong, the ledger whole."""
    from banshi.campaigns.models import Campaign
    from banshi.catalog.models import Change, Publication
    from banshi.ledger.verification import verify

    campaign = Campaign.objects.get()
    states = [campaign.entries.filter(state=each).count() for each in ("published", "reviewing", "returned")]
    rows = {Publication.objects.filter(until=None).count(), Change.objects.count(), states[0]}
    began = time.perf_counter()
    told = verify()
    holds = told.holds and len(rows) == 1 and states[1:] == [0, 0]
    return {"holds": holds, "entries": told.count, "seconds": time.perf_counter() - began}


# Common to the steps


def _pieces(of: Iterable[Any], size: int) -> Iterator[list[Any]]:
    rest = iter(of)
    while some := list(islice(rest, size)):
        yield some


def _timed(work: Iterator[int]) -> dict[str, Any]:
    began = time.perf_counter()
    done = sum(work)
    return {"done": done, "seconds": time.perf_counter() - began}


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _running() -> Any:
    from banshi.campaigns.models import Campaign

    return Campaign.objects.get()


def _who(role: str) -> Any:
    from banshi.people.models import User

    return User.objects.filter(posts__role=role).order_by("pk")[0]


def _voices(campaign: Any) -> list[tuple[Any, Any]]:
    """Each body with who speaks for it, the lead first."""
    from banshi.people.models import User

    bodies = campaign.bodies.select_related("organ")
    return [(body, User.objects.get(posts__organ=body.organ)) for body in bodies]


def _during(campaign: Any, kind: str, number: int) -> datetime:
    """Noon of the last day of a phase."""
    codes = [each.code for each in campaign.plan.phases if each.kind == kind and each.round == number]
    return _noon(campaign.stages.get(phase__in=codes).ends)


def _noon(day: date) -> datetime:
    from banshi.core.clock import CHINA

    return datetime(day.year, day.month, day.day, 12, tzinfo=CHINA)


def _system() -> Any:
    from banshi.ledger import System

    return System("benchmark")


STEPS: dict[str, Callable[..., dict[str, Any]]] = {
    each.__name__: each for each in (make, begin, pages, finish, decide, publish, check, bare)
}


def main(step: str, given: Sequence[str]) -> dict[str, Any]:
    import django

    django.setup()
    gc.collect()
    gc.freeze()  # as a server process does
    return STEPS[step](*(float(each) if "." in each else int(each) for each in given))


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2:])))
