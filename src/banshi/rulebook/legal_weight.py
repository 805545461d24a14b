"""Weight of a guide's legal bases, told apart as law, document or neither."""

import re
from datetime import date
from functools import lru_cache

from banshi.law.citations import Citation, read_citations
from banshi.law.register import LawRegister, name_key

LAW_RANKS = frozenset({"law", "regulation", "local_regulation"})
LAW_TITLE = re.compile(r"(?:(?<![办方做看想疗])法|法典|条例)$")
NO_TITLE = re.compile(
    r"^(?:依照?|按照?|根据|有关|相关|本|该|此|上级|国家|国务院|省|市|县|区|地方|现行|内部|各|级|的|和|或|、|等|法律|法规|规章|政策|管理|工作|单位|部门|行政)*"
    r"(?:法律|法|条例|规定|办法|规则|细则|决定|通知|意见|标准|文件)?$"
)
"""A word for laws that names none."""
OWN_RULES = re.compile(
    r"^[本我](?=.{0,8}(?:[局院校厂所站委办]|单位|中心|公司|部门))|内部|小区|公司(?!法|登记)|集团|村规|[局院校厂](?:内|管理条例)"
)
"""Rules of an office, a company or a neighbourhood for itself."""
STATE_COUNCIL = re.compile(
    r"(?:国务院|国)令|主席令|国(?:办)?[发函][〔\[(（【〖﹝]|中(?:办)?发[〔\[(（【〖﹝]|厅字[〔\[(（]|国务院[^》]{0,60}(?:决定|意见|通知|批复)"
)
WITHIN = re.compile(
    r"(?:公司[〔\[(（]|有限公司|集团|小区|本[局院校厂所]|会议?纪要|办公会|[局院校所厂站]务会|党[组委]会|班子会|董事会|(?:服务|办事|便民|管理)中心的?(?:通知|规定|公告|决定)|内部|本单位|本局|本中心|公示|惯例|历年|做法|领导)"
)
NUMBERED = re.compile(r"[〔\[(（【〖﹝]\s*[12]\d{3}\s*[〕\])）】〗﹞]\s*第?\s*\d+\s*号|令\s*第?\s*\d+\s*号")
AS_ABOVE = re.compile(r"^[(（]?同上(?:[一栏项条款行])?[)）]?[。.]?$")
"""A cell of a table that stands for the one above it, which is judged there."""
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
    title = name_key(citation.title)
    shaped = LAW_TITLE.search(title) and not NO_TITLE.match(title) and not OWN_RULES.search(title)
    return bool(shaped or STATE_COUNCIL.search(citation.title + citation.doc_no))


def rests_on_document(text: str, laws: LawRegister, day: date) -> bool:
    """Tell whether a law or a public document is named, not the office's own papers."""
    if WITHIN.search(text):
        return rests_on_law(text, laws, day)
    return bool(NUMBERED.search(text)) or any(
        laws.resolve(each.title, each.doc_no, day=day).law
        or (RULES_TITLE.search(BRACKETED.sub("", name_key(each.title))) and not NO_TITLE.match(name_key(each.title)))
        for each in citations_in(text)
    )
