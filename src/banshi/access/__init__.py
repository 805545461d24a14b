"""Authorization: permissions and roles kept as data, policies of subjects, and the one question every action asks."""

from banshi.access.actors import CommandLine, Visitor, is_beyond, is_suspended, limit_permissions, suspend_permissions
from banshi.access.decision import Allowed, allows, authorize, authorize_many, on_behalf_of
from banshi.access.permissions import Permission
from banshi.access.roles import (
    OrganReach,
    Role,
    Through,
    permission_label,
    roles,
    roles_with,
    scope_permissions,
    through,
)

__all__ = [
    "Allowed",
    "CommandLine",
    "OrganReach",
    "Permission",
    "Role",
    "Through",
    "Visitor",
    "allows",
    "authorize",
    "authorize_many",
    "is_beyond",
    "is_suspended",
    "limit_permissions",
    "on_behalf_of",
    "permission_label",
    "roles",
    "roles_with",
    "scope_permissions",
    "suspend_permissions",
    "through",
]
