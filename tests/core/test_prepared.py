"""Prepared queries answer as the QuerySet they are made of, whatever is asked of them next."""

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext
from tests import factories

from banshi.core.prepared import PreparedQuery
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


@pytest.mark.django_db(transaction=True)
def test_a_row_is_locked_in_a_transaction_only() -> None:
    held: PreparedQuery[Organ] = PreparedQuery(lambda organ: Organ.objects.select_for_update().filter(pk=organ))
    with pytest.raises(TransactionManagementError):
        held(1)
