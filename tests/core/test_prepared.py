"""Prepared queries answer as the QuerySet they are made of, inserts and updates write what Django would."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext
from tests import factories

from banshi.core import prepared
from banshi.core.prepared import PreparedQuery, PreparedRows, execute, insert, insert_together, new, update
from banshi.people.models import Organ, Post

POSTS = PreparedQuery(
    lambda organ, role: Post.objects.select_related("organ", "user").filter(organ=organ, role=role).order_by("id")
)


@pytest.fixture
def organs(db: None) -> list[Organ]:
    organs = [factories.organ("甲局"), factories.organ("乙局")]
    for organ in organs:
        for role in ("window", "handler", "window"):
            factories.post(factories.user(), role, organ)
    return organs


def test_it_answers_with_the_same_rows_and_relations_for_each_key_it_is_asked(organs: list[Organ]) -> None:
    for organ in organs:
        for role in ("window", "handler", "head"):
            with CaptureQueriesContext(connection) as asked:
                found = [(each.pk, each.organ.name, each.user.username) for each in POSTS(organ.pk, role)]
            rows = Post.objects.filter(organ=organ, role=role).order_by("id")
            assert found == [(each.pk, each.organ.name, each.user.username) for each in rows]
            assert len(asked) == 1 and bool(found) == (role != "head")


def test_it_is_compiled_once(organs: list[Organ], monkeypatch: pytest.MonkeyPatch) -> None:
    compiled, compile_ = [], SQLCompiler.as_sql

    def counted(self: SQLCompiler, *args: object, **kwargs: object) -> object:
        compiled.append(self)
        return compile_(self, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(SQLCompiler, "as_sql", counted)
    names = PreparedQuery(lambda organ: Organ.objects.filter(pk=organ).values_list("id", "name"))
    assert [names(each.pk) for each in organs] == [[(each.pk, each.name)] for each in organs]
    assert len(compiled) == 1


def test_one_row_is_got_or_none_is_told(organs: list[Organ]) -> None:
    one: PreparedQuery[Organ] = PreparedQuery(lambda organ: Organ.objects.filter(pk=organ))
    assert one.get(organs[1].pk) == organs[1]
    with pytest.raises(Organ.DoesNotExist):
        one.get(organs[1].pk + 1000)


def test_a_value_that_is_not_compared_as_it_is_is_refused(db: None) -> None:
    def beginning(name: str) -> QuerySet[Organ]:
        return Organ.objects.filter(name__startswith=name)

    with pytest.raises(TypeError, match="not compared"):
        PreparedQuery(beginning)("甲")
    with pytest.raises(TypeError, match="not compared"):
        PreparedRows(lambda name: (beginning(name),))("甲")


def test_rows_of_several_queries_are_asked_by_one_statement(organs: list[Organ]) -> None:
    first = PreparedRows(
        lambda organ, role, name: (
            Post.objects.select_related("organ", "user").filter(organ=organ, role=role).order_by("-id")[:1],
            Organ.objects.annotate(own=Exists(Post.objects.filter(organ=OuterRef("pk"), role=role))).filter(name=name),
            Organ.objects.filter(pk=organ).values_list("name", "kind"),
        )
    )
    for organ, role, name in ((organs[0], "window", "乙局"), (organs[1], "head", "甲局"), (organs[0], "head", "没有")):
        with CaptureQueriesContext(connection) as asked:
            post, other, said = first(organ.pk, role, name)
            told = post and (post.pk, post.organ.name, post.user.username, post.since), other and (other.pk, other.own)
        row = Post.objects.filter(organ=organ, role=role).order_by("-id").first()
        named = Organ.objects.filter(name=name).first()
        assert len(asked) == 1 and said == (organ.name, organ.kind)
        assert told == (
            row and (row.pk, organ.name, row.user.username, row.since),
            named and (named.pk, role == "window"),
        )


@pytest.mark.django_db(transaction=True)
def test_a_row_is_locked_in_a_transaction_only() -> None:
    held: PreparedQuery[Organ] = PreparedQuery(lambda organ: Organ.objects.select_for_update().filter(pk=organ))
    with pytest.raises(TransactionManagementError):
        held(1)


def test_inserted_rows_have_every_column_and_their_keys_in_order(organs: list[Organ]) -> None:
    division = organs[0].division
    some = [Organ(name=f"丙{number}局", division=division) for number in range(3)]
    with CaptureQueriesContext(connection) as asked:
        insert(some)
    assert len(asked) == 1
    for each in some:
        kept = Organ.objects.get(pk=each.pk)
        assert model_to_dict(kept) == model_to_dict(each)
        assert not each._state.adding
    insert([post := Post(user=factories.user(), role="window", organ=some[1], since=date(2026, 1, 5))])
    assert Post.objects.get(pk=post.pk).organ == some[1]


def test_more_values_than_one_statement_takes_are_inserted_by_several(
    organs: list[Organ], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared, "VALUES_AT_ONCE", 3 * len(Organ._meta.concrete_fields))
    monkeypatch.setattr(prepared, "_inserts", {})
    insert([Organ(name=f"丁{number}局", division=organs[0].division) for number in range(8)])
    assert Organ.objects.filter(name__startswith="丁").count() == 8


def test_an_update_sets_the_rows_that_have_the_values_and_no_others(organs: list[Organ]) -> None:
    posts = list(Post.objects.filter(organ=organs[0]).order_by("id"))
    day = date(2026, 12, 31)
    wanted = {"pk": [each.pk for each in posts], "role": "window", "until": None}
    assert update(Post, wanted, until=day, organ=organs[1]) == 2
    assert list(Post.objects.filter(until=day).values_list("organ", flat=True)) == [organs[1].pk] * 2
    assert update(Post, wanted, until=None) == 0


def test_an_instance_is_as_the_model_itself_would_make_it(organs: list[Organ]) -> None:
    [post, *_] = POSTS(organs[0].pk, "window")
    same = Post.objects.select_related("organ", "user").get(pk=post.pk)
    for one, other in ((post, same), (post.organ, same.organ), (post.user, same.user)):
        assert {**vars(one), "_state": None} == {**vars(other), "_state": None}
        assert (one._state.adding, one._state.db) == (other._state.adding, other._state.db)
    assert post.organ.superior is None, "what was not asked for is fetched when it is wanted"


def test_what_has_to_be_initialised_is_not_prepared(organs: list[Organ], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Organ, "__init__", lambda self, *args, **kwargs: None)
    with pytest.raises(TypeError, match="has to be initialised"):
        PreparedQuery(lambda organ: Organ.objects.filter(pk=organ))(organs[0].pk)


def test_a_new_row_has_the_defaults_of_its_model_and_no_column_it_does_not_know(organs: list[Organ]) -> None:
    made, usual = (
        new(Organ, name="己局", division_id=organs[0].division_id),
        Organ(name="己局", division=organs[0].division),
    )
    assert model_to_dict(made) == model_to_dict(usual) and made._state.adding
    insert([made])
    assert Organ.objects.get(name="己局").pk == made.pk
    with pytest.raises(TypeError, match="no column division"):
        new(Organ, name="庚局", division=organs[0].division)


def test_rows_of_several_models_are_inserted_by_as_few_statements_as_the_database_takes(organs: list[Organ]) -> None:
    made = [new(Organ, name=f"辛{number}局", division_id=organs[0].division_id) for number in range(2)]
    post = new(Post, user_id=factories.user().pk, role="window", organ_id=organs[0].pk, since=date(2026, 1, 5))
    with CaptureQueriesContext(connection) as asked:
        insert_together({Organ: made, Post: [post]})
    assert len(asked) == (1 if connection.vendor == "postgresql" else 2)
    assert Organ.objects.filter(name__startswith="辛").count() == 2
    assert Post.objects.filter(since=post.since, organ=organs[0]).count() == 1


def test_past_djangos_cursor_a_mistake_is_told_as_django_tells_it(organs: list[Organ]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([new(Organ, name="壬局", division_id=0, uscc=None)])
    assert execute(
        connections["default"], "SELECT name FROM people_organ WHERE id = %s", [organs[0].pk]
    ).fetchall() == [(organs[0].name,)]


@pytest.mark.django_db(transaction=True)
def test_rows_are_inserted_in_the_transaction_of_their_act_alone() -> None:
    with pytest.raises(TransactionManagementError):
        insert([Organ(name="戊局")])


@pytest.mark.postgres
def test_the_server_plans_once_what_is_asked_again(organs: list[Organ]) -> None:
    names = PreparedQuery(lambda organ: Organ.objects.filter(pk=organ).values_list("name", flat=True))

    def planned() -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%people_organ%'")
            return [sql for (sql,) in cursor.fetchall()]

    before = planned()
    assert [names(organs[0].pk) for _ in range(4)] == [[organs[0].name]] * 4
    [sql] = set(planned()) - set(before)
    assert "$1" in sql
    with CaptureQueriesContext(connection) as asked:
        names(organs[1].pk)
    assert "people_organ" in asked[0]["sql"], "what is asked can be read in logs"


def test_a_long_statement_is_taken_as_it_is_written(db: None) -> None:
    """Of many values, with a percent sign of its own, and longer than what is kept."""
    for count in (60, 5000):
        sql = f"SELECT 'a %%s' WHERE 1 IN ({', '.join(['%s'] * count)})"
        assert execute(connections["default"], sql, (1,) * count).fetchone() == ("a %s",)
