"""Findings, proofs and commitments kept against the rule book, and who answers for them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from banshi.access import Permission, authorize
from banshi.catalog.models import Item
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.core.models import StoredFile
from banshi.core.repeats import refuse_repeated
from banshi.law.places import cited_articles
from banshi.law.queries import register_of_laws
from banshi.law.register import Force
from banshi.ledger import Actor, record
from banshi.people.queries import account_of
from banshi.rulebook.enums import Severity
from banshi.rulebook.models import SHARE_AT_MOST, CommitmentForm, FlawFound, Hearing, ProofKept, Retention


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """A legal basis, down to the article."""

    title: str
    articles: str
    doc_no: str = ""

    def columns(self) -> dict[str, str]:
        if not self.title.strip() or not self.articles.strip():
            raise BadInput(
                "没有写明依据，不能保留",
                [Problem("请写依据的全称，具体到条款", field="basis_title")],
                remedy="没有法律法规依据的，应当取消。",
            )
        return {
            "basis_title": self.title.strip(),
            "basis_doc_no": self.doc_no.strip(),
            "basis_articles": self.articles.strip(),
        }


def refuse_unknown_law(basis: LegalBasis, day: date) -> None:
    """Refuse a basis that no law of the register and none of its articles is."""
    title = basis.title.strip().strip("《》")
    cited = register_of_laws().resolve(basis.title, basis.doc_no, basis.articles, day=day)
    problems = []
    if not cited_articles(basis.articles):
        problems.append(Problem("请写到条，如 第十六条第二款", field="basis_articles"))
    if cited.law is None:
        said = f"法规库里没有《{title}》，请写全称；确有这部法规的，请先请管理法规的同事登记"
        problems.append(Problem(said, field="basis_title"))
    elif cited.force == Force.ENDED:
        problems.append(Problem(f"《{cited.law.title}》已经废止，不能作依据", field="basis_title"))
    elif cited.missing:
        articles = "、".join(f"第{number}条" for number in cited.missing)
        problems.append(Problem(f"《{cited.law.title}》没有{articles}", field="basis_articles"))
    if problems:
        remedy = "没有法律法规依据的，应当取消或改正。"
        raise BadInput("“必改”的问题要有法律法规依据才能保留", problems, remedy=remedy)


@transaction.atomic
def keep_with_reason(flaw: FlawFound, *, reason: str, basis: LegalBasis, by: Actor, at: datetime) -> Retention:
    """Keep what a rule objects to.

    The finding is shown with the reason from now on, wherever its row may move.
    """
    authorize(by, Permission.ITEM_EDIT, flaw, at=at)
    if not reason.strip():
        raise BadInput("请写保留的理由", [Problem("请写保留的理由", field="reason")])
    if flaw.severity == Severity.MUST:
        refuse_unknown_law(basis, localdate(at))
    found = {"item_id": flaw.item_id, "rule": flaw.rule, "place": flaw.place, "quote": flaw.quote}
    try:
        with transaction.atomic():
            kept = Retention.objects.create(**found, reason=reason.strip(), **basis.columns(), by=account_of(by), at=at)
    except IntegrityError as clash:
        raise Conflict("这一处已经有人写了保留理由") from clash
    same = FlawFound.objects.filter(item=flaw.item_id, rule=flaw.rule, place=flaw.place)
    same.update(retention=kept)
    facts = {"item": flaw.item_id, "rule": flaw.rule, "reason": kept.reason, "basis": kept.basis}
    record("rulebook.keep_with_reason", kept, by=by, at=at, facts=facts)
    return kept


@transaction.atomic
def end_retention(kept: Retention, *, by: Actor, at: datetime) -> None:
    """End a retention, after which the finding asks to be changed again."""
    authorize(by, Permission.ITEM_EDIT, kept, at=at)
    if not Retention.objects.filter(pk=kept.pk, ended_at=None).update(ended_at=at, ended_by=account_of(by)):
        raise Conflict("这条保留理由已经撤销了")
    kept.flaws.update(retention=None)
    record("rulebook.end_retention", kept, by=by, at=at)


@transaction.atomic
def keep_proof(
    item: Item,
    *,
    name: str,
    issuer: str,
    basis: LegalBasis,
    purpose: str = "",
    is_example: bool = False,
    by: Actor,
    at: datetime,
) -> ProofKept:
    """Put a proof on the public list of those that may still be asked for."""
    authorize(by, Permission.ITEM_EDIT, item, at=at)
    if not name.strip() or not issuer.strip():
        raise BadInput("请写证明名称和出具单位", [Problem("请写证明名称和出具单位", field="name")])
    try:
        with transaction.atomic():
            proof = ProofKept.objects.create(
                item=item,
                name=name.strip(),
                issuer=issuer.strip(),
                purpose=purpose.strip(),
                **basis.columns(),
                is_example=is_example,
                since=at,
            )
    except IntegrityError as clash:
        raise Conflict(f"“{item}”的“{name}”已在保留证明清单里") from clash
    record("rulebook.keep_proof", proof, by=by, at=at, facts={"name": proof.name, "basis": proof.basis})
    return proof


@transaction.atomic
def end_proof(proof: ProofKept, *, by: Actor, at: datetime) -> None:
    """Take a proof off the list: it may no longer be asked for."""
    authorize(by, Permission.ITEM_EDIT, proof, at=at)
    if not ProofKept.objects.filter(pk=proof.pk, until=None).update(until=at):
        raise Conflict("这项证明已经不在清单里了")
    record("rulebook.end_proof", proof, by=by, at=at)


@transaction.atomic
def record_hearing(
    proof: ProofKept,
    *,
    kind: str,
    held_on: date,
    who: str,
    conclusion: str,
    file: StoredFile | None = None,
    by: Actor,
    at: datetime,
) -> Hearing:
    """Add a record of how keeping the proof was talked over."""
    authorize(by, Permission.ITEM_EDIT, proof, at=at)
    if not who.strip() or not conclusion.strip():
        raise BadInput("请写参加人和结论", [Problem("请写参加人和结论", field="who")])
    told = {"kind": kind, "held_on": held_on, "who": who.strip(), "conclusion": conclusion.strip()}
    refuse_repeated(proof, proof.hearings.filter(**told), "这一次已经登记了", remedy="请刷新页面，在记录里查看。")
    hearing = proof.hearings.create(**told, file=file, at=at)
    record("rulebook.record_hearing", hearing, by=by, at=at, facts={"proof": proof.pk, "kind": kind})
    return hearing


@transaction.atomic
def write_commitment(
    item: Item, *, material: str, basis: LegalBasis, is_example: bool = False, by: Actor, at: datetime, **parts: Any
) -> CommitmentForm:
    """Write or change the commitment that stands for a material.

    `parts`: the other columns of CommitmentForm.
    """
    authorize(by, Permission.ITEM_EDIT, item, at=at)
    if problems := [Problem("这一部分不能空着", field=name) for name, part in parts.items() if part in ("", None)]:
        raise BadInput("承诺书还缺内容", problems, remedy="国办发〔2020〕42号要求逐项写明。")
    if not 1 <= parts["check_share"] <= SHARE_AT_MOST or parts["check_days"] < 1:
        raise BadInput("抽查比例是1到100，核查时限至少1个工作日", [Problem("请改正", field="check_share")])
    columns = {**parts, **basis.columns(), "is_example": is_example, "at": at}
    form, _ = CommitmentForm.objects.update_or_create(item=item, material=material.strip(), defaults=columns)
    record("rulebook.write_commitment", form, by=by, at=at, facts={"item": item.pk, "material": form.material})
    return form
