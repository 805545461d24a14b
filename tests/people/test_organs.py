from datetime import timedelta

import pytest
from tests import factories

from banshi.core.clock import now
from banshi.core.errors import BadInput, Conflict
from banshi.ledger import System
from banshi.ledger.models import LedgerEntry
from banshi.people import actions, queries
from banshi.people.models import Division, Organ

pytestmark = pytest.mark.django_db
WHO = {"by": System("test"), "at": factories.NOON}


def test_a_new_organ_is_recorded():
    organ = actions.create_organ(name=" 示例局 ", kind="department", division=factories.division(), **WHO)
    assert organ.name == "示例局"
    assert LedgerEntry.objects.last().action == "people.create_organ"


def test_an_organ_needs_a_name_and_a_right_code_if_any():
    with pytest.raises(BadInput) as refusal:
        actions.create_organ(
            name=" ", kind="department", division=factories.division(), uscc="11430682006378338X", **WHO
        )
    assert {problem.field for problem in refusal.value.problems} == {"name", "uscc"}
    assert not Organ.objects.exists()


def test_two_organs_of_one_division_cannot_share_a_name():
    actions.create_organ(name="示例局", kind="department", division=factories.division(), **WHO)
    with pytest.raises(Conflict, match="已有"):
        actions.create_organ(name="示例局", kind="department", division=factories.division(), **WHO)


def test_a_change_keeps_old_and_new_in_the_ledger():
    organ = factories.organ("旧名")
    actions.change_organ(organ, name="新名", phone=organ.phone, **WHO)
    assert LedgerEntry.objects.last().facts == {"name": ["旧名", "新名"]}


def test_no_change_is_no_entry():
    organ = factories.organ()
    actions.change_organ(organ, name=organ.name, **WHO)
    assert not LedgerEntry.objects.exists()


def test_an_organ_cannot_come_to_stand_above_itself():
    top = factories.organ()
    middle = factories.organ(superior=top)
    bottom = factories.organ(superior=middle)
    with pytest.raises(BadInput, match="机构信息有误"):
        actions.change_organ(top, superior=bottom, **WHO)


def test_an_organ_where_people_serve_is_not_closed():
    organ = factories.organ()
    factories.user("clerk", organ)
    with pytest.raises(Conflict, match="任职"):
        actions.close_organ(organ, reason="机构改革", **WHO)


def test_an_empty_organ_is_closed_and_opened_again():
    organ = factories.organ()
    assert not actions.close_organ(organ, reason="机构改革", **WHO).active
    assert actions.open_organ(organ, **WHO).active


class TestDivisions:
    def test_the_divisions_of_any_city_are_loaded_with_their_levels_and_parents(self):
        rows = [
            "# 来源",
            "code,name",
            "510000,四川省",
            "511600,广安市",
            "511602,广安区",
            "511602001,示例街道",
            "511602001001,示例社区",
        ]
        assert actions.load_divisions(rows, **WHO) == 5
        village = Division.objects.get(code="511602001001")
        assert [village.level, village.parent.level, village.parent.parent.name] == [6, 5, "广安区"]
        assert Division.objects.get(code="51").parent is None

    def test_loading_again_renames_and_doubles_nothing(self):
        actions.load_divisions(["500000,重庆市", "500114,黔江区"], **WHO)
        actions.load_divisions(["500114,黔江(改)"], **WHO)
        assert Division.objects.count() == 2
        assert Division.objects.get(code="500114").parent_id == "50"

    @pytest.mark.parametrize("row", ["51162,少一位", "5116023x,错", "511602", "511602,", "５１１６０２,全角"])
    def test_a_row_that_is_wrong_is_named_and_nothing_is_loaded(self, row):
        with pytest.raises(BadInput) as refusal:
            actions.load_divisions(["510000,四川省", row], **WHO)
        assert refusal.value.problems[0].where == "第2行"
        assert not Division.objects.exists()


class TestTree:
    def test_organs_hang_under_their_superior_within_a_division(self):
        top = factories.organ("甲局")
        factories.organ("甲局二级单位", superior=top)
        [place] = queries.organ_tree(Organ.objects.select_related("division"))
        [branch] = place.organs
        assert [branch.organ.name, branch.branches[0].organ.name] == ["甲局", "甲局二级单位"]

    def test_an_organ_elsewhere_stands_in_its_own_division(self):
        city = factories.division("9901", "示例市", 3)
        bureau = factories.organ("市甲局", division=city)
        factories.organ("县甲局", superior=bureau)
        assert [place.division.name for place in queries.organ_tree(Organ.objects.all())] == ["示例市", "示例县"]

    def test_holders_are_counted_once_and_only_in_office(self):
        organ = factories.organ()
        who = factories.user("clerk", organ)
        factories.post(who, "head", organ)
        gone = factories.user("clerk", organ)
        gone.posts.update(until=now().date() - timedelta(days=400))
        assert queries.organs_with_counts(now().date()).get(pk=organ.pk).holders == 1
