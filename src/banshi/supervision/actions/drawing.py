"""双随机: the seed bound, the list closed, numbers of others mixed in, the draw run, and inspections done."""

import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from banshi.access import Allowed, Permission, allows, authorize
from banshi.cases.actions import check_promise
from banshi.cases.enums import PromiseKind
from banshi.cases.models import Case, Promise
from banshi.catalog.models import Publication
from banshi.core.clock import CHINA, day_of
from banshi.core.crypto import decrypt, encrypt
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.core.repeats import refuse_repeated
from banshi.ledger import Actor, record
from banshi.notifications.notify import notify
from banshi.notifications.recipients import holders
from banshi.people.models import Organ, User
from banshi.people.posts import organs_where
from banshi.people.queries import account_of
from banshi.supervision.drawing import WHOLE, digest_of_file, digest_of_list, draw, key_of_draw, sha256
from banshi.supervision.models import DrawNumber, DrawParty, Inspection, InspectionDraw
from banshi.supervision.notifications import FAULTY, INSPECT, NUMBER_ASKED
from banshi.supervision.queries import with_what_is_inspected
from banshi.supervision.thresholds import draw_limits
from banshi.window.models import Counter

PURPOSE = "supervision.draw"
D = InspectionDraw.DrawKind


@transaction.atomic
def prepare_draw(
    organ: Organ, *, title: str, kind: str, count: int, checklist: Sequence[str], by: Actor, at: datetime
) -> InspectionDraw:
    """Make the seed, which nobody sees, and bind it by its digest in the ledger (commitment scheme)."""
    by = authorize(by, Permission.SUPERVISION_DRAW, organ, at=at)
    if not title.strip() or count < 1:
        raise BadInput("名称和抽几个都要写", [Problem("请写明", field="title")], remedy="写好后再提交。")
    told = {
        "organ": organ,
        "title": title.strip()[:100],
        "kind": D(kind),
        "count": count,
        "checklist": [each.strip()[:200] for each in checklist if each.strip()][:50],
    }
    refuse_repeated(
        organ,
        InspectionDraw.objects.filter(**told, drawn_at=None),
        f"“{told['title']}”已经组织了，还没有抽取",
        remedy="请在列表里打开它接着办；确要再抽一次的，请换一个名称。",
    )
    seed = secrets.token_hex(32)
    made = InspectionDraw.objects.create(
        **told,
        seed_sealed=encrypt(seed, purpose=PURPOSE),
        commitment=sha256(seed),
        prepared_by=account_of(by),
        prepared_at=at,
    )
    record("supervision.prepare_draw", made, by=by, at=at, facts={"commitment": made.commitment, "count": count})
    return made


@transaction.atomic
def close_list(
    of: InspectionDraw, *, ended_since: date, inspectors: Sequence[User], by: Actor, at: datetime
) -> InspectionDraw:
    """Close the list (名单截止) of what may be drawn and of who inspects, with its digest in the ledger."""
    now, by = _held(of, by=by, at=at)
    if now.closed_at:
        raise Conflict("名单已经截止", remedy="请刷新页面查看。")
    since = datetime.combine(ended_since, time(), CHINA)
    organs = organs_where(account_of(by), Permission.SUPERVISION_DRAW, at)
    found, people = CANDIDATES[D(now.kind)](organs, since), _organs_of(inspectors, at)
    if len(found) < now.count or not people:
        raise BadInput(
            f"名单里有{len(found)}件、{len(people)}名检查人员，不够抽{now.count}件",
            remedy="请改抽的件数、起始日期或检查人员。",
        )
    now.candidates, now.inspectors, now.closed_at = found, people, at
    now.list_digest = digest_of_list(found, people)
    now.save(update_fields=["candidates", "inspectors", "closed_at", "list_digest"])
    facts = {"digest": now.list_digest, "candidates": len(found), "inspectors": len(people)}
    record("supervision.close_list", now, by=by, at=at, facts=facts)
    return now


Candidates = list[dict[str, Any]]


def _cases(organs: QuerySet[Organ], since: datetime) -> Candidates:
    rows = Case.objects.filter(organ__in=organs, ended_at__gte=since).order_by("pk").values_list("pk", "organ")
    return [{"key": f"case:{pk}", "organ": organ} for pk, organ in rows]


def _commitments(organs: QuerySet[Organ], since: datetime) -> Candidates:
    rows = Promise.objects.filter(kind=PromiseKind.COMMITMENT, ending="", drawn_at__isnull=False)
    rows = rows.filter(application__case__organ__in=organs, application__case__received_at__gte=since)
    found = rows.order_by("pk").values_list("pk", "application__case__organ")
    return [{"key": f"promise:{pk}", "organ": organ} for pk, organ in found]


def _windows(organs: QuerySet[Organ], since: datetime) -> Candidates:
    rows = Counter.objects.filter(active=True, hall__active=True, hall__organ__in=organs).order_by("pk")
    return [
        {"key": f"window:{each.pk}", "label": f"{each.hall.name}{each}", "organ": each.hall.organ_id}
        for each in rows.select_related("hall")
    ]


def _guides(organs: QuerySet[Organ], since: datetime) -> Candidates:
    rows = Publication.objects.filter(until=None, item__organ__in=organs).order_by("pk")
    found = rows.values_list("pk", "item__name", "item__organ")
    return [{"key": f"guide:{pk}", "label": name, "organ": organ} for pk, name, organ in found]


CANDIDATES: dict[str, Callable[[QuerySet[Organ], datetime], Candidates]] = {
    D.CASES: _cases,
    D.COMMITMENTS: _commitments,
    D.WINDOWS: _windows,
    D.GUIDES: _guides,
}
"""Who may be drawn. The file is published, so that it names what is public and tells the rest by its key alone."""


def _organs_of(inspectors: Sequence[User], at: datetime) -> list[dict[str, object]]:
    """List inspectors with all organs of the posts they hold then."""
    day = day_of(at)
    held = Q(until=None) | Q(until__gte=day)
    return [
        {
            "key": f"user:{person.pk}",
            "organs": sorted(set(person.posts.filter(held, since__lte=day).values_list("organ", flat=True))),
        }
        for person in inspectors
    ]


@transaction.atomic
def ask_party(of: InspectionDraw, *, party: str, account: str, by: Actor, at: datetime) -> DrawParty:
    """Ask a party to give its own number by the account it names, which must not be of who organises or inspects."""
    now, by = _held(of, by=by, at=at)
    if now.drawn_at:
        raise Conflict("已经抽取，不能再请人给数", remedy="请刷新页面查看。")
    if not party.strip():
        raise BadInput("没有写是哪一方", [Problem("请写明", field="party")], remedy="写好后再提交。")
    found = User.objects.filter(username=User.normalize_username(account), is_active=True).first()
    if found is None:
        raise BadInput("没有这个账号", [Problem("没有这个账号，请向这一方问清登录用的账号名", field="account")])
    inspecting = {each["key"] for each in now.inspectors}
    if f"user:{found.pk}" in inspecting or allows(found, Permission.SUPERVISION_DRAW, now, at=at):
        told = "组织抽查的人和检查人员不能给数"
        raise BadInput(told, [Problem(told, field="account")], remedy="请找不组织、不检查的一方。")
    name = party.strip()[:100]
    if now.parties.filter(Q(name=name) | Q(account=found)).exists() or now.numbers.filter(party=name).exists():
        raise Conflict("这一方或这个账号已经请过了", remedy="请刷新页面查看。")
    made = DrawParty.objects.create(draw=now, name=name, account=found, asked_at=at)
    record("supervision.ask_party", now, by=by, at=at, facts={"party": name, "account": found.pk})
    notify(NUMBER_ASKED, [found.pk], subject=made, context={"title": now.title, "party": name}, at=at)
    return made


@transaction.atomic
def give_number(of: DrawParty, *, number: str, by: Actor, at: datetime) -> DrawNumber:
    """Give the number of one's own party, once, after the list was closed and before the draw."""
    now = InspectionDraw.objects.select_for_update(of=("self",)).get(pk=of.draw_id)
    by = authorize(by, Permission.SUPERVISION_NUMBER, of, at=at)
    if now.closed_at is None:
        raise Conflict("名单还没有截止，现在不能给数", remedy="名单截止以后再给：先给了，名单就能照着数改。")
    return _number(now, of.name, number, "supervision.give_number", by=by, at=at, own=True)


def _number(
    now: InspectionDraw, party: str, number: str, act: str, *, by: Allowed, at: datetime, own: bool
) -> DrawNumber:
    if now.closed_at is None or now.drawn_at:
        raise Conflict("名单截止以后、抽取以前才能给数", remedy="请刷新页面查看。")
    if not party.strip() or not number.strip():
        raise BadInput("谁给的、给的什么数都要写", remedy="写好后再提交。")
    if now.numbers.filter(party=party.strip()[:100]).exists():
        raise Conflict("这一方已经给过数", remedy="给了的数不能改。")
    given = {"party": party.strip()[:100], "number": number.strip()[:200]}
    made = DrawNumber.objects.create(draw=now, **given, given_by=account_of(by) if own else None, at=at)
    record(act, now, by=by, at=at, facts=given)
    return made


@transaction.atomic
def add_number(of: InspectionDraw, *, party: str, number: str, by: Actor, at: datetime) -> DrawNumber:
    """Write down the number of a public beacon, or of a party without an account, and be told to have written it."""
    now, by = _held(of, by=by, at=at)
    if now.parties.filter(name=party.strip()[:100]).exists():
        raise Conflict("请了这一方自己给数，别人不能替它给", remedy="请提醒它用自己的账号给。")
    return _number(now, party, number, "supervision.add_number", by=by, at=at, own=False)


@transaction.atomic
def run_draw(of: InspectionDraw, *, by: Actor, at: datetime) -> InspectionDraw:
    """Draw, show the seed, and give each that was drawn to its inspector."""
    now, by = _held(of, by=by, at=at)
    given = list(now.numbers.all())
    numbers = [{"party": each.party, "number": each.number} for each in given]
    silent = [each.name for each in now.parties.all() if each.name not in {one.party for one in given}]
    if now.closed_at is None or now.drawn_at or not numbers:
        raise Conflict("名单截止、至少有一方给了数以后才能抽，只能抽一次", remedy="请刷新页面查看。")
    if silent and at < (until := now.closed_at + timedelta(hours=draw_limits().party_hours)):
        raise Conflict(
            f"{'、'.join(silent)}还没有给数，要等到{until.astimezone(CHINA):%-m月%-d日 %H:%M}",
            remedy="请提醒它们用自己的账号给数；到时还不给的，可以抽，公布的文件里写明。",
        )
    seed = decrypt(bytes(now.seed_sealed), purpose=PURPOSE)
    key = key_of_draw(seed, now.list_digest, numbers)
    try:
        result = draw(key, now.candidates, now.inspectors, now.count)
    except ValueError as error:
        raise Conflict("有的办件没有别的单位的人可以检查", remedy="请重新组织，多列几名检查人员。") from error
    now.drawn_at = at
    now.told = {
        "title": now.title,
        "kind": now.kind,
        "count": now.count,
        "commitment": now.commitment,
        "seed": seed,
        "list_digest": now.list_digest,
        "candidates": now.candidates,
        "inspectors": now.inspectors,
        "numbers": [
            {**told, "own": each.given_by_id is not None, "at": each.at.astimezone(UTC).isoformat()}
            for told, each in zip(numbers, given, strict=True)
        ],
        "silent": silent,
        "result": result,
    }
    now.told[WHOLE] = digest_of_file(now.told)
    now.save(update_fields=["drawn_at", "told"])
    organs = {each["key"]: each["organ"] for each in now.candidates}
    for each in result:
        inspector = int(each["inspector"].partition(":")[2])
        what = _inspected(each["drawn"])
        Inspection.objects.create(draw=now, organ_id=organs[each["drawn"]], inspector_id=inspector, **what)
    record("supervision.run_draw", now, by=by, at=at, facts={"seed": seed, "result": result, WHOLE: now.told[WHOLE]})
    told = sorted({int(each["inspector"].partition(":")[2]) for each in result})
    notify(INSPECT, told, subject=now, context={"title": now.title}, at=at)
    return now


def _inspected(drawn: str) -> dict[str, Any]:
    """Return the columns of an inspection of what was drawn."""
    kind, _, key = drawn.partition(":")
    if kind == "promise":
        promise = Promise.objects.select_related("application__case").get(pk=int(key))
        return {"case": promise.application.case, "promise": promise}
    return {{"case": "case_id", "window": "counter_id", "guide": "publication_id"}[kind]: int(key)}


@transaction.atomic
def record_inspection(
    of: Inspection,
    *,
    faulty: bool,
    marks: Sequence[str] = (),
    words: str,
    right_by: date | None = None,
    by: Actor,
    at: datetime,
) -> Inspection:
    """Record what an inspection found.

    A commitment drawn to be checked is checked by it (事后核查).
    """
    rows = with_what_is_inspected(Inspection.objects.select_for_update(of=("self",)))
    now = rows.select_related("draw").get(pk=of.pk)
    by = authorize(by, Permission.SUPERVISION_INSPECT, now, at=at)
    if now.inspected_at:
        raise Conflict("已经填过检查结果", remedy="请刷新页面查看。")
    if not words.strip():
        raise BadInput("没有写检查的情况", [Problem("请写明怎么查的、查到什么", field="words")])
    if "not" in marks and not faulty:
        raise BadInput("结果和检查内容对不上", [Problem("有“不符合”的，结果应当是发现问题", field="faulty")])
    if faulty and (right_by is None or right_by <= day_of(at)):
        raise BadInput("发现问题的要写改正期限", [Problem("请写今天以后的日期", field="right_by")])
    if now.promise:
        check_promise(now.promise, true=not faulty, words=words, by=by, at=at)
    now.faulty, now.marks, now.words, now.inspected_at = faulty, [str(each)[:20] for each in marks], words.strip(), at
    now.right_by = right_by if faulty else None
    now.save(update_fields=["faulty", "marks", "words", "inspected_at", "right_by"])
    record("supervision.inspect", now, by=by, at=at, facts={"draw": now.draw_id, "faulty": faulty})
    if faulty:
        people = holders([now.organ_id], Permission.SUPERVISION_ANSWER, day_of(at)).get(now.organ_id, set())
        told = {"title": now.draw.title, "number": str(now), "last": right_by}
        notify(FAULTY, people, subject=now.draw, context=told, at=at)
    return now


@transaction.atomic
def put_right(of: Inspection, *, words: str, by: Actor, at: datetime) -> Inspection:
    """Record that the organ has put right what was found (整改)."""
    now = Inspection.objects.select_for_update(of=("self",)).get(pk=of.pk)
    by = authorize(by, Permission.SUPERVISION_ANSWER, now, at=at)
    if not now.faulty or now.righted_at:
        raise Conflict("没有要改正的问题", remedy="请刷新页面查看。")
    if not words.strip():
        raise BadInput("没有写怎么改正的", [Problem("请写明", field="words")])
    now.righted_at, now.righted_words = at, words.strip()
    now.save(update_fields=["righted_at", "righted_words"])
    record("supervision.put_right", now, by=by, at=at, facts={"draw": now.draw_id})
    return now


def _held(of: InspectionDraw, *, by: Actor, at: datetime) -> tuple[InspectionDraw, Allowed]:
    now = InspectionDraw.objects.select_for_update(of=("self",)).select_related("organ").get(pk=of.pk)
    return now, authorize(by, Permission.SUPERVISION_DRAW, now, at=at)
