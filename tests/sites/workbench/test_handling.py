"""Desks, the case page and the pages of acts, as those who handle see them."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from openpyxl import load_workbook
from tests import factories as make
from tests.cases.hall import (
    Hall,
    a_guide,
    accepted,
    committed,
    examined,
    fresh,
    hall,
    later,
    moment,
    open_tasks,
    submitted,
)

from banshi.cases.actions import (
    Wanted,
    accept,
    attach_material,
    claim,
    close_stop,
    decide,
    deliver,
    finish_task,
    hand_over,
    open_stop,
    refuse_to_accept,
    request_supplement,
    supply,
    withdraw,
)
from banshi.cases.models import Case, CaseTask, CreditEntry, Promise
from banshi.catalog.enums import StepKind
from banshi.catalog.guide.document import Material, Step, TimeLimit
from banshi.core.clock import now, stopped_at
from banshi.core.errors import BadInput, Conflict
from banshi.ledger.models import LedgerEntry
from banshi.papers.models import Paper
from banshi.papers.queries import papers_about
from banshi.people.models import User
from banshi.sites.portal.following.whereabouts import TONES
from banshi.sites.workbench.templatetags.workbench import CASE_TONES

pytestmark = pytest.mark.django_db


@pytest.fixture
def of() -> Hall:
    return hall()


def as_(who: User) -> Client:
    client = Client()
    client.force_login(who, backend=settings.AUTHENTICATION_BACKENDS[-1])
    session = client.session
    session.update({"staff": True, "ready": True})
    session.save()
    return client


def text(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


def done(who: User, case: Case, act: str, **typed: Any) -> Any:
    """What confirming an act leads to."""
    return as_(who).post(f"/work/cases/{case.pk}/act/{act}/", {**typed, "confirmed": "1"})


def test_a_case_goes_its_way_by_the_pages_alone(of: Hall) -> None:
    case = submitted(of, now())
    assert case.number in text(as_(of.window).get("/work/cases/"))
    assert done(of.window, case, "accept").status_code == 302
    [task] = open_tasks(case)
    handler = as_(of.handler)
    assert handler.post(f"/work/cases/tasks/{task.pk}/take/").status_code == 302
    assert case.number in text(handler.get("/work/cases/?show=mine"))
    assert handler.post(f"/work/cases/tasks/{task.pk}/finish/", {"verdict": "agree"}).status_code == 302
    assert done(of.head, case, "grant", words="符合条件").status_code == 302
    assert done(of.window, case, "deliver", way="window").status_code == 302
    assert fresh(case).state == "delivered"
    assert "已办结" in text(as_(of.window).get(f"/work/cases/{case.pk}/"))


def test_an_act_tells_its_effect_its_clock_its_article_and_its_paper_first(of: Hall) -> None:
    case = submitted(of, now())
    page = text(as_(of.window).get(f"/work/cases/{case.pk}/act/supplement/"))
    for said in ("只能要求一次", "受理期限停止", "第三十二条", "补正通知书", "取水申请书", "手机号"):
        assert said in page
    assert "孩子的姓名" not in page, "who applies for oneself was not asked for a child"
    typed = {"material_0": "没有盖章", "words": "请一次补齐"}
    preview = text(as_(of.window).post(f"/work/cases/{case.pk}/act/supplement/", typed))
    assert "核对一遍" in preview and "没有盖章" in preview
    again = done(of.window, case, "supplement", edit="1", **typed)
    assert "下一步：核对" in text(again) and "没有盖章" in text(again)
    assert fresh(case).state == "received"
    assert done(of.window, case, "supplement", **typed).status_code == 302
    assert fresh(case).state == "supplementing"
    assert "没有盖章" in text(as_(of.window).get(f"/work/cases/{case.pk}/"))


def test_what_was_typed_and_not_taken_is_shown_again(of: Hall) -> None:
    case = submitted(of, now())
    answer = as_(of.window).post(f"/work/cases/{case.pk}/act/supplement/", {"words": "请补"})
    assert answer.status_code == 422
    assert "请写明要补正什么" in answer.content.decode() and "请补" in answer.content.decode()


def test_an_act_the_state_or_the_post_does_not_give_is_not_offered_and_refused(of: Hall) -> None:
    case = submitted(of, now())
    page = text(as_(of.handler).get(f"/work/cases/{case.pk}/"))
    assert f"/work/cases/{case.pk}/act/accept/" in page
    assert f"/work/cases/{case.pk}/act/grant/" not in page
    assert as_(of.handler).get(f"/work/cases/{case.pk}/act/grant/").status_code == 403
    assert as_(of.handler).get(f"/work/cases/{case.pk}/act/none/").status_code == 404


def test_an_act_pressed_twice_tells_who_did_it_when_and_leads_back_to_the_case(of: Hall) -> None:
    case = submitted(of, now())
    typed = {"material_0": "没有盖章", "words": "请一次补齐"}
    assert done(of.window, case, "supplement", **typed).status_code == 302
    again = done(of.window, case, "supplement", **typed)
    assert again.status_code == 409
    page = again.content.decode()
    assert f"{of.window}" in page and "已经办过“要求补正”，办件现在“待补正”" in page
    assert f'href="/work/cases/{case.pk}/"' in page and "没有盖章" in page
    assert case.acts.filter(kind="ask_supplement").count() == 1


def test_a_step_a_colleague_took_meanwhile_is_refused_on_its_page_with_what_was_typed(of: Hall) -> None:
    case = accepted(of, now())
    [task] = open_tasks(case)
    claim(task, by=of.handler, at=now())
    other = make.user("handler", of.bureau, full_name="吴同事")
    answer = as_(other).post(f"/work/cases/tasks/{task.pk}/finish/", {"verdict": "agree", "words": "材料齐全"})
    page = answer.content.decode()
    assert answer.status_code == 409 and f"正由{of.handler}办理" in page and "材料齐全" in page
    assert f'href="/work/cases/{case.pk}/"' in page


def test_two_take_one_step_and_the_second_is_told(of: Hall) -> None:
    case = accepted(of, now())
    [task] = open_tasks(case)
    other = make.user("handler", of.bureau, full_name="吴同事")
    assert as_(of.handler).post(f"/work/cases/tasks/{task.pk}/take/").status_code == 302
    answer = as_(other).post(f"/work/cases/tasks/{task.pk}/take/")
    assert answer.status_code == 409
    assert "正由孙办理办理" in answer.content.decode()
    assert CaseTask.objects.get(pk=task.pk).assignee == of.handler


def test_a_step_is_given_back_and_handed_over(of: Hall) -> None:
    case = accepted(of, now())
    [task] = open_tasks(case)
    address = f"/work/cases/tasks/{task.pk}"
    as_(of.handler).post(f"{address}/take/")
    assert as_(of.handler).post(f"{address}/release/").status_code == 302
    assert CaseTask.objects.get(pk=task.pk).assignee is None
    assert "孙办理" in text(as_(of.head).get(f"{address}/hand-over/"))
    assert as_(of.head).post(f"{address}/hand-over/", {"to": of.handler.pk}).status_code == 302
    assert CaseTask.objects.get(pk=task.pk).assignee == of.handler


def test_several_are_taken_at_once_or_none(of: Hall) -> None:
    tasks = [open_tasks(accepted(of, now()))[0].pk for _ in range(3)]
    assert as_(of.handler).post("/work/cases/take/", {"task": [*tasks, 99999]}).status_code == 409
    none = as_(of.handler).post("/work/cases/take/")
    assert none.status_code == 422 and "还没有选办件" in none.content.decode()
    assert not CaseTask.objects.exclude(assignee=None).filter(pk__in=tasks).exists()
    assert as_(of.handler).post("/work/cases/take/", {"task": tasks}).status_code == 302
    assert CaseTask.objects.filter(assignee=of.handler, pk__in=tasks).count() == 3


def test_who_looks_at_the_applicant_is_recorded(of: Hall) -> None:
    case = submitted(of, now(), name="林小例")
    page = text(as_(of.window).get(f"/work/cases/{case.pk}/"))
    assert "林小例" not in page and case.applicant_masked in page
    assert not LedgerEntry.objects.filter(action="cases.look").exists()
    seen = text(as_(of.window).post(f"/work/cases/{case.pk}/applicant/"))
    assert "林小例" in seen and "13800000000" in seen
    entry = LedgerEntry.objects.get(action="cases.look")
    assert entry.actor == of.window.ledger_id and entry.facts["what"] == "applicant"


def test_another_organ_with_a_step_sees_the_case_and_acts_on_its_step_alone() -> None:
    fire = make.organ("示例县消防救援局")
    steps = [
        Step(name="受理", kind=StepKind.ACCEPT),
        Step(name="消防审查", kind=StepKind.EXAMINE, actor="示例县消防救援局", group="联合审查"),
        Step(name="审查", kind=StepKind.EXAMINE, group="联合审查"),
        Step(name="决定", kind=StepKind.DECIDE),
    ]
    of = hall(a_guide(steps=steps))
    case = submitted(of, now())
    fireman = make.user("handler", fire)
    assert as_(fireman).get(f"/work/cases/{case.pk}/").status_code == 404
    case = done(of.window, case, "accept") and fresh(case)
    page = text(as_(fireman).get(f"/work/cases/{case.pk}/"))
    theirs, ours = open_tasks(case)
    assert f"/work/cases/tasks/{theirs.pk}/take/" in page
    assert f"/work/cases/tasks/{ours.pk}/take/" not in page
    assert as_(fireman).post(f"/work/cases/tasks/{ours.pk}/take/").status_code == 403
    assert as_(fireman).post(f"/work/cases/tasks/{theirs.pk}/finish/", {"verdict": "agree"}).status_code == 302


def two_offices(**more: Any) -> tuple[Hall, Any]:
    """A case that its bureau and the fire brigade examine side by side."""
    fire = make.organ("示例县消防救援局")
    steps = [
        Step(name="受理", kind=StepKind.ACCEPT),
        Step(name="消防审查", kind=StepKind.EXAMINE, actor=fire.name, group="联合审查", limit=TimeLimit(value=5)),
        Step(name="审查", kind=StepKind.EXAMINE, group="联合审查"),
        Step(name="决定", kind=StepKind.DECIDE),
    ]
    return hall(a_guide(steps=steps)), fire


def test_the_lead_sees_what_others_have_in_hand_and_until_when_but_does_nothing_of_it() -> None:
    of, fire = two_offices()
    with stopped_at(moment("03-02")):
        case = accepted(of, now())
        theirs, ours = open_tasks(case)
        finish_task(ours, by=of.handler, at=now())
        fireman = make.user("handler", fire, full_name="马消防")
        claim(theirs, by=fireman, at=now())
        for who in (of.handler, of.head, of.window):
            assert case.number not in text(as_(who).get("/work/cases/?show=unit"))
            page = text(as_(who).get("/work/cases/?show=elsewhere"))
            assert case.number in page and "马消防" in page and "3月9日止" in page and "消防救援局" in page
            assert 'name="task"' not in page, "nothing of it can be chosen"
        assert as_(of.head).post(f"/work/cases/tasks/{theirs.pk}/take/").status_code == 403
        assert as_(of.head).post("/work/cases/take/", {"task": theirs.pk}).status_code == 409
        stranger = make.user("handler", make.organ())
        assert case.number not in text(as_(stranger).get("/work/cases/?show=elsewhere"))
        finish_task(theirs, by=fireman, at=now())
        assert case.number not in text(as_(of.head).get("/work/cases/?show=elsewhere"))
        assert case.number in text(as_(of.head).get("/work/cases/?show=unit"))


def test_who_the_applicant_is_stays_with_a_helper_only_while_it_helps() -> None:
    of, fire = two_offices()
    case = accepted(of, now())
    theirs, _ = open_tasks(case)
    fireman = make.user("handler", fire)
    address = f"/work/cases/{case.pk}/applicant/"
    assert address in text(as_(fireman).get(f"/work/cases/{case.pk}/"))
    assert as_(fireman).post(address).status_code == 200
    finish_task(theirs, by=fireman, at=now())
    page = text(as_(fireman).get(f"/work/cases/{case.pk}/"))
    assert address not in page and case.applicant_masked in page
    paper = papers_about(case.number).get(kind="acceptance")
    for closed in (address, f"/work/cases/{case.pk}/papers/{paper.pk}/"):
        refused = as_(fireman).post(closed)
        assert refused.status_code == 403 and "没有正在办的环节" in refused.content.decode()
    assert as_(of.handler).post(address).status_code == 200


def test_the_opinion_of_who_helped_stands_before_who_decides_and_goes_with_the_helpers_part() -> None:
    of, fire = two_offices()
    case = accepted(of, now())
    theirs, ours = open_tasks(case)
    fireman = make.user("handler", fire)
    finish_task(theirs, verdict="disagree", words="没有消防通道", by=fireman, at=now())
    finish_task(ours, words="水量够", by=of.handler, at=now())
    page = text(as_(of.head).get(f"/work/cases/{case.pk}/"))
    assert "没有消防通道" in page and "水量够" in page and "有不同意的意见" in page
    assert "没有消防通道" not in text(as_(fireman).get(f"/work/cases/{case.pk}/"))


def test_the_head_of_a_helper_gives_its_step_to_a_colleague() -> None:
    of, fire = two_offices()
    case = accepted(of, now())
    theirs, ours = open_tasks(case)
    page = text(as_(make.user("head", fire)).get(f"/work/cases/{case.pk}/"))
    assert f"/work/cases/tasks/{theirs.pk}/hand-over/" in page
    assert f"/work/cases/tasks/{ours.pk}/hand-over/" not in page


def test_produce_and_all_only_steps_that_end_by_themselves_are_offered_to_be_finished() -> None:
    kinds = (StepKind.ACCEPT, StepKind.DECIDE, StepKind.PRODUCE, StepKind.DELIVER)
    of = hall(a_guide(steps=[Step(name=each.label, kind=each) for each in kinds]))
    case, head = accepted(of, now()), as_(of.head)
    [deciding] = open_tasks(case)
    address = f"/work/cases/{case.pk}/"
    assert f"/work/cases/tasks/{deciding.pk}/finish/" not in text(head.get(address))
    done(of.head, case, "grant")
    [producing] = open_tasks(case)
    page = text(as_(of.handler).get(address))
    assert f"/work/cases/tasks/{producing.pk}/finish/" in page and "/act/deliver/" not in page
    as_(of.handler).post(f"/work/cases/tasks/{producing.pk}/finish/", {"verdict": "agree"})
    [delivering] = open_tasks(case)
    page = text(as_(of.handler).get(address))
    assert f"/work/cases/tasks/{delivering.pk}/finish/" not in page and "/act/deliver/" in page


def test_second_signature_who_signed_first_is_told_that_another_signs_and_not_let_fill_it_in() -> None:
    kinds = (("受理", StepKind.ACCEPT), ("审批", StepKind.DECIDE), ("签发", StepKind.DECIDE))
    of = hall(a_guide(steps=[Step(name=name, kind=kind) for name, kind in kinds]))
    case = accepted(of, now())
    other = make.user("head", of.bureau)
    finish_task(open_tasks(case)[0], by=of.head, at=now())
    page = text(as_(of.head).get(f"/work/cases/{case.pk}/"))
    assert "“审批”是您签的，“签发”要由另一位有决定权限的同事签" in page and "/act/grant/" not in page
    assert as_(of.head).get(f"/work/cases/{case.pk}/act/grant/").status_code == 403
    assert "/act/grant/" in text(as_(other).get(f"/work/cases/{case.pk}/"))


def test_what_is_overdue_and_what_ends_today_are_counted_and_listed_apart(of: Hall) -> None:
    with stopped_at(moment("03-02")):
        late = submitted(of, now())
    with stopped_at(moment("03-03")):
        today = submitted(of, now())
    with stopped_at(moment("03-10")):
        window = as_(of.window)
        page = text(window.get("/work/cases/?show=overdue"))
        assert late.number in page and today.number not in page
        page = text(window.get("/work/cases/?show=today"))
        assert today.number in page and late.number not in page
        first = text(window.get("/work/"))
        assert "1件已超期" in first and "1件今天到期" in first
    with stopped_at(moment("03-08")):  # a Sunday
        page = text(as_(of.window).get("/work/cases/?show=today"))
        assert late.number not in page and today.number not in page


def test_the_desk_asks_the_same_number_of_questions_however_long_it_is(
    of: Hall, django_assert_num_queries: Any
) -> None:
    accepted(of, now())
    client = as_(of.handler)
    client.get("/work/cases/")
    with django_assert_num_queries(DESK):
        client.get("/work/cases/")
    for _ in range(3):
        accepted(of, now())
    with django_assert_num_queries(DESK):
        client.get("/work/cases/")


DESK, CASE, ENDED = 15, 19, 6
"""Questions the pages ask of the database, with one for all the figures of the menu, and one of the desk for what other organs have in hand,
which has an index of its own."""


def test_one_goes_from_case_to_case_by_key(of: Hall) -> None:
    first, second = accepted(of, now()), accepted(of, now())
    page = text(as_(of.handler).get(f"/work/cases/{first.pk}/?show=unit"))
    assert f'/work/cases/{second.pk}/?show=unit"' in page and 'data-key="j"' in page
    assert 'data-key="k"' in text(as_(of.handler).get(f"/work/cases/{second.pk}/?show=unit"))


def test_the_case_page_asks_no_more_the_longer_it_went(of: Hall, django_assert_num_queries: Any) -> None:
    case = accepted(of, now())
    client = as_(of.handler)
    client.get(f"/work/cases/{case.pk}/")
    with django_assert_num_queries(CASE):
        client.get(f"/work/cases/{case.pk}/")
    examined(of, case, now())
    with django_assert_num_queries(CASE):
        client.get(f"/work/cases/{case.pk}/")


def test_a_special_procedure_stops_the_clock_and_says_so(of: Hall) -> None:
    case = accepted(of, now())
    typed = {"procedure": "专家评审", "expected_days": "10", "words": "请三位专家"}
    assert "第二天起停表" in text(as_(of.handler).get(f"/work/cases/{case.pk}/act/stop/"))
    assert done(of.handler, case, "stop", **typed).status_code == 302
    assert case.number in text(as_(of.handler).get("/work/cases/?show=stopped"))
    page = text(as_(of.handler).get(f"/work/cases/{case.pk}/"))
    assert "停表中" in page and "专家评审" in page and "第四十五条" in page
    stop = case.stops.get()
    assert done(of.handler, case, "stop-end", stop=stop.pk, words="通过").status_code == 302
    assert fresh(case).state == "handling"


def test_extension_is_the_heads_once(of: Hall) -> None:
    case = accepted(of, now())
    address = f"/work/cases/{case.pk}/act/extend/"
    assert as_(of.handler).get(address).status_code == 403
    assert "最多10个工作日" in text(as_(of.head).get(address))
    assert done(of.head, case, "extend", days="10", reason="情况复杂").status_code == 302
    assert address not in text(as_(of.head).get(f"/work/cases/{case.pk}/"))
    assert as_(of.head).get(address).status_code == 409
    late = accepted(of, now() - timedelta(days=90))
    assert as_(of.head).get(f"/work/cases/{late.pk}/act/extend/").status_code == 403


def test_suspension_needs_a_law_and_is_resumed(of: Hall) -> None:
    case = accepted(of, now())
    wrong = done(of.head, case, "suspend", reason="等判决", basis="有人说过")
    assert wrong.status_code == 422 and "依据" in wrong.content.decode()
    assert done(of.head, case, "suspend", reason="等判决", basis="《工伤保险条例》第二十条第三款").status_code == 302
    assert done(of.head, case, "resume", words="判决已经生效").status_code == 302
    assert fresh(case).state == "handling"


def test_what_was_granted_can_be_revoked_with_a_reason(of: Hall) -> None:
    case = examined(of, accepted(of, now()), now())
    assert done(of.head, case, "grant").status_code == 302
    assert done(of.head, case, "revoke", reason="承诺不实", basis="《示例办法》第九条").status_code == 302
    assert fresh(case).outcome.revoked_at


def test_a_paper_is_opened_by_who_may_and_the_look_recorded(of: Hall) -> None:
    case = accepted(of, now())
    paper = papers_about(case.number).get(kind="acceptance")
    assert "受理通知书" in text(as_(of.handler).get(f"/work/cases/{case.pk}/"))
    answer = as_(of.handler).post(f"/work/cases/{case.pk}/papers/{paper.pk}/")
    assert answer["Content-Type"] == "application/pdf" and b"".join(answer.streaming_content).startswith(b"%PDF")
    assert LedgerEntry.objects.get(action="cases.look").facts["number"] == paper.number
    assert as_(make.user("handler", make.organ())).post(f"/work/cases/{case.pk}/papers/{paper.pk}/").status_code == 404


def test_what_waits_for_a_desk_stands_under_today_with_its_last_day(of: Hall) -> None:
    case = submitted(of, now())
    for who, sees in ((of.window, True), (make.user("handler", make.organ()), False)):
        shown = text(as_(who).get("/work/"))
        assert (case.number in shown) is sees
        assert ("还有5个工作日" in shown) is sees


def test_every_state_has_its_sign() -> None:
    built = (Path(__file__).parents[3] / "frontend" / "icons.txt").read_text(encoding="utf-8").split()
    signs = {sign for tones in (CASE_TONES, TONES) for _, sign in tones.values()}
    assert signs <= set(built)


def test_a_decision_is_offered_when_the_steps_before_it_are_done(of: Hall) -> None:
    case, head = accepted(of, now()), as_(of.head)
    act = f"/work/cases/{case.pk}/act/grant/"
    assert act not in text(head.get(f"/work/cases/{case.pk}/"))
    examined(of, case, now())
    assert act in text(head.get(f"/work/cases/{case.pk}/"))


def test_what_is_shared_can_not_be_asked_for_again() -> None:
    of = hall(a_guide(materials=[Material(name="申请书"), Material(name="户口簿", shared=True)]))
    case = submitted(of, now())
    form = text(as_(of.window).get(f"/work/cases/{case.pk}/act/supplement/"))
    assert "“申请书”要补什么" in form and "户口簿" not in form
    with pytest.raises(BadInput, match="“户口簿”由数据共享取得"):
        request_supplement(case, wanted=[Wanted("没有交", 1)], by=of.window, at=now())


def test_a_day_in_a_year_that_is_not_arranged_yet_is_told_with_its_doubt(of: Hall) -> None:
    with stopped_at(moment("12-10")):
        case = accepted(of, now())
        shown = text(as_(of.handler).get(f"/work/cases/{case.pk}/"))
    assert "不早于2027年1月8日" in shown


def test_who_has_bad_credit_is_not_offered_to_bring_papers_later() -> None:
    """F13."""
    of = hall(a_guide(materials=[Material(name="申请书"), later("平面图")]))
    case = submitted(of, now(), positions=[0])
    act, window = f"/work/cases/{case.pk}/act/defer/", as_(of.window)
    assert act in text(window.get(f"/work/cases/{case.pk}/"))
    CreditEntry.objects.create(user=of.citizen, ground="承诺不实", entered_at=now())
    page = text(window.get(f"/work/cases/{case.pk}/"))
    assert act not in page and "有失信记录，不能容缺" in page
    assert window.get(act).status_code == 403


def test_the_desk_goes_along_from_act_to_act(of: Hall) -> None:
    case = submitted(of, now())
    window = as_(of.window)
    page = text(window.get(f"/work/cases/{case.pk}/?show=unit"))
    assert f"/work/cases/{case.pk}/act/accept/?show=unit" in page
    led = window.post(f"/work/cases/{case.pk}/act/accept/?show=unit", {"confirmed": "1"})
    assert led.url == f"/work/cases/{case.pk}/?show=unit"
    [task] = open_tasks(case)
    taken = as_(of.handler).post(f"/work/cases/tasks/{task.pk}/take/?show=unit&evil=//x")
    assert taken.url == f"/work/cases/{case.pk}/?show=unit"


def test_several_are_accepted_after_one_more_look_or_none(of: Hall) -> None:
    one, other, lacking = submitted(of, now()), submitted(of, now()), submitted(of, now())
    window = as_(of.window)
    keys = [open_tasks(each)[0].pk for each in (one, other)]
    page = window.post("/work/cases/accept/", {"task": keys})
    assert "受理2件" in text(page)
    assert fresh(one).state == "received", "nothing is done before the second press"
    lacking.application.materials.all().delete()
    refused = window.post("/work/cases/accept/", {"task": [*keys, open_tasks(lacking)[0].pk], "confirmed": "1"})
    assert refused.status_code == 409
    assert "一件也没有受理" in refused.content.decode()
    assert {fresh(one).state, fresh(other).state} == {"received"}
    told = text(window.post("/work/cases/accept/", {"task": keys, "confirmed": "1"}, follow=True))
    assert f"受理了2件（{one.number}、{other.number}），受理通知书已经出具" in told
    assert {fresh(one).state, fresh(other).state} == {"handling"}
    begun = as_(of.handler).post("/work/cases/accept/", {"task": [open_tasks(one)[0].pk]})
    assert "不是在等受理" in begun.content.decode()


def test_several_are_handed_over_to_one_who_may_do_all_of_them(of: Hall) -> None:
    cases, colleague = [accepted(of, now()), accepted(of, now())], make.user("handler", of.bureau, full_name="钱同事")
    keys = [open_tasks(each)[0].pk for each in cases]
    head = as_(of.head)
    assert "钱同事" in text(head.post("/work/cases/hand-over/", {"task": keys}))
    assert head.post("/work/cases/hand-over/", {"task": keys, "confirmed": "1"}).status_code == 422
    head.post("/work/cases/hand-over/", {"task": keys, "confirmed": "1", "to": colleague.pk})
    assert {open_tasks(each)[0].assignee for each in cases} == {colleague}


def test_whoever_may_work_on_a_step_gives_it_to_a_colleague_unless_another_has_it_in_hand(of: Hall) -> None:
    free, taken = accepted(of, now()), accepted(of, now())
    colleague, third = make.user("handler", of.bureau, full_name="钱同事"), make.user("handler", of.bureau)
    keys = [open_tasks(each)[0].pk for each in (free, taken)]
    own = f"/work/cases/tasks/{keys[0]}/hand-over/"
    assert own in text(as_(of.handler).get(f"/work/cases/{free.pk}/"))
    claim(open_tasks(taken)[0], by=third, at=now())
    handler = as_(of.handler)
    refused = handler.post("/work/cases/hand-over/", {"task": keys})
    assert refused.status_code == 409 and taken.number in refused.content.decode(), "told before the form"
    assert f'value="{keys[1]}"' not in text(handler.get("/work/cases/?show=unit"))
    assert f'value="{keys[1]}"' in text(as_(of.head).get("/work/cases/?show=unit"))
    assert "钱同事" in text(handler.post("/work/cases/hand-over/", {"task": keys[0]}))
    given = {"task": keys[0], "confirmed": "1", "to": colleague.pk}
    assert handler.post("/work/cases/hand-over/", given).status_code == 302
    assert open_tasks(free)[0].assignee == colleague
    assert own not in text(handler.get(f"/work/cases/{free.pk}/")), "another has it now"
    with pytest.raises(Conflict, match="正由钱同事办理"):
        hand_over(open_tasks(free)[0], to=of.handler, by=of.handler, at=now())
    assert own in text(as_(colleague).get(f"/work/cases/{free.pk}/"))


def test_a_step_a_colleague_has_in_hand_says_who_until_when_and_offers_nothing_that_is_refused(of: Hall) -> None:
    with stopped_at(moment("03-02", 9)):
        case = accepted(of, now())
        [task] = open_tasks(case)
        claim(task, by=make.user("handler", of.bureau, full_name="吴同事"), at=now())
        page = text(as_(of.handler).get(f"/work/cases/{case.pk}/"))
        assert "吴同事正在办，占用到" in page and "09:30" in page
        for act in ("take", "finish", "hand-over"):
            assert f"/work/cases/tasks/{task.pk}/{act}/" not in page
        assert f"/work/cases/tasks/{task.pk}/hand-over/" in text(as_(of.head).get(f"/work/cases/{case.pk}/"))
        received = submitted(of, now())
        assert f"/work/cases/{received.pk}/act/accept/" in text(as_(of.handler).get(f"/work/cases/{received.pk}/"))
        claim(open_tasks(received)[0], by=of.window, at=now())
        assert f"/work/cases/{received.pk}/act/accept/" not in text(as_(of.handler).get(f"/work/cases/{received.pk}/"))
    with stopped_at(moment("03-02", 10)):
        page = text(as_(of.handler).get(f"/work/cases/{case.pk}/"))
        assert f"/work/cases/tasks/{task.pk}/take/" in page and "正在办，占用到" not in page


def test_a_step_that_waits_for_the_applicant_is_not_offered_to_be_taken(of: Hall) -> None:
    with stopped_at(moment("03-02")):
        case = submitted(of, now())
        take = f"/work/cases/tasks/{open_tasks(case)[0].pk}/take/"
        assert take in text(as_(of.window).get(f"/work/cases/{case.pk}/"))
        request_supplement(case, wanted=[Wanted("没有盖章", 0)], by=of.window, at=now())
        page = text(as_(of.window).get(f"/work/cases/{case.pk}/"))
        assert take not in page and "在等申请人补正（补正最后一天2026年3月23日" in page


def test_a_second_supplement_is_told_of_the_first_and_asks_only_for_the_same(of: Hall) -> None:
    with stopped_at(moment("03-02")):
        case = submitted(of, now())
        asked = [Wanted("没有盖章", 0), Wanted("号码不对", field="phone")]
        request_supplement(case, wanted=asked, by=of.window, at=now())
        attach_material(case.application, 0, None, source="测试", by=of.citizen, at=now())
        supply(case, by=of.citizen, at=now())
        act = f"/work/cases/{case.pk}/act/supplement/"
        told = "已经要求补正过一次：“取水申请书”、“手机号”"
        page, form = text(as_(of.window).get(f"/work/cases/{case.pk}/")), text(as_(of.window).get(act))
        assert told in page and "再要求补正" in page
        assert told in form and "“取水申请书”要补什么" in form and "水资源论证报告" not in form
        assert 'value="phone"' in form and 'value="applicant_name"' not in form
        assert told in text(as_(of.window).post(act, {"material_0": "还是没有盖章"})), "when it is read once more, too"
        assert as_(of.window).post(act, {"answers": "写错了"}).status_code == 422, "which of the questions"
        typed = {"material_0": "还是没有盖章", "questions": "phone", "answers": "少一位"}
        assert done(of.window, case, "supplement", **typed).status_code == 302


def test_a_refusal_to_accept_asks_for_its_ground(of: Hall) -> None:
    case = submitted(of, now())
    page = text(as_(of.window).get(f"/work/cases/{case.pk}/act/refuse/"))
    assert 'value="not_needed"' in page and "still_lacking" not in page, "nothing was asked for yet"
    assert done(of.window, case, "refuse", reason="自愿离职").status_code == 422
    assert done(of.window, case, "refuse", ground="by_law", reason="自愿离职").status_code == 422
    given = {"ground": "by_law", "citation": "《失业保险条例》第十四条", "reason": "自愿离职"}
    preview = text(as_(of.window).post(f"/work/cases/{case.pk}/act/refuse/", given))
    assert "其他情形" in preview and "《失业保险条例》第十四条" in preview
    assert done(of.window, case, "refuse", **given).status_code == 302
    assert "《失业保险条例》第十四条" in text(as_(of.window).get(f"/work/cases/{case.pk}/"))


def test_a_public_notice_that_has_not_passed_is_not_finished_without_a_ground() -> None:
    notice = Step(name="公示", kind=StepKind.OTHER, limit=TimeLimit(value=10))
    of = hall(a_guide(steps=[notice, Step(name="决定", kind=StepKind.DECIDE)]))
    with stopped_at(moment("03-02")):
        case = accepted(of, now())
        [task] = open_tasks(case)
        act = f"/work/cases/tasks/{task.pk}/finish/"
        page = text(as_(of.handler).get(act))
        assert "从2026年3月2日起，到2026年3月16日才满" in page and 'name="early"' in page
        assert as_(of.handler).post(act, {"verdict": "agree", "words": "没有异议"}).status_code == 422
        with pytest.raises(BadInput, match="到2026年3月16日才满"):
            finish_task(task, early=True, by=of.handler, at=now())
    with stopped_at(moment("03-16")):
        assert 'name="early"' not in text(as_(of.handler).get(act))
        assert as_(of.handler).post(act, {"verdict": "agree"}).status_code == 302


def test_a_step_of_an_organ_the_city_does_not_have_says_that_the_lead_has_it() -> None:
    steps = [Step(name="初审", kind=StepKind.EXAMINE, actor="街道"), Step(name="审核", actor="审批科")]
    of = hall(a_guide(steps=steps))
    case = accepted(of, now())
    told = "指南里这个环节写的是“街道”，没有找到叫这个名称的单位，由水利局办"
    assert told in text(as_(of.handler).get(f"/work/cases/{case.pk}/"))
    finish_task(open_tasks(case)[0], by=of.handler, at=now())
    page = text(as_(of.handler).get(f"/work/cases/{case.pk}/"))
    assert "审核" in page and "没有找到叫这个名称的单位" not in page, "a desk of the organ itself"


def test_what_is_refused_at_the_last_press_keeps_what_was_typed_with_a_way_back(of: Hall) -> None:
    with stopped_at(moment("03-02")):
        case = submitted(of, now())
    with stopped_at(moment("03-20")):
        refused = done(of.window, case, "supplement", material_0="没有盖章")
    page = refused.content.decode()
    assert refused.status_code == 409 and "自收到之日起已视为受理" in page
    assert "没有盖章" in page and "“取水申请书”要补什么" in page and f'href="/work/cases/{case.pk}/"' in page


def test_a_paper_that_could_not_be_printed_stands_on_the_desk_until_it_is(of: Hall) -> None:
    paper = submitted(of, now()).acts.get().paper
    assert "打印不出来" not in text(as_(of.window).get("/work/cases/"))
    Paper.objects.filter(pk=paper.pk).update(print_error="排版程序说：没有字体")
    assert "没有字体" in text(as_(of.window).get("/work/cases/"))
    stranger = make.user("handler", make.organ("别的局"))
    assert "没有字体" not in text(as_(stranger).get("/work/cases/"))
    assert as_(stranger).post(f"/work/cases/papers/{paper.pk}/print/").status_code == 404
    as_(of.window).post(f"/work/cases/papers/{paper.pk}/print/")
    assert Paper.objects.get(pk=paper.pk).file
    assert "没有字体" not in text(as_(of.window).get("/work/cases/"))


def test_a_case_that_left_the_desk_is_found_by_its_number_by_who_may_see_it(of: Hall) -> None:
    case = submitted(of, now())
    withdraw(case, by=of.citizen, at=now())
    found = as_(of.window).get(f"/work/cases/?show=unit&q={case.number}")
    assert found.status_code == 302 and found.url == f"/work/cases/{case.pk}/"
    stranger = as_(make.user("window", make.organ(division=make.division("990203", "远方县"))))
    assert "没有符合条件的办件" in text(stranger.get(f"/work/cases/?q={case.number}"))


def test_a_drawn_commitment_stands_under_today_until_it_is_checked(of: Hall) -> None:
    promise = committed(of, now())
    case = accept(promise.application.case, by=of.window, at=now())
    decide(examined(of, case, now()), granted=True, by=of.head, at=now())
    Promise.objects.update(drawn_at=now())
    address = f"/work/cases/{case.pk}/act/check/"
    assert address in text(as_(of.handler).get("/work/"))
    assert address not in text(as_(make.user("handler", make.organ())).get("/work/"))
    assert done(of.handler, case, "check", promise=promise.pk, true="yes", words="回函属实").status_code == 302
    assert address not in text(as_(of.handler).get("/work/"))


def test_a_stop_holds_nobody_whose_step_is_beside_it() -> None:
    of, fire = two_offices()
    case = accepted(of, now())
    theirs, ours = open_tasks(case)
    fireman = make.user("handler", fire)
    stop = open_stop(case, procedure="专家评审", expected_days=5, by=of.handler, at=now())
    assert f"/work/cases/tasks/{theirs.pk}/finish/" in text(as_(fireman).get(f"/work/cases/{case.pk}/"))
    assert not finish_task(theirs, by=fireman, at=now())
    with pytest.raises(Conflict, match="不能办结环节"):
        finish_task(ours, by=of.handler, at=now())
    assert f"/work/cases/tasks/{ours.pk}/finish/" not in text(as_(of.handler).get(f"/work/cases/{case.pk}/"))
    close_stop(stop, by=of.handler, at=now())
    assert finish_task(ours, by=of.handler, at=now())


class TestEnded:
    def refused(self, of: Hall, **more: Any) -> Case:
        case = submitted(of, now(), **more)
        return refuse_to_accept(case, ground="not_needed", reason="不用办", by=of.window, at=now())

    def test_the_desk_lists_what_ended_for_the_organ_and_for_me(self, of: Hall) -> None:
        running, refused, done = accepted(of, now()), self.refused(of), accepted(of, now())
        decide(examined(of, done, now()), granted=True, by=of.head, at=now())
        deliver(done, way="window", by=of.window, at=now())
        page = text(as_(of.head).get("/work/cases/ended/"))
        assert refused.number in page and done.number in page and running.number not in page
        assert page.index(done.number) < page.index(refused.number), "what ended last stands first"
        mine = text(as_(of.head).get("/work/cases/ended/?whose=mine"))
        assert done.number in mine and refused.number not in mine
        narrowed = text(as_(of.head).get("/work/cases/ended/?state=refused"))
        assert refused.number in narrowed and done.number not in narrowed
        assert refused.number not in text(as_(of.head).get("/work/cases/ended/?until=2020-01-01"))
        assert "/work/cases/ended/" in text(as_(of.head).get("/work/cases/"))

    def test_it_leaves_as_a_workbook_with_masked_names(self, of: Hall) -> None:
        refused = self.refused(of)
        sent = as_(of.head).get("/work/cases/ended/export.xlsx")
        sheet = load_workbook(BytesIO(b"".join(sent.streaming_content))).active  # type: ignore[attr-defined]
        assert sheet is not None
        [_, row] = sheet.iter_rows(values_only=True)
        assert row[0] == refused.number and row[2] == refused.applicant_masked and row[4] == "不予受理"

    def test_other_organs_see_none_of_it(self, of: Hall) -> None:
        refused = self.refused(of)
        stranger = make.user("head", make.organ("示例县民政局"))
        assert refused.number not in text(as_(stranger).get("/work/cases/ended/"))
        assert refused.number in text(as_(of.head).get("/work/cases/ended/"))

    def test_it_asks_no_more_the_longer_it_is(self, of: Hall, django_assert_num_queries: Any) -> None:
        self.refused(of)
        client = as_(of.handler)
        client.get("/work/cases/ended/")
        with django_assert_num_queries(ENDED):
            client.get("/work/cases/ended/")
        for _ in range(3):
            self.refused(of)
        with django_assert_num_queries(ENDED):
            client.get("/work/cases/ended/")


def test_a_step_that_waits_for_a_supplement_is_in_nobodys_hand(of: Hall) -> None:
    case, colleague = submitted(of, now()), make.user("window", of.bureau)
    claim(open_tasks(case)[0], by=of.window, at=now())
    request_supplement(case, wanted=[Wanted("看不清", 0)], by=of.window, at=now())
    page = text(as_(colleague).get(f"/work/cases/{case.pk}/"))
    assert "在等申请人补正" in page and "正在办，占用到" not in page
