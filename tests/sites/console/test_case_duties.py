"""The console's duties about cases: handed over before an organ ends, deleted after they were shown."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests import factories as make
from tests.cases.hall import Hall, fresh, hall, submitted

from banshi.cases.actions import withdraw
from banshi.cases.models import Case
from banshi.core.clock import now
from banshi.people.models import Organ, Post

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(make.user("admin"), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def of() -> Hall:
    return hall()


def test_closing_an_organ_leads_to_handing_its_cases_over(admin: Client, of: Hall) -> None:
    case, heir = submitted(of, now()), make.organ("示例县自然资源局")
    Post.objects.filter(organ=of.bureau).delete()
    address = reverse("console:organ-hand-over", args=[of.bureau.pk])
    close = reverse("console:organ-close", args=[of.bureau.pk])
    assert admin.post(close, {"reason": "机构改革"}).url == address  # type: ignore[attr-defined]
    assert "1件办件转给接手的单位" in admin.get(address).content.decode()
    assert admin.post(address, {"to": heir.pk, "reason": ""}).status_code == 200
    assert fresh(case).organ == of.bureau
    admin.post(address, {"to": heir.pk, "reason": "机构改革方案"})
    assert fresh(case).organ == heir
    admin.post(close, {"reason": "机构改革"})
    assert not Organ.objects.get(pk=of.bureau.pk).active


def test_what_is_due_is_shown_before_it_is_deleted(admin: Client, of: Hall) -> None:
    ended = withdraw(submitted(of, now()), words="不办了", by=of.citizen, at=now())
    address = reverse("console:retention-delete", args=["not_handled"])
    assert admin.get(address).status_code == 404
    Case.objects.filter(pk=ended.pk).update(ended_at=now() - timedelta(days=1096))
    assert f'href="{address}"' in admin.get(reverse("console:retention")).content.decode()
    page = admin.get(address).content.decode()
    assert "删除1件不予受理" in page and ended.number in page
    [shown] = re.findall('name="shown" value="([0-9a-f]+)"', page)
    assert admin.post(address, {"shown": "1"}).status_code == 409
    assert fresh(ended).contents_deleted_at is None
    assert admin.post(address, {"shown": shown}).status_code == 302
    assert fresh(ended).contents_deleted_at
