"""统一参考目录: editions issued above, claimed below, followed or not, and what is proposed upward."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from banshi.access import Permission, authorize
from banshi.catalog import actions as catalog
from banshi.catalog.actions.drafts import content_digest, content_of
from banshi.catalog.guide.document import Guide
from banshi.catalog.guide.elements import element_named
from banshi.catalog.models import Category, Item, ReferenceItem, Revision
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.core.json_types import JsonObject
from banshi.core.repeats import hold
from banshi.ledger import Act, Actor, record, record_many
from banshi.people.queries import account_of
from banshi.registers.models import Claim, Divergence, Proposal, ReferenceEdition
from banshi.registers.naming import next_base_code, wrong_with_name
from banshi.registers.queries import newest_edition
from banshi.registers.reference_sheets import read_editions
from banshi.registers.unified import only_unified, with_own_files
from banshi.spreadsheets.workbook_reader import SourceWorkbook
from banshi.workflow.actions import move
from banshi.workflow.transitions import authorize_move

SAME = "这一版和上一版完全一样，没有印发"


@dataclass(frozen=True, slots=True)
class NewEdition:
    """A new edition of one reference item."""

    reference: ReferenceItem
    guide: Guide
    note: str = ""


def issue_edition(
    reference: ReferenceItem, *, guide: Guide, document: str, note: str = "", by: Actor, at: datetime
) -> ReferenceEdition:
    """Issue a new edition of one reference item: what is filled in is unified from now on."""
    return issue_editions([NewEdition(reference, guide, note)], document=document, by=by, at=at)[0]


@transaction.atomic
def issue_editions(news: Sequence[NewEdition], *, document: str, by: Actor, at: datetime) -> list[ReferenceEdition]:
    """Issue all of a document, or none."""
    authorize(by, Permission.REFERENCE_EDIT, at=at)
    keys = [each.reference.pk for each in news]
    list(ReferenceItem.objects.select_for_update().filter(pk__in=keys))
    issued, acts = [], []
    for new in news:
        last, content = newest_edition(new.reference), content_of(only_unified(new.guide))
        before = last.content if last else {}
        if content == before:
            raise Conflict(
                SAME if content else "这一版什么都没有写", where=str(new.reference), remedy="请先写要改的内容。"
            )
        edition = new.reference.editions.create(
            number=last.number + 1 if last else 1,
            content=content,
            document=document,
            note=new.note,
            by=account_of(by),
            issued_at=at,
        )
        issued.append(edition)
        facts = {"reference": new.reference.base_code, "number": edition.number, "document": document}
        facts["digest"] = content_digest(content)
        changed = sorted(name for name in {*before, *content} if before.get(name) != content.get(name))
        acts.append(Act("registers.issue_edition", edition, {**facts, "changed": changed}))
    record_many(acts, by=by, at=at)
    return issued


@transaction.atomic
def import_editions(
    book: SourceWorkbook, *, document: str, issued_by: str, by: Actor, at: datetime
) -> list[ReferenceEdition]:
    """Import as `read_editions` promises.

    New reference items are added, nothing at all when any cell is wrong.
    """
    by = authorize(by, Permission.REFERENCE_EDIT, at=at)
    found = read_editions(book)
    if found.errors:
        problems = [Problem(each.message, where=f"{each.sheet} {each.cell}") for each in found.errors]
        raise BadInput(f"有{len(problems)}处错误，一项都没有印发", problems, remedy="请在原表上改好后重新上传。")
    news = [NewEdition(_there(row.reference, document, issued_by, by, at), row.guide) for row in found.rows]
    return issue_editions(news, document=document, by=by, at=at) if news else []


def _there(reference: ReferenceItem, document: str, issued_by: str, by: Actor, at: datetime) -> ReferenceItem:
    """Return the reference item, added when it is new."""
    if reference.pk:
        return reference
    told = {name: getattr(reference, name) for name in ("base_code", "name", "kind")}
    return catalog.add_reference(**told, category=None, issued_by=issued_by, source=document, by=by, at=at)


@transaction.atomic
def claim(item: Item, *, reference: ReferenceItem | None, by: Actor, at: datetime) -> Item:
    """Claim (认领) the reference item as it stands in its newest edition.

    With None it is given back.
    """
    by = authorize(by, Permission.ITEM_EDIT, item, at=at)
    catalog.claim_reference(item, reference=reference, by=by, at=at)
    edition = newest_edition(reference)
    Claim.objects.filter(item=item).delete()
    if edition:
        made = Claim.objects.create(item=item, edition=edition, at=at)
        record("registers.claim", made, by=by, at=at, facts={"item": item.pk, "edition": edition.number})
    return item


@transaction.atomic
def take_from_above(item: Item, *, element: str, edition: ReferenceEdition, by: Actor, at: datetime) -> Revision:
    """Return the element's new value into the draft (begun when there is none).

    The office's own forms and samples stay.
    """
    by = authorize(by, Permission.ITEM_EDIT, item, at=at)
    _check_newest(item, edition, element)
    draft = catalog.start_draft(item, reason=f"按参考目录第{edition.number}版修改", by=by, at=at)
    new = with_own_files(edition.content[element], draft.content.get(element))
    guide = Guide.model_validate({**draft.content, element: new})
    catalog.save_draft(draft, guide=guide, stamp=draft.stamp, by=by, at=at)
    facts = {"item": item.pk, "element": element, "edition": edition.number}
    record("registers.take_from_above", draft, by=by, at=at, facts=facts)
    return draft


@transaction.atomic
def keep_own(
    item: Item, *, element: str, edition: ReferenceEdition, reason: str, by: Actor, at: datetime
) -> Divergence:
    """Keep the office's own wording (保留本地写法) against this edition.

    Asked again when the element changes again.
    """
    authorize(by, Permission.ITEM_EDIT, item, at=at)
    _check_newest(item, edition, element)
    kept, new = Divergence.objects.get_or_create(
        item=item,
        edition=edition,
        element=element,
        defaults={"reason": reason, "by": account_of(by), "at": at},
    )
    if not new:
        raise Conflict("这一处已经说明过理由", where=element_named(Guide, element).label, remedy="请刷新页面查看。")
    facts = {"item": item.pk, "element": element, "edition": edition.number, "reason": reason}
    record("registers.keep_own", kept, by=by, at=at, facts=facts)
    return kept


def _check_newest(item: Item, edition: ReferenceEdition, element: str) -> None:
    if edition.reference_id != item.reference_id or newest_edition(item.reference) != edition:
        raise Conflict("参考目录又有了新版，或认领已经改了", remedy="请刷新页面，对照最新的一版再决定。")
    if element not in edition.content:
        raise BadInput("参考目录没有统一这一要素", remedy="由本单位自己写就行。")


@transaction.atomic
def propose_upward(
    item: Item, *, name: str, category: Category | None, reason: str, by: Actor, at: datetime
) -> Proposal:
    """Propose an own item for the reference catalogue (自编事项上报), with code and name by rule.

    One open proposal for an item at a time.
    """
    authorize(by, Permission.ITEM_EDIT, item, at=at)
    hold(item)
    if item.reference_id:
        raise Conflict("这个事项已经认领了参考目录，不用上报", remedy="确是另一件事的，请先取消认领。")
    if Proposal.objects.filter(item=item, state="open").exists():
        raise Conflict("这个事项已经上报，正在等答复", remedy="请等答复，或先撤回再报。")
    _check_name(name, item)
    proposal = Proposal.objects.create(
        item=item,
        name=name,
        base_code=next_base_code(item),
        category=category,
        reason=reason,
        proposed_by=account_of(by),
        proposed_at=at,
    )
    facts = {"item": item.pk, "name": name, "base_code": proposal.base_code}
    record("registers.propose_upward", proposal, by=by, at=at, facts=facts)
    return proposal


@transaction.atomic
def accept_proposal(
    proposal: Proposal, *, base_code: str, name: str, issued_by: str, answer: str, by: Actor, at: datetime
) -> ReferenceItem:
    """Accept into the reference catalogue under the code and name decided above.

    The item that was proposed claims it.
    """
    by = authorize_move([proposal], "accept", by=by, at=at)
    _check_name(name, proposal.item)
    _answer(proposal, "accept", answer, by, at)
    added = catalog.add_reference(
        base_code=base_code,
        name=name,
        kind=proposal.item.kind,
        category=proposal.category,
        issued_by=issued_by,
        source=f"由{proposal.item.organ}上报",
        by=by,
        at=at,
    )
    claim(proposal.item, reference=added, by=by, at=at)
    record("registers.accept_proposal", proposal, by=by, at=at, facts={"base_code": base_code, "answer": answer})
    return added


@transaction.atomic
def decline_proposal(proposal: Proposal, *, answer: str, by: Actor, at: datetime) -> Proposal:
    _answer(proposal, "decline", answer, by, at)
    record("registers.decline_proposal", proposal, by=by, at=at, facts={"answer": answer})
    return proposal


@transaction.atomic
def withdraw_proposal(proposal: Proposal, *, reason: str, by: Actor, at: datetime) -> Proposal:
    _answer(proposal, "withdraw", reason, by, at)
    record("registers.withdraw_proposal", proposal, by=by, at=at, facts={"reason": reason})
    return proposal


def _check_name(name: str, item: Item) -> None:
    if wrong := wrong_with_name(name, item.organ):
        raise BadInput(wrong, where=name[:40], remedy="请按“动词加对象”的规则改名。")


def _answer(proposal: Proposal, name: str, answer: str, by: Actor, at: datetime) -> None:
    answered: JsonObject = {"answer": answer, "answered_by": account_of(by), "answered_at": at}
    move(proposal, name, by=by, at=at, note=answer, **answered)
