"""Looks at what is personal in a case. Each is recorded, and the applicant may read who looked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from banshi.access import Permission, authorize
from banshi.cases.models import Case, CaseMaterial, FetchedMaterial
from banshi.cases.sealing import ANSWERS, APPLICANT, FETCHED, opened
from banshi.core.errors import Missing
from banshi.core.models import StoredFile
from banshi.ledger import Actor, record
from banshi.papers.models import Paper


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """The applicant as they were when it came in, the answers of the form, by field, and the records sharing gave."""

    applicant: dict[str, Any]
    answers: dict[str, Any]
    records: list[tuple[FetchedMaterial, list[dict[str, Any]]]]


@transaction.atomic
def look_at_applicant(case: Case, *, by: Actor, at: datetime) -> OpenedCase:
    authorize(by, Permission.CASE_PERSONAL, case, at=at)
    record("cases.look", case, by=by, at=at, facts={"what": "applicant"})
    sealed = case.application.answers_sealed
    return OpenedCase(
        opened(case.applicant_sealed, purpose=APPLICANT), opened(sealed, purpose=ANSWERS), records_of(case)
    )


def records_of(case: Case) -> list[tuple[FetchedMaterial, list[dict[str, Any]]]]:
    """Open what registers gave for the materials nobody has to hand in, rows by label."""
    rows = case.fetched.exclude(record_sealed=b"").select_related("resource__organ")
    return [(each, opened(each.record_sealed, purpose=FETCHED)) for each in rows]


@transaction.atomic
def look_at_material(case: Case, material: CaseMaterial, *, by: Actor, at: datetime) -> StoredFile:
    authorize(by, Permission.CASE_PERSONAL, case, at=at)
    if material.file is None or material.application_id != case.application_id:
        raise Missing("这份材料没有文件", remedy="它可能是数据共享来的记录。")
    record("cases.look", case, by=by, at=at, facts={"what": "material", "position": material.position})
    return material.file


@transaction.atomic
def look_at_own_material(case: Case, material: CaseMaterial, *, by: Actor, at: datetime) -> StoredFile:
    """Open what one handed in oneself, also what was replaced since."""
    authorize(by, Permission.CASE_APPLY, case, at=at)
    if material.file is None or material.application_id != case.application_id:
        raise Missing("这份材料没有文件", remedy="它是数据共享来的、当面核对过的，或者文件已经按规定到期删除。")
    record("cases.look", case, by=by, at=at, facts={"what": "material", "position": material.position})
    return material.file


@transaction.atomic
def look_at_paper(case: Case, paper: Paper, *, by: Actor, at: datetime) -> None:
    authorize(by, Permission.CASE_PERSONAL, case, at=at)
    record("cases.look", case, by=by, at=at, facts={"what": "paper", "number": paper.number})
