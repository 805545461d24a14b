"""A write sent twice with one Idempotency-Key is done once."""

import pytest
from tests import factories as make

from banshi.clients.idempotency import answer_once
from banshi.clients.models import IdempotentRequest
from banshi.clients.tasks import KEEP_ANSWERS, clear_tokens
from banshi.core.errors import BadInput, Conflict

pytestmark = pytest.mark.django_db


class Counted:
    """An act that tells how often it was done."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> tuple[int, str]:
        self.times += 1
        return 201, f'{{"number": {self.times}}}'


def test_the_first_answer_is_given_again() -> None:
    act = Counted()
    first = answer_once("client:1", "k", "same", act, at=make.NOON)
    assert answer_once("client:1", "k", "same", act, at=make.NOON) == first == (201, '{"number": 1}')
    assert act.times == 1


def test_another_request_with_the_key_is_refused() -> None:
    answer_once("client:1", "k", "one", Counted(), at=make.NOON)
    with pytest.raises(BadInput, match="另一个请求"):
        answer_once("client:1", "k", "two", Counted(), at=make.NOON)


def test_each_has_keys_of_their_own() -> None:
    act = Counted()
    answer_once("client:1", "k", "same", act, at=make.NOON)
    answer_once("client:2", "k", "same", act, at=make.NOON)
    assert act.times == 2


def test_what_failed_may_be_tried_again() -> None:
    def fail() -> tuple[int, str]:
        raise Conflict("别人先办了")

    with pytest.raises(Conflict):
        answer_once("client:1", "k", "same", fail, at=make.NOON)
    assert answer_once("client:1", "k", "same", Counted(), at=make.NOON)[0] == 201


@pytest.mark.parametrize("key", ["", "x" * 201, "a\x00b"])
def test_a_key_that_is_none_is_told(key: str) -> None:
    with pytest.raises(BadInput):
        answer_once("client:1", key, "same", Counted(), at=make.NOON)


def test_answers_are_sealed_and_forgotten_in_time() -> None:
    answer_once("client:1", "k", "same", lambda: (201, "张三的办件"), at=make.NOON)
    assert "张三".encode() not in bytes(IdempotentRequest.objects.get().answer_sealed)
    clear_tokens.call(at=(make.NOON + KEEP_ANSWERS).isoformat())
    assert IdempotentRequest.objects.count() == 1
    clear_tokens.call(at=(make.NOON + 2 * KEEP_ANSWERS).isoformat())
    assert IdempotentRequest.objects.count() == 0
