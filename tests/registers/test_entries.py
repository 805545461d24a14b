"""Lines of registers: what they must hold, how they end, what the ledger keeps."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests import factories as make
from tests.factories import NOON, TESTS, a_uscc

from banshi.core.errors import BadInput, Conflict
from banshi.ledger.models import LedgerEntry
from banshi.registers.actions import (
    add_entry,
    add_transfer,
    cancel_power,
    change_entry,
    end_service,
    examine_transfer,
    hand_over,
    offer_service,
    remove_entry,
    strike_agency,
    take_back,
    withdraw_transfer,
)
from banshi.registers.enums import FeeKind, Payer, PurchaseWay
from banshi.registers.models import Agency, IntermediaryService, Power, Purchase, RegisterEntry, Transfer
from banshi.registers.queries import agencies_on, cancelled_powers, offers_on, services_public
from banshi.workflow.definition import workflow

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


def add(entry: Any) -> Any:
    return add_entry(entry, by=TESTS, at=NOON)


def power(name: str = "棉花加工资格认定", **more: Any) -> Power:
    return add(Power(organ=make.organ(), name=name, kind="07", **more))  # type: ignore[no-any-return]


def service(name: str = "环境影响评价", **more: Any) -> IntermediaryService:
    given = {"approval": "建设项目环评审批", "basis": "环境影响评价法第十九条", "time_limit": "20个工作日"}
    kinds = {"payer": Payer.APPLICANT, "fee_kind": FeeKind.MARKET}
    return add(IntermediaryService(organ=make.organ(), name=name, **given, **kinds, **more))  # type: ignore[no-any-return]


def agency(name: str = "示例环评公司", **more: Any) -> Agency:
    more = {"uscc": a_uscc(71), **more}
    return add(Agency(organ=make.organ(), name=name, phone="000-1", **more))  # type: ignore[no-any-return]


def transfer() -> Transfer:
    it = make.item()
    return add_transfer(Transfer(item=it, function="职业技能考评", reason="协会更懂"), by=TESTS, at=NOON)


def purchase(**more: Any) -> Purchase:
    it = make.item()
    given = {"year": 2026, "service": "助餐", "budget": 100, "way": PurchaseWay.OPEN}
    return add(Purchase(organ=it.organ, item=it, **{**given, **more}))  # type: ignore[no-any-return]


# Powers


def test_a_cancelled_power_stays_on_the_list_with_date_and_document() -> None:
    it = power()
    cancel_power(
        it, cancelled_on=TODAY, document="取消一批许可的决定", doc_no="国发〔2017〕7号", instead="", by=TESTS, at=NOON
    )
    assert list(cancelled_powers()) == [it]
    with pytest.raises(Conflict, match="已经登记取消"):
        cancel_power(it, cancelled_on=TODAY, document="再取消", doc_no="", instead="", by=TESTS, at=NOON)


def test_no_power_is_cancelled_without_a_document() -> None:
    with pytest.raises(BadInput, match="取消日期和取消文件"):
        cancel_power(power(), cancelled_on=TODAY, document="", doc_no="", instead="", by=TESTS, at=NOON)


def test_one_list_has_a_power_once() -> None:
    it = power()
    with pytest.raises(BadInput, match="已有同名"):
        add(Power(organ=it.organ, name=it.name, kind="01"))


# Intermediaries


def test_an_agency_needs_a_credit_code_that_checks() -> None:
    with pytest.raises(BadInput, match="校验码"):
        agency(uscc="11990102000000071X")


def test_only_valid_agencies_are_offered_to_people() -> None:
    asked = service()
    valid, expired, gone = agency(), agency("过期公司", uscc=a_uscc(72)), agency("退出公司", uscc=a_uscc(73))
    for each, until in ((valid, None), (expired, date(2026, 1, 1)), (gone, None)):
        offer_service(each, service=asked, qualification="甲级", until=until, by=TESTS, at=NOON)
    strike_agency(gone, left_on=TODAY, left_why="注销", by=TESTS, at=NOON)
    assert [each.agency for each in offers_on(TODAY)] == [valid]
    assert {each.name for each in agencies_on(TODAY)} == {"示例环评公司", "过期公司"}


def test_a_service_says_whether_there_is_anybody_to_choose() -> None:
    asked = service()
    assert not services_public(TODAY).get().choices
    offer_service(agency(), service=asked, qualification="甲级", until=None, by=TESTS, at=NOON)
    assert services_public(TODAY).get().choices


def test_a_service_no_longer_asked_for_leaves_the_public_list() -> None:
    asked = service()
    end_service(asked, ended_on=TODAY, ended_by="国发〔2017〕8号", by=TESTS, at=NOON)
    assert not services_public(TODAY)
    with pytest.raises(Conflict):
        end_service(asked, ended_on=TODAY, ended_by="再清理", by=TESTS, at=NOON)


# Purchases


def test_a_contract_is_told_whole_and_keeps_within_the_budget() -> None:
    with pytest.raises(BadInput, match="一起填"):
        purchase(contractor="示例社工中心")
    with pytest.raises(BadInput, match="不能超过预算"):
        purchase(contractor="示例社工中心", contractor_uscc=a_uscc(80), amount=101)
    assert purchase(contractor="示例社工中心", contractor_uscc=a_uscc(80), amount=100)


# Transfers: state × move

STARTS = {"proposed": (), "agreed": ("agree",), "refused": ("refuse",), "withdrawn": ("withdraw",)}
STARTS |= {"transferred": ("agree", "hand_over"), "taken_back": ("agree", "take_back")}
MOVES = {
    "agree": lambda t: examine_transfer(t, agreed=True, opinion="同意", document="", by=TESTS, at=NOON),
    "refuse": lambda t: examine_transfer(t, agreed=False, opinion="不宜转移", document="", by=TESTS, at=NOON),
    "withdraw": lambda t: withdraw_transfer(t, reason="不报了", by=TESTS, at=NOON),
    "hand_over": lambda t: hand_over(
        t,
        receiver="示例行业协会",
        receiver_uscc=a_uscc(90),
        document="示编办〔2026〕3号",
        transferred_on=TODAY,
        by=TESTS,
        at=NOON,
    ),
    "take_back": lambda t: take_back(t, reason="协会注销", by=TESTS, at=NOON),
}


def test_the_matrix_knows_every_state_and_move_of_the_file() -> None:
    flow = workflow("transfer")
    assert set(STARTS) == set(flow.states)
    assert set(MOVES) == {each.name for each in flow.moves}


@pytest.mark.parametrize("state", STARTS)
@pytest.mark.parametrize("name", MOVES)
def test_each_move_goes_from_its_states_only(state: str, name: str) -> None:
    it, flow = transfer(), workflow("transfer")
    for each in STARTS[state]:
        MOVES[each](it)
    if state in flow.move_named(name).sources:
        MOVES[name](it)
        assert Transfer.objects.get().state == flow.move_named(name).to
    else:
        with pytest.raises(Conflict, match=flow.states[state].label):
            MOVES[name](it)


def test_nothing_is_handed_over_to_a_number_that_does_not_check() -> None:
    it = transfer()
    MOVES["agree"](it)
    with pytest.raises(BadInput, match="信用代码"):
        hand_over(it, receiver="协会", receiver_uscc="1", document="号", transferred_on=TODAY, by=TESTS, at=NOON)


def test_the_database_too_keeps_transferred_lines_whole() -> None:
    it = transfer()
    with pytest.raises(IntegrityError), transaction.atomic():
        Transfer.objects.filter(pk=it.pk).update(state="transferred", opinion="同意")


# All of them


@pytest.mark.parametrize("made", [power, service, agency, transfer, purchase])
def test_adding_changing_and_removing_stand_in_the_ledger(made: Any) -> None:
    entry: RegisterEntry = made()
    name = entry._meta.model_name
    entry.is_example = True
    change_entry(entry, by=TESTS, at=NOON)
    remove_entry(entry, reason="录错了", by=TESTS, at=NOON)
    acts = LedgerEntry.objects.filter(action__startswith="registers.").order_by("number")
    assert [each.action for each in acts] == [f"registers.{verb}_{name}" for verb in ("add", "change", "remove")]
    assert acts[1].facts["before"]["is_example"] is False
    assert acts[2].facts["reason"] == "录错了"
    assert not type(entry).objects.exists()
