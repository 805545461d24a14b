"""The copy of one's own data (个人信息保护法 第四十五条). Each app adds what it keeps of a person."""

from collections.abc import Callable

from banshi.core.json_types import JsonObject
from banshi.people.models import User
from banshi.people.queries import identity_of

FIELDS = ("name", "number", "phone")
_parts: dict[str, Callable[[User], list[JsonObject]]] = {}


def register_own_data(name: str, rows: Callable[[User], list[JsonObject]]) -> None:
    _parts[name] = rows


def own_data_of(user: User) -> JsonObject:
    identity = identity_of(user)
    account = {each: identity.opened(each) for each in FIELDS} if identity else {}
    rows = {name: rows(user) for name, rows in sorted(_parts.items())}
    return {"account": {"login": user.username, "email": user.email, **account}, **rows}
