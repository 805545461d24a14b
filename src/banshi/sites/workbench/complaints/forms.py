"""Forms of what is done about complaints."""

from datetime import datetime
from typing import Any

from django import forms

from banshi.feedback.actions.complaints import barred_from
from banshi.feedback.enums import ACCUSING, BY_HAND, ComplaintKind
from banshi.feedback.models import Complaint
from banshi.feedback.policy import policy
from banshi.feedback.queries import alike
from banshi.people.models import Organ, User
from banshi.sites.kit.forms import PageForm
from banshi.sites.kit.named_choice import OrganField

LONG = {"rows": 5}
GATHERED = 100


class ComplaintActForm(PageForm):
    """Base class of the forms of acts on a complaint. An act that asks for nothing has this."""

    def __init__(self, complaint: Complaint, user: User, at: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.complaint, self.user, self.at = complaint, user, at


class ComplaintTransferForm(ComplaintActForm):
    to = OrganField(Organ.objects.filter(active=True), label="转给哪个单位")
    service_class = forms.ChoiceField(label="分类", required=False)
    reason = forms.CharField(
        label="为什么该由对方办",
        max_length=500,
        widget=forms.Textarea(attrs=LONG),
        help_text="提的人会看到。转办计次数，不延长期限。",
    )

    not_accused = forms.BooleanField(
        label="反映的不是它：内容里写到它，只是请它来办",
        required=False,
        help_text="被举报的单位不能收。看清内容再勾，这件诉求的记录里写明是谁勾的。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        elsewhere = policy().complaint.limit_of(self.complaint.protection).elsewhere
        if not elsewhere and not barred_from([self.complaint]):
            del self.fields["not_accused"]
        classes = [("", "不变"), *((each.code, each.label) for each in policy().complaint.classes)]
        self.fields["service_class"].choices = classes  # type: ignore[attr-defined]
        self.fields["to"].near(self.complaint.division)  # type: ignore[attr-defined]


class ReclassForm(ComplaintActForm):
    kind = forms.ChoiceField(label="改成什么类型")
    reason = forms.CharField(
        label="为什么不是原来的类型",
        max_length=500,
        widget=forms.Textarea(attrs=LONG),
        help_text="提的人会看到。改类型计次数，答复的期限不延长；改成举报的，不再由被举报的单位办。",
    )
    protected = forms.BooleanField(
        label="我知道：改了类型，原来看不到的人仍然看不到，也查不到是谁反映的",
        required=False,
        help_text="这件诉求的记录里写明是谁改的。打击报复反映人的，依规处理。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [each for each in ComplaintKind.choices if each[0] != self.complaint.kind]
        self.fields["kind"].choices = [("", "请选"), *others]  # type: ignore[attr-defined]
        if self.complaint.protection not in ACCUSING:
            del self.fields["protected"]


class AnswerForm(ComplaintActForm):
    answer = forms.CharField(
        label="答复", max_length=4000, widget=forms.Textarea(attrs=LONG), help_text="写明查到什么、怎么办的、依据什么。"
    )


class RefuseForm(ComplaintActForm):
    reason = forms.CharField(
        label="理由和可以到哪里反映", max_length=2000, widget=forms.Textarea(attrs=LONG), help_text="提的人会看到。"
    )


class JoinForm(ComplaintActForm):
    leader = forms.ModelChoiceField(
        Complaint.objects.none(), label="并到哪一件", empty_label=None, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = [each.pk for each, _ in alike(self.complaint, seen_by=self.user, at=self.at)]
        self.fields["leader"].queryset = Complaint.objects.filter(pk__in=keys)  # type: ignore[attr-defined]
        self.fields["leader"].label_from_instance = lambda one: f"{one.number} {one.text[:60]}"  # type: ignore[attr-defined]


class GatherForm(ComplaintActForm):
    others = forms.ModelMultipleChoiceField(
        Complaint.objects.none(),
        label="把哪些并到这一件",
        widget=forms.CheckboxSelectMultiple,
        help_text="看清说的是同一件事再勾。并过来的一起受理、一起答复，各自的编号和期限不变。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = [each.pk for each, _ in alike(self.complaint, seen_by=self.user, limit=GATHERED, at=self.at)]
        self.fields["others"].queryset = Complaint.objects.filter(pk__in=keys)  # type: ignore[attr-defined]
        self.fields["others"].label_from_instance = lambda one: f"{one.number} {one.text[:60]}"  # type: ignore[attr-defined]


class KnowledgeForm(ComplaintActForm):
    question = forms.CharField(label="问题", max_length=300, help_text="用自己的话写大家会怎么问，不要抄提的人的原话。")
    answer = forms.CharField(
        label="答复",
        max_length=4000,
        widget=forms.Textarea(attrs=LONG),
        help_text="对谁都适用的答复。有姓名、证件号、电话、地址的不能公开。",
    )


class ComplaintEntryForm(PageForm):
    """Entry of a complaint by telephone, by letter or at a window."""

    channel = forms.ChoiceField(label="怎么来的", choices=[(each.value, each.label) for each in BY_HAND])
    kind = forms.ChoiceField(label="类型", choices=ComplaintKind.choices)
    text = forms.CharField(label="内容", max_length=4000, widget=forms.Textarea(attrs=LONG))
    organ = OrganField(Organ.objects.filter(active=True), label="承办单位", required=False, empty_label="按内容建议")
    anonymous = forms.BooleanField(label="匿名", required=False)
    name = forms.CharField(label="称呼", max_length=40, required=False)
    contact = forms.CharField(label="联系方式", max_length=100, required=False)
