"""The public part of the catalogue as DCAT-AP 3.0.0 (CC BY 4.0, European Union) in JSON-LD, with its context inline."""

from collections.abc import Collection, Iterable
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


def dcat_ap(resources: Iterable[Resource], *, site: str, publisher: str) -> JsonObject:
    """Return a graph: the catalogue, its datasets, and each node they refer to with its class, as the shapes want it."""
    told = list(resources)
    public = {each.code for each in told}
    graph = _Graph(site)
    datasets = [graph.dataset(each, public) for each in told]
    graph.keep(
        graph.catalogue,
        "dcat:Catalog",
        dct_title=_zh(f"{publisher}数据资源目录"),
        dct_description=_zh("各单位有什么数据、能不能共享、找谁要。目录公开，数据按共享和开放的规定使用。"),
        dct_publisher=graph.agent(publisher, ""),
        dct_language=graph.language(),
        dct_modified=_moment(max((each.published_at for each in told if each.published_at), default=None)),
        dcat_themeTaxonomy=[
            graph.keep(DATA_THEME, "skos:ConceptScheme", dct_title={"@value": "Data theme", "@language": "en"}),
            graph.keep(graph.categories, "skos:ConceptScheme", dct_title=_zh("数据资源分类")),
        ],
        dcat_dataset=datasets,
        foaf_homepage=graph.keep(f"{site}/open-data/", "foaf:Document"),
    )
    return graph.told()


def dcat_dataset(one: Resource, *, site: str, public: Collection[str]) -> JsonObject:
    """Return the graph of one entry, as its own address answers.

    `public` are codes of entries it may be said to be related to.
    """
    graph = _Graph(site)
    graph.dataset(one, public)
    for each in public:
        graph.keep(page_of(site, each), "rdfs:Resource")
    return graph.told()


def page_of(site: str, code: str) -> str:
    """Return the address by which an entry is named, which answers as a page or as linked data."""
    return f"{site}/open-data/resources/{quote(code, safe='')}"


class _Graph:
    """Nodes by IRI, each once.

    What entries share is named by a fragment of the catalogue, so that it is found there.
    """

    def __init__(self, site: str) -> None:
        self.site, self.nodes = site, dict[str, JsonObject]()
        self.catalogue = f"{site}/open-data/resources.jsonld"
        self.categories = f"{self.catalogue}#data-category"

    def told(self) -> JsonObject:
        return {"@context": CONTEXT, "@graph": list(self.nodes.values())}

    def keep(self, iri: str, kind: str | list[str], **rest: object) -> JsonObject:
        known = {key.replace("_", ":", 1): value for key, value in rest.items() if value not in (None, "", [])}
        self.nodes.setdefault(iri, {"@id": iri, "@type": kind, **known})
        return {"@id": iri}

    def language(self) -> JsonObject:
        return self.keep(f"{AUTHORITY}/language/ZHO", "dct:LinguisticSystem")

    def agent(self, name: str, identifier: str) -> JsonObject:
        iri = f"{self.catalogue}#organ-{quote(identifier or name, safe='')}"
        return self.keep(iri, "foaf:Agent", foaf_name=_zh(name), dct_identifier=identifier)

    def concept(self, iri: str, scheme: str, label: JsonObject) -> JsonObject:
        return self.keep(iri, "skos:Concept", skos_prefLabel=label, skos_inScheme={"@id": scheme})

    def dataset(self, one: Resource, public: Collection[str]) -> JsonObject:
        # The profile asks for a theme of its own list; what organs keep for their work is of the public sector.
        label = {"@value": "Government and public sector", "@language": "en"}
        public_sector = self.concept(f"{DATA_THEME}/GOVE", DATA_THEME, label)
        themes = [part.strip() for part in one.category.split("/") if part.strip()][:1]
        rights = "PUBLIC" if one.open_data else RIGHTS[Sharing(one.sharing)]
        frequency = FREQUENCIES.get(one.update_cycle)
        contact = self.keep(
            f"{self.catalogue}#contact-{quote(one.organ.uscc or one.organ.name, safe='')}",
            "vcard:Kind",
            vcard_fn=one.organ.name,
            vcard_hasTelephone={"@id": f"tel:{quote(one.organ.phone)}"} if one.organ.phone else None,
        )
        return self.keep(
            page_of(self.site, one.code),
            ["dcat:Dataset", "rdfs:Resource"],
            dct_identifier=one.code,
            dct_title=_zh(one.name),
            dct_description=_zh(one.summary or one.name),
            dct_publisher=self.agent(one.organ.name, one.organ.uscc),
            dct_issued=_moment(one.published_at),
            dct_language=self.language(),
            dct_accessRights=self.keep(f"{AUTHORITY}/access-right/{rights}", "dct:RightsStatement"),
            dct_accrualPeriodicity=self.keep(f"{AUTHORITY}/frequency/{frequency}", "dct:Frequency")
            if frequency
            else None,
            dct_relation=[{"@id": page_of(self.site, each)} for each in one.related if each in public],
            dcat_keyword=[_zh(label) for label in one.labels.values()],
            dcat_theme=[
                public_sector,
                *(
                    self.concept(f"{self.categories}-{quote(each, safe='')}", self.categories, _zh(each))
                    for each in themes
                ),
            ],
            dcat_contactPoint=contact,
        )


def _zh(text: str) -> JsonObject:
    return {"@value": text, "@language": "zh"}


def _moment(at: datetime | None) -> JsonObject | None:
    return {"@value": at.isoformat(), "@type": "xsd:dateTime"} if at else None
