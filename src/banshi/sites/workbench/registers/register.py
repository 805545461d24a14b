"""Description of a register for one set of views, with columns, filters, form, and who may write."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from banshi.core.clock import now
from banshi.people.models import User
from banshi.registers.models import RegisterEntry
from banshi.registers.queries import entries_visible_to
from banshi.sites.kit.listing.filters import ContainsWords, Filters, OrganNamed
from banshi.sites.kit.permissions import Permission, may
from banshi.sites.kit.templatetags.kit import cn_day
from banshi.sites.workbench.registers.forms import EntryForm, TransitionForm
from banshi.workflow.queries import moves_open_to


@dataclass(frozen=True, slots=True)
class Column:
    """A fact of a line: in the workbook, on its page and, when `listed`, in the list."""

    label: str
    told: Callable[[Any], Any]
    listed: bool = False


EXAMPLE = Column("示例", lambda entry: "是" if entry.is_example else "")


def organ_column(label: str) -> Column:
    return Column(label, lambda entry: entry.organ.called, listed=True)


def text_of(name: str) -> Callable[[object], object]:
    return lambda entry: getattr(entry, name)


def display_of(name: str) -> Callable[[object], str]:
    return lambda entry: str(getattr(entry, f"get_{name}_display")())


def day_of(name: str) -> Callable[[Any], str]:
    return lambda entry: cn_day(getattr(entry, name))


class RegisterFilters(Filters):
    """A register adds its own, and `q` over the columns that hold its words."""

    q = ContainsWords("pk", label="关键字")
    organ = OrganNamed(label="单位")


@dataclass(frozen=True, slots=True)
class RowAction:
    """A link beside the list, with its address and word."""

    url_name: str
    word: str


@dataclass(frozen=True, slots=True)
class Transition:
    """Step that ends a line or moves it on.

    The action `act` takes what the `form` asked for. `move` names the step of the line's workflow. Without one, whoever edits the
    register may take it while the line has not `ended`. `day` is the field that begins with today, `fault` the field beside which
    a refusal of the action is shown.
    """

    path: str
    url_name: str
    word: str
    form: type[TransitionForm]
    act: Callable[..., Any]
    said: str
    title: str = ""
    action: str = ""
    move: str = ""
    day: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    """A register.

    `code` names addresses, `order` its place in the menu, `edits` is who adds, changes and removes lines.
    """

    order: int
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
    ended: Callable[[Any], bool] = lambda entry: False
    transitions: tuple[Transition, ...] = ()
    more: tuple[RowAction, ...] = ()
    public: str = ""

    @property
    def empty_title(self) -> str:
        return f"{self.label}还是空的"

    def transitions_open_to(self, user: User, entry: Any) -> list[Transition]:
        if not any(each.move for each in self.transitions):
            mine = not self.ended(entry) and may(user, self.edits, entry.organ)
            return [*self.transitions] if mine else []
        moves = {move.name for move in moves_open_to(user, entry, at=now())}
        return [each for each in self.transitions if each.move in moves]

    def entries(self, user: User) -> QuerySet[Any]:
        return entries_visible_to(user, self.model, at=now()).select_related(*self.joined)
