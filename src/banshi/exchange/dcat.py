"""The public part of the catalogue as DCAT-AP 3.0.0 (CC BY 4.0, European Union) in JSON-LD, with its context inline."""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import quote

from banshi.core.json_types import JsonObject
from banshi.exchange.enums import Sharing
from banshi.exchange.models import Resource

AUTHORITY = "http://publications.europa.eu/resource/authority"
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
FREQUENCIES = {
    "实时": "CONT",
    "每日": "DAILY",
    "每周": "WEEKLY",
    "每月": "MONTHLY",
    "每季度": "QUARTERLY",
    "每半年": "ANNUAL_2",
    "每年": "ANNUAL",
    "不定期": "IRREG",
}
RIGHTS = {Sharing.UNCONDITIONAL: "RESTRICTED", Sharing.CONDITIONAL: "RESTRICTED", Sharing.REFUSED: "NON_PUBLIC"}
"""Shared among organs is not open to the public: only what is marked open is PUBLIC."""
DATA_THEME = f"{AUTHORITY}/data-theme"
CATEGORIES = "urn:banshi:data-category"


def dcat_ap(resources: Iterable[Resource], *, site: str, publisher: str) -> JsonObject:
    """Return a graph: the catalogue, its datasets, and each node they refer to with its class, as the shapes want it."""
    nodes: dict[str, JsonObject] = {}

    def keep(iri: str, kind: str | list[str], **rest: object) -> JsonObject:
        known = {key.replace("_", ":", 1): value for key, value in rest.items() if value not in (None, "", [])}
        nodes.setdefault(iri, {"@id": iri, "@type": kind, **known})
        return {"@id": iri}

    def agent(name: str, identifier: str) -> JsonObject:
        iri = f"urn:banshi:organ:{quote(identifier or name, safe='')}"
        return keep(iri, "foaf:Agent", foaf_name=_zh(name), dct_identifier=identifier)

    def concept(iri: str, scheme: str, label: JsonObject) -> JsonObject:
        return keep(iri, "skos:Concept", skos_prefLabel=label, skos_inScheme={"@id": scheme})

    def address(code: str) -> str:
        return f"{site}/open-data/resources/{quote(code, safe='')}"

    language = keep(f"{AUTHORITY}/language/ZHO", "dct:LinguisticSystem")
    # The profile asks for a theme of its own list; what organs keep for their work is of the public sector.
    public_sector = concept(
        f"{DATA_THEME}/GOVE", DATA_THEME, {"@value": "Government and public sector", "@language": "en"}
    )
    told = list(resources)
    public = {each.code for each in told}
    datasets, newest = [], None
    for one in told:
        themes = [part.strip() for part in one.category.split("/") if part.strip()][:1]
        rights = "PUBLIC" if one.open_data else RIGHTS[Sharing(one.sharing)]
        frequency = FREQUENCIES.get(one.update_cycle)
        contact = keep(
            f"urn:banshi:contact:{quote(one.organ.uscc or one.organ.name, safe='')}",
            "vcard:Kind",
            vcard_fn=one.organ.name,
            vcard_hasTelephone={"@id": f"tel:{quote(one.organ.phone)}"} if one.organ.phone else None,
        )
        newest = max(filter(None, (newest, one.published_at)), default=None)
        datasets.append(
            keep(
                address(one.code),
                ["dcat:Dataset", "rdfs:Resource"],
                dct_identifier=one.code,
                dct_title=_zh(one.name),
                dct_description=_zh(one.summary or one.name),
                dct_publisher=agent(one.organ.name, one.organ.uscc),
                dct_issued=_moment(one.published_at),
                dct_language=language,
                dct_accessRights=keep(f"{AUTHORITY}/access-right/{rights}", "dct:RightsStatement"),
                dct_accrualPeriodicity=keep(f"{AUTHORITY}/frequency/{frequency}", "dct:Frequency")
                if frequency
                else None,
                dct_relation=[{"@id": address(each)} for each in one.related if each in public],
                dcat_keyword=[_zh(label) for label in one.labels.values()],
                dcat_theme=[
                    public_sector,
                    *(concept(f"{CATEGORIES}:{quote(each, safe='')}", CATEGORIES, _zh(each)) for each in themes),
                ],
                dcat_contactPoint=contact,
            )
        )
    keep(
        f"{site}/open-data/resources.jsonld",
        "dcat:Catalog",
        dct_title=_zh(f"{publisher}数据资源目录"),
        dct_description=_zh("各单位有什么数据、能不能共享、找谁要。目录公开，数据按共享和开放的规定使用。"),
        dct_publisher=agent(publisher, ""),
        dct_language=language,
        dct_modified=_moment(newest),
        dcat_themeTaxonomy=[
            keep(DATA_THEME, "skos:ConceptScheme", dct_title={"@value": "Data theme", "@language": "en"}),
            keep(CATEGORIES, "skos:ConceptScheme", dct_title=_zh("数据资源分类")),
        ],
        dcat_dataset=datasets,
        foaf_homepage=keep(f"{site}/open-data/", "foaf:Document"),
    )
    return {"@context": CONTEXT, "@graph": list(nodes.values())}


def _zh(text: str) -> JsonObject:
    return {"@value": text, "@language": "zh"}


def _moment(at: datetime | None) -> JsonObject | None:
    return {"@value": at.isoformat(), "@type": "xsd:dateTime"} if at else None
