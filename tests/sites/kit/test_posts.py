"""Pages for any of the staff, whatever their post."""

import pytest
from django.test import Client
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    [
        "/work/",
        "/work/search/?q=a",
        "/work/complaints/",
        "/work/ratings/",
        "/counter/questions/",
        "/oversight/draws/",
    ],
)
def test_who_has_no_post_is_refused_and_any_post_is_enough(client: Client, address: str) -> None:
    client.force_login(make.user())
    refused = client.get(address)
    assert refused.status_code == 403
    assert "您还没有工作岗位" in refused.content.decode()
    client.force_login(make.user("clerk"))
    assert client.get(address).status_code == 200
