"""Forms of an adjustment's reason and of examiners' opinions."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from banshi.adjustments.actions.examining import WITH_REASON
from banshi.adjustments.enums import AdjustmentKind, Cause, ExaminationVerdict
from banshi.catalog.models import Item
from banshi.core.models import StoredFile
from banshi.sites.kit.forms import EditingForm, PageForm
from banshi.sites.workbench.lifecycle.forms import IntoForm

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class FactsForm(EditingForm):
    cause = forms.ChoiceField(label="事由", choices=Cause.choices)
    cause_day = forms.DateField(
        label="事由发生日期", widget=DATE, help_text="如法规施行、职能划转、地址搬迁的那一天。申请期限从这一天起算。"
    )
    reason = forms.CharField(
        label="理由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="为什么调整、调整什么。公布以后群众在版本记录里看得到。",
    )
    evidence = forms.FileField(
        label="依据材料", required=False, help_text="文件依据、会议纪要等。只更正电话、地址的可以不传。"
    )
    urgent = forms.BooleanField(
        label="加急办理", required=False, help_text="时限更短，审核同意后马上公布。只用于不马上改就会误事的。"
    )

    def __init__(self, *args: Any, kept: StoredFile | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        if kept:
            self.fields["evidence"].help_text = f"已上传“{kept.name}”。重新选文件会换掉它。"


class StartForm(IntoForm, FactsForm):
    kind = forms.ChoiceField(label="申请什么", widget=forms.RadioSelect)
    field_order = ("kind", "into")

    def __init__(self, *args: Any, kinds: list[AdjustmentKind], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["kind"].choices = [(each.value, KIND_WORDS[each]) for each in kinds]  # type: ignore[attr-defined]
        self.fields["into"].required = False
        self.fields["into"].help_text = "只有申请并入才填：那个事项的完整名称，或者编码。"
        if AdjustmentKind.MERGE not in kinds:
            del self.fields["into"]

    def clean_into(self) -> Item | None:
        if self.cleaned_data.get("kind") != AdjustmentKind.MERGE:
            return None
        if not (given := self.cleaned_data["into"].strip()):
            raise ValidationError("请写并入哪个事项")
        return self.item_named(given)


KIND_WORDS = {
    AdjustmentKind.ADD: "新增：这个事项第一次公布",
    AdjustmentKind.CHANGE: "变更：修改事项或办事指南的内容",
    AdjustmentKind.SUSPEND: "暂停：暂时不办，以后恢复",
    AdjustmentKind.RESUME: "恢复：按最后一次公布的内容恢复办理",
    AdjustmentKind.CANCEL: "取消：今后不再办理，不能恢复",
    AdjustmentKind.MERGE: "并入：今后由另一个事项一起办，这一项不再单列",
}


class DropForm(PageForm):
    words = forms.CharField(
        label="为什么不再申请",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="如：经核对，引用的条款没有变化，不需要调整。",
    )


class OpinionForm(PageForm):
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    verdict = forms.ChoiceField(label="您的意见", widget=forms.RadioSelect)
    words = forms.CharField(
        label="说明",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="退回、不同意的必须写明理由；申请单位看得到。",
    )

    def __init__(self, *args: Any, verdicts: list[tuple[ExaminationVerdict, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["verdict"].choices = [(each.value, words) for each, words in verdicts]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        if given.get("verdict") in WITH_REASON and not given.get("words"):
            self.add_error("words", ValidationError("请写明理由，申请单位要按它修改"))
        return given
