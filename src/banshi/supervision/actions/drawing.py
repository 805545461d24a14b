"""双随机: the seed bound, the list closed, numbers of others mixed in, the draw run, and inspections done."""

import re
import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
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
from banshi.notifications.models import Notification
from banshi.notifications.notify import notify
from banshi.notifications.recipients import holders
from banshi.people.models import Organ, User
from banshi.people.posts import organs_where
from banshi.people.queries import account_of
from banshi.supervision.drawing import (
    SEALED,
    SILENT,
    UNOPENED,
    WHOLE,
    digest_of_file,
    digest_of_list,
    draw,
    key_of_draw,
    seal_of,
    sha256,
)
from banshi.supervision.models import DrawNumber, DrawParty, Inspection, InspectionDraw
from banshi.supervision.notifications import FAULTY, INSPECT, NUMBER_ASKED, NUMBER_OPEN
from banshi.supervision.queries import DrawStanding, standing_of, with_what_is_inspected
from banshi.window.models import Counter

PURPOSE, SHA256 = "supervision.draw", re.compile("[0-9a-f]{64}")
BEACON = "公开信标"
"""Name of the beacon of lists that were closed before one was named with them."""
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
    of: InspectionDraw, *, ended_since: date, inspectors: Sequence[User], beacon: str, by: Actor, at: datetime
) -> InspectionDraw:
    """Close the list (名单截止) of what may be drawn and of who inspects, with its digest and the name of a beacon in the ledger."""
    now, by = _held(of, by=by, at=at)
    if now.closed_at:
        raise Conflict("名单已经截止", remedy="请刷新页面查看。")
    if not beacon.strip() or now.parties.filter(name=beacon.strip()[:100]).exists():
        told = "请写明用哪个公开信标、哪一期，不能是请来的一方"
        raise BadInput(told, [Problem(told, field="beacon")], remedy="写好后再提交。")
    since = datetime.combine(ended_since, time(), CHINA)
    organs = organs_where(account_of(by), Permission.SUPERVISION_DRAW, at)
    found, people = CANDIDATES[D(now.kind)](organs, since), _organs_of(inspectors, at)
    if len(found) < now.count or not people:
        raise BadInput(
            f"名单里有{len(found)}件、{len(people)}名检查人员，不够抽{now.count}件",
            remedy="请改抽的件数、起始日期或检查人员。",
        )
    now.candidates, now.inspectors, now.closed_at = found, people, at
    now.list_digest, now.beacon = digest_of_list(found, people), beacon.strip()[:100]
    now.save(update_fields=["candidates", "inspectors", "closed_at", "list_digest", "beacon"])
    facts = {"digest": now.list_digest, "candidates": len(found), "inspectors": len(people), "beacon": now.beacon}
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
    there = standing_of(now)
    if now.drawn_at or there.numbers or (there.parties and there.opens_at and at >= there.opens_at):
        raise Conflict(
            "各方已经开始打开，或者已经抽取，不能再请人给数", remedy="后来的人看得到先打开的数。请刷新页面查看。"
        )
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
    if now.parties.filter(Q(name=name) | Q(account=found)).exists() or name == now.beacon:
        raise Conflict("这一方或这个账号已经请过了", remedy="请刷新页面查看。")
    made = DrawParty.objects.create(draw=now, name=name, account=found, asked_at=at)
    record("supervision.ask_party", now, by=by, at=at, facts={"party": name, "account": found.pk})
    notify(NUMBER_ASKED, [found.pk], subject=made, context={"title": now.title, "party": name}, at=at)
    return made


@transaction.atomic
def seal_number(of: DrawParty, *, seal: str, by: Actor, at: datetime) -> DrawParty:
    """Seal the number of one's own party by its digest alone, once, after the list was closed (commitment scheme)."""
    now, party = _of_party(of)
    by = authorize(by, Permission.SUPERVISION_NUMBER, party, at=at)
    there = standing_of(now)
    if there.opens_at is None:
        raise Conflict("名单还没有截止，现在不能封数", remedy="名单截止以后再封：先封了，名单就能照着改。")
    if party.seal or party.name in there.opened:
        raise Conflict("这一方已经封好了数", remedy="封好的不能改。")
    if now.drawn_at or at >= there.opens_at:
        raise Conflict("封数的时间已经过了", remedy="各方已经开始打开，现在再封就不公平了。")
    if not SHA256.fullmatch(seal):
        raise BadInput("摘要不对", [Problem("应当是64个0到9、a到f的字", field="seal")])
    party.seal, party.sealed_at = seal, at
    party.save(update_fields=["seal", "sealed_at"])
    record("supervision.seal_number", now, by=by, at=at, facts={"party": party.name, "seal": seal})
    if not standing_of(now).silent:
        tell_to_open(now, at=at)
    return party


def tell_to_open(of: InspectionDraw, *, at: datetime) -> None:
    """Tell each party that has not opened its number, once, that it is time to."""
    for each in standing_of(of).unopened:
        if not Notification.objects.filter(user=each.account_id, kind=NUMBER_OPEN.code, key=each.pk).exists():
            told = {"title": of.title, "party": each.name}
            notify(NUMBER_OPEN, [each.account_id], subject=each, context=told, at=at)


@transaction.atomic
def open_number(of: DrawParty, *, number: str, by: Actor, at: datetime) -> DrawNumber:
    """Open the number of one's own party, which has to be the sealed one, after all have sealed and within the time for it."""
    now, party = _of_party(of)
    by = authorize(by, Permission.SUPERVISION_NUMBER, party, at=at)
    there = standing_of(now)
    if party.name in there.opened:
        raise Conflict("这一方已经打开了数", remedy="打开了的不能改。")
    if not party.seal or there.opens_at is None or there.ends_at is None or at < there.opens_at:
        raise Conflict("还不能打开", remedy="各方都封好，或者封数的时间过了以后，才能打开。")
    if now.drawn_at or at >= there.ends_at:
        raise Conflict("打开的时间已经过了，这个数不算", remedy="公布的文件里会写明封了没有打开。")
    if seal_of(now.commitment, party.name, number.strip()) != party.seal:
        told = "和先前封的不是同一个数，请对照抄下来的再写，一个字也不能差"
        raise BadInput("打不开", [Problem(told, field="number")])
    return _number(now, party.name, number, "supervision.open_number", by=by, at=at, own=True)


def _of_party(of: DrawParty) -> tuple[InspectionDraw, DrawParty]:
    now = InspectionDraw.objects.select_for_update(of=("self",)).get(pk=of.draw_id)
    return now, now.parties.get(pk=of.pk)


def _number(
    now: InspectionDraw, party: str, number: str, act: str, *, by: Allowed, at: datetime, own: bool
) -> DrawNumber:
    if not number.strip():
        raise BadInput("没有写是什么数", [Problem("请写明", field="number")], remedy="写好后再提交。")
    given = {"party": party, "number": number.strip()[:200]}
    made = DrawNumber.objects.create(draw=now, **given, given_by=account_of(by) if own else None, at=at)
    record(act, now, by=by, at=at, facts=given)
    return made


@transaction.atomic
def add_number(of: InspectionDraw, *, number: str, by: Actor, at: datetime) -> DrawNumber:
    """Write down the number of the beacon that was named with the list, where it decides, after the opening is over."""
    now, by = _held(of, by=by, at=at)
    there = standing_of(now)
    if there.ends_at is None or now.drawn_at or any(each.given_by_id is None for each in there.numbers):
        raise Conflict("现在不能登记信标的数", remedy="名单截止以后、抽取以前登记，只登记一次。请刷新页面查看。")
    if at < there.ends_at:
        raise Conflict(_waiting(there, at), remedy="信标的数在打开截止以后读，免得有人看了它再决定开不开。")
    if not there.wants_beacon:
        raise Conflict("各方都打开了自己的数，不用信标", remedy="可以抽取了。")
    return _number(now, now.beacon or BEACON, number, "supervision.add_number", by=by, at=at, own=False)


def _waiting(there: DrawStanding, at: datetime) -> str:
    """Say whom a draw still waits for, and until when."""
    assert there.opens_at is not None and there.ends_at is not None
    some, until = (there.silent, there.opens_at) if at < there.opens_at else (there.unopened, there.ends_at)
    names = "、".join(each.name for each in some)
    what = "封数" if at < there.opens_at else "打开封好的数"
    return f"{names}还没有{what}，要等到{until.astimezone(CHINA):%-m月%-d日 %H:%M}"


@transaction.atomic
def run_draw(of: InspectionDraw, *, by: Actor, at: datetime) -> InspectionDraw:
    """Draw, show the seed, and give each that was drawn to its inspector."""
    now, by = _held(of, by=by, at=at)
    there = standing_of(now)
    numbers = [{"party": each.party, "number": each.number} for each in there.numbers]
    if there.ends_at is None or now.drawn_at:
        raise Conflict("名单截止以后才能抽，只能抽一次", remedy="请刷新页面查看。")
    if at < there.ends_at:
        raise Conflict(
            _waiting(there, at), remedy="请提醒它们用自己的账号封数、打开；到时还没有的，不算，公布的文件里写明。"
        )
    if there.wants_beacon and all(each.given_by_id for each in there.numbers):
        raise Conflict("有一方没有给数，或者没有请各方，要用信标的数", remedy=f"请先登记“{now.beacon or BEACON}”的数。")
    seed = decrypt(bytes(now.seed_sealed), purpose=PURPOSE)
    key = key_of_draw(seed, now.list_digest, numbers)
    try:
        result = draw(key, now.candidates, now.inspectors, now.count)
    except ValueError as error:
        raise Conflict("有的办件没有别的单位的人可以检查", remedy="请重新组织，多列几名检查人员。") from error
    now.drawn_at, seals = at, {each.name: each.seal for each in there.parties}
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
            | ({"seal": seals[each.party]} if seals.get(each.party) else {})
            for told, each in zip(numbers, there.numbers, strict=True)
        ],
        SILENT: [each.name for each in there.silent],
        "result": result,
    }
    if now.beacon:  # a list that was closed before there were seals has no beacon
        unopened = [{"party": each.name, "seal": each.seal} for each in there.unopened]
        now.told |= {"procedure": SEALED, "beacon": now.beacon, UNOPENED: unopened}
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
    check_faulty(now)
    if not words.strip():
        raise BadInput("没有写怎么改正的", [Problem("请写明", field="words")])
    now.righted_at, now.righted_words = at, words.strip()
    now.save(update_fields=["righted_at", "righted_words"])
    record("supervision.put_right", now, by=by, at=at, facts={"draw": now.draw_id})
    return now


def check_faulty(of: Inspection) -> None:
    """Refuse to put right what was not found, or was put right before."""
    if not of.faulty or of.righted_at:
        raise Conflict("没有要改正的问题", remedy="请刷新页面查看。")


def _held(of: InspectionDraw, *, by: Actor, at: datetime) -> tuple[InspectionDraw, Allowed]:
    now = InspectionDraw.objects.select_for_update(of=("self",)).select_related("organ").get(pk=of.pk)
    return now, authorize(by, Permission.SUPERVISION_DRAW, now, at=at)
