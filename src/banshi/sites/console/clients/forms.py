"""Forms of the clients that act here by OAuth 2.0."""

from typing import Any

from django import forms

from banshi.access import permission_label
from banshi.clients.scopes import scopes_of_apps, scopes_of_systems
from banshi.people.models import Organ
from banshi.sites.kit.forms import EditingForm
from banshi.sites.kit.named_choice import OrganField


def _organ() -> OrganField:
    return OrganField(Organ.objects.filter(active=True), label="所属单位", empty_label="请选择")


class SystemForm(EditingForm):
    """Settings of a system that acts for an organ."""

    name = forms.CharField(label="名称", max_length=60, help_text="例如“行政审批业务系统”。操作记录里这样写。")
    permissions = forms.MultipleChoiceField(
        label="可以做什么",
        widget=forms.CheckboxSelectMultiple,
        help_text="只限所属单位和它的下属单位的事；用到的才勾。",
    )
    open_to = staticmethod(scopes_of_systems)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(each), permission_label(each)) for each in self.open_to()]
        self.fields["permissions"].choices = choices  # type: ignore[attr-defined]


class NewSystemForm(SystemForm):
    organ = _organ()
    field_order = ("organ",)


class AppForm(SystemForm):
    """Settings of an app for people."""

    redirect_uris = forms.CharField(
        label="授权后返回的地址",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="一行一个，要和应用里写的一字不差，例如 https://app.example/callback。",
    )
    open_to = staticmethod(scopes_of_apps)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["permissions"].help_text = "只限同意授权的本人的事；用到的才勾。"


class NewAppForm(AppForm):
    organ = _organ()
    field_order = ("organ",)


class WebhookForm(EditingForm):
    url = forms.CharField(
        label="推送地址",
        max_length=300,
        help_text="对方接收推送的地址，以 https:// 开头；内部网络的地址要先由运维放行。",
    )
    new_secret = forms.BooleanField(
        label="同时换一个新的签名密钥",
        required=False,
        help_text="不勾的，原来的密钥照用，只改地址。勾了的，旧密钥马上作废，新密钥只显示一次，对方换上以前核对不了推送。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not (self.stored or {}).get("url"):
            del self.fields["new_secret"]  # the first is made in any case
