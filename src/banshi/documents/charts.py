"""Charts as SVG with their numbers written in, for pages, Word and PDF alike."""

from collections.abc import Sequence
from html import escape

from banshi.documents.sheet import Picture

FAMILY = "PingFang SC, Microsoft YaHei, Noto Sans SC, Noto Sans CJK SC, sans-serif"
INK, MUTED, LINE = "#1b2430", "#5b6775", "#dce2ea"
COLOURS = ("#0b57b7", "#a85b00", "#b3261e")
WIDTH, HEIGHT = 640, 240
LEFT, TOP, BOTTOM = 8, 34, 26


def columns(title: str, labels: Sequence[str], series: Sequence[tuple[str, Sequence[float]]]) -> Picture:
    """Draw up to three series side by side over the same labels, each column with its number."""
    most = max((value for _, values in series for value in values), default=0) or 1
    room, tall = (WIDTH - 2 * LEFT) / max(len(labels), 1), HEIGHT - TOP - BOTTOM
    wide = min(26.0, room * 0.94 / max(len(series), 1))
    marks = [f'<line x1="{LEFT}" y1="{HEIGHT - BOTTOM}" x2="{WIDTH - LEFT}" y2="{HEIGHT - BOTTOM}" stroke="{LINE}"/>']
    for number, (name, _) in enumerate(series):
        at = LEFT + number * 130
        marks.append(f'<rect x="{at}" y="6" width="12" height="12" rx="2" fill="{COLOURS[number]}"/>')
        marks.append(_text(at + 18, 16, name, INK, "start", 12))
    for place, label in enumerate(labels):
        middle = LEFT + room * (place + 0.5)
        marks.append(_text(middle, HEIGHT - 8, label, MUTED, "middle", 11))
        for number, (_, values) in enumerate(series):
            height = tall * values[place] / most
            x, y = middle + wide * (number - len(series) / 2), HEIGHT - BOTTOM - height
            marks.append(
                f'<rect x="{x + 1:.1f}" y="{y:.1f}" width="{wide - 2:.1f}" height="{height:.1f}" fill="{COLOURS[number]}"/>'
            )
            if values[place]:
                marks.append(_text(x + wide / 2, y - 4, f"{values[place]:g}", INK, "middle", 9))
    told = "；".join(
        f"{label}{'、'.join(f'{name}{values[place]:g}' for name, values in series)}"
        for place, label in enumerate(labels)
    )
    return _picture(title, told, WIDTH, HEIGHT, marks)


def bars(title: str, rows: Sequence[tuple[str, float]], *, most: float) -> Picture:
    """Draw one bar a row, its name before it and its number behind."""
    pitch, names = 24, 190
    marks = []
    for place, (name, value) in enumerate(rows):
        y = 6 + place * pitch
        long = (WIDTH - names - 60) * min(1.0, value / most)
        shown = name if len(name) <= 14 else f"{name[:13]}…"
        marks.append(_text(names - 8, y + 14, shown, INK, "end", 12))
        marks.append(f'<rect x="{names}" y="{y + 2}" width="{long:.1f}" height="16" fill="{COLOURS[0]}"/>')
        marks.append(_text(names + long + 6, y + 15, f"{value:g}", INK, "start", 12))
    told = "；".join(f"{name}{value:g}" for name, value in rows)
    return _picture(title, told, WIDTH, 12 + pitch * max(len(rows), 1), marks)


def _text(x: float, y: float, words: str, fill: str, anchor: str, size: int) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{fill}" text-anchor="{anchor}">{escape(words)}</text>'
    )


def _picture(title: str, told: str, width: int, height: int, marks: Sequence[str]) -> Picture:
    alt = f"{title}：{told}" if told else title
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="drawn" role="img" aria-label="{escape(alt)}" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}" font-family="{FAMILY}">{"".join(marks)}</svg>'
    )
    return Picture(svg, alt, width, height)
