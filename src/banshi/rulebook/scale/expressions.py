"""Rules as expressions over flat columns (`flat`), for engines that work on whole tables: DuckDB here, Spark on a cluster.

Each says in columns what the class of the same name says of one guide, and gives the same findings: item_id, rule, path,
quote. That they agree is tested, on DuckDB and, where it is installed, on Spark.
"""

from collections.abc import Callable, Mapping
from typing import Any

import ibis

from banshi.catalog.enums import CopyKind, MaterialSource, OnlineDepth
from banshi.rulebook.word_lists import Words, any_of

Tables = Mapping[str, Any]
"""Of ibis, by the names of `flat.flat_schemas`."""


def findings(tables: Tables, words: Words) -> Any:
    """What all rules below find, as one table."""
    found = [
        each.select("item_id", rule=ibis.literal(code), path="path", quote="quote")
        for code, each in _by_rule(tables, words)
    ]
    return ibis.union(*found)


def asked_for(demands: Any) -> Any:
    """Each material by its name: how many items ask for it, how many insist, without basis, or could share it."""
    return demands.group_by("proof").aggregate(
        items=demands.item_id.nunique(),
        insist=(demands.required & ~demands.shared & ~demands.commitment).sum(),
        no_basis=(~demands.has_basis).sum(),
        shared=demands.shared.sum(),
    )


def _by_rule(tables: Tables, words: Words) -> Any:
    guides = tables["guides"]
    for code, told in GUIDE_RULES.items():
        broken, path, quote = told(guides, words)
        yield code, guides.filter(broken).mutate(path=ibis.literal(path), quote=quote)
    for code, (name, told) in ROW_RULES.items():
        rows = tables[name]
        broken, element, quote = told(rows, words)
        path = ibis.literal(f"{name}.") + rows.position.cast("string") + ibis.literal(f".{element}")
        yield code, rows.filter(broken).mutate(path=path, quote=quote)
    nobody, fees, bases, materials = ibis.literal(""), tables["fees"], tables["bases"], tables["materials"]
    yield "YJ01", guides.anti_join(bases, "item_id").mutate(path=ibis.literal("bases"), quote=nobody)
    yield (
        "SF01",
        guides.filter(guides.charged)
        .anti_join(fees, "item_id")
        .mutate(path=ibis.literal("fees"), quote=ibis.literal("收费")),
    )
    yield "SF04", _with_first(guides.filter(~guides.charged), fees, "charged")
    yield "CL17", _with_first(guides.filter(guides.no_materials), materials, "no_materials")


def _with_first(guides: Any, rows: Any, path: str) -> Any:
    """Guides that have any of these rows; quoted is the first's name."""
    first = rows.filter(rows.position == 0).select("item_id", quote="name")
    return guides.select("item_id").join(first, "item_id").mutate(path=ibis.literal(path))


def _times(visits: Any, before: str = "") -> Any:
    return ibis.literal(before) + visits.cast("string") + ibis.literal("次")


def _digits(phone: Any) -> Any:
    return phone.re_replace("[^0-9]", "")


def _word(text: Any, words: Words, name: str) -> Any:
    """The first word of the list in the text, or ""."""
    return text.re_extract(any_of(words.list_of(name)).pattern, 0)


def _has_word(text: Any, words: Words, name: str) -> Any:
    return text.re_search(any_of(words.list_of(name)).pattern)


Told = Callable[[Any, Words], tuple[Any, str, Any]]
"""Which rows break the rule, the element (of the row) it is found at, and the quote."""
NOTHING = ibis.literal("")

GUIDE_RULES: dict[str, Told] = {
    "WZ02": lambda g, w: (g.audience == "", "audience", NOTHING),
    "WZ07": lambda g, w: (g.charged.isnull(), "charged", NOTHING),
    "WZ09": lambda g, w: (g.online.isnull(), "online", NOTHING),
    "WZ12": lambda g, w: (g.government_purchase.isnull(), "government_purchase", NOTHING),
    "WZ13": lambda g, w: (g.result_name == "", "result_name", NOTHING),
    "WZ14": lambda g, w: (g.undertaker == "", "undertaker", NOTHING),
    "SF05": lambda g, w: (~g.charged & g.pay_online, "pay_online", ibis.literal("支持网上支付")),
    "DC01": lambda g, w: ((g.visits > 0) & (g.visit_reason == ""), "visit_reason", _times(g.visits, "到场")),
    "DC02": lambda g, w: ((g.visits == 0) & (g.visit_reason != ""), "visit_reason", g.visit_reason),
    "DC03": lambda g, w: (g.visits > w.number("visits"), "visits", _times(g.visits)),
    "DC04": lambda g, w: ((g.online_depth == OnlineDepth.FULL.value) & (g.visits > 0), "visits", _times(g.visits)),
    "DC09": lambda g, w: (g.appointment & (g.appointment_how == ""), "appointment_how", NOTHING),
    "LX01": lambda g, w: (
        (g.consult_phone != "") & (_digits(g.consult_phone) == _digits(g.complaint_phone)),
        "complaint.phone",
        g.complaint_phone,
    ),
    "MC03": lambda g, w: (
        _has_word(g.name, w, "vague_names") | g.name.endswith("等"),
        "name",
        _has_word(g.name, w, "vague_names").ifelse(_word(g.name, w, "vague_names"), ibis.literal("等")),
    ),
}

ROW_RULES: dict[str, tuple[str, Told]] = {
    "SF02": ("fees", lambda r, w: ((r.name != "") & (r.basis == ""), "basis", r.name)),
    "TJ02": (
        "conditions",
        lambda r, w: (_has_word(r.text, w, "vague_conditions"), "text", _word(r.text, w, "vague_conditions")),
    ),
    "CL01": ("materials", lambda r, w: ((r.name != "") & (r.source == ""), "source", r.name)),
    "CL02": (
        "materials",
        lambda r, w: ((r.source == MaterialSource.GOVERNMENT.value) & (r.issuer == ""), "issuer", r.name),
    ),
    "CL03": (
        "materials",
        lambda r, w: (_has_word(r.name, w, "vague_materials"), "name", _word(r.name, w, "vague_materials")),
    ),
    "CL09": ("materials", lambda r, w: (r.shared & (r.shared_from == "") & (r.issuer == ""), "shared_from", r.name)),
    "CL10": (
        "materials",
        lambda r, w: (r.copies > w.number("copies"), "copies", r.copies.cast("string") + ibis.literal("份")),
    ),
    "CL11": ("materials", lambda r, w: (r.copy_kind == CopyKind.BOTH.value, "copy_kind", r.name)),
    "LC04": ("steps", lambda r, w: ((r.name != "") & (r.actor == ""), "actor", r.name)),
    "WD02": ("faqs", lambda r, w: ((r.question != "") & (r.answer == ""), "answer", r.question)),
}
RULES = (*GUIDE_RULES, *ROW_RULES, "YJ01", "SF01", "SF04", "CL17")
