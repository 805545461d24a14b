"""The form of an outlet, made from what its kind declares, and the one that asks why something is not sent."""

from typing import Any, Literal, get_args, get_origin

from django import forms
from pydantic.fields import FieldInfo

from banshi.connectors.base import OutletKind
from banshi.connectors.models import Outlet
from banshi.sites.kit.forms import EditingForm

KEPT = "已保存，不再显示。要更换时填写新的，不换就空着。"


class OutletForm(EditingForm):
    name = forms.CharField(label="渠道名称", max_length=60, help_text="在本系统里怎么叫它，例如“省政务服务网”。")

    def __init__(self, kind: OutletKind, outlet: Outlet | None = None, data: Any = None) -> None:
        super().__init__(data, stored={"name": outlet.name, **outlet.place} if outlet else None)
        self.kind = kind
        for name, described in kind.place.model_fields.items():
            self.fields[name] = _field(described)
        for name, described in kind.secrets.model_fields.items():
            kept = outlet is not None
            hidden = forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"})
            help_text = KEPT if kept else (described.description or "保存后加密，不再显示。")
            self.fields[name] = forms.CharField(
                label=described.title, help_text=help_text, max_length=200, required=not kept, widget=hidden
            )

    @property
    def given(self) -> dict[str, Any]:
        """As the actions take it."""
        data = self.cleaned_data
        place = {name: data[name] for name in self.kind.place.model_fields}
        return {"name": data["name"], "place": place, "secrets": {n: data[n] for n in self.kind.secrets.model_fields}}


def _field(described: FieldInfo) -> forms.Field:
    words: dict[str, Any] = {"label": described.title, "help_text": described.description or ""}
    if not described.is_required():
        words["initial"] = described.default
    if described.annotation is bool:
        return forms.BooleanField(required=False, **words)
    if get_origin(described.annotation) is Literal:
        choices = [(value, value.upper()) for value in get_args(described.annotation)]
        return forms.ChoiceField(choices=choices, **words)
    return forms.CharField(max_length=300, required=described.is_required() or bool(described.default), **words)
