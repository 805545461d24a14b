"""Forms of consultation, conference, decision and publication."""

from typing import Any, cast

from django import forms

from banshi.campaigns.enums import Disposition, Outcome
from banshi.campaigns.models import Campaign, Conference, Consultation, Entry
from banshi.campaigns.queries import entries_consulted
from banshi.sites.kit.forms import EditingRowForm, PageForm
from banshi.sites.kit.named_choice import UnitField
from banshi.sites.workbench.campaigns.forms import DayInput

SHORT = forms.Textarea(attrs={"rows": 3})
LONG = forms.Textarea(attrs={"rows": 6})


class ConsultationForm(PageForm):
    title = forms.CharField(label="标题", max_length=120)
    body = forms.CharField(
        label="说明", max_length=5000, widget=LONG, help_text="写给群众看：为什么清理，请大家看什么。"
    )
    opens = forms.DateField(label="起", widget=DayInput())
    closes = forms.DateField(label="止", widget=DayInput(), help_text="当天也算在内。")


class CommentAnswerForm(PageForm):
    answer = forms.CharField(label="答复", max_length=2000, widget=LONG)
    accepted = forms.TypedChoiceField(
        label="采纳吗",
        choices=[("1", "采纳"), ("0", "不采纳，在答复里说明原因")],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    show = forms.TypedChoiceField(
        label="公开吗",
        choices=[("1", "公开意见和答复"), ("0", "不公开")],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
        initial="1",
    )
    hidden_reason = forms.CharField(
        label="不公开的原因", max_length=300, required=False, help_text="只有选“不公开”时要写。"
    )


class ListCommentAnswerForm(CommentAnswerForm):
    """An answer to a comment on the whole list, which says what follows from it."""

    entries = forms.CharField(
        label="涉及哪些事项",
        required=False,
        max_length=3000,
        widget=SHORT,
        help_text="采纳的写：每行一个公示里的事项名称，它们马上退回单位修改。",
    )
    unit = UnitField(
        label="清单里缺的，转给哪个单位",
        required=False,
        empty_label="不转",
        help_text="单位会收到消息，在自己的上报页面看到这条意见。",
    )
    field_order = ("answer", "accepted", "entries", "unit", "show", "hidden_reason")

    def __init__(self, *args: Any, consultation: Consultation, **more: Any) -> None:
        super().__init__(*args, **more)
        self.consultation = consultation
        units = consultation.campaign.participations.filter(left_at=None).select_related("organ")
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["unit"].label_from_instance = lambda each: str(each.organ)  # type: ignore[attr-defined]

    def clean_entries(self) -> list[Entry]:
        names = [line.strip() for line in self.cleaned_data["entries"].splitlines() if line.strip()]
        found = list(entries_consulted(self.consultation).filter(item__name__in=names).select_related("item"))
        if unknown := set(names) - {each.item.name for each in found}:
            raise forms.ValidationError(f"公示里没有“{'”“'.join(sorted(unknown))}”，请照公示里的名称写")
        return found


class ExtendForm(PageForm):
    closes = forms.DateField(label="延长到", widget=DayInput(), help_text="当天也算在内，要在原定日期之后。")


class CloseForm(PageForm):
    summary = forms.CharField(label="意见采纳情况", max_length=3000, widget=LONG, help_text="在公示页面上公开。")


class ConferenceForm(PageForm):
    held_on = forms.DateField(label="开会日期", widget=DayInput())
    members = forms.MultipleChoiceField(
        label="参加单位", required=False, widget=forms.CheckboxSelectMultiple, help_text="方案里的成员单位。"
    )
    others = forms.CharField(label="其他参加单位", max_length=300, required=False, help_text="用顿号隔开。")
    agenda = forms.CharField(label="议题", max_length=3000, widget=SHORT, help_text="每行一个。")
    minutes = forms.CharField(label="会议纪要", max_length=5000, widget=LONG, help_text="每个议题怎么定的。")

    def __init__(self, data: Any = None, *, members: tuple[str, ...], agenda: str = "") -> None:
        super().__init__(data, initial={"members": list(members), "agenda": agenda})
        self.fields["members"].choices = [(each, each) for each in members]  # type: ignore[attr-defined]
        if not members:
            del self.fields["members"]

    def everybody(self) -> list[str]:
        return [*self.cleaned_data.get("members", []), *self.cleaned_data["others"].split("、")]


class SettleForm(PageForm):
    outcome = forms.ChoiceField(label="怎么定的", choices=Outcome.choices, widget=forms.RadioSelect)
    disposition = forms.ChoiceField(
        label="定的处置意见",
        choices=[("", "请选择"), *Disposition.choices],
        required=False,
        help_text="只有“另定处置意见”要选。",
    )
    conference = forms.ModelChoiceField(
        Conference.objects.none(),
        label="哪次会议",
        required=False,
        help_text="先登记会议，这里就能选；选了就不用再写日期和纪要。",
    )
    minutes = forms.CharField(label="会议纪要", max_length=3000, widget=SHORT, required=False)
    held_on = forms.DateField(label="开会日期", widget=DayInput(), required=False)

    def __init__(self, data: Any = None, *, campaign: Campaign) -> None:
        super().__init__(data)
        self.fields["conference"].queryset = campaign.conferences.all()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        given = cast(dict[str, Any], super().clean())
        if held := given.get("conference"):
            given["minutes"] = given.get("minutes") or held.minutes
            given["held_on"] = given.get("held_on") or held.held_on
        for name, words in (("minutes", "请写会议纪要，或选哪次会议"), ("held_on", "请写开会日期，或选哪次会议")):
            if not given.get(name) and name not in self.errors:
                self.add_error(name, words)
        if given.get("outcome") == Outcome.OTHERWISE and not given.get("disposition"):
            self.add_error("disposition", "请选会议定的处置意见")
        return given


class DecisionForm(PageForm):
    meeting = forms.CharField(label="哪次会议审定", max_length=120, help_text="如：市政府第十次常务会议")
    held_on = forms.DateField(label="开会日期", widget=DayInput())
    doc_no = forms.CharField(label="文号", max_length=80, required=False)


class RulingForm(EditingRowForm):
    """Of one item that is not simply approved as it was agreed."""

    disposition = forms.ChoiceField(label="审定结果", choices=Disposition.choices)
    admitted = forms.TypedChoiceField(
        label="列入吗", choices=[("1", "列入"), ("0", "不予列入")], coerce=lambda value: value == "1"
    )
    note = forms.CharField(
        label="说明", max_length=500, required=False, widget=forms.TextInput(attrs={"placeholder": "说明"})
    )

    def clean(self) -> dict[str, object]:
        given = cast(dict[str, Any], super().clean())
        if given.get("admitted") is False and not given.get("note"):
            self.add_error("note", "不予列入的，请写理由")
        return given


class PublishOnForm(PageForm):
    on = forms.DateField(label="公布日期", widget=DayInput(), help_text="今天或以后。到那天零点过后自动公布。")
