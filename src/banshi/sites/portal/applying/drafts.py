"""A draft as its pages need it: the form of its publication, the answers so far, what the account gives, the steps."""

import json
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from banshi.cases.actions.applying import open_publication
from banshi.cases.models import Application
from banshi.cases.queries import applications_of, asked_of, correctable
from banshi.cases.sealing import ANSWERS, opened
from banshi.cases.steps import FROZEN, text_of
from banshi.catalog.guide.document import Material
from banshi.core.clock import now, today
from banshi.core.crypto import decrypt, encrypt
from banshi.core.errors import Conflict, Missing, Problem
from banshi.core.id_numbers import birth_date
from banshi.forms import FormField, Prefill, answer_problems, visible, without_hidden
from banshi.forms.fields import REGISTERED, Answers, groups
from banshi.people.actions import look_at_identity
from banshi.people.enums import CitizenKind
from banshi.people.models import User
from banshi.people.queries import identity_of
from banshi.sites.kit.staff import StaffRequest

TYPED = "typed_before_sign_in"
REASON = "在线办理时填入本人的登记信息"


@dataclass(frozen=True, slots=True)
class FormStep:
    """One page of the form that is asked now."""

    number: int
    title: str
    fields: list[FormField]


class FormPages:
    """The pages of a form under way, whoever keeps its answers."""

    frame, start, prefix = "portal/applying/base.html", "application", "application"
    """Template around its pages, the name of its first address, and how the names of the others begin."""
    corrects: bool = False
    application: Any
    form: tuple[FormField, ...]
    answers: Answers

    @property
    def asked_keys(self) -> set[str]:
        raise NotImplementedError

    @property
    def asks_papers(self) -> bool:
        raise NotImplementedError

    @cached_property
    def steps(self) -> list[FormStep]:
        """List the pages that ask something, by the number each has whatever is hidden."""
        asked, pages = self.asked_keys, enumerate(groups(self.form), 1)
        some = [FormStep(number, title, [f for f in fields if f.key in asked]) for number, (title, fields) in pages]
        return [each for each in some if each.fields]

    @cached_property
    def problems(self) -> list[Problem]:
        return answer_problems(self.form, without_hidden(self.form, self.answers), on=today())

    @cached_property
    def fixed(self) -> dict[str, str]:
        """Map what a register gives for this account, which is shown and not asked."""
        sources = sources_of(self.application.owner)
        given = {each.key for each in self.form if each.prefill in REGISTERED and each.prefill in sources}
        return {key: str(self.answers[key]) for key in given if self.answers.get(key)}

    @cached_property
    def deciding(self) -> set[str]:
        return {each.when.field for each in self.form if each.when}

    def step_of(self, key: str) -> int:
        return next((each.number for each in self.steps if any(f.key == key for f in each.fields)), 1)

    def address(self, name: str, *more: int | str) -> str:
        return reverse(f"portal:{name}", args=[self.application.guid, *more])


class Draft(FormPages):
    """An application under way, of whoever fills it in."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.publication = application.publication
        self.item = application.publication.item
        text = text_of(application.publication)
        self.guide, self.form = text.guide, text.form
        self.answers: Answers = opened(application.answers_sealed, purpose=ANSWERS)

    @property
    def asked_keys(self) -> set[str]:
        asked = {each.key for each in visible(self.form, self.answers)}
        return asked & self.open_answers if self.application.submitted_at else asked

    @property
    def asks_papers(self) -> bool:
        return bool(self.asked)

    @cached_property
    def asked(self) -> list[Material]:
        return asked_of(self.application)

    @cached_property
    def open_answers(self) -> set[str]:
        """List the answers that a supplement opens again."""
        return correctable(self.application.case) if self.application.submitted_at else set()

    @property
    def corrects(self) -> bool:  # type: ignore[override]
        """Tell whether a supplement asks for other answers."""
        return bool(self.open_answers)

    @property
    def stale(self) -> bool:
        return self.publication.until is not None


def draft_of(request: StaffRequest, guid: UUID) -> Draft:
    """Find one's own application."""
    application = applications_of(request.user).select_related("owner").defer(*FROZEN).filter(guid=guid).first()
    if application is None:
        raise Missing("没有这份申请", remedy="它可能已经放弃，或者是用别的账号填的。请到“我的办件”查看。")
    return Draft(application)


def elsewhere(draft: Draft, *, answering: bool = False) -> HttpResponse | None:
    """Lead on from a draft that is submitted, or whose guide has changed.

    Answers may still be corrected where a supplement asks for it.
    """
    if draft.application.submitted_at:
        if draft.corrects:
            asked = f"{reverse('portal:my-case', args=[draft.application.case.pk])}#asked"
            return None if answering else redirect(asked)
        return redirect("portal:application-sent", draft.application.guid)
    if draft.application.expires_at <= now():
        raise Conflict("这份草稿超过保留的日子，已经不能再填", remedy="请到事项页面重新申请。")
    if draft.stale:
        return redirect("portal:application-changes", draft.application.guid)
    open_publication(draft.item)
    return None


def sources_of(user: User) -> dict[Prefill, str]:
    """Map what an account can fill in to the field of its identity."""
    identity = identity_of(user)
    if identity is None:
        return {}
    found = {Prefill.PHONE: "phone"} if identity.phone_sealed else {}
    if identity.kind == CitizenKind.PERSON:
        number = {Prefill.PERSON_NUMBER, Prefill.PERSON_BIRTH, Prefill.PERSON_SEX}
        return found | dict.fromkeys(number, "number") | {Prefill.PERSON_NAME: "name"}
    return found | {Prefill.COMPANY_NAME: "name", Prefill.COMPANY_CODE: "number"}


def prefilled(application: Application, *, by: User) -> Answers:
    """Fill in what the account knows and the draft has not, each look at it on the record."""
    if by.pk != application.owner_id:
        return {}  # a company's handler, whose draft was filled in when it began
    draft = Draft(application)
    return known_answers(draft.form, draft.answers, application.owner, by=by)


def known_answers(form: Sequence[FormField], answers: Answers, owner: User, *, by: User) -> Answers:
    """Answer the empty questions of a form by what an account knows."""
    sources, identity = sources_of(owner), identity_of(owner)
    empty = [each for each in form if each.prefill and not answers.get(each.key)]
    fields = {sources[each.prefill] for each in empty if each.prefill in sources}
    known = {
        name: look_at_identity(identity, field=name, reason=REASON, by=by, at=now())
        for name in sorted(fields)
        if identity is not None
    }
    filled: Answers = {}
    for field in empty:
        match field.prefill:
            case Prefill.EMAIL:
                filled[field.key] = owner.email
            case Prefill.PERSON_BIRTH if known.get("number") and field.prefill in sources:
                filled[field.key] = birth_date(known["number"]).isoformat()
            case Prefill.PERSON_SEX if known.get("number") and field.prefill in sources:
                filled[field.key] = "男" if int(known["number"][16]) % 2 else "女"
            case source if source in sources:
                filled[field.key] = known[sources[source]]
    return {key: answer for key, answer in filled.items() if answer}


# What was typed when the session had ended


def to_sign_in(request: HttpRequest) -> HttpResponseRedirect:
    """Lead to the sign-in page and back, keeping what was just typed encrypted in the session."""
    if request.method == "POST" and not request.FILES:
        typed = json.dumps([request.path, request.POST.urlencode()])
        request.session[TYPED] = b64encode(encrypt(typed, purpose=TYPED)).decode()
    answer = redirect(f"{reverse('account_login')}?next={request.path}")
    if TYPED in request.session:
        answer.status_code = HTTPStatus.SEE_OTHER  # kept already, so that `signin.middleware` makes no page of it
    return answer


def typed_before(request: HttpRequest) -> QueryDict | None:
    """Read what waits for this page, once."""
    if TYPED not in request.session:
        return None
    path, typed = json.loads(decrypt(b64decode(request.session.pop(TYPED)), purpose=TYPED))
    return QueryDict(typed) if path == request.path else None


def steps_shown(draft: FormPages, here: str) -> dict[str, Any]:
    """Prepare the line of steps above each page."""
    names = [(str(each.number), each.title, draft.address(f"{draft.prefix}-page", each.number)) for each in draft.steps]
    if draft.asks_papers:
        names.append(("materials", "交材料", draft.address(f"{draft.prefix}-materials")))
    names.append(("check", "核对提交", draft.address(f"{draft.prefix}-check")))
    place = next((n for n, (code, _, _) in enumerate(names) if code == here), 0)
    return {
        "draft": draft,
        "steps": names,
        "place": place + 1,
        "step_name": names[place][1],
        "back": names[place - 1][2] if place else "",
    }
