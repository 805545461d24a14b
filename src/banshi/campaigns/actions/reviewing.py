"""Reviewers: taking a piece of work, giving an opinion, summing up, settling disputes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.timezone import localtime

from banshi.access import Allowed, Permission, authorize, authorize_many
from banshi.campaigns.enums import ENDING, Conclusion, Disposition, Outcome, PhaseKind, Verdict
from banshi.campaigns.events import REVIEWED
from banshi.campaigns.models import (
    Campaign,
    Conference,
    Consultation,
    Dispute,
    Entry,
    Opinion,
    Review,
    ReviewBody,
    Summing,
)
from banshi.campaigns.queries import (
    COUNTED,
    claimed_now,
    counted_codes,
    speaking_post,
    stage_of_round,
)
from banshi.catalog.actions import return_texts
from banshi.catalog.actions.drafts import content_digest
from banshi.catalog.guards import refuse_incomplete_stored
from banshi.core.clock import chinese_date
from banshi.core.errors import BadInput, Conflict, Problem, Refused
from banshi.core.repeats import refuse_repeated
from banshi.events import Occurrence, emit, emit_many
from banshi.ledger import Act, Actor, record, record_many
from banshi.people.models import User
from banshi.people.queries import account_of
from banshi.workflow.actions import move, move_held, move_many
from banshi.workflow.transitions import authorize_move
from banshi.workflow.versions import definition_of

ROWS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class CriterionAnswer:
    """A body's answer to one criterion. Who does not agree says why."""

    criterion: str
    agrees: bool
    text: str = ""
    path: str = ""


@transaction.atomic
def claim_review(review: Review, *, by: User, at: datetime) -> Any:
    """Claim a review, so that two do not read the same (有人在看).

    What somebody took who no longer reviews here may be taken anew.
    """
    now = lock_review(review, at)
    authorize(by, Permission.REVIEW_GIVE, now, at=at)
    if now.verdict or (now.held and now.claimed_by_id != by.pk):
        raise Conflict(f"{now.given_by or now.claimed_by}已经在审这一项", remedy="请从列表里另选一项。")
    if not now.held:
        now.claimed_by, now.claimed_at = by, at
        now.save(update_fields=["claimed_by", "claimed_at"])
        record("campaigns.claim_review", now, by=by, at=at)
    return now


@transaction.atomic
def release_review(review: Review, *, by: User, at: datetime) -> None:
    """Put it back on the desk."""
    authorize(by, Permission.REVIEW_GIVE, review, at=at)
    mine = Review.objects.filter(pk=review.pk, verdict="", claimed_by=by)
    if mine.update(claimed_by=None, claimed_at=None):
        record("campaigns.release_review", review, by=by, at=at)


@transaction.atomic
def give_review(
    review: Review,
    *,
    verdict: str,
    disposition: str,
    answers: Sequence[CriterionAnswer] = (),
    note: str = "",
    digest: str,
    by: User,
    at: datetime,
) -> Review:
    """Give a body's opinion on an entry, on the text with `digest`.

    Given once in a round. A deputy is named with whom it is for.
    """
    now = lock_review(review, at)
    allowed = authorize(by, Permission.REVIEW_GIVE, now, at=at)
    name, facts = _named(by, now.body, at)
    return write_review(
        now,
        verdict=verdict,
        disposition=disposition,
        answers=answers,
        note=note,
        digest=digest,
        name=name,
        by=allowed,
        at=at,
        **facts,
    )


def _named(by: User, body: ReviewBody, at: datetime) -> tuple[str, dict[str, str]]:
    """Return the name under which an opinion is kept, and the ledger's facts when it is a deputy's."""
    post = speaking_post(by, body, at)
    if post is None or post.user_id == by.pk:
        return by.ledger_name, {}
    facts = {"for": post.user.ledger_id, "for_name": post.user.ledger_name}
    return f"{by.ledger_name}（代{post.user.ledger_name}）", facts


def write_review(
    review: Review,
    *,
    verdict: str,
    disposition: str,
    answers: Sequence[CriterionAnswer],
    note: str,
    digest: str,
    name: str,
    by: Allowed,
    at: datetime,
    **facts: str,
) -> Review:
    """Keep an opinion of whoever may give it.

    Part of an action, which has locked the entry.
    """
    entry = review.entry
    _open_for(review, entry, digest, by)
    _begun(review, entry, at)
    plan, problems = entry.campaign.plan, []
    asked = {each.code: each.label for each in plan.criteria_of(review.body.planned)}
    answered_no = {each.code: each.no for each in plan.criteria_of(review.body.planned)}
    given = {each.criterion: each for each in answers}
    if verdict not in Verdict.values:
        problems.append(Problem("请选择意见", field="verdict"))
    if disposition not in Disposition.values:
        problems.append(Problem("请选择处置意见", field="disposition"))
    if unknown := set(given) - set(asked):
        problems.append(Problem(f"没有这样的审核标准：{'、'.join(sorted(unknown))}"))
    problems += [Problem(f"请就“{label}”提出意见", field=code) for code, label in asked.items() if code not in given]
    problems += [
        Problem(f"“{asked[code]}”选了“{answered_no[code]}”的，请写明理由", field=code)
        for code, each in given.items()
        if code in asked and not each.agrees and not each.text.strip()
    ]
    if verdict != Verdict.AGREE and not note.strip() and all(each.agrees for each in answers):
        problems.append(Problem("不同意或需修改的，请写明要改什么", field="note"))
    if problems:
        raise BadInput("意见还没写完", problems)
    if verdict == Verdict.AGREE and disposition not in ENDING:
        refuse_incomplete_stored([entry.text_id], "同意")
    review.verdict, review.disposition, review.note = Verdict(verdict), Disposition(disposition), note.strip()
    review.digest, review.given_by, review.given_at = digest, name[:150], at
    review.save(update_fields=["verdict", "disposition", "note", "digest", "given_by", "given_at"])
    opinions = Opinion.objects.bulk_create(
        [
            Opinion(review=review, criterion=each.criterion, agrees=each.agrees, text=each.text.strip(), path=each.path)
            for each in answers
        ]
    )
    if review.body.planned.role in COUNTED:
        Entry.objects.filter(pk=entry.pk).update(waiting=F("waiting") - 1)
    told = {"entry": entry.pk, "round": review.round, "verdict": verdict, "disposition": disposition, "digest": digest}
    told["opinion"] = opinion_digest(review, opinions)
    record("campaigns.give_review", review, by=by, at=at, facts={**told, **facts})
    body = review.body.code
    emit(REVIEWED, entry, by=by, at=at, body=body, round=review.round, verdict=str(review.verdict))
    return review


def lock_review(review: Review, at: datetime) -> Any:
    """Lock one review.

    Raises Conflict when it is gone.
    """
    if not (found := lock_reviews([review], at)):
        raise Conflict("这一项刚被上报单位撤回", remedy="它重新上报后，会再到审核台来。")
    return found[0]


def lock_reviews(reviews: Sequence[Review], at: datetime) -> list[Any]:
    """Lock reviews and read them anew, with `held`.

    Their entries are locked first, so that reports, recalls and opinions take turns.
    """
    locked = Entry.objects.select_for_update(of=("self",)).filter(pk__in=[each.entry_id for each in reviews])
    related = locked.select_related("text", "campaign", "participation").defer("text__content")
    entries = {each.pk: each for each in related.order_by("id")}
    asked = Review.objects.select_related("body").filter(pk__in=[each.pk for each in reviews])
    found: list[Any] = list(asked.order_by("entry_id", "id"))
    taken = [each.pk for each in found if each.claimed_by_id]
    held = set(Review.objects.filter(claimed_now(at), pk__in=taken).values_list("pk", flat=True)) if taken else set()
    campaigns: dict[int, Campaign] = {}
    for each in found:
        each.entry, each.held = entries[each.entry_id], each.pk in held
        each.entry.campaign = each.body.campaign = campaigns.setdefault(each.entry.campaign_id, each.entry.campaign)
    return found


def opinion_digest(review: Review, opinions: Sequence[Opinion]) -> str:
    """Digest of all that a reviewer said, kept in the ledger so that it proves the opinion too."""
    answers = sorted([each.criterion, each.agrees, each.text, each.path] for each in opinions)
    said = [review.verdict, review.disposition, review.note, review.digest, review.given_by, answers]
    return content_digest({"said": said})


def _open_for(review: Any, entry: Entry, digest: str, by: Actor) -> None:
    if review.verdict:
        raise Conflict(
            f"{review.given_by}已经代表{review.body}提过意见", remedy="要补充的，请告诉牵头审核单位，由它汇总。"
        )
    if review.held and review.claimed_by != account_of(by):
        raise Conflict(f"{review.claimed_by}正在审这一项", remedy="请从列表里另选一项，或请对方退回。")
    if review.round != entry.round or (entry.text and entry.text.digest != digest):
        raise Conflict("这一项刚重新上报过，您看的不是最新的", remedy="请刷新页面，看过新的内容再提意见。")
    joint = review.body.planned.role in COUNTED
    if entry.state not in (("reviewing",) if joint else ("reviewing", "agreed")):
        raise Conflict("这一项这一轮已经有了结论，不能再提意见")


def _begun(review: Review, entry: Entry, at: datetime) -> None:
    stages = stage_of_round(entry.campaign, PhaseKind.REVIEW, entry.round, entry.batch)
    if review.body.planned.role in COUNTED and stages and localtime(at).date() < stages[0].begins:
        raise Conflict(f"这一批的审核从{chinese_date(stages[0].begins)}开始", remedy="现在可以先看，到时候再提意见。")


@transaction.atomic
def agree_to_many(seen: Sequence[tuple[Review, str]], *, by: User, at: datetime) -> int:
    """Agree to many (批量同意), each review with the digest of the text that was shown.

    It is all or none. Safe ones only, the caller shows which.
    """
    digests = {review.pk: digest for review, digest in seen}
    found = lock_reviews([review for review, _ in seen], at)
    if len(found) != len(seen):
        raise Conflict("有的事项刚被上报单位撤回，一项都没有处理", remedy="请回到审核台重新选择。")
    authorize_many(by, Permission.REVIEW_GIVE, found, at=at)
    refuse_incomplete_stored([e.entry.text_id for e in found if e.entry.disposition not in ENDING], "同意")
    by_body = dict[ReviewBody, list[Any]]()
    for review in found:
        by_body.setdefault(review.body, []).append(review)
    for body, reviews in by_body.items():
        entries = [each.entry for each in reviews]
        name, more = _named(by, body, at)
        for review in reviews:
            _open_for(review, review.entry, digests[review.pk], by)
        for review in {(each.round, each.entry.batch): each for each in reviews}.values():
            _begun(review, review.entry, at)
        entry = Entry.objects.filter(pk=OuterRef("entry"))
        as_read = {
            "disposition": Subquery(entry.values("disposition")),
            "digest": Subquery(entry.values("text__digest")),
        }
        given = Review.objects.filter(pk__in=[each.pk for each in reviews])
        given.update(verdict=Verdict.AGREE, note="", given_by=name[:150], given_at=at, **as_read)
        asked = body.campaign.plan.criteria_of(body.planned)
        answers = [
            Opinion(review=each, criterion=criterion.code, agrees=True) for each in reviews for criterion in asked
        ]
        said: dict[int, list[Opinion]] = {}
        for answer in answers:
            said.setdefault(answer.review_id, []).append(answer)
        Opinion.objects.bulk_create(answers, ROWS_AT_ONCE)
        if body.planned.role in COUNTED:
            Entry.objects.filter(pk__in=[each.pk for each in entries]).update(waiting=F("waiting") - 1)
        acts = []
        for each in reviews:
            each.verdict, each.disposition, each.note = Verdict.AGREE, each.entry.disposition, ""
            each.digest, each.given_by = _digest(each.entry), name[:150]
            proof = {"opinion": opinion_digest(each, said.get(each.pk, []))}
            told = {"verdict": Verdict.AGREE, "disposition": each.entry.disposition, "digest": _digest(each.entry)}
            told |= {"entry": each.entry.pk, "round": each.round}
            acts.append(Act("campaigns.give_review", each, told | proof | more))
        record_many(acts, by=by, at=at)
        told = {"body": body.code, "verdict": str(Verdict.AGREE)}
        emit_many(REVIEWED, [Occurrence(each.entry, {**told, "round": each.round}) for each in reviews], by=by, at=at)
    return len(found)


@transaction.atomic
def sum_up(
    entry: Entry,
    *,
    conclusion: str,
    disposition: str,
    asks: Sequence[str] = (),
    aside: str = "",
    question: str = "",
    digest: str | None = None,
    reopen: bool = False,
    body: ReviewBody,
    by: Actor,
    at: datetime,
) -> Entry:
    """Conclude the round (汇总) for the lead body, on the text with `digest` where it names one.

    Without the opinions of others only after the stage's end, with a reason. What has passed may be opened again by who
    says so (`reopen`).
    """
    rows = Entry.objects.select_for_update(of=("self",)).select_related("text", "participation")
    entry = rows.defer("text__content").get(pk=entry.pk)
    if body.code != entry.lead or body.campaign_id != entry.campaign_id:
        raise Refused("这一项不由您的单位牵头审核")
    entry.campaign = body.campaign
    wanted = Conclusion(conclusion)
    permission = definition_of(entry).move_named(wanted).permission
    by = authorize(by, permission, Review(entry=entry, body=body), at=at)
    if digest is not None and digest != _digest(entry):
        raise Conflict("这一项刚重新上报过，您看的不是最新的", remedy="请刷新页面，看过新的内容再汇总。")
    if entry.state == "agreed" and not reopen:
        raise Conflict("这一项刚有人汇总过：审核通过", remedy="还有问题的，请刷新页面，再重新打开。")
    lines = [each.strip() for each in asks if each.strip()]
    if wanted == Conclusion.RETURN and not lines:
        raise BadInput("退回要写清修改意见", [Problem("请逐条写修改意见，一次说全", field="asks")])
    if wanted == Conclusion.DISPUTE and not question.strip():
        raise BadInput("请写争议的问题", [Problem("请写要联席会议研究的问题", field="question")])
    if wanted == Conclusion.PASS and disposition not in ENDING:
        refuse_incomplete_stored([entry.text_id], "审核通过")
    if wanted == Conclusion.PASS:
        _public_was_asked(entry.campaign, entry.round)
    _all_heard(entry, aside, at)
    summing = Summing(entry=entry, round=entry.round, conclusion=wanted, disposition=Disposition(disposition))
    summing.asks, summing.body, summing.by, summing.at = lines, body, by.ledger_name, at
    summing.save()
    # The state that follows. Part of summing up, which has locked the entry.
    again = wanted == Conclusion.PASS and entry.campaign.plan.reports_whole(entry.round + 1)
    note = {Conclusion.RETURN: "；".join(lines), Conclusion.DISPUTE: question}.get(wanted, "")
    move_held([entry], "pass-on" if again else wanted, by=by, at=at, note=note)
    match wanted:
        case Conclusion.PASS if again:
            return_texts([entry.text] if entry.text else [], reason="没有意见，下一轮再报", by=by, at=at)
        case Conclusion.RETURN:
            return_texts([entry.text] if entry.text else [], reason="；".join(lines), by=by, at=at)
        case Conclusion.DISPUTE:
            Dispute.objects.create(entry=entry, question=question.strip(), raised_at=at)
    said = {"conclusion": wanted, "disposition": disposition, "asks": lines}
    record("campaigns.sum_up", entry, by=by, at=at, facts={"round": entry.round, **said, "digest": _digest(entry)})
    return entry


def _public_was_asked(campaign: Campaign, number: int) -> None:
    """Refuse to pass a review within which the public is asked before its comments are answered."""
    asked = campaign.plan.consulted_round
    closed = Consultation.objects.filter(campaign=campaign, closed_at__isnull=False)
    if asked and number >= asked and not closed.exists():
        remedy = "请等组织单位办结征求意见，再根据意见审核。"
        raise Conflict("向社会征求意见还没有办结，这一轮不能审核通过", remedy=remedy)


def _all_heard(entry: Entry, aside: str, at: datetime) -> None:
    if entry.state != "reviewing" or not entry.waiting:
        return
    missing = entry.reviews.filter(round=entry.round, verdict="", set_aside="", invitation=None)
    missing = missing.filter(body__code__in=counted_codes(entry.campaign))
    stages = stage_of_round(entry.campaign, PhaseKind.REVIEW, entry.round, entry.batch)
    if not stages or localtime(at).date() <= stages[-1].ends:
        names = "、".join(str(each.body) for each in missing.select_related("body__organ", "body__campaign"))
        raise Conflict(f"还有单位没有提意见：{names}", remedy="请等它们提出，或过了这一轮的期限再汇总。")
    if not aside.strip():
        raise BadInput("有单位到期没有提意见，请写明情况", [Problem("请写明为什么不等它的意见", field="aside")])
    missing.update(set_aside=aside.strip())
    Entry.objects.filter(pk=entry.pk).update(waiting=0)


@transaction.atomic
def pass_many(seen: Sequence[tuple[Entry, str]], *, body: ReviewBody, by: Actor, at: datetime) -> int:
    """Pass many (批量通过), each with the digest of the text that was shown, all of whose bodies agree with the unit.

    It is all or none.
    """
    keys = {entry.pk: digest for entry, digest in seen}
    locked = Entry.objects.select_for_update(of=("self",)).filter(pk__in=keys, campaign=body.campaign_id)
    found = list(locked.select_related("text", "participation").defer("text__content").order_by("id"))
    for each in found:
        each.campaign = body.campaign
    spoken_for = [Review(entry=each, body=body) for each in found]
    for permission in {definition_of(each).move_named("pass").permission for each in found}:
        by = authorize_many(by, permission, spoken_for, at=at)
    heard = Q(body__code__in=counted_codes(body.campaign)) | ~Q(verdict="")
    reviews = Review.objects.filter(heard, entry__in=found, round=F("entry__round"))
    known = reviews.exclude(verdict=Verdict.AGREE, disposition=F("entry__disposition"))
    against = set(known.values_list("entry", flat=True))
    unsafe = [
        e
        for e in found
        if not (e.state == "reviewing" and not e.waiting and e.lead == body.code)
        or e.pk in against
        or keys[e.pk] != _digest(e)
    ]
    if unsafe or len(found) != len(keys):
        raise Conflict(f"有{len(unsafe)}项不是各家一致同意的，没有通过任何一项", remedy="请逐项汇总这些事项。")
    refuse_incomplete_stored([each.text_id for each in found if each.disposition not in ENDING], "审核通过")
    agreed = [
        Summing(
            entry=each,
            round=each.round,
            conclusion=Conclusion.PASS,
            disposition=each.disposition,
            body=body,
            by=by.ledger_name,
            at=at,
        )
        for each in found
    ]
    Summing.objects.bulk_create(agreed, ROWS_AT_ONCE)
    again = {e.pk for e in found if body.campaign.plan.reports_whole(e.round + 1)}
    for number in {each.round for each in found}:
        _public_was_asked(body.campaign, number)
    if onward := [each for each in found if each.pk in again]:
        move_many(onward, "pass-on", by=by, at=at)
        return_texts([e.text for e in onward if e.text], reason="没有意见，下一轮再报", by=by, at=at)
    if passed := [each for each in found if each.pk not in again]:
        move_many(passed, "pass", by=by, at=at)
    acts = [
        Act(
            "campaigns.sum_up",
            e,
            {
                "round": e.round,
                "conclusion": Conclusion.PASS,
                "disposition": e.disposition,
                "asks": [],
                "digest": _digest(e),
            },
        )
        for e in found
    ]
    record_many(acts, by=by, at=at)
    return len(found)


def _digest(entry: Entry) -> str:
    return entry.text.digest if entry.text else ""


@transaction.atomic
def hold_conference(
    campaign: Campaign, *, held_on: date, members: Sequence[str], agenda: str, minutes: str, by: Actor, at: datetime
) -> Conference:
    """Record a conference (联席会议), with who came, the agenda and the conclusions."""
    authorize(by, Permission.CAMPAIGN_MANAGE, campaign, at=at)
    came = [each.strip() for each in members if each.strip()]
    needed = {
        "members": ("参加单位", came),
        "agenda": ("议题", agenda.strip()),
        "minutes": ("会议纪要", minutes.strip()),
    }
    if problems := [Problem(f"请写{label}", field=name) for name, (label, value) in needed.items() if not value]:
        raise BadInput("联席会议没有写全", problems)
    if held_on > localtime(at).date():
        raise BadInput("会议日期还没有到", [Problem("开过会再登记", field="held_on")])
    told = {"held_on": held_on, "members": came, "agenda": agenda.strip(), "minutes": minutes.strip()}
    refuse_repeated(
        campaign, campaign.conferences.filter(**told), "这次联席会议已经登记了", remedy="请刷新页面，在会议列表里查看。"
    )
    held = campaign.conferences.create(**told, by=by.ledger_name, at=at)
    record("campaigns.hold_conference", held, by=by, at=at, facts=told)
    return held


SETTLING: dict[str, str] = {
    Outcome.AS_UNIT: "settle-as-unit",
    Outcome.AS_BODY: "settle-as-body",
    Outcome.OTHERWISE: "settle-otherwise",
}


@transaction.atomic
def settle_dispute(
    dispute: Dispute,
    *,
    outcome: str,
    minutes: str,
    held_on: date,
    conference: Conference | None = None,
    disposition: str = "",
    by: Actor,
    at: datetime,
) -> Dispute:
    """Settle a dispute by conference (联席会议), with its minutes.

    另定处置意见 names the disposition.
    """
    entry = Entry.objects.select_related("text__item").get(pk=dispute.entry_id)
    name = SETTLING.get(outcome, "settle-as-body")
    by = authorize_move([entry], name, by=by, at=at)
    if not minutes.strip():
        raise BadInput("请写会议纪要", [Problem("请写会议怎么定的", field="minutes")])
    final = Disposition(disposition) if outcome == Outcome.OTHERWISE and disposition else None
    if outcome == Outcome.OTHERWISE and final is None:
        raise BadInput("请写会议定的处置意见", [Problem("请选处置意见", field="disposition")])
    if final == Disposition.MERGE and entry.target_id is None:
        raise BadInput("单位没有写明并入哪个事项，不能定为合并", [Problem("请改选，或请单位写明", field="disposition")])
    if outcome != Outcome.AS_BODY and (final or entry.disposition) not in ENDING:
        refuse_incomplete_stored([entry.text_id], "按上报单位意见通过")
    settled = Dispute.objects.filter(pk=dispute.pk, settled_at=None).update(
        outcome=Outcome(outcome), minutes=minutes.strip(), held_on=held_on, conference=conference, settled_at=at
    )
    if not settled:
        raise Conflict("这个议题已经有了结果")
    move(entry, name, by=by, at=at, note=minutes, disposition=final or entry.disposition)
    if outcome == Outcome.AS_BODY:
        return_texts([entry.text] if entry.text else [], reason=minutes, by=by, at=at)
    record(
        "campaigns.settle_dispute",
        dispute,
        by=by,
        at=at,
        facts={"entry": entry.pk, "outcome": outcome, "disposition": disposition},
    )
    dispute.refresh_from_db()
    return dispute
