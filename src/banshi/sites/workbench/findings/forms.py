"""Forms of what is kept, and on what ground."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from banshi.catalog.models import Item
from banshi.catalog.queries import items_visible_to
from banshi.core.clock import now
from banshi.people.models import User
from banshi.rulebook.actions import LegalBasis
from banshi.rulebook.enums import HearingKind
from banshi.rulebook.models import LINE, SHARE_AT_MOST, CommitmentForm
from banshi.sites.kit.forms import PageForm
from banshi.sites.kit.permissions import Permission

TWO = forms.Textarea(attrs={"rows": 2})
THREE = forms.Textarea(attrs={"rows": 3})


class BasisForm(PageForm):
    """A legal basis, to the article."""

    basis_title = forms.CharField(
        label="依据名称", max_length=LINE, help_text="法律、法规、规章的全称，不加书名号。没有依据的，应当取消。"
    )
    basis_doc_no = forms.CharField(label="文号", max_length=LINE, required=False)
    basis_articles = forms.CharField(label="条款项", max_length=LINE, help_text="具体到条、款、项，如 第十六条第二款。")

    @property
    def basis(self) -> LegalBasis:
        given = self.cleaned_data
        return LegalBasis(given["basis_title"], given["basis_articles"], given["basis_doc_no"])


class RetentionForm(BasisForm):
    reason = forms.CharField(
        label="保留的理由",
        max_length=500,
        widget=THREE,
        help_text="一两句话：为什么这一处不能改。别人看得到这句话和您的姓名。",
    )
    field_order = ("reason",)


class OfItemForm(BasisForm):
    """Something that belongs to an item: named by its code or whole name, among those the person may edit."""

    item = forms.CharField(label="用于哪个事项", max_length=LINE, help_text="写事项的完整名称，或者编码。")

    def __init__(self, *args: Any, user: User, **more: Any) -> None:
        super().__init__(*args, **more)
        self.user = user

    def clean_item(self) -> Item:
        given = self.cleaned_data["item"].strip()
        mine = items_visible_to(self.user, Permission.ITEM_EDIT, at=now()).filter(state="active")
        found = list(mine.filter(code=given)[:2]) or list(mine.filter(name=given)[:2])
        if not found:
            raise ValidationError("没有找到这个事项，请核对名称或编码")
        if len(found) > 1:
            raise ValidationError("同名的事项不止一个，请写编码")
        return found[0]


class VolumeForm(PageForm):
    year = forms.IntegerField(label="哪一年", min_value=2000, max_value=2100)
    counts = forms.CharField(
        label="办件量",
        max_length=2_000_000,
        widget=forms.Textarea(attrs={"rows": 12, "placeholder": "居住证申领，1260\n结婚登记，830"}),
        help_text="每行一项：事项编码或完整名称，再写件数，中间用逗号。可以从电子表格里复制两列，直接贴进来。",
    )


class ProofForm(OfItemForm):
    name = forms.CharField(label="证明名称", max_length=LINE)
    issuer = forms.CharField(label="出具单位", max_length=LINE, help_text="由谁开这份证明。")
    purpose = forms.CharField(label="用途", max_length=LINE, required=False)
    field_order = ("item", "name", "issuer", "purpose", "basis_title", "basis_doc_no", "basis_articles")


class HearingForm(PageForm):
    kind = forms.ChoiceField(label="方式", choices=HearingKind.choices)
    held_on = forms.DateField(label="日期", widget=forms.DateInput(attrs={"type": "date"}))
    who = forms.CharField(label="参加人", max_length=500, help_text="如：企业代表5人，法学专家2人，居民代表4人。")
    conclusion = forms.CharField(label="结论", max_length=2000, widget=THREE)
    file = forms.FileField(label="记录文件", required=False, help_text="会议记录、听证笔录等，可以不传。")


class ObjectionAnswerForm(PageForm):
    answer = forms.CharField(label="答复", max_length=2000, widget=THREE)
    public = forms.BooleanField(
        label="在保留证明清单里公开这条意见和答复", required=False, help_text="意见里有个人信息的，不要公开。"
    )


class CommitmentWords(OfItemForm):
    """The parts 国办发〔2020〕42号 asks for, and the check afterwards."""

    material = forms.CharField(label="证明名称", max_length=LINE, help_text="承诺代替的是哪一份证明。")
    content = forms.CharField(label="证明的内容", max_length=2000, widget=TWO, help_text="申请人承诺的是什么事实。")
    way = forms.CharField(label="承诺的方式", max_length=LINE, initial="书面承诺，由申请人签字")
    liability = forms.CharField(label="不实承诺的责任", max_length=2000, widget=TWO)
    verification = forms.CharField(label="行政机关核查的权力", max_length=2000, widget=TWO)
    check_share = forms.IntegerField(label="抽查比例（%）", min_value=1, max_value=SHARE_AT_MOST, initial=20)
    check_days = forms.IntegerField(label="多少个工作日内核查", min_value=1, max_value=365, initial=30)
    check_method = forms.CharField(
        label="怎么核查", max_length=LINE, help_text="如：与不动产登记数据比对，必要时现场核实。"
    )
    check_by = forms.CharField(label="由谁核查", max_length=LINE)
    instead_of = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)
    field_order = ("item", "material", "basis_title", "basis_doc_no", "basis_articles")

    def ask_before_replacing(self, there: CommitmentForm) -> bool:
        """Ask once before what somebody has written for the same item and material gives way, and tell whether that was now."""
        sent: Any = self.data
        mark, data = there.at.isoformat(), sent.copy()
        if self.cleaned_data["instead_of"] == mark or there.content == self.cleaned_data["content"]:
            return False
        said = f"这个事项已有“{there.material}”的承诺书，写的是“{there.content[:60]}”；再按一次，就换成这里写的"
        self.add_error("material", said)
        data["instead_of"] = mark
        self.data = data
        return True

    def parts(self) -> dict[str, Any]:
        names = ("content", "way", "liability", "verification", "check_share", "check_days", "check_method", "check_by")
        return {name: self.cleaned_data[name] for name in names}
