"""Forms of lawful acts, each short."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from banshi.cases.actions import Wanted, wanted_name, wanted_of
from banshi.cases.actions.pausing import limit_to_extend, unit_of_extension
from banshi.cases.enums import PromiseKind, StopKind, TaskVerdict
from banshi.cases.models import Case, CaseAct, CaseTask, ClockStop, Promise
from banshi.cases.policy import policy
from banshi.cases.queries import (
    WHOLE_FORM,
    askable_shared,
    asked_before,
    asked_of,
    lacking,
    lapses_in_words,
    last_request,
)
from banshi.cases.sealing import ANSWERS, opened
from banshi.cases.steps import plan_of, text_of
from banshi.core.clock import chinese_date, day_of
from banshi.forms import visible
from banshi.forms.standard import AS, STATEMENT
from banshi.people.models import User
from banshi.sites.kit.forms import PageForm

WAYS = (("window", "窗口领取"), ("post", "邮寄"), ("online", "网上下载"))
WIDE = {"rows": 3}


def _words(label: str, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=2000, widget=forms.Textarea(attrs=WIDE), **more)


class ActForm(PageForm):
    """Base class of the forms of acts on a case. An act that asks for nothing has this."""

    warning = ""

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
            words = {str(key): str(said) for key, said in getattr(bound.field, "choices", ())}
            picked = bound.data if isinstance(bound.data, list) else [bound.data]
            if value not in (None, "", []):
                told.append((str(bound.label), "、".join(words.get(str(each), str(each)) for each in picked)))
        return told


class SupplementForm(ActForm):
    """Everything that lacks, in one list: the law gives one request, and another for what came wrong again."""

    def __init__(self, case: Case, *args: Any, **kwargs: Any) -> None:
        super().__init__(case, *args, **kwargs)
        earlier = asked_before(case)
        asked = earlier.facts if earlier else None
        if earlier:
            self.warning = said_before(earlier)
        failed = {each.position: each for each in case.fetched.all()}
        askable = askable_shared(case)
        for number, each in enumerate(asked_of(case.application)):
            if each.shared and number not in askable:  # what sharing gives may not be asked of anybody
                continue
            if asked and number not in asked["positions"]:
                continue
            why = f"本来不用交，但{failed[number].said}。" if each.shared else ""
            self.fields[f"material_{number}"] = _words(f"“{each.name}”要补什么", required=False, help_text=why)
        answers = opened(case.application.answers_sealed, purpose=ANSWERS)
        questions = visible(
            text_of(case.publication).form, answers
        )  # those of another kind of applicant were not asked
        whole = not asked or WHOLE_FORM in asked["fields"]
        choices = [
            (each.key, each.label)
            for each in questions
            if each.key not in (AS, STATEMENT) and (not asked or each.key in asked["fields"])
        ]
        if choices:
            self.fields["questions"] = forms.MultipleChoiceField(
                label="填写的内容里，哪几项要改",
                choices=choices,
                widget=forms.CheckboxSelectMultiple,
                required=False,
                help_text="选了的，申请人只能改这几项；不选而在下面写了的，都可以改。" if whole else "",
            )
        if choices or whole:
            self.fields["answers"] = _words("填写的内容要改什么", required=False)
        self.whole = whole
        follows = lapses_in_words(
            [each.act for each in policy().supplement.lapses_for(case.item.kind)], office="本机关"
        )
        told = f"通知书会写明：到期没有补正的，{follows}。"
        self.fields["words"] = _words("另外说明", required=False, help_text=told)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("questions") and not cleaned.get("answers"):
            self.add_error("answers", "选了要改的项，请写明怎么改。")
        elif cleaned.get("answers") and not cleaned.get("questions") and not self.whole:
            self.add_error("questions", "请选要改哪几项。")
        elif not self.wanted:
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
        if answers := self.cleaned_data.get("answers"):
            chosen = self.cleaned_data.get("questions") or [WHOLE_FORM]
            wanted += [Wanted(answers, field=each) for each in chosen]
        return wanted

    @property
    def given(self) -> dict[str, Any]:
        return {"wanted": self.wanted, "words": self.cleaned_data["words"]}


def said_before(request: CaseAct) -> str:
    """Tell that a supplement was asked for once, and what may still be asked."""
    names = "、".join(dict.fromkeys(f"“{wanted_name(request.case, each)}”" for each in wanted_of(request)))
    return (
        f"{chinese_date(day_of(request.at))}已经要求补正过一次：{names}。补来的还不合要求的，可以就这几项再要求；"
        "别的第一次就看得到，当时没有提出，不能再要求。"
    )


class RefusalForm(ActForm):
    ground = forms.ChoiceField(
        label="哪一种情形",
        widget=forms.RadioSelect,
        help_text="写进通知书。不属于本机关职权的，请用“不属于本机关”；受理以后才能判断的，请受理以后作决定。",
    )
    citation = forms.CharField(
        label="依据",
        max_length=300,
        required=False,
        help_text="选“其他情形”的，写明哪部法律、法规、规章的哪一条；别的情形依据会自动写上。",
    )
    reason = _words("理由", help_text="写明事实，申请人会看到。")
    where = _words("可以到哪里办", required=False)

    def __init__(self, case: Case, *args: Any, **kwargs: Any) -> None:
        super().__init__(case, *args, **kwargs)
        possible = policy().refusals_for(supplemented=last_request(case) is not None)
        waits = case.state == "supplementing"  # what did not come is the ground then
        self.possible = [each for each in possible if each.after_supplement or each.cited or not waits]
        self.fields["ground"].choices = [(each.name, each.label) for each in self.possible]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cited = {each.name for each in self.possible if each.cited}
        if cleaned.get("ground") in cited and not cleaned.get("citation"):
            self.add_error("citation", "请写明哪部法律、法规、规章的哪一条。")
        return cleaned


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


class RepairForm(ActForm):
    reason = _words("为什么可以修复", help_text="写明怎么改正的，申请人会看到。")


class ReturnForm(ActForm):
    stage = forms.TypedChoiceField(label="退回到", coerce=int)
    words = _words("为什么退回", help_text="重新办理的人会看到。")

    def __init__(self, case: Case, *args: Any, **kwargs: Any) -> None:
        super().__init__(case, *args, **kwargs)
        plan = plan_of(case.publication)
        self.fields["stage"].choices = [(str(n), plan[n].name) for n in range(1, case.stage)]  # type: ignore[attr-defined]


class FinishForm(PageForm):
    verdict = forms.ChoiceField(label="意见", choices=TaskVerdict.choices, widget=forms.RadioSelect, initial="agree")
    words = _words("说明", required=False, help_text="不同意的必须写明理由。作决定的人会看到。")


class EarlyFinishForm(FinishForm):
    """Of a step whose limit has to pass in full and has not."""

    early = forms.BooleanField(label="没有满，有依据提前办完")
    words = _words("提前的理由和依据，以及说明", help_text="作决定的人会看到。")


class ColleagueForm(PageForm):
    to = forms.ModelChoiceField(User.objects.none(), label="交给谁", empty_label="请选择")

    def __init__(self, task: CaseTask, colleagues: QuerySet[User], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.task = task
        self.fields["to"].queryset = colleagues  # type: ignore[attr-defined]


class StopForm(ActForm):
    procedure = forms.ChoiceField(
        label="哪一种程序", help_text="只能停在法律列明的程序，或者指南写明法律依据的程序上。"
    )
    expected_days = forms.IntegerField(label="大约要几个工作日", min_value=1, max_value=365)
    words = _words("说明", required=False)

    def __init__(self, case: Case, *args: Any, **kwargs: Any) -> None:
        super().__init__(case, *args, **kwargs)
        named = [each.name for each in case.publication.revision.guide.special_procedures if each.name]
        names = dict.fromkeys([*named, *policy().stops.procedures])
        self.fields["procedure"].choices = [(each, each) for each in names]  # type: ignore[attr-defined]


class StopEndForm(ActForm):
    stop = forms.ModelChoiceField(ClockStop.objects.none(), label="哪一种程序结束了", empty_label=None)
    words = _words("结果", required=False)

    def __init__(self, case: Case, *args: Any, **kwargs: Any) -> None:
        super().__init__(case, *args, **kwargs)
        field = self.fields["stop"]
        field.queryset = case.stops.filter(kind=StopKind.SPECIAL, ended_on=None)  # type: ignore[attr-defined]
        field.label_from_instance = lambda each: each.procedure  # type: ignore[attr-defined]


class SuspendForm(ReasonForm):
    basis = forms.CharField(label="依据", max_length=300, help_text="写明法律、法规或规章的哪一条。")


class RevocationForm(ReasonForm):
    basis = forms.CharField(label="依据", max_length=300, help_text="写明哪部法律、法规、规章的哪一条，会写进通知书。")


class LapseForm(ReasonForm):
    basis = forms.CharField(
        label="依据", max_length=300, help_text="写明哪部法律、法规、规章的哪一条规定了到期不补正视为撤回。"
    )


class RemarkForm(ActForm):
    words = _words("为什么可以恢复", help_text="申请人会看到。")


class ExtensionForm(ActForm):
    days = forms.IntegerField(label="延长几天", min_value=1)
    reason = _words("理由", help_text="延长的理由要告知申请人。")

    def __init__(self, case: Case, *args: Any, **kwargs: Any) -> None:
        super().__init__(case, *args, **kwargs)
        most = policy().extension.joint if case.joint else policy().extension.single
        unit, days = unit_of_extension(limit_to_extend(case.clocks.all())), self.fields["days"]
        days.label, days.initial, days.help_text = f"延长几{unit}", most, f"最多{most}{unit}，只能延长一次。"


class DeferralForm(ActForm):
    positions = forms.TypedMultipleChoiceField(
        label="哪些材料可以后补",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text="只有指南写明“容缺后补”、还没有交的。",
    )
    until = forms.DateField(label="最晚哪天补交", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    form = forms.CharField(label="什么形式", max_length=100, required=False, help_text="例如原件、扫描件。")

    def __init__(self, case: Case, *args: Any, **kwargs: Any) -> None:
        super().__init__(case, *args, **kwargs)
        may = [(str(each.position), each.name) for each in lacking(case.application) if each.later]
        self.fields["positions"].choices = may  # type: ignore[attr-defined]


class DisputeForm(ActForm):
    corrected = forms.TypedChoiceField(
        label="登记机关核对以后",
        coerce=lambda text: text == "yes",
        choices=(("yes", "登记已经更正"), ("no", "登记没有错，不更正")),
        widget=forms.RadioSelect,
    )
    words = _words("结果", help_text="申请人会看到。不更正的，写明理由。")


class CheckForm(ActForm):
    promise = forms.ModelChoiceField(Promise.objects.none(), label="哪一份承诺", empty_label=None)
    true = forms.TypedChoiceField(
        label="核查结果",
        coerce=lambda text: text == "yes",
        choices=(("yes", "属实"), ("no", "不实")),
        widget=forms.RadioSelect,
    )
    words = _words("怎么核查的、查到什么")

    def __init__(self, case: Case, *args: Any, **kwargs: Any) -> None:
        super().__init__(case, *args, **kwargs)
        field = self.fields["promise"]
        field.queryset = case.application.promises.filter(kind=PromiseKind.COMMITMENT, ending="")  # type: ignore[attr-defined]
