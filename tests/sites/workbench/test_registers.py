"""The registers as the people of a bureau, of the county and of another see and write them."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests import factories as make
from tests.factories import NOON, a_uscc, guide, item, user
from tests.factories import registers as lines
from tests.sites.workbench.conftest import People

from banshi.people.models import Organ, User
from banshi.registers.models import Agency, IntermediaryService, Offer, Power, Purchase, Transfer
from banshi.sites.workbench.registers.kinds import REGISTERS
from banshi.sites.workbench.registers.register import Register
from banshi.sites.workbench.registers.views import PAGE

SignIn = Callable[[User], Client]
CODES = [register.code for register in REGISTERS]
MAKERS: dict[str, Callable[..., Any]] = {
    "powers": lambda at, n="": lines.power(at, f"权力{n}"),
    "transfers": lambda at, n="": lines.transfer(item(at), f"职能{n}"),
    "intermediaries": lambda at, n="": lines.service(at, f"服务{n}"),
    "agencies": lambda at, n="": lines.agency(at, f"机构{n}"),
    "purchases": lambda at, n="": lines.purchase(make.publication(item(at)).item, f"购买{n}"),
}
BUDGET = 6


def line(code: str, at: Organ, n: str | int = "") -> Any:
    """A line of any register; of one without a maker of its own, every fact it must have."""
    if code in MAKERS:
        return MAKERS[code](at, n)
    [model] = [register.model for register in REGISTERS if register.code == code]
    return lines.any_line(model, at, str(n))


@pytest.fixture
def organizer(people: People) -> User:
    return user("organizer", people.bureau, full_name="孙编办")


def address(code: str, page: str = "", *keys: Any) -> str:
    return reverse(f"workbench:{code}{'-' if page else ''}{page}", args=keys)


def text_of(response: Any) -> str:
    return response.content.decode()  # type: ignore[no-any-return]


def test_every_address_of_a_register_has_one_meaning() -> None:
    assert len(set(CODES)) == len(CODES) >= 5 and MAKERS.keys() <= set(CODES)
    steps = [(register.code, each.path) for register in REGISTERS for each in register.transitions]
    assert len(set(steps)) == len(steps)


@pytest.mark.parametrize("code", CODES)
def test_a_list_shows_ones_own_and_nothing_of_others(code: str, people: People, signed_in: SignIn) -> None:
    mine, others = line(code, people.bureau, "甲"), line(code, people.elsewhere, "乙")
    shown = text_of(signed_in(people.clerk).get(address(code)))
    assert str(mine) in shown
    assert str(others) not in shown
    for who, status in ((people.clerk, 200), (people.colleague, 200), (people.stranger, 404)):
        assert signed_in(who).get(address(code, "entry", mine.pk)).status_code == status
    assert Client().get(address(code)).url.startswith(reverse("account_login"))  # type: ignore[attr-defined]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("many", [1, 3])
def test_a_list_costs_the_same_however_long(code: str, many: int, people: People, signed_in: SignIn) -> None:
    for n in range(many):
        line(code, people.bureau, n)
    client = signed_in(people.publisher)
    client.get(address(code))
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address(code)).status_code == 200
    assert len(asked) == BUDGET, "\n".join(each["sql"][:120] for each in asked.captured_queries)


@pytest.mark.parametrize("code", CODES)
def test_a_long_list_goes_on_and_comes_back(code: str, people: People, signed_in: SignIn) -> None:
    for n in range(PAGE + 2):
        line(code, people.bureau, f"第{n:02d}")
    client = signed_in(people.clerk)
    first = client.get(address(code), {"organ": people.bureau.pk})
    second = client.get(f"{address(code)}?{first.context['page'].after}")
    assert len(second.context["rows"]) == 2
    back = client.get(f"{address(code)}?{second.context['page'].before}")
    assert [row["entry"].pk for row in back.context["rows"]] == [row["entry"].pk for row in first.context["rows"]]


@pytest.mark.parametrize("code", CODES)
def test_the_workbook_holds_what_the_filters_ask_for(code: str, people: People, signed_in: SignIn) -> None:
    line(code, people.bureau, "甲"), line(code, people.bureau, "乙"), line(code, people.elsewhere, "丙")
    response = signed_in(people.clerk).get(address(code, "export"), {"q": "甲"})
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined]
    rows = list(book.active.iter_rows(values_only=True))  # type: ignore[union-attr]
    register = next(each for each in REGISTERS if each.code == code)
    assert list(rows[0]) == [column.label for column in register.columns]
    assert len(rows) == 2
    assert not any("<" in str(cell) for cell in rows[1])


@pytest.mark.parametrize("register", REGISTERS, ids=CODES)
def test_only_those_who_keep_a_register_write_in_it(
    register: Register, people: People, organizer: User, signed_in: SignIn
) -> None:
    mine = line(register.code, people.bureau)
    keeper, other = (people.clerk, organizer) if register.code == "transfers" else (organizer, people.clerk)
    for page, keys in (("new", ()), ("edit", (mine.pk,)), ("remove", (mine.pk,))):
        place = address(register.code, page, *keys)
        assert signed_in(keeper).get(place).status_code == 200
        assert signed_in(other).get(place).status_code == 403
        assert signed_in(people.stranger).get(place).status_code in (403, 404) or page == "new"


def written(people: People) -> dict[str, dict[str, Any]]:
    """What a person fills in for a new line of each register."""
    it = item(people.bureau)
    organ = {"organ": people.bureau.pk}
    return {
        "powers": {**organ, "list": "power", "name": "收养登记", "kind": "07"},
        "transfers": {"item": it.name, "function": "考评", "reason": "更懂"},
        "intermediaries": {
            **organ,
            "name": "测绘",
            "approval": "规划许可",
            "item": it.name,
            "basis": "测绘法第三条",
            "payer": "office",
            "fee_kind": "free",
            "time_limit": "5个工作日",
        },
        "agencies": {**organ, "name": "示例测绘公司", "uscc": a_uscc(5), "phone": "000-1"},
        "purchases": {**organ, "item": it.name, "year": 2026, "service": "助餐", "budget": "1000", "way": "open"},
    }


def typed_for(register: Register, people: People) -> dict[str, Any]:
    """Of a register that is not among those written out: the facts a line must have."""
    if register.code in (own := written(people)):
        return own[register.code]
    made = lines.any_line(register.model, people.bureau, "一")
    filled = register.form(instance=made, user=people.publisher, permission=register.edits).initial
    made.delete()
    return {name: value for name, value in filled.items() if value is not None}


@pytest.mark.parametrize("register", REGISTERS, ids=CODES)
def test_a_line_is_added_changed_and_removed(
    register: Register, people: People, organizer: User, signed_in: SignIn
) -> None:
    client = signed_in(people.clerk if register.code == "transfers" else organizer)
    typed = typed_for(register, people)
    answer = client.post(address(register.code, "new"), typed)
    assert answer.status_code == 302, answer.context["form"].errors
    made = register.model.objects.get()  # type: ignore[attr-defined]
    assert made.organ == people.bureau
    name = "function" if register.code == "transfers" else "service" if register.code == "purchases" else "name"
    client.post(address(register.code, "edit", made.pk), {**typed, name: "改过的"})
    made.refresh_from_db()
    assert str(made) == "改过的"
    assert client.post(address(register.code, "remove", made.pk), {}).status_code == 422
    client.post(address(register.code, "remove", made.pk), {"reason": "录错了"})
    assert not register.model.objects.exists()  # type: ignore[attr-defined]


@pytest.mark.parametrize("register", REGISTERS, ids=CODES)
def test_nothing_is_written_for_an_organ_of_elsewhere(
    register: Register, people: People, organizer: User, signed_in: SignIn
) -> None:
    typed = {**typed_for(register, people), "organ": people.elsewhere.pk}
    if register.code == "transfers":
        typed["item"] = item(people.elsewhere, make.guide("邻县的事项")).name
    who = people.clerk if register.code == "transfers" else organizer
    assert signed_in(who).post(address(register.code, "new"), typed).status_code == 422


def test_the_same_twice_is_told_in_words(people: People, organizer: User, signed_in: SignIn) -> None:
    client, typed = signed_in(organizer), written(people)["powers"]
    client.post(address("powers", "new"), typed)
    assert "已有同名的一项" in text_of(client.post(address("powers", "new"), typed))


def test_filters_of_the_address_narrow_the_list(people: People, signed_in: SignIn) -> None:
    lines.power(people.bureau, "在用的权力")
    lines.power(people.bureau, "没了的权力", cancelled_on=make.NOON.date(), cancel_document="某决定")
    client = signed_in(people.clerk)
    assert [row["entry"].name for row in client.get(address("powers"), {"state": "gone"}).context["rows"]] == [
        "没了的权力"
    ]
    assert len(client.get(address("powers"), {"state": "nonsense"}).context["rows"]) == 2


# What ends a line


def test_a_power_is_cancelled_by_a_document(people: People, organizer: User, signed_in: SignIn) -> None:
    it, client = lines.power(people.bureau), signed_in(organizer)
    place = reverse("workbench:power-cancel", args=[it.pk])
    assert client.post(place, {"cancelled_on": "2026-11-01"}).status_code == 422
    client.post(place, {"cancelled_on": "2026-11-01", "document": "取消一批许可的决定", "doc_no": "国发〔2026〕1号"})
    assert Power.objects.get().cancel_document == "取消一批许可的决定"
    assert signed_in(people.clerk).get(place).status_code == 403


def test_an_agency_offers_a_service_and_leaves(people: People, organizer: User, signed_in: SignIn) -> None:
    it, asked, client = lines.agency(people.bureau), lines.service(people.bureau), signed_in(organizer)
    client.post(reverse("workbench:agency-offer", args=[it.pk]), {"service": asked.pk, "qualification": "甲级"})
    assert Offer.objects.get().qualification == "甲级"
    assert asked.name in text_of(client.get(address("agencies", "entry", it.pk)))
    assert it.name in text_of(client.get(address("intermediaries", "entry", asked.pk)))
    client.post(reverse("workbench:agency-offer-end", args=[it.pk, Offer.objects.get().pk]))
    assert not Offer.objects.exists()
    client.post(reverse("workbench:agency-strike", args=[it.pk]), {"left_on": "2026-11-01", "left_why": "注销"})
    assert Agency.objects.get().left_why == "注销"


def test_a_service_is_no_longer_asked_for(people: People, organizer: User, signed_in: SignIn) -> None:
    it = lines.service(people.bureau)
    typed = {"ended_on": "2026-11-01", "ended_by": "国发〔2017〕8号"}
    signed_in(organizer).post(reverse("workbench:intermediary-end", args=[it.pk]), typed)
    assert IntermediaryService.objects.get().ended_by == "国发〔2017〕8号"


def test_a_function_goes_from_the_bureau_over_the_office_to_a_society(
    people: People, organizer: User, signed_in: SignIn
) -> None:
    it = lines.transfer(item(people.bureau))
    examine, hand = (reverse(f"workbench:transfer-{name}", args=[it.pk]) for name in ("examine", "hand-over"))
    assert signed_in(people.clerk).get(examine).status_code == 403
    signed_in(organizer).post(examine, {"agreed": "1", "opinion": "同意", "document": "编办函"})
    assert signed_in(people.clerk).get(address("transfers", "edit", it.pk)).status_code == 404
    typed = {"receiver": "示例协会", "document": "号", "transferred_on": "2026-11-01"}
    assert signed_in(organizer).post(hand, {**typed, "receiver_uscc": "1" * 18}).status_code == 422
    signed_in(organizer).post(hand, {**typed, "receiver_uscc": a_uscc(9)})
    assert Transfer.objects.get().state == "transferred"
    assert signed_in(organizer).get(examine).status_code == 409


def test_a_plan_whose_guide_says_otherwise_is_pointed_out(people: People, signed_in: SignIn) -> None:
    lines.purchase(make.publication(item(people.bureau)).item)
    assert "请核对" in text_of(signed_in(people.clerk).get(address("purchases")))
    assert Purchase.objects.count() == 1


# In from a spreadsheet


def upload(client: Client, *rows: str) -> Any:
    content = "\n".join(["单位,权力名称,权力类型", *rows]).encode()
    return client.post(reverse("workbench:powers-import"), {"file": SimpleUploadedFile("权责.csv", content)})


def test_a_sheet_is_looked_at_before_it_is_written(people: People, organizer: User, signed_in: SignIn) -> None:
    client = signed_in(organizer)
    place = upload(client, f"{people.bureau},收养登记,行政确认").url
    assert "可以导入" in text_of(client.get(place))
    assert not Power.objects.exists()
    assert signed_in(user("organizer", people.bureau)).get(place).status_code == 404
    assert client.post(place).url == address("powers")  # type: ignore[attr-defined]
    assert Power.objects.get().name == "收养登记"


def test_one_wrong_cell_and_nothing_is_written(people: People, organizer: User, signed_in: SignIn) -> None:
    client = signed_in(organizer)
    place = upload(client, f"{people.bureau},收养登记,行政确认", f"{people.elsewhere},甲,行政许可").url
    shown = text_of(client.get(place))
    assert "<b>A3</b>" in shown
    assert "不是您能导入的单位" in shown
    assert client.post(place).status_code == 422
    assert not Power.objects.exists()


def test_a_file_that_is_no_table_is_refused_at_once(organizer: User, signed_in: SignIn) -> None:
    file = SimpleUploadedFile("a.pdf", b"%PDF-1.4 nothing")
    assert "不是表格" in text_of(signed_in(organizer).post(reverse("workbench:powers-import"), {"file": file}))


def test_the_blank_sheet_is_read_back(people: People, organizer: User, signed_in: SignIn) -> None:
    from banshi.registers.sheets import read_powers
    from banshi.spreadsheets.organ_matching import Owners
    from banshi.spreadsheets.workbook_reader import read_bytes

    response = signed_in(organizer).get(reverse("workbench:powers-blank"))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined]
    book.active.append([str(people.bureau), "权力清单", "收养登记", "行政确认"])  # type: ignore[union-attr]
    file = io.BytesIO()
    book.save(file)
    found = read_powers(read_bytes(file.getvalue(), name="权责.xlsx"), Owners([people.bureau]))
    assert [row.power.name for row in found.rows] == ["收养登记"]


def test_what_looks_like_a_cancelled_power_is_listed(people: People, organizer: User, signed_in: SignIn) -> None:
    gone = {"cancelled_on": make.NOON.date(), "cancel_document": "关于取消一批事项的决定"}
    lines.power(people.elsewhere, "示例作坊资格认定", **gone)
    item(people.bureau, make.guide("示例作坊资格确认服务")), item(people.bureau, make.guide("小学入学报名"))
    item(people.elsewhere, make.guide("示例作坊资格认定登记"))
    shown = signed_in(organizer).get(reverse("workbench:powers-back"))
    assert [it.name for it, _ in shown.context["found"]] == ["示例作坊资格确认服务"]
    assert "关于取消一批事项的决定" in text_of(shown)
    assert signed_in(people.clerk).get(reverse("workbench:powers-back")).status_code == 403


# Powers and what people come for


def test_a_power_leads_to_the_items_of_its_name_or_code_and_they_lead_back(people: People, signed_in: SignIn) -> None:
    named = item(people.bureau, guide("校车使用许可"))
    coded = item(people.bureau, guide("校车许可办理"), code="000105002000")
    other = item(people.bureau, guide("小学入学报名"))
    elsewhere = item(people.elsewhere, guide("校车使用许可"))
    power = lines.power(people.bureau, "校车使用许可", code="000105002000")
    client = signed_in(people.clerk)
    page = text_of(client.get(address("powers", "entry", power.pk)))
    assert all(str(each.guid) in page for each in (named, coded))
    assert not any(str(each.guid) in page for each in (other, elsewhere))
    for each, leads in ((named, True), (coded, True), (other, False)):
        back = text_of(client.get(reverse("workbench:item", args=[each.guid])))
        assert (address("powers", "entry", power.pk) in back) == leads


def test_an_item_whose_power_was_cancelled_says_so(people: People, signed_in: SignIn) -> None:
    it = item(people.bureau, guide("棉花加工资格认定"))
    lines.power(people.bureau, cancelled_on=NOON.date(), cancel_document="国发〔2014〕5号")
    assert "已取消，请核对" in text_of(signed_in(people.clerk).get(reverse("workbench:item", args=[it.guid])))
