"""People of one bureau and of another, signed in."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client
from tests.factories import division, organ, user

from banshi.people.models import Organ, User


@dataclass(frozen=True, slots=True)
class People:
    """`clerk` and `colleague` write for `bureau`; `stranger` for `elsewhere`; `publisher` publishes for the whole county."""

    bureau: Organ
    elsewhere: Organ
    clerk: User
    colleague: User
    publisher: User
    stranger: User
    stranger_publisher: User


@pytest.fixture
def people(db: None) -> People:
    bureau, elsewhere = organ("示例县教育局"), organ("邻县教育局", division=division("990203", "邻县"))
    return People(
        bureau,
        elsewhere,
        clerk=user("clerk", bureau, full_name="陈经办"),
        colleague=user("clerk", bureau, full_name="李同事"),
        publisher=user("publisher", bureau, full_name="周公布"),
        stranger=user("clerk", elsewhere, full_name="吴外人"),
        stranger_publisher=user("publisher", elsewhere, full_name="郑外人"),
    )


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    def sign_in(who: User) -> Client:
        client = Client()
        client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in
