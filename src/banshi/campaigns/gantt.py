"""The calendar of a campaign as a picture: one bar for each stage, over months, with today."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from banshi.campaigns.models import Campaign, Stage

DAY_AREA, DATES, ROW, HEAD, MONTH = 540, 130, 28, 36, 80
SIGN, LONGEST = 12.5, 28
"""Width of a Chinese character in the picture, and how many of them a label shows."""


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    batch: str
    words: str
    tone: str
    x: float
    y: int
    width: float

    @property
    def called(self) -> str:
        return f"{self.label} · {self.batch}" if self.batch else self.label

    @property
    def right(self) -> float:
        return round(self.x + self.width + 8, 1)


@dataclass(frozen=True, slots=True)
class Month:
    label: str
    x: float


@dataclass(frozen=True, slots=True)
class Gantt:
    """Geometry in pixels of a picture `width` × `height`. `today` is None outside it."""

    bars: list[Bar]
    months: list[Month]
    today: float | None
    width: int
    height: int


def gantt(campaign: Campaign, stages: Iterable[Stage], day: date) -> Gantt | None:
    rows = sorted(stages, key=lambda each: (each.begins, each.ends))
    if not rows:
        return None
    first, last = rows[0].begins, max(each.ends for each in rows)
    share = DAY_AREA / ((last - first).days + 1)
    batches = {each.code: each.label for each in campaign.plan.batches}

    names = [f"{campaign.plan.phase(each.phase).label} · {batches.get(each.batch, '')}" for each in rows]
    label = min(LONGEST, max(map(len, names))) * SIGN + 12

    def at(when: date) -> float:
        return round(label + (when - first).days * share, 1)

    bars = [
        Bar(
            label=campaign.plan.phase(stage.phase).label,
            batch=batches.get(stage.batch, ""),
            words=f"{stage.begins:%-m月%-d日}—{stage.ends:%-m月%-d日}",
            tone=tone_of(stage, day),
            x=at(stage.begins),
            y=HEAD + place * ROW,
            width=max(4.0, round(((stage.ends - stage.begins).days + 1) * share, 1)),
        )
        for place, stage in enumerate(rows)
    ]
    today = at(day) if first <= day <= last else None
    return Gantt(bars, list(_months(first, last, at)), today, int(label) + DAY_AREA + DATES, HEAD + len(rows) * ROW + 8)


def tone_of(stage: Stage, day: date) -> str:
    return "past" if stage.ends < day else "now" if stage.begins <= day else "ahead"


def _months(first: date, last: date, at: Callable[[date], float]) -> Iterable[Month]:
    """Yield the months on the axis."""
    # A first month of a few days is left out where its name would run into the next.
    month, following = first.replace(day=1), (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    shown = following if following <= last and at(following) - at(first) < MONTH else month
    month = shown
    while month <= last:
        year = f"{month.year}年" if month == shown or month.month == 1 else ""
        yield Month(f"{year}{month.month}月", at(max(month, first)))
        month = (month + timedelta(days=32)).replace(day=1)
