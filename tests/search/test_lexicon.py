from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from banshi.search.lexicon import is_one_slip, make_lexicon
from banshi.search.vocabulary import Vocabulary

SHORT = st.text("社保卡办", max_size=6)


@given(SHORT, SHORT)
def test_one_slip_is_an_edit_distance_of_one(one: str, other: str) -> None:
    assert is_one_slip(one, other) == (OSA.distance(one, other) == 1)


@pytest.mark.parametrize(
    ("counted", "known"),
    [([("第12号", 1)], False), ([("4050人员", 2)], True), ([("低保", 1)], True), ([("保", 9)], False)],
)
def test_a_number_only_one_item_bears_is_no_word(counted: Sequence[tuple[str, int]], known: bool) -> None:
    lexicon = make_lexicon(counted, Vocabulary(frozenset(), frozenset(), {}, frozenset()))
    assert (counted[0][0] in lexicon) == known
