"""What CPSV-AP 3.2.0 asks of a graph: facts of the SHACL shapes of its release (CC BY 4.0, European Union).

For each class: path → (least, most, what the values are). The shapes' own file is not kept here. `violations` reads the JSON-LD that
`linked_data` writes (flat graph, prefixed names, one node per identifier); `shacl` makes shapes of the table, for the RDF of any reader.
"""

from collections.abc import Iterator
from typing import Any

from rdflib import RDF, SH, BNode, Graph, Literal, URIRef

from banshi.catalog.linked_data import CONTEXT

Node = dict[str, Any]
MANY = 10**9
TEXT, ANY = "rdf:langString", ""
CONCEPT, LANGUAGE, PERIOD, HOURS = "skos:Concept", "dct:LinguisticSystem", "xsd:duration", "time:TemporalEntity"
LITERALS = {TEXT, PERIOD, "xsd:double"}
IDENTIFIER = {"dct:identifier": (1, 1, ANY)}
NAMED = {**IDENTIFIER, "dct:title": (1, MANY, TEXT), "dct:description": (0, MANY, TEXT)}

SHAPES: dict[str, dict[str, tuple[int, int, str]]] = {
    "cpsv:PublicService": {
        **NAMED,
        "dct:description": (1, MANY, TEXT),
        "cv:hasCompetentAuthority": (1, MANY, "cv:PublicOrganisation"),
        "cv:hasInputType": (0, MANY, "cv:EvidenceType"),
        "cv:hasChannel": (0, MANY, "cv:Channel"),
        "adms:status": (0, 1, CONCEPT),
        "dct:language": (0, MANY, LANGUAGE),
        "cv:relatedService": (0, MANY, "cpsv:PublicService"),
        "cv:sector": (0, MANY, CONCEPT),
        "dcat:keyword": (0, MANY, TEXT),
        "cv:processingTime": (0, 1, PERIOD),
        "cpsv:produces": (0, MANY, "cv:Output"),
        "dct:isPartOf": (0, MANY, "dcat:Dataset"),
        "cv:hasCost": (0, MANY, "cv:Cost"),
        "cv:contactPoint": (0, MANY, "cv:ContactPoint"),
        "cv:isClassifiedBy": (0, MANY, CONCEPT),
        "cpsv:hasInput": (0, MANY, "cv:Evidence"),
        "dct:spatial": (0, MANY, "dct:Location"),
        "dct:audience": (0, MANY, CONCEPT),
        "dct:requires": (0, MANY, "cpsv:PublicService"),
        "cv:thematicArea": (0, MANY, CONCEPT),
        "cv:holdsRequirement": (0, MANY, "cv:Requirement"),
        "cpsv:follows": (0, MANY, "cpsv:Rule"),
        "cv:isGroupedBy": (0, MANY, "cv:Event"),
        "dct:type": (0, MANY, CONCEPT),
        "cv:hasParticipation": (0, MANY, "cv:Participation"),
        "cv:hasLegalResource": (0, MANY, "eli:LegalResource"),
    },
    "cv:PublicOrganisation": {
        "dct:spatial": (1, MANY, "http://data.europa.eu/88u/dataset/atu-type"),
        "skos:prefLabel": (1, MANY, TEXT),
    },
    "cv:Evidence": {
        **NAMED,
        "dct:type": (0, 1, CONCEPT),
        "dct:language": (0, MANY, LANGUAGE),
        "dct:conformsTo": (0, MANY, "cv:EvidenceType"),
        "cv:supportsRequirement": (0, MANY, "cv:Requirement"),
        "foaf:page": (0, MANY, "foaf:Document"),
    },
    "cv:Output": {**NAMED, "dct:type": (0, MANY, CONCEPT), "dct:language": (0, MANY, LANGUAGE)},
    "cv:Cost": {
        **IDENTIFIER,
        "dct:description": (0, MANY, TEXT),
        "cv:hasValue": (0, 1, "xsd:double"),
        "cv:currency": (0, 1, CONCEPT),
        "cv:isDefinedBy": (0, MANY, "org:Organization"),
        "cv:ifAccessedThrough": (0, 1, "cv:Channel"),
    },
    "cv:Channel": {
        **IDENTIFIER,
        "dct:type": (0, 1, CONCEPT),
        "dct:description": (0, MANY, TEXT),
        "cv:processingTime": (0, 1, PERIOD),
        "cv:openingHours": (0, MANY, HOURS),
        "cv:specialOpeningHoursSpecification": (0, MANY, HOURS),
        "cv:ownedBy": (0, MANY, "org:Organization"),
        "cpsv:hasInput": (0, MANY, "cv:Evidence"),
    },
    "cv:ContactPoint": {
        "cv:openingHours": (0, MANY, HOURS),
        "cv:specialOpeningHoursSpecification": (0, MANY, HOURS),
        "cv:contactPage": (0, MANY, "foaf:Document"),
    },
    "cpsv:Rule": {
        **NAMED,
        "dct:description": (1, MANY, TEXT),
        "dct:type": (0, 1, CONCEPT),
        "dct:language": (0, MANY, LANGUAGE),
        "cpsv:implements": (0, MANY, "eli:LegalResource"),
    },
    "cv:Requirement": {
        **NAMED,
        "dct:type": (0, MANY, CONCEPT),
        "cv:fulfils": (0, MANY, "cpsv:Rule"),
        "cv:hasSupportingEvidence": (0, MANY, "cv:Evidence"),
    },
    "cv:Event": {**NAMED, "cv:hasRelatedService": (0, MANY, "cpsv:PublicService")},
    "cv:LifeEvent": {"dct:type": (0, MANY, CONCEPT)},
    "cv:BusinessEvent": {"dct:type": (0, MANY, CONCEPT)},
    "eli:LegalResource": {"dct:relation": (0, MANY, "eli:LegalResource")},
    "time:TemporalEntity": {"cv:frequency": (0, MANY, CONCEPT), "dct:description": (0, MANY, TEXT)},
    "cv:EvidenceType": {**IDENTIFIER, "cv:evidenceTypeClassification": (0, MANY, CONCEPT)},
    "cv:Participation": {
        **IDENTIFIER,
        "dct:description": (1, MANY, TEXT),
        "cv:role": (1, MANY, CONCEPT),
        "cv:hasParticipant": (1, 1, "foaf:Agent"),
    },
    "cv:ServiceConcessionContract": {
        **NAMED,
        "dct:description": (1, MANY, TEXT),
        "cv:hasContractingAuthority": (1, MANY, "cv:PublicOrganisation"),
        "cv:hasEconomicOperator": (1, MANY, "org:Organization"),
        "cv:establishedUnder": (0, MANY, "eli:LegalResource"),
    },
    "foaf:Agent": {
        **IDENTIFIER,
        "dct:title": (1, MANY, TEXT),
        "cv:participates": (0, MANY, "cv:Participation"),
        "locn:address": (0, MANY, "locn:Address"),
    },
    "locn:Address": {
        f"locn:{part}": (0, MANY, TEXT)
        for part in (
            "thoroughfare",
            "adminUnitL1",
            "adminUnitL2",
            "addressArea",
            "postName",
            "locatorName",
            "fullAddress",
        )
    },
    "dcat:Dataset": {
        "dct:title": (1, MANY, TEXT),
        "dct:description": (1, MANY, TEXT),
        "dct:publisher": (1, 1, "foaf:Agent"),
        "dct:hasPart": (0, MANY, "cpsv:PublicService"),
        "dcat:landingPage": (0, MANY, "foaf:Document"),
    },
    "skos:Collection": {"skos:member": (0, MANY, CONCEPT)},
}


def shacl() -> Graph:
    """Return the table as SHACL."""
    shapes = Graph()
    for kind, paths in SHAPES.items():
        shape = BNode()
        shapes += [(shape, RDF.type, SH.NodeShape), (shape, SH.targetClass, resource(kind))]
        for path, (least, most, wanted) in paths.items():
            each = BNode()
            shapes += [(shape, SH.property, each), (each, SH.path, resource(path)), (each, SH.minCount, Literal(least))]
            if most < MANY:
                shapes.add((each, SH.maxCount, Literal(most)))
            if wanted != ANY:
                shapes.add((each, SH.datatype if wanted in LITERALS else SH["class"], resource(wanted)))
    return shapes


def resource(prefixed: str) -> URIRef:
    prefix, name = prefixed.split(":", 1)
    spaces = {**CONTEXT, "rdf": str(RDF)}
    return URIRef(spaces[prefix] + name if prefix in spaces else prefixed)


def violations(document: Node) -> list[str]:
    """What the shapes object to; also references to nodes that are not in the graph."""
    nodes = {node["@id"]: node for node in document["@graph"]}
    return [each for node in nodes.values() for each in _node_violations(node, nodes)]


def _node_violations(node: Node, nodes: dict[str, Node]) -> Iterator[str]:
    for kind in _listed(node["@type"]):
        for path, (least, most, wanted) in SHAPES.get(kind, {}).items():
            values = _listed(node.get(path))
            if not least <= len(values) <= most:
                yield f"{node['@id']} {path}: {len(values)} values"
            yield from (f"{node['@id']} {path}: {v!r} is no {wanted}" for v in values if not _fits(v, wanted, nodes))
    for path, values in node.items():
        yield from (
            f"{node['@id']} {path}: no {v['@id']}" for v in _listed(values) if "@id" in v and v["@id"] not in nodes
        )


def _fits(value: Any, wanted: str, nodes: dict[str, Node]) -> bool:
    if wanted == ANY:
        return True
    if not isinstance(value, dict):
        return False
    if wanted == TEXT:
        return bool(value.get("@value")) and "@language" in value
    if "@value" in value:
        return bool(value.get("@type") == wanted)
    return wanted in _listed(nodes.get(value["@id"], {}).get("@type"))


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
