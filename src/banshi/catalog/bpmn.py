"""A guide's steps as BPMN 2.0 with diagram interchange: an export and a picture, not the engine.

The element structure follows OMG formal/2011-01-03 (BPMN20.xsd): in a process, flow nodes and sequence flows; then one
diagram whose shapes and edges refer to each of them. Two of its habits matter to strict readers: `incoming` stands before
`outgoing`, and every identifier is an NCName.
"""

from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from banshi.catalog.enums import StepKind
from banshi.catalog.flowchart import REFUSAL, SUPPLEMENT, ChartStage, special_words, stages
from banshi.catalog.guide.document import Guide, Step
from banshi.catalog.guide.plain_language import limit_words
from banshi.core.plain_text import without_controls

SPACES = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
}
TARGET = "urn:banshi:guide"
SIZES = {"startEvent": (36, 36), "endEvent": (36, 36), "exclusiveGateway": (50, 50), "parallelGateway": (50, 50)}
TASK_SIZE = (140, 80)
ACROSS, DOWN = 70, 110
MIDDLE = 240

for _prefix, _space in SPACES.items():
    ET.register_namespace(_prefix, _space)


@dataclass(slots=True)
class FlowNode:
    """A flow node and where its middle lies. `onward` names the way that goes on along the line."""

    id: str
    tag: str
    name: str
    x: float
    y: float
    note: str = ""
    onward: str = ""

    @property
    def size(self) -> tuple[float, float]:
        return SIZES.get(self.tag, TASK_SIZE)


@dataclass(frozen=True, slots=True)
class SequenceFlow:
    id: str
    start: FlowNode
    end: FlowNode
    name: str = ""


@dataclass(slots=True)
class Process:
    """Nodes and flows as they are laid, left to right. `x` is where the next node begins."""

    nodes: list[FlowNode] = field(default_factory=list)
    flows: list[SequenceFlow] = field(default_factory=list)
    x: float = 160

    def add(
        self, tag: str, name: str, *, y: float = MIDDLE, note: str = "", mark: str = "", x: float | None = None
    ) -> FlowNode:
        """Add a node at the end of the line, or right above or below at `x` (its middle)."""
        width, _ = SIZES.get(tag, TASK_SIZE)
        middle = self.x + width / 2 if x is None else x
        node = FlowNode(f"{mark or tag}_{len(self.nodes) + 1}", tag, name, middle, y, note)
        self.nodes.append(node)
        if x is None:
            self.x += width + ACROSS
        return node

    def join(self, start: FlowNode, end: FlowNode, name: str = "") -> None:
        self.flows.append(SequenceFlow(f"flow_{len(self.flows) + 1}", start, end, name or start.onward))


def bpmn_xml(guide: Guide, note: str = "", *, as_written: bool = False) -> str:
    """Return the process of a guide, with the note on its source.

    Without steps: a start and an end that say nothing, and that no steps are known.
    """
    process = Process()
    last = process.add("startEvent", "申请人提出申请" if guide.steps else "")
    for stage in stages(guide, as_written=as_written):
        begins = len(process.nodes)
        if stage.group:
            last = _parallel(process, stage, last)
        else:
            step = stage.steps[0]
            task = process.add(_task_tag(step), step.name, note=_note(step), mark="task")
            process.join(last, task)
            last = task
        if stage.gate:  # what is supplemented comes in at the stage's first node
            # 齐全 goes on, 不齐 to supplement and in again, out of scope to the end of refusal.
            ask = process.add("exclusiveGateway", "材料齐全、符合要求？")
            process.join(last, ask)
            supplement = process.add(
                "userTask", "一次性告知补正", x=last.x, y=MIDDLE - 2 * DOWN, note=SUPPLEMENT, mark="task"
            )
            refusal = process.add("endEvent", "不予受理", x=ask.x, y=MIDDLE + 2 * DOWN, note=REFUSAL)
            process.join(ask, supplement, "不齐")
            process.join(supplement, process.nodes[begins], "补齐后")
            process.join(ask, refusal, "不属于受理范围")
            ask.onward = "齐全"
            last = ask
        if stage.special:
            last = _special(process, stage, last)
    done = f"办结：{guide.result_name}" if guide.result_name else "办结"
    end = process.add("endEvent", done if guide.steps else "")
    process.join(last, end)
    root = ET.Element(
        _name("bpmn", "definitions"), {"id": "definitions", "targetNamespace": TARGET, "exporter": "banshi"}
    )
    body = ET.SubElement(
        root, _name("bpmn", "process"), {"id": "process", "name": without_controls(guide.name), "isExecutable": "false"}
    )
    unknown = "" if guide.steps else "没有公布办理流程，图中不画环节。"
    if said := note + unknown:
        ET.SubElement(body, _name("bpmn", "documentation")).text = without_controls(said)
    for node in process.nodes:
        element = ET.SubElement(
            body,
            _name("bpmn", node.tag),
            {"id": node.id} | ({"name": without_controls(node.name)} if node.name else {}),
        )
        if node.note:
            ET.SubElement(element, _name("bpmn", "documentation")).text = without_controls(node.note)
        for tag, ids in (
            ("incoming", [flow.id for flow in process.flows if flow.end is node]),
            ("outgoing", [flow.id for flow in process.flows if flow.start is node]),
        ):
            for each in ids:
                ET.SubElement(element, _name("bpmn", tag)).text = each
    for flow in process.flows:
        marks = {"id": flow.id, "sourceRef": flow.start.id, "targetRef": flow.end.id}
        ET.SubElement(body, _name("bpmn", "sequenceFlow"), marks | ({"name": flow.name} if flow.name else {}))
    diagram = ET.SubElement(root, _name("bpmndi", "BPMNDiagram"), {"id": "diagram"})
    plane = ET.SubElement(diagram, _name("bpmndi", "BPMNPlane"), {"id": "plane", "bpmnElement": "process"})
    up = 60 - min(node.y - node.size[1] / 2 for node in process.nodes)
    for node in process.nodes:
        shape = ET.SubElement(plane, _name("bpmndi", "BPMNShape"), {"id": f"{node.id}_shape", "bpmnElement": node.id})
        width, height = node.size
        bounds = {"x": node.x - width / 2, "y": node.y - height / 2 + up, "width": width, "height": height}
        ET.SubElement(shape, _name("dc", "Bounds"), {key: f"{value:g}" for key, value in bounds.items()})
    for flow in process.flows:
        edge = ET.SubElement(plane, _name("bpmndi", "BPMNEdge"), {"id": f"{flow.id}_edge", "bpmnElement": flow.id})
        for x, y in _waypoints(flow.start, flow.end):
            ET.SubElement(edge, _name("di", "waypoint"), {"x": f"{x:g}", "y": f"{y + up:g}"})
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _task_tag(step: Step) -> str:
    """Choose the tag of a step, which people do."""
    # What is only produced or sent is a plain task.
    return "task" if step.kind in (StepKind.PRODUCE, StepKind.DELIVER) else "userTask"


def _note(step: Step) -> str:
    return "；".join(
        part for part in (step.actor, limit_words(step.limit), step.standard, step.outcome, step.note) if part
    )


def _parallel(process: Process, stage: ChartStage, last: FlowNode) -> FlowNode:
    if stage.gate:  # a parallel gateway would wait for both ways in
        again = process.add("exclusiveGateway", "")
        process.join(last, again)
        last = again
    split = process.add("parallelGateway", stage.group)
    process.join(last, split)
    middle = process.x + TASK_SIZE[0] / 2
    top = MIDDLE - (len(stage.steps) - 1) * DOWN / 2
    tasks = [
        process.add(_task_tag(step), step.name, x=middle, y=top + place * DOWN, note=_note(step), mark="task")
        for place, step in enumerate(stage.steps)
    ]
    process.x += TASK_SIZE[0] + ACROSS
    merge = process.add("parallelGateway", "")
    for task in tasks:
        process.join(split, task)
        process.join(task, merge)
    return merge


def _special(process: Process, stage: ChartStage, last: FlowNode) -> FlowNode:
    """Add the special procedure (需要时进行特别程序), a way round or straight on."""
    ask = process.add("exclusiveGateway", "需要特别程序？")
    process.join(last, ask)
    middle = process.x + TASK_SIZE[0] / 2
    task = process.add(
        "userTask",
        "、".join(each.name for each in stage.special),
        x=middle,
        y=MIDDLE + 2 * DOWN,
        note=f"{'、'.join(map(special_words, stage.special))}；不计入办理时限",
        mark="task",
    )
    process.x += TASK_SIZE[0] + ACROSS
    on = process.add("exclusiveGateway", "")
    process.join(ask, task, "需要")
    process.join(task, on)
    process.join(ask, on, "不需要")
    return on


def _waypoints(start: FlowNode, end: FlowNode) -> list[tuple[float, float]]:
    """Draw a flow straight on, up or down."""
    # Or from above or below round one corner.
    right, left = start.x + start.size[0] / 2, end.x - end.size[0] / 2
    if start.y == end.y:
        return [(right, start.y), (left, end.y)]
    if start.x == end.x:
        way = 1 if end.y > start.y else -1
        return [(start.x, start.y + way * start.size[1] / 2), (end.x, end.y - way * end.size[1] / 2)]
    if start.tag.endswith("Gateway"):
        way = 1 if end.y > start.y else -1
        side = left if end.x > start.x else end.x + end.size[0] / 2
        return [(start.x, start.y + way * start.size[1] / 2), (start.x, end.y), (side, end.y)]
    way = 1 if start.y > end.y else -1
    side = right if end.x > start.x else start.x - start.size[0] / 2
    return [(side, start.y), (end.x, start.y), (end.x, end.y + way * end.size[1] / 2)]


def _name(prefix: str, tag: str) -> str:
    return f"{{{SPACES[prefix]}}}{tag}"
