"""A copy of one's own data (个人信息保护法 第四十五条)."""

from datetime import datetime
from typing import Any

from django.db import transaction

from banshi.access import Permission, authorize
from banshi.cases.actions.looking import records_of
from banshi.cases.models import Application, Case
from banshi.cases.queries import cases_of, looks_at
from banshi.cases.sealing import ANSWERS, APPLICANT, CONTENT, opened
from banshi.ledger import Actor, record
from banshi.papers.queries import papers_about
from banshi.people.models import User
from banshi.people.own_data import own_data_of


@transaction.atomic
def export_own_data(user: User, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Return what is kept of a person: cases with who has looked at them, and what each app has registered."""
    by = authorize(by, Permission.ACCOUNT_OWN, user, at=at)
    drafts = Application.objects.filter(owner=user, submitted_at=None, discarded_at=None)
    told = {
        **own_data_of(user),
        "drafts": [
            {"item": each.publication.item.name, "saved_at": each.saved_at.isoformat(), "answers": _answers(each)}
            for each in drafts.select_related("publication__item")
        ],
        "cases": [_case(each) for each in cases_of(user).filter(applicant=user)],
    }
    facts = {"drafts": len(told["drafts"]), "cases": len(told["cases"])}
    record("cases.export_own_data", user, by=by, at=at, facts=facts)
    return told


def _answers(application: Application) -> Any:
    return opened(application.answers_sealed, purpose=ANSWERS)


def _case(case: Case) -> dict[str, Any]:
    materials = case.application.materials.filter(replaced_at=None)
    return {
        "number": case.number,
        "item": case.item.name,
        "organ": case.organ.name,
        "state": case.state,
        "received_at": case.received_at.isoformat(),
        "accepted_on": case.accepted_on and case.accepted_on.isoformat(),
        "applicant": opened(case.applicant_sealed, purpose=APPLICANT),
        "answers": _answers(case.application),
        "materials": [{"name": each.name, "attached_at": each.attached_at.isoformat()} for each in materials],
        "fetched": [
            {"name": each.name, "from": each.resource.name, "at": each.asked_at.isoformat(), "record": rows}
            for each, rows in records_of(case)
        ],
        "acts": [
            {
                "act": each.get_kind_display(),
                "at": each.at.isoformat(),
                "by": each.by_name,
                "basis": each.basis,
                "said": opened(each.content_sealed, purpose=CONTENT),
            }
            for each in case.acts.all()
        ],
        "papers": [
            {"number": each.number, "title": each.title, "code": each.code} for each in papers_about(case.number)
        ],
        "looks": [
            {"at": each.at.isoformat(), "by": each.actor_name, "what": each.facts.get("what", "")}
            for each in looks_at(case)
        ],
    }
