"""Issuing and revoking papers, as parts of acts, and what offices set for them."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from banshi.access import Allowed, Permission, authorize
from banshi.core.clock import CHINA, chinese_date
from banshi.core.crypto import digest
from banshi.core.errors import BadInput, BanshiError, Conflict, Problem
from banshi.core.id_numbers import mask_name
from banshi.core.ids import legible_code
from banshi.core.prepared import insert
from banshi.core.repeats import hold_name
from banshi.events import emit
from banshi.files import keep
from banshi.ledger import Actor, record
from banshi.papers.events import PAPER_REVOKED
from banshi.papers.kinds import complete_facts, kind_named, sample_facts
from banshi.papers.models import Letterhead, Paper, PaperTemplate
from banshi.papers.numbering import next_number
from banshi.papers.printing import preview, print_paper
from banshi.people.models import Organ
from banshi.people.queries import account_of


def issue(
    kind: str, *, organ: Organ, recipient: str, facts: Mapping[str, Any], about: str, by: Allowed, at: datetime
) -> Paper:
    """Issue a paper, to be printed and signed after the commit.

    `facts` by the keys of data/papers/facts.toml, days and moments in words; `about` is the number of the case.
    """
    what, day = kind_named(kind), at.astimezone(CHINA)
    taken = next_number(kind, organ, series=what.series, year=day.year)
    number = f"{taken.sign or organ.called}{what.series}〔{day.year}〕{taken.serial}号"
    always = {"recipient": recipient, "organ": organ.name, "number": number, "date": chinese_date(day)}
    told = json.dumps(complete_facts(what, {**facts, **always}), ensure_ascii=False, sort_keys=True)
    chosen = legible_code(12)
    paper = Paper(
        code="-".join((chosen[:4], chosen[4:8], chosen[8:])),
        organ=organ,
        kind=kind,
        series=what.series,
        year=day.year,
        serial=taken.serial,
        number=number,
        title=what.label,
        about=about,
        recipient_masked=mask_name(recipient),
        facts_digest=digest(told.encode()),
        template_id=taken.template,
        issued_by=account_of(by),
        issued_at=at,
        **Paper.seal(recipient=recipient, facts=told),
    )
    insert([paper])
    facts_told = {"number": number, "kind": kind, "facts": paper.facts_digest, "about": about}
    record("papers.issue", paper, by=by, at=at, facts=facts_told)
    return paper


def print_again(paper: Paper, *, by: Actor, at: datetime) -> Paper:
    """Print a paper that could not be printed, telling what was wrong where it can't be now either."""
    authorize(by, Permission.CASE_VIEW, paper, at=at)
    try:
        print_paper(paper, at=at)
    except BanshiError as trouble:
        Paper.objects.filter(pk=paper.pk).update(print_error=str(trouble)[:300])
        raise Conflict(
            f"{paper.title}（{paper.number}）还是打印不出来：{trouble.message}",
            remedy=trouble.remedy or "请联系系统管理员查看文书模板和签名证书。",
        ) from trouble
    return paper


def revoke(paper: Paper, *, reason: str, by: Allowed, at: datetime) -> Paper:
    """End the validity of a paper, of which whoever verifies it is told."""
    if not reason.strip():
        raise BadInput("请写明为什么撤销", [Problem("请写明为什么撤销", field="reason")])
    kept = Paper.objects.filter(pk=paper.pk, revoked_at=None)
    if not kept.update(revoked_at=at, revoked_by=account_of(by), revoke_reason=reason.strip()[:300]):
        raise Conflict(f"{paper}已经撤销过", remedy="请刷新页面查看。")
    paper.refresh_from_db()
    record("papers.revoke", paper, by=by, at=at, facts={"number": paper.number, "reason": paper.revoke_reason})
    emit(PAPER_REVOKED, paper, by=by, at=at, paper_kind=paper.kind)
    return paper


@transaction.atomic
def write_template(kind: str, *, organ: Organ | None, text: str, by: Actor, at: datetime) -> PaperTemplate:
    """Write the text of a kind of paper for one organ, or for all that have none of their own.

    An empty text brings ours back. Raises BadInput with the line of what can't be printed.
    """
    by = authorize(by, Permission.PAPER_EDIT if organ else Permission.PAPER_EDIT_ALL, organ, at=at)
    what = kind_named(kind)
    if text.strip():
        preview(what, text, sample_facts(what))
    hold_name(f"papers.PaperTemplate {organ.pk if organ else 0} {kind}")
    newest = PaperTemplate.objects.filter(organ=organ, kind=kind).first()
    if (newest.text if newest else "") == text.strip():
        raise Conflict(f"{what.label}现在的写法就是这样", remedy="没有改动，不用再保存。")
    made = PaperTemplate.objects.create(organ=organ, kind=kind, text=text.strip(), by=account_of(by), at=at)
    facts = {"kind": kind, "organ": organ.pk if organ else None, "text": digest(made.text.encode())}
    record("papers.write_template", made, by=by, at=at, facts=facts)
    return made


@transaction.atomic
def set_letterhead(organ: Organ, *, sign: str, seal: UploadedFile | None, by: Actor, at: datetime) -> Letterhead:
    """Set 机关代字 and, when one is given, the picture of the seal."""
    by = authorize(by, Permission.PAPER_EDIT, organ, at=at)
    kept, _ = Letterhead.objects.get_or_create(organ=organ)
    kept.sign = "".join(sign.split())[:20]
    if seal is not None:
        file = keep(seal.file, name="印章.png", purpose="seal", organ=organ, by=by, at=at)  # type: ignore[arg-type]
        if file.media_type != "image/png":
            raise BadInput("印章图要是 PNG", [Problem("请上传 PNG 图片，底色透明", field="seal")])
        kept.seal = file
    kept.save()
    facts = {"sign": kept.sign, "seal": kept.seal.digest if kept.seal else ""}
    record("papers.set_letterhead", organ, by=by, at=at, facts=facts)
    return kept
