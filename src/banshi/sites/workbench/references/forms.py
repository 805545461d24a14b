"""Forms of the reference catalogue."""

from django import forms

from banshi.catalog.enums import ItemKind
from banshi.catalog.models import Category


class ReferenceForm(forms.Form):
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
