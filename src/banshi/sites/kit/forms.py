"""Forms of pages, which tell what the domain refused where it was typed."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db import models
from django.db.models.fields import BLANK_CHOICE_DASH
from django.http import QueryDict

from banshi.core.crypto import digest
from banshi.core.errors import BadInput, BanshiError, Conflict

PROBLEMS_TOLD = 50


DASHES = BLANK_CHOICE_DASH[0][1]
"""How Django words the option of a select that chooses nothing."""
BOUNDS = {"max_value": "不能大于%(limit_value)s", "min_value": "不能小于%(limit_value)s"}
LENGTHS = {
    "min_length": "至少写%(limit_value)d个字，现在是%(show_value)d个",
    "max_length": "最多写%(limit_value)d个字，现在是%(show_value)d个",
}


class TellsRefusals(forms.BaseForm):
    """Add to a form that is right in itself what the action said of it, when its page is made again (`refusal_of`)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in self.fields.values():
            lengths = LENGTHS if isinstance(each, forms.CharField) else {}
            each.error_messages = {**lengths, **each.error_messages, **BOUNDS}
            if isinstance(each, forms.ModelChoiceField):
                each.empty_label = "请选择" if each.empty_label == DASHES else each.empty_label
            elif isinstance(each, forms.ChoiceField):
                choices: Any = each.choices
                if ("", DASHES) in (offered := list(choices)):
                    each.choices = [("", "请选择") if one == ("", DASHES) else one for one in offered]

    def full_clean(self) -> None:
        super().full_clean()
        refusal = getattr(self.data, "refusal", None)
        if self.is_bound and isinstance(refusal, BadInput):
            add_refusal(self, refusal)


class PageForm(TellsRefusals, forms.Form):
    pass


SEEN = "seen"
SHOWN = 60


class SeenField(forms.CharField):
    """Digest of what was on the page, which nobody types and so nobody changes."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class KeepsOthersChanges(forms.BaseForm):
    """Stop once where the values that were on the page, `stored`, have been changed by somebody else since it was made.

    What is stored now is told at each field that would change it. Sent again, the form goes over it.
    """

    def __init__(self, *args: Any, stored: dict[str, Any] | None = None, **more: Any) -> None:
        super().__init__(*args, **({} if stored is None else {"initial": stored}) | more)
        self.stored = stored
        if stored is not None:
            self.carry_what_was_seen()

    def carry_what_was_seen(self) -> None:
        """Put the digest of what is stored into the page."""
        self.fields[SEEN] = SeenField(required=False, widget=forms.HiddenInput, max_length=64)
        self.initial = {SEEN: _digest_of(self.stored or {}), **self.initial}

    def full_clean(self) -> None:
        super().full_clean()
        if self.stored is None or not self.is_bound:
            return
        self.cleaned_data.pop(SEEN, None)
        seen = self.data.get(self.add_prefix(SEEN))
        if not seen or seen == self.initial[SEEN] or self.is_left_as_shown(seen):
            return
        self.add_error(None, "您打开这一页以后，有人改过这一条，没有保存；请看过现在的内容，再按一次就以您的为准")
        for name in self.changed_data:
            if name in self.stored:
                shown = self._as_shown(name)
                typed = str(self.data.get(self.add_prefix(name), "")).replace("\r\n", "\n")
                alike = next((n for n, (a, b) in enumerate(zip(shown, typed, strict=False)) if a != b), len(typed))
                begins = max(0, min(alike - 10, len(shown) - SHOWN))
                self.add_error(name, f"现在保存的是“{'…' if begins else ''}{shown[begins : begins + SHOWN]}”")
        data: Any = self.data
        again = data.copy()
        again[self.add_prefix(SEEN)] = self.initial[SEEN]
        self.data = again

    def is_left_as_shown(self, seen: str) -> bool:
        """Tell whether nothing was typed over what the page showed, so that there is nothing to save."""
        return False

    def _as_shown(self, name: str) -> str:
        stored = self.initial if isinstance(self, forms.ModelForm) else self.stored or {}
        value, field = stored.get(name), self.fields[name]
        if isinstance(field, forms.ModelMultipleChoiceField):
            many: Any = field.queryset
            return "、".join(map(str, many.model._default_manager.filter(pk__in=value or [])))
        if isinstance(field, forms.ModelChoiceField):
            rows: Any = field.queryset
            return str(rows.model._default_manager.filter(pk=value).first() or "")
        if isinstance(field, forms.ChoiceField):
            choices: Any = field.choices
            several = value if isinstance(value, list | tuple) else [value]
            value = "、".join(str(dict(choices).get(each, each)) for each in several)
        return "" if value is None else str(value)


class EditingForm(KeepsOthersChanges, PageForm):
    """Form over values that are `stored`, which others may change meanwhile."""


class RenewalForm(EditingForm):
    """A page that asks once before a secret is renewed, good for the secret that was `stored` when it was made."""


class EditingRowForm(EditingForm):
    """One of several such forms on a page. Left as it was shown it has not changed, whatever others did meanwhile."""

    def is_left_as_shown(self, seen: str) -> bool:
        typed = {name: _as_stored(self.cleaned_data.get(name)) for name in self.stored or {}}
        if _digest_of(typed) != seen:
            return False
        self.changed_data = []
        return True


def _digest_of(stored: dict[str, Any]) -> str:
    return digest(repr(sorted(stored.items())).encode())


def _as_stored(value: Any) -> Any:
    if isinstance(value, models.QuerySet):
        return sorted(each.pk for each in value)
    return value.pk if isinstance(value, models.Model) else value


class PageModelForm(KeepsOthersChanges, TellsRefusals, forms.ModelForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.stored = forms.model_to_dict(self.instance, fields=list(self.fields))
            self.carry_what_was_seen()


def add_refusal(form: forms.BaseForm, refusal: BanshiError) -> None:
    """Put each problem at its field, and above the form what concerns none or stands elsewhere on the page."""
    rest, problems = [], refusal.problems if isinstance(refusal, BadInput) else []
    for problem in problems[:PROBLEMS_TOLD]:
        field = problem.field if problem.field in form.fields else None
        said = f"{problem.where}：{problem.message}" if problem.where else problem.message
        if field:
            form.add_error(field, said)
        else:
            rest.append(said)
    for said in rest or ([] if problems else [str(refusal)]):
        form.add_error(None, said)


def tried(form: forms.BaseForm, act: Callable[..., Any]) -> Any:
    """Return what the act makes of the form, or None where the form says what is wrong."""
    if not form.is_valid():
        return None
    try:
        return act(**form.cleaned_data)
    except (BadInput, Conflict) as refusal:
        add_refusal(form, refusal)
        return None


def with_refusal(data: QueryDict, refusal: BadInput) -> None:
    """Mark what was posted as refused, for the forms that read it once more."""
    marked: Any = data
    marked.refusal = refusal
