"""大厅: what it is, its counters and queues, its appointments, how long people wait and how well that was foreseen."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from banshi.core.clock import day_of, now
from banshi.core.errors import BadInput
from banshi.sites.console.access import found
from banshi.sites.console.halls.forms import HallCounterForm, HallFileForm, HallForm, PlacesForm, spans_in_words
from banshi.sites.console.organs.views import text_of_upload
from banshi.sites.kit.forms import add_refusal
from banshi.sites.kit.permissions import Permission, organs_where, require
from banshi.sites.kit.staff import StaffRequest
from banshi.window import actions
from banshi.window.hall_file import read_hall_file
from banshi.window.kiosk_address import kiosk_key, tablet_key
from banshi.window.models import Hall
from banshi.window.queries import day_figures, estimate_error, service_minutes


def _hall(request: StaffRequest, pk: int) -> Hall:
    managed = organs_where(request.user, Permission.HALL_MANAGE)
    return found(Hall.objects.filter(organ__in=managed).select_related("organ"), pk=pk)


@login_required
@require_safe
def halls(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.HALL_MANAGE)
    managed = organs_where(request.user, Permission.HALL_MANAGE)
    shown = Hall.objects.filter(organ__in=managed).select_related("organ")
    return render(request, "console/halls/halls.html", {"halls": shown})


@login_required
@require_http_methods(["GET", "POST"])
def load(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.HALL_MANAGE)
    form = HallFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            told = read_hall_file(text_of_upload(form.cleaned_data["file"].read(1_000_000)))
            hall = actions.load_hall(told, by=request.user, at=now())
        except BadInput as trouble:
            add_refusal(form, trouble)
        else:
            messages.success(request, f"{hall}已按文件设置")
            return redirect("console:hall", hall.pk)
    back = reverse("console:halls")
    context = {"form": form, "title": "从文件设置大厅", "back": back, "crumbs": [(back, "大厅"), ("", "从文件设置")]}
    return render(request, "console/form.html", context)


@login_required
@require_safe
def hall(request: StaffRequest, pk: int) -> HttpResponse:
    one, at = _hall(request, pk), now()
    errors = estimate_error(one, at=at)
    skills = [
        (each, service_minutes(each, at=at)[None], errors.get(each.pk), PlacesForm(initial=_places(each)))
        for each in one.skills.filter(active=True)
    ]
    counters = one.counters.select_related("clerk", "hall").prefetch_related("skills")
    context = {
        "hall": one,
        "skills": skills,
        "counters": [(each, "、".join(map(str, each.skills.all())), tablet_key(each)) for each in counters],
        "figures": day_figures(one, day=day_of(at)),
        "closed_today": one.closed_on == day_of(at),
        "working": spans_in_words(one.hours.get("working", [])),
        "rest": spans_in_words(one.hours.get("rest", [])),
        "kiosk": reverse("counter:kiosk", args=[kiosk_key(one)]),
        "screen": reverse("counter:screen", args=[one.code]),
        "crumbs": [(reverse("console:halls"), "大厅"), ("", one.name)],
    }
    return render(request, "console/halls/hall.html", context)


def _places(skill: object) -> dict[str, object]:
    return {"morning": getattr(skill, "morning_places", 0), "afternoon": getattr(skill, "afternoon_places", 0)}


@login_required
@require_http_methods(["GET", "POST"])
def change(request: StaffRequest, pk: int) -> HttpResponse:
    one = _hall(request, pk)
    form = HallForm.of(one, request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.change_hall(one, changes=form.changes, by=request.user, at=now())
        messages.success(request, "已保存")
        return redirect("console:hall", pk)
    return _form(request, one, form, "修改大厅")


@login_required
@require_http_methods(["GET", "POST"])
def counter(request: StaffRequest, pk: int) -> HttpResponse:
    """Add a counter, or change the one of that number."""
    one = _hall(request, pk)
    skills = {str(each.pk): each for each in one.skills.filter(active=True)}
    form = HallCounterForm(request.POST or None)
    form.fields["skills"].choices = [(key, str(each)) for key, each in skills.items()]  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        chosen = [skills[key] for key in told["skills"]]
        made = actions.set_counter(
            one, number=told["number"], skills=chosen, active=told["active"], by=request.user, at=now()
        )
        messages.success(request, f"{made}已设置")
        return redirect("console:hall", pk)
    return _form(request, one, form, "设置窗口")


@login_required
@require_http_methods(["GET", "POST"])
def places(request: StaffRequest, pk: int, skill: int) -> HttpResponse:
    one = _hall(request, pk)
    about = found(one.skills.select_related("hall__organ"), pk=skill)
    form = PlacesForm(request.POST or None, stored=_places(about))
    if request.method == "POST" and form.is_valid():
        actions.set_places(about, **form.cleaned_data, by=request.user, at=now())
        messages.success(request, f"{about}的预约数量已改。已经约满的半天不减。")
        return redirect("console:hall", pk)
    return _form(request, one, form, f"{about}：每半天可约多少")


@login_required
@require_POST
def new_address(request: StaffRequest, pk: int) -> HttpResponse:
    hall = _hall(request, pk)
    if request.POST.get("round", str(hall.kiosk_round)) == str(hall.kiosk_round):
        actions.renew_kiosk_address(hall, by=request.user, at=now())
        messages.success(request, "取号机的地址已经换了，请在取号机上重新打开")
    return redirect("console:hall", pk)


@login_required
@require_http_methods(["GET", "POST"])
def close(request: StaffRequest, pk: int) -> HttpResponse:
    """Close a hall early, after it was said how many wait."""
    one = _hall(request, pk)
    if request.method == "POST":
        left = actions.close_hall(one, by=request.user, at=now())
        messages.success(request, f"{one}今天已经闭厅。{left}个没有办到的号，下次来最先办。")
        return redirect("console:hall", pk)
    waiting = day_figures(one, day=day_of(now())).waiting
    what = f"今天不再取号。现在有{waiting}人在等：他们会看到没有办到，下次凭号最先办；约了今天还没有来的，会收到取消的通知；正在办的不受影响。"
    context = {"title": f"{one}提前闭厅", "what": what, "action": "闭厅", "back": reverse("console:hall", args=[pk])}
    return render(request, "kit/confirm.html", {**context, "danger": True})


@login_required
@require_POST
def reopen(request: StaffRequest, pk: int) -> HttpResponse:
    actions.reopen_hall(_hall(request, pk), by=request.user, at=now())
    messages.success(request, "已恢复开放")
    return redirect("console:hall", pk)


def _form(request: StaffRequest, one: Hall, form: object, title: str) -> HttpResponse:
    back = reverse("console:hall", args=[one.pk])
    crumbs = [(reverse("console:halls"), "大厅"), (back, one.name), ("", title)]
    bound = getattr(form, "is_bound", False)
    context = {"form": form, "title": title, "back": back, "crumbs": crumbs}
    return render(request, "console/form.html", context, status=422 if bound else 200)
