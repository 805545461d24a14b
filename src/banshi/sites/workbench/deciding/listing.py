"""What waits for decision, as an address asks for it: any of however many can be found and given its own ruling."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from banshi.campaigns import queries
from banshi.campaigns.actions import Ruling
from banshi.campaigns.enums import Disposition
from banshi.campaigns.models import Campaign, Entry, NotedRuling
from banshi.sites.workbench.access import as_key
from banshi.sites.workbench.campaigns.listing import Choices, EntryFilters
from banshi.sites.workbench.deciding.forms import RulingForm

PAGE = 50


@dataclass(frozen=True, slots=True)
class RulingsAsked(EntryFilters):
    """`noted` "1": the meeting decided otherwise, "0": not."""

    q: str = ""
    unit: str = ""
    disposition: str = ""
    noted: str = ""

    def condition(self, campaign: Campaign) -> Q:
        wanted, noted = Q(), Q(pk__in=queries.noted_rulings(campaign).values("entry"))
        if self.q:
            wanted &= Q(item__name__icontains=self.q)
        if self.unit:
            wanted &= Q(participation__organ__name__icontains=self.unit)
        if self.disposition:
            wanted &= Q(disposition=self.disposition)
        if self.noted:
            wanted &= noted if self.noted == "1" else ~noted
        return wanted


CHOICES: Choices = [
    ("disposition", "审核通过的意见", list(Disposition.choices)),
    ("noted", "会议怎么定", [("1", "另有决定的"), ("0", "按审核通过的")]),
]


@dataclass(frozen=True, slots=True)
class Row:
    entry: Entry
    noted: NotedRuling | None
    form: RulingForm


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """`after`: where the next begins, "" at the end."""

    rows: list[Row]
    after: str

    def is_valid(self) -> bool:
        return all(row.form.is_valid() for row in self.rows if row.form.is_bound)

    def rulings(self) -> dict[int, Ruling]:
        """Of the rows somebody changed."""
        changed = [row for row in self.rows if row.form.is_bound and row.form.has_changed()]
        return {row.entry.pk: _ruling(row.form.cleaned_data) for row in changed}


def _ruling(given: dict[str, Any]) -> Ruling:
    return Ruling(given["disposition"], given["admitted"], given["note"])


def page_of(request: HttpRequest, campaign: Campaign, asked: RulingsAsked) -> DecisionPage:
    after = as_key(request.GET.get("after", ""))
    found = queries.entries_to_decide(campaign).filter(asked.condition(campaign), pk__gt=after)
    entries = list(found[: PAGE + 1])
    noted = {each.entry_id: each for each in queries.noted_rulings(campaign).filter(entry__in=entries[:PAGE])}
    rows = [Row(each, noted.get(each.pk), _form(request, each, noted.get(each.pk))) for each in entries[:PAGE]]
    return DecisionPage(rows, str(entries[PAGE - 1].pk) if len(entries) > PAGE else "")


def _form(request: HttpRequest, entry: Entry, noted: NotedRuling | None) -> RulingForm:
    """Bound when the page sent its row."""
    prefix = f"e{entry.pk}"
    sent = request.POST if f"{prefix}-disposition" in request.POST else None
    said = noted or NotedRuling(disposition=entry.disposition, admitted=True)
    initial = {"disposition": said.disposition, "admitted": "1" if said.admitted else "0", "note": said.note}
    return RulingForm(sent, prefix=prefix, initial=initial)
