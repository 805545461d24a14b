"""Allauth adapter for redirects, client addresses and second-factor secrets."""

import base64
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.urls import reverse

from banshi.core.crypto import decrypt, encrypt
from banshi.people.models import User
from banshi.sites.kit.permissions import current_posts

JUST_NOW_SECONDS = 300
LONGEST_NAME = 150
PURPOSE = "sign-in second factor"


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": "账号或密码不对",
        "username_taken": "这个账号名已有人用，请换一个",
        "too_many_login_attempts": "登录尝试太频繁，请过几分钟再试",
        "enter_current_password": "当前密码不对",
        "incorrect_password": "密码不对",
        "incorrect_code": "验证码不对",
    }

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead staff to their work, citizens to what is theirs."""
        return reverse("workbench:today" if request.session.get("staff") else "my")

    get_signup_redirect_url = get_login_redirect_url

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return "/"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)

    def is_reauthentication_required(self, *, app: str = "") -> bool:
        """Skip reauthentication for who has just come in."""
        return bool(time.time() - self.request.session.get("began", 0) > JUST_NOW_SECONDS)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the caller's address as the outermost of our own proxies wrote it.

        What comes before that the caller may have made up.
        """
        try:
            return str(super().get_client_ip(request))
        except ImproperlyConfigured:  # it came past some of the proxies
            return str(request.META["REMOTE_ADDR"])

    def add_message(self, *args: object, **kwargs: object) -> None:
        """Say nothing, since our own pages say what happened."""


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "验证码不对，请看手机上现在的6位数字",
        "cannot_delete_authenticator": "工作人员账号必须保留二次验证",
        "cannot_generate_recovery_codes": "请先绑定验证器，再生成备用码",
    }

    def encrypt(self, text: str) -> str:
        return base64.b64encode(encrypt(text, purpose=PURPOSE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(base64.b64decode(encrypted_text), purpose=PURPOSE)

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Keep staff from deleting their second factor.

        A lost phone is the administrator's to free.
        """
        return not (settings.STAFF_SECOND_FACTOR and current_posts(authenticator.user))


def client_address(request: HttpRequest) -> str:
    """Return the client's address, behind as many proxies as BANSHI_PROXIES says.

    Returns "" for a sign-in made inside the process.
    """
    if "REMOTE_ADDR" not in request.META:
        return ""
    return str(AccountAdapter(request).get_client_ip(request))


def account_name(request: HttpRequest, credentials: dict[str, object] | None = None) -> str:
    """Return the name whose sign-ins are counted, the same however it is typed."""
    typed = str((credentials or {}).get("username") or request.POST.get("login", ""))
    return User.normalize_username(typed).casefold()[:LONGEST_NAME]
