"""Parts becoming cases: at once where nothing is waited for, else when the result is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid5

from banshi.access import Allowed, Permission, authorize
from banshi.bundles.events import PART_DROPPED as DROPPED
from banshi.bundles.events import PART_OPENED as OPENED
from banshi.bundles.merging import BundleMember, MergedField, answers_for, merged_form, merged_materials
from banshi.bundles.models import BundleMaterial, BundlePart, BundleSubmission
from banshi.bundles.notifications import PART_DROPPED, PART_NEEDS_OWNER, PART_OPENED
from banshi.bundles.queries import agent_of, members_of, members_seen, parts_of, party_for
from banshi.bundles.sealing import opened_answers
from banshi.cases.actions import commit, submit
from banshi.cases.actions.applying import GivenMaterial, start_filled
from banshi.cases.enums import MaterialTrust
from banshi.cases.models import Application, Case
from banshi.cases.queries import has_bad_credit
from banshi.cases.steps import text_of
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.core.unit_of_work import unit_of_work
from banshi.events import emit
from banshi.forms.fields import Answers
from banshi.ledger import Actor, record
from banshi.notifications.notify import notify


@dataclass(frozen=True, slots=True)
class HandedOn:
    """Contents of the application of one part, with papers, results of other parts and commitments by position."""

    answers: dict[str, Any]
    papers: Mapping[int, GivenMaterial]
    committed: Sequence[int]


def prepare(part: BundlePart, given: HandedOn, *, by: Allowed, at: datetime) -> Application:
    """Make the application of a part, in the owner's name."""
    submission = part.submission
    application = start_filled(
        part.item,
        given.answers,
        given.papers,
        owner=submission.owner,
        agent=agent_of(submission),
        channel=submission.channel,
        by=by,
        at=at,
    )
    if given.committed and not has_bad_credit(submission.owner):  # else the paper itself has to be brought
        for position in given.committed:
            commit(application, position, by=by, at=at)
    part.application, part.opened_at, part.publication = application, at, application.publication
    part.save(update_fields=["application", "opened_at", "publication"])
    facts = {"part": part.key, "item": part.item_id, "application": application.pk}
    record("bundles.open_part", submission, by=by, at=at, facts=facts)
    emit(OPENED, submission, by=by, at=at, bundle=submission.version.code, part=part.key, item=part.item_id)
    return application


def send(part: BundlePart, *, by: Allowed, at: datetime) -> Case:
    application = part.application
    assert application is not None
    return submit(application, key=uuid5(part.submission.key, part.key), by=by, at=at)


def drop(part: BundlePart, reason: str, *, by: Allowed, at: datetime) -> None:
    """Say for good that a part is not opened, and why."""
    part.dropped_at, part.reason = at, reason[:500]
    part.save(update_fields=["dropped_at", "reason"])
    submission = part.submission
    record("bundles.drop_part", submission, by=by, at=at, facts={"part": part.key, "reason": part.reason})
    told = {"bundle": submission.version.code, "part": part.key, "item": part.item_id, "reason": part.reason}
    emit(DROPPED, submission, by=by, at=at, **told)
    context = {**words_of(submission), "item": part.item.name, "reason": part.reason.rstrip("。")}
    notify(PART_DROPPED, [submission.owner_id], subject=submission, context=context, at=at)


def words_of(submission: BundleSubmission) -> dict[str, str]:
    return {"bundle": str(submission.version), "number": submission.number}


def handed_on(
    submission: BundleSubmission, members: list[BundleMember], form: Sequence[MergedField], answers: Answers
) -> dict[str, HandedOn]:
    """Give answers and papers to the parts, with the results there are already.

    `form` is the one that was filled in, also for parts that do not apply.
    """
    party = party_for(submission.version.definition, submission.owner)
    materials = merged_materials(members, party, submission.owner_id)
    given = {each.proof: each for each in submission.materials.filter(replaced_at=None).select_related("file")}
    papers: dict[str, dict[int, GivenMaterial]] = {each.key: {} for each in members}
    committed: dict[str, list[int]] = {each.key: [] for each in members}
    for merged in materials.asked:
        if merged.proof in given:
            for use in merged.uses:
                paper = given[merged.proof]
                if not paper.is_commitment:
                    papers[use.member.key][use.position] = GivenMaterial(paper.file, paper.source, paper.trust)
                elif use.material.commitment_ok:
                    committed[use.member.key].append(use.position)
    outcomes = _results(submission)
    for use, source in materials.results:
        if source.key in outcomes:
            papers[use.member.key][use.position] = GivenMaterial(None, outcomes[source.key], MaterialTrust.A)
    return {
        each.key: HandedOn(answers_for(each, party, form, answers), papers[each.key], committed[each.key])
        for each in members
    }


def _results(submission: BundleSubmission) -> dict[str, str]:
    """Name the results of parts that were granted, by part."""
    granted = BundlePart.objects.filter(submission=submission, application__case__outcome__granted=True)
    granted = granted.filter(application__case__outcome__revoked_at=None)
    found = {}
    for part in granted.select_related("application__case__outcome__paper"):
        assert part.application is not None
        case = part.application.case
        found[part.key] = f"办件{case.number}的结果" + (f"：{case.outcome.paper}" if case.outcome.paper else "")
    return found


@unit_of_work()
def go_on_with_parts(pk: int, *, by: Actor, at: datetime) -> list[BundlePart]:
    """Open each waiting part whose results are there, and drop each whose results will never be."""
    by = authorize(by, Permission.AUTOMATIC, at=at)
    submission = (
        BundleSubmission.objects.select_for_update(of=("self",))
        .select_related("version", "owner__identity", "agent")
        .get(pk=pk)
    )
    parts = list(parts_of(submission))
    by_key, moved = {each.key: each for each in parts}, []
    for part in parts:
        part.submission = submission
    while step := [each for each in parts if each.is_waiting and _may_go_on(each, by_key)]:
        dealt = _dealt(submission, by_key)
        for part in step:
            failed = next((by_key[key] for key in part.waits_for if _will_not_be(by_key[key])), None)
            if failed:
                ended = "您没有提交，草稿已经删除" if failed.given_up else "没有办成"
                drop(part, f"要先有“{failed.item.name}”的结果，那一项{ended}", by=by, at=at)
            else:
                _open(part, dealt.get(part.key), by=by, at=at)
        moved += step
    forget_when_done(submission, parts)
    return moved


def _dealt(submission: BundleSubmission, by_key: Mapping[str, BundlePart]) -> dict[str, HandedOn]:
    """Give what was filled in to the parts, those that wait as they are in force now, the others as they began."""
    definition = submission.version.definition
    present = {each.key: each for each in members_of(definition)}
    members = []
    for part in definition.parts:
        row = by_key.get(part.key)
        if row is None:
            continue
        if row.is_waiting and part.key in present:
            members.append(present[part.key])
        elif not row.is_waiting and row.publication:
            members.append(BundleMember(part, row.item, row.publication, text_of(row.publication)))
    form = merged_form(definition, members_seen(definition, submission.seen), party_for(definition, submission.owner))
    return handed_on(submission, members, form, opened_answers(submission))


def _open(part: BundlePart, given: HandedOn | None, *, by: Allowed, at: datetime) -> None:
    """Open a part later, in the owner's absence: what can't be submitted as it is waits as a draft of theirs."""
    submission = part.submission
    context = {**words_of(submission), "item": part.item.name}
    if given is None:
        drop(part, "轮到它的时候，这个事项已经暂停或取消", by=by, at=at)
        return
    try:
        with unit_of_work():
            prepare(part, given, by=by, at=at)
    except (Conflict, Refused) as refused:
        part.application = part.opened_at = None
        drop(part, refused.message, by=by, at=at)
        return
    try:
        with unit_of_work():
            send(part, by=by, at=at)
    except (BadInput, Conflict, Refused):
        notify(PART_NEEDS_OWNER, [submission.owner_id], subject=submission, context=context, at=at)
    else:
        notify(PART_OPENED, [submission.owner_id], subject=submission, context=context, at=at)


def _case_of(part: BundlePart) -> Case | None:
    return getattr(part.application, "case", None) if part.application else None


def _may_go_on(part: BundlePart, by_key: Mapping[str, BundlePart]) -> bool:
    """Tell whether every result a part waits for is there, or one never will be."""
    awaited = [by_key[key] for key in part.waits_for]
    return any(_will_not_be(each) for each in awaited) or all(_is_granted(each) for each in awaited)


def _is_granted(part: BundlePart) -> bool:
    case = _case_of(part)
    return case is not None and case.decided_on is not None and not _will_not_be(part)


def _will_not_be(part: BundlePart) -> bool:
    """Tell whether a part ended without a result."""
    case = _case_of(part)
    if case is None:
        return part.given_up or part.dropped_at is not None
    outcome = getattr(case, "outcome", None)
    return not outcome.granted if outcome else case.ended_at is not None


def forget_when_done(submission: BundleSubmission, parts: list[BundlePart]) -> None:
    """Delete what was filled in and handed in once no part waits for it: every case keeps its own."""
    if not any(each.is_waiting for each in parts):
        submission.answers_sealed = b""
        submission.save(update_fields=["answers_sealed"])
        BundleMaterial.objects.filter(submission=submission).delete()
