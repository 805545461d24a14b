"""The trend as a picture: one line for each severity, drawn on the server."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from banshi.rulebook.enums import Severity
from banshi.rulebook.queries import Point

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 180, 44, 72, 12, 26


@dataclass(frozen=True, slots=True)
class TrendLine:
    code: str
    label: str
    points: str
    dots: list[tuple[float, float, int]]
    end: tuple[float, float]


@dataclass(frozen=True, slots=True)
class TrendChart:
    """Lines and the marks of both axes, in the units of the view box."""

    lines: list[TrendLine]
    levels: list[tuple[float, int]]
    first: datetime
    last: datetime
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    floor: int = HEIGHT - BOTTOM


def picture(points: Sequence[Point]) -> TrendChart | None:
    """Draw the trend, or nothing while there are fewer than two points."""
    if len(points) < 2:
        return None
    most = max(1, *(getattr(point, each) for point in points for each in Severity.values))
    # Labels at the ends of lines that meet stand one under the other.
    lines: list[TrendLine] = []
    step, drawn = (WIDTH - LEFT - RIGHT) / (len(points) - 1), []
    for severity in Severity:
        values = [getattr(point, severity.value) for point in points]
        dots = [(round(LEFT + step * n, 1), _down(value, most), value) for n, value in enumerate(values)]
        course = " ".join(f"{x},{y}" for x, y, _ in dots)
        drawn.append(TrendLine(severity.value, severity.label, course, dots, dots[-1][:2]))
    for each in sorted(drawn, key=lambda line: line.end[1]):
        lowest = lines[-1].end[1] + 15 if lines else 0.0
        lines.append(replace(each, end=(each.end[0], max(each.end[1], lowest))))
    levels = [(_down(level, most), level) for level in dict.fromkeys((0, most // 2, most))]
    return TrendChart(lines, levels, points[0].at, points[-1].at)


def _down(value: int, most: int) -> float:
    return round(HEIGHT - BOTTOM - value / most * (HEIGHT - TOP - BOTTOM), 1)
