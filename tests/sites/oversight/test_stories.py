"""The whole story of a case, as the supervisor and as the applicant see it."""

import pytest
from django.test import Client
from tests import factories as make
from tests.cases.hall import accepted, hall, moment
from tests.sites.oversight.test_board import as_, text

from banshi.core.clock import now
from banshi.ledger.anchors import anchor
from banshi.ledger.sealing import seal
from banshi.supervision.warning import warn

pytestmark = pytest.mark.django_db


def test_one_page_tells_it_all_and_the_applicant_sees_no_supervision() -> None:
    of = hall()
    supervisor = make.user("supervisor", make.organ("示例县监察办"))
    case = accepted(of, moment("11-02"))
    warn(at=moment("12-01", 7))
    watcher, mine, other = as_(supervisor), Client(), Client()
    for client, who in ((mine, of.citizen), (other, make.user())):
        client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
    page, own = f"/oversight/cases/{case.pk}/", f"/my/cases/{case.pk}/story/"
    told = text(watcher.get(page))
    assert "受理" in told and "收件" in told and "监察发现的问题" in told
    shown = text(mine.get(own))
    assert "受理" in shown and "监察" not in shown.partition("全过程")[2].partition("自己核对")[0]
    assert other.get(own).status_code == 404 and as_(of.handler).get(page).status_code == 403
    assert mine.get(f"/my/cases/{case.pk}/receipt.json").status_code == 409
    seal(at=now())
    anchor(at=now())
    assert "受理" in text(mine.get("/my/story/")) and "受理" not in text(other.get("/my/story/"))
    item = f"/oversight/items/{of.item.pk}/story/"
    assert of.item.name in text(watcher.get(item)) and as_(of.handler).get(item).status_code == 403
    assert watcher.get("/oversight/nothing/1/story/").status_code == 404
    assert watcher.get(f"/oversight/complaints/{case.pk}/story/").status_code == 404
    answer = mine.get(f"/my/cases/{case.pk}/receipt.json")
    assert answer.status_code == 200 and answer.json()["entries"]
