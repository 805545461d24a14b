"""首问负责: recorded in one line, referred by name, followed to its end."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from banshi.core.clock import now, today
from banshi.core.errors import BadInput
from banshi.people.models import User
from banshi.sites.counter.access import question_for
from banshi.sites.kit.address import key_in, text_in
from banshi.sites.kit.forms import PageForm
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.permissions import Permission, may, require, require_post
from banshi.sites.kit.staff import StaffRequest
from banshi.window import actions
from banshi.window.enums import QuestionState
from banshi.window.queries import halls_served_by
from banshi.window.questions import contact_of, overdue, questions_visible_to, receivers_in, to_answer

SIZE = 25


class QuestionForm(PageForm):
    hall = forms.ChoiceField(label="大厅")
    text = forms.CharField(label="问了什么", max_length=200, help_text="一句话，例如“孩子的医保在哪里办”。")
    contact = forms.CharField(
        label="怎么联系对方",
        max_length=60,
        required=False,
        help_text="当场答复了的不用写。加密保存，只有办的人看得到。",
    )


@login_required
@require_safe
def questions(request: StaffRequest) -> HttpResponse:
    """Show what one has to answer, and everything one may follow."""
    require_post(request.user)
    at = now()
    visible = questions_visible_to(request.user, at=at)
    context = {
        "mine": list(to_answer(request.user).select_related("hall", "asked", "holder")),
        "overdue": list(overdue(visible, at=at)[:SIZE]),
        "page": Page(visible, request.GET, by=("-id",), size=SIZE),
        "today": today(),
        "may_record": may(request.user, Permission.WINDOW_SERVE),
    }
    return render(request, "counter/questions.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.WINDOW_SERVE)
    halls = {str(each.pk): each for each in halls_served_by(request.user, at=now())}
    form = QuestionForm(request.POST or None)
    form.fields["hall"].choices = [(key, str(each)) for key, each in halls.items()]  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        made = actions.record_question(
            halls[told["hall"]], text=told["text"], contact=told["contact"], by=request.user, at=now()
        )
        messages.success(request, "已登记。由您负责到答复；办不了的请转给能办的人。")
        return redirect("counter:question", made.pk)
    back = reverse("counter:questions")
    context = {"form": form, "title": "登记首问", "back": back, "crumbs": [(back, "首问"), ("", "登记")]}
    return render(request, "counter/question_new.html", context, status=422 if form.is_bound else 200)


@login_required
@never_cache
@require_safe
def question(request: StaffRequest, pk: int) -> HttpResponse:
    found = question_for(request.user, pk)
    mine = found.holder_id == request.user.pk
    context = {
        "question": found,
        "referrals": list(found.referrals.all()),
        "mine": mine and found.state != QuestionState.ANSWERED,
        "contact": contact_of(found) if mine and found.state != QuestionState.ANSWERED else "",
        "waits": mine and found.state == QuestionState.REFERRED,
        "receivers": receivers_in(found.hall, at=now()) if mine else [],
        "late": found.state != QuestionState.ANSWERED and found.due_on < today(),
        "crumbs": [(reverse("counter:questions"), "首问"), ("", found.text[:20])],
    }
    return render(request, "counter/question.html", context)


@login_required
@require_POST
def refer(request: StaffRequest, pk: int) -> HttpResponse:
    found = question_for(request.user, pk)
    receivers = dict(receivers_in(found.hall, at=now()))
    to = User.objects.filter(pk=key_in(request.POST, "to"), pk__in=receivers).first()
    if to is None:
        raise BadInput("没有选转给谁", remedy="请从名单里选。")
    actions.refer_question(found, to=to, words=text_in(request.POST, "words"), by=request.user, at=now())
    messages.success(request, f"已转给{to}，并已通知")
    return redirect("counter:questions")


@login_required
@require_POST
def take(request: StaffRequest, pk: int) -> HttpResponse:
    actions.take_question(question_for(request.user, pk), by=request.user, at=now())
    messages.success(request, "已接收，由您负责到答复")
    return redirect("counter:question", pk)


@login_required
@require_POST
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    words = text_in(request.POST, "answer", 500)
    actions.answer_question(question_for(request.user, pk), answer=words, by=request.user, at=now())
    messages.success(request, "已答复，首问办结")
    return redirect("counter:questions")
