"""Proof for the ledger that draws, their results and bulletins are those acts have recorded."""

from collections.abc import Iterator, Sequence

from banshi.ledger.models import LedgerEntry
from banshi.ledger.text_proofs import key_of, prove_texts
from banshi.supervision.bulletin_printing import digest_of
from banshi.supervision.models import DrawNumber, DrawParty, Inspection, InspectionDraw, SupervisionBulletin


@prove_texts("supervision.issue_bulletin")
def differing_bulletins(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    kept = SupervisionBulletin.objects.in_bulk([key_of(each) for each in entries])
    for entry in entries:
        bulletin, facts = kept.get(key_of(entry)), entry.facts
        if bulletin is None:
            yield entry, "不在了：效能通报被删去"
        elif (bulletin.number, digest_of(bulletin.figures)) != (facts["number"], facts["figures"]):
            yield entry, "被改动过：效能通报的文号或数字与记录不符"


@prove_texts("supervision.run_draw")
def differing_draws(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    kept = InspectionDraw.objects.in_bulk([key_of(each) for each in entries])
    for entry in entries:
        draw, facts = kept.get(key_of(entry)), entry.facts
        told = (draw.told or {}) if draw else {}
        if draw is None:
            yield entry, "不在了：双随机抽查被删去"
        elif (told.get("seed"), told.get("result")) != (facts["seed"], facts["result"]):
            yield entry, "被改动过：抽查的种子或结果与记录不符"


@prove_texts("supervision.inspect")
def differing_inspections(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    kept = Inspection.objects.in_bulk([key_of(each) for each in entries])
    for entry in entries:
        one, facts = kept.get(key_of(entry)), entry.facts
        if one is None or (one.draw_id, one.faulty) != (facts["draw"], facts["faulty"]):
            yield entry, "被改动过：检查的结果与记录不符，或被删去"


@prove_texts("supervision.seal_number")
def differing_seals(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    rows = DrawParty.objects.filter(draw__in={key_of(each) for each in entries})
    kept = {(each.draw_id, each.name): each.seal for each in rows}
    for entry in entries:
        if kept.get((key_of(entry), entry.facts["party"])) != entry.facts["seal"]:
            yield entry, "被改动过：抽查的一方封的摘要与记录不符，或被删去"


@prove_texts("supervision.give_number", "supervision.open_number", "supervision.add_number")
def differing_numbers(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    """Yield numbers that read otherwise now, or are told to be the party's own and were written down, or the reverse."""
    rows = DrawNumber.objects.filter(draw__in={key_of(each) for each in entries})
    kept = {(each.draw_id, each.party): (each.number, each.given_by_id is not None) for each in rows}
    for entry in entries:
        said = (entry.facts["number"], entry.action != "supervision.add_number")
        if kept.get((key_of(entry), entry.facts["party"])) != said:
            yield entry, "被改动过：抽查的一方给的数与记录不符，或被删去"
