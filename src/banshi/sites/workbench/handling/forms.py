"""Forms of lawful acts, each short."""

from typing import Any

from django import forms

from banshi.cases.actions import Wanted
from banshi.cases.enums import TaskVerdict
from banshi.cases.models import Case, CaseTask
from banshi.cases.policy import policy
from banshi.cases.steps import plan_of
from banshi.people.models import User

WAYS = (("window", "窗口领取"), ("post", "邮寄"), ("online", "网上下载"))
WIDE = {"rows": 3}


def _words(label: str, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=2000, widget=forms.Textarea(attrs=WIDE), **more)


class ActForm(forms.Form):
    """Base class of the forms of acts on a case. An act that asks for nothing has this."""

    def __init__(self, case: Case, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case

    @property
    def given(self) -> dict[str, Any]:
        """As the action takes it."""
        return self.cleaned_data

    @property
    def in_words(self) -> list[tuple[str, str]]:
        """Tell what was filled in, for the preview."""
        told = []
        for bound in self:
            value = self.cleaned_data.get(bound.name)
            choices = dict(getattr(bound.field, "choices", ()))
            if value not in (None, ""):
                told.append((str(bound.label), str(choices.get(value, value))))
        return told


class SupplementForm(ActForm):
    """Everything that lacks, in one list: the law gives one request."""

    def __init__(self, case: Case, *args: Any, **kwargs: Any) -> None:
        super().__init__(case, *args, **kwargs)
        for number, each in enumerate(case.publication.revision.guide.materials):
            self.fields[f"material_{number}"] = _words(f"“{each.name}”要补什么", required=False)
        self.fields["answers"] = _words("填写的内容要改什么", required=False)
        self.fields["words"] = _words("另外说明", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.wanted:
            raise forms.ValidationError(
                "请写明要补正什么：在要补的材料下写缺什么、要什么样的。补正只能要求一次，请写全。"
            )
        return cleaned

    @property
    def wanted(self) -> list[Wanted]:
        wanted = [
            Wanted(text, int(name.removeprefix("material_")))
            for name, text in self.cleaned_data.items()
            if name.startswith("material_") and text
        ]
        answers = self.cleaned_data.get("answers")
        return [*wanted, *([Wanted(answers, field="填写的内容")] if answers else [])]

    @property
    def given(self) -> dict[str, Any]:
        return {"wanted": self.wanted, "words": self.cleaned_data["words"]}


class RefusalForm(ActForm):
    reason = _words("理由", help_text="写明事实和依据，申请人会看到。")
    where = _words("可以到哪里办", required=False)


class NotOursForm(ActForm):
    where = _words("应当向哪个机关申请", help_text="写机关的名称，能写地址和电话更好。")
    reason = _words("说明", required=False)


class GrantForm(ActForm):
    words = _words("决定的内容和说明", required=False)
    valid_until = forms.DateField(
        label="有效期至",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="长期有效的不填。",
    )


class DenyForm(ActForm):
    words = _words("理由", help_text="写明事实、理由和依据，申请人会看到；救济途径会自动写上。")


class DeliverForm(ActForm):
    way = forms.ChoiceField(label="怎么送达的", choices=WAYS)
    words = _words("说明", required=False, help_text="例如签收人、快递单号。")


class ReasonForm(ActForm):
    reason = _words("理由", help_text="写明事实和依据，申请人会看到。")


class ReturnForm(ActForm):
    stage = forms.TypedChoiceField(label="退回到", coerce=int)
    words = _words("为什么退回", help_text="重新办理的人会看到。")

    def __init__(self, case: Case, *args: Any, **kwargs: Any) -> None:
        super().__init__(case, *args, **kwargs)
        plan = plan_of(case.publication)
        self.fields["stage"].choices = [(str(n), plan[n].name) for n in range(1, case.stage)]  # type: ignore[attr-defined]


class FinishForm(forms.Form):
    verdict = forms.ChoiceField(label="意见", choices=TaskVerdict.choices, widget=forms.RadioSelect, initial="agree")
    words = _words("说明", required=False, help_text="不同意的必须写明理由。作决定的人会看到。")


class ColleagueForm(forms.Form):
    to = forms.ModelChoiceField(User.objects.none(), label="交给谁", empty_label="请选择")

    def __init__(self, task: CaseTask, colleagues: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.task = task
        self.fields["to"].queryset = colleagues  # type: ignore[attr-defined]


def procedures() -> list[tuple[str, str]]:
    return [(each, each) for each in policy().stops.procedures]
