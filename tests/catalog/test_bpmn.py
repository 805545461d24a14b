"""OMG's BPMN20.xsd, as SpiffWorkflow ships it, and what the execution semantics ask for beyond it."""

import json
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from lxml import etree

from banshi.catalog.bpmn import SPACES, bpmn_xml
from banshi.catalog.enums import StepKind
from banshi.catalog.guide.document import Guide, SpecialProcedure, Step

MODEL = f"{{{SPACES['bpmn']}}}"
NODES = {"startEvent", "endEvent", "task", "userTask", "exclusiveGateway", "parallelGateway"}


def guide(*steps: Step, **more: object) -> Guide:
    return Guide.model_validate({"name": "小学入学报名<&>", "steps": list(steps), **more})


GUIDES = {
    "no steps": guide(),
    "one step": guide(Step(name="办\x01理")),
    "gate": guide(Step(name="受理", kind=StepKind.ACCEPT), Step(name="审核"), result_name="通知书"),
    "parallel": guide(*(Step(name=f"核验{n}", group="核验") for n in range(5)), Step(name="决定")),
    "gate in parallel": guide(Step(name="受理", group="甲"), Step(name="预审", group="甲")),
    "special": guide(Step(name="受理"), Step(name="审核"), special_procedures=[SpecialProcedure(name="听证")]),
    "all": guide(
        Step(name="申请"),
        Step(name="受理"),
        Step(name="甲", group="并"),
        Step(name="乙", group="并"),
        Step(name="审查"),
        Step(name="送达", kind=StepKind.DELIVER),
        special_procedures=[SpecialProcedure(name="鉴定")],
    ),
}
every_guide = pytest.mark.parametrize("text", GUIDES.values(), ids=GUIDES.keys())


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    package = find_spec("SpiffWorkflow")
    assert package and package.submodule_search_locations
    return etree.XMLSchema(file=str(Path(package.submodule_search_locations[0]) / "bpmn/parser/schema/BPMN20.xsd"))


def objections(schema: etree.XMLSchema, xml: str) -> list[str]:
    schema.validate(etree.fromstring(xml.encode()))
    return [error.message for error in schema.error_log]


@every_guide
def test_the_schema_of_bpmn_holds(schema: etree.XMLSchema, text: Guide) -> None:
    assert objections(schema, bpmn_xml(text)) == []


@pytest.mark.parametrize("path", sorted((settings.DATA / "demo/guides").glob("*.json")), ids=lambda path: path.stem)
def test_the_schema_holds_for_every_guide_of_the_demonstration(schema: etree.XMLSchema, path: Path) -> None:
    for entry in json.loads(path.read_text("utf-8")):
        assert objections(schema, bpmn_xml(Guide.model_validate(entry["guide"]))) == [], entry["guide"]["name"]


def test_the_schema_does_object(schema: etree.XMLSchema) -> None:
    assert objections(schema, bpmn_xml(GUIDES["gate"]).replace("sequenceFlow", "sequence"))


def read(text: Guide) -> ET.Element:
    return ET.fromstring(bpmn_xml(text).encode())


def process(text: Guide) -> ET.Element:
    found = read(text).find(f"{MODEL}process")
    assert found is not None
    return found


def nodes(text: Guide) -> dict[str, ET.Element]:
    return {each.attrib["id"]: each for each in process(text) if each.tag.removeprefix(MODEL) in NODES}


def flows(text: Guide) -> list[dict[str, str]]:
    return [dict(each.attrib) for each in process(text).iter(f"{MODEL}sequenceFlow")]


def named(text: Guide, name: str) -> ET.Element:
    return next(each for each in nodes(text).values() if each.attrib.get("name") == name)


def after(text: Guide, name: str) -> set[str]:
    start = named(text, name).attrib["id"]
    return {nodes(text)[f["targetRef"]].attrib.get("name", "") for f in flows(text) if f["sourceRef"] == start}


@every_guide
def test_identifiers_are_unique_and_ncnames(text: Guide) -> None:
    ids = [each.attrib["id"] for each in read(text).iter() if "id" in each.attrib]
    assert max(Counter(ids).values()) == 1
    assert all(each.isascii() and each[0].isalpha() and each.replace("_", "").isalnum() for each in ids)


@every_guide
def test_every_flow_joins_two_nodes_and_each_node_names_its_flows_in_order(text: Guide) -> None:
    known = nodes(text)
    assert all(flow["sourceRef"] in known and flow["targetRef"] in known for flow in flows(text))
    for key, node in known.items():
        tags = [child.tag.removeprefix(MODEL) for child in node]
        assert tags == sorted(tags, key=["documentation", "incoming", "outgoing"].index)
        assert {c.text for c in node.iter(f"{MODEL}incoming")} == {
            f["id"] for f in flows(text) if f["targetRef"] == key
        }
        assert {c.text for c in node.iter(f"{MODEL}outgoing")} == {
            f["id"] for f in flows(text) if f["sourceRef"] == key
        }


@every_guide
def test_every_node_has_a_shape_and_every_flow_an_edge(text: Guide) -> None:
    root = read(text)
    shapes = {each.attrib["bpmnElement"] for each in root.iter(f"{{{SPACES['bpmndi']}}}BPMNShape")}
    edges = list(root.iter(f"{{{SPACES['bpmndi']}}}BPMNEdge"))
    assert shapes == set(nodes(text))
    assert {each.attrib["bpmnElement"] for each in edges} == {flow["id"] for flow in flows(text)}
    assert all(len(edge.findall(f"{{{SPACES['di']}}}waypoint")) >= 2 for edge in edges)


@every_guide
def test_shapes_do_not_overlap_and_lie_in_the_open(text: Guide) -> None:
    bounds = [{k: float(v) for k, v in each.attrib.items()} for each in read(text).iter(f"{{{SPACES['dc']}}}Bounds")]
    assert all(each["x"] >= 0 and each["y"] >= 0 for each in bounds)
    for place, a in enumerate(bounds):
        for b in bounds[place + 1 :]:
            aside = a["x"] + a["width"] <= b["x"] or b["x"] + b["width"] <= a["x"]
            assert aside or a["y"] + a["height"] <= b["y"] or b["y"] + b["height"] <= a["y"]


@every_guide
def test_every_node_is_reached_from_the_start_and_reaches_an_end(text: Guide) -> None:
    start = next(key for key, node in nodes(text).items() if node.tag == f"{MODEL}startEvent")
    ends = {key for key, node in nodes(text).items() if node.tag == f"{MODEL}endEvent"}
    forward = [(flow["sourceRef"], flow["targetRef"]) for flow in flows(text)]
    assert reached({start}, forward) == set(nodes(text))
    assert reached(ends, [(b, a) for a, b in forward]) == set(nodes(text))


def reached(begin: set[str], ways: list[tuple[str, str]]) -> set[str]:
    found = set(begin)
    while more := {b for a, b in ways if a in found} - found:
        found |= more
    return found


@every_guide
def test_a_parallel_gateway_splits_or_joins_and_never_waits_for_a_loop(text: Guide) -> None:
    for key, node in nodes(text).items():
        if node.tag == f"{MODEL}parallelGateway":
            coming = [f for f in flows(text) if f["targetRef"] == key]
            going = [f for f in flows(text) if f["sourceRef"] == key]
            assert (len(coming) == 1) != (len(going) == 1)


def test_incomplete_materials_are_supplemented_and_come_in_again() -> None:
    text = GUIDES["gate"]
    assert after(text, "材料齐全、符合要求？") == {"一次性告知补正", "不予受理", "审核"}
    assert after(text, "一次性告知补正") == {"受理"}
    assert {flow.get("name") for flow in flows(text)} >= {"不齐", "齐全", "补齐后", "不属于受理范围"}


def test_special_procedures_are_a_way_round() -> None:
    assert after(GUIDES["special"], "需要特别程序？") == {"听证", ""}


def test_the_end_is_named_by_the_result() -> None:
    assert named(GUIDES["gate"], "办结：通知书").tag == f"{MODEL}endEvent"


def test_characters_that_xml_has_no_room_for_are_left_out() -> None:
    assert named(GUIDES["one step"], "办理")
    assert process(GUIDES["one step"]).attrib["name"] == "小学入学报名<&>"


def test_spaces_and_signs_that_do_not_print_stay() -> None:
    assert named(guide(Step(name="受理\u3000审核\u00a0👨\u200d👩\ufffe")), "受理\u3000审核\u00a0👨\u200d👩")


def test_a_line_without_steps_is_drawn_without_inventing_any() -> None:
    empty = process(guide(result_name="通知书"))
    assert [each.attrib.get("name") for each in nodes(guide(result_name="通知书")).values()] == [None, None]
    assert "没有公布办理流程" in (empty.findtext(f"{MODEL}documentation") or "")
