"""List of what waits for decision, of however many each can be found and given its own ruling."""

from dataclasses import dataclass

from django.db.models import Q

from banshi.campaigns import queries
from banshi.campaigns.actions import Ruling
from banshi.campaigns.models import Campaign, Entry, NotedRuling
from banshi.sites.kit.listing.filters import Contains, Equals, Filter, Filters
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.deciding.forms import RulingForm

PAGE = 50


class RulingFilters(Filters):
    q = Contains("item__name", label="事项名称")
    unit = Contains("participation__organ__name", label="单位名称")
    disposition = Equals("disposition", "审核通过的意见")
    noted = Filter("会议怎么定", options=[("1", "另有决定的"), ("0", "按审核通过的")])


@dataclass(frozen=True, slots=True)
class Row:
    entry: Entry
    noted: NotedRuling | None
    form: RulingForm


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """`after`: the address of the next, "" at the end."""

    rows: list[Row]
    after: str

    def is_valid(self) -> bool:
        return all(row.form.is_valid() for row in self.rows if row.form.is_bound)

    def rulings(self) -> dict[int, Ruling]:
        """Read the rulings of the rows somebody changed."""
        changed = [row for row in self.rows if row.form.is_bound and row.form.has_changed()]
        return {
            row.entry.pk: Ruling(
                row.form.cleaned_data["disposition"], row.form.cleaned_data["admitted"], row.form.cleaned_data["note"]
            )
            for row in changed
        }


def page_of(request: StaffRequest, campaign: Campaign, filters: RulingFilters) -> DecisionPage:
    noted_rulings = queries.noted_rulings(campaign)
    found = queries.entries_to_decide(campaign).filter(filters.condition())
    if filters.noted:
        otherwise = Q(pk__in=noted_rulings.values("entry"))
        found = found.filter(otherwise if filters.noted == "1" else ~otherwise)
    page = Page(found, request.GET, by=("pk",), size=PAGE)
    noted = {each.entry_id: each for each in noted_rulings.filter(entry__in=page.rows)}
    rows = []
    for each in page.rows:
        prefix = f"e{each.pk}"
        # Bound when the page sent its row.
        sent = request.POST if f"{prefix}-disposition" in request.POST else None
        said = noted.get(each.pk) or NotedRuling(disposition=each.disposition, admitted=True)
        stored = {"disposition": said.disposition, "admitted": said.admitted, "note": said.note}
        initial = {**stored, "admitted": "1" if said.admitted else "0"}
        form = RulingForm(sent, prefix=prefix, stored=stored, initial=initial)
        rows.append(Row(each, noted.get(each.pk), form))
    return DecisionPage(rows, page.after)
