"""A publication as linked data: schema.org for search engines, CPSV-AP 3.2.0 (CC BY 4.0, European Union) for exchange.

Both are JSON-LD that needs nothing from the network: contexts are inline or schema.org's own. Times in working days have
no ISO 8601 form, so they are given as the calendar days they take at least (five working days are a week), and in words.
"""

import re
from collections.abc import Iterator
from urllib.parse import quote

from banshi.catalog import flowchart
from banshi.catalog.enums import TimeUnit
from banshi.catalog.guide.document import Fee, Guide, TimeLimit
from banshi.catalog.guide.elements import element_named
from banshi.catalog.guide.plain_language import ChecklistItem, bring, copies_words, fee_words
from banshi.catalog.models import LifeEvent, Publication
from banshi.core.json_types import JsonObject
from banshi.people.models import Division

Node = JsonObject

AUTHORITY = "http://publications.europa.eu/resource/authority"
CONTEXT = {
    "adms": "http://www.w3.org/ns/adms#",
    "cpsv": "http://purl.org/vocab/cpsv#",
    "cv": "http://data.europa.eu/m8g/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "locn": "http://www.w3.org/ns/locn#",
    "org": "http://www.w3.org/ns/org#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "time": "http://www.w3.org/2006/time#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
ADMINISTRATIVE_UNIT = "http://data.europa.eu/88u/dataset/atu-type"
YUAN = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*元")


def duration(limit: TimeLimit) -> str:
    """Format a limit as an ISO 8601 duration (15个工作日 → P21D, calendar days at least).

    Returns "" when there is no number.
    """
    if limit.immediate:
        return "P0D"
    if limit.value is None:
        return ""
    weeks, days = divmod(limit.value, 5)
    return {
        TimeUnit.WORKING_DAY: f"P{weeks * 7 + days}D",
        TimeUnit.DAY: f"P{limit.value}D",
        TimeUnit.MONTH: f"P{limit.value}M",
        TimeUnit.HOUR: f"PT{limit.value}H",
    }[limit.unit]


def price(fee: Fee) -> float | None:
    """Return the amount, when the standard begins with one (20元/证 → 20.0)."""
    found = YUAN.match(fee.standard)
    return float(found[1]) if found else None


def iri(address: str) -> str:
    """Return an address as others may write it: what a URI has no room for is percent-encoded."""
    return quote(address, safe="%/:=&?~#+!$,;'@()*[]")


# schema.org


def schema_org(publication: Publication, url: str, guide: Guide | None = None) -> Node:
    """Return a GovernmentService.

    Put into the page as application/ld+json. `guide` is the publication's, where it is read already.
    """
    guide, item = guide or publication.revision.guide, publication.item
    asked = [
        {"@type": "Question", "name": each.question, "acceptedAnswer": {"@type": "Answer", "text": each.answer}}
        for each in guide.faqs
    ]
    schema_questions = {"@type": "FAQPage", "mainEntity": asked} if asked else None
    schema_organ = _filled(
        {
            "@type": "GovernmentOrganization",
            "name": item.organ.name,
            "identifier": item.organ.uscc,
            "telephone": item.organ.phone,
            "address": item.organ.address,
        }
    )
    return _filled(
        {
            "@context": "https://schema.org",
            "@type": "GovernmentService",
            "@id": f"{url}#service",
            "url": url,
            "identifier": publication.identified.code or str(item.guid),
            "name": guide.name,
            "alternateName": guide.aliases,
            "description": guide.summary or guide.name,
            "disambiguatingDescription": publication.source_note,
            "serviceType": item.category.name if item.category else "",
            "provider": schema_organ,
            "areaServed": {"@type": "AdministrativeArea", "name": item.organ.division.name},
            "audience": [{"@type": "Audience", "audienceType": str(each.label)} for each in guide.audience],
            "availableChannel": list(_schema_channels(guide)),
            "offers": list(_schema_offers(guide)),
            "serviceOutput": {"@type": "Thing", "name": guide.result_name} if guide.result_name else None,
            "subjectOf": [each for each in (_schema_procedure(guide), schema_questions) if each],
        }
    )


def _schema_channels(guide: Guide) -> Iterator[Node]:
    for place in guide.places:
        location = {"@type": "Place", "name": place.name, "address": place.address, "telephone": place.phone}
        yield _schema_channel(guide, serviceLocation=_filled(location), description=place.hours)
    for address in dict.fromkeys(each for each in (guide.online_url, guide.mobile_url) if each):
        yield _schema_channel(guide, serviceUrl=iri(address))
    if guide.consult.phone:
        yield _schema_channel(guide, servicePhone={"@type": "ContactPoint", "telephone": guide.consult.phone})


def _schema_channel(guide: Guide, **more: object) -> Node:
    return _filled(
        {"@type": "ServiceChannel", "processingTime": duration(guide.promised_limit), "availableLanguage": "zh", **more}
    )


def _schema_offers(guide: Guide) -> Iterator[Node]:
    if guide.charged is False:
        yield {"@type": "Offer", "price": 0, "priceCurrency": "CNY", "description": fee_words(guide)}
    for fee in guide.fees if guide.charged is not False else ():
        amount = price(fee)
        money = {"price": amount, "priceCurrency": "CNY"} if amount is not None else {}
        yield {"@type": "Offer", "name": fee.name, "description": fee.standard, **money}


def _schema_procedure(guide: Guide) -> Node | None:
    """Return the way to apply, what to bring as its supplies."""
    # What need not be brought is none.
    supplies = [
        _filled({"@type": "HowToSupply", "name": each.material.name, "description": asked_words(each)})
        for each in bring(guide)
        if each.state != "shared"
    ]
    steps = [{"@type": "HowToStep", "position": n, "name": step.name} for n, step in enumerate(guide.steps, 1)]
    if not supplies and not steps:
        return None
    return _filled({"@type": "HowTo", "name": f"{guide.name}怎么办", "supply": supplies, "step": steps})


def asked_words(brought: ChecklistItem) -> str:
    material = brought.material
    told = (copies_words(material), brought.label, brought.why, material.requirement, material.note)
    return "；".join(dict.fromkeys(each for each in told if each))


# CPSV-AP


def cpsv_ap(publication: Publication, url: str) -> Node:
    """Return a graph: the public service, and every node it refers to with its class, as the official shapes want it."""
    graph = LinkedDataGraph(publication, url)
    return {"@context": CONTEXT, "@graph": graph.nodes()}


class LinkedDataGraph:
    """The nodes about one publication. Identifiers are `url` with a fragment, or urn:banshi: for what items share."""

    def __init__(self, publication: Publication, url: str) -> None:
        self.publication, self.url = publication, url
        self.item, self.guide = publication.item, publication.revision.guide
        self.kept: dict[str, Node] = {}

    def nodes(self) -> list[Node]:
        guide, item = self.guide, self.item
        bases = [self._law(number) for number in range(1, len(guide.bases) + 1)]
        code = "Withdrawn" if self.publication.until else "Completed"
        status = self._keep(f"http://purl.org/adms/status/{code}", "skos:Concept", skos_notation=code)
        names = [each.material.name for each in bring(self.guide) if each.state == "shared"]
        spared = f"不用提交，由政府部门共享查询：{'、'.join(names)}" if names else ""
        agency = self._keep(
            _urn("organ", item.organ.uscc or item.organ.name),
            ["cv:PublicOrganisation", "org:Organization"],
            dct_identifier=item.organ.uscc,
            skos_prefLabel=_zh(item.organ.name),
            dct_spatial=self._place(item.organ.division),
        )
        if guide.consult.is_blank():
            contact_point = None
        else:
            contact_point = self._keep(
                self._own("consult"),
                "cv:ContactPoint",
                cv_telephone=guide.consult.phone,
                dct_description=_zh(guide.consult.address),
                cv_contactPage=self._page(guide.consult.url) if guide.consult.url else None,
            )
        self._keep(
            self._own("service"),
            "cpsv:PublicService",
            dct_identifier=self.publication.identified.code or str(item.guid),
            dct_title=_zh(guide.name),
            dct_description=[
                _zh(text) for text in (guide.summary or guide.name, self.publication.source_note, spared) if text
            ],
            dcat_keyword=[_zh(each) for each in guide.aliases],
            cv_hasCompetentAuthority=agency,
            cv_hasLegalResource=bases,
            cpsv_follows=self._procedure(bases),
            cv_holdsRequirement=[
                self._keep(
                    iri := self._own(f"condition-{n}"), "cv:Requirement", dct_identifier=iri, dct_title=_zh(c.text)
                )
                for n, c in enumerate(guide.conditions, 1)
            ],
            cpsv_hasInput=[self._evidence(n, each) for n, each in enumerate(bring(guide), 1) if each.state != "shared"],
            cpsv_produces=self._output(),
            cv_hasCost=list(self._costs()),
            cv_hasChannel=list(self._channels()),
            cv_contactPoint=contact_point,
            cv_processingTime=_duration(guide.promised_limit),
            cv_thematicArea=self._concept("category", item.category.pk, item.category.name) if item.category else None,
            cv_isGroupedBy=list(self._events()),
            dct_audience=[self._concept("audience", each.value, str(each.label)) for each in guide.audience],
            dct_type=self._concept(
                "item-kind", self.publication.identified.kind, self.publication.identified.kind_label
            ),
            dct_spatial=self._place(item.organ.division),
            dct_language=self._language(),
            adms_status=status,
            foaf_page=self._page(self.url),
        )
        return list(self.kept.values())

    def _keep(self, iri: str, kind: str | list[str], **rest: object) -> Node:
        """Remember a node once."""
        # The reference to it. `dct_title=` stands for dct:title.
        known = {key.replace("_", ":", 1): value for key, value in rest.items()}
        self.kept.setdefault(iri, _filled({"@id": iri, "@type": kind, **known}))
        return {"@id": iri}

    def _own(self, part: str) -> str:
        return f"{self.url}#{part}"

    def _concept(self, scheme: str, code: str, label: str) -> Node:
        return self._keep(_urn(scheme, code), "skos:Concept", skos_prefLabel=_zh(label), skos_notation=code)

    def _place(self, division: Division) -> Node:
        return self._keep(
            _urn("division", division.code),
            ["dct:Location", ADMINISTRATIVE_UNIT],
            dct_identifier=division.code,
            skos_prefLabel=_zh(division.name),
        )

    def _law(self, number: int) -> Node:
        basis = self.guide.bases[number - 1]
        return self._keep(
            self._own(f"basis-{number}"),
            "eli:LegalResource",
            dct_title=_zh(basis.title + (f"（{basis.doc_no}）" if basis.doc_no not in ("", basis.title) else "")),
            dct_description=[_zh(text) for text in (basis.articles, basis.text) if text],
        )

    def _procedure(self, bases: list[Node]) -> Node | None:
        told = [line.text for line in flowchart.outline(self.guide)]
        if not told:
            return None
        return self._keep(
            self._own("procedure"),
            "cpsv:Rule",
            dct_identifier=self._own("procedure"),
            dct_title=_zh(element_named(Guide, "steps").label),
            dct_description=_zh("\n".join(f"{number}. {line}" for number, line in enumerate(told, 1))),
            cpsv_implements=bases,
            dct_language=self._language(),
        )

    def _evidence(self, number: int, brought: ChecklistItem) -> Node:
        material, iri = brought.material, self._own(f"material-{number}")
        return self._keep(
            iri,
            "cv:Evidence",
            dct_identifier=iri,
            dct_title=_zh(material.name),
            dct_description=_zh(asked_words(brought)),
            dct_type=self._concept("material-type", material.type.value, str(material.type.label))
            if material.type
            else None,
        )

    def _output(self) -> Node | None:
        guide, iri = self.guide, self._own("result")
        if not guide.result_name:
            return None
        kind = guide.result_type
        return self._keep(
            iri,
            "cv:Output",
            dct_identifier=iri,
            dct_title=_zh(guide.result_name),
            dct_type=self._concept("result-type", kind.value, str(kind.label)) if kind else None,
        )

    def _costs(self) -> Iterator[Node]:
        if self.guide.charged is False:
            yield self._cost("free", "不收费", 0.0)
            return
        for number, fee in enumerate(self.guide.fees, 1):
            yield self._cost(str(number), f"{fee.name} {fee.standard}", price(fee))

    def _cost(self, part: str, told: str, amount: float | None) -> Node:
        iri = self._own(f"cost-{part}")
        known = amount is not None
        return self._keep(
            iri,
            "cv:Cost",
            dct_identifier=iri,
            dct_description=_zh(told),
            cv_hasValue={"@type": "xsd:double", "@value": str(amount)} if known else None,
            cv_currency=self._keep(f"{AUTHORITY}/currency/CNY", "skos:Concept", skos_notation="CNY") if known else None,
        )

    def _channels(self) -> Iterator[Node]:
        for number, place in enumerate(self.guide.places, 1):
            place_words = "，".join(part for part in (place.name, place.address, place.window, place.phone) if part)
            if not place.hours:
                hours = None
            else:
                hours = self._keep(
                    self._own(f"hours-{number}"), "time:TemporalEntity", dct_description=_zh(place.hours)
                )
            yield self._channel(f"place-{number}", "window", "窗口办理", place_words, hours)
        if self.guide.online_url:
            yield self._channel("online", "online", "网上办理", self.guide.online_url)
        if self.guide.mobile_url:
            yield self._channel("mobile", "mobile", "移动端办理", self.guide.mobile_url)

    def _channel(self, part: str, kind: str, label: str, told: str, hours: Node | None = None) -> Node:
        iri = self._own(f"channel-{part}")
        return self._keep(
            iri,
            "cv:Channel",
            dct_identifier=iri,
            dct_type=self._concept("channel", kind, label),
            dct_description=_zh(told),
            cv_openingHours=hours,
            cv_processingTime=_duration(self.guide.promised_limit),
        )

    def _events(self) -> Iterator[Node]:
        for event in LifeEvent.objects.filter(items=self.item.pk):
            kind = "cv:BusinessEvent" if event.audience == "company" else "cv:LifeEvent"
            yield self._keep(
                _urn("life-event", event.code), ["cv:Event", kind], dct_identifier=event.code, dct_title=_zh(event.name)
            )

    def _language(self) -> Node:
        return self._keep(f"{AUTHORITY}/language/ZHO", "dct:LinguisticSystem", skos_notation="zh")

    def _page(self, address: str) -> Node:
        return self._keep(iri(address), "foaf:Document")


def _duration(limit: TimeLimit) -> Node | None:
    period = duration(limit)
    return {"@type": "xsd:duration", "@value": period} if period else None


def _zh(text: str) -> Node | None:
    return {"@value": text, "@language": "zh"} if text else None


def _urn(scheme: str, code: str) -> str:
    return f"urn:banshi:{scheme}:{quote(code, safe='')}"


def _filled(node: Node) -> Node:
    return {key: value for key, value in node.items() if value not in (None, "", [], ())}
