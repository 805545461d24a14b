"""Forms of the reference catalogue."""

from django import forms

from banshi.catalog.enums import ItemKind
from banshi.catalog.models import Category
from banshi.sites.kit.forms import EditingForm, PageForm


class ReferenceForm(PageForm):
    base_code = forms.RegexField(
        r"^[0-9]{2}[0-9A-Z]{2}[0-9]{8}$",
        label="基本编码",
        help_text="12位：区划2位、类型2位、主项5位、子项3位。",
        error_messages={"invalid": "基本编码应为12位，如 002011001000"},
    )
    name = forms.CharField(label="名称", max_length=200)
    kind = forms.ChoiceField(choices=ItemKind.choices, label="事项类型", initial=ItemKind.SERVICE)
    category = forms.ModelChoiceField(Category.objects.all(), label="事项类别", required=False, empty_label="未归类")
    issued_by = forms.CharField(label="印发机关", max_length=120, required=False)
    source = forms.CharField(label="出处", max_length=300, required=False, help_text="文件名称和文号。")


class IssueForm(EditingForm):
    """Form of an edition."""

    document = forms.CharField(label="印发文件", max_length=300, help_text="文件的名称和文号。")
    note = forms.CharField(
        label="修改说明", max_length=300, required=False, help_text="一句话：这一版改了什么、为什么。"
    )


class DivergenceForm(PageForm):
    reason = forms.CharField(label="保留本地写法的理由", max_length=300)


class ProposeForm(PageForm):
    name = forms.CharField(
        label="建议名称", max_length=60, help_text="动词加对象，不写机关名和地名，不用“等”“其他”。编码由系统按规则给。"
    )
    category = forms.ModelChoiceField(Category.objects.all(), label="事项类别", required=False, empty_label="未归类")
    reason = forms.CharField(label="为什么应当列入统一目录", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class ProposalAnswerForm(PageForm):
    """Form to accept under a code and name, or decline, either way with words."""

    verdict = forms.ChoiceField(
        label="答复", choices=[("accept", "列入参考目录"), ("decline", "不列入")], widget=forms.RadioSelect
    )
    name = forms.CharField(label="列入的名称", max_length=60, required=False)
    base_code = forms.RegexField(
        r"^[0-9]{2}[0-9A-Z]{2}[0-9]{8}$",
        label="列入的基本编码",
        required=False,
        error_messages={"invalid": "基本编码应为12位，如 002011001000"},
    )
    issued_by = forms.CharField(label="印发机关", max_length=120, required=False)
    answer = forms.CharField(label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        if given.get("verdict") == "accept":
            for name in ("name", "base_code"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, "列入参考目录的，要写这一格")
        return given


class ProposalWithdrawalForm(PageForm):
    reason = forms.CharField(label="为什么撤回", max_length=500)


class EditionsForm(PageForm):
    file = forms.FileField(
        label="梳理表", help_text="xlsx、xls、ods、csv。每一行要有12位基本编码；填了的要素就是统一的。"
    )


class DocumentForm(PageForm):
    """By which document all of a sheet is issued."""

    document = forms.CharField(label="印发文件", max_length=300, help_text="文件的名称和文号。")
    issued_by = forms.CharField(label="印发机关", max_length=120)
