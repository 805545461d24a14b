"""Who may do what to which thing at which moment."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.functional import SimpleLazyObject
from tests import factories as make
from tests.adjustments.town import started, town
from tests.factories import NOON, TESTS

from banshi.access import (
    Allowed,
    Permission,
    allows,
    authorize,
    authorize_many,
    permission_label,
    policies,
    roles,
    suspend_permissions,
    through,
)
from banshi.access.roles import Through, read_roles
from banshi.catalog.actions import publish
from banshi.core.errors import BadInput, Refused
from banshi.people.models import Division, Organ, Post
from banshi.people.posts import organs_where

pytestmark = pytest.mark.django_db
EDIT = Permission.ITEM_EDIT


def refused(actor, permission, subject=None, *, at=NOON) -> str:
    with pytest.raises(Refused) as told:
        authorize(actor, permission, subject, at=at)
    assert told.value.remedy
    return told.value.message


class TestOrgans:
    def test_a_post_reaches_its_own_organ_and_two_lines_below(self):
        own = make.organ()
        below = make.organ(superior=own)
        lowest = make.organ(superior=make.organ(superior=own))
        clerk = make.user("clerk", own)
        for organ in (own, below, lowest):
            authorize(clerk, EDIT, organ, at=NOON)
        stranger = make.organ()
        assert stranger.name in refused(clerk, EDIT, stranger)

    def test_a_reach_of_the_division_ends_at_its_border(self):
        county, other = make.division(), make.division("990103", "邻县")
        reviewer = make.user("reviewer", make.organ(division=county))
        authorize(reviewer, Permission.REVIEW_GIVE, make.organ(division=make.division("990102001", level=4)), at=NOON)
        refused(reviewer, Permission.REVIEW_GIVE, make.organ(division=other))
        assert allows(reviewer, Permission.REVIEW_GIVE, county, at=NOON)
        assert not allows(reviewer, Permission.REVIEW_GIVE, other, at=NOON)

    def test_the_administrator_reaches_every_division(self):
        assert allows(make.user("admin"), Permission.PEOPLE_MANAGE, make.division("990103"), at=NOON)

    def test_own_reach_is_no_reach_over_a_division(self):
        organ = make.organ()
        assert not allows(make.user("clerk", organ), EDIT, organ.division, at=NOON)

    def test_lists_and_single_decisions_agree(self):
        held = {each for role in roles().values() for each in role.permissions}
        held = {each for each in held if Through.ANYONE not in through(each)}  # no list is narrowed by what anyone may
        for role in roles():
            who = make.user(role)
            for permission in held:
                reached = set(organs_where(who, permission, NOON))
                assert reached == {each for each in Organ.objects.all() if allows(who, permission, each, at=NOON)}


class TestTime:
    def test_a_post_is_judged_at_the_moment_of_the_act(self):
        organ, who = make.organ(), make.user()
        Post.objects.create(user=who, organ=organ, role="clerk", since=NOON.date(), until=NOON.date())
        authorize(who, EDIT, organ, at=NOON)
        refused(who, EDIT, organ, at=NOON + timedelta(days=1))
        refused(who, EDIT, organ, at=NOON - timedelta(days=1))

    def test_posts_are_asked_once_for_each_user_object_and_day(self, django_assert_num_queries):
        organ = make.organ()
        who = make.user("clerk", organ)
        with django_assert_num_queries(1):
            for _ in range(3):
                authorize(who, EDIT, organ, at=NOON)

    def test_withheld_posts_give_nothing(self):
        organ = make.organ()
        who = make.user("clerk", organ)
        suspend_permissions(who)
        refused(who, EDIT, organ)


class TestActors:
    def test_nobody_in_particular_may_nothing(self):
        for actor in (AnonymousUser(), make.user()):
            assert permission_label(EDIT) in refused(actor, EDIT)

    def test_a_lazy_user_is_the_user(self):
        organ = make.organ()
        who = make.user("clerk", organ)
        authorize(SimpleLazyObject(lambda: who), EDIT, organ, at=NOON)

    def test_the_software_itself_may_what_it_does(self):
        assert authorize(TESTS, EDIT, make.organ(), at=NOON).actor is TESTS

    def test_who_was_authorized_is_not_asked_again_for_the_same(self):
        organ = make.organ()
        allowed = authorize(make.user("clerk", organ), EDIT, organ, at=NOON)
        assert isinstance(allowed, Allowed)
        assert authorize(allowed, EDIT, organ, at=NOON) is allowed

    def test_a_permission_that_is_none_is_a_mistake_of_the_program(self):
        with pytest.raises(ValueError, match="item\\.steal"):
            authorize(make.user("clerk"), "item.steal", at=NOON)


class TestTokens:
    """An answer of `authorize` opens what it was given for and what that includes, and nothing else."""

    def test_a_permission_anybody_has_publishes_nothing(self):
        citizen, draft = make.user(), make.draft(make.item())
        own = authorize(citizen, Permission.ACCOUNT_OWN, citizen, at=NOON)
        with pytest.raises(Refused, match="公布指南"):
            publish(draft, by=own, at=NOON)

    def test_another_thing_is_asked_for_anew(self):
        clerk = make.user("clerk", own := make.organ())
        allowed = authorize(clerk, EDIT, own, at=NOON)
        refused(allowed, EDIT, make.organ())
        authorize(allowed, EDIT, make.organ(superior=own), at=NOON)

    def test_what_it_includes_is_allowed_on_the_same_thing_only(self):
        clerk = make.user("clerk", organ := make.organ())
        adjustment = started(town())
        mine, other = adjustment.item, make.item(organ)
        applied = Allowed(clerk, ((Permission.ADJUST_APPLY, (adjustment,)),))
        part = authorize(applied, Permission.ITEM_PUBLISH, make.draft(mine), at=NOON)
        assert part.is_part
        refused(applied, Permission.ITEM_PUBLISH, make.draft(other))
        refused(applied, Permission.PEOPLE_MANAGE, mine.organ)

    def test_guards_are_asked_of_who_holds_the_permission_in_a_token_too(self):
        publisher, draft = make.user("publisher"), make.draft(make.item())
        for token in (
            authorize(publisher, Permission.ITEM_PUBLISH, draft, at=NOON),
            authorize(publisher, Permission.ACCOUNT_OWN, publisher, at=NOON),
        ):
            with pytest.raises(Refused, match="申请"):
                publish(draft, by=token, at=NOON)


class TestMany:
    def test_all_or_none(self):
        own = make.organ()
        clerk = make.user("clerk", own)
        authorize_many(clerk, EDIT, [own, make.organ(superior=own)], at=NOON)
        with pytest.raises(Refused):
            authorize_many(clerk, EDIT, [own, make.organ()], at=NOON)

    def test_a_hundred_ask_no_more_than_two(self):
        own = make.organ()
        items = [make.item(make.organ(superior=own)) for _ in range(20)]

        def asked(some) -> int:
            clerk = make.user("clerk", own)
            fresh = type(items[0]).objects.filter(pk__in=[each.pk for each in some])
            with CaptureQueriesContext(
                connection,
            ) as queries:
                authorize_many(clerk, EDIT, list(fresh), at=NOON)
            return len(queries)

        assert asked(items[:2]) == asked(items)


class TestRelations:
    """Of permissions that a relation gives instead of a post."""

    @pytest.fixture
    def through(self, monkeypatch):
        def set_to(*relations):
            monkeypatch.setattr("banshi.access.decision.through", lambda permission: relations)

        return set_to

    def test_an_assignee_needs_no_reach(self, through):
        through("assignee")
        holder = make.user()
        post = Post.objects.create(user=holder, organ=make.organ(), role="clerk", since=date(2030, 1, 1))
        authorize(holder, EDIT, post, at=NOON)
        refused(make.user("clerk", post.organ), EDIT, post)

    def test_the_key_of_another_kind_of_actor_is_not_the_assignee(self, through):
        through("assignee")
        post = make.post(make.user(), "clerk", make.organ())
        impostor = Division(pk=post.user_id)
        impostor.ledger_id = "division"
        refused(impostor, EDIT, post)

    def test_what_anyone_may_needs_no_account(self, through):
        through("anyone")
        authorize(AnonymousUser(), EDIT, make.organ(), at=NOON)


def test_registered_rules_are_asked_after_the_roles(monkeypatch):
    monkeypatch.setattr(policies, "_rules", {})

    @policies.rule(EDIT, Organ)
    def never_on_mondays(actor, organs, at) -> None:
        if at.isoweekday() == 1:
            raise Refused("星期一不办", remedy="请明天再来。")

    organ = make.organ()
    clerk = make.user("clerk", organ)
    assert refused(clerk, EDIT, organ, at=NOON) == "星期一不办"
    authorize(clerk, EDIT, organ, at=NOON + timedelta(days=1))
    authorize(TESTS, EDIT, organ, at=NOON)


class TestRolesFile:
    def test_every_role_and_permission_has_words(self):
        assert all(permission_label(each) for each in Permission)
        assert all(role.label and role.description for role in roles().values())

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("permissions = 1", "permissions"),
            ('[permissions]\n"item.steal" = { label = "偷" }\n[roles]', "item.steal"),
            ('[permissions]\n"item.edit" = { label = "写" }\n[roles]', "没有说明的权限"),
            ("[permissions", "roles.toml"),
        ],
    )
    def test_a_file_that_is_wrong_says_where(self, tmp_path, text, says):
        path = tmp_path / "roles.toml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(BadInput, match=says):
            read_roles(path)
