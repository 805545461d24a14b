"""No figure of few raters can be had by subtraction: each withheld cell has at least two values that would look the same."""

from collections import defaultdict
from functools import cache
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from banshi.feedback.suppression import withheld

LEAST = 3
Table = tuple[int, ...]
View = tuple[int | None, ...]


def view_of(table: Table) -> View:
    """Show a table as it is published: the total, which is told where it is not of few, and the cells that are told.

    The last cell, what belongs to none of the rows, stands on no page.
    """
    raters = dict(enumerate(table))
    hidden = withheld(raters, least=LEAST)
    cells = [None if key in hidden else count for key, count in raters.items()]
    return (sum(table) if sum(table) >= LEAST else None, *cells[:-1])


@cache
def lookalikes(cells: int) -> dict[View, list[Table]]:
    found = defaultdict(list)
    for table in product(range(7), repeat=cells):
        found[view_of(table)].append(table)
    return found


@given(st.lists(st.integers(0, 6), min_size=2, max_size=4))
def test_a_withheld_cell_is_never_determined_even_by_one_who_knows_the_procedure(counts: list[int]) -> None:
    table = tuple(counts)
    view = view_of(table)
    for place, shown in enumerate(view[1:]):
        if shown is None:
            assert len({each[place] for each in lookalikes(len(table))[view]}) > 1, (table, view)


@given(st.dictionaries(st.integers(0, 9), st.integers(0, 40), min_size=1), st.integers(2, 9))
def test_what_is_withheld_together_is_as_many_as_may_be_told(raters: dict[int, int], least: int) -> None:
    hidden = withheld(raters, least=least)
    together = sum(raters[key] for key in hidden)
    assert all(count >= least for key, count in raters.items() if count and key not in hidden)
    assert not hidden or together >= least or hidden == set(raters)


def test_one_of_few_among_many_is_hidden_with_the_smallest_of_the_others() -> None:
    assert withheld({"甲": 40, "乙": 3, "丙": 9}, least=5) == {"乙", "丙"}
    assert withheld({"甲": 40, "乙": 9, "丙": 9}, least=5) == set()
