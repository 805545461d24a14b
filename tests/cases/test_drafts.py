"""Drafts: kept for a while, changed by their owner alone, brought to a guide that changed meanwhile."""

import io
from datetime import timedelta

import pytest

from banshi.cases.actions import (
    adopt_publication,
    attach_material,
    claim,
    commit,
    discard_application,
    discard_expired,
    finish_task,
    hand_over,
    remove_material,
    return_to_step,
    save_answers,
    start_application,
    submit,
)
from banshi.cases.queries import asked_of, drafts_of, story
from banshi.catalog.actions import suspend_item
from banshi.catalog.enums import StepKind
from banshi.catalog.guide.document import Material, Step
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.files import keep
from banshi.ledger import System
from tests import factories as make
from tests.cases.hall import a_guide, accepted, filled, hall, moment, open_tasks, submitted
from tests.factories import TESTS

pytestmark = pytest.mark.django_db
MONDAY = moment("03-02")


class TestDrafts:
    def test_one_is_kept_thirty_days_from_the_last_save(self) -> None:
        of = hall()
        draft = filled(of, MONDAY)
        later = MONDAY + timedelta(days=20)
        draft = save_answers(draft, {"phone": "13900000000"}, by=of.citizen, at=later)
        assert discard_expired(by=System("clocks"), at=MONDAY + timedelta(days=31)) == 0
        assert list(drafts_of(of.citizen, at=MONDAY + timedelta(days=31))) == [draft]
        assert [discard_expired(by=System("clocks"), at=later + timedelta(days=31)) for _ in range(2)] == [1, 0]
        draft.refresh_from_db()
        assert (bytes(draft.answers_sealed), draft.materials.count()) == (b"", 0)
        with pytest.raises(Conflict, match="已经放弃"):
            submit(draft, key=draft.key, by=of.citizen, at=later)

    def test_nobody_else_touches_it(self) -> None:
        of = hall()
        draft = filled(of, MONDAY)
        for other in (make.user(), of.handler):
            with pytest.raises(Refused):
                save_answers(draft, {"phone": "1"}, by=other, at=MONDAY)
            with pytest.raises(Refused):
                discard_application(draft, by=other, at=MONDAY)

    def test_another_persons_file_is_refused(self) -> None:
        of = hall()
        draft = start_application(of.item, by=of.citizen, at=MONDAY)
        file = keep(io.BytesIO(b"a,b\n1,2\n"), name="a.csv", purpose="case", by=make.user(), at=MONDAY)
        with pytest.raises(Refused, match="别人上传的文件"):
            attach_material(draft, 0, file, by=of.citizen, at=MONDAY)

    def test_a_required_paper_taken_out_again_is_missed(self) -> None:
        of = hall()
        draft = filled(of, MONDAY)
        remove_material(draft, 1, by=of.citizen, at=MONDAY)
        with pytest.raises(BadInput, match="有几处还没有填好") as refused:
            submit(draft, key=draft.key, by=of.citizen, at=MONDAY)
        assert [each.field for each in refused.value.problems] == ["materials.1"]

    def test_a_guide_that_changed_meanwhile_is_adopted_with_what_still_fits(self) -> None:
        of = hall()
        draft = filled(of, MONDAY)
        text = a_guide(materials=[Material(name="新的承诺书"), Material(name="取水申请书")])
        newer = make.publication(of.item, text, at=moment("03-03"))
        with pytest.raises(Conflict, match="在您填写期间改过"):
            submit(draft, key=draft.key, by=of.citizen, at=moment("03-04"))
        draft = adopt_publication(draft, by=of.citizen, at=moment("03-04"))
        assert draft.publication == newer
        kept = draft.materials.filter(replaced_at=None)
        assert [(each.position, each.name) for each in kept] == [(1, "取水申请书")]
        attach_material(draft, 0, None, source="新", by=of.citizen, at=moment("03-04"))
        assert submit(draft, key=draft.key, by=of.citizen, at=moment("03-04")).publication == newer

    def test_a_commitment_follows_its_paper_into_the_new_list_and_ends_where_it_is_taken_no_more(self) -> None:
        papers = [Material(name=each, commitment_ok=True) for each in ("收入证明", "住房证明", "无犯罪记录证明")]
        of = hall(a_guide(materials=papers))
        draft = start_application(of.item, by=of.citizen, at=MONDAY)
        for place in range(3):
            commit(draft, place, by=of.citizen, at=MONDAY)
        changed = [papers[1], Material(name="收入证明"), Material(name="新的申请书", commitment_ok=True)]
        make.publication(of.item, a_guide(materials=changed), at=moment("03-03"))
        draft = adopt_publication(draft, by=of.citizen, at=moment("03-04"))
        assert [(each.position, each.name) for each in draft.promises.filter(ending="")] == [(0, "住房证明")]

    def test_a_paper_never_stands_for_another_after_who_it_is_done_for_has_changed(self) -> None:
        of = hall()
        draft = start_application(of.item, by=of.citizen, at=MONDAY)
        draft = save_answers(draft, {"applying_as": "替别人办"}, by=of.citizen, at=MONDAY)
        last = len(asked_of(draft)) - 1
        attach_material(draft, 0, None, source="第一份", by=of.citizen, at=MONDAY)
        attach_material(draft, last, None, source="委托书", by=of.citizen, at=MONDAY)
        draft = save_answers(draft, {"applying_as": "为我的未成年孩子办"}, by=of.citizen, at=MONDAY)
        assert asked_of(draft)[last].name == "和孩子的关系证明"
        assert [each.source for each in draft.materials.filter(replaced_at=None)] == ["第一份"]

    def test_an_item_suspended_meanwhile_says_so_and_the_draft_stays(self) -> None:
        of = hall()
        draft = filled(of, MONDAY)
        suspend_item(of.item, note="系统维护", by=TESTS, at=moment("03-03"))
        with pytest.raises(Conflict, match="现在不能申请"):
            submit(draft, key=draft.key, by=of.citizen, at=moment("03-04"))
        assert list(drafts_of(of.citizen, at=moment("03-04"))) == [draft]


class TestSteps:
    def test_a_claim_ends_by_itself_and_the_head_may_hand_it_over(self) -> None:
        of = hall()
        [task] = open_tasks(accepted(of, MONDAY))
        colleague = make.user("handler", of.bureau, full_name="李接手")
        claim(task, by=of.handler, at=MONDAY)
        with pytest.raises(Conflict, match="正由孙办理办理"):
            finish_task(task, by=colleague, at=MONDAY)
        assert claim(task, by=colleague, at=MONDAY + timedelta(minutes=31)).assignee == colleague
        with pytest.raises(Refused):
            hand_over(task, to=of.handler, by=of.window, at=MONDAY)
        assert hand_over(task, to=of.handler, by=of.head, at=MONDAY).assignee == of.handler
        with pytest.raises(Refused):
            hand_over(task, to=make.user(), by=of.head, at=MONDAY)

    def test_who_disagrees_says_why(self) -> None:
        of = hall()
        [task] = open_tasks(accepted(of, MONDAY))
        with pytest.raises(BadInput, match="不同意要写明理由"):
            finish_task(task, verdict="disagree", by=of.handler, at=MONDAY)
        assert finish_task(task, verdict="disagree", words="缺少论证", by=of.handler, at=MONDAY)
        with pytest.raises(Conflict, match="已经办结"):
            finish_task(task, by=of.handler, at=MONDAY)

    def test_a_step_may_be_gone_once_more(self) -> None:
        steps = [Step(name="初审", kind=StepKind.EXAMINE), Step(name="复审", kind=StepKind.EXAMINE)]
        of = hall(a_guide(steps=steps))
        case = accepted(of, MONDAY)
        finish_task(open_tasks(case)[0], by=of.handler, at=MONDAY)
        case = return_to_step(case, stage=1, words="重新核对", by=of.head, at=MONDAY)
        [again] = open_tasks(case)
        assert (again.name, again.round) == ("初审", 2)
        told = story(case, at=MONDAY)
        assert [each.ending for each in told.tasks] == ["done", "done", "returned", ""]
        finish_task(again, by=of.handler, at=MONDAY)
        assert [(each.name, each.round) for each in open_tasks(case)] == [("复审", 2)]


def test_who_has_it_is_a_desk_or_a_person_and_never_the_system() -> None:
    of = hall()
    case = submitted(of, MONDAY)
    assert story(case, at=MONDAY).holders == ["示例县水利局 受理岗"]
    claim(open_tasks(case)[0], by=of.window, at=MONDAY)
    assert story(case, at=MONDAY).holders == ["示例县水利局 郑窗口"]
