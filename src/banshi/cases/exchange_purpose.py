"""The case as a purpose of shared data: open, with this clerk, and about whom its papers name."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from banshi.access import Permission, allows, authorize
from banshi.cases.models import Case
from banshi.cases.queries import OPEN, permission_for
from banshi.cases.sealing import ANSWERS, opened
from banshi.cases.steps import text_of
from banshi.core.errors import Conflict, Missing, Refused
from banshi.exchange.purposes import (
    AGENT,
    COMPANY,
    Concerned,
    NumberedMatter,
    Purpose,
    register_numbers,
    register_purpose,
)
from banshi.forms import typed_text
from banshi.forms.standard import PARTIES, ApplyingAs
from banshi.ledger import Actor, name_of

ROLES = {
    ApplyingAs.SELF: "申请人",
    ApplyingAs.CHILD: "申请人的孩子",
    ApplyingAs.OTHER: "委托人",
    ApplyingAs.COMPANY: COMPANY,
}
KIND = "case"


def purpose_of_case(key: Any, by: Actor, at: datetime) -> Purpose:
    """Read a case as a purpose.

    Raises where it has ended, or is not in this clerk's hands.
    """
    case = Case.objects.select_related("organ", "application", "publication__revision").filter(pk=key).first()
    if case is None:
        raise Missing("没有这个办件", remedy="请从办件页面发起核验。")
    authorize(by, Permission.CASE_PERSONAL, case, at=at)
    if case.state not in OPEN:
        raise Conflict("办件已经结束，不能再为它核验", remedy="核验只能为正在办的事做。")
    tasks = case.tasks.filter(ending="").select_related("organ", "case")
    own = [each.organ_id for each in tasks if allows(by, permission_for(each), each, at=at)]
    if not own:
        raise Refused("这件办件现在不由您办，不能为它核验", remedy="请由正在办的同事核验。")
    return Purpose(name_of(case), case.number, case.item_id, frozenset({case.organ_id, *own}), concerned_in(case))


def concerned_in(case: Case) -> tuple[Concerned, ...]:
    """List the people the application names by number, each with what the form says of the matter."""
    answers = opened(case.application.answers_sealed, purpose=ANSWERS)
    said = {
        field.label: typed_text(field, answers[field.key])
        for field in text_of(case.publication).form
        if field.key in answers
    }
    named = [(ROLES[way], answers.get(name), answers.get(number)) for way, (name, number) in PARTIES.items()]
    named.append((AGENT, answers.get("agent_name"), answers.get("agent_number")))
    return tuple(Concerned(role, str(name), str(number), said) for role, name, number in named if name and number)


def cases_numbered(number: str) -> QuerySet[Case]:
    """Find a case for a system that names it by number."""
    return (
        Case.objects.select_related("application", "publication__revision")
        .only("organ", "item", "state", "application__answers_sealed", "publication__revision__digest")
        .filter(number=number)
        .order_by()
    )


def matter_of(case: Case) -> NumberedMatter:
    return NumberedMatter(name_of(case), case.organ_id, case.item_id, case.state in OPEN, concerned_in(case))


def people_of_case(key: str) -> set[int]:
    return {pk for case in Case.objects.filter(pk=key) for pk in case.people}


def concerned_in_case(key: str) -> tuple[Concerned, ...]:
    cases = Case.objects.select_related("application", "publication__revision").filter(pk=key)
    return tuple(each for case in cases for each in concerned_in(case))


register_numbers(cases_numbered, matter_of)
register_purpose(KIND, purpose_of_case, label=Case._meta.label, people=people_of_case, concerned=concerned_in_case)
