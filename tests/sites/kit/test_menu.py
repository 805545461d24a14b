"""The staff menu shows a person what they may use, and marks where they are."""

import pytest
from django.test import RequestFactory
from tests import factories as make

from banshi.access import roles
from banshi.core.clock import now
from banshi.core.prepared import counts_as_one
from banshi.people.models import Organ
from banshi.people.posts import current_posts
from banshi.sites.kit import menu
from banshi.sites.kit.menu import MenuEntry, menu_for
from banshi.sites.kit.permissions import Permission


@pytest.fixture(autouse=True)
def own_entries(monkeypatch):
    monkeypatch.setattr(menu, "_entries", {})
    menu.register(
        MenuEntry("事项", "公告", icon="megaphone", url_name="portal:notices", order=2),
        MenuEntry("事项", "首页", icon="house", url_name="portal:home", order=1),
        MenuEntry("监察", "操作记录", icon="search", url_name="portal:organs", permission=Permission.LEDGER_VIEW),
        MenuEntry("我的工作", "还没有的页面", icon="x", url_name="nowhere:at-all"),
    )


def lines_for(user, path="/"):
    request = RequestFactory().get(path)
    request.user = user
    return {group: [(line.entry.label, line.current) for line in lines] for group, lines in menu_for(request)}


def test_a_clerk_sees_no_entry_that_needs_another_permission(db):
    assert "监察" not in lines_for(make.user("clerk"))


def test_a_supervisor_sees_the_ledger(db):
    assert lines_for(make.user("supervisor"))["监察"] == [("操作记录", False)]


def test_the_entry_with_the_longest_address_that_fits_is_the_open_one(db):
    assert lines_for(make.user("clerk"), "/notices/7/")["事项"] == [("首页", False), ("公告", True)]


def test_entries_of_pages_that_do_not_exist_are_left_out(db):
    assert "我的工作" not in lines_for(make.user("clerk"))


def test_figures_beside_entries_are_asked_for_the_person(db):
    menu.register(MenuEntry("事项", "数", icon="x", url_name="portal:open-data", count=lambda user: user.pk))
    who = make.user("clerk")
    request = RequestFactory().get("/")
    request.user = who
    counts = [line.count for _, lines in menu_for(request) for line in lines]
    assert counts == [None, None, who.pk]


def test_figures_are_counted_by_one_statement_kept_for_the_persons_posts(db, django_assert_num_queries):
    menu.register(
        MenuEntry("事项", "单位", icon="x", url_name="portal:open-data", waiting=lambda user: Organ.objects.all()),
        MenuEntry("事项", "没有", icon="x", url_name="portal:notices", waiting=lambda user: Organ.objects.none()),
    )
    who = make.user("clerk")

    def figures():
        request = RequestFactory().get("/")
        request.user = who
        return [line.count for _, lines in menu_for(request) for line in lines]

    before = Organ.objects.count()
    assert figures() == [None, before, 0]
    make.organ()
    with django_assert_num_queries(1):
        assert figures() == [None, before + 1, 0]


@pytest.mark.parametrize("role", roles())
def test_what_waits_is_found_by_account_posts_and_day_alone(db, django_assert_num_queries, role, monkeypatch):
    """Its statement is kept, so that nothing may be read while it is built."""
    monkeypatch.undo()
    who = make.user(role)
    current_posts(who, now())
    with django_assert_num_queries(0):
        counts_as_one((each.waiting(who) for each in menu.registered() if each.waiting), up_to=9)
