"""What is typed into pages' forms: refused beside its field, offered again when the session is over, asked for in Chinese."""

import re
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import pytest
from django import forms
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from tests import factories as make

from banshi import sites
from banshi.catalog.models import Notice
from banshi.core.errors import BadInput, Problem
from banshi.sites.console.organs.forms import OrganForm
from banshi.sites.kit.forms import PageForm, TellsRefusals, with_refusal
from banshi.sites.kit.templatetags.kit import UNSENT, error_summary

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
OWN = {"origin": "http://testserver"}


class Example(PageForm):
    name = forms.CharField(label="名称")
    stamp = forms.CharField(widget=forms.HiddenInput)


def refused(*problems: Problem) -> Example:
    data = QueryDict(mutable=True)
    data.update({"name": "甲", "stamp": "1"})
    with_refusal(data, BadInput("不行", list(problems), remedy="请改。"))
    return Example(data)


def test_a_choice_of_nothing_is_worded() -> None:
    """Django draws a line of dashes."""
    shown = OrganForm().as_p()
    assert "---" not in shown and shown.count(">请选择<") == 2 and ">没有<" in shown


def test_a_refusal_stands_at_its_field_or_above_the_form() -> None:
    form = refused(Problem("太短", field="name"), Problem("没有这一项", where="第3行", field="other"))
    assert not form.is_valid()
    assert form.errors == {"name": ["太短"], "__all__": ["第3行：没有这一项"]}
    assert refused().errors == {"__all__": ["不行。请改。"]}
    assert Example({"name": "甲", "stamp": "1"}).is_valid()


def test_what_a_page_sends_of_itself_is_asked_of_nobody() -> None:
    told = error_summary(Example({"name": "甲"}))["errors"]
    assert [line for _, wrong in told for line, _ in wrong] == [UNSENT]


def form_classes() -> list[type[forms.BaseForm]]:
    for module in walk_packages(sites.__path__, f"{sites.__name__}."):
        import_module(module.name)
    found: list[type[forms.BaseForm]] = []
    waiting: list[Any] = [forms.BaseForm]
    while waiting:
        waiting += (below := waiting.pop().__subclasses__())
        found += [each for each in below if each.__module__.startswith(sites.__name__)]
    return found


def test_forms_of_staff_pages_tell_what_was_refused() -> None:
    pages = ("banshi.sites.workbench", "banshi.sites.console", "banshi.sites.portal")
    silent = [
        each.__name__
        for each in form_classes()
        if each.__module__.startswith(pages) and not issubclass(each, TellsRefusals)
    ]
    assert silent == []


def test_every_field_that_is_seen_is_called_in_chinese() -> None:
    english = [
        f"{each.__name__}.{name}: {field.label}"
        for each in form_classes()
        for name, field in getattr(each, "base_fields", {}).items()
        if not field.widget.is_hidden and not re.search("[\u4e00-\u9fff]", str(field.label or ""))
    ]
    assert len(form_classes()) > 50
    assert english == []


def signed_in(role: str, organ: Any) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make.user(role, organ), backend=BACKEND)
    return client


def fields(page: str) -> dict[str, str]:
    """What the kept page sends."""
    found = re.findall(
        r'<(?:input|textarea)[^>]*?name="([^"]+)"[^>]*?(?:value="([^"]*)"[^>]*>|>\n([^<]*)</textarea>)', page
    )
    return {name: value or text for name, value, text in found}


def test_after_signing_in_again_the_kept_page_sends_what_was_typed() -> None:
    organ = make.organ()
    address, long = reverse("workbench:notice-new"), "正文写了很久。" * 20
    typed = {"organ": str(organ.pk), "title": "停水公告", "body": long}
    client = Client(enforce_csrf_checks=True)
    kept = client.post(address, typed, headers=OWN)
    assert kept.status_code == 403
    page = kept.content.decode()
    assert "登录已超时" in page
    client.force_login(make.user("organizer", organ), backend=BACKEND)
    client.cookies["csrftoken"] = "a" * 32  # as signing in changes it
    stale = client.post(address, fields(page), headers=OWN)
    assert stale.status_code == 403
    assert "核对下面的内容，再按一次" in stale.content.decode()
    assert client.post(address, fields(stale.content.decode()), headers=OWN).status_code == 302
    assert Notice.objects.get().body == long


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", ""])
def test_another_site_puts_nothing_into_a_page_to_be_sent(origin: str) -> None:
    client = signed_in("organizer", make.organ())
    answer = client.post(
        reverse("workbench:notice-new"), {"title": "别人写的"}, headers={"origin": origin} if origin else {}
    )
    assert answer.status_code == 403
    assert "别人写的" not in answer.content.decode()


def test_passwords_are_in_no_page_again() -> None:
    answer = Client(enforce_csrf_checks=True).post(
        "/accounts/login/", {"login": "chen", "password": "很长的密码"}, headers=OWN
    )
    assert "很长的密码" not in answer.content.decode()
