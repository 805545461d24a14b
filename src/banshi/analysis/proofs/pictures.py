"""A circle as a picture: offices around a ring, each arrow carrying the papers of which one is demanded, ways out below.

SVG without scripts or style attributes; colours are presentation attributes, so that it prints and goes into reports.
"""

from dataclasses import dataclass
from html import escape
from math import cos, inf, pi, sin

from banshi.analysis.proofs.cycles import Circle, papers, sentence
from banshi.analysis.proofs.graph import ProofGraph

BOX_WIDTH, BOX_HEIGHT = 168, 58
ASIDE, ABOVE = BOX_WIDTH / 2 + 20, BOX_HEIGHT / 2 + 30
"""From the middle of an outermost box to the picture's edge."""
INK, MUTED, PAPER, LINE, RED, TINT = "#1B2430", "#5B6775", "#FFFFFF", "#DCE2EA", "#B3261E", "#EAF2FC"
GREEN, MINT = "#1E6B3A", "#E9F5EC"
FONT = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif"
SIGNS_A_LINE, SIGNS_AN_ARROW = 11, 18


@dataclass(frozen=True, slots=True)
class _Stop:
    x: float
    y: float
    name: str
    organ: str
    papers: str
    way_out: str


def circle_svg(graph: ProofGraph, circle: Circle, *, number: int = 1) -> str:
    """Return the picture, with the whole circle told in its description for those who don't see it."""
    count = len(circle.hops)
    wide, high = max(220.0, count * 68), 70.0 if count == 2 else max(150.0, count * 44)
    if any(hop.instead for hop in circle.hops):
        wide += 40
    stops = [_stop(graph, circle, place, (wide, high)) for place in range(count)]
    across, down = [each.x for each in stops], [each.y for each in stops]
    left, top = min(across) - ASIDE, min(down) - ABOVE
    width, height = max(across) + ASIDE - left, max(down) + ABOVE - top
    bend = 26.0 if count == 2 else 0.0
    arrows = "".join(_arrow(one, other, number, bend) for one, other in zip(stops, [*stops[1:], stops[0]], strict=True))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="{left:.0f} {top:.0f} {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'height="{height:.0f}" aria-labelledby="circle-{number}-title circle-{number}-text" font-family="{FONT}">'
        f'<title id="circle-{number}-title">{"有出路的绕路" if circle.ways_out else "循环证明"}：{count}个环节</title>'
        f'<desc id="circle-{number}-text">{escape(sentence(graph, circle))}</desc>'
        f'<defs><marker id="arrow-{number}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" '
        f'orient="auto-start-reverse"><path d="M0 0L10 5L0 10z" fill="{RED}"/></marker></defs>'
        f"{arrows}{''.join(map(_box, stops))}</svg>"
    )


def _stop(graph: ProofGraph, circle: Circle, place: int, radius: tuple[float, float]) -> _Stop:
    """Place a stop around the middle, clockwise from the top."""
    # Two stand side by side.
    count = len(circle.hops)
    turn = 2 * pi * place / count - (pi if count == 2 else pi / 2)
    hop, items = circle.hops[place], graph.tables.items
    x, y = radius[0] * cos(turn), radius[1] * sin(turn)
    way_out = "或".join(f"“{way.paper}”" for way in circle.ways_out if way.item == hop.item)
    return _Stop(x, y, items["name"][hop.item].as_py(), items["organ"][hop.item].as_py(), papers(hop), way_out)


def _box(stop: _Stop) -> str:
    left, top = stop.x - BOX_WIDTH / 2, stop.y - BOX_HEIGHT / 2
    # Arrows come to the inner side.
    outer = -1 if stop.y < -1 else 1
    return (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="6" fill="{PAPER}" stroke="{INK}"/>'
        + _text(stop.x, stop.y - 6, _short(stop.name, SIGNS_A_LINE), 14, INK, "600")
        + _text(stop.x, stop.y + 16, _short(stop.organ, SIGNS_A_LINE + 2), 12, MUTED, "400")
        + (
            _pill(stop.x, stop.y + outer * (BOX_HEIGHT / 2 + 8), f"出路：交{stop.way_out}", GREEN, MINT)
            if stop.way_out
            else ""
        )
    )


def _pill(x: float, y: float, text: str, ink: str, ground: str) -> str:
    label = _short(text, SIGNS_AN_ARROW)
    width = 12 * len(label) + 16
    return (
        f'<rect x="{x - width / 2:.1f}" y="{y - 11:.1f}" width="{width}" height="22" rx="11" fill="{ground}" stroke="{LINE}"/>'
        + _text(x, y + 4, label, 12, ink, "400")
    )


def _arrow(one: _Stop, other: _Stop, number: int, bend: float) -> str:
    """Draw from the edge of one box to the edge of the next."""
    # The paper's name stands in a pill at the middle.
    way = 1 if other.x > one.x else -1
    x1, y1 = _edge(one, other, -bend * way)
    x2, y2 = _edge(other, one, -bend * way)
    x, y = (x1 + x2) / 2, (y1 + y2) / 2 - bend * way
    return (
        f'<path d="M{x1:.1f} {y1:.1f}Q{x:.1f} {y - bend * way:.1f} {x2:.1f} {y2:.1f}" stroke="{RED}" stroke-width="1.6" fill="none" '
        f'marker-end="url(#arrow-{number})"/>'
        f"{_pill(x, y, f'要{one.papers}', RED, TINT)}"
    )


def _edge(box: _Stop, towards: _Stop, lift: float) -> tuple[float, float]:
    """Find the point at which the line from the middle of `box` to the other leaves it."""
    # Bent lines leave at the side, lifted.
    dx, dy = towards.x - box.x, towards.y - box.y
    if lift:
        return box.x + (BOX_WIDTH / 2 + 3) * (1 if dx > 0 else -1), box.y + lift / 2
    wide = (BOX_WIDTH / 2 + 3) / abs(dx) if abs(dx) > 1 else inf
    high = (BOX_HEIGHT / 2 + 3) / abs(dy) if abs(dy) > 1 else inf
    return box.x + dx * min(wide, high), box.y + dy * min(wide, high)


def _text(x: float, y: float, text: str, size: int, fill: str, weight: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" fill="{fill}" text-anchor="middle">{escape(text)}</text>'


def _short(text: str, signs: int) -> str:
    return text if len(text) <= signs else text[: signs - 1] + "…"
