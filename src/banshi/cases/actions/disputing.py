"""这不对: a person says that what a register gave is wrong, its owner is asked to correct it, and the case goes on meanwhile."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from banshi.access import Allowed, Permission, authorize
from banshi.cases.actions.recording import locked, perform
from banshi.cases.enums import ActKind
from banshi.cases.events import VALUE_DISPUTED
from banshi.cases.exchange_purpose import concerned_in
from banshi.cases.models import Case
from banshi.cases.queries import open_dispute
from banshi.cases.sealing import CONTENT, opened
from banshi.cases.steps import text_of
from banshi.core.errors import BadInput, Conflict
from banshi.core.unit_of_work import unit_of_work
from banshi.events import emit
from banshi.exchange.actions import MatterOf, dispute_value
from banshi.forms.fields import REGISTERED
from banshi.forms.standard import STATEMENT
from banshi.ledger import Actor, name_of

ACCOUNT = "account"
"""Source of what the form is filled in with: the register of the account's own identity."""


def dispute_values(case: Case, answers: Mapping[str, Any], *, by: Allowed, at: datetime) -> None:
    """Ask the source's owner to correct what the applicant says is wrong, each statement once."""
    words = str(answers.get(STATEMENT) or "").strip()
    if not words:
        return
    filled = [each.key for each in text_of(case.publication).form if each.prefill in REGISTERED]
    fields = [each for each in filled if answers.get(each)]
    last = case.acts.filter(kind=ActKind.DISPUTE).last()
    if not fields or (last and opened(last.content_sealed, purpose=CONTENT).get("words") == words):
        return
    facts = {"fields": fields, "source": ACCOUNT}
    act = perform(case, ActKind.DISPUTE, content={"words": words}, facts=facts, total=len(fields), by=by, at=at)
    emit(VALUE_DISPUTED, case, by=by, at=at, act=act.pk, **facts, stated=bytes(act.content_sealed).hex())
    labels = "、".join(each.label for each in text_of(case.publication).form if each.key in fields)
    who = "，".join(f"{each.name}（{each.number}）" for each in concerned_in(case)[:1])
    matter = MatterOf(name_of(case), case.number, case.organ, case.item, case.applicant)
    dispute_value(ACCOUNT, matter, words=f"{who}说登记的{labels}不对：{words}", by=by, at=at)


@unit_of_work()
def answer_dispute(case: Case, *, corrected: bool, words: str, by: Actor, at: datetime) -> Case:
    """Tell the applicant what the owner of the source has done about it."""
    now, at = locked(case, at=at)
    by = authorize(by, Permission.CASE_HANDLE, now, at=at)
    dispute = open_dispute(now)
    if dispute is None:
        raise Conflict("没有要答复的更正申请", remedy="可能已经答复过，请刷新页面查看。")
    if not words.strip():
        raise BadInput("没有写更正的结果", remedy="请写明登记机关核对的情况；不更正的，写明理由。申请人会看到这段话。")
    facts = {"dispute": dispute.pk, "corrected": corrected}
    perform(now, ActKind.ANSWER_DISPUTE, content={"words": words}, facts=facts, by=by, at=at)
    return now
