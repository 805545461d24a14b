"""Access policies of divisions, organs, accounts and posts."""

from collections.abc import Sequence
from datetime import datetime

from banshi.access import OrganReach, Permission, policies, roles
from banshi.access.policies import SELF
from banshi.core.errors import Refused
from banshi.people.models import Delegation, Division, Identity, Organ, Post, SignIn, User
from banshi.people.posts import Posts, organs_where, posts_giving, posts_held_by

MANAGE = Permission.PEOPLE_MANAGE

policies.register_holdings(User, Posts())
policies.register(Division, divisions=SELF)
policies.register(Organ, organs=SELF)
policies.register(User, applicant=SELF, by_permission={MANAGE: ()})
policies.register(Post, organs="organ", assignee="user")
policies.register(Delegation, organs="post__organ", assignee="post__user")
policies.register(SignIn, applicant="user")
policies.register(Identity, applicant="user")


@policies.rule(MANAGE, User)
def every_post_of_an_account_is_reached(manager: User, accounts: Sequence[User], at: datetime) -> None:
    """Count an account without a post now, a citizen's among them, as of no organ."""
    if _widest(manager, at) is OrganReach.ALL:
        return
    reached = set(organs_where(manager, MANAGE, at).values_list("pk", flat=True))
    held = posts_held_by(accounts, at)
    for each in accounts:
        if not held[each.pk]:
            raise Refused(f"您没有管理{each}的账号的权限：现在没有岗位", remedy="请由管理全部单位的系统管理员办理。")
        if away := next((post for post in held[each.pk] if post.organ_id not in reached), None):
            raise Refused(
                f"您没有管理{each}的账号的权限：也在{away.organ}任职", remedy="请由管理全部单位的系统管理员办理。"
            )
        for post in held[each.pk]:
            no_role_reaches_farther_than_its_giver(manager, [post], at)


@policies.rule(MANAGE, Post)
def no_role_reaches_farther_than_its_giver(manager: User, posts: Sequence[Post], at: datetime) -> None:
    """Keep who manages the people of one unit from posts over a whole division."""
    widest = list(OrganReach).index(_widest(manager, at))
    for each in posts:
        role = roles()[each.role]
        if any(list(OrganReach).index(reach) > widest for reach in OrganReach if getattr(role, reach)):
            raise Refused(
                f"您没有安排“{role.label}”的权限：它管到的单位比您多", remedy="请由管理范围更大的系统管理员办理。"
            )


def _widest(manager: User, at: datetime) -> OrganReach:
    return max((reach for _, reach in posts_giving(manager, MANAGE, at)), key=list(OrganReach).index)
