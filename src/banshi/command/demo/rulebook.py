"""The demonstration's clean-up: the catalogue examined twice, proofs kept and talked over, an objection answered."""

from datetime import timedelta

from banshi.access import Visitor
from banshi.analysis.actions import begin_survey, finish_survey
from banshi.catalog.models import Item
from banshi.command.demo.catalogue import Catalogue
from banshi.command.demo.tables import document
from banshi.core.json_types import JsonObject
from banshi.ledger import System
from banshi.people.models import Organ
from banshi.rulebook.actions import (
    LegalBasis,
    answer_objection,
    begin_examination,
    finish_examination,
    keep_proof,
    object_to_proof,
    record_hearing,
    write_commitment,
)

EXAMINED = (timedelta(days=21), timedelta(days=1))
KEPT, QUARTER = timedelta(days=45), timedelta(days=90)


def examine_then(city: Catalogue) -> None:
    """Record the examination of three weeks ago, before the drafts of today were begun."""
    _examine(city, EXAMINED[0])


def examine_now(city: Catalogue) -> None:
    _examine(city, EXAMINED[1])


def _examine(city: Catalogue, ago: timedelta) -> None:
    by, at = System("rulebook"), city.now - ago
    organs = Organ.objects.filter(pk__in=Item.objects.filter(state="active").order_by().values("organ"))
    run = begin_examination(list(organs), scope="全部单位", by=by, at=at)
    finish_examination(run, by=by, at=at)


def survey_now(city: Catalogue) -> None:
    """Survey the catalogue as a whole, against a quarter ago."""
    by, at = System("rulebook"), city.now - EXAMINED[1]
    finish_survey(begin_survey(compared_with=(at - QUARTER).date(), by=by, at=at), by=by, at=at)


def build_proofs(city: Catalogue) -> None:
    """Build the proofs of data/demo/cleanup.json, all of it marked 示例."""
    told = document("demo/cleanup.json")
    for row in told["proofs"]:
        _keep(city, row)
    for row in told["commitments"]:
        item, by = city.items[row["organ"], row["item"]], city.clerk_of(row["organ"])
        basis, parts = LegalBasis(**row["basis"]), row["parts"]
        write_commitment(
            item, material=row["material"], basis=basis, is_example=True, by=by, at=city.now - KEPT, **parts
        )


def _keep(city: Catalogue, row: JsonObject) -> None:
    at, item = city.now - KEPT, city.items[row["organ"], row["item"]]
    by = city.clerk_of(row["organ"])
    texts = {name: row[name] for name in ("name", "issuer", "purpose")}
    proof = keep_proof(item, **texts, basis=LegalBasis(**row["basis"]), is_example=True, by=by, at=at)
    for each in row["hearings"]:
        held_on = (at - timedelta(days=each["days_before"])).date()
        words = {name: each[name] for name in ("kind", "who", "conclusion")}
        record_hearing(proof, **words, held_on=held_on, by=by, at=at)
    for each in row["objections"]:
        said = object_to_proof(proof, text=each["text"], by=Visitor(), at=city.now - timedelta(days=9))
        if each["answer"]:
            answer_objection(said, answer=each["answer"], public=True, by=by, at=city.now - timedelta(days=6))
