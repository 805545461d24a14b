"""The guide page of a bundle: what it takes for whoever answers a few questions, and the beginning of a draft."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from banshi.bundles.actions import begin_bundle_online, save_bundle_answers, start_bundle_for_company
from banshi.bundles.burden import burden_of
from banshi.bundles.definition import planned_bundles
from banshi.bundles.merging import question_key, takes
from banshi.bundles.queries import BundleReading, bundle_drafts_of, bundle_named, bundles_in_force, reading_of
from banshi.cases.queries import companies_of
from banshi.core.clock import now, today
from banshi.core.errors import Conflict, Refused
from banshi.forms.fields import Answers
from banshi.forms.standard import ApplyingAs
from banshi.people.models import User
from banshi.people.queries import identity_of
from banshi.sites.kit.address import as_key, text_in
from banshi.sites.portal.applying.drafts import known_answers, to_sign_in


@require_safe
def show_bundles(request: HttpRequest) -> HttpResponse:
    """List what is in force, and by name what the place has no items for yet."""
    found = [each.definition for each in bundles_in_force()]
    there = {each.name for each in found}
    planned = [each for each in planned_bundles(settings.DATA / "bundles") if each.name not in there]
    return render(request, "portal/bundles/bundles.html", {"bundles": found, "planned": planned})


@never_cache
@require_http_methods(["GET", "POST"])
def show_bundle(request: HttpRequest, code: str) -> HttpResponse:
    version = bundle_named(code)
    asked = request.POST if request.method == "POST" else request.GET
    given: Answers = {}
    for each in version.definition.questions:
        answer = text_in(asked, question_key(each.key))
        if answer in each.choices:
            given[question_key(each.key)] = answer
    if request.method == "POST":
        user = request.user
        if not isinstance(user, User):
            return to_sign_in(request)
        if identity_of(user) is None:
            raise Conflict("工作账号不能用来办自己的事", remedy="请退出后，用您个人或单位注册的账号登录再办。")
        if chosen := text_in(request.POST, "company"):
            named = companies_of(user).filter(company=as_key(chosen)).first()
            if named is None:
                raise Refused("您没有被这家单位指定为经办人", remedy="请用单位账号登录，在“经办人”里指定您，再来办理。")
            begun = start_bundle_for_company(version, named.company, given, by=user, at=now())
            return redirect("portal:bundle-draft", begun.guid)
        submission, new = begin_bundle_online(version, given, by=user, at=now())
        if new and (known := known_answers(reading_of(submission).every_field, given, user, by=user)):
            save_bundle_answers(submission, known, by=user, at=now())
        return redirect("portal:bundle-draft", submission.guid)
    person = request.user if isinstance(request.user, User) else None
    reading = BundleReading(version, given, owner=person)
    for_companies = [each for each in (*reading.all_members, *reading.of_others) if takes(each, ApplyingAs.COMPANY)]
    context = {
        "version": version,
        "definition": reading.definition,
        "reading": reading,
        "questions": [
            (question_key(each.key), each, given.get(question_key(each.key), ""))
            for each in reading.definition.questions
        ],
        "answered": bool(given),
        "unanswered": len(reading.definition.questions) - len(given),
        "materials": reading.materials,
        "deadline": reading.deadline(on=today()),
        "burden": burden_of(reading),
        "companies": list(companies_of(person)) if person and for_companies else [],
        "drafts": bundle_drafts_of(person, at=now()).filter(version__code=code)[:3] if person else [],
    }
    return render(request, "portal/bundles/bundle.html", context)
