"""The opinion as it is typed: one line for each criterion, shown again as it was when something is missing."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict

from banshi.campaigns.actions import CriterionAnswer
from banshi.campaigns.enums import Disposition, Verdict
from banshi.campaigns.models import Review
from banshi.campaigns.plan import Criterion
from banshi.catalog.guide.document import Guide
from banshi.catalog.guide.elements import elements
from banshi.core.errors import Problem

LONGEST = 2000


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """One criterion with what was answered: "yes", "no" or nothing yet."""

    criterion: Criterion
    answer: str
    text: str
    path: str
    wrong: str


@dataclass(frozen=True, slots=True)
class Typed:
    verdict: str
    disposition: str
    note: str
    lines: list[CriterionLine]
    problems: Sequence[Problem] = ()

    @property
    def answers(self) -> list[CriterionAnswer]:
        told = (each for each in self.lines if each.answer)
        return [CriterionAnswer(each.criterion.code, each.answer == "yes", each.text, each.path) for each in told]

    @property
    def problem_links(self) -> list[tuple[str, str]]:
        """Id of the control that is wrong, with the reason."""
        controls = {"verdict": "verdict-agree", "note": "opinion-note", "disposition": "opinion-disposition"}
        return [(controls.get(each.field, f"answer-{each.field}-yes"), each.message) for each in self.problems]

    verdicts = Verdict.choices
    dispositions = Disposition.choices
    paths = tuple((each.name, each.label) for each in elements(Guide))
    """Where in the guide something is wrong."""


def _text(data: QueryDict, name: str) -> str:
    return data.get(name, "").replace("\x00", "").strip()


def criteria_of(review: Review) -> list[Criterion]:
    return review.entry.campaign.plan.criteria_of(review.body.planned)


def blank(review: Review) -> Typed:
    """Begin an opinion with nothing answered, the unit's own disposition proposed."""
    lines = [CriterionLine(each, "", "", "", "") for each in criteria_of(review)]
    return Typed("", review.entry.disposition, "", lines)


def typed_in(review: Review, data: QueryDict, problems: Sequence[Problem] = ()) -> Typed:
    wrong = {each.field: each.message for each in problems}
    lines = [
        CriterionLine(
            each,
            answer if (answer := _text(data, f"answer-{each.code}")) in ("yes", "no") else "",
            _text(data, f"text-{each.code}")[:LONGEST],
            path if (path := _text(data, f"path-{each.code}")) in dict(Typed.paths) else "",
            wrong.get(each.code, ""),
        )
        for each in criteria_of(review)
    ]
    note = _text(data, "note")[: 2 * LONGEST]
    return Typed(_text(data, "verdict"), _text(data, "disposition"), note, lines, problems)
