import io
from datetime import date, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests import factories

from banshi import files, ledger
from banshi.calendar.models import CalendarYear
from banshi.calendar.queries import calendar_in_force
from banshi.core.clock import now
from banshi.jobs import tasks, workers
from banshi.jobs.schedule import SCHEDULE
from banshi.ledger.models import LedgerEntry
from banshi.ledger.sealing import seal
from banshi.outbox.models import Message, Queue
from banshi.people.models import Delegation, Division, Organ, Post, User

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF"

# Every page of the console that takes no key, and the roles that may see it.
PAGES = {
    "console:organs": {"admin"},
    "console:organ-new": {"admin"},
    "console:divisions": {"admin"},
    "console:people": {"admin"},
    "console:person-new": {"admin"},
    "console:roles": {"admin"},
    "console:citizen-erase": {"admin"},
    "console:calendar": {"admin"},
    "console:calendar-load": {"admin"},
    "console:retention": {"admin"},
    "console:ledger": {"admin", "supervisor"},
    "console:running": {"admin"},
    "console:system": {"admin"},
}


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def bureau():
    return factories.organ("示例县教育局")


@pytest.fixture
def admin_user():
    return factories.user("admin", full_name="管理员")


@pytest.fixture
def admin(admin_user):
    return signed_in(admin_user)


@pytest.fixture
def clerk(bureau):
    return factories.user("clerk", bureau, full_name="陈经办")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ["admin", "supervisor", "clerk", "publisher", "leader"])
def test_each_page_opens_for_the_roles_that_may_and_for_no_other(page, role):
    answer = signed_in(factories.user(role)).get(reverse(page))
    assert answer.status_code == (200 if role in PAGES[page] else 403)


@pytest.mark.parametrize("page", PAGES)
def test_strangers_and_citizens_see_nothing(client, page):
    assert client.get(reverse(page)).url.startswith("/accounts/login/")
    assert signed_in(factories.user()).get(reverse(page)).status_code == 403


def test_the_front_of_the_console_leads_on_or_refuses(admin, clerk):
    assert admin.get("/console/").url == reverse("console:organs")
    assert signed_in(clerk).get("/console/").status_code == 403


def test_every_write_is_refused_to_who_may_not(clerk, bureau):
    stranger = signed_in(factories.user("publisher"))
    post = clerk.posts.get()
    for name, key in [
        ("organ-edit", bureau.pk),
        ("organ-close", bureau.pk),
        ("organ-hand-over", bureau.pk),
        ("organ-open", bureau.pk),
        ("retention-delete", "handled"),
        ("person-edit", clerk.pk),
        ("appoint", clerk.pk),
        ("person-password", clerk.pk),
        ("person-second-factor", clerk.pk),
        ("person-close", clerk.pk),
        ("person-open", clerk.pk),
        ("post-end", post.pk),
        ("delegate", post.pk),
        ("calendar-days", 2026),
        ("calendar-confirm", 2026),
        ("schedule-run", "anchor_ledger"),
    ]:
        assert stranger.post(reverse(f"console:{name}", args=[key])).status_code == 403, name
    assert not LedgerEntry.objects.exclude(action="people.begin_sign_in").exists()


class TestOrgans:
    FORM = {"name": "示例县民政局", "kind": "department", "division": "990102"}

    def test_an_organ_is_made_changed_closed_and_opened(self, admin):
        factories.division()
        made = admin.post(reverse("console:organ-new"), self.FORM)
        organ = Organ.objects.get(name="示例县民政局")
        assert made.url == reverse("console:organ", args=[organ.pk])
        admin.post(reverse("console:organ-edit", args=[organ.pk]), {**self.FORM, "phone": "0000-1234567"})
        admin.post(reverse("console:organ-close", args=[organ.pk]), {"reason": "机构改革"})
        organ.refresh_from_db()
        assert (organ.phone, organ.active) == ("0000-1234567", False)
        admin.post(reverse("console:organ-open", args=[organ.pk]))
        assert Organ.objects.get(pk=organ.pk).active

    def test_what_is_wrong_is_shown_at_its_field_and_what_was_typed_stays(self, admin):
        factories.division()
        answer = admin.post(reverse("console:organ-new"), {**self.FORM, "uscc": "123"})
        page = answer.content.decode()
        assert "统一社会信用代码不对" in page
        assert "示例县民政局" in page
        assert not Organ.objects.filter(name="示例县民政局").exists()

    def test_a_failed_edit_changes_nothing(self, admin, bureau):
        admin.post(reverse("console:organ-edit", args=[bureau.pk]), {**self.FORM, "uscc": "123"})
        assert Organ.objects.get(pk=bureau.pk).name == bureau.name

    def test_the_tree_shows_them_and_the_filter_finds_them(self, admin, bureau):
        factories.organ("示例县招生办", superior=bureau)
        page = admin.get(reverse("console:organs")).content.decode()
        assert page.index("示例县教育局") < page.index("示例县招生办")
        found = admin.get(reverse("console:organs"), {"q": "招生"}).content.decode()
        assert "示例县教育局" not in found.split("<main")[1]

    def test_divisions_come_from_a_file(self, admin):
        file = io.BytesIO("510000,四川省\n511602,广安区\n".encode())
        file.name = "divisions.csv"
        admin.post(reverse("console:divisions"), {"file": file})
        assert Division.objects.filter(code="511602", name="广安区").exists()

    def test_a_bad_file_is_answered_with_the_row(self, admin):
        file = io.BytesIO("510000,四川省\n5x,错\n".encode())
        file.name = "divisions.csv"
        assert "第2行" in admin.post(reverse("console:divisions"), {"file": file}).content.decode()

    def test_the_tree_costs_the_same_for_one_organ_and_for_thirty(self, admin, bureau):
        def cost():
            with CaptureQueriesContext(
                connection,
            ) as queries:
                admin.get(reverse("console:organs"))
            return len(queries)

        few = cost()
        for _ in range(30):
            factories.organ(superior=bureau)
        assert cost() == few


class TestPeople:
    def test_a_new_person_gets_a_password_shown_once(self, admin):
        made = admin.post(reverse("console:person-new"), {"full_name": "张三", "username": "zhangsan"})
        user = User.objects.get(username="zhangsan")
        first, second = (admin.get(made.url).content.decode() for _ in range(2))
        assert 'class="told"' in first
        assert 'class="told"' not in second
        assert user.must_change_password

    def test_a_person_is_appointed_and_the_post_ended(self, admin, bureau):
        user = factories.user()
        given = {"organ": bureau.pk, "role": "clerk", "since": "2026-01-01"}
        admin.post(reverse("console:appoint", args=[user.pk]), given)
        post = Post.objects.get(user=user)
        admin.post(reverse("console:post-end", args=[post.pk]), {"until": "2026-06-30"})
        post.refresh_from_db()
        assert post.until == date(2026, 6, 30)

    def test_nobody_appoints_themselves(self, admin, admin_user, bureau):
        given = {"organ": bureau.pk, "role": "publisher", "since": "2026-01-01"}
        assert admin.post(reverse("console:appoint", args=[admin_user.pk]), given).status_code == 403
        assert not admin_user.posts.filter(role="publisher").exists()

    def test_a_post_is_delegated_and_taken_back(self, admin, clerk):
        other, post = factories.user(), clerk.posts.get()
        given = {"to": other.pk, "since": "2026-01-01", "until": "2099-01-01", "reason": "休假"}
        admin.post(reverse("console:delegate", args=[post.pk]), given)
        delegation = Delegation.objects.get()
        assert "休假" in admin.get(reverse("console:person", args=[clerk.pk])).content.decode()
        admin.post(reverse("console:delegation-end", args=[delegation.pk]))
        assert Delegation.objects.get().ended_at

    def test_a_reset_password_ends_the_persons_sessions(self, admin, clerk):
        signed_in(clerk)
        admin.post(reverse("console:person-password", args=[clerk.pk]))
        assert User.objects.get(pk=clerk.pk).must_change_password
        assert Session.objects.count() >= 1  # the administrator's own stays

    def test_a_closed_account_is_opened_again(self, admin, clerk):
        admin.post(reverse("console:person-close", args=[clerk.pk]), {"reason": "调离"})
        assert not User.objects.get(pk=clerk.pk).is_active
        admin.post(reverse("console:person-open", args=[clerk.pk]))
        assert User.objects.get(pk=clerk.pk).is_active

    def test_an_address_for_mail_is_entered_and_shown_masked(self, admin, clerk):
        given = {"full_name": "张三", "phone": "", "email": "zhangsan@example.gov.cn"}
        admin.post(reverse("console:person-edit", args=[clerk.pk]), given)
        page = admin.get(reverse("console:person", args=[clerk.pk])).content.decode()
        assert "z***@example.gov.cn" in page
        assert "zhangsan@" not in page
        assert LedgerEntry.objects.get(action="people.change_account").facts == {"fields": ["email", "full_name"]}

    def test_citizens_are_not_among_the_staff(self, admin):
        from tests.people.test_citizens import register

        identity = register()
        assert admin.get(reverse("console:person", args=[identity.user_id])).status_code == 404
        assert identity.user.username not in admin.get(reverse("console:people")).content.decode()

    def test_who_asks_at_the_window_is_erased_by_the_number_on_the_card(self, admin):
        from tests.people.test_citizens import card, register

        identity = register()
        page = reverse("console:citizen-erase")
        wrong = admin.post(page, {"number": "11010519900307999X", "reason": "本人要求"})
        assert "没有用这个号码注册的账号" in wrong.content.decode()
        admin.post(page, {"number": card().lower(), "reason": "本人要求"})
        assert not type(identity).objects.exists()

    def test_the_list_pages_by_key(self, admin):
        for _ in range(60):
            factories.user()
        first = admin.get(reverse("console:people"))
        second = admin.get(f"{reverse('console:people')}?{first.context['page'].after}")
        shown = [user.pk for page in (first, second) for user, _ in page.context["lines"]]
        assert len(first.context["lines"]) == 50
        assert sorted(shown) == sorted(User.objects.values_list("pk", flat=True))

    def test_the_list_costs_the_same_for_few_and_many(self, admin):
        def cost():
            with CaptureQueriesContext(connection) as queries:
                admin.get(reverse("console:people"))
            return len(queries)

        few = cost()
        for _ in range(10):
            factories.user("clerk")
        assert cost() == few

    def test_every_role_is_explained(self, admin):
        page = admin.get(reverse("console:roles")).content.decode()
        assert "公布和撤下指南" in page
        assert "维护工作日历" in page


class TestCalendar:
    def test_chosen_days_become_a_holiday_and_follow_the_week_again(self, admin):
        day = date(2026, 11, 25)
        address = reverse("console:calendar-days", args=[2026])
        admin.post(address, {"day": [day.isoformat()], "what": "rest", "name": "运动会"})
        assert not calendar_in_force().is_working(day)
        assert "11月25日，休息，运动会" in admin.get(reverse("console:calendar-year", args=[2026])).content.decode()
        admin.post(address, {"day": [day.isoformat()], "what": "clear"})
        assert calendar_in_force().is_working(day)

    @pytest.mark.parametrize(
        "given",
        [{}, {"day": "x", "what": "rest"}, {"day": "2025-01-01", "what": "rest"}, {"day": "2026-01-05", "what": "x"}],
    )
    def test_nothing_chosen_or_nonsense_changes_nothing(self, admin, given):
        admin.post(reverse("console:calendar-days", args=[2026]), given)
        assert not CalendarYear.objects.exists()

    def test_the_missing_year_warns_until_it_is_confirmed(self, admin):
        address = reverse("console:calendar-year", args=[2027])
        assert "还没有录完" in admin.get(address).content.decode()
        admin.post(reverse("console:calendar-confirm", args=[2027]), {"complete": "1", "source": "通知"})
        assert "已录完" in admin.get(address).content.decode()

    def test_a_year_comes_from_a_file(self, admin):
        file = io.BytesIO("# 通知\nday,working,name\n2027-01-01,0,元旦\n".encode())
        file.name = "cn-2027.csv"
        assert admin.post(reverse("console:calendar-load"), {"file": file}).url == reverse(
            "console:calendar-year", args=[2027]
        )
        assert not calendar_in_force().is_working(date(2027, 1, 1))

    def test_years_beyond_reason_are_missing(self, admin):
        assert admin.get("/console/calendar/9999/").status_code == 404


class TestLedger:
    @pytest.fixture
    def sixty(self, admin_user):
        with transaction.atomic():
            for n in range(60):
                ledger.record("test.act", CalendarYear(year=2000 + n), by=admin_user, at=factories.NOON, facts={"n": n})

    def test_pages_follow_each_other_without_gap_or_double(self, admin, sixty):
        first = admin.get(reverse("console:ledger"))
        second = admin.get(f"{reverse('console:ledger')}?{first.context['page'].after}")
        numbers = [entry.number for page in (first, second) for entry, *_ in page.context["entries"]]
        assert numbers == sorted(set(numbers), reverse=True)
        assert len(numbers) == LedgerEntry.objects.count()

    def test_filters_find_what_they_say(self, admin, sixty):
        found = admin.get(reverse("console:ledger"), {"subject": "calendar.CalendarYear:2007"}).context["entries"]
        assert [entry.facts["n"] for entry, *_ in found] == [7]
        assert admin.get(reverse("console:ledger"), {"since": "2026-11-24"}).context["entries"] == []
        assert admin.get(reverse("console:ledger"), {"until": "2026-11-23", "who": "管理员"}).context["entries"]
        assert not admin.get(reverse("console:ledger"), {"until": "not a day", "who": "别人"}).context["entries"]

    def test_an_entry_opens_with_its_facts(self, admin, sixty):
        number = LedgerEntry.objects.last().number
        assert "59" in admin.get(reverse("console:ledger-entry", args=[number])).content.decode()
        part = admin.get(
            reverse("console:ledger-entry", args=[number]), headers={"HX-Request": "true"}
        ).content.decode()
        assert "<html" not in part

    def test_an_entry_says_whether_it_is_sealed_and_in_which_block(self, admin, sixty):
        page = reverse("console:ledger-entry", args=[LedgerEntry.objects.last().number])
        assert "还没有封存" in admin.get(page).content.decode()
        seal(at=factories.NOON)
        assert "第1批" in admin.get(page).content.decode()

    @pytest.mark.django_db(transaction=True)
    def test_verifying_runs_in_the_background_and_tells_the_verdict(self, admin, sixty):
        page = admin.post(reverse("console:ledger-verify")).url
        assert "hx-get" in admin.get(page).content.decode()
        worker = workers._worker("test")
        worker.batch = True
        worker.run()
        assert "60条记录前后相接" in admin.get(page, headers={"HX-Request": "true"}).content.decode()

    def test_the_list_does_not_count_the_ledger(self, admin, sixty):
        with CaptureQueriesContext(connection) as queries:
            admin.get(reverse("console:ledger"))
        assert not [query for query in queries if "COUNT" in query["sql"] and "ledgerentry" in query["sql"]]


class TestRunning:
    def test_the_schedule_is_shown_in_words_and_an_entry_runs_out_of_turn(self, admin):
        page = admin.get(reverse("console:running")).content.decode()
        assert all(entry.words in page for entry in SCHEDULE.values())
        assert admin.get(reverse("console:running")).context["tasks"] == []
        admin.post(reverse("console:schedule-run", args=["anchor_ledger"]))
        [(queued, word, _)] = admin.get(reverse("console:running")).context["tasks"]
        assert (queued.task_path, word) == ("banshi.jobs.tasks.anchor_ledger", "排队中")
        assert admin.post(reverse("console:schedule-run", args=["nothing"])).status_code == 404

    @pytest.mark.django_db(transaction=True)
    def test_a_task_opens(self, admin):
        key = tasks.anchor_ledger.enqueue(at="不是时间").id
        worker = workers._worker("test")
        worker.batch = True
        worker.run()
        page = admin.get(reverse("console:task", args=[key])).content.decode()
        assert "失败" in page
        assert "ValueError" in page

    def test_the_system_page_warns_of_the_missing_calendar(self, admin):
        assert "放假安排还没有录入" in admin.get(reverse("console:system")).content.decode()

    def test_the_system_page_warns_of_mail_that_waits_and_mail_that_was_refused(self, admin, clerk):
        lately = now() - timedelta(hours=3)
        queue = Queue.objects.create(channel="mail", name="邮件", failures=1, last_error="邮件服务器连不上")
        of_clerk = {"queue": queue, "recipient": clerk, "created_at": lately}
        Message.objects.create(**of_clerk, key="1", title="x")
        Message.objects.create(**of_clerk, key="2", title="x", state="failed", last_error="x", settled_at=lately)
        page = admin.get(reverse("console:system")).content.decode()
        assert "1封邮件排队超过2小时：邮件服务器连不上" in page
        assert "近3天有1封邮件没有送达" in page


class TestFiles:
    @pytest.fixture
    def keep(self, clerk, bureau):
        def keep(content=PDF, **more):
            given = {"name": "批复.pdf", "purpose": "test", "organ": bureau, "by": clerk, "at": factories.NOON, **more}
            return reverse("console:file", args=[files.keep(io.BytesIO(content), **given).guid])

        return keep

    def test_owner_and_colleague_get_it_strangers_do_not_learn_that_it_exists(self, client, keep, clerk, bureau):
        address = keep()
        assert b"".join(signed_in(clerk).get(address)) == PDF
        assert signed_in(factories.user("clerk", bureau)).get(address).status_code == 200
        elsewhere = factories.organ(division=factories.division("990203", "邻县"))
        for stranger in (client, signed_in(factories.user("clerk", elsewhere)), signed_in(factories.user())):
            assert stranger.get(address).status_code == 404

    def test_public_files_are_everybodys(self, client, keep):
        assert client.get(keep(public=True)).status_code == 200

    def test_only_pictures_and_pdf_open_in_the_browser(self, client, keep):
        pdf, text = client.get(keep(public=True)), client.get(keep("办事".encode(), name="a.txt", public=True))
        assert "attachment" not in pdf["Content-Disposition"]
        assert "attachment" in text["Content-Disposition"]
        assert {pdf["X-Content-Type-Options"], text["X-Content-Type-Options"]} == {"nosniff"}


@pytest.mark.parametrize("page", PAGES)
def test_looking_writes_nothing(admin, page):
    with CaptureQueriesContext(connection) as queries:
        admin.get(reverse(page))
    assert [query["sql"] for query in queries if query["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}] == []
