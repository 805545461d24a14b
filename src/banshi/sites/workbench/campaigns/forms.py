"""Forms of those who organize a campaign."""

from typing import Any

from django import forms

from banshi.campaigns.models import Campaign, ReviewBody, Stage
from banshi.campaigns.plan import Plan, decoded, plan_named, read_plan, shipped_plans
from banshi.campaigns.queries import reviewers_to_second
from banshi.people.models import Division, Organ, User
from banshi.sites.kit.forms import EditingForm, EditingRowForm, PageForm
from banshi.sites.kit.named_choice import DivisionField, OrganField
from banshi.sites.kit.permissions import Permission, organs_where

OWN = "own"
LARGEST_PLAN = 200_000


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class CampaignForm(PageForm):
    name = forms.CharField(label="工作名称", max_length=120, help_text="如：示例市2027年公共服务事项清理规范工作")
    plan = forms.ChoiceField(label="用哪个方案", widget=forms.RadioSelect)
    file = forms.FileField(
        label="自己写的方案文件", required=False, help_text="选“自己写的方案”时上传。可以下载一个现成的方案照着改。"
    )
    organ = OrganField(label="组织单位")
    division = DivisionField(label="范围", help_text="这个区划和它下面的单位参加。")
    final = forms.DateField(
        label="最后完成日期", widget=DayInput(), help_text="各阶段的日期从这一天往前倒排，之后可以逐个改。"
    )

    def __init__(self, *args: Any, user: User, **more: Any) -> None:
        super().__init__(*args, **more)
        mine = organs_where(user, Permission.CAMPAIGN_MANAGE)
        plans = []
        for each in shipped_plans():
            rounds = f"{each.rounds}轮审核" if each.rounds > 1 else "一轮审核"
            told = f"{rounds}，{len(each.phases)}个阶段，{len(each.batches)}个批次（{each.source}）"
            plans.append((each.code, f"{each.label}：{told}"))
        self.fields["plan"].choices = [*plans, (OWN, "自己写的方案")]  # type: ignore[attr-defined]
        self.fields["organ"].queryset = mine.filter(active=True, superior=None) | mine.filter(active=True, kind="party")  # type: ignore[attr-defined]
        self.fields["division"].queryset = Division.objects.filter(organs__in=mine, level__lte=4).distinct()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if cleaned.get("plan") == OWN and not cleaned.get("file"):
            self.add_error("file", "请上传方案文件")
        elif cleaned.get("file") and cleaned["file"].size > LARGEST_PLAN:
            self.add_error("file", "方案文件太大，请核对是不是传错了文件")
        return cleaned

    def chosen_plan(self) -> Plan:
        """Read the chosen plan.

        Raises BadInput with every reason when an own plan is wrong.
        """
        if self.cleaned_data["plan"] != OWN:
            return plan_named(self.cleaned_data["plan"])
        file = self.cleaned_data["file"]
        return read_plan(decoded(file.read(), file.name), file.name)


class FinalForm(EditingForm):
    final = forms.DateField(label="最后完成日期", widget=DayInput())


class StageForm(EditingRowForm):
    begins = forms.DateField(label="起", widget=DayInput())
    ends = forms.DateField(label="止", widget=DayInput())

    def __init__(self, data: Any = None, *, stage: Stage) -> None:
        super().__init__(data, prefix=f"s{stage.pk}", stored={"begins": stage.begins, "ends": stage.ends})
        self.stage = stage

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if cleaned.get("begins") and cleaned.get("ends") and cleaned["ends"] < cleaned["begins"]:
            self.add_error("ends", "结束日期不能早于开始日期")
        return cleaned


class BodyForm(EditingRowForm):
    organ = OrganField(label="由哪个单位承担", required=False)

    def __init__(self, data: Any = None, *, body: ReviewBody, campaign: Campaign) -> None:
        super().__init__(data, prefix=f"b{body.pk}", stored={"organ": body.organ_id})
        self.body = body
        prefix = campaign.division_id.rstrip("0")
        kinds = ("department", "party", "institution")
        here = Organ.objects.filter(active=True, kind__in=kinds, division__code__startswith=prefix)
        self.fields["organ"].queryset = here.filter(division__level__lte=campaign.division.level + 1)  # type: ignore[attr-defined]


class TeamForm(EditingRowForm):
    members = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label="从别的单位抽调的人员",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="列出的是本区划里有审核岗位的人。抽调的人代表项目组审核，但不审自己单位的事项。",
    )

    def __init__(self, data: Any = None, *, body: ReviewBody) -> None:
        super().__init__(
            data, prefix=f"t{body.pk}", stored={"members": sorted(body.members.values_list("pk", flat=True))}
        )
        self.body = body
        self.fields["members"].queryset = reviewers_to_second(body.campaign).exclude(posts__organ=body.organ_id)  # type: ignore[attr-defined]
        self.fields["members"].label_from_instance = _with_organ  # type: ignore[attr-defined]


def _with_organ(user: User) -> str:
    posts = [post.organ.called for post in user.posts.select_related("organ") if post.until is None]
    return f"{user.full_name}（{'、'.join(dict.fromkeys(posts))}）"


class LeaveForm(PageForm):
    reason = forms.CharField(
        label="退出的原因",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="单位看得到。如：机构改革，职责已划转到市数据局。",
    )


class RejoinForm(PageForm):
    reason = forms.CharField(
        label="重新列入的原因",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写进操作记录。如：机构改革方案调整，职责没有划转。",
    )


class AbsenceReasonForm(PageForm):
    reason = forms.CharField(label="原因", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
