"""The flow chart of a guide, drawn from its steps: SVG for page, print and PDF, and the same as an ordered list.

Pure and quick (the editor draws it on every change). Colours are classes for the style sheet, with presentation
attributes so that it also stands alone; no inline styles. At most 360 units wide: made for phones, grows
with its place.
"""

import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from xml.sax.saxutils import escape

from banshi.catalog.enums import StepKind
from banshi.catalog.guide.document import Guide, SpecialProcedure, Step
from banshi.catalog.guide.plain_language import limit_words
from banshi.core.plain_text import without_controls

SUPPLEMENT = "材料不齐或不合要求：当场或5个工作日内一次性告知要补正的全部内容，补齐后受理"
REFUSAL = "不属于受理范围：不予受理，说明理由，告知该去哪里办"


@dataclass(frozen=True, slots=True)
class ChartStage:
    """A stage, numbered from 1, of one step or of the steps of a parallel group."""

    number: int
    steps: tuple[Step, ...]
    group: str = ""
    gate: bool = False  # materials are checked here: supplement or refusal branch off
    special: tuple[SpecialProcedure, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """One line of the flow as a list. `inner` are the parallel steps of a group, `branches` what else may happen."""

    text: str
    inner: tuple["Outline", ...] = ()
    branches: tuple[str, ...] = ()


def stages(guide: Guide, *, as_written: bool = False) -> list[ChartStage]:
    """Return the steps in order, parallel ones together, with the branches the law implies (行政许可法 第三十二条).

    `as_written` leaves those out: what a public page says of an office's process is not added to.
    """
    grouped: list[list[Step]] = []
    groups: dict[str, list[Step]] = {}
    for step in guide.steps:
        if step.group in groups:
            groups[step.group].append(step)
            continue
        grouped.append([step])
        if step.group:
            groups[step.group] = grouped[-1]
    gate = _first(grouped, (StepKind.ACCEPT, "受理"), (StepKind.RECEIVE, "收件"))
    # What is a step of every case (公示) is not drawn a second time as what happens when needed.
    beside_the_steps = tuple(
        each for each in guide.special_procedures if not any(each.name in step.name for step in guide.steps)
    )
    # Special procedures belong to examination, else to the decision, else to what follows acceptance.
    special = _first(grouped, (StepKind.EXAMINE, "审"), (StepKind.DECIDE, "决定"))
    if special < 0:
        special = min(gate + 1, len(grouped) - 1)
    return [
        ChartStage(
            place + 1,
            tuple(steps),
            group=steps[0].group if len(steps) > 1 else "",
            gate=place == gate and not as_written,
            special=beside_the_steps if place == special else (),
        )
        for place, steps in enumerate(grouped)
    ]


def outline(guide: Guide, *, as_written: bool = False) -> list[Outline]:
    """Return the chart as an ordered list, for screen readers and for papers without pictures."""
    return [_stage_outline(stage) for stage in stages(guide, as_written=as_written)]


def step_words(step: Step) -> str:
    """Word a step (受理（窗口人员，1个工作日内）)."""
    inside = "，".join(part for part in (step.actor, limit_words(step.limit)) if part)
    return step.name + (f"（{inside}）" if inside else "") + (f"：{step.outcome}" if step.outcome else "")


def special_words(procedure: SpecialProcedure) -> str:
    limit = limit_words(procedure.limit)
    return procedure.name + (f"（{limit}）" if limit else "")


def branches(stage: ChartStage) -> tuple[str, ...]:
    """Describe the other outcomes of this stage, in sentences."""
    told = (SUPPLEMENT, REFUSAL) if stage.gate else ()
    if not stage.special:
        return told
    return (*told, f"需要时进行{'、'.join(map(special_words, stage.special))}，所需时间不计入办理时限")


def _first(grouped: list[list[Step]], *sought: tuple[StepKind, str]) -> int:
    """Return the first stage with a step of the kind, or of no kind and with the word in its name."""
    # -1 when none.
    for kind, word in sought:
        for place, steps in enumerate(grouped):
            if any(step.kind == kind or (not step.kind and word in step.name) for step in steps):
                return place
    return -1


def _stage_outline(stage: ChartStage) -> Outline:
    if not stage.group:
        return Outline(step_words(stage.steps[0]), branches=branches(stage))
    inner = tuple(Outline(step_words(step)) for step in stage.steps)
    return Outline(f"以下{len(inner)}个环节同时办理（{stage.group}）", inner, branches(stage))


# Drawing. Units are those of the view box; the main column is at the left, what branches off at the right.

WIDTH = 360
MAIN_X, MAIN_WIDTH = 10, 210
SIDE_X, SIDE_WIDTH = 242, 108
MIDDLE = MAIN_X + MAIN_WIDTH / 2
TOP = 8
GAP = 26
PAD = 10
LINES_AT_MOST = 5
FAMILY = "PingFang SC, Microsoft YaHei, Noto Sans SC, Noto Sans CJK SC, sans-serif"
STAYS_BEHIND = "、，。；：！？）】》」』”’…,.;:!?)"


@dataclass(frozen=True, slots=True)
class Style:
    size: float
    leading: float
    css: str
    fill: str
    weight: str = ""


NAME = Style(13.5, 18, "flow-name", "#1b2430", "600")
NOTE = Style(11.5, 15.5, "flow-note", "#4f5b68")
LIMIT = Style(11.5, 15.5, "flow-limit", "#0b57b7")
SIDE = Style(11, 15, "flow-side-text", "#4f5b68")
GROUP = Style(11.5, 15.5, "flow-group-text", "#083e87", "600")
END = Style(13.5, 18, "flow-end-text", "#ffffff", "600")


@dataclass(slots=True)
class Canvas:
    """Marks put down so far, and how far down they reach."""

    marks: list[str] = field(default_factory=list)
    y: float = TOP
    side_y: float = TOP

    def put(self, mark: str) -> None:
        self.marks.append(mark)


def svg(guide: Guide, *, as_written: bool = False) -> str:
    """Return the chart as accessible SVG.

    Without steps, a picture that says so.
    """
    canvas = Canvas()
    drawn = stages(guide, as_written=as_written)
    if not drawn:
        canvas.put(_text("还没有填写办理环节", MIDDLE, 36, NOTE, middle=True))
        canvas.y = 56
        return _framed(guide, canvas, as_written)
    first = drawn[0].steps[0]
    starts_with_applying = first.kind == StepKind.APPLY or "申请" in first.name or "申报" in first.name
    _terminal(canvas, "申请人提出申请" if not starts_with_applying else "开始")
    for stage in drawn:
        _arrow(canvas)
        top = canvas.y
        if stage.group:
            _parallel(canvas, stage)
        else:
            canvas.y += _box(canvas, stage.steps[0], str(stage.number), MAIN_X, canvas.y, MAIN_WIDTH)
        if stage.gate:
            _gate_mark(canvas)
        if stage.special:
            lines = _wrapped(
                ("特别程序（不计入时限）：" + "、".join(map(special_words, stage.special))),
                SIDE,
                SIDE_WIDTH - 12,
                at_most=12,
            )
            tall = len(lines) * SIDE.leading + 12
            y = max(canvas.side_y, top)
            level = min(max(y + tall / 2, top + 8), canvas.y - 4)
            canvas.put(
                _path(f"M{MAIN_X + MAIN_WIDTH:g} {level:g}H{SIDE_X - 10}V{y + tall / 2:g}H{SIDE_X}", dashed=True)
            )
            canvas.put(_rect(SIDE_X, y, SIDE_WIDTH, tall, "flow-special", "#ffffff", "#a85b00", dashed=True))
            _write(canvas, [(line, SIDE) for line in lines], SIDE_X + 6, y + 6)
            canvas.side_y = y + tall + 8
    _arrow(canvas)
    _terminal(canvas, f"办结：{guide.result_name}" if guide.result_name else "办结")
    return _framed(guide, canvas, as_written)


def size(drawing: str) -> tuple[float, float]:
    """Read width and height of a drawing made here, for whoever places it on paper."""
    head = drawing[: drawing.index(">")]
    _, _, width, height = head.split('viewBox="')[1].split('"')[0].split()
    return float(width), float(height)


def _framed(guide: Guide, canvas: Canvas, as_written: bool) -> str:
    height = round(max(canvas.y, canvas.side_y) + 8, 1)
    width = WIDTH if canvas.side_y > TOP else MAIN_X + MAIN_WIDTH + MAIN_X
    body = "".join(canvas.marks)
    mark = f"flow-{zlib.crc32(body.encode()):08x}"
    told = "；".join(_told(outline(guide, as_written=as_written))) or "还没有填写办理环节"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="flow" role="img" aria-labelledby="{mark}-t {mark}-d" '
        f'viewBox="0 0 {width} {height:g}" width="{width}" height="{height:g}" font-family="{FAMILY}">'
        f'<title id="{mark}-t">{_safe(guide.name or "事项")}的办理流程图</title><desc id="{mark}-d">{_safe(told)}</desc>'
        f"{body}</svg>"
    )


def _told(lines: Iterable[Outline], prefix: str = "") -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        yield f"{prefix}{number}. {line.text}"
        yield from _told(line.inner, f"{prefix}{number}.")
        yield from line.branches


def _box(canvas: Canvas, step: Step, number: str, x: float, y: float, width: float, height: float = 0) -> float:
    # The height it takes (at least `height`).
    lines = _step_lines(step, number, width)
    tall = max(height, _height(lines))
    canvas.put(_rect(x, y, width, tall, "flow-box", "#ffffff", "#0b57b7"))
    _write(canvas, lines, x + PAD, y + PAD)
    return tall


def _step_lines(step: Step, number: str, width: float) -> list[tuple[str, Style]]:
    parts = ((f"{number} {step.name}", NAME), (step.actor, NOTE), (limit_words(step.limit), LIMIT))
    return [(line, style) for text, style in parts for line in _wrapped(text, style, width - 2 * PAD)]


def _parallel(canvas: Canvas, stage: ChartStage) -> None:
    """Draw a frame with its steps two by two."""
    top = canvas.y
    heading = _wrapped(f"同时办理（并联）：{stage.group}", GROUP, MAIN_WIDTH - 2 * PAD)
    at = len(canvas.marks)
    canvas.y += PAD + len(heading) * GROUP.leading + 4
    members = [(step, f"{stage.number}.{place}") for place, step in enumerate(stage.steps, 1)]
    for pair in (members[place : place + 2] for place in range(0, len(members), 2)):
        width = (MAIN_WIDTH - 8) / len(pair) - 8
        tall = max(_height(_step_lines(step, number, width)) for step, number in pair)
        for place, (step, number) in enumerate(pair):
            _box(canvas, step, number, MAIN_X + 8 + place * (width + 8), canvas.y, width, tall)
        canvas.y += tall + 8
    frame = _rect(MAIN_X, top, MAIN_WIDTH, canvas.y - top, "flow-group", "#eaf2fc", "#0b57b7", dashed=True)
    canvas.marks.insert(at, frame)
    _write(canvas, [(line, GROUP) for line in heading], MAIN_X + PAD, top + PAD)


def _gate_mark(canvas: Canvas) -> None:
    """Draw under the step a diamond 材料齐全?, with both refusals at its right."""
    _arrow(canvas)
    top, half = canvas.y, 27
    middle = top + half
    points = f"{MIDDLE:g},{top:g} {MAIN_X + MAIN_WIDTH - 6:g},{middle:g} {MIDDLE:g},{top + 2 * half:g} {MAIN_X + 6},{middle:g}"
    canvas.put(f'<polygon class="flow-gate" points="{points}" fill="#fff8ec" stroke="#a85b00" stroke-width="1.2"/>')
    canvas.put(_text("材料齐全、符合要求？", MIDDLE, middle + 4.5, NAME, middle=True))
    canvas.y = top + 2 * half
    canvas.put(_text("是", MIDDLE + 7, canvas.y + 13, NOTE))
    canvas.put(_text("否", MAIN_X + MAIN_WIDTH - 3, middle - 5, NOTE))
    canvas.side_y = max(canvas.side_y, top - 34)
    joint = SIDE_X - 10
    canvas.put(_path(f"M{MAIN_X + MAIN_WIDTH - 6:g} {middle:g}H{joint}"))
    for text in (SUPPLEMENT, REFUSAL):
        _branch(canvas, text, joint, middle)


def _branch(canvas: Canvas, text: str, joint: float, start: float) -> None:
    lines = _wrapped(text, SIDE, SIDE_WIDTH - 12)
    tall = len(lines) * SIDE.leading + 12
    middle = canvas.side_y + tall / 2
    canvas.put(_path(f"M{joint:g} {start:g}V{middle:g}H{SIDE_X}", arrow=(SIDE_X, middle, "right")))
    canvas.put(_rect(SIDE_X, canvas.side_y, SIDE_WIDTH, tall, "flow-side", "#f5f7fa", "#8a96a3"))
    _write(canvas, [(line, SIDE) for line in lines], SIDE_X + 6, canvas.side_y + 6)
    canvas.side_y += tall + 8


def _terminal(canvas: Canvas, text: str) -> None:
    lines = _wrapped(text, END, MAIN_WIDTH - 4 * PAD)
    tall = len(lines) * END.leading + 14
    canvas.put(_rect(MAIN_X, canvas.y, MAIN_WIDTH, tall, "flow-end", "#0b57b7", "#0b57b7", radius=min(tall / 2, 18)))
    for place, line in enumerate(lines):
        canvas.put(_text(line, MIDDLE, canvas.y + 7 + END.leading * (place + 0.76), END, middle=True))
    canvas.y += tall


def _arrow(canvas: Canvas) -> None:
    end = canvas.y + GAP
    canvas.put(_path(f"M{MIDDLE:g} {canvas.y:g}V{end:g}", arrow=(MIDDLE, end, "down")))
    canvas.y = end


def _height(lines: list[tuple[str, Style]]) -> float:
    return sum(style.leading for _, style in lines) + 2 * PAD


def _write(canvas: Canvas, lines: list[tuple[str, Style]], x: float, y: float) -> None:
    for line, style in lines:
        canvas.put(_text(line, x, y + style.leading * 0.76, style))
        y += style.leading


def _text(line: str, x: float, y: float, style: Style, *, middle: bool = False) -> str:
    weight = f' font-weight="{style.weight}"' if style.weight else ""
    anchor = ' text-anchor="middle"' if middle else ""
    return (
        f'<text class="{style.css}" x="{x:g}" y="{round(y, 1):g}" font-size="{style.size:g}" fill="{style.fill}"'
        f"{weight}{anchor}>{_safe(line)}</text>"
    )


def _rect(
    x: float,
    y: float,
    width: float,
    height: float,
    css: str,
    fill: str,
    stroke: str,
    *,
    radius: float = 5,
    dashed: bool = False,
) -> str:
    dash = ' stroke-dasharray="4 3"' if dashed else ""
    return (
        f'<rect class="{css}" x="{x:g}" y="{round(y, 1):g}" width="{width:g}" height="{round(height, 1):g}" rx="{radius:g}" '
        f'fill="{fill}" stroke="{stroke}" stroke-width="1.2"{dash}/>'
    )


def _path(course: str, *, arrow: tuple[float, float, str] | None = None, dashed: bool = False) -> str:
    dash = ' stroke-dasharray="4 3"' if dashed else ""
    line = f'<path class="flow-line" d="{course}" fill="none" stroke="#5b6775" stroke-width="1.3"{dash}/>'
    if arrow is None:
        return line
    x, y, way = arrow
    head = f"M{x:g} {y:g}l-4 -7h8z" if way == "down" else f"M{x:g} {y:g}l-7 -4v8z"
    return line + f'<path class="flow-head" d="{head}" fill="#5b6775"/>'


def _wrapped(text: str, style: Style, width: float, at_most: int = LINES_AT_MOST) -> list[str]:
    """Break into lines no wider than `width`."""
    # What is more than `at_most` lines ends in ….
    lines = list(islice(_broken(" ".join(text.split()), width / style.size), at_most + 1))
    if len(lines) <= at_most:
        return lines
    return [*lines[: at_most - 1], lines[at_most - 1][:-1] + "…"]


def _broken(text: str, ems: float) -> Iterator[str]:
    """Break where the line is full."""
    # A closing mark never begins a line, a word of Latin letters is not cut if it fits.
    line, wide = "", 0.0
    for piece in _pieces(text, ems):
        need = sum(map(_em, piece))
        if line and wide + need > ems and piece not in STAYS_BEHIND:
            yield line
            line, wide = "", 0.0
        line, wide = line + piece, wide + need
    if line:
        yield line


def _pieces(text: str, ems: float) -> Iterator[str]:
    """Split into single wide characters, and runs of narrow ones no longer than a line."""
    run = ""
    for each in text:
        narrow = _em(each) < 1 and each != " " and each not in STAYS_BEHIND
        if run and (not narrow or sum(map(_em, run)) + 0.6 > ems):
            yield run
            run = ""
        if narrow:
            run += each
        else:
            yield each
    if run:
        yield run


@lru_cache(maxsize=8192)
def _em(character: str) -> float:
    """Measure a character's width, in ems."""
    if unicodedata.east_asian_width(character) in "WFA":
        return 1.0
    return 0.3 if character == " " else 0.58


def _safe(text: str) -> str:
    return escape(without_controls(text))
