"""Writes of search: questions without an answer, synonyms of an office's own."""

import re
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from banshi.access import Permission, authorize
from banshi.core.clock import CHINA
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.core.models import Cursor
from banshi.core.repeats import hold_name
from banshi.ledger import Actor, record
from banshi.people.queries import account_of
from banshi.search.models import Miss, Synonym
from banshi.search.vocabulary import CURSOR, look_again
from banshi.search.words import normalise

MISSES_A_DAY = 5000
"""More different ones in a day are no people's questions; they are not kept."""
MEANS_AT_MOST, TERM_LETTERS, MEANS_LETTERS = 10, 20, 30
_NUMBER = re.compile(r"\d(?:[ x]?\d){5,}x?")


def record_miss(text: str, *, at: datetime) -> None:
    """Count a question nobody could answer.

    Not an act of an official, so not in the ledger.
    """
    asked = without_personal_data(text)
    if not asked:
        return
    day = at.astimezone(CHINA).date()
    if _count_again(asked, at) or Miss.objects.filter(day=day).count() >= MISSES_A_DAY:
        return
    try:
        with transaction.atomic():
            Miss.objects.create(text=asked, day=day, last_at=at)
    except IntegrityError:
        _count_again(asked, at)


def _count_again(asked: str, at: datetime) -> int:
    same = Miss.objects.filter(text=asked, day=at.astimezone(CHINA).date())
    return same.update(count=F("count") + 1, last_at=at)


def without_personal_data(text: str) -> str:
    """Return the question as search read it, numbers of six digits and more (cards, phones, accounts) as stars."""
    return _NUMBER.sub("***", normalise(text))


@transaction.atomic
def add_synonym(
    *, term: str, means: Sequence[str], one_way: bool = False, note: str = "", by: Actor, at: datetime
) -> Synonym:
    """Let a word people use find what offices call it.

    Works at once, without a new index.
    """
    authorize(by, Permission.SEARCH_EDIT, at=at)
    word, others = normalise(term).replace(" ", ""), [normalise(each) for each in means if normalise(each)]
    others = list(dict.fromkeys(each for each in others if each != word))
    if problems := _synonym_problems(word, others):
        raise BadInput("同义词没有保存", problems)
    hold_name(f"search.Synonym {word}")
    if Synonym.objects.filter(term=word, ended_at=None).exists():
        raise Conflict(f"“{word}”已经有同义词", remedy="请先停用原来的，再添加。")
    adder = account_of(by)
    added = Synonym.objects.create(
        term=word, means=others, one_way=one_way, note=note.strip()[:120], added_by=adder, added_at=at
    )
    _follow()
    record("search.add_synonym", added, by=by, at=at, facts={"term": word, "means": others, "one_way": one_way})
    return added


def _synonym_problems(word: str, others: list[str]) -> list[Problem]:
    problems = []
    if not 1 < len(word) <= TERM_LETTERS:
        problems.append(Problem(f"群众的说法要 2 到 {TERM_LETTERS} 个字", field="term"))
    if not 0 < len(others) <= MEANS_AT_MOST:
        problems.append(Problem(f"请写 1 到 {MEANS_AT_MOST} 个对应的词，不能和说法本身相同", field="means"))
    if any(len(each) > MEANS_LETTERS for each in others):
        problems.append(Problem(f"对应的词每个不超过 {MEANS_LETTERS} 个字", field="means"))
    return problems


@transaction.atomic
def end_synonym(synonym: Synonym, *, by: Actor, at: datetime) -> Synonym:
    """Stop using it.

    The row stays as a record.
    """
    authorize(by, Permission.SEARCH_EDIT, at=at)
    ended = Synonym.objects.filter(pk=synonym.pk, ended_at=None).update(ended_at=at)
    if not ended:
        raise Conflict(f"“{synonym.term}”已经停用")
    synonym.ended_at = at
    _follow()
    record("search.end_synonym", synonym, by=by, at=at, facts={"term": synonym.term})
    return synonym


def _follow() -> None:
    """Tell every process, by the cursor, that the words changed."""
    if not Cursor.objects.filter(reader=CURSOR).update(position=F("position") + 1):
        Cursor.objects.create(reader=CURSOR, position=1)
    transaction.on_commit(look_again)
