"""Programs that act here: registered by an administrator, held to their organ and scopes, ended at once."""

import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.conf import settings
from django.test import Client as Browser
from oauth2_provider.models import get_access_token_model, get_refresh_token_model
from tests import factories as make

from banshi.access import Permission, authorize, limit_permissions
from banshi.clients.actions import change_client, end_client, register_app, register_system, renew_secret
from banshi.clients.models import Client
from banshi.clients.scopes import scopes_of_apps, scopes_of_systems
from banshi.core.errors import BadInput, Refused
from banshi.ledger.models import LedgerEntry
from banshi.people.actions import close_account, erase_identity, reset_password
from banshi.people.enums import CitizenKind
from banshi.people.models import Identity, User
from banshi.people.posts import organs_where

pytestmark = pytest.mark.django_db
BACK = "https://app.example/back"
VERIFIER = "v" * 64
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@pytest.fixture
def browser() -> Browser:
    return Browser()


@pytest.fixture
def admin() -> User:
    return make.user("admin", make.organ())


@pytest.fixture
def lendable(settings: Any, tmp_path: Any) -> str:
    """A permission of the applicant's that may be lent to an app."""
    text = settings.ACCESS_ROLES.read_text(encoding="utf-8")
    settings.ACCESS_ROLES = tmp_path / "roles.toml"
    before = '"account.own" = { label = "管理自己的账号", through = ["applicant"]'
    assert before in text
    settings.ACCESS_ROLES.write_text(text.replace(before, f"{before}, scope = true"), encoding="utf-8")
    return "account.own"


def system(**more: Any) -> tuple[Client, str]:
    given = {"name": "审批系统", "permissions": ["item.view"], **more}
    return register_system(given.pop("organ", None) or make.organ(), **given, by=make.TESTS, at=make.NOON)


def token_of(browser: Browser, client: Client, secret: str, **more: str) -> Any:
    credentials = b64encode(f"{client.client_id}:{secret}".encode()).decode()
    return browser.post(
        "/oauth/token/", {"grant_type": "client_credentials", **more}, headers={"Authorization": f"Basic {credentials}"}
    )


def me(browser: Browser, token: str) -> Any:
    return browser.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})


def test_a_system_gets_a_token_and_acts_for_its_organ(browser: Browser) -> None:
    client, secret = system()
    answer = token_of(browser, client, secret).json()
    assert answer["scope"] == "item.view" and answer["expires_in"] == 3600
    told = me(browser, answer["access_token"])
    assert told.json() == {
        "kind": "system",
        "name": "审批系统",
        "organ": {"id": client.organ_id, "name": client.organ.name},
        "scopes": ["item.view"],
    }
    assert told["Cache-Control"] == "private, no-store"


def test_neither_secret_nor_token_is_kept(browser: Browser) -> None:
    client, secret = system()
    token = token_of(browser, client, secret).json()["access_token"]
    kept = [*Client.objects.values_list(), *get_access_token_model().objects.values_list()]
    assert secret not in str(kept) and token not in str(kept)
    assert secret not in str([*LedgerEntry.objects.values_list("facts", flat=True)])


def test_a_wrong_secret_and_a_scope_not_given_are_refused(browser: Browser) -> None:
    client, secret = system()
    assert token_of(browser, client, "wrong").status_code == 401
    assert token_of(browser, client, secret, scope="people.manage").json()["error"] == "invalid_scope"


def test_a_new_secret_ends_the_old_one_and_its_tokens(browser: Browser) -> None:
    client, secret = system()
    token = token_of(browser, client, secret).json()["access_token"]
    fresh = renew_secret(client, by=make.TESTS, at=make.NOON)
    assert me(browser, token).status_code == 401
    assert token_of(browser, client, secret).status_code == 401
    assert token_of(browser, client, fresh).status_code == 200


def test_an_ended_client_is_out_at_once(browser: Browser) -> None:
    client, secret = system()
    token = token_of(browser, client, secret).json()["access_token"]
    assert me(browser, token).status_code == 200
    end_client(client, by=make.TESTS, at=make.NOON)
    answer = me(browser, token)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert answer["Content-Type"] == "application/problem+json"
    assert token_of(browser, client, secret).status_code == 401


def test_a_client_of_an_organ_that_was_closed_is_out(browser: Browser) -> None:
    client, secret = system()
    token = token_of(browser, client, secret).json()["access_token"]
    client.organ.active = False
    client.organ.save()
    assert me(browser, token).status_code == 401


def test_what_is_taken_from_a_client_is_taken_from_its_tokens(browser: Browser, settings: Any) -> None:
    client, secret = system(permissions=["item.view"])
    token = token_of(browser, client, secret).json()["access_token"]
    Client.objects.filter(pk=client.pk).update(permissions=[])
    assert me(browser, token).json()["scopes"] == []


def test_a_system_reaches_its_organ_and_no_other() -> None:
    here, elsewhere = make.item(), make.item(make.organ(division=make.division("990103", "邻县")))
    client, _ = system(organ=here.organ)
    assert list(organs_where(client, Permission.ITEM_VIEW, make.NOON)) == [here.organ]
    assert list(organs_where(client, Permission.ITEM_EDIT, make.NOON)) == []
    authorize(client, Permission.ITEM_VIEW, here, at=make.NOON)
    with pytest.raises(Refused):
        authorize(client, Permission.ITEM_VIEW, elsewhere, at=make.NOON)
    with pytest.raises(Refused):
        authorize(client, Permission.ITEM_EDIT, here, at=make.NOON)


def test_a_token_holds_whoever_acts_by_it_to_its_scopes() -> None:
    clerk = make.user("clerk", make.organ())
    authorize(clerk, Permission.ITEM_EDIT, at=make.NOON)
    limit_permissions(clerk, frozenset({Permission.ITEM_VIEW}))
    authorize(clerk, Permission.ITEM_VIEW, at=make.NOON)
    assert not organs_where(clerk, Permission.ITEM_EDIT, make.NOON)
    with pytest.raises(Refused, match="令牌没有"):
        authorize(clerk, Permission.ITEM_EDIT, at=make.NOON)


def test_a_program_is_given_nothing_that_is_not_for_programs(lendable: str) -> None:
    with pytest.raises(BadInput) as refused:
        system(permissions=["people.manage"])
    assert "管理机构、岗位和授权" in refused.value.problems[0].message
    with pytest.raises(BadInput):
        system(permissions=[lendable])
    assert Permission.ITEM_VIEW in scopes_of_systems()
    assert Permission.ITEM_VIEW not in scopes_of_apps()


@pytest.mark.parametrize(
    "address", ["http://app.example/back", "https://*.example/", "app://back", "https://app.example/#x", "nonsense"]
)
def test_people_are_sent_back_to_registered_https_addresses_only(lendable: str, address: str) -> None:
    with pytest.raises(BadInput):
        app(permissions=[lendable], redirect_uris=address)


def app(**more: Any) -> Client:
    given = {"name": "我的口袋", "redirect_uris": BACK, **more}
    return register_app(make.organ("示例市数据局"), **given, by=make.TESTS, at=make.NOON)


def citizen() -> User:
    who = make.user(full_name="王小明", username="xiaoming")
    sealed = Identity.seal(name="王小明", number="990102200001011239", phone="13900000000")
    Identity.objects.create(user=who, kind=CitizenKind.PERSON, **sealed)
    return who


def asked(client: Client, **more: str) -> str:
    question = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": BACK,
        "state": "s",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **more,
    }
    return f"/oauth/authorize/?{urlencode({key: value for key, value in question.items() if value})}"


def consent(browser: Browser, address: str, **answer: str) -> Any:
    page = browser.get(address)
    typed = {name: value for name, value in page.context["form"].initial.items() if value is not None}
    return page, browser.post(address, {**typed, **answer})


def code_in(response: Any) -> str:
    return parse_qs(urlsplit(response["Location"]).query)["code"][0]


def exchange(browser: Browser, client: Client, code: str, verifier: str = VERIFIER) -> Any:
    given = {"code": code, "code_verifier": verifier, "redirect_uri": BACK, "client_id": client.client_id}
    return browser.post("/oauth/token/", {"grant_type": "authorization_code", **given})


def signed_in(browser: Browser, who: User) -> Browser:
    browser.force_login(who, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return browser


def test_a_person_lends_an_app_what_is_theirs_and_takes_it_back(browser: Browser, lendable: str) -> None:
    client, who = app(permissions=[lendable]), citizen()
    page, answer = consent(signed_in(browser, who), asked(client), allow="1")
    shown = page.content.decode()
    assert "同意“我的口袋”替您办事？" in shown and "管理自己的账号" in shown and "示例市数据局" in shown
    assert "form-action 'self' https://app.example" in page["Content-Security-Policy"]
    assert answer["Location"].startswith(f"{BACK}?code=") and "iss=" in answer["Location"]
    tokens = exchange(browser, client, code_in(answer)).json()
    told = me(Browser(), tokens["access_token"]).json()
    assert (told["kind"], told["name"], told["scopes"]) == ("person", "王小明", [lendable])
    assert LedgerEntry.objects.filter(action="clients.lend", actor=who.ledger_id).count() == 1
    assert "我的口袋" in browser.get("/my/").content.decode()
    browser.post(f"/my/apps/{client.pk}/take-back/")
    assert me(Browser(), tokens["access_token"]).status_code == 401
    assert not get_refresh_token_model().objects.exists()
    assert "我的口袋" not in browser.get("/my/").content.decode()


def test_who_does_not_agree_lends_nothing(browser: Browser, lendable: str) -> None:
    _, answer = consent(signed_in(browser, citizen()), asked(app(permissions=[lendable])))
    assert "error=access_denied" in answer["Location"]
    assert not LedgerEntry.objects.filter(action="clients.lend").exists()


def test_without_a_proof_key_nothing_is_given(browser: Browser, lendable: str) -> None:
    client = app(permissions=[lendable])
    answer = signed_in(browser, citizen()).get(asked(client, code_challenge=""))
    assert answer["Location"].startswith(f"{BACK}?error=invalid_request")
    for method in ("plain", ""):  # "" means plain (RFC 7636, 4.3)
        answer = browser.get(asked(client, code_challenge_method=method))  # nobody is asked to agree first
        told = parse_qs(urlsplit(answer["Location"]).query)
        assert answer["Location"].startswith(BACK) and (told["error"], told["state"]) == (["invalid_request"], ["s"])
    _, answer = consent(browser, asked(client), allow="1", code_challenge_method="plain")
    assert answer["Location"].startswith(f"{BACK}?error=invalid_request")


def test_a_stolen_code_is_worth_nothing(browser: Browser, lendable: str) -> None:
    client = app(permissions=[lendable])
    _, answer = consent(signed_in(browser, citizen()), asked(client), allow="1")
    assert exchange(Browser(), client, code_in(answer), verifier="w" * 64).status_code == 400


def test_an_address_that_was_not_registered_is_told_and_not_followed(browser: Browser, lendable: str) -> None:
    client = app(permissions=[lendable])
    answer = signed_in(browser, citizen()).get(asked(client, redirect_uri="https://thief.example/"))
    assert answer.status_code == 400
    assert "没有登记过" in answer.content.decode() and "thief" not in answer.headers.get("Location", "")


def test_an_app_lent_something_by_an_official_has_nothing_of_their_post(browser: Browser, lendable: str) -> None:
    client, clerk = app(permissions=[lendable]), make.user("clerk", make.organ())
    _, answer = consent(signed_in(browser, clerk), asked(client), allow="1")
    token = exchange(browser, client, code_in(answer)).json()["access_token"]
    assert me(Browser(), token).json()["scopes"] == [lendable]


def shut(who: User, admin: User) -> None:
    close_account(who, reason="离职", by=admin, at=make.NOON)


def given_a_password(who: User, admin: User) -> None:
    reset_password(who, by=admin, at=make.NOON)


def erased(who: User, admin: User) -> None:
    erase_identity(who.identity, reason="本人要求", by=who, at=make.NOON)


def inactive(who: User, admin: User) -> None:
    User.objects.filter(pk=who.pk).update(is_active=False)


@pytest.mark.parametrize("end", [shut, given_a_password, erased, inactive])
def test_what_an_app_was_lent_ends_with_the_account_or_its_password(
    browser: Browser, lendable: str, admin: User, end: Callable[[User, User], None]
) -> None:
    client, who = app(permissions=[lendable]), citizen()
    _, answer = consent(signed_in(browser, who), asked(client), allow="1")
    token = exchange(browser, client, code_in(answer)).json()["access_token"]
    end(who, admin)
    assert me(Browser(), token).status_code == 401


def test_a_refresh_token_serves_once(browser: Browser, lendable: str) -> None:
    client = app(permissions=[lendable])
    _, answer = consent(signed_in(browser, citizen()), asked(client), allow="1")
    first = exchange(browser, client, code_in(answer)).json()
    again = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"], "client_id": client.client_id}
    assert browser.post("/oauth/token/", again).status_code == 200
    assert browser.post("/oauth/token/", again).status_code == 400


def test_the_server_describes_itself(browser: Browser) -> None:
    told = browser.get("/.well-known/oauth-authorization-server").json()
    assert told["issuer"] == settings.SITE_URL
    assert told["token_endpoint"] == f"{settings.SITE_URL}/oauth/token/"
    assert told["grant_types_supported"] == ["authorization_code", "client_credentials", "refresh_token"]
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert "item.view" in told["scopes_supported"]


def test_without_a_token_one_is_asked_for_it(browser: Browser) -> None:
    answer = browser.get("/api/v1/me")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert json.loads(answer.content)["remedy"]


def test_who_is_signed_in_needs_no_token(browser: Browser) -> None:
    assert signed_in(browser, citizen()).get("/api/v1/me").json()["name"] == "王小明"


def test_the_administrator_sees_the_secret_once(browser: Browser, admin: User) -> None:
    signed_in(browser, admin)
    organ = make.organ("示例县审批局")
    form = {"name": "审批系统", "organ": organ.pk, "permissions": ["item.view"]}
    page = browser.post("/console/clients/new/system/", form, follow=True)
    client = Client.objects.get()
    assert "密钥只显示这一次" in page.content.decode()
    secret = page.context["secret"]
    assert token_of(Browser(), client, secret).status_code == 200
    again = browser.get(f"/console/clients/{client.pk}/").content.decode()
    assert secret not in again and "/exchange/v1/resources/CODE" in again and "/exchange/v1/keys" in again
    entry = LedgerEntry.objects.get(action="clients.register")
    assert entry.actor == admin.ledger_id and client.organ == organ


def test_the_pages_of_a_client(browser: Browser, admin: User, lendable: str, django_assert_num_queries: Any) -> None:
    signed_in(browser, admin)
    form = {"name": "我的口袋", "organ": make.organ().pk, "permissions": [lendable], "redirect_uris": BACK}
    assert browser.post("/console/clients/new/app/", form | {"redirect_uris": "http://x"}).status_code == 422
    assert browser.post("/console/clients/new/app/", form).status_code == 302
    client = Client.objects.get()
    address = f"/console/clients/{client.pk}/"
    renamed = {**form, "name": "口袋", "redirect_uris": f"{BACK}\nhttps://two.example/"}
    assert browser.post(f"{address}edit/", renamed).status_code == 302
    assert "https://two.example/" in browser.get(address).content.decode()
    assert "停用后不能恢复" in browser.get(f"{address}end/").content.decode()
    assert browser.post(f"{address}end/").status_code == 302
    assert "已停用" in browser.get("/console/clients/").content.decode()
    assert browser.post(f"{address}edit/", renamed).status_code == 422
    browser.get("/console/clients/")
    with django_assert_num_queries(4):
        browser.get("/console/clients/")
    for _ in range(3):
        system(name=f"系统{_}")
    with django_assert_num_queries(4):
        browser.get("/console/clients/")


def test_the_administrator_sets_where_cases_are_pushed(browser: Browser, admin: User) -> None:
    client, _ = system()
    address = f"/console/clients/{client.pk}/"
    assert "还没有设置" in signed_in(browser, admin).get(address).content.decode()
    assert browser.post(f"{address}webhook/", {"url": "nonsense"}).status_code == 422
    page = browser.post(f"{address}webhook/", {"url": "https://hook.example/cases"}, follow=True)
    assert page.context["hook_secret"].startswith("whsec_") and "https://hook.example/cases" in page.content.decode()
    assert page.context["hook_secret"] not in browser.get(address).content.decode()
    assert "推送给单位的系统" in browser.get("/console/outbox/").content.decode()


def test_a_change_is_recorded_with_what_was_before() -> None:
    client, _ = system()
    change_client(client, name="新名", permissions=["item.view"], by=make.TESTS, at=make.NOON)
    assert LedgerEntry.objects.get(action="clients.change").facts["before"]["permissions"] == ["item.view"]
