import re
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st
from tests.work import lines_run

from banshi.catalog.bpmn import bpmn_xml
from banshi.catalog.enums import StepKind
from banshi.catalog.flowchart import REFUSAL, SUPPLEMENT, outline, size, stages, svg
from banshi.catalog.guide.document import Guide, SpecialProcedure, Step, TimeLimit

SVG = "{http://www.w3.org/2000/svg}"


def guide(*steps: Step, **more: object) -> Guide:
    return Guide.model_validate({"name": "小学入学报名", "steps": list(steps), **more})


def plain(count: int) -> Guide:
    return guide(
        *(Step(name=f"环节{n}", actor="办事窗口工作人员", limit=TimeLimit(value=n)) for n in range(1, count + 1))
    )


def drawn(text: Guide) -> ElementTree.Element:
    return ElementTree.fromstring(svg(text))


def words(text: Guide) -> list[str]:
    return [each.text or "" for each in drawn(text).iter(f"{SVG}text")]


def boxes(text: Guide, css: str = "flow-box") -> list[dict[str, float]]:
    found = (each.attrib for each in drawn(text).iter(f"{SVG}rect") if each.attrib["class"] == css)
    return [{key: float(box[key]) for key in ("x", "y", "width", "height")} for box in found]


PARALLEL = guide(
    Step(name="受理", kind=StepKind.ACCEPT),
    *(Step(name=f"核验{n}", group="部门核验") for n in range(1, 6)),
    Step(name="决定", kind=StepKind.DECIDE),
)


def test_steps_stand_one_below_the_other() -> None:
    tops = [box["y"] for box in boxes(plain(4))]
    assert tops == sorted(tops)
    assert len(set(tops)) == 4


def test_a_step_shows_its_number_who_does_it_and_how_long_it_takes() -> None:
    assert {"1 环节1", "办事窗口工作人员", "1个工作日内"} <= set(words(plain(1)))


def test_steps_of_a_group_are_one_stage_framed_and_side_by_side() -> None:
    assert [len(stage.steps) for stage in stages(PARALLEL)] == [1, 5, 1]
    [frame] = boxes(PARALLEL, "flow-group")
    inside = boxes(PARALLEL)[1:6]
    assert inside[0]["y"] == inside[1]["y"]
    assert all(frame["x"] < box["x"] and box["x"] + box["width"] < frame["x"] + frame["width"] for box in inside)
    assert all(frame["y"] < box["y"] and box["y"] + box["height"] < frame["y"] + frame["height"] for box in inside)


def test_a_group_of_one_is_a_plain_step() -> None:
    assert [stage.group for stage in stages(guide(Step(name="核验", group="甲")))] == [""]


def test_steps_of_one_group_are_together_wherever_they_are_listed() -> None:
    text = guide(Step(name="甲", group="并"), Step(name="乙"), Step(name="丙", group="并"))
    assert [[step.name for step in stage.steps] for stage in stages(text)] == [["甲", "丙"], ["乙"]]


def test_at_acceptance_supplement_and_refusal_branch_off() -> None:
    text = guide(Step(name="受理", kind=StepKind.ACCEPT), Step(name="审核"))
    assert outline(text)[0].branches == (SUPPLEMENT, REFUSAL)
    assert "材料齐全、符合要求？" in words(text)
    assert len(boxes(text, "flow-side")) == 2


def test_acceptance_is_known_by_its_name_when_the_kind_is_not_given() -> None:
    assert [stage.gate for stage in stages(guide(Step(name="申请"), Step(name="窗口受理"), Step(name="办结")))] == [
        False,
        True,
        False,
    ]


def test_a_guide_that_names_no_acceptance_has_no_branches() -> None:
    assert all(not line.branches for line in outline(plain(3)))


def test_special_procedures_stand_beside_the_examination_and_do_not_count() -> None:
    text = guide(
        Step(name="受理", kind=StepKind.ACCEPT),
        Step(name="审查", kind=StepKind.EXAMINE),
        special_procedures=[SpecialProcedure(name="听证", limit=TimeLimit(value=20))],
    )
    assert "听证（20个工作日内），所需时间不计入办理时限" in outline(text)[1].branches[0]
    assert len(boxes(text, "flow-special")) == 1


def test_what_is_a_step_of_every_case_is_not_told_again_as_a_special_procedure() -> None:
    text = Guide(
        name="低保",
        steps=[Step(name="审核"), Step(name="公示7天")],
        special_procedures=[SpecialProcedure(name="公示"), SpecialProcedure(name="听证")],
    )
    assert [each.name for stage in stages(text) for each in stage.special] == ["听证"]


def test_the_outline_tells_the_same_steps_in_the_same_order() -> None:
    lines = outline(PARALLEL)
    assert [line.text for line in lines] == ["受理", "以下5个环节同时办理（部门核验）", "决定"]
    assert [line.text for line in lines[1].inner] == [f"核验{n}" for n in range(1, 6)]


def test_the_description_tells_the_outline_to_who_cannot_see() -> None:
    root = drawn(PARALLEL)
    told = root.find(f"{SVG}desc")
    assert root.attrib["role"] == "img"
    assert told is not None and "2.5. 核验5" in (told.text or "") and SUPPLEMENT in (told.text or "")
    assert root.attrib["aria-labelledby"].split() == [each.attrib["id"] for each in (root[0], root[1])]


def test_two_charts_on_one_page_have_different_identifiers() -> None:
    assert not set(re.findall(r' id="([^"]+)"', svg(plain(2)))) & set(re.findall(r' id="([^"]+)"', svg(plain(3))))


def test_no_steps_says_so() -> None:
    assert words(guide()) == ["还没有填写办理环节"]
    assert outline(guide()) == []


def test_nothing_inline_that_the_pages_policy_forbids() -> None:
    drawing = svg(PARALLEL)
    assert "style" not in drawing
    assert not re.search(r"\son\w+=", drawing)


def test_text_is_text() -> None:
    assert any("<script>" in line for line in words(guide(Step(name="<script>&\x00"))))


def test_a_long_name_is_wrapped_and_at_last_cut_with_a_sign() -> None:
    lines = words(guide(Step(name="很长的环节名称" * 40)))
    assert 3 < len(lines) < 10
    assert any(line.endswith("…") for line in lines)


def test_a_closing_mark_never_begins_a_line() -> None:
    for length in range(8, 20):
        assert not any(
            line.startswith(("，", "）", "。", ",", ")"))
            for line in words(guide(Step(name="环" * length + "，后面还有）。,)好")))
        )


@given(st.lists(st.builds(Step, name=st.text(max_size=60), group=st.sampled_from(["", "甲", "乙"])), max_size=12))
def test_whatever_the_steps_nothing_is_drawn_outside_and_boxes_never_overlap(steps: list[Step]) -> None:
    text = guide(*steps)
    width, height = size(svg(text))
    places = boxes(text)
    assert all(b["x"] >= 0 and b["x"] + b["width"] <= width and b["y"] + b["height"] <= height for b in places)
    assert len(places) == len(steps)
    for one, other in ((a, b) for place, a in enumerate(places) for b in places[place + 1 :]):
        apart = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
        assert apart or one["y"] + one["height"] <= other["y"] or other["y"] + other["height"] <= one["y"]


def test_the_same_guide_gives_the_same_drawing() -> None:
    assert svg(PARALLEL) == svg(PARALLEL.model_copy(deep=True))


def test_it_is_little_enough_work_to_be_drawn_on_every_change() -> None:
    def work(steps: int) -> int:
        return lines_run(lambda: svg(plain(steps)))

    work(1)
    assert work(30) < 20_000
    assert work(60) < 2.1 * work(30)


def test_nothing_is_added_to_a_process_as_a_public_page_tells_it() -> None:
    text = guide(Step(name="申请", kind=StepKind.APPLY), Step(name="受理", kind=StepKind.ACCEPT), Step(name="审核"))
    told, kept = (
        str((outline(text, as_written=own), svg(text, as_written=own), bpmn_xml(text, as_written=own)))
        for own in (False, True)
    )
    assert SUPPLEMENT in told and "补正" in told
    assert SUPPLEMENT not in kept and REFUSAL not in kept and "补正" not in kept and "审核" in kept
