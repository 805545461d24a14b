"""Deleting what is personal in cases when its time is over, as it was shown."""

from datetime import datetime

from django.db import transaction

from banshi.access import Permission, authorize
from banshi.cases.models import Case, CaseAct, CaseMaterial, CaseTask, FetchedMaterial
from banshi.cases.retention import contents_due, retention_rules
from banshi.core.errors import BadInput, Conflict
from banshi.core.models import StoredFile
from banshi.files import drop
from banshi.ledger import Act, Actor, record_many

AT_ONCE = 1_000


@transaction.atomic
def delete_due_contents(code: str, *, shown: int, by: Actor, at: datetime) -> int:
    """Delete what a rule's plan has shown.

    How many cases. Numbers, days and who acted stay. Refused when it is no longer as many as were shown.
    """
    by = authorize(by, Permission.CASE_RETAIN, at=at)
    rule = next((each for each in retention_rules() if each.code == code), None)
    if rule is None:
        raise BadInput("没有这条保存期限", remedy="请在列表里选一条。")
    keys = list(contents_due(rule, at=at).select_for_update(of=("self",)).values_list("pk", flat=True))
    if len(keys) != shown:
        raise Conflict(f"现在到期的是{len(keys)}件，不是看到的{shown}件", remedy="请刷新页面，核对以后再删。")
    for start in range(0, len(keys), AT_ONCE):
        some = Case.objects.filter(pk__in=keys[start : start + AT_ONCE]).select_related("application")
        cases = list(some)
        applications = [each.application_id for each in cases]
        materials = CaseMaterial.objects.filter(application__in=applications)
        files = set(materials.exclude(file=None).values_list("file", flat=True))
        materials.delete()
        files -= set(CaseMaterial.objects.filter(file__in=files).values_list("file", flat=True))
        drop(StoredFile.objects.filter(pk__in=files, public=False), reason=rule.code, by=by, at=at)
        CaseAct.objects.filter(case__in=cases).update(content_sealed=b"")
        CaseTask.objects.filter(case__in=cases).update(content_sealed=b"")
        FetchedMaterial.objects.filter(case__in=cases).update(record_sealed=b"")
        for each in cases:
            each.application.answers_sealed = b""
            each.application.save(update_fields=["answers_sealed"])
        some.update(applicant_sealed=b"", applicant_masked="", query_code_sealed=b"", contents_deleted_at=at)
        acts = [Act("cases.delete_due_contents", each, {"rule": rule.code, "days": rule.days}) for each in cases]
        record_many(acts, by=by, at=at)
    return len(keys)
