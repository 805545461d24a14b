import json
import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client
from stdnum.cn import ric
from tests import factories

from banshi.ledger.models import LedgerEntry
from banshi.notifications.kinds import KINDS
from banshi.people.demo import DEMO_PASSWORD
from banshi.people.models import Identity, SignIn, User
from banshi.sites.signin import middleware

pytestmark = pytest.mark.django_db
PASSWORD = "three-blue-lamps"
CARD = "11010519900307001" + ric.calc_check_digit("110105199003070010")


@pytest.fixture(autouse=True)
def forget_rates():
    cache.clear()


@pytest.fixture
def citizen():
    return with_password(factories.user(full_name="张三"))


@pytest.fixture
def clerk():
    return with_password(factories.user("clerk"))


def with_password(user):
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client, user, password=PASSWORD, **more):
    return client.post("/accounts/login/", {"login": user.username, "password": password, **more})


def code_for(secret):
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


class TestTheDoor:
    def test_a_citizen_comes_to_their_own_page(self, client, citizen):
        assert sign_in(client, citizen).url == "/my/"

    def test_every_page_leads_to_it_for_who_is_signed_in_and_for_nobody_else(self, client, citizen):
        assert 'href="/my/"' not in client.get("/open-data/").content.decode()
        client.force_login(citizen)
        assert 'href="/my/"' in client.get("/open-data/").content.decode()

    def test_staff_come_to_their_work(self, client, clerk):
        assert sign_in(client, clerk).url == "/work/"

    def test_one_goes_on_where_one_wanted_to_but_nowhere_else(self, client, citizen):
        assert sign_in(client, citizen, next="/organs/").url == "/organs/"
        assert sign_in(Client(), citizen, next="https://evil.example/").url == "/my/"

    def test_a_wrong_password_is_said_in_chinese_without_saying_which_is_wrong(self, client, citizen):
        known = sign_in(client, citizen, "wrong").content.decode()
        unknown = client.post("/accounts/login/", {"login": "nobody", "password": "wrong"}).content.decode()
        assert "账号或密码不对" in known
        assert "账号或密码不对" in unknown

    def test_closed_accounts_stay_out(self, client, citizen):
        User.objects.update(is_active=False)
        sign_in(client, citizen)
        assert "_auth_user_id" not in client.session

    def test_a_sign_in_is_noted_with_its_address(self, client, citizen):
        sign_in(client, citizen)
        noted = SignIn.objects.get()
        assert (noted.user, noted.address, noted.session_key) == (citizen, "127.0.0.1", client.session.session_key)
        assert LedgerEntry.objects.last().action == "people.begin_sign_in"

    def test_leaving_ends_it(self, client, citizen):
        sign_in(client, citizen)
        client.post("/accounts/logout/")
        assert SignIn.objects.get().ending == SignIn.SignOut.LEFT
        assert client.get("/my/").status_code == 302

    @pytest.mark.parametrize(
        "path",
        [
            "login",
            "signup",
            "logout",
            "password/change",
            "reauthenticate",
            "2fa",
            "2fa/totp/activate",
            "2fa/recovery-codes/generate",
        ],
    )
    def test_every_page_of_the_door_speaks_chinese(self, client, citizen, path):
        if path not in ("login", "signup"):
            sign_in(client, citizen)
        page = client.get(f"/accounts/{path}/", follow=True).content.decode()
        words = re.sub(r"<[^>]+>", "", page)
        assert not re.search(r"\b(Password|Sign|Username|Code|Please|Submit|Email)\b", words)


class TestLockOut:
    def test_after_five_wrong_passwords_even_the_right_one_waits_and_is_told_until_when(self, client, citizen):
        for _ in range(4):
            assert sign_in(client, citizen, "wrong").status_code == 200
        fifth = sign_in(client, citizen, "wrong")
        assert fifth.status_code == 429
        right = sign_in(client, citizen)
        assert right.status_code == 429
        assert re.search(r"\d+月\d+日 \d\d:\d\d</strong> 以后可以再试", right.content.decode())
        assert "_auth_user_id" not in client.session

    def test_another_account_is_not_locked(self, client, citizen, clerk):
        for _ in range(5):
            sign_in(client, citizen, "wrong")
        cache.clear()
        assert sign_in(client, clerk).status_code == 302

    @pytest.mark.parametrize(
        "typed", ["ZHANGSAN", " zhang san ", "ｚｈａｎｇｓａｎ", "zhang\u200bsan", "Zhang\u3000San"]
    )
    def test_the_same_account_is_counted_however_it_is_typed(self, client, typed):
        with_password(factories.user(username="zhangsan"))
        for _ in range(5):
            client.post("/accounts/login/", {"login": typed, "password": "wrong"})
        assert client.post("/accounts/login/", {"login": "zhangsan", "password": PASSWORD}).status_code == 429

    @pytest.mark.parametrize("typed", ["ZHANGSAN", " zhang san ", "ｚｈａｎｇｓａｎ"])
    def test_and_is_let_in_however_it_is_typed(self, client, typed):
        with_password(factories.user(username="zhangsan"))
        assert client.post("/accounts/login/", {"login": typed, "password": PASSWORD}).status_code == 302

    def test_an_account_tried_from_many_addresses_is_locked_for_all(self, citizen):
        answers = [self.from_address(f"10.0.0.{n}", citizen.username).status_code for n in range(21)]
        assert answers == [200] * 19 + [429] * 2
        assert self.from_address("10.0.1.1", citizen.username, PASSWORD).status_code == 429

    def test_many_accounts_tried_from_one_address_are_stopped_but_not_those_who_come_from_elsewhere(self, citizen):
        answers = [self.from_address("10.0.0.1", f"nobody{n}").status_code for n in range(45)]
        assert answers == [200] * 29 + [429] * 16
        assert self.from_address("10.0.0.1", citizen.username, PASSWORD).status_code == 429
        assert self.from_address("10.0.0.2", citizen.username, PASSWORD).status_code == 302

    def from_address(self, address, name, password="wrong", **more):
        cache.clear()
        given = {"login": name, "password": password}
        return Client(REMOTE_ADDR=address).post("/accounts/login/", given, headers=more)

    def test_a_forwarded_address_counts_only_behind_as_many_proxies_as_there_are(self, citizen, settings):
        for n in range(5):
            self.from_address("10.0.0.9", citizen.username, X_Forwarded_For=f"1.2.3.{n}")
        assert self.from_address("10.0.0.9", citizen.username, PASSWORD, X_Forwarded_For="9.9.9.9").status_code == 429
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        behind = {"X_Forwarded_For": "9.9.9.9, 5.5.5.5"}
        assert self.from_address("10.0.0.9", citizen.username, PASSWORD, **behind).status_code == 302

    def test_who_comes_past_the_proxies_is_counted_by_their_own_address(self, citizen, settings):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
        for n in range(5):
            self.from_address("10.0.0.9", citizen.username, X_Forwarded_For=f"1.2.3.{n}")
        assert self.from_address("10.0.0.9", citizen.username, PASSWORD, X_Forwarded_For="9.9.9.9").status_code == 429


class TestMethods:
    @pytest.mark.parametrize("method", ["TRACE", "OPTIONS", "PUT", "PATCH", "DELETE", "PROPFIND"])
    @pytest.mark.parametrize("page", ["/", "/console/", "/accounts/login/", "/nowhere/"])
    def test_those_that_no_page_has_are_refused_to_anyone(self, client, clerk, method, page):
        assert client.generic(method, page).status_code == 405
        client.force_login(clerk)
        answer = client.generic(method, page)
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, POST")


class TestDemoAccounts:
    @pytest.fixture(autouse=True)
    def one_demo_account(self):
        factories.user("clerk", full_name="示例经办人", demo_note="县教育局经办人")

    def test_they_are_on_the_page_in_a_demonstration(self, client, settings):
        settings.DEMO = True
        page = client.get("/accounts/login/").content.decode()
        assert "县教育局经办人" in page
        assert DEMO_PASSWORD in page
        assert "没有启用" in page

    def test_who_comes_from_the_portal_finds_the_public_first(self, client, settings):
        settings.DEMO = True
        factories.user(full_name="示例公司", demo_note="某公司")
        factories.user("clerk", factories.organ(), full_name="示例干部", demo_note="市教育局经办人")
        for onward, first in (("/items/1/apply/", "某公司"), ("/work/", "教育局经办人")):
            page = client.get("/accounts/login/", {"next": onward}).content.decode()
            assert min(("某公司", "教育局经办人"), key=page.find) == first

    def test_and_never_otherwise(self, client):
        page = client.get("/accounts/login/").content.decode()
        assert "县教育局经办人" not in page
        assert DEMO_PASSWORD not in page


class TestSecondFactor:
    @pytest.fixture(autouse=True)
    def required(self, settings):
        settings.STAFF_SECOND_FACTOR = True

    def activate(self, client):
        page = client.get("/accounts/2fa/totp/activate/")
        secret = page.context["form"].secret
        return client.post("/accounts/2fa/totp/activate/", {"code": code_for(secret)}), secret

    @pytest.mark.parametrize("page", ["/work/", "/console/"])
    def test_staff_without_one_are_led_to_set_it_up(self, client, clerk, page):
        sign_in(client, clerk)
        assert client.get(page).url.startswith("/accounts/2fa/totp/activate/")

    def test_until_then_their_posts_give_nothing_anywhere(self, client, clerk):
        sign_in(client, clerk)
        assert client.get("/my/").context["posts"] == []

    def test_citizens_need_none(self, client, citizen):
        sign_in(client, citizen)
        assert client.get("/my/").status_code == 200

    def test_once_set_up_work_begins_and_recovery_codes_are_shown(self, client, clerk):
        sign_in(client, clerk)
        answer, _ = self.activate(client)
        assert answer.url == "/accounts/2fa/recovery-codes/"
        assert len(client.get(answer.url).context["unused_codes"]) == 10
        assert client.get("/work/").status_code == 200

    def test_a_wrong_code_sets_nothing_up(self, client, clerk):
        sign_in(client, clerk)
        client.get("/accounts/2fa/totp/activate/")
        answer = client.post("/accounts/2fa/totp/activate/", {"code": "000000"})
        assert "验证码不对" in answer.content.decode()
        assert not Authenticator.objects.exists()

    def test_the_next_sign_in_asks_for_a_code(self, client, clerk):
        sign_in(client, clerk)
        _, secret = self.activate(client)
        other = Client()
        assert sign_in(other, clerk).url == "/accounts/2fa/authenticate/"
        assert "_auth_user_id" not in other.session
        assert "二次验证" in other.get("/accounts/2fa/authenticate/").content.decode()
        cache.clear()
        other.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})
        assert other.get("/work/").status_code == 200

    def test_a_recovery_code_serves_once(self, client, clerk):
        sign_in(client, clerk)
        self.activate(client)
        code = client.get("/accounts/2fa/recovery-codes/").context["unused_codes"][0]
        first, second = Client(), Client()
        for each in (first, second):
            sign_in(each, clerk)
            each.post("/accounts/2fa/authenticate/", {"code": code})
        assert "_auth_user_id" in first.session
        assert "_auth_user_id" not in second.session

    def test_the_secret_lies_encrypted(self, client, clerk):
        sign_in(client, clerk)
        _, secret = self.activate(client)
        stored = Authenticator.objects.get(type="totp")
        assert secret not in str(stored.data)
        assert TOTP(stored).validate_code(code_for(secret)) in (True, False)

    def test_staff_cannot_go_without_again(self, client, clerk):
        sign_in(client, clerk)
        self.activate(client)
        assert "必须保留" in client.get("/accounts/2fa/totp/deactivate/").content.decode()
        client.post("/accounts/2fa/totp/deactivate/")
        assert Authenticator.objects.filter(type="totp").exists()


class TestPasswordOfSomebodyElse:
    def test_it_is_changed_before_work(self, client, clerk):
        clerk.must_change_password = True
        clerk.save()
        sign_in(client, clerk)
        assert client.get("/work/").url.startswith("/accounts/password/change/")
        fresh = "four-green-doors"
        client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh})
        assert client.get("/work/").status_code == 200

    def test_weak_ones_are_refused(self, client, clerk):
        sign_in(client, clerk)
        given = {"oldpassword": PASSWORD, "password1": "12345678", "password2": "12345678"}
        assert client.post("/accounts/password/change/", given).status_code == 200
        assert User.objects.get(pk=clerk.pk).check_password(PASSWORD)


class TestLimits:
    @pytest.fixture
    def later(self, monkeypatch):
        begun = time.time()

        def later(seconds):
            monkeypatch.setattr(middleware.time, "time", lambda: begun + seconds)

        return later

    def test_staff_left_alone_for_half_an_hour_sign_in_again_and_go_on_where_they_were(self, client, clerk, later):
        sign_in(client, clerk)
        later(31 * 60)
        answer = client.get("/work/?q=1")
        assert answer.url == "/accounts/login/?ended=idle&next=%2Fwork%2F%3Fq%3D1"
        assert "没有操作" in client.get(answer.url).content.decode()
        assert SignIn.objects.get().ending == SignIn.SignOut.IDLE

    def test_staff_at_work_stay_for_eight_hours_and_no_longer(self, client, clerk, later):
        sign_in(client, clerk)
        for half_hours in range(1, 16):
            later(half_hours * 29 * 60)
            assert client.get("/work/").status_code == 200
        later(8 * 3600 + 1)
        assert "ended=" in client.get("/work/").url

    def test_citizens_stay_for_a_week(self, client, citizen, later):
        sign_in(client, citizen)
        later(6 * 86_400)
        assert client.get("/my/").status_code == 200
        later(7 * 86_400 + 1)
        assert client.get("/my/").status_code == 302

    def test_public_pages_go_on_without_the_person(self, client, clerk, later):
        sign_in(client, clerk)
        later(9 * 3600)
        assert client.get("/accounts/login/").status_code == 200

    def test_a_fourth_sign_in_ends_the_first_who_is_told_why(self, clerk):
        clients = [Client() for _ in range(4)]
        for each in clients:
            sign_in(each, clerk)
        answer = clients[0].get("/work/")
        assert "ended=crowded" in answer.url
        assert "最多同时在3处" in clients[0].get(answer.url).content.decode()
        assert clients[1].get("/work/").status_code == 200

    def test_what_htmx_asks_is_answered_by_a_way_to_the_door(self, client, clerk, later):
        sign_in(client, clerk)
        later(31 * 60)
        assert client.get("/work/", headers={"HX-Request": "true"})["HX-Redirect"].startswith("/accounts/login/")

    def test_anonymous_visitors_cost_no_query(self, client, django_assert_num_queries):
        with django_assert_num_queries(0):
            client.get("/accounts/signup/")


class TestRegistration:
    def register(self, client, **more):
        given = {"kind": "person", "name": "张三", "number": CARD, "phone": "13800000000", "username": "zhangsan"}
        return client.post(
            "/accounts/signup/", {**given, "password1": PASSWORD, "password2": PASSWORD, "agree": "on", **more}
        )

    def test_a_citizen_registers_and_sees_masked_data(self, client):
        assert self.register(client).url == "/my/"
        page = client.get("/my/").content.decode()
        assert "张*" in page
        assert CARD not in page
        assert "138****0000" in page

    @pytest.mark.parametrize(
        "wrong",
        [
            {"number": CARD[:-1] + "A"},
            {"agree": ""},
            {"kind": "company"},
            {"phone": "123"},
            {"password1": "12345"},
            {"name": ""},
        ],
    )
    def test_wrong_data_makes_no_account(self, client, wrong):
        assert self.register(client, **wrong).status_code == 200
        assert not User.objects.exists()

    def test_a_number_already_registered_makes_no_second_account(self, client):
        self.register(client)
        answer = self.register(Client(), username="other")
        assert answer.status_code == 409
        assert "已经注册过" in answer.content.decode()
        assert User.objects.count() == Identity.objects.count() == 1


class TestMine:
    @pytest.fixture
    def me(self, client):
        TestRegistration().register(client)
        return User.objects.get()

    def test_looking_shows_the_field_and_leaves_a_trace(self, client, me):
        assert CARD in client.post("/my/look/number/").content.decode()
        assert LedgerEntry.objects.last().action == "people.look_at_identity"

    def test_looking_needs_a_click(self, client, me):
        assert client.get("/my/look/number/").status_code == 405

    def test_others_and_strangers_see_nothing(self, me, citizen):
        assert Client().get("/my/").status_code == 302
        other = Client()
        sign_in(other, citizen)
        assert "身份信息" not in other.get("/my/").content.decode()
        assert other.post("/my/look/number/").status_code == 404

    def test_one_erases_oneself_and_is_out(self, client, me):
        assert 'href="/my/erase/"' in client.get("/my/").content.decode()
        assert "注销账号？" in client.get("/my/erase/").content.decode()
        assert Identity.objects.exists()
        assert "账号已注销" in client.post("/my/erase/").content.decode()
        assert not Identity.objects.exists()
        assert client.get("/my/").status_code == 302
        assert sign_in(Client(), me).status_code == 200

    def test_erasing_asks_for_the_password_of_who_has_been_in_for_a_while(self, client, me):
        session = client.session
        session["began"] -= 3600
        session["account_authentication_methods"] = []
        session.save()
        assert "reauthenticate" in client.post("/my/erase/").url
        assert Identity.objects.exists()

    def test_ones_own_data_is_downloaded_after_the_password(self, client, me):
        assert 'href="/my/data/"' in client.get("/my/").content.decode()
        assert "没有打码" in client.get("/my/data/").content.decode()
        copy = client.post("/my/data/")
        told = json.loads(copy.content)
        assert (told["cases"], told["complaints"], len(told["account"]["number"])) == ([], [], 18)
        assert "no-store" in copy["Cache-Control"]
        assert LedgerEntry.objects.last().action == "cases.export_own_data"
        session = client.session
        session["began"] -= 3600
        session["account_authentication_methods"] = []
        session.save()
        assert "reauthenticate" in client.post("/my/data/").url

    def test_one_can_leave_everywhere_else(self, client, me):
        other = Client()
        sign_in(other, me)
        client.post("/my/leave-elsewhere/")
        assert other.get("/my/").status_code == 302
        assert client.get("/my/").status_code == 200


class TestMessages:
    """我的消息."""

    @pytest.fixture
    def told(self, clerk):
        about = {"kind": "campaigns.invited", "page": "report", "key": "7", "created_at": factories.NOON}
        return [clerk.notifications.create(subject=f"请参加{n}", body="请某局参加", **about) for n in range(3)]

    def test_they_are_listed_newest_first_and_marked_as_read(self, client, clerk, told):
        client.force_login(clerk)
        assert "3条没有读" in client.get("/my/").content.decode()
        page = client.get("/my/messages/").content.decode()
        assert page.index("请参加2") < page.index("请参加0")
        assert page.count("未读") == 3 and 'href="/work/reports/7/"' in page
        page = client.post("/my/messages/read/", follow=True).content.decode()
        assert "3条都标为已读" in page and "未读" not in page

    def test_they_are_ones_own(self, client, told):
        assert Client().get("/my/messages/").status_code == 302
        client.force_login(factories.user("clerk"))
        assert "还没有消息" in client.get("/my/messages/").content.decode()

    def test_they_go_by_pages(self, client, clerk, told):
        for n in range(50):
            clerk.notifications.create(kind="x", page="gone", subject=f"旧{n}", body="x", created_at=factories.NOON)
        client.force_login(clerk)
        first = client.get("/my/messages/").content.decode()
        assert "下一页" in first
        [older] = re.findall(r"before=(\d+)", first)
        page = client.get(f"/my/messages/?before={older}").content.decode()
        assert page.count("请参加") == 3 and "回到最新的" in page
        assert client.get("/my/messages/?before=x").status_code == 200


class TestMail:
    """催办邮件 on one's own page."""

    def test_staff_give_an_address_and_get_mail(self, client, clerk):
        client.force_login(clerk)
        assert "系统现在没有接邮件服务器" in client.get("/my/").content.decode()
        page = client.post("/my/mail/", {"email": "me@example.gov.cn", "wanted": "on"}, follow=True).content.decode()
        assert 'value="me@example.gov.cn"' in page
        clerk.refresh_from_db()
        assert (clerk.email, clerk.mail_wanted) == ("me@example.gov.cn", True)

    def test_the_tick_is_there_until_somebody_takes_it_away(self, client, clerk):
        client.force_login(clerk)
        assert re.search(r'name="wanted"[^>]*checked', client.get("/my/").content.decode())
        client.post("/my/mail/", {"email": "me@example.gov.cn"})
        assert not re.search(r'name="wanted"[^>]*checked', client.get("/my/").content.decode())

    def test_kinds_that_are_not_ticked_come_by_mail_no_more(self, client, clerk):
        client.force_login(clerk)
        page = client.get("/my/").content.decode()
        assert len(re.findall(r'name="kinds"[^>]*checked', page)) == len(KINDS)
        client.post("/my/mail/", {"email": "me@example.gov.cn", "wanted": "on", "kinds": ["campaigns.invited"]})
        page = client.get("/my/").content.decode()
        assert re.findall(r'name="kinds" value="([^"]*)"[^>]*checked', page) == ["campaigns.invited"]
        assert client.post("/my/mail/", {"email": "", "kinds": ["nonsense"]}).status_code == 422

    def test_a_wrong_address_is_said_and_kept_for_mending(self, client, clerk):
        client.force_login(clerk)
        answer = client.post("/my/mail/", {"email": "me at home", "wanted": "on"})
        assert answer.status_code == 422
        assert "请填写完整的邮箱" in answer.content.decode()
        assert 'value="me at home"' in answer.content.decode()
        clerk.refresh_from_db()
        assert clerk.email == ""

    def test_it_is_no_page_of_citizens_nor_of_nobody(self, client):
        TestRegistration().register(client)
        assert "催办邮件" not in client.get("/my/").content.decode()
        assert client.post("/my/mail/", {"email": "me@example.org"}).status_code == 404
        assert Client().post("/my/mail/", {"email": "me@example.org"}).status_code == 302
