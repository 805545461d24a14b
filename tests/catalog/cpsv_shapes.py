"""What CPSV-AP 3.2.0 asks of a graph, transcribed from the SHACL shapes of its release (CC BY 4.0, European Union).

For each class: path → (least, most, what the values are). "zh" stands for rdf:langString. The shapes' own file is not
kept here; this check reads the JSON-LD that `linked_data` writes (flat graph, prefixed names, one node per identifier).
"""

from collections.abc import Iterator
from typing import Any

Node = dict[str, Any]
MANY = 10**9
TEXT, ANY = "rdf:langString", ""
CONCEPT, LANGUAGE, PERIOD = "skos:Concept", "dct:LinguisticSystem", "xsd:duration"
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
        "cv:openingHours": (0, MANY, "time:TemporalEntity"),
        "cv:ownedBy": (0, MANY, "org:Organization"),
        "cpsv:hasInput": (0, MANY, "cv:Evidence"),
    },
    "cv:ContactPoint": {
        "cv:openingHours": (0, MANY, "time:TemporalEntity"),
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
}


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
