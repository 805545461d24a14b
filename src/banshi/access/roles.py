"""Roles and permissions kept as data: `data/access/roles.toml`, loaded once and checked when loaded."""

import tomllib
from enum import StrEnum
from functools import cache
from pathlib import Path

from django.conf import settings
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from banshi.access.permissions import Permission
from banshi.core.errors import BadInput
from banshi.core.validation_errors import in_words


class Through(StrEnum):
    """Relations of an actor to a subject that can give a permission."""

    POST = "post"
    ASSIGNEE = "assignee"
    APPLICANT = "applicant"
    AGENT = "agent"
    ANYONE = "anyone"


class OrganReach(StrEnum):
    """Organs over which a post gives a permission."""

    OWN = "own"
    DIVISION = "division"
    ALL = "all"


class Described(BaseModel):
    """A permission in words, and the relations that give it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    label: str
    through: tuple[Through, ...] = (Through.POST,)
    scope: bool = False
    """Whether a program of others may be given it (OAuth 2.0)."""


class Role(BaseModel):
    """Permissions of a post, by reach."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    label: str
    description: str
    own: frozenset[Permission] = frozenset()
    division: frozenset[Permission] = frozenset()
    all: frozenset[Permission] = frozenset()

    @property
    def permissions(self) -> frozenset[Permission]:
        return self.own | self.division | self.all

    def reach(self, permission: Permission) -> OrganReach | None:
        """Return the widest reach with which the role gives it."""
        return next((reach for reach in reversed(OrganReach) if permission in getattr(self, reach)), None)


class Roles(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    permissions: dict[Permission, Described]
    roles: dict[str, Role]

    @model_validator(mode="after")
    def every_permission_is_described_and_held(self) -> "Roles":
        if missing := set(Permission) - set(self.permissions):
            raise ValueError(f"没有说明的权限：{'、'.join(sorted(missing))}")
        held = frozenset[Permission]().union(*(role.permissions for role in self.roles.values()))
        if idle := {code for code, each in self.permissions.items() if Through.POST in each.through} - held:
            raise ValueError(f"没有角色有的权限：{'、'.join(sorted(idle))}")
        return self


def read_roles(path: Path) -> Roles:
    try:
        return Roles.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise BadInput(
            f"角色和权限读不懂：{in_words(error)}",
            where=path.name,
            remedy="请按文件开头的说明改正，或换回随程序带的文件。",
        ) from error


@cache
def _read(path: Path | str) -> Roles:
    return read_roles(Path(path))


def _kept() -> Roles:
    return _read(settings.ACCESS_ROLES)


def roles() -> dict[str, Role]:
    return _kept().roles


def roles_with(permission: Permission) -> list[str]:
    """List codes of the roles that give it."""
    return [code for code, role in roles().items() if permission in role.permissions]


def permission_label(permission: Permission) -> str:
    return _kept().permissions[permission].label


def through(permission: Permission) -> tuple[Through, ...]:
    return _kept().permissions[permission].through


def scope_permissions() -> list[Permission]:
    """List the permissions that programs of others may be given, in the order of the file."""
    return [code for code, each in _kept().permissions.items() if each.scope]
