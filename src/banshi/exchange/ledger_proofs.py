"""Proof for the ledger that what one organ may use of another's data is what was agreed to."""

from collections.abc import Iterator, Sequence

from banshi.exchange.actions.requesting import terms_of
from banshi.exchange.models import Grant
from banshi.ledger.models import LedgerEntry
from banshi.ledger.text_proofs import key_of, prove_texts


@prove_texts("exchange.agree")
def differing_grants(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    """Yield entries whose grant allows something else now, is another's, or was revoked or given back without an act."""
    grants = Grant.objects.in_bulk([each.facts["grant"] for each in entries])
    names = [f"exchange.Grant:{key}" for key in grants]
    revoked = LedgerEntry.objects.filter(subject__in=names, action="exchange.revoke_grant")
    ends = dict(revoked.values_list("subject", "at"))
    for entry in entries:
        grant = grants.get(entry.facts["grant"])
        if grant is None:
            yield entry, "不在了：数据的授权被删去"
            continue
        terms = terms_of(grant)
        if grant.request_id != key_of(entry) or any(
            terms[name] != entry.facts[name] for name in terms.keys() & entry.facts.keys()
        ):
            yield entry, "被改动过：授权的信息项、范围、期限或申请与记录不符"
        elif grant.revoked_at != ends.get(f"exchange.Grant:{grant.pk}"):
            yield entry, "被改动过：授权是否收回与记录不符"
