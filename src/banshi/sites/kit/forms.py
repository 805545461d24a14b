"""Forms of pages, which tell what the domain refused where it was typed."""

from typing import Any

from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.http import QueryDict

from banshi.core.errors import BadInput

PROBLEMS_TOLD = 50


DASHES = BLANK_CHOICE_DASH[0][1]
"""How Django words the option of a select that chooses nothing."""
BOUNDS = {"max_value": "不能大于%(limit_value)s", "min_value": "不能小于%(limit_value)s"}


class TellsRefusals(forms.BaseForm):
    """Add to a form that is right in itself what the action said of it, when its page is made again (`refusal_of`)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in self.fields.values():
            each.error_messages = {**each.error_messages, **BOUNDS}
            if isinstance(each, forms.ModelChoiceField):
                each.empty_label = "请选择" if each.empty_label == DASHES else each.empty_label
            elif isinstance(each, forms.ChoiceField) and ("", DASHES) in (offered := list(each.choices)):
                each.choices = [("", "请选择") if one == ("", DASHES) else one for one in offered]

    def full_clean(self) -> None:
        super().full_clean()
        refusal = getattr(self.data, "refusal", None)
        if self.is_bound and isinstance(refusal, BadInput):
            add_refusal(self, refusal)


class PageForm(TellsRefusals, forms.Form):
    pass


class PageModelForm(TellsRefusals, forms.ModelForm):
    pass


def add_refusal(form: forms.BaseForm, refusal: BadInput) -> None:
    """Put each problem at its field, and above the form what concerns none or stands elsewhere on the page."""
    rest = []
    for problem in refusal.problems[:PROBLEMS_TOLD]:
        field = problem.field if problem.field in form.fields else None
        said = f"{problem.where}：{problem.message}" if problem.where else problem.message
        if field:
            form.add_error(field, said)
        else:
            rest.append(said)
    for said in rest or ([] if refusal.problems else [str(refusal)]):
        form.add_error(None, said)


def with_refusal(data: QueryDict, refusal: BadInput) -> None:
    """Mark what was posted as refused, for the forms that read it once more."""
    marked: Any = data
    marked.refusal = refusal
