"""Description of a register for one set of views, with columns, filters, form, and who may write."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from banshi.people.permissions import Permission
from banshi.registers.models import RegisterEntry
from banshi.registers.queries import entries_visible_to
from banshi.sites.kit.listing.filters import ContainsWords, Filters, Key
from banshi.sites.workbench.registers.forms import EntryForm


@dataclass(frozen=True, slots=True)
class Column:
    """A fact of a line: in the workbook, on its page and, when `listed`, in the list."""

    label: str
    told: Callable[[Any], Any]
    listed: bool = False


class RegisterFilters(Filters):
    """A register adds its own, and `q` over the columns that hold its words."""

    q = ContainsWords("pk", label="关键字")
    organ = Key("organ_id", "单位")


@dataclass(frozen=True, slots=True)
class RowAction:
    """An act on a line as it stands, with its address and word."""

    url_name: str
    word: str


@dataclass(frozen=True, slots=True)
class Register:
    """A register.

    `code` names addresses, `edits` is who adds, changes and removes lines, `acts` what else may be done.
    """

    code: str
    label: str
    intro: str
    icon: str
    model: type[RegisterEntry]
    form: type[EntryForm]
    columns: tuple[Column, ...]
    filters: type[RegisterFilters]
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
