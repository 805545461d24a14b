"""Filters of a list, declared as a class and read from the address."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import ClassVar, Self, TypedDict, Unpack, overload

from django.db.models import Q
from django.http import QueryDict
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from banshi.sites.kit.address import as_key, text_in
from banshi.workflow.versions import states_of

Options = Sequence[tuple[str, str]]
LONGEST = 100


class FilterOptions(TypedDict, total=False):
    options: Options
    every: str
    kind: str
    hint: str
    narrows: bool


class Filter:
    """One parameter of the address. Its text is read as an attribute of the filters, "" when it is not asked for.

    Base class for those that the page itself applies. `options` fixes what may be asked; anything else is ignored.
    `kind` is the type of its field, `every` the option that asks for nothing, `hint` a placeholder. `narrows=False`: it
    says which list this is, and is not cleared with the others.
    """

    kind = "select"

    def __init__(
        self,
        label: str = "",
        *,
        options: Options = (),
        every: str = "全部",
        kind: str = "",
        hint: str = "",
        narrows: bool = True,
    ) -> None:
        self.label, self.options, self.every, self.hint, self.narrows = label, options, every, hint, narrows
        self.kind = kind or self.kind

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, filters: None, owner: type) -> Self: ...
    @overload
    def __get__(self, filters: "Filters", owner: type) -> str: ...
    def __get__(self, filters: "Filters | None", owner: type) -> Self | str:
        return self if filters is None else filters.asked.get(self.name, "")

    def read(self, query: QueryDict) -> str:
        text = text_in(query, self.name, LONGEST)
        return text if not self.options or text in dict(self.options) else ""

    def condition(self, text: str) -> Q:
        return Q()


class Equals(Filter):
    def __init__(self, column: str, label: str = "", **more: Unpack[FilterOptions]) -> None:
        super().__init__(label, **more)
        self.column = column

    def condition(self, text: str) -> Q:
        return Q(**{self.column: text})


class Key(Equals):
    """A number: a foreign key, a round, a level."""

    def condition(self, text: str) -> Q:
        return Q(**{self.column: as_key(text)})


class FlowState(Equals):
    """A state of a workflow's present definition or of an older one."""

    def __init__(self, flow: str, label: str = "", **more: Unpack[FilterOptions]) -> None:
        super().__init__("state", label, **more)
        self.flow = flow

    def read(self, query: QueryDict) -> str:
        text = super().read(query)
        return text if text in states_of(self.flow) else ""


class Where(Filter):
    """Whatever `condition` makes of the text."""

    def __init__(self, condition: Callable[[str], Q], label: str = "", **more: Unpack[FilterOptions]) -> None:
        super().__init__(label, **more)
        self.made = condition

    def condition(self, text: str) -> Q:
        return self.made(text)


class Contains(Filter):
    """The text, in one of the columns."""

    kind = "search"

    def __init__(self, *columns: str, label: str = "", **more: Unpack[FilterOptions]) -> None:
        super().__init__(label, **more)
        self.columns = columns

    def condition(self, text: str) -> Q:
        return reduce(or_, (Q(**{f"{column}__icontains": text}) for column in self.columns))


class OrganNamed(Key):
    """An organ: by its key, as a select and links give it, or by words of its name where there are too many to list."""

    def __init__(self, column: str = "organ", label: str = "", **more: Unpack[FilterOptions]) -> None:
        more.setdefault("hint", "名称里的字")
        super().__init__(column, label, **more)

    def condition(self, text: str) -> Q:
        if text.isascii() and text.isdigit():
            return super().condition(text)
        prefix = f"{self.column}__" if self.column else ""
        return Q(**{f"{prefix}name__icontains": text}) | Q(**{f"{prefix}short_name__icontains": text})


class ContainsWords(Contains):
    """Every word of the text, each in one of the columns."""

    def condition(self, text: str) -> Q:
        return reduce(and_, map(super().condition, text.split()), Q())


@dataclass(frozen=True, slots=True)
class FilterField:
    """A filter as the form of the page shows it."""

    filter: Filter
    value: str
    options: Options
    kind: str

    @property
    def choices(self) -> SafeString:
        rows = ((each, SafeString(" selected" if each == self.value else ""), label) for each, label in self.options)
        return format_html_join("", '<option value="{}"{}>{}</option>', rows)


class Filters:
    """Filters of a list's address. A subclass declares a `Filter` for each parameter, in the order of its form."""

    declared: ClassVar[dict[str, Filter]] = {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.declared = cls.declared | {name: each for name, each in vars(cls).items() if isinstance(each, Filter)}

    def __init__(self, **asked: str) -> None:
        self.asked = {name: text for name in self.declared if (text := asked.get(name, ""))}

    @classmethod
    def read(cls, query: QueryDict) -> Self:
        return cls(**{name: each.read(query) for name, each in cls.declared.items()})

    def __bool__(self) -> bool:
        """Tell whether the list is narrowed."""
        return any(self.declared[name].narrows for name in self.asked)

    def condition(self) -> Q:
        return reduce(and_, (self.declared[name].condition(text) for name, text in self.asked.items()), Q())

    def as_query(self, **other: str) -> str:
        """Write the filters as they stand in an address, `other` in place of some."""
        query = QueryDict(mutable=True)
        query.update(type(self)(**self.asked | other).asked)
        return query.urlencode()

    def controls(self, **options: Iterable[tuple[str, str]] | str) -> list[FilterField]:
        """Build the fields of the form, all with a label.

        Selects only when they have options, fixed or given here. A text in place of options stands in a field to type in.
        """
        fields = []
        for each in self.declared.values():
            given = options.get(each.name, each.options)
            if not each.label:
                continue
            if isinstance(given, str):
                fields.append(FilterField(each, given, (), "search"))
            else:
                fields.append(FilterField(each, self.asked.get(each.name, ""), list(given), each.kind))
        return [each for each in fields if each.options or each.kind != "select"]

    def hidden(self) -> list[tuple[str, str]]:
        """List what was asked, but is without a field in the form."""
        return [(name, text) for name, text in self.asked.items() if not self.declared[name].label]


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    url: str
    current: bool
    count: int = 0


def tabs(
    filters: Filters, name: str, labels: Mapping[str, str], *, chosen: str, counts: Mapping[str, int] | None = None
) -> list[Tab]:
    """Build the tabs of `kit/tabs.html`, the list with each value of one filter, the others kept."""
    return [
        Tab(label, f"?{filters.as_query(**{name: each})}", each == chosen, (counts or {}).get(each, 0))
        for each, label in labels.items()
    ]
