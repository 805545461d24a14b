"""Authorization: permissions and roles kept as data, policies of subjects, and the one question every action asks."""

from banshi.access.actors import CommandLine, Visitor
from banshi.access.decision import Allowed, allows, authorize, authorize_many
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
    "permission_label",
    "roles",
    "roles_with",
]
