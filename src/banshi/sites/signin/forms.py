"""Signing in and registering."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm, LoginForm, SignupForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.http import HttpRequest

from banshi.core.clock import now, today
from banshi.notifications.kinds import KINDS
from banshi.people.actions import register_citizen
from banshi.people.actions.citizens import account_name_problems, identity_problems
from banshi.people.enums import CitizenKind
from banshi.people.models import User

PASSWORD_HELP = "至少10个字符，不要只用数字，不要用别人猜得到的"  # noqa: S105


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _relabel(self, login="账号", password="密码")  # noqa: S106

    def clean_login(self) -> str:
        return User.normalize_username(self.cleaned_data["login"])


class RegistrationForm(SignupForm):
    """A citizen's or a company's account."""

    kind = forms.ChoiceField(
        label="您是", choices=CitizenKind.choices, widget=forms.RadioSelect, initial=CitizenKind.PERSON
    )
    name = forms.CharField(label="姓名或单位名称", max_length=60, help_text="与证件上的一致")
    number = forms.CharField(
        label="证件号码",
        max_length=40,  # with the blanks people write
        help_text="个人填居民身份证号，单位填统一社会信用代码",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label="手机号码",
        max_length=24,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "tel"}),
    )
    agree = forms.BooleanField(
        label="我看过《您的个人信息怎么用》，同意保存以上信息",
        help_text="加密保存，页面上遮盖显示，每次查看都有记录；可以随时撤回",
    )
    field_order = ("kind", "name", "number", "phone", "username", "password1", "password2", "agree")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _relabel(self, username="账号名", password1="密码", password2="再输一次密码")
        self.fields["username"].help_text = "登录时用，字母或数字，不要用姓名、证件号码、手机号码"
        self.fields["password1"].help_text = PASSWORD_HELP

    def clean(self) -> object:
        super().clean()
        given = {name: self.cleaned_data.get(name, "") for name in ("kind", "name", "number", "phone")}
        username = account_name_problems(self.cleaned_data.get("username", ""), kind=given["kind"], name=given["name"])
        for problem in [*identity_problems(**given, on=today()), *username]:
            if problem.field not in self.errors:
                self.add_error(problem.field, problem.message)
        return self.cleaned_data

    def save(self, request: HttpRequest) -> User:
        """Create account and identity together, or neither."""
        adapter = get_adapter()
        user: User = adapter.save_user(request, adapter.new_user(request), self, commit=False)
        given = {name: self.cleaned_data[name] for name in ("kind", "name", "number", "phone")}
        register_citizen(user, **given, by=user, at=now())
        return user


class MailForm(forms.Form):
    """Form for one's mail address."""

    email = forms.EmailField(
        label="邮箱",
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={"invalid": "请填写完整的邮箱，例如 zhangsan@example.gov.cn"},
    )
    wanted = forms.BooleanField(label="收催办邮件", required=False)
    kinds = forms.MultipleChoiceField(
        label="哪些事发邮件",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="不选的只在“我的消息”里看到",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = [(kind.code, kind.label) for kind in KINDS.values()]  # type: ignore[attr-defined]


class NewPasswordForm(ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _relabel(self, oldpassword="现在的密码", password1="新密码", password2="再输一次新密码")
        self.fields["password1"].help_text = PASSWORD_HELP


class CodeForm(AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _relabel(self, code="验证码")


class CodeAgainForm(ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _relabel(self, code="验证码")


class FirstCodeForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _relabel(self, code="6位数字")


def _relabel(form: forms.BaseForm, **labels: str) -> None:
    """Put our words without placeholders, since a label that vanishes while typing helps nobody."""
    for name, label in labels.items():
        form.fields[name].label = label
        form.fields[name].help_text = ""
        form.fields[name].widget.attrs.pop("placeholder", None)
