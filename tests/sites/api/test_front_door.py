"""What holds for every address of the API: methods, errors in one shape, cross-origin reading, the rate limit."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def trouble(response: Any) -> dict[str, Any]:
    """What an answer tells, as RFC 9457 has it."""
    told = json.loads(response.content)
    assert response["Content-Type"] == "application/problem+json"
    assert set(told) == {"type", "title", "status", "detail", "instance", "where", "remedy", "errors"}
    assert told["detail"] and told["title"] and told["status"] == response.status_code
    return told


def test_each_type_of_problem_is_explained_where_it_leads(client: Client) -> None:
    told = trouble(client.get("/api/v1/items/none"))
    page, _, anchor = told["type"].partition("#")
    assert f'id="{anchor}"' in client.get(page).content.decode()


def test_the_description_is_openapi_3_1_and_names_the_guide_once(client: Client) -> None:
    described = client.get("/api/v1/openapi.json").json()
    assert described["openapi"] == "3.1.0"
    titles = {
        name: schema["properties"]["promised_limit"].get("title")
        for name, schema in described["components"]["schemas"].items()
        if "promised_limit" in schema.get("properties", {})
    }
    assert titles == {"Guide": "承诺时限"}


def test_any_site_may_read(client: Client, catalogue: SimpleNamespace) -> None:
    for address in ("/api/v1/items", "/api/v1/items/none", "/api/v1/openapi.json"):
        assert (
            client.get(address, headers={"Origin": "https://elsewhere.example"})["Access-Control-Allow-Origin"] == "*"
        )


def test_head_answers_as_get_without_a_body(client: Client, catalogue: SimpleNamespace) -> None:
    whole, head = client.get("/api/v1/items"), client.head("/api/v1/items")
    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == whole["ETag"]


def test_options_tell_what_may_be_asked(client: Client) -> None:
    response = client.options("/api/v1/items")
    assert (response.status_code, response["Allow"]) == (204, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(client: Client, method: str) -> None:
    response = getattr(client, method)("/api/v1/items")
    assert response.status_code == 405
    assert trouble(response)["remedy"] == "请改用 GET, HEAD, OPTIONS。"
    assert response["Allow"] == "GET, HEAD, OPTIONS"


def test_an_unknown_address_is_told_in_the_same_shape(client: Client) -> None:
    response = client.get("/api/v1/nothing-here")
    assert response.status_code == 404
    assert trouble(response)["where"] == "/api/v1/nothing-here"


def test_a_mistyped_filter_is_told_and_not_passed_over(client: Client) -> None:
    response = client.get("/api/v1/items?catgory=education")
    assert response.status_code == 422
    assert trouble(response)["errors"][0]["field"] == "catgory"


def test_each_wrong_parameter_is_told_in_words(client: Client) -> None:
    told = trouble(client.get("/api/v1/items?limit=1000&after=-1&online=maybe"))
    assert {p["field"]: p["detail"] for p in told["errors"]} == {
        "limit": "数太大（200）",
        "after": "数太小（0）",
        "online": "要填 true 或 false",
    }


def test_an_accident_tells_nothing_of_itself(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any) -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr("banshi.sites.api.catalogue.lines", fail)
    response = client.get("/api/v1/items")
    assert response.status_code == 500
    assert "secret" not in response.content.decode()
    assert trouble(response)["detail"] == "系统出错了"


def test_too_many_requests_are_asked_to_wait(client: Client, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2
    answers = [client.get("/api/v1/categories", REMOTE_ADDR="192.0.2.7") for _ in range(4)]
    assert answers[-1].status_code == 429
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60
    assert trouble(answers[-1])["remedy"]
    assert client.get("/api/v1/categories", REMOTE_ADDR="192.0.2.8").status_code == 200


@pytest.mark.parametrize("address", ["/api/", "/api/v1/"])
def test_a_browser_is_led_to_the_page_that_explains_the_api(client: Client, address: str) -> None:
    assert client.get(address, headers={"Accept": "text/html"}).url == "/api/v1/docs"  # type: ignore[attr-defined]
    assert client.get(address).status_code == 404
