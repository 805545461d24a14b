"""Following one's case: where it is, who has it, until when and why; what is asked; nobody else's business."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader
from tests import factories as make
from tests.cases.hall import Hall, a_guide, accepted, examined, filled, fresh, granted, hall, later, moment, submitted
from tests.uploads.pictures import photo

from banshi.cases.actions import (
    Wanted,
    accept,
    agree_to_deferral,
    answer_dispute,
    attach_material,
    deliver,
    look_at_applicant,
    offer_deferral,
    open_stop,
    refuse_to_accept,
    request_supplement,
    revoke_outcome,
    save_answers,
    submit,
    terminate,
)
from banshi.cases.models import Case
from banshi.cases.queries import code_of, looks_at
from banshi.cases.sealing import ANSWERS, APPLICANT, opened
from banshi.catalog.enums import Necessity
from banshi.catalog.guide.document import Material
from banshi.core.clock import stopped_at
from banshi.core.errors import BadInput
from banshi.files import open_file
from banshi.notifications.models import Notification
from banshi.papers.models import Paper
from banshi.papers.queries import papers_about

pytestmark = pytest.mark.django_db
MONDAY, LATER, TUESDAY = moment("03-02"), moment("03-02", 10), moment("03-03")


@pytest.fixture(autouse=True)
def on_tuesday() -> Any:
    with stopped_at(TUESDAY):
        yield


def signed_in(who: Any) -> Client:
    client = Client()
    client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def page(of: Hall, case: Case) -> str:
    response = signed_in(of.citizen).get(reverse("portal:my-case", args=[case.pk]))
    assert response.status_code == 200
    return tight(response)


def tight(response: Any) -> str:
    """A page without the white space of its markup."""
    return re.sub(r">\s+|\s+<|\s{2,}", lambda found: found[0].strip(), response.content.decode())


def asked(number: str, code: str, client: Client | None = None) -> Any:
    return (client or Client()).post(reverse("portal:progress"), {"number": number, "code": code}, follow=True)


def test_while_the_clock_stands_still_no_day_is_told() -> None:
    of = hall()
    case = accepted(of, MONDAY)
    open_stop(case, procedure="鉴定", expected_days=5, words="需要鉴定", by=of.handler, at=LATER)
    told = page(of, case)
    assert "计时停着，恢复以后才算得出是哪天" in told
    assert "：以前" not in told


def test_the_page_says_where_it_is_who_has_it_until_when_and_why() -> None:
    of = hall()
    case = accepted(of, MONDAY)
    said = page(of, case)
    assert "办理中" in said
    assert "示例县水利局 审查岗" in said and "系统" not in said.partition("现在在谁手里")[2][:100]
    assert "作出决定（承诺时限）：2026年3月30日（周一）以前" in said
    assert "为什么是这一天" in said and "还有19个工作日" in said


def test_its_papers_are_downloaded_also_before_anybody_has_printed_them() -> None:
    of = hall()
    case = accepted(of, MONDAY)
    said = page(of, case)
    acceptance = papers_about(case.number).get(kind="acceptance")
    address = reverse("portal:my-case-paper", args=[case.pk, acceptance.code])
    assert address in said and acceptance.number in said
    assert acceptance.file is None
    sent = signed_in(of.citizen).get(address)
    assert b"".join(sent.streaming_content).startswith(b"%PDF")
    assert Paper.objects.get(pk=acceptance.pk).file is not None


def test_nobody_else_sees_it_nor_learns_that_it_exists() -> None:
    of = hall()
    case = accepted(of, MONDAY)
    code = papers_about(case.number)[0].code
    for name, more in (("my-case", []), ("my-case-withdraw", []), ("my-case-paper", [code])):
        address = reverse(f"portal:{name}", args=[case.pk, *more])
        for stranger in (make.user(), of.head, make.user("admin", make.organ())):
            assert signed_in(stranger).get(address).status_code == 404
        assert Client().get(address).status_code == 302


def test_without_an_account_one_reads_what_may_come_later_and_until_when() -> None:
    of = hall(materials=[Material(name="申请书"), later("平面图")])
    case = submitted(of, MONDAY, positions=[0])
    until = date(2026, 3, 9)
    offer_deferral(case, positions=[1], until=until, by=of.window, at=MONDAY)
    said = tight(asked(case.number, code_of(case)))
    assert "可以先承诺、后补交：平面图" in said and "3月9日" in said
    with stopped_at(MONDAY):
        agree_to_deferral(case, by=of.citizen, at=MONDAY)
        accept(case, by=of.window, at=MONDAY)
        assert "以前要补交：平面图" in tight(asked(case.number, code_of(case)))


def test_what_is_asked_is_photographed_and_sent_once() -> None:
    of = hall()
    case = submitted(of, MONDAY)
    request_supplement(case, wanted=[Wanted("照片不清楚，请重拍", 0)], words="见清单", by=of.window, at=LATER)
    said = page(of, case)
    assert "要您做的" in said and "照片不清楚，请重拍" in said and "申请人" in said and "最后一天是" in said
    client = signed_in(of.citizen)
    supply = reverse("portal:my-case-supply", args=[case.pk])
    refused = client.post(supply)
    assert refused.status_code == 422 and "还没有补交“取水申请书”" in refused.content.decode()
    upload = reverse("portal:my-case-material", args=[case.pk, 0])
    assert "再按“都补齐了，提交”" in client.post(upload, {"files": [photo(), photo()]}, follow=True).content.decode()
    assert "已上传" in page(of, case)
    assert client.post(supply).status_code == 302
    case.refresh_from_db()
    assert case.state == "received"
    assert "要您做的" not in page(of, case)


def test_a_file_that_can_not_be_used_is_told_beside_its_line_and_nothing_is_lost() -> None:
    of = hall()
    case = submitted(of, MONDAY)
    request_supplement(case, wanted=[Wanted("缺一份", 0)], by=of.window, at=LATER)
    wrong = photo("坏.jpg")
    wrong.file.truncate(300)
    response = signed_in(of.citizen).post(reverse("portal:my-case-material", args=[case.pk, 0]), {"files": [wrong]})
    assert response.status_code == 422
    assert "已损坏" in response.content.decode()


def test_papers_that_may_come_later_are_promised_and_brought() -> None:
    of = hall(a_guide(materials=[Material(name="申请书"), Material(name="体检表", necessity=Necessity.LATER)]))
    case = submitted(of, MONDAY, positions=[0])
    offer_deferral(case, positions=[1], until=moment("03-10").date(), form="原件", by=of.window, at=MONDAY)
    assert "我承诺按时补交" in page(of, case) and "2026年3月10日（周二）以前" in page(of, case)
    client = signed_in(of.citizen)
    client.post(reverse("portal:my-case-promise", args=[case.pk]))
    accept(case, by=of.window, at=TUESDAY)
    said = page(of, case)
    assert "您承诺补交的" in said and "2026年3月10日（周二）以前" in said


def test_who_is_turned_away_reads_why_where_to_go_and_the_remedies() -> None:
    of = hall()
    case = refuse_to_accept(
        submitted(of, MONDAY),
        ground="not_needed",
        reason="不需要许可",
        where="示例县住建局窗口",
        by=of.window,
        at=MONDAY,
    )
    said = page(of, case)
    assert "不需要许可" in said and "可以到：示例县住建局窗口" in said and "行政复议" in said


def test_one_withdraws_before_the_decision_and_not_after() -> None:
    of = hall()
    case = accepted(of, MONDAY)
    address = reverse("portal:my-case-withdraw", args=[case.pk])
    assert address in page(of, case)
    client = signed_in(of.citizen)
    assert "撤回" in client.get(address).content.decode()
    assert client.post(address, {"words": "不办了"}).status_code == 302
    case.refresh_from_db()
    assert case.state == "withdrawn"
    done = granted(of, MONDAY).case
    assert reverse("portal:my-case-withdraw", args=[done.pk]) not in page(of, done)


def test_what_was_decided_stands_before_where_the_case_is() -> None:
    of = hall()
    assert "办理结果" not in page(of, accepted(of, MONDAY))
    said = page(of, granted(of, MONDAY).case)
    assert said.index(">办理结果<") < said.index("准予决定书") < said.index("承办单位</dt>")


def test_each_look_at_ones_data_is_shown() -> None:
    of = hall()
    case = accepted(of, MONDAY)
    assert "还没有工作人员打开过" in page(of, case)
    look_at_applicant(case, by=of.handler, at=TUESDAY)
    said = page(of, case)
    assert "孙办理" in said and "还没有工作人员打开过" not in said


def test_a_notice_leads_to_the_page() -> None:
    of = hall()
    case = accepted(of, MONDAY)
    newest = Notification.objects.filter(user=of.citizen).latest("pk")
    assert (newest.page, newest.key) == ("case", str(case.pk))


def test_with_number_and_code_anyone_sees_where_it_is_and_nothing_personal() -> None:
    of = hall()
    case = examined(of, accepted(of, MONDAY), MONDAY)
    said = tight(asked(f" {case.number} ", f"{code_of(case).lower()}。"))  # as it was copied from the page
    for words in ("取水许可", "办理中", "示例县水利局 决定岗", "2026年3月30日", "为什么是这一天"):
        assert words in said
    for secret in ("林小例", "13800000000", "取水申请书", papers_about(case.number)[0].code):
        assert secret not in said


def test_what_has_to_be_supplemented_is_named_without_what_is_wrong_with_it() -> None:
    of = hall()
    case = submitted(of, MONDAY)
    request_supplement(case, wanted=[Wanted("身份证号末位不对", 0)], by=of.window, at=MONDAY)
    said = asked(case.number, code_of(case)).content.decode()
    assert "取水申请书" in said and "末位不对" not in said


def test_after_its_last_day_a_supplement_is_told_to_be_late() -> None:
    of = hall()
    case = submitted(of, MONDAY)
    request_supplement(case, wanted=[Wanted("照片不清楚，请重拍", 0)], by=of.window, at=MONDAY)
    for day, late in ((MONDAY, False), (MONDAY + timedelta(days=60), True)):
        with stopped_at(day):
            mine, public = page(of, case), tight(asked(case.number, code_of(case)))
        assert ("已经过了，单位可以终止办理" in mine) is ("已经过了，单位可以终止办理" in public) is late
        assert ("当天也可以" in mine) is ("要补正，最后一天是2026年3月23日" in public) is not late
        for said in (mine, public):
            assert "为什么是这一天" in said and "期限15个工作日，休息日和法定节假日不算" in said
        assert ("现在补齐仍然收" in mine) is ("现在补齐仍然收" in public) is late


def test_a_last_day_the_notice_sets_is_explained_by_it() -> None:
    of = hall()
    case = submitted(of, MONDAY)
    saturday = date(2026, 3, 7)
    request_supplement(case, wanted=[Wanted("看不清", 0)], until=saturday, by=of.window, at=MONDAY)
    said = page(of, case)
    assert "发的补正通知书写明，最后一天是2026年3月7日" in said
    assert "那天是休息日，顺延到下一个工作日2026年3月9日" in said


def test_what_is_supplied_late_is_marked_on_both_sides_and_not_taken_once_it_has_ended() -> None:
    of = hall()
    case, ended = submitted(of, MONDAY), submitted(of, MONDAY)
    late = MONDAY + timedelta(days=30)  # 9 days after 3月23日
    for each in (case, ended):
        request_supplement(each, wanted=[Wanted("看不清", 0)], by=of.window, at=MONDAY)
    with stopped_at(late):
        desk = tight(signed_in(of.window).get(reverse("workbench:case", args=[case.pk])))
        assert "补正过期9天" in desk
        mine = signed_in(of.citizen)
        mine.post(reverse("portal:my-case-material", args=[case.pk, 0]), {"files": [photo()]})
        mine.post(reverse("portal:my-case-supply", args=[case.pk]))
        assert fresh(case).state == "received"
        assert "比补正的最后一天晚了9天" in page(of, case)
        desk = tight(signed_in(of.window).get(reverse("workbench:case", args=[case.pk])))
        assert "逾期补正" in desk and "补正过期" not in desk
        terminate(ended, reason="到期没有补正", by=of.head, at=late)
        refused = [
            mine.post(reverse("portal:my-case-material", args=[ended.pk, 0]), {"files": [photo()]}),
            mine.post(reverse("portal:my-case-supply", args=[ended.pk])),
        ]
        for answer in refused:
            said = answer.content.decode()
            assert answer.status_code == 409 and "已经结束（终止办理，2026年4月1日）" in said and "重新申请" in said
    said = Notification.objects.filter(user=of.citizen, key=str(case.pk)).latest("pk").body
    assert "晚了9天，已经注明" in said


@pytest.mark.parametrize("wrong", ["number", "code"])
def test_a_wrong_number_and_a_wrong_code_are_told_alike(wrong: str) -> None:
    case = submitted(hall(), MONDAY)
    given = {"number": case.number, "code": code_of(case), wrong: "2026-99-000001"}
    response = asked(given["number"], given["code"])
    assert response.status_code == 422
    assert "编号和查询码对不上" in response.content.decode()


def test_nobody_guesses_codes_for_long() -> None:
    case = submitted(hall(), MONDAY)
    answers = [asked(case.number, "AAAAAAAA").status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
    shut = asked(case.number, code_of(case))
    assert shut.status_code == 429
    said = shut.content.decode()
    assert case.number in said and code_of(case) not in said, "what was typed stands there, but for the code"
    assert "输错查询码的次数太多了" in said and "您填的内容都在这里" not in said


def test_a_number_spelled_otherwise_gives_no_more_guesses_and_finds_its_case() -> None:
    case = submitted(hall(), MONDAY)
    spaced = case.number.replace("-", " － ")
    assert case.number in asked(spaced, code_of(case).lower()).content.decode()
    answers = [asked(spelled, "AAAAAAAA").status_code for spelled in (case.number, spaced, f"{case.number}。") * 4]
    assert answers == [422] * 10 + [429] * 2


def test_a_character_nobody_sees_is_named() -> None:
    response = asked("2026-12-\x00000345", "AAAAAAAA")
    assert "里面有看不见的空字符" in response.content.decode()


def test_right_codes_count_against_no_limit_of_guessing(settings: Any) -> None:
    settings.PROGRESS_REQUESTS_PER_HOUR = 40
    case = submitted(hall(), MONDAY)
    assert {asked(case.number, code_of(case)).status_code for _ in range(40)} == {200}
    assert asked(case.number, code_of(case)).status_code == 429, "a bound for everything, far higher"


def test_who_has_opened_a_case_goes_on_reading_it_whatever_others_of_the_network_guess() -> None:
    case, mine = submitted(hall(), MONDAY), Client()
    opened = asked(case.number, code_of(case), mine).redirect_chain[-1][0]
    for _ in range(11):
        asked(case.number, "AAAAAAAA")
    assert case.number in mine.get(opened).content.decode()
    assert Client().get(opened).url == reverse("portal:progress"), "nobody else"
    with stopped_at(TUESDAY + timedelta(minutes=31)):
        assert mine.get(opened).url == reverse("portal:progress"), "not for ever"


def test_a_stranger_who_guesses_shuts_out_nobody_else() -> None:
    case, mine = submitted(hall(), MONDAY), Client(REMOTE_ADDR="203.0.113.9")
    for _ in range(11):
        last = asked(case.number, "AAAAAAAA")
    assert last.status_code == 429
    assert asked(case.number, code_of(case), mine).status_code == 200


def test_the_pages_cost_a_known_number_of_queries(django_assert_num_queries: Any) -> None:
    of = hall()
    case = accepted(of, MONDAY)
    client = signed_in(of.citizen)
    page(of, case)
    with django_assert_num_queries(18):
        client.get(reverse("portal:my-case", args=[case.pk]))


def test_answers_that_a_supplement_asks_for_are_corrected_and_nothing_else_is_open() -> None:
    of = hall()
    case = submitted(of, MONDAY)
    client, form = signed_in(of.citizen), reverse("portal:application-page", args=[case.application.guid, 1])
    assert client.get(form).status_code == 302
    wanted = [Wanted("手机打不通，请改", field="填写的内容")]
    request_supplement(case, wanted=wanted, by=of.window, at=LATER)
    begin = reverse("portal:application", args=[case.application.guid])
    assert begin in page(of, case)
    assert "请按补正的要求改好" in client.get(begin, follow=True).content.decode()
    contact = reverse("portal:application-page", args=[case.application.guid, 2])
    client.post(contact, {"phone": "13900000000", "asked": "phone"})
    case.application.refresh_from_db()
    assert opened(case.application.answers_sealed, purpose=ANSWERS)["phone"] == "13900000000"
    check = reverse("portal:application-check", args=[case.application.guid])
    assert client.get(check).url.endswith(f"/my/cases/{case.pk}/#asked")
    assert client.post(reverse("portal:my-case-supply", args=[case.pk])).status_code == 302
    case.refresh_from_db()
    assert case.state == "received"
    assert opened(case.applicant_sealed, purpose=APPLICANT)["phone"] == "13900000000"
    assert client.get(form).status_code == 302


def test_a_single_answer_is_asked_for_and_only_that_one_can_be_corrected() -> None:
    of = hall()
    case = submitted(of, MONDAY)
    with pytest.raises(BadInput, match="表单里没有"):
        request_supplement(case, wanted=[Wanted("请改", field="shoe_size")], by=of.window, at=LATER)
    typed = {"questions": ["phone"], "answers": "打不通，请改", "confirmed": "1"}
    page_of_act = reverse("workbench:case-act", args=[case.pk, "supplement"])
    told = signed_in(of.window).post(page_of_act, {"questions": ["phone"]})
    assert "请写明怎么改" in told.content.decode()
    assert signed_in(of.window).post(page_of_act, typed).status_code == 302
    client = signed_in(of.citizen)
    assert "<strong>手机号</strong>：打不通，请改" in page(of, case)
    form = client.get(reverse("portal:application", args=[case.application.guid]), follow=True).content.decode()
    assert 'name="phone"' in form and 'name="email"' not in form and 'name="applicant_name"' not in form
    with pytest.raises(BadInput, match="只能改补正要求改的"):
        save_answers(case.application, {"email": "a@example.com"}, by=of.citizen, at=LATER)
    contact = reverse("portal:application-page", args=[case.application.guid, 2])
    assert client.post(contact, {"phone": "13900000000", "asked": "phone"}).status_code == 302
    assert client.post(reverse("portal:my-case-supply", args=[case.pk])).status_code == 302
    case.refresh_from_db()
    assert opened(case.applicant_sealed, purpose=APPLICANT)["phone"] == "13900000000"


def test_the_authority_of_an_agent_can_be_asked_for_and_supplied() -> None:
    of = hall()
    more = {"applying_as": "替别人办", "agent_name": "王代办", "agent_number": "530102199003071211"}
    more |= {"principal_name": "李委托", "principal_number": "530102199003071211"}
    draft = filled(of, MONDAY, **more)
    attach_material(draft, 2, None, source="测试", by=of.citizen, at=MONDAY)
    case = submit(draft, key=draft.key, by=of.citizen, at=MONDAY)
    request_supplement(case, wanted=[Wanted("没有双方签名", 2)], by=of.window, at=LATER)
    client = signed_in(of.citizen)
    assert "授权委托书" in page(of, case)
    upload = reverse("portal:my-case-material", args=[case.pk, 2])
    assert client.post(upload, {"files": [photo()]}).status_code == 302
    assert client.post(reverse("portal:my-case-supply", args=[case.pk])).status_code == 302
    case.refresh_from_db()
    assert case.state == "received"


def test_who_signs_in_anew_while_sending_comes_back_to_the_case() -> None:
    of = hall()
    case = submitted(of, MONDAY)
    request_supplement(case, wanted=[Wanted("重拍", 0)], by=of.window, at=LATER)
    for name, more in (("my-case-material", [0]), ("my-case-supply", []), ("my-case-promise", [])):
        address = reverse(f"portal:{name}", args=[case.pk, *more])
        assert address in Client().post(address).url
        assert signed_in(of.citizen).get(address).url == reverse("portal:my-case", args=[case.pk])
        assert signed_in(make.user()).get(address).status_code == 404


def test_a_decision_that_was_revoked_is_told_first_and_its_papers_are_not_delivered() -> None:
    of = hall(a_guide(result_name="取水许可证"))
    outcome = granted(of, MONDAY)
    revoke_outcome(outcome, reason="材料虚假", basis="《示例办法》第九条", by=of.head, at=LATER)
    assert "已决定，待送达，决定已撤销" in page(of, outcome.case)
    case = deliver(outcome.case, way="window", by=of.window, at=LATER)
    delivered = papers_about(case.number).get(kind="delivery").facts["delivered"]
    assert len(delivered) == 1 and "撤销决定书" in delivered[0]


def test_the_page_says_what_became_of_a_correction_asked_for() -> None:
    of = hall()
    case = accepted(of, MONDAY, statement="我叫林晓例")
    assert "已经转给登记的机关核对" in page(of, case)
    answer_dispute(case, corrected=True, words="户籍登记已更正", by=of.handler, at=LATER)
    told = page(of, case)
    assert "登记已经更正" in told
    assert "户籍登记已更正" in told
    assert Notification.objects.filter(user=of.citizen, body__contains="登记有误的，已经有结果").exists()


def test_one_reads_ones_own_papers_and_what_replaced_them() -> None:
    of = hall()
    case = submitted(of, MONDAY)
    first = case.application.materials.get(position=0)
    request_supplement(case, wanted=[Wanted("照片不清楚，请重拍", 0)], words="见清单", by=of.window, at=LATER)
    client = signed_in(of.citizen)
    client.post(reverse("portal:my-case-material", args=[case.pk, 0]), {"files": [photo()]})
    said = page(of, case)
    assert "您交的材料" in said and "已换成新的" in said and "拍照" in said and "Choose" not in said
    new = case.application.materials.get(position=0, replaced_at=None)
    address = reverse("portal:my-case-handed-in", args=[case.pk, new.pk])
    assert address in said
    assert b"".join(client.get(address).streaming_content).startswith(b"%PDF")
    assert looks_at(case).get().actor == of.citizen.ledger_id
    assert "还没有工作人员打开过" in page(of, case), "one's own look is no look of others"
    if first.file:
        assert client.get(reverse("portal:my-case-handed-in", args=[case.pk, first.pk])).status_code == 200
    for stranger in (make.user(), of.head):
        assert signed_in(stranger).get(address).status_code == 404


def test_a_page_is_added_to_what_was_sent_or_it_is_sent_anew() -> None:
    of = hall()
    case = submitted(of, MONDAY)
    request_supplement(case, wanted=[Wanted("照片不清楚，请重拍", 0)], words="见清单", by=of.window, at=LATER)
    client, upload = signed_in(of.citizen), reverse("portal:my-case-material", args=[case.pk, 0])

    def pages(act: str) -> int:
        client.post(upload, {"files": [photo()], "act": act})
        with open_file(case.application.materials.get(position=0, replaced_at=None).file) as there:
            return len(PdfReader(there).pages)

    assert [pages(""), pages("more"), pages("")] == [1, 2, 1]
