"""What HSDS 3 asks of a service: facts of its JSON Schemas (openreferral/specification, CC BY-SA 4.0, branch 3.2).

The schemas are not kept here. Of each object: required keys, all keys that are text, that are numbers, closed lists and forms of values, and the
objects in it. Deprecated keys are left out, so that writing one is an objection. Codes the schemas ask for in words alone (countries, currencies,
languages, telephones, extents) are held to as well.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

Node = dict[str, Any]
NUMBERS = {
    "minimum_age",
    "maximum_age",
    "amount",
    "latitude",
    "longitude",
    "extension",
    "timezone",
    "count",
    "interval",
    "year_incorporated",
}
UUIDS = {
    "id",
    "service_id",
    "organization_id",
    "location_id",
    "link_id",
    "taxonomy_term_id",
    "service_at_location_id",
    "program_id",
    "contact_id",
    "phone_id",
    "parent_organization_id",
    "parent_id",
    "taxonomy_id",
}
URIS = {"url", "website", "uri", "schedule_link", "term_uri"}
DATES = {"assured_date", "valid_from", "valid_to", "dtstart", "until"}
FORMS = {
    "email": r"[^@\s]+@[^@\s]+",
    "assurer_email": r"[^@\s]+@[^@\s]+",
    "opens_at": r"\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?",
    "closes_at": r"\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?",
    "country": "[A-Z]{2}",
    "currency": "[A-Za-z]{3}",
    "language": "[a-z]{2,3}",
}
CODES = {
    ("service", "status"): {"active", "inactive", "defunct", "temporarily closed"},
    ("location", "location_type"): {"physical", "postal", "virtual"},
    ("address", "address_type"): {"physical", "postal", "virtual"},
    ("schedule", "wkst"): {"MO", "TU", "WE", "TH", "FR", "SA", "SU"},
    ("schedule", "freq"): {"WEEKLY", "MONTHLY"},
    ("phone", "type"): {"text", "voice", "fax", "cell", "video", "pager", "textphone"},
    ("service_area", "extent_type"): {"geojson", "topojson", "kml", "text"},
}
SAID_OF = {"extent_type": "extent", "currency": "amount"}
"""What tells how another key is to be read says nothing without it."""
REQUIRED = {
    "service": {"id", "name", "status"},
    "organization": {"id", "name", "description"},
    "organization_identifier": {"id", "identifier_type", "identifier"},
    "service_at_location": {"id"},
    "location": {"id", "location_type"},
    "address": {"id", "address_1", "city", "state_province", "postal_code", "country", "address_type"},
    "phone": {"id", "number"},
    "schedule": {"id"},
    "language": {"id"},
    "service_area": {"id"},
    "required_document": {"id"},
    "cost_option": {"id"},
    "attribute": {"id"},
    "taxonomy_term": {"id", "name", "description"},
}
TEXTS = {
    "service": "id organization_id program_id name alternate_name description url email status interpretation_services application_process "
    "fees_description accreditations eligibility_description assured_date assurer_email alert minimum_age maximum_age last_modified",
    "organization": "id name alternate_name description email website year_incorporated legal_status logo uri parent_organization_id",
    "organization_identifier": "id organization_id identifier_scheme identifier_type identifier",
    "service_at_location": "id service_id location_id description",
    "location": "id location_type url organization_id name alternate_name description transportation latitude longitude "
    "external_identifier external_identifier_type",
    "address": "id location_id attention address_1 address_2 city region state_province postal_code country address_type",
    "phone": "id location_id service_id organization_id contact_id service_at_location_id number extension type description",
    "schedule": "id service_id location_id service_at_location_id valid_from valid_to dtstart timezone until count wkst freq interval "
    "byday byweekno bymonthday byyearday description opens_at closes_at schedule_link attending_type notes",
    "language": "id service_id location_id phone_id name code note",
    "service_area": "id service_id service_at_location_id name description extent extent_type uri",
    "required_document": "id service_id document uri",
    "cost_option": "id service_id valid_from valid_to option currency amount amount_description",
    "attribute": "id link_id taxonomy_term_id link_type link_entity value label",
    "taxonomy_term": "id code name description parent_id taxonomy language taxonomy_id term_uri",
}
LISTS = {
    "service": "phones schedules service_areas service_at_locations languages cost_options required_documents attributes",
    "organization": "phones locations organization_identifiers attributes",
    "service_at_location": "service_areas phones schedules attributes",
    "location": "languages addresses phones schedules attributes",
    "phone": "languages attributes",
}
OBJECTS = {("service", "organization"), ("service_at_location", "location"), ("attribute", "taxonomy_term")}


def wrong_in_service(service: Node) -> list[str]:
    wrong = list(_wrong("service", service))
    ids = [each["id"] for each in _objects(service)]
    return wrong + [f"{each} is the id of two" for each in sorted({each for each in ids if ids.count(each) > 1})]


def _objects(node: Node) -> Iterator[Node]:
    yield node
    for value in node.values():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                yield from _objects(each)


def _wrong(kind: str, node: Node) -> Iterator[str]:
    for key in REQUIRED[kind] - node.keys():
        yield f"{kind}: no {key}"
    for key, value in node.items():
        if key in LISTS.get(kind, "attributes").split():
            for each in value:
                yield from _wrong(key.removesuffix("es" if key == "addresses" else "s"), each)
        elif (kind, key) in OBJECTS:
            yield from _wrong(key, value)
        elif key not in TEXTS[kind].split():
            yield f"{kind}: {key} is unknown"
        elif not isinstance(value, int | float if key in NUMBERS else str):
            yield f"{kind}: {key} is a {type(value).__name__}"
        elif value not in CODES.get((kind, key), {value}) or not _in_form(kind, key, value):
            yield f"{kind}: {key} is {value}"
        elif SAID_OF.get(key, key) not in node:
            yield f"{kind}: {key} without {SAID_OF[key]}"


def _in_form(kind: str, key: str, value: Any) -> bool:
    """Tell whether a value has the format that its key asks for."""
    try:
        if key in UUIDS:
            return str(UUID(value)) == value
        if key in DATES:
            return date.fromisoformat(value).isoformat() == value
        if key == "last_modified":
            return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False
    if key in URIS:
        return bool(value.isascii() and urlsplit(value).scheme)
    form = FORMS.get("language" if (kind, key) == ("language", "code") else key)
    return form is None or bool(re.fullmatch(form, value))
