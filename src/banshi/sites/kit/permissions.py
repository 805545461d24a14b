"""Questions about who may what now, of the wall clock.

Actions ask `banshi.access.authorize` at the moment of the act.
"""

from django.db.models import QuerySet

from banshi.access import OrganReach as Scope
from banshi.access import Permission, permission_label, roles, roles_with
from banshi.core.clock import now
from banshi.core.errors import Refused
from banshi.people import posts
from banshi.people.models import Organ, Post, User

__all__ = [
    "PERMISSION_WORDS",
    "ROLES",
    "Permission",
    "Scope",
    "current_posts",
    "may",
    "organs_where",
    "permissions_of",
    "posts_of",
    "require",
    "require_post",
    "roles_with",
]
ROLES = roles()
PERMISSION_WORDS = {permission: permission_label(permission) for permission in Permission}


def posts_of(user: User) -> QuerySet[Post]:
    return posts.posts_of(user, now())


def current_posts(user: posts.Anyone) -> list[Post]:
    return posts.current_posts(user, now())


def permissions_of(user: posts.Anyone) -> frozenset[Permission]:
    return posts.permissions_of(user, now())


def organs_where(user: posts.Anyone, permission: Permission) -> QuerySet[Organ]:
    return posts.organs_where(user, permission, now())


def may(user: posts.Anyone, permission: Permission, organ: Organ | None = None) -> bool:
    if permission not in permissions_of(user):
        return False
    return organ is None or organs_where(user, permission).filter(pk=organ.pk).exists()


def require(user: posts.Anyone, permission: Permission, organ: Organ | None = None) -> None:
    """Refuse with a reason a person can act on."""
    if not may(user, permission, organ):
        raise Refused(
            f"您没有“{PERMISSION_WORDS[permission]}”的权限" + (f"（对{organ}）" if organ else ""),
            remedy="如果工作需要，请联系本单位负责人或系统管理员开通。",
        )


def require_post(user: posts.Anyone) -> None:
    """Refuse whoever has no post, where any of the staff may look."""
    if not current_posts(user):
        raise Refused(
            "您还没有工作岗位", remedy="这里是工作人员办公的地方。如果您是工作人员，请联系系统管理员设置岗位。"
        )
