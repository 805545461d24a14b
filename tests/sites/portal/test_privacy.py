"""What people are told of their data."""

import tomllib
from pathlib import Path

import pytest

from banshi.sites.signin.forms import RegistrationForm

pytestmark = pytest.mark.django_db


def test_it_tells_what_why_how_long_which_rights_and_whom_to_ask(page):
    text = page("/privacy/")
    for words in ("证件号码", "为什么", "保存多久", "撤回同意", "个人信息保护法", "问谁", "12345"):
        assert words in text


def test_it_stands_at_the_foot_of_each_page_and_at_the_sign_up(page):
    assert 'href="/privacy/"' in page("/")
    assert page("/accounts/signup/").count('href="/privacy/"') == 2


def test_an_office_writes_its_own(page, settings, tmp_path):
    own = tmp_path / "notice.toml"
    own.write_text(
        Path(settings.PRIVACY_NOTICE).read_text("utf-8").replace('phone = ""', 'phone = "0000-8888888"'), "utf-8"
    )
    settings.PRIVACY_NOTICE = own
    assert "0000-8888888" in page("/privacy/")


def test_what_the_sign_up_asks_for_is_told(settings):
    told = " ".join(each["what"] for each in tomllib.loads(settings.PRIVACY_NOTICE.read_text("utf-8"))["data"])
    named = {"name": "姓名", "number": "证件号码", "phone": "手机号码", "username": "账号名", "password1": "密码"}
    asked = set(RegistrationForm.field_order) - {"kind", "password2", "agree"}
    assert asked == named.keys()
    assert all(word in told for word in named.values())
