"""What a register is for its pages: columns, filters, form, who may write. One description, one set of views."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict

from banshi.people.permissions import Permission, organs_where
from banshi.registers.models import RegisterEntry
from banshi.registers.queries import entries_visible_to
from banshi.sites.workbench.access import as_key, text_in
from banshi.sites.workbench.registers.forms import EntryForm

PAGE = 25
ORGANS_IN_FILTER = 500
Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Column:
    """A fact of a line: in the workbook, on its page and, when `listed`, in the list."""

    label: str
    told: Callable[[Any], Any]
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter with fixed options; each option has its condition."""

    name: str
    label: str
    options: Options
    condition: Callable[[str], Q]


@dataclass(frozen=True, slots=True)
class RowAction:
    """What can be done with a line now: where, in which word."""

    url_name: str
    word: str


@dataclass(frozen=True, slots=True)
class Register:
    """`code` names addresses; `edits` is who adds, changes and removes lines; `acts` what else may be done with one."""

    code: str
    label: str
    intro: str
    icon: str
    model: type[RegisterEntry]
    form: type[EntryForm]
    columns: tuple[Column, ...]
    searched: tuple[str, ...]
    choices: tuple[Choice, ...] = ()
    edits: Permission = Permission.REGISTER_EDIT
    add: Callable[..., Any] | None = None
    joined: tuple[str, ...] = ()
    status: Callable[[Any], Any] = lambda entry: ""
    acts: Callable[[Any, Any], list[RowAction]] = lambda user, entry: []
    more: tuple[RowAction, ...] = field(default=())
    public: str = ""

    @property
    def empty_title(self) -> str:
        return f"{self.label}还是空的"

    def entries(self, user: Any) -> QuerySet[Any]:
        return entries_visible_to(user, self.model).select_related(*self.joined)


@dataclass(frozen=True, slots=True)
class RegisterFilters:
    """What the address of a list asks for; "" asks for nothing."""

    q: str
    organ: str
    chosen: dict[str, str]

    @classmethod
    def read(cls, register: Register, query: QueryDict) -> "RegisterFilters":
        allowed = {each.name: {value for value, _ in each.options} for each in register.choices}
        chosen = {name: text for name, values in allowed.items() if (text := text_in(query, name)) in values}
        return cls(text_in(query, "q")[:100], text_in(query, "organ"), chosen)

    def __bool__(self) -> bool:
        return bool(self.q or self.organ or self.chosen)

    def __getattr__(self, name: str) -> str:
        return self.chosen.get(name, "")

    def condition(self, register: Register) -> Q:
        wanted = Q()
        for word in self.q.split():
            some = Q()
            for column in register.searched:
                some |= Q(**{f"{column}__icontains": word})
            wanted &= some
        if self.organ:
            wanted &= Q(organ_id=as_key(self.organ))
        for each in register.choices:
            if value := self.chosen.get(each.name):
                wanted &= each.condition(value)
        return wanted

    def as_query(self) -> str:
        query = QueryDict(mutable=True)
        asked = {"q": self.q, "organ": self.organ, **self.chosen}
        query.update({name: value for name, value in asked.items() if value})
        return query.urlencode()


def filters_of(register: Register, user: Any) -> list[tuple[str, str, Options]]:
    """Name, label and options of each select."""
    organs = organs_where(user, Permission.ITEM_VIEW).values_list("pk", "name")[:ORGANS_IN_FILTER]
    fixed = [(each.name, each.label, each.options) for each in register.choices]
    return [("organ", "单位", [(str(pk), name) for pk, name in organs]), *fixed]


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """One page, the newest first; `newer` and `older` are ids to go on from, None at an end."""

    rows: list[Any]
    newer: int | None
    older: int | None


def page_of(entries: QuerySet[Any], query: QueryDict) -> RegisterPage:
    """The page after (older than) or before the id the address names; the newest without."""
    after, before = as_key(query.get("after", "")), as_key(query.get("before", ""))
    if before:
        rows = list(entries.filter(pk__gt=before).order_by("pk")[: PAGE + 1])
        shown, more = rows[:PAGE][::-1], len(rows) > PAGE
        return RegisterPage(shown, shown[0].pk if more else None, shown[-1].pk if shown else None)
    rows = list((entries.filter(pk__lt=after) if after else entries)[: PAGE + 1])
    shown, more = rows[:PAGE], len(rows) > PAGE
    return RegisterPage(shown, shown[0].pk if shown and after else None, shown[-1].pk if more else None)
