"""Pages of adjustments and laws, as owner, examiner, stranger and nobody; and publishing under each policy."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests import factories as make
from tests.adjustments.town import Town, brought_to, direct, in_force, policy_with, rewrite
from tests.adjustments.town import town as build
from tests.factories import NOON

from banshi.adjustments.models import Adjustment
from banshi.catalog.guide.document import Basis, Contact
from banshi.catalog.models import Item
from banshi.core.models import StoredFile
from banshi.law.models import Law, LawChange
from banshi.people.models import User
from banshi.sites.workbench.adjustments import views

SignIn = Callable[[User], Client]
LIST, LAWS = "/work/adjustments/", "/work/laws/"


@pytest.fixture
def town(db: None) -> Town:
    return build()


@pytest.fixture
def organizer(town: Town) -> User:
    return make.user("organizer", town.establishment)


@pytest.fixture
def stranger(db: None) -> User:
    return make.user("clerk", make.organ(division=make.division("990203", "邻县")))


def page(one: Adjustment, act: str = "") -> str:
    return f"{LIST}{one.pk}/{act}"


def test_the_page_opens_for_owner_and_examiners_and_for_nobody_else(
    town: Town, stranger: User, signed_in: SignIn
) -> None:
    one = brought_to("examining", town)
    for who in (town.clerk, town.examiner, town.lawyer):
        assert signed_in(who).get(page(one)).status_code == 200
        assert signed_in(who).get(page(one, "evidence/")).status_code == 200
    assert signed_in(stranger).get(page(one)).status_code == 404
    assert signed_in(stranger).get(page(one, "evidence/")).status_code == 404
    assert Client().get(page(one)).url.startswith(reverse("account_login"))  # type: ignore[attr-defined]


def test_the_examiner_reads_the_difference_word_by_word_and_the_effects(town: Town, signed_in: SignIn) -> None:
    text = signed_in(town.examiner).get(page(brought_to("examining", town))).content.decode()
    assert '<ins class="diff">南门窗口</ins>' in text
    assert "会影响到什么" in text
    assert "同意，转示例县司法局审核" in text


def test_a_clerk_tells_why_writes_and_applies(town: Town, signed_in: SignIn) -> None:
    item, client = in_force(town), signed_in(town.clerk)
    told = {"kind": "change", "cause": "service", "cause_day": "2026-11-23", "reason": "减少材料"}
    paper = SimpleUploadedFile("依据.txt", "依据文件".encode() * 20)
    answer = client.post(f"/work/items/{item.guid}/adjust/", {**told, "evidence": paper})
    one = Adjustment.objects.get(item=item)
    assert answer.url == page(one)  # type: ignore[attr-defined]
    stamp = rewrite(item, town.clerk, undertaker="南门窗口")
    client.post(page(one, "apply/"), {"stamp": stamp})
    one.refresh_from_db()
    assert (one.state, one.examiner) == ("examining", town.establishment)
    assert StoredFile.objects.filter(pk=one.evidence_id, organ_id=town.bureau.pk).exists()


def test_a_merger_is_asked_for_with_the_name_of_the_other_item(town: Town, signed_in: SignIn) -> None:
    item, into, client = in_force(town), in_force(town, "义务教育入学"), signed_in(town.clerk)
    address = f"/work/items/{item.guid}/adjust/"
    told = {"kind": "merge", "cause": "service", "cause_day": "2026-11-23", "reason": "两项一起办"}
    for wrong, words in (("", "请写并入哪个事项"), ("没有的事项", "没有找到")):
        assert words in client.post(address, {**told, "into": wrong}).content.decode()
    assert not Adjustment.objects.exists()
    shown = client.post(address, {**told, "into": "义务教育入学"}, follow=True).content.decode()
    assert Adjustment.objects.get().into == into
    assert "会直接转到" in shown


def test_examiners_say_what_they_think_and_must_say_why_not(town: Town, signed_in: SignIn) -> None:
    one = brought_to("examining", town)
    assert one.text is not None
    client = signed_in(town.examiner)
    silent = client.post(page(one, "opinion/"), {"verdict": "refuse", "words": "", "seen": one.text.digest})
    assert silent.status_code == 422
    assert "请写明理由" in silent.content.decode()
    client.post(page(one, "opinion/"), {"verdict": "agree", "words": "", "seen": one.text.digest})
    signed_in(town.lawyer).post(page(one, "opinion/"), {"verdict": "agree", "words": "合法", "seen": one.text.digest})
    one.refresh_from_db()
    assert one.state == "approved"
    signed_in(town.publisher).post(page(one, "publish/"))
    one.refresh_from_db()
    assert one.state == "published"


@pytest.mark.parametrize("act", ["apply/", "recall/", "drop/", "opinion/", "publish/"])
def test_acts_of_others_are_refused_with_a_reason(act: str, town: Town, stranger: User, signed_in: SignIn) -> None:
    one = brought_to("examining", town)
    window = make.user("window", town.bureau)
    assert signed_in(stranger).post(page(one, act)).status_code == 404
    refused = signed_in(window).post(page(one, act), {"words": "不办了", "verdict": "agree", "seen": "x"})
    assert refused.status_code == 403
    assert "权限" in refused.content.decode()


def test_everything_approved_is_published_in_one_act(town: Town, signed_in: SignIn) -> None:
    some = [brought_to("approved", town), brought_to("approved", town, kind="suspend")]
    client = signed_in(town.publisher)
    assert client.get(f"{LIST}publish/").content.decode().count('name="adjustment"') == 2
    client.post(f"{LIST}publish/", {"adjustment": [each.pk for each in some]})
    assert {each.state for each in Adjustment.objects.all()} == {"published"}
    again = client.post(f"{LIST}publish/", {"adjustment": [some[0].pk]})
    assert again.status_code == 409


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("address", "budget"),
    [(LIST, 6), (f"{LIST}?show=open", 6), (f"{LIST}?show=ended", 6), (LAWS, 11), (f"{LAWS}ended/", 14)],
)
def test_lists_ask_as_often_for_three_rows_as_for_one(
    address: str, budget: int, rows: int, town: Town, signed_in: SignIn
) -> None:
    Law.objects.create(title="旧办法", rank="document", in_force_until="2025-01-01")
    for number in range(rows):
        brought_to("examining", town)
        brought_to("dropped", town)
        in_force(town, f"事项{number}", bases=[Basis(title="旧办法")])
        Law.objects.create(title=f"办法{number}", rank="document")
    client = signed_in(town.examiner)
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    assert len(asked) == budget, "\n".join(each["sql"][:200] for each in asked)


@pytest.mark.parametrize("show", ["mine", "open", "ended"])
def test_a_list_goes_on_to_its_end_the_most_pressing_first(
    show: str, town: Town, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "SHOWN", 2)
    made = [brought_to("dropped" if show == "ended" else "examining", town) for _ in range(5)]
    due = [None, NOON.date(), None, NOON.date() + timedelta(days=1), NOON.date()]
    for one, day in zip(made, due, strict=True) if show != "ended" else ():
        Adjustment.objects.filter(pk=one.pk).update(due=day)
    client, seen, address = signed_in(town.examiner), [], f"show={show}"
    while address:
        page = client.get(f"{LIST}?{address}").context["page"]
        seen += page.rows
        address = page.after
    assert seen == (made[::-1] if show == "ended" else [made[place] for place in (1, 4, 3, 0, 2)])


# Direct publishing


def published_by(client: Client, item: Item, stamp: int) -> int:
    return client.post(f"/work/items/{item.guid}/publish/", {"stamp": stamp}).status_code


@pytest.mark.parametrize(("value", "minor", "major"), [("all", 302, 302), ("minor", 302, 403), ("none", 403, 403)])
def test_what_a_publisher_may_publish_without_an_examination(
    value: str, minor: int, major: int, town: Town, signed_in: SignIn, tmp_path: Path, settings: Any
) -> None:
    policy_with(tmp_path, settings, direct=direct(value))
    client = signed_in(town.publisher)
    phone, fee = in_force(town, "甲"), in_force(town, "乙")
    assert published_by(client, phone, rewrite(phone, town.clerk, consult=Contact(phone="1"))) == minor
    assert published_by(client, fee, rewrite(fee, town.clerk, charged=True)) == major
    if major == 403:
        shown = client.get(f"/work/items/{fee.guid}/publish/").content.decode()
        assert "申请调整" in shown
        assert "公布第" not in shown
        batch = client.post("/work/items/publish/", {"item": [str(fee.guid)]}).content.decode()
        assert "要先申请调整" in batch


def test_the_way_leads_the_clerk_to_the_application(
    town: Town, signed_in: SignIn, tmp_path: Path, settings: Any
) -> None:
    policy_with(tmp_path, settings, direct=direct("none"))
    both = make.user("clerk", town.bureau)
    make.post(both, "publisher", town.bureau)
    item = in_force(town)
    rewrite(item, both, charged=True)
    shown = signed_in(both).get(f"/work/items/{item.guid}/publish/").content.decode()
    assert f"/work/items/{item.guid}/adjust/" in shown


# Laws


def old_law(**more: Any) -> Law:
    return Law.objects.create(title="学籍管理办法", rank="document", **more)


def test_a_change_of_law_is_recorded_and_sent_to_the_owners(town: Town, organizer: User, signed_in: SignIn) -> None:
    item, law = in_force(town, "学籍证明", bases=[Basis(title="学籍管理办法")]), old_law()
    client = signed_in(organizer)
    assert "学籍证明" in client.get(f"{LAWS}{law.pk}/change/").content.decode()
    client.post(f"{LAWS}{law.pk}/change/", {"kind": "repealed", "day": "2026-11-20", "note": "不再适用"})
    one = Adjustment.objects.get(item=item)
    assert (one.state, one.law_change) == ("prepared", LawChange.objects.get())
    assert "学籍证明" in signed_in(town.clerk).get(LIST).content.decode()
    assert "依据已失效" in signed_in(town.clerk).get(f"/work/items/{item.guid}/").content.decode()
    assert "学籍证明" in signed_in(town.clerk).get(f"{LAWS}ended/").content.decode()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"kind": "replaced"}, "由哪部新法代替"),
        ({"kind": "repealed", "successor": "新办法"}, "只有“由新法代替”才写新法名称"),
        ({"kind": "replaced", "successor": "学籍管理办法"}, "不能代替"),
        ({"kind": "repealed", "day": "1990-01-01"}, "早于施行日期"),
        ({"kind": "repealed", "day": "明天"}, "从哪一天起"),
    ],
)
def test_a_change_that_cannot_be_is_refused_at_its_field(
    given: dict[str, str], words: str, organizer: User, signed_in: SignIn
) -> None:
    law = old_law(in_force_from="2000-01-01")
    answer = signed_in(organizer).post(f"{LAWS}{law.pk}/change/", {"day": "2026-11-20", **given})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not LawChange.objects.exists()


HEADER = "法规名称,文号,变动,变动日期,新法名称,新法文号,说明\n"


def upload(client: Client, rows: str) -> Any:
    file = SimpleUploadedFile("变动.csv", (HEADER + rows).encode("utf-8"))
    return client.post(f"{LAWS}import/", {"file": file})


def test_a_list_is_recorded_whole_and_prepares_adjustments(town: Town, organizer: User, signed_in: SignIn) -> None:
    in_force(town, "学籍证明", bases=[Basis(title="学籍管理办法")])
    old_law()
    answer = upload(
        signed_in(organizer),
        "学籍管理办法,,代替,2026/11/20,学籍管理规定,教令1号,\n《没登记过的办法》,,废止,2026-11-20,,,\n",
    )
    assert answer.url == LAWS
    assert {(each.law.title, each.kind) for each in LawChange.objects.all()} == {
        ("学籍管理办法", "replaced"),
        ("没登记过的办法", "repealed"),
    }
    assert Adjustment.objects.count() == 1


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("学籍管理办法,,取消,2026-11-20,,,", "没有“取消”这种变动"),
        ("学籍管理办法,,废止,下周,,,", "不是日期"),
        (",,废止,2026-11-20,,,", "没写法规名称"),
        ("学籍管理办法,,代替,2026-11-20,,,", "由哪部新法代替"),
    ],
)
def test_a_list_with_one_wrong_row_records_nothing_and_names_the_row(
    row: str, words: str, organizer: User, signed_in: SignIn
) -> None:
    answer = upload(signed_in(organizer), f"别的办法,,废止,2026-11-20,,,\n{row}\n")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert "第3行" in text
    assert not LawChange.objects.exists()
    assert not Law.objects.exists()


def test_only_those_who_keep_the_laws_record_changes(town: Town, signed_in: SignIn) -> None:
    law = old_law()
    for address in (f"{LAWS}{law.pk}/change/", f"{LAWS}import/"):
        assert signed_in(town.clerk).get(address).status_code == 403
    assert signed_in(town.clerk).get(f"{LAWS}{law.pk}/").status_code == 200


def test_an_organizer_prepares_for_their_own_division_only(town: Town, signed_in: SignIn) -> None:
    item, law = in_force(town, "学籍证明", bases=[Basis(title="学籍管理办法")]), old_law()
    abroad = make.user("organizer", make.organ(division=make.division("990203", "邻县")))
    signed_in(abroad).post(f"{LAWS}{law.pk}/change/", {"kind": "repealed", "day": "2026-11-20"})
    assert not Adjustment.objects.exists()
    own = make.user("organizer", town.establishment)
    signed_in(own).post(f"{LAWS}changes/{LawChange.objects.get().pk}/prepare/")
    assert Adjustment.objects.get().item == item


# Who examines, as the administrator says


def test_the_administrator_names_the_examining_offices(town: Town, signed_in: SignIn) -> None:
    client = signed_in(make.user("admin", town.hall))
    shown = client.get("/console/offices/").content.decode()
    assert "示例县委编办" in shown
    other = make.organ("示例县审改办")
    client.post("/console/offices/", {"division": "990102", "office": "establishment", "organ": other.pk})
    assert brought_to("examining", town).examiner == other
    assert signed_in(town.clerk).get("/console/offices/").status_code == 403
