"""Open311 GeoReport v2: what the specification requires is there, in JSON and XML, and nothing of people."""

from datetime import datetime
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from django.test import Client
from jsonschema import FormatChecker, ValidationError, validate
from tests.cases.hall import hall, moment

from banshi.core.clock import stopped_at
from banshi.feedback.actions import accept_complaint, answer_complaint
from banshi.feedback.models import Complaint
from banshi.feedback.queries import complaint_by_number_and_code

pytestmark = pytest.mark.django_db
SERVICE = {"service_code", "service_name", "description", "metadata", "type", "keywords", "group"}
REQUIRED = {"service_request_id", "status", "service_code", "requested_datetime"}
TEXT, MOMENT, NUMBER = ({"type": [kind, "null"]} for kind in ("string", "string", "number"))
MOMENT |= {"format": "date-time"}
SAID, YES_OR_NO = {"type": "string"}, {"type": "boolean"}
REQUEST = {
    "type": "object",
    "required": sorted(REQUIRED),
    "properties": {
        **dict.fromkeys(("service_request_id", "service_code"), SAID),
        **dict.fromkeys(("status_notes", "service_name", "agency_responsible", "service_notice", "address"), TEXT),
        **dict.fromkeys(("address_id", "zipcode", "media_url"), TEXT),
        "description": TEXT | {"maxLength": 4000},
        "status": {"enum": ["open", "closed"]},
        "requested_datetime": SAID | {"format": "date-time"},
        **dict.fromkeys(("updated_datetime", "expected_datetime"), MOMENT),
        **dict.fromkeys(("lat", "long"), NUMBER),
    },
}
SERVICES = {
    "type": "array",
    "items": {
        "required": ["service_code", "service_name", "metadata", "type"],
        "properties": {
            **dict.fromkeys(("service_code", "service_name"), SAID),
            **dict.fromkeys(("description", "keywords", "group"), TEXT),
            "metadata": YES_OR_NO,
            "type": {"enum": ["realtime", "batch", "blackbox"]},
        },
    },
}
VALUE = {"required": ["key", "name"], "properties": {"key": SAID, "name": SAID}}
ATTRIBUTE = {
    "required": ["variable", "code", "datatype", "required"],
    "properties": {
        **dict.fromkeys(("variable", "required"), YES_OR_NO),
        **dict.fromkeys(("datatype_description", "description"), TEXT),
        "code": SAID,
        "datatype": {"enum": ["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]},
        "order": {"type": ["integer", "null"]},
        "values": {"type": "array", "items": VALUE},
    },
}
DEFINITION = {
    "required": ["service_code", "attributes"],
    "properties": {"service_code": SAID, "attributes": {"type": "array", "items": ATTRIBUTE}},
}
CREATED = {
    "required": ["service_request_id"],
    "properties": {"service_request_id": SAID, "service_notice": TEXT, "account_id": TEXT, "token": False},
}
ERROR = {"required": ["code", "description"], "properties": {"code": {"type": "integer"}, "description": SAID}}
"""Types, formats and what is required, as the schemas of open311/schema-validation (georeport-v2) and the specification say it."""
ENDPOINT = {
    "required": ["specification", "url", "changeset", "type", "formats"],
    "properties": {
        "specification": {"const": "http://wiki.open311.org/GeoReport_v2"},
        "type": {"enum": ["production", "test"]},
        "formats": {"type": "array", "items": {"enum": ["text/xml", "application/json"]}, "minItems": 1},
        "changeset": SAID,
        "url": {"type": "string", "pattern": "^https?://.*[^/]$"},
    },
}
DISCOVERY = {
    "required": ["changeset", "contact", "key_service", "endpoints"],
    "properties": {
        **dict.fromkeys(("changeset", "contact", "key_service"), SAID),
        "endpoints": {"type": "array", "items": ENDPOINT, "minItems": 1},
    },
}
"""Service Discovery, which GeoReport v2 requires."""
SENT = {"service_code": "slow", "description": "示例县水利局一直没有答复我", "phone": "13800000000", "first_name": "林"}


@pytest.fixture(autouse=True)
def on_thursday() -> Any:
    with stopped_at(moment("09-24")):
        yield


def sent(**more: str) -> Any:
    return Client(enforce_csrf_checks=True).post("/open311/v2/requests.json", {**SENT, **more})


CHECKER = FormatChecker(())


@CHECKER.checks("date-time", ValueError)
def is_moment(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


def fits(told: Any, schema: dict[str, Any]) -> bool:
    validate(told, schema, format_checker=CHECKER)
    return True


def test_services_and_their_definitions() -> None:
    some = Client().get("/open311/v2/services.json").json()
    assert fits(some, SERVICES)
    for each in some:
        assert fits(Client().get(f"/open311/v2/services/{each['service_code']}.json").json(), DEFINITION)
    assert all(set(each) == SERVICE for each in some) and len(some) > 5
    as_xml = fromstring(Client().get("/open311/v2/services.xml").content)
    assert as_xml.tag == "services" and [each.findtext("service_code") for each in as_xml] == [
        each["service_code"] for each in some
    ]
    definition = Client().get("/open311/v2/services/slow.json").json()
    assert set(definition["attributes"][0]) >= {"variable", "code", "datatype", "required", "order", "values"}
    assert fromstring(Client().get("/open311/v2/services/slow.xml").content).find("attributes/attribute/values/value")
    assert Client().get("/open311/v2/services/none.json").json()[0]["code"] == 404


def test_the_endpoint_can_be_discovered_in_both_formats() -> None:
    answer = Client().get("/open311/v2/discovery.json")
    assert answer["Content-Type"] == "application/json; charset=utf-8" and fits(answer.json(), DISCOVERY)
    [endpoint] = answer.json()["endpoints"]
    as_xml = fromstring(Client().get("/open311/v2/discovery.xml").content)
    assert as_xml.tag == "discovery" and as_xml.findtext("endpoints/endpoint/url") == endpoint["url"]
    assert [each.text for each in as_xml.findall("endpoints/endpoint/formats/format")] == endpoint["formats"]
    with pytest.raises(ValidationError):
        fits({**answer.json(), "endpoints": [{**endpoint, "type": "live"}]}, DISCOVERY)


def test_a_request_is_taken_in_and_read_without_text_or_person() -> None:
    of = hall()
    answer = sent(**{"attribute[kind]": "help"})
    assert answer.status_code == 201
    assert fits(answer.json(), {"type": "array", "items": CREATED})
    told = answer.json()[0]
    made = Complaint.objects.get()
    assert (made.organ, made.kind, made.channel, made.service_class) == (of.bureau, "help", "open311", "slow")
    code = told["service_notice"].split("，")[0].removeprefix("查询码 ")
    assert complaint_by_number_and_code(told["service_request_id"], code) == made
    page = Client().get(f"/open311/v2/requests/{made.number}.json")
    row = page.json()[0]
    for where in (f"requests/{made.number}", "requests"):
        assert fits(Client().get(f"/open311/v2/{where}.json").json(), {"type": "array", "items": REQUEST})
    with pytest.raises(ValidationError, match="date-time"):
        fits(row | {"requested_datetime": "gestern"}, REQUEST)
    assert (
        set(row) == set(REQUEST["properties"])
        and row["status"] == "open"
        and row["agency_responsible"] == of.bureau.name
    )
    assert row["expected_datetime"] == "2026-10-15T23:59:59+08:00"
    assert "13800000000" not in page.content.decode() and "一直没有答复" not in page.content.decode()
    as_xml = fromstring(Client().get("/open311/v2/requests.xml").content)
    assert as_xml.tag == "service_requests" and as_xml.findtext("request/service_request_id") == made.number


def test_requests_are_filtered_as_the_specification_says() -> None:
    hall()
    sent()
    sent(service_code="fee", description="示例县水利局多收了我的钱")
    ask = Client().get
    assert len(ask("/open311/v2/requests.json").json()) == 2
    assert len(ask("/open311/v2/requests.json", {"service_code": "fee"}).json()) == 1
    assert ask("/open311/v2/requests.json", {"status": "closed"}).json() == []
    assert ask("/open311/v2/requests.json", {"start_date": "2026-10-01T00:00:00+08:00"}).json() == []
    for both in ("status=open,closed", "status=open&status=closed", "status=", "service_code=fee,%20slow"):
        assert len(ask(f"/open311/v2/requests.json?{both}").json()) == 2
    assert len(ask("/open311/v2/requests.json?service_code=fee&service_code=slow").json()) == 2
    number = Complaint.objects.order_by("pk")[0].number
    assert len(ask("/open311/v2/requests.json", {"service_request_id": f"{number},X,S1"}).json()) == 1


def test_mistakes_are_told_in_the_form_of_the_specification() -> None:
    hall()
    for wrong in ({"service_code": ""}, {"service_code": "none"}, {"description": ""}, {"attribute[kind]": "x"}):
        answer = sent(**wrong)
        assert answer.status_code in (400, 404) and fits(answer.json(), {"type": "array", "items": ERROR})
    assert sent(**{"attribute[kind]": ""}).status_code == 201
    assert Client().get("/open311/v2/requests.json", {"start_date": "gestern"}).status_code == 400
    for name in ("start_date", "end_date"):
        for day in ("0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00"):
            assert Client().get("/open311/v2/requests.json", {name: day}).status_code == 400
    assert fromstring(Client().get("/open311/v2/requests/S20260000099.xml").content).findtext("error/code") == "404"


def test_a_report_of_misconduct_is_never_there_and_no_time_of_day_is_told() -> None:
    hall()
    number = sent(**{"attribute[kind]": "report"}).json()[0]["service_request_id"]
    other = sent(description="示例县水利局排队时间太长了").json()[0]["service_request_id"]
    ask = Client().get
    assert [each["service_request_id"] for each in ask("/open311/v2/requests.json").json()] == [other]
    assert ask("/open311/v2/requests.json", {"service_request_id": number}).json() == []
    assert ask(f"/open311/v2/requests/{number}.json").status_code == 404
    assert ask("/open311/v2/requests.json", {"service_request_id": f"S2025{other[5:]}"}).json() == []
    row = ask(f"/open311/v2/requests/{other}.json").json()[0]
    assert row["requested_datetime"] == row["updated_datetime"] == "2026-09-24T00:00:00+08:00"
    narrow = {"start_date": "2026-09-24T20:00:00+08:00", "end_date": "2026-09-24T20:00:01+08:00"}
    assert len(ask("/open311/v2/requests.json", narrow).json()) == 1


def test_what_the_specification_allows_is_kept_and_told() -> None:
    of = hall()
    longest = "示例县水利局一直没有答复我" + "。" * 3987
    more = {
        "address_string": "示例路1号",
        "address_id": "A7",
        "media_url": "https://example.com/1.jpg",
        "lat": "",
        "email": "",
    }
    made = sent(description=longest, **more)
    assert made.status_code == 201, made.content.decode()
    complaint = Complaint.objects.get()
    assert complaint.text.startswith(longest) and all(
        each in complaint.text for each in ("示例路1号，A7", "example.com/1.jpg")
    )
    refused = sent(description=f"{longest}。")
    assert refused.status_code == 400 and "4000" in refused.json()[0]["description"]
    assert "javascript" not in sent(media_url="javascript:alert(1)").content.decode()
    assert not Complaint.objects.filter(text__contains="javascript").exists()
    address = f"/open311/v2/requests/{complaint.number}"
    told = Client().get(f"{address}.json").json()[0]
    assert told["updated_datetime"] == told["requested_datetime"]
    accept_complaint(complaint, by=of.head, at=moment("09-25"))
    for number in (1, 2):
        told = Client().get(f"{address}.json").json()[0]
        as_xml = fromstring(Client().get(f"{address}.xml").content).find("request")
        assert as_xml is not None and as_xml.findtext("updated_datetime") == told["updated_datetime"]
        assert (
            told["updated_datetime"].startswith(f"2026-09-{24 + number}")
            and told["status"] == ["", "open", "closed"][number]
        )
        if number == 1:
            answer_complaint(complaint, answer="今天已经办好了", by=of.head, at=moment("09-26"))
