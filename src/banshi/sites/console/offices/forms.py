"""Forms that make organs offices of divisions."""

from django import forms

from banshi.adjustments.enums import Office
from banshi.people.models import Division, Organ
from banshi.sites.kit.forms import PageForm
from banshi.sites.kit.named_choice import DivisionField, OrganField


class OfficeForm(PageForm):
    division = DivisionField(
        label="区划",
        empty_label="请选择",
        queryset=Division.objects.filter(level__lte=5),
        help_text="下面没有自己指定的区划，也由它审核。",
    )
    office = forms.ChoiceField(label="职能", choices=Office.choices)
    organ = OrganField(label="由哪个单位承担", empty_label="请选择", queryset=Organ.objects.filter(active=True))
