"""A publication as a service of Open Referral's HSDS 3 (Human Services Data Specification), as its API tells it.

Identifiers are UUIDs of the addresses they stand for, so that they stay from one answer to the next. Nothing is said that the
guide does not say, but that an address has no postal code known here ("") where the specification wants the key.
"""

from collections.abc import Iterator
from uuid import NAMESPACE_URL, uuid5

from banshi.catalog import flowchart
from banshi.catalog.guide.document import Place
from banshi.catalog.guide.plain_language import audience_words, bring, fee_words, limit_words
from banshi.catalog.linked_data import asked_words, iri, price
from banshi.catalog.models import Publication
from banshi.core.json_types import JsonObject
from banshi.people.enums import DivisionLevel
from banshi.people.models import Division, Organ

Node = JsonObject


def hsds_service(publication: Publication, url: str) -> Node:
    """Return the service with its organization, locations, schedules, costs and the documents that must be brought."""
    item, guide = publication.item, publication.revision.guide
    service = _id(url)
    limit = limit_words(guide.promised_limit)
    shared = [each.material.name for each in bring(guide) if each.state == "shared"]
    spared = f"不用提交，由政府部门共享查询：{'、'.join(shared)}" if shared else ""
    steps = [line.text for line in flowchart.outline(guide)]
    charged = [] if guide.charged is False else guide.fees
    ended = "temporarily closed" if publication.ending == Publication.Ending.SUSPENDED else "inactive"
    return _filled(
        {
            "id": service,
            "organization_id": _organ_id(item.organ),
            "name": guide.name,
            "alternate_name": "、".join(guide.aliases),
            "description": "\n".join(
                text for text in (guide.summary or guide.name, publication.source_note, spared) if text
            ),
            "url": iri(guide.online_url) or url,
            "status": "active" if publication.until is None and not publication.source_note else ended,
            "application_process": "\n".join([*steps, *([f"承诺办结时限：{limit}"] if limit else [])]),
            "fees_description": fee_words(guide),
            "eligibility_description": "\n".join(
                filter(None, [audience_words(guide), *(each.text for each in guide.conditions)])
            ),
            "assured_date": publication.since.date().isoformat(),
            "organization": _organization(item.organ),
            "phones": _phones(url, "consult", guide.consult.phone),
            "languages": [{"id": _id(f"{url}#language"), "service_id": service, "name": "中文", "code": "zh"}],
            "service_areas": [
                {
                    "id": _id(f"{url}#area"),
                    "service_id": service,
                    "name": item.organ.division.name,
                }
            ],
            "service_at_locations": [
                _at_location(item.organ, place, url, number) for number, place in enumerate(guide.places, 1)
            ],
            "required_documents": [
                _filled(
                    {
                        "id": _id(f"{url}#material-{number}"),
                        "service_id": service,
                        "document": "；".join(filter(None, (each.material.name, asked_words(each)))),
                    }
                )
                for number, each in enumerate(bring(guide), 1)
                if each.state != "shared"
            ],
            "cost_options": [
                _filled(
                    {
                        "id": _id(f"{url}#cost-{number}"),
                        "service_id": service,
                        "option": fee.name,
                        "amount_description": fee.standard,
                        **({"amount": price(fee), "currency": "CNY"} if price(fee) is not None else {}),
                    }
                )
                for number, fee in enumerate(charged, 1)
            ],
            "attributes": list(_attributes(publication, url)),
        }
    )


def _organization(organ: Organ) -> Node:
    own = f"urn:banshi:organ:{organ.uscc or organ.pk}"
    code = {"id": _id(f"{own}#uscc"), "identifier_type": "统一社会信用代码", "identifier": organ.uscc}
    return _filled(
        {
            "id": _organ_id(organ),
            "name": organ.name,
            "alternate_name": organ.short_name,
            "description": f"{organ.division.name}{organ.get_kind_display()}",
            "phones": _phones(own, "organ", organ.phone),
            "organization_identifiers": [code] if organ.uscc else [],
        }
    )


def _at_location(organ: Organ, place: Place, url: str, number: int) -> Node:
    own = f"{url}#place-{number}"
    # Hours are told in words; rules of recurrence would be a guess at what they mean.
    hours = [{"id": _id(f"{own}-hours"), "description": place.hours}] if place.hours else []
    city, province = (_above(organ.division, level) for level in (DivisionLevel.CITY, DivisionLevel.PROVINCE))
    address = {
        "id": _id(f"{own}-address"),
        "address_1": "，".join(filter(None, (place.address, place.window))),
        "city": city,
        "state_province": province,
        "postal_code": "",
        "country": "CN",
        "address_type": "physical",
    }
    location = {
        "id": _id(f"{own}-location"),
        "location_type": "physical",
        "name": place.name,
        "transportation": place.transport,
        "addresses": [address] if place.address else [],
        "phones": _phones(own, "phone", place.phone),
    }
    return _filled({"id": _id(own), "service_id": _id(url), "location": _filled(location), "schedules": hours})


def _above(division: Division, level: int) -> str:
    while division.parent and division.level > level:
        division = division.parent
    return division.name


def _attributes(publication: Publication, url: str) -> Iterator[Node]:
    category = publication.item.category
    kind = publication.identified
    for taxonomy, code, name in (
        ("公共服务事项类别", category.pk if category else "", category.name if category else ""),
        ("事项类型", kind.kind, kind.kind_label),
    ):
        if name:
            term = {"id": _id(f"urn:banshi:{taxonomy}:{code}"), "code": code, "name": name, "taxonomy": taxonomy}
            yield {
                "id": _id(f"{url}#{taxonomy}"),
                "link_id": _id(url),
                "link_entity": "service",
                "taxonomy_term_id": term["id"],
                "taxonomy_term": {**term, "description": f"{taxonomy}：{name}", "language": "zh"},
            }


def _phones(own: str, part: str, number: str) -> list[Node]:
    return [{"id": _id(f"{own}#{part}"), "number": number, "type": "voice"}] if number else []


def _organ_id(organ: Organ) -> str:
    return _id(f"urn:banshi:organ:{organ.uscc or organ.pk}")


def _id(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, name))


def _filled(node: Node) -> Node:
    return {
        key: value for key, value in node.items() if value not in (None, [], ()) and (value or key == "postal_code")
    }
