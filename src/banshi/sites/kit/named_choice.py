"""Choice of a row by its name, from a select while they are few, by words typed where they may be thousands."""

from collections import Counter
from collections.abc import Iterable
from functools import reduce
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString

from banshi.campaigns.models import Participation
from banshi.catalog.models import Item
from banshi.exchange.models import Resource
from banshi.people.models import Division, Organ, User
from banshi.people.queries import organs_near
from banshi.sites.kit.listing.filters import LONGEST, ContainsWords
from banshi.sites.kit.listing.organs import LISTED
from banshi.sites.kit.permissions import current_posts

WORDS = "-words"
"""Ends the name of the field to type in, beside the select."""


class TypedWords(str):
    """Words of a name, as against a key, which may have the same digits."""

    __slots__ = ()


class NamedSelect(forms.Select):
    """A select of all rows, or where they are too many a field for words and a select of what these found."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Read the words before the choice, since the field comes back empty once it has found something."""
        words = data.get(f"{name}{WORDS}", "").replace("\x00", "").strip()[:LONGEST]
        return TypedWords(words) if words else super().value_from_datadict(data, files, name)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}{WORDS}" not in data

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        choices: Any = self.choices
        field: NamedChoiceField = choices.field
        blank = [("", field.empty_label)] if field.empty_label is not None else []
        listed = field.labelled(field.queryset[: LISTED + 1])
        if len(listed) <= min(field.few, LISTED):
            return forms.Select(self.attrs, [*blank, *listed]).render(name, value, attrs, renderer)
        given = {**(attrs or {})}
        given.pop("required", None)  # one of the two is enough
        typed = isinstance(value, TypedWords)
        if len(listed) <= LISTED and not typed:
            found, chosen, other = listed, value, "或者写名称里的字"
        else:
            found, other = field.labelled(field.found(value)), "换一个：写名称里的字"
            chosen = found[0][0] if len(found) == 1 else ""
        select = forms.Select(self.attrs, [*blank, *found])
        shown = select.render(name, chosen, given, renderer) if found else SafeString("")
        return format_html(
            '{}<input class="form-control named-words" type="text" name="{}" id="{}" value="{}" maxlength="{}"'
            ' placeholder="{}" autocomplete="off"{}{}>',
            shown,
            f"{name}{WORDS}",
            f"{given['id']}{WORDS}" if found else given["id"],
            value if typed and not found else "",
            LONGEST,
            other if found else "名称里的字",
            format_html(' aria-label="{}"', other) if found else "",
            format_html(' aria-describedby="{}"', given["aria-describedby"]) if "aria-describedby" in given else "",
        )


class NamedChoiceField(forms.ModelChoiceField):
    """A row, chosen from a select or found by words in the columns `named`.

    `apart` is the attribute that tells two of one name apart. One that is called exactly what was typed is taken; others are offered, so that nothing is done to a neighbour.
    """

    widget = NamedSelect
    model: type[Model]
    queryset: Any
    named: tuple[str, ...] = ("name",)
    apart = "pk"
    few = LISTED
    """How many need no words to find one."""

    def __init__(self, queryset: Any = None, **more: Any) -> None:
        more.setdefault("empty_label", "请选择")
        super().__init__(self.model._default_manager.none() if queryset is None else queryset, **more)

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, TypedWords):
            return super().to_python(value)
        called = Q(*((column, value) for column in self.named), _connector=Q.OR)
        exactly = list(self.queryset.filter(called)[:2])
        if len(exactly) == 1:
            return exactly[0]
        many = self.matching(value)[: LISTED + 1].count()
        if not many:
            raise ValidationError(f"没有找到名称里有“{value}”的，请核对，或者换几个字", code="nothing_found")
        if many > LISTED:
            raise ValidationError(f"名称里有“{value}”的超过{LISTED}个，请写得再全一些", code="too_many")
        if many > 1:
            raise ValidationError(f"名称里有“{value}”的有{many}个，请选一个", code="several")
        raise ValidationError("找到一个，请核对是不是它，是就再提交一次", code="one_alike")

    def matching(self, words: str) -> "QuerySet[Any]":
        rows: QuerySet[Any] = self.queryset
        return rows.filter(ContainsWords(*self.named).condition(words))

    def found(self, value: Any) -> Iterable[Any]:
        """List what is offered for a value: the row chosen, or what has the words typed, where it is not too much."""
        if isinstance(value, TypedWords):
            rows = list(self.matching(value)[: LISTED + 1])
            return rows if len(rows) <= LISTED else []
        try:
            row = super().to_python(value)
        except ValidationError:
            row = None
        return [row] if row else []

    def labelled(self, rows: Iterable[Any]) -> list[tuple[Any, str]]:
        """List rows as a select shows them, those of one name with what tells them apart."""
        if isinstance(rows, QuerySet) and "__" in self.apart:
            rows = rows.select_related(self.apart.rpartition("__")[0])
        labels = [(row, self.label_from_instance(row)) for row in rows]
        often = Counter(label for _, label in labels)
        shown = []
        for row, label in labels:
            aside = reduce(lambda of, name: getattr(of, name, ""), self.apart.split("__"), row)
            shown.append((self.prepare_value(row), label if often[label] == 1 else f"{label}（{aside}）"))
        return shown


class OrganField(NamedChoiceField):
    model, named, apart, few = Organ, ("name", "short_name"), "division__name", 20
    place: Division | None = None

    def near(self, place: Division | None) -> None:
        """List organs of a place first, then those of its line, and those of other places with where they are."""
        if place is not None:
            self.place, self.queryset = place, organs_near(place, self.queryset)

    def label_from_instance(self, organ: Organ) -> str:
        away = self.place is not None and organ.division_id != self.place.pk
        return f"{organ}（{organ.division.name}）" if away else str(organ)


def organs_of_ones_place_first(form: forms.BaseForm, user: User) -> None:
    """List first, in every choice of an organ a form has, those of the user's own place."""
    place = next((each.organ.division for each in current_posts(user)), None)
    for field in form.fields.values():
        if isinstance(field, OrganField):
            field.near(place)


class DivisionField(NamedChoiceField):
    model, apart = Division, "parent__name"


class StaffField(NamedChoiceField):
    model, named, apart = User, ("full_name", "username"), "username"


class ItemField(NamedChoiceField):
    model, named, apart = Item, ("name", "code"), "organ__name"


class ResourceField(NamedChoiceField):
    model, named, apart = Resource, ("name", "code"), "organ__name"


class UnitField(NamedChoiceField):
    """A unit of a campaign, by its organ."""

    model, named, apart = Participation, ("organ__name", "organ__short_name"), "organ__division__name"
