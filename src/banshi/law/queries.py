"""Queries of laws in force on a day, and of the laws citations name."""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Value, prefetch_related_objects
from django.db.models.functions import Left, StrIndex
from django.db.models.lookups import In

from banshi.law.models import Article, Law, LawChange, LawVersion
from banshi.law.numerals import written
from banshi.law.places import cited_spans
from banshi.law.register import STATE, LawFacts, LawRegister, Resolution, Version, names_cited, number_key

OPEN, CLOSE = ("〔", "[", "(", "（", "【", "﹝"), ("〕", "]", ")", "）", "】", "﹞")
WIDE = str.maketrans("()", "（）")
MOST_SHOWN = 100
"""Articles of one range whose texts are shown."""
ORDER_OF_STATE_COUNCIL = re.compile(r"国务院令第(\d+)号")
ORDERS_WRITTEN = ("国务院令第{}号", "国令第{}号", "中华人民共和国国务院令第{}号", "国务院第{}号令", "国务院令{}号")
BRACKET = re.compile(r"[〔\[(（【﹝]")


def ended_laws(day: date) -> QuerySet[Law]:
    """List laws no longer in force on `day`.

    `in_force_until` is the last day they held.
    """
    return Law.objects.filter(Q(in_force_until__lt=day) | Q(ended=True)).select_related("replaced_by")


def register_of_laws() -> LawRegister:
    """Read the whole register in two queries, ready to resolve citations."""
    texts: dict[int, list[LawVersion]] = defaultdict(list)
    for version in LawVersion.objects.all():
        texts[version.law_id].append(version)
    return LawRegister(
        tuple(_facts(law, texts[law.pk]) for law in Law.objects.select_related("replaced_by").order_by("id"))
    )


def _facts(law: Law, texts: list[LawVersion]) -> LawFacts:
    ordered = sorted(texts, key=lambda each: (each.since or date.min, each.pk))
    return LawFacts(
        title=law.title,
        doc_no=law.doc_no,
        since=law.in_force_from,
        until=law.in_force_until,
        ended=law.ended,
        replaced_by=law.replaced_by.title if law.replaced_by else "",
        replaced_by_no=law.replaced_by.doc_no if law.replaced_by else "",
        versions=tuple(
            Version(each.in_force_from, each.article_count, each.promulgated, each.doc_no) for each in ordered
        ),
        rank=law.rank,
    )


def resolved(
    citations: Iterable[tuple[str, str, str]], *, day: date
) -> list[tuple[Law | None, Resolution, list[Article]]]:
    """Resolve (title, number, articles) as citations give them.

    With each, the texts of the articles it names, where kept.

    Four queries, however many citations.
    """
    citations = list(citations)
    names = {
        name for title, _, _ in citations for key in names_cited(title) if key for name in (key, key.translate(WIDE))
    }
    # The ways a document number may be kept.
    numbers: set[str] = set()
    for number in {number for cited in citations for number in cited[:2]}:
        if spelt := number_key(number):
            numbers |= {number, spelt, *spellings(spelt), *spellings(spelt.replace("令", "令第"))}
    earlier = LawVersion.objects.filter(doc_no__in=numbers).values("law")
    known = Law.objects.filter(
        Q(title__in=names | {STATE + name for name in names}) | Q(doc_no__in=numbers) | Q(pk__in=earlier)
    ).prefetch_related("versions", "replaced_by")
    laws = {_facts(law, list(law.versions.all())): law for law in known}
    register = LawRegister(tuple(laws))
    found = [register.resolve(*cited, day=day) for cited in citations]
    holding: dict[int, LawVersion] = {}
    for each in laws.values():
        if begun := [version for version in each.versions.all() if version.since is None or version.since <= day]:
            holding[each.pk] = max(begun, key=lambda version: (version.since or date.min, version.pk))
    asked = [_article_names(articles) for _, _, articles in citations]
    texts: dict[tuple[int, str], Article] = {
        (each.version_id, each.number): each
        for each in Article.objects.filter(version__in=holding.values(), number__in={n for some in asked for n in some})
    }
    told = []
    for cited_here, resolution in zip(asked, found, strict=True):
        law = laws[resolution.law] if resolution.law else None
        version = holding.get(law.pk) if law else None
        places = [(version.pk, number) for number in cited_here] if version else []
        told.append((law, resolution, [texts[place] for place in places if place in texts]))
    return told


def _article_names(cited: str) -> list[str]:
    """Spell each article cited as laws number them, those inside a range too."""
    names = []
    for span in cited_spans(cited):
        inserted = f"之{written(span.inserted)}" if span.inserted else ""
        names += [
            f"第{written(number)}条{inserted if number == span.last else ''}"
            for number in range(span.first, min(span.last, span.first + MOST_SHOWN) + 1)
        ]
    return list(dict.fromkeys(names))


def laws(words: str = "") -> QuerySet[Law]:
    """List all laws, those changed of late first.

    `words` in title or number.
    """
    found = Law.objects.select_related("replaced_by").annotate(
        is_changed=Exists(LawChange.objects.filter(law=OuterRef("pk")))
    )
    found = found.filter(Q(title__icontains=words) | Q(doc_no__icontains=words)) if words else found
    return found.order_by("-is_changed", "title", "id")


def changes_of_law() -> QuerySet[LawChange]:
    return LawChange.objects.select_related("law__replaced_by", "by")


def citing(some: Iterable[Law], *, day: date) -> Q:
    """Filter rows whose `title` and `doc_no` name one of these laws.

    Of two laws of one title (a new text under another number) a citation without number means the one that holds.
    """
    some = list(some)
    prefetch_related_objects(some, "versions")
    namesakes: dict[str, list[Law]] = defaultdict(list)
    for each in Law.objects.filter(title__in={law.title for law in some}):
        namesakes[each.title].append(each)
    plain = [law for law in some if namesakes[law.title] in ([], [law])]
    numbers = {number for law in some for number in numbers_of(law)}
    found = _titled({name for law in plain for name in titles_of(law)}) | (
        Q(title__in=numbers) | (Q(title="") & Q(doc_no__in=numbers))
    )
    for law in some:
        if others := [each for each in namesakes[law.title] if each.pk != law.pk]:
            numbered = Q(doc_no__in=numbers_of(law))
            others_hold = any(
                not each.ended and (each.in_force_until is None or each.in_force_until >= day) for each in others
            )
            ended = law.ended or (law.in_force_until is not None and law.in_force_until < day)
            found |= _titled(set(titles_of(law))) & (numbered if others_hold and ended else numbered | Q(doc_no=""))
    return found


def _titled(names: set[str]) -> Q:
    """Match titles with or without something in brackets after them."""
    # Few terms for many names: SQLite takes a thousand at most.
    found = Q(title__in=names)
    for bracket in "（(":
        place = StrIndex("title", Value(bracket))
        found |= Q(title__contains=bracket) & Q(In(Left("title", place - 1), names))
        for name in names:
            if "（" in name or "(" in name:
                found |= Q(title__startswith=f"{name}{bracket}")
    return found


def titles_of(law: Law) -> list[str]:
    """Write the title with and without the state's name."""
    bare = law.title.removeprefix(STATE)
    return [law.title, f"《{law.title}》", *({STATE + bare, bare} - {law.title})]


def numbers_of(law: Law) -> list[str]:
    """Return the numbers of the law and of its earlier texts, as people type them."""
    told = [law.doc_no, *(each.doc_no for each in law.versions.all())]
    return list(dict.fromkeys(spelling for number in told if number for spelling in spellings(number)))


def spellings(number: str) -> list[str]:
    """Write the number in each kind of brackets, an order of the State Council by each of its names."""
    if BRACKET.search(number):
        year = re.split(r"[〔\[(（【﹝〕\])）】﹞]", number, maxsplit=2)
        if len(year) == 3:
            return [f"{year[0]}{a}{year[1]}{b}{year[2]}" for a, b in zip(OPEN, CLOSE, strict=True)]
    if order := ORDER_OF_STATE_COUNCIL.fullmatch(number):
        return [written.format(order[1]) for written in ORDERS_WRITTEN]
    return [number]
