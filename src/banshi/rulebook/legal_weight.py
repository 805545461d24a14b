"""Weight of a guide's legal bases, told apart as law, document or neither."""

import re
from datetime import date
from functools import lru_cache

from banshi.law.citations import Citation, read_citations
from banshi.law.register import LawRegister, name_key

LAW_RANKS = frozenset({"law", "regulation", "local_regulation"})
LAW_TITLE = re.compile(r"(?:(?<![办方做看想疗])法|法典|条例)$")
STATE_COUNCIL = re.compile(
    r"(?:国务院|国)令|主席令|国(?:办)?[发函]〔|国(?:办)?[发函][\[(（]|中(?:办)?发[〔\[(（]|厅字[〔\[(（]|国务院[^》]{0,60}(?:决定|意见|通知|批复)"
)
WITHIN = re.compile(r"(?:会议?纪要|内部|本单位|本局|本中心|公示|惯例|领导)")
NUMBERED = re.compile(r"[〔\[(（][12]\d{3}[〕\])）]\s*第?\s*\d+\s*号|令\s*第?\s*\d+\s*号")
BRACKETED = re.compile(r"[（(][^（）()]*[）)]$")
RULES_TITLE = re.compile(r"(?:法|法典|条例|规定|办法|规则|细则|决定|目录|通知|意见|标准|公告)$")


@lru_cache(maxsize=50_000)
def citations_in(text: str) -> tuple[Citation, ...]:
    return tuple(read_citations(text)) if text else ()


def rests_on_law(text: str, laws: LawRegister, day: date) -> bool:
    """Tell whether a law, a regulation or a decision of the State Council is named.

    Where the register knows it, by its rank.
    """
    return any(_is_law(each, laws, day) for each in citations_in(text)) or bool(STATE_COUNCIL.search(text))


def _is_law(citation: Citation, laws: LawRegister, day: date) -> bool:
    known = laws.resolve(citation.title, citation.doc_no, day=day).law
    if known and known.rank:
        return known.rank in LAW_RANKS
    return bool(LAW_TITLE.search(name_key(citation.title)) or STATE_COUNCIL.search(citation.title + citation.doc_no))


def rests_on_document(text: str, laws: LawRegister, day: date) -> bool:
    """Tell whether a law or a public document is named, not the office's own papers."""
    if WITHIN.search(text):
        return rests_on_law(text, laws, day)
    return bool(NUMBERED.search(text)) or any(
        laws.resolve(each.title, each.doc_no, day=day).law
        or RULES_TITLE.search(BRACKETED.sub("", name_key(each.title)))
        for each in citations_in(text)
    )
