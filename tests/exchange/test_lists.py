"""Demands taken up or declined, the lists of duties and of what is not shared, and what would spare most paper."""

from pathlib import Path

import pytest
from django.utils import timezone

from banshi.cases.models import Case
from banshi.catalog.guide.document import Material
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.exchange.actions import WantedData, answer_demand, measure_resource, raise_demand, refuse_demand
from banshi.exchange.enums import Sharing
from banshi.exchange.lists import duties_of, refused_data
from banshi.exchange.models import Demand, Resource
from banshi.exchange.queries import data_held
from banshi.insight.paper_spared import paper_spared
from banshi.notifications.models import Notification
from banshi.people.models import Organ
from banshi.rulebook.engine import examine, rulebook
from banshi.rulebook.models import YearlyVolume
from tests import factories as make
from tests.cases.hall import accepted, moment
from tests.exchange.office import Office, asked, granted, office
from tests.sites.workbench.test_sharing import as_

pytestmark = pytest.mark.django_db
AT = moment("03-03")
WANTED = WantedData("残疾人证信息", scene="核对是否残疾", basis="《政务数据共享条例》第二十条")


@pytest.fixture
def of(tmp_path: Path) -> Office:
    return office(tmp_path)


def test_a_demand_goes_to_whoever_has_the_data_or_to_the_authority(of: Office) -> None:
    nobody = raise_demand(of.of.bureau, data=WANTED, by=of.asker, at=AT)
    named = WantedData("户籍", scene="核对", basis="第二十条", provider=of.police)
    asked_of_police = raise_demand(of.of.bureau, data=named, by=of.asker, at=AT)
    told = {each.user for each in Notification.objects.filter(kind="exchange.demand_told")}
    assert told == {of.authority, of.steward}
    with pytest.raises(Refused):
        refuse_demand(nobody, reason="没有", by=of.steward, at=AT)
    answer_demand(asked_of_police, resource=of.resource, by=of.steward, at=AT)
    refuse_demand(nobody, reason="没有单位采集", by=of.authority, at=AT)
    assert [each.state for each in Demand.objects.order_by("pk")] == ["refused", "matched"]
    with pytest.raises(Conflict):
        refuse_demand(nobody, reason="再说一次", by=of.authority, at=AT)
    with pytest.raises(BadInput, match="没有写全"):
        raise_demand(of.of.bureau, data=WantedData("", scene="", basis=""), by=of.asker, at=AT)


def test_duties_tell_who_uses_what_is_owed_and_what_was_counted(of: Office) -> None:
    granted(of, AT)
    asked(of, AT)
    measure_resource(of.resource, by=of.steward, at=AT)
    [duty] = duties_of(at=AT)
    assert (duty.users, duty.demands, duty.owed, duty.measure and duty.measure.rows) == (1, 0, "", 2)


def test_what_is_not_shared_stands_with_its_law(of: Office) -> None:
    items = [{**of.resource.items[0], "sharing": "refused", "basis": "《个人信息保护法》第二十八条"}]
    Resource.objects.update(items=items + of.resource.items[1:])
    assert [(each.what, each.basis) for each in refused_data()] == [("姓名", "《个人信息保护法》第二十八条")]
    of.resource.refresh_from_db()
    with pytest.raises(BadInput) as refused:
        asked(of, AT, fields=("name", "address"))
    assert "姓名不予共享" in str(refused.value.problems)
    Resource.objects.update(sharing=Sharing.REFUSED, basis="《统计法》第九条")
    assert [(each.what, each.basis) for each in refused_data()] == [("全部", "《统计法》第九条")]


def test_the_lists_are_pages_and_workbooks(of: Office) -> None:
    demand = raise_demand(of.of.bureau, data=WANTED, by=of.asker, at=AT)
    asker, stranger = as_(of.asker), as_(make.user("data_steward", make.organ()))
    pages = ("demands/", "lists/duties/", "lists/refused/", "lists/demands.xlsx", "lists/duties.xlsx", "suggestions/")
    assert [asker.get(f"/work/data/{each}").status_code for each in pages] == [200] * 6
    page = f"/work/data/demands/{demand.pk}/"
    assert [each.get(page).status_code for each in (asker, as_(of.authority), stranger)] == [200, 200, 404]
    sent = {"organ": of.of.bureau.pk, "wanted": "学籍信息", "scene": "", "basis": "第二十条"}
    answer = asker.post("/work/data/demands/new/", sent)
    assert answer.status_code == 422 and "学籍信息" in answer.content.decode()
    assert asker.post("/work/data/demands/new/", {**sent, "scene": "核对"}).status_code == 302
    match = as_(of.authority).post(f"{page}match/", {"resource": of.resource.pk})
    assert match.status_code == 302 and Demand.objects.get(pk=demand.pk).resource == of.resource


def test_the_rule_book_names_the_entry_of_the_live_catalogue(of: Office) -> None:
    """CL08: another office has it, and where."""
    guide = make.guide(materials=[Material(name="居民户口簿复印件"), Material(name="户籍证明")])

    def said() -> list[str]:
        found = examine(guide, rulebook(AT.date(), held=data_held()))
        return [each.message for each in found if each.rule.code == "CL08"]

    assert any("公安局的“户籍人口登记信息”（GA-RK-001，有条件共享）已在数据资源目录里" in each for each in said())
    Resource.objects.update(papers=[])
    assert said() and not any("GA-RK-001" in each for each in said())


def test_suggestions_are_ranked_by_how_often_the_items_are_asked_for(of: Office) -> None:
    rare = make.publication(
        text=make.guide("少办的事", materials=[Material(name="居民户口簿"), Material(name="结婚证")])
    )
    often = make.publication(text=make.guide("常办的事", materials=[Material(name="结婚证")]))
    for item, count in ((rare.item, 3), (often.item, 500)):
        YearlyVolume.objects.update_or_create(item=item, defaults={"year": 2025, "count": count, "at": AT})
    # The first case of an item handled here says less of a year than its office does.
    Case.objects.filter(pk=accepted(of.of, AT).pk).update(item=often.item, received_at=timezone.now())
    ranked = {each.data: each for each in paper_spared(Organ.objects.all(), at=timezone.now())}
    assert ranked["婚姻登记信息"].sheets == 503 and ranked["婚姻登记信息"].entry is None
    held = ranked["户籍人口登记信息"]
    assert held.sheets >= 3 and held.entry and held.entry.code == "GA-RK-001"
    assert next(iter(ranked)) == "婚姻登记信息"
