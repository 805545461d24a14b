"""大字 mode is a cookie set by a link."""

import pytest


@pytest.mark.django_db
def test_large_type_is_switched_on_and_off_by_links(client):
    answer = client.get("/display/?large=1&next=/organs/")
    assert answer["Location"] == "/organs/" and answer.cookies["large"].value == "1"
    assert '<html lang="zh-Hans" class="portal large">' in client.get("/").content.decode()
    client.get("/display/?next=/")
    assert '<html lang="zh-Hans" class="portal">' in client.get("/").content.decode()


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_link_leads_nowhere_else(client, away):
    assert client.get("/display/", {"large": "1", "next": away})["Location"] == "/"
