"""Forms about organs and divisions."""

from typing import Any

from django import forms

from banshi.people.models import Division, Organ
from banshi.sites.kit.forms import PageForm, PageModelForm
from banshi.sites.kit.named_choice import DivisionField, OrganField


class OrganForm(PageModelForm):
    division = DivisionField(Division.objects.all(), label="所在区划", empty_label="请选择")
    superior = OrganField(
        label="上级主管", required=False, empty_label="没有", help_text="业务上的上级主管，可以不在同一区划"
    )

    class Meta:
        model = Organ
        fields = ("name", "short_name", "kind", "uscc", "division", "superior", "address", "phone", "hours")
        help_texts = {
            "short_name": "列表里显示的简短名称",
            "uscc": "18位",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        above = Organ.objects.filter(active=True).exclude(pk=self.instance.pk)
        self.fields["superior"].queryset = above  # type: ignore[attr-defined]

    def _post_clean(self) -> None:
        """Skip the model's own validation."""
        # The action judges and saves, the form only reads.


class ClosingForm(PageForm):
    reason = forms.CharField(label="停用的原因", max_length=200)


class SuccessorForm(PageForm):
    to = OrganField(label="接手的单位", empty_label="请选择")
    reason = forms.CharField(label="移交的依据", max_length=200, help_text="机构调整的文件，例如县机构改革方案")

    def __init__(self, organ: Organ, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Organ.objects.filter(active=True).exclude(pk=organ.pk)
        self.fields["to"].queryset = others  # type: ignore[attr-defined]
        self.fields["to"].near(organ.division)  # type: ignore[attr-defined]


class DivisionsForm(PageForm):
    file = forms.FileField(
        label="区划表（CSV）", help_text="每行 区划代码，名称，例如 511602，广安区。已有的代码会改成新名称。"
    )
