"""Authorization: permissions and roles kept as data, policies of subjects, and the one question every action asks."""

from banshi.access.actors import CommandLine, Visitor, is_suspended, suspend_permissions
from banshi.access.decision import Allowed, allows, authorize, authorize_many, on_behalf_of
from banshi.access.permissions import Permission
from banshi.access.roles import OrganReach, Role, permission_label, roles, roles_with

__all__ = [
    "Allowed",
    "CommandLine",
    "OrganReach",
    "Permission",
    "Role",
    "Visitor",
    "allows",
    "authorize",
    "authorize_many",
    "is_suspended",
    "on_behalf_of",
    "permission_label",
    "roles",
    "roles_with",
    "suspend_permissions",
]
