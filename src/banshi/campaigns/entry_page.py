"""Everything one page shows about an entry."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from banshi.campaigns.enums import Conclusion, Disposition
from banshi.campaigns.models import Entry, Opinion, Review
from banshi.campaigns.queries import counted_codes, opinions_seen, previous_text
from banshi.campaigns.review_context import (
    FindingRemark,
    Piece,
    ResolvedBasis,
    laws_cited,
    marked,
    remarks_on,
    same_elsewhere,
)
from banshi.catalog.guide.document import Guide
from banshi.catalog.guide.elements import element_named
from banshi.catalog.models import Revision
from banshi.catalog.queries import in_force
from banshi.people.models import User

if TYPE_CHECKING:
    from banshi.analysis.duplicates.neighbours import Neighbour


@dataclass(frozen=True, slots=True)
class ComparedText:
    """The text with its differences: `against` says from what, `others` what else it can be compared with."""

    sections: list[tuple[str, list[Piece]]]
    against: str
    choices: list[tuple[str, str]]

    @property
    def changed(self) -> int:
        return sum(each.changed for _, pieces in self.sections for each in pieces)


AGAINST = {"last": "上一轮", "force": "现行版本", "none": "不对比"}


def document_of(entry: Entry, asked: str = "") -> ComparedText:
    """Compare with the last round where there was one, else with what is in force, or as asked."""
    found: dict[str, Revision | None] = {"last": previous_text(entry)}
    current = in_force(entry.item)
    found["force"] = current.revision if current else None
    possible = [each for each in ("last", "force") if found[each]] + ["none"]
    against = asked if asked in possible else possible[0]
    before = found.get(against)
    assert entry.text
    sections = marked(before.guide if before else None, entry.text.guide)
    return ComparedText(sections, against, [(each, AGAINST[each]) for each in possible])


@dataclass(frozen=True, slots=True)
class ReviewContext:
    remarks: list[FindingRemark]
    laws: list[ResolvedBasis]
    elsewhere: "list[Neighbour]"

    @property
    def open(self) -> int:
        return sum(not each.kept for each in self.remarks)


def review_context(entry: Entry, day: date) -> ReviewContext:
    assert entry.text
    guide = entry.text.guide
    return ReviewContext(
        remarks_on(entry.item, entry.text, day), laws_cited(guide.bases, day), same_elsewhere(entry.item, guide)
    )


@dataclass(frozen=True, slots=True)
class OpinionView:
    """One opinion as it is read: criteria in words, those that are not met first."""

    review: Review
    objections: list[tuple[str, str]]
    met: list[str]


@dataclass(frozen=True, slots=True)
class Past:
    """A round: what was said, and how it was summed up."""

    round: int
    said: list[OpinionView]
    summings: list[Any]


def history_of(user: User, entry: Entry, *, at: datetime) -> list[Past]:
    """List the rounds as the user may see them, the newest first."""
    return rounds_of(entry, opinions_seen(user, entry, at=at))


def rounds_of(entry: Entry, reviews: list[Review], *, to_expert: bool = False) -> list[Past]:
    """Return the rounds, for an expert from outside the opinions only, not what the lead body made of them."""
    summings = [] if to_expert else list(entry.summings.order_by("-id"))
    numbers = sorted({each.round for each in reviews} | {each.round for each in summings}, reverse=True)
    return [
        Past(n, [_said(entry, r) for r in reviews if r.round == n], [s for s in summings if s.round == n])
        for n in numbers
    ]


def _said(entry: Entry, review: Review) -> OpinionView:
    criteria = entry.campaign.plan.criteria
    yes = {each.code: f"{each.label}（{each.yes}）" for each in criteria}
    no = {each.code: f"{each.label}（{each.no}）" for each in criteria}
    opinions = list(review.opinions.all())
    return OpinionView(
        review,
        [(no.get(each.criterion, ""), _placed(each)) for each in opinions if not each.agrees],
        [yes.get(each.criterion, "") for each in opinions if each.agrees],
    )


def _placed(opinion: Opinion) -> str:
    """Put the place before an opinion's text (申请材料：户口簿不应再要)."""
    return f"{element_named(Guide, opinion.path).label}：{opinion.text}" if opinion.path else opinion.text


@dataclass(frozen=True, slots=True)
class SummingProposal:
    """A draft of the summing-up from all demands, one a line, with missing opinions and the majority."""

    asks: list[str]
    missing: list[Review]
    conclusion: str
    disposition: str


def proposal_for(entry: Entry) -> SummingProposal:
    """Return the bodies' reasons as one list."""
    reviews = list(
        entry.reviews.filter(round=entry.round)
        .select_related("body__organ", "body__campaign", "invitation")
        .prefetch_related("opinions")
    )
    given = [each for each in reviews if each.verdict]
    missing = [
        each
        for each in reviews
        if not each.verdict and not each.set_aside and each.body.code in counted_codes(entry.campaign)
    ]
    asks = list(dict.fromkeys(line for each in given for line in _demands(entry, each)))
    agreed = all(each.verdict == "agree" for each in given)
    wanted = {each.disposition for each in given}
    disposition = wanted.pop() if len(wanted) == 1 else entry.disposition
    same = agreed and disposition == entry.disposition
    return SummingProposal(asks, missing, Conclusion.PASS if same else Conclusion.RETURN, disposition)


def _demands(entry: Entry, review: Review) -> list[str]:
    labels = {each.code: each.label for each in entry.campaign.plan.criteria}
    who = review.invitation.ledger_name if review.invitation else str(review.body)
    lines = [
        f"{_placed(each)}（{who}·{labels.get(each.criterion, '')}）"
        for each in review.opinions.all()
        if not each.agrees
    ]
    if review.note and review.verdict != "agree":
        lines.append(f"{review.note}（{who}）")
    if review.disposition != entry.disposition:
        lines.append(f"处置意见改为“{Disposition(review.disposition).label}”（{who}）")
    return [line.replace("\r", "").replace("\n", "；") for line in lines]
