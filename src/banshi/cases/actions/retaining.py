"""Deleting what is personal in cases, and in what stands beside them, when its time is over, as it was shown."""

from datetime import datetime

from django.db import transaction

from banshi.access import Permission, authorize
from banshi.cases.models import Case, CaseAct, CaseMaterial, CaseTask, FetchedMaterial
from banshi.cases.retention import AT_ONCE, contents_due, digest_of, matter_of, retention_rules
from banshi.cases.signals import contents_deleted
from banshi.core.errors import BadInput, Conflict
from banshi.core.models import StoredFile
from banshi.files import drop, unnamed
from banshi.ledger import Act, Actor, record_many


@transaction.atomic
def delete_due_contents(code: str, *, shown: str, by: Actor, at: datetime) -> int:
    """Delete what a rule's plan has shown.

    How many. Numbers, days and who acted stay. Refused when it is no longer those that were shown.
    """
    by = authorize(by, Permission.CASE_RETAIN, at=at)
    rule = next((each for each in retention_rules() if each.code == code), None)
    if rule is None:
        raise BadInput("没有这条保存期限", remedy="请在列表里选一条。")
    rows = list(contents_due(rule, at=at).select_for_update(of=("self",))[:AT_ONCE])
    if not rows or digest_of(rows) != shown:
        raise Conflict("到期的和您看到的不一样了", remedy="请刷新页面，核对以后再删。")
    acts = [Act("cases.delete_due_contents", each, {"rule": rule.code, "days": rule.days}) for each in rows]
    record_many(acts, by=by, at=at)
    files = matter.forget(rows) if (matter := matter_of(rule)) else _forget_contents(rows, at)
    drop(unnamed(StoredFile.objects.filter(pk__in=files, public=False)), reason=rule.code, by=by, at=at)
    return len(rows)


def _forget_contents(cases: list[Case], at: datetime) -> set[int]:
    """Delete what is personal in cases, here and where other apps keep it beside them, and return the files let go."""
    materials = CaseMaterial.objects.filter(application__in=[each.application_id for each in cases])
    files = set(materials.exclude(file=None).values_list("file", flat=True))
    materials.delete()
    CaseAct.objects.filter(case__in=cases).update(content_sealed=b"")
    CaseTask.objects.filter(case__in=cases).update(content_sealed=b"")
    FetchedMaterial.objects.filter(case__in=cases).update(record_sealed=b"")
    for each in cases:
        each.application.answers_sealed = b""
        each.application.save(update_fields=["answers_sealed"])
    gone = {"applicant_sealed": b"", "applicant_masked": "", "query_code_sealed": b"", "contents_deleted_at": at}
    Case.objects.filter(pk__in=[each.pk for each in cases]).update(**gone)
    for _, let_go in contents_deleted.send(Case, cases=cases):
        files |= set(map(int, let_go or ()))
    return files
