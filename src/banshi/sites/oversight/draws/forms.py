"""Forms of a draw, of the numbers given to it, and of an inspection."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet

from banshi.core.clock import today
from banshi.people.models import User
from banshi.sites.kit.forms import PageForm
from banshi.supervision.models import InspectionDraw

DAY = {"type": "date"}
MARKS = {"ok": "符合", "not": "不符合", "none": "不涉及"}


class NewDrawForm(PageForm):
    title = forms.CharField(label="名称", max_length=100)
    kind = forms.ChoiceField(label="抽什么", choices=InspectionDraw.DrawKind.choices)
    count = forms.IntegerField(label="抽几个", min_value=1, max_value=10_000)
    checklist = forms.CharField(
        label="检查内容", required=False, widget=forms.Textarea(attrs={"rows": 4}), help_text="一行写一项。"
    )


class ListForm(PageForm):
    ended_since = forms.DateField(
        label="从哪天起",
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        help_text="办件算办结的日期，承诺算收件的日期；窗口、指南都列，不看日期。",
    )
    beacon = forms.CharField(
        label="用哪个公开信标",
        max_length=100,
        help_text="写明名称和期号，例如“福彩双色球2026140期”，要在各方打开以后才开奖。有一方没有给数，或者没有请各方时，才用它。",
    )
    inspectors = forms.ModelMultipleChoiceField(
        label="检查人员", queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, able: QuerySet[User], data: Any = None) -> None:
        last_month = today().replace(day=1) - timedelta(days=1)
        super().__init__(data, initial={"ended_since": last_month.replace(day=1)})
        self.fields["inspectors"].queryset = able.prefetch_related("posts__organ")  # type: ignore[attr-defined]
        self.fields["inspectors"].label_from_instance = _with_organs  # type: ignore[attr-defined]


def _with_organs(user: User) -> str:
    organs = dict.fromkeys(post.organ.called for post in user.posts.all() if post.until is None)
    return f"{user}（{'、'.join(organs)}）"


class PartyForm(PageForm):
    party = forms.CharField(label="哪一方", max_length=100, help_text="例如人大代表、行业协会、媒体。")
    account = forms.CharField(
        label="由哪个账号给", max_length=150, help_text="这一方登录本平台用的账号名。只有这个账号能给，别人不能替它给。"
    )


class NumberForm(PageForm):
    number = forms.CharField(label="公布的数", max_length=200, help_text="照公布的原样写，谁都可以核对。")


class InspectionForm(PageForm):
    faulty = forms.TypedChoiceField(
        label="结果",
        choices=[("no", "没有发现问题"), ("yes", "发现问题")],
        coerce=lambda text: text == "yes",
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label="检查的情况", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}), help_text="怎么查的、查到什么。"
    )
    right_by = forms.DateField(
        label="改正期限",
        required=False,
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        help_text="发现问题的要写。",
    )

    def __init__(self, checklist: list[str], data: Any = None) -> None:
        super().__init__(data)
        for place, words in enumerate(checklist):
            choices = [("", "请选择"), *MARKS.items()]  # none is chosen beforehand: each is looked at
            self.fields[f"mark{place}"] = forms.ChoiceField(label=words, choices=choices)
        self.order_fields([*(name for name in self.fields if name.startswith("mark")), "faulty", "words", "right_by"])

    @property
    def marks(self) -> list[str]:
        return [value for name, value in self.cleaned_data.items() if name.startswith("mark")]


class RightedForm(PageForm):
    words = forms.CharField(label="改正的情况", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
