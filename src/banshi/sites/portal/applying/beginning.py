"""Before the form: what it takes, whether one is eligible, and one's drafts and cases."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from banshi.bundles.queries import submissions_of
from banshi.cases.actions import begin_online, save_answers, start_for_company
from banshi.cases.models import Application
from banshi.cases.queries import cases_of, companies_of, drafts_of, supplements_awaited_from
from banshi.catalog.guide.document import Condition
from banshi.catalog.guide.form import form_of
from banshi.catalog.models import Item
from banshi.catalog.queries import in_force_of
from banshi.core.clock import now, today
from banshi.core.errors import BanshiError, Conflict, Refused
from banshi.forms import visible
from banshi.forms.fields import groups
from banshi.people.enums import CitizenKind
from banshi.people.models import User
from banshi.people.queries import identity_of
from banshi.sites.kit.address import as_key, text_in
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.portal.applying.drafts import prefilled, to_sign_in
from banshi.sites.portal.following.whereabouts import ENDED, TONES, label_of
from banshi.sites.portal.items.ended import show_ended, tell_ended
from banshi.sites.portal.items.guide_view import GuideView
from banshi.sites.portal.items.queries import once_public, present

WANTED, STARTED = "wanted_before_sign_in", "started_at_sign_in"
"""Keys of the session: the item somebody pressed 开始 for, the draft that was begun for it."""
YES, NO, UNSURE = "yes", "no", "unsure"


@dataclass(frozen=True, slots=True)
class EligibilityQuestion:
    """A condition of acceptance as a question, and what was answered."""

    name: str
    condition: Condition
    answer: str


@never_cache
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, guid: UUID) -> HttpResponse:
    """Tell what an application takes and let one check oneself, then begin a draft."""
    publication = in_force_of(guid)
    if publication is None:
        return _ended(request, guid)
    reading = GuideView(publication, on=today())
    if not reading.can_apply:
        raise Conflict("这个事项不能在网上申请", remedy="请看办事指南里写的办理地点和电话。")
    user = request.user
    if request.method == "POST":
        if not isinstance(user, User):
            request.session[WANTED] = str(guid)
            return to_sign_in(request)
        if identity_of(user) is None:
            raise Conflict("工作账号不能用来办自己的事", remedy="请退出后，用您个人或单位注册的账号登录再办。")
        if chosen := text_in(request.POST, "company"):
            named = companies_of(user).filter(company=as_key(chosen)).first()
            if named is None:
                raise Refused("您没有被这家单位指定为经办人", remedy="请用单位账号登录，在“经办人”里指定您，再来办理。")
            begun = start_for_company(publication.item, named.company, by=user, at=now())
            return redirect("portal:application", begun.guid)
        return redirect("portal:application", _begun(publication.item, by=user).guid)
    if started := request.session.pop(STARTED, ""):
        return redirect("portal:application", started)
    guide, identity = reading.guide, identity_of(user) if isinstance(user, User) else None
    form, company = form_of(guide), identity is not None and identity.kind != CitizenKind.PERSON
    questions = [
        EligibilityQuestion(f"c{place}", each, text_in(request.GET, f"c{place}"))
        for place, each in enumerate(guide.conditions)
        if each.text
    ]
    context = {
        "item": publication.item,
        "reading": reading,
        "questions": questions,
        "persons_only": company and all(each.key != "company_name" for each in form),
        "asked": any(each.answer for each in questions),
        "doubts": [each for each in questions if each.answer in (NO, UNSURE)],
        "companies": list(companies_of(user))
        if isinstance(user, User) and any(each.key == "company_name" for each in form)
        else [],
        "pages": [title for title, _ in groups(visible(form, {}))],
        "drafts": drafts_of(user, at=now()).filter(publication__item=publication.item)[:3]
        if isinstance(user, User)
        else [],
    }
    return render(request, "portal/applying/begin.html", context)


def _ended(request: HttpRequest, guid: UUID) -> HttpResponse:
    """Tell whoever would apply what became of the item, and of the drafts they have."""
    user, item = request.user, once_public(guid)
    own = list(drafts_of(user, at=now()).filter(publication__item=item)[:3]) if isinstance(user, User) else []
    return tell_ended(request, item, drafts=own) if own else show_ended(request, guid, suspended=404)


def _begun(item: Item, *, by: User) -> Application:
    application, new = begin_online(item, by=by, at=now())
    if new and (known := prefilled(application, by=by)):
        save_answers(application, known, by=by, at=now())
    return application


@receiver(user_logged_in)
def begin_after_sign_in(request: HttpRequest, user: User, **_: Any) -> None:
    """Begin what was asked for before signing in, so that nobody has to press twice."""
    wanted = getattr(request, "session", {}).pop(WANTED, "")
    if not wanted or identity_of(user) is None:
        return
    with suppress(BanshiError):  # its page says why
        request.session[STARTED] = str(_begun(present(UUID(wanted)).item, by=user).guid)


@login_required
@never_cache
@require_safe
def my_cases(request: StaffRequest) -> HttpResponse:
    """List one's drafts and cases (我的办件)."""
    own = cases_of(request.user).select_related("flow", "applicant", "agent")
    page = Page(own.exclude(state="supplementing"), request.GET, by=("-id",), size=20)
    context = {
        "drafts": drafts_of(request.user, at=now()).select_related("owner", "agent")[:20],
        "bundles": submissions_of(request.user)[:20],
        "page": page,
        "waiting": supplements_awaited_from(request.user),
        "today": today(),
        "is_company": (identity := identity_of(request.user)) is not None and identity.kind != CitizenKind.PERSON,
        "cases": [(each, label_of(each), *TONES.get(each.state, ENDED)) for each in page.rows],
    }
    return render(request, "portal/applying/my_cases.html", context)
