"""Who, when and what are asked by the move itself; the history has keys; many cost as many queries as one."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from tests import factories as make
from tests.factories import NOON, TESTS
from tests.workflow.permits import Permit, PermitMove, examining, filed

from banshi.catalog.models import Item
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.workflow.actions import move, move_held, move_many
from banshi.workflow.queries import moves_open_to, moves_possible

pytestmark = pytest.mark.usefixtures("permits")


class TestWhoWhenWhat:
    def test_who_holds_the_permission_at_the_organ_goes_it(self) -> None:
        permit = filed()
        move(permit, "accept", by=make.user("clerk", permit.organ), at=NOON)
        assert Permit.objects.get().state == permit.state == "examining"

    @pytest.mark.parametrize("role", ["head", "window", "admin"])
    def test_another_role_is_refused_with_what_it_lacks(self, role: str) -> None:
        permit = filed()
        with pytest.raises(Refused, match="编写、修改事项和指南草稿") as told:
            move(permit, "accept", by=make.user(role, permit.organ), at=NOON)
        assert told.value.remedy
        assert Permit.objects.get().state == "filed"

    def test_the_same_role_elsewhere_is_refused(self) -> None:
        with pytest.raises(Refused):
            move(filed(), "accept", by=make.user("clerk", make.organ()), at=NOON)

    def test_one_stranger_among_many_holds_all_back(self) -> None:
        mine, other = filed(), filed()
        with pytest.raises(Refused):
            move_many([mine, other], "accept", by=make.user("clerk", mine.organ), at=NOON)
        assert set(Permit.objects.values_list("state", flat=True)) == {"filed"}

    def test_the_wrong_moment_is_refused_with_the_state(self) -> None:
        with pytest.raises(Conflict, match="许可现在是“待受理”，不能准予"):
            move(filed(), "grant", by=TESTS, at=NOON)

    def test_a_rule_that_does_not_hold_says_so_and_which(self) -> None:
        first, _, third = filed(), filed(papers=0), filed(papers=0)
        with pytest.raises(Conflict, match=r"不能受理：还没有材料（共2项）.*请先收齐材料"):
            move_many(list(Permit.objects.all()), "accept", by=TESTS, at=NOON)
        with pytest.raises(Conflict, match="还没有材料") as told:
            move_many([first, third], "accept", by=TESTS, at=NOON)
        assert told.value.where == str(third)
        assert not PermitMove.objects.exists()

    @pytest.mark.parametrize("field", ["state", "flow", "flow_id", "pk", "id", "organ", "organ_id"])
    def test_whose_it_is_and_where_it_stands_are_not_the_callers_to_set(self, field: str) -> None:
        permit = filed()
        with pytest.raises(ValueError, match=f"does not set {field}"):
            move(permit, "accept", by=TESTS, at=NOON, **{field: "granted"})
        assert Permit.objects.get().state == "filed"

    def test_a_row_read_before_somebody_moved_it_is_not_moved_again(self) -> None:
        stale, other = filed(), filed()
        move(Permit.objects.get(pk=stale.pk), "accept", by=TESTS, at=NOON)
        with pytest.raises(Conflict, match="别人办过"), transaction.atomic():
            move_held([other, stale], "accept", by=TESTS, at=NOON)
        assert Permit.objects.get(pk=other.pk).state == "filed"
        assert PermitMove.objects.count() == 1

    def test_an_unknown_move_names_the_known_ones(self) -> None:
        with pytest.raises(BadInput, match=r"“许可”的流程里没有变动“gnart”.*grant"):
            move(filed(), "gnart", by=TESTS, at=NOON)

    def test_nobody_goes_the_join_by_hand(self) -> None:
        with pytest.raises(Refused, match="各支都办完时自动"):
            move(examining(), "examined", by=TESTS, at=NOON)

    def test_what_a_page_offers_is_what_the_move_allows(self) -> None:
        permit = filed(papers=0)
        clerk = make.user("clerk", permit.organ)
        assert [each.name for each in moves_open_to(clerk, permit, at=NOON)] == ["withdraw"]
        assert [each.name for each in moves_possible(filed(), at=NOON)] == ["accept", "withdraw"]
        assert moves_open_to(make.user("head", permit.organ), permit, at=NOON) == []


class TestHistory:
    def test_each_move_stands_in_it_with_who_and_when(self) -> None:
        permit, later = examining(), NOON + timedelta(days=1)
        move(permit, "withdraw", note="不办了", by=make.user("clerk", permit.organ, full_name="李四"), at=later)
        assert list(permit.moves.values_list("name", "source", "to", "at", "actor_name", "note")) == [
            ("accept", "filed", "examining", NOON, TESTS.ledger_name, ""),
            ("withdraw", "examining", "withdrawn", later, "李四", "不办了"),
        ]

    def test_it_joins_to_what_moved(self) -> None:
        gone, _ = make.item(), make.item()
        move(gone, "suspend", by=TESTS, at=NOON)
        assert Item.objects.get(moves__name="suspend", moves__at__lte=NOON) == gone

    def test_it_is_found_by_an_index(self) -> None:
        names = {
            tuple(each["columns"])
            for each in connection.introspection.get_constraints(
                connection.cursor(), PermitMove._meta.db_table
            ).values()
            if each["index"]
        }
        assert ("subject_id",) in names


def test_queries_do_not_grow_with_their_number() -> None:
    clerk = make.user("clerk")
    organ = clerk.posts.get().organ
    counted = []
    for number in (2, 20):  # SQLite cuts larger inserts into pieces
        some = [filed(organ=organ) for _ in range(number)]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            move_many(some, "accept", by=type(clerk).objects.get(pk=clerk.pk), at=NOON)
        # The definition is read once a process, in whichever test comes first.
        counted.append(sum("flowdefinition" not in each["sql"] for each in queries))
    assert counted[0] == counted[1]
