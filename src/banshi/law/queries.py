"""Which laws hold on a day, and how citations name them."""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from banshi.law.models import Law, LawChange

STATE = "中华人民共和国"
OPEN, CLOSE = ("〔", "[", "(", "（"), ("〕", "]", ")", "）")
BRACKET = re.compile(r"[〔\[(（]")


def ended_laws(day: date) -> QuerySet[Law]:
    """Laws no longer in force on `day`; `in_force_until` is the last day they were."""
    return Law.objects.filter(in_force_until__lt=day).select_related("replaced_by")


def laws(words: str = "") -> QuerySet[Law]:
    """All laws, those changed of late first; `words` in title or number."""
    found = Law.objects.select_related("replaced_by").annotate(
        is_changed=Exists(LawChange.objects.filter(law=OuterRef("pk")))
    )
    found = found.filter(Q(title__icontains=words) | Q(doc_no__icontains=words)) if words else found
    return found.order_by("-is_changed", "title", "id")


def changes_of_law() -> QuerySet[LawChange]:
    return LawChange.objects.select_related("law__replaced_by", "by")


def citing(some: Iterable[Law], *, day: date) -> Q:
    """What rows with `title` and `doc_no` say when they name one of these laws.

    Of two laws of one title (a new text under another number) a citation without number means the one that holds.
    """
    some = list(some)
    namesakes: dict[str, list[Law]] = defaultdict(list)
    for each in Law.objects.filter(title__in={law.title for law in some}):
        namesakes[each.title].append(each)
    found = Q(pk__in=[])
    for law in some:
        found |= _naming(law, [each for each in namesakes[law.title] if each.pk != law.pk], day)
    return found


def _naming(law: Law, others: list[Law], day: date) -> Q:
    titled = Q(title__in=titles_of(law))
    for name in titles_of(law):
        titled |= Q(title__startswith=f"{name}（") | Q(title__startswith=f"{name}(")
    if not others:
        return titled
    numbered = Q(doc_no__in=numbers_of(law)) if law.doc_no else Q(pk__in=[])
    others_hold = any(each.in_force_until is None or each.in_force_until >= day for each in others)
    ended = law.in_force_until is not None and law.in_force_until < day
    return titled & (numbered if others_hold and ended else numbered | Q(doc_no=""))


def titles_of(law: Law) -> list[str]:
    """As it is written with and without the state's name."""
    bare = law.title.removeprefix(STATE)
    return [law.title, f"《{law.title}》", *({STATE + bare, bare} - {law.title})]


def numbers_of(law: Law) -> list[str]:
    """The number in each kind of brackets people type."""
    if not BRACKET.search(law.doc_no):
        return [law.doc_no]
    year = re.split(r"[〔\[(（〕\])）]", law.doc_no, maxsplit=2)
    return (
        [f"{year[0]}{a}{year[1]}{b}{year[2]}" for a, b in zip(OPEN, CLOSE, strict=True)]
        if len(year) == 3
        else [law.doc_no]
    )
