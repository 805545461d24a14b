"""The working calendar by year: month grids whose days are chosen and changed."""

from calendar import Calendar
from dataclasses import dataclass
from datetime import date

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from banshi.calendar import actions
from banshi.calendar.models import CalendarDay, CalendarYear
from banshi.calendar.queries import calendar_in_force, days_of
from banshi.core.clock import now, today
from banshi.core.errors import BadInput, Missing
from banshi.sites.console.organs.views import text_of_upload
from banshi.sites.kit.address import as_day
from banshi.sites.kit.forms import PageForm, add_refusal
from banshi.sites.kit.permissions import Permission, require
from banshi.sites.kit.staff import StaffRequest

FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of the grid. `entry` is there when it differs from the week or has a name."""

    day: date
    working: bool
    entry: CalendarDay | None

    @property
    def kind(self) -> str:
        """Its class in the style sheet."""
        if self.entry:
            return "made-up" if self.working else "holiday"
        return "" if self.working else "rest"

    @property
    def words(self) -> str:
        """Write the day for a screen reader."""
        name = f"，{self.entry.name}" if self.entry and self.entry.name else ""
        return f"{self.day.month}月{self.day.day}日，{'上班' if self.working else '休息'}{name}"


class DaysForm(PageForm):
    what = forms.ChoiceField(label="改成", choices=[("rest", "放假"), ("work", "上班"), ("clear", "按星期")])
    name = forms.CharField(label="名称", max_length=50, required=False)


class LoadForm(PageForm):
    file = forms.FileField(
        label="放假安排（CSV）",
        help_text="每行 日期，1或0，名称：1 上班，0 放假，例如 2027-10-01,0，国庆节。第一行写 day,working,name；来源写在以 # 开头的行。",
    )


@login_required
@require_safe
def calendar(request: StaffRequest, year: int = 0) -> HttpResponse:
    require(request.user, Permission.CALENDAR_EDIT)
    shown = _checked(year or today().year)
    record = CalendarYear.objects.filter(year=shown).first()
    rule, entries = calendar_in_force(), days_of(shown)
    weeks = Calendar().monthdatescalendar
    months = [
        (
            month,
            [
                [Cell(day, rule.is_working(day), entries.get(day)) if day.month == month else None for day in week]
                for week in weeks(shown, month)
            ],
        )
        for month in range(1, 13)
    ]
    working = sum(cell.working for _, weeks in months for week in weeks for cell in week if cell)
    context = {
        "year": shown,
        "record": record,
        "months": months,
        "working": working,
        "before": shown - 1,
        "after": shown + 1,
        "today": today(),
    }
    return render(request, "console/calendar/year.html", context)


@login_required
@require_POST
def change_days(request: StaffRequest, year: int) -> HttpResponse:
    year = _checked(year)
    form, given = DaysForm(request.POST), [as_day(text) for text in request.POST.getlist("day")]
    # One that is no day makes all of them unread.
    days = [day for day in given if day and day.year == year] if form.is_valid() and all(given) else []
    what, name = form.cleaned_data.get("what", ""), form.cleaned_data.get("name", "")
    # With no day chosen nothing is written, and who may not is still refused.
    if what in ("work", "rest"):
        actions.set_calendar_days(days, working=what == "work", name=name, by=request.user, at=now())
    else:
        actions.clear_calendar_days(days, by=request.user, at=now())
    if days:
        words = {"work": "上班", "rest": "放假"}.get(what, "按星期")
        messages.success(request, f"{len(days)}天改为{words}")
    else:
        messages.error(request, "请先勾选日期，再选放假、上班或按星期")
    return redirect("console:calendar-year", year)


@login_required
@require_POST
def confirm(request: StaffRequest, year: int) -> HttpResponse:
    complete, source = request.POST.get("complete") == "1", request.POST.get("source", "")[:200]
    actions.confirm_calendar_year(_checked(year), complete=complete, source=source, by=request.user, at=now())
    messages.success(request, f"{year}年的放假安排{'已确认录完' if complete else '标为没有录完'}")
    return redirect("console:calendar-year", year)


@login_required
@require_http_methods(["GET", "POST"])
def load(request: StaffRequest) -> HttpResponse:
    """Load a whole year from a file, in place of what is there."""
    require(request.user, Permission.CALENDAR_EDIT)
    form = LoadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            text = text_of_upload(form.cleaned_data["file"].read(1_000_000))
            loaded = actions.load_arrangement(actions.read_arrangement(text), by=request.user, at=now())
        except BadInput as trouble:
            add_refusal(form, trouble)
        else:
            messages.success(request, f"{loaded.year}年的放假安排已录入")
            return redirect("console:calendar-year", loaded.year)
    back = reverse("console:calendar")
    context = {
        "form": form,
        "title": "从文件录入放假安排",
        "back": back,
        "crumbs": [(back, "工作日历"), ("", "从文件录入")],
    }
    return render(request, "console/form.html", context)


def _checked(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Missing("没有这一年的日历")
    return year
