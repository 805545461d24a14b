"""What schema.org says of the types we write: facts of its vocabulary (release 12.0, CC BY-SA 3.0).

Of each type: its properties, own and inherited, as far as we use them, and what each may be. Text, URL and the like are strings of that form.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

Node = dict[str, Any]
THING = {"name": "Text", "description": "Text"}
SCHEMA: dict[str, dict[str, str]] = {
    "GovernmentService": {
        **THING,
        "url": "URL",
        "identifier": "Text",
        "alternateName": "Text",
        "disambiguatingDescription": "Text",
        "serviceType": "Text",
        "provider": "Organization",
        "areaServed": "AdministrativeArea",
        "audience": "Audience",
        "availableChannel": "ServiceChannel",
        "offers": "Offer",
        "serviceOutput": "Thing",
        "subjectOf": "CreativeWork",
    },
    "GovernmentOrganization": {**THING, "identifier": "Text", "telephone": "Text", "address": "Text"},
    "AdministrativeArea": THING,
    "Audience": {**THING, "audienceType": "Text"},
    "ServiceChannel": {
        **THING,
        "processingTime": "Duration",
        "availableLanguage": "Text",
        "serviceLocation": "Place",
        "serviceUrl": "URL",
        "servicePhone": "ContactPoint",
    },
    "Place": {**THING, "address": "Text", "telephone": "Text"},
    "ContactPoint": {**THING, "telephone": "Text"},
    "Offer": {**THING, "price": "Number", "priceCurrency": "Currency"},
    "Thing": THING,
    "HowTo": {**THING, "supply": "HowToSupply", "step": "HowToStep"},
    "HowToSupply": THING,
    "HowToStep": {**THING, "position": "Integer"},
    "FAQPage": {**THING, "mainEntity": "Thing"},
    "Question": {**THING, "acceptedAnswer": "Answer"},
    "Answer": {**THING, "text": "Text"},
}
ABOVE = {"GovernmentOrganization": "Organization", "HowTo": "CreativeWork", "FAQPage": "CreativeWork"}
FORMS = {"Text": r"[\s\S]+", "Duration": r"P(\d+[YMWD])*(T(\d+[HMS])+)?", "Currency": "[A-Z]{3}"}


def wrong_in_schema_org(node: Node) -> Iterator[str]:
    """Tell what the vocabulary does not know, or knows otherwise."""
    kind = node["@type"]
    if kind not in SCHEMA:
        yield f"{kind} is unknown"
    for name, values in node.items():
        if name.startswith("@"):
            continue
        wanted = SCHEMA.get(kind, {}).get(name)
        if wanted is None:
            yield f"{kind}: {name} is unknown"
            continue
        for value in values if isinstance(values, list) else [values]:
            if not _fits(value, wanted):
                yield f"{kind}: {name} is no {wanted}"
            if isinstance(value, dict):
                yield from wrong_in_schema_org(value)


def _fits(value: Any, wanted: str) -> bool:
    if isinstance(value, dict):
        return wanted in {"Thing", value["@type"], ABOVE.get(value["@type"])}
    if wanted in ("Number", "Integer"):
        return isinstance(value, int | float if wanted == "Number" else int)
    if not isinstance(value, str):
        return False
    if wanted == "URL":
        return value.isascii() and bool(urlsplit(value).scheme) and not re.search(r"[\s<>\"]", value)
    return wanted in FORMS and bool(re.fullmatch(FORMS[wanted], value))
