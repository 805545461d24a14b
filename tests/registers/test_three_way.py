"""The three-way difference: base edition, newest edition, local text. What holds whatever the three say."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banshi.registers.three_way import Standing, standing, three_way

NAMES = ("name", "summary", "fees", "steps", "visits")
VALUES = st.sampled_from(["甲", "乙", "丙", 1, 2, [{"name": "受理"}]])
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
CONTENTS = st.dictionaries(st.sampled_from(NAMES), VALUES)


def flagged(bases: dict[str, Any], newest: dict[str, Any], local: dict[str, Any]) -> set[str]:
    return {each.name for each in three_way(bases, newest, local) if each.standing.flagged}


@PATIENT
@given(CONTENTS, CONTENTS, CONTENTS)
def test_flagged_is_exactly_what_changed_above_and_is_not_what_it_says_now(
    base: dict[str, Any], newest: dict[str, Any], local: dict[str, Any]
) -> None:
    expected = {name for name, value in newest.items() if value != base.get(name) and value != local.get(name)}
    assert flagged(base, newest, local) == expected


@PATIENT
@given(CONTENTS, CONTENTS)
def test_nothing_is_flagged_while_nothing_changed_above(edition: dict[str, Any], local: dict[str, Any]) -> None:
    assert flagged(edition, edition, local) == set()


@PATIENT
@given(CONTENTS, CONTENTS, CONTENTS)
def test_what_never_was_unified_is_never_spoken_of(
    base: dict[str, Any], newest: dict[str, Any], local: dict[str, Any]
) -> None:
    spoken_of = {each.name for each in three_way(base, newest, local)}
    assert spoken_of == {*base, *newest}
    assert flagged(base, newest, local) <= set(newest)


@PATIENT
@given(CONTENTS, CONTENTS, CONTENTS)
def test_taking_the_new_value_settles_that_element_and_touches_no_other(
    base: dict[str, Any], newest: dict[str, Any], local: dict[str, Any]
) -> None:
    before = flagged(base, newest, local)
    for name in before:
        assert flagged(base, newest, {**local, name: newest[name]}) == before - {name}


@PATIENT
@given(CONTENTS, CONTENTS, CONTENTS, VALUES)
def test_keeping_ones_own_settles_it_until_that_element_changes_again(
    base: dict[str, Any], newest: dict[str, Any], local: dict[str, Any], later: Any
) -> None:
    """Keeping is answering this edition: the element's base moves to it, and the local text stays."""
    before = flagged(base, newest, local)
    for name in before:
        kept = {**base, name: newest[name]}
        assert flagged(kept, newest, local) == before - {name}
        again = flagged(kept, {**newest, name: later}, local)
        assert (name in again) == (later != newest[name] and later != local.get(name))


@PATIENT
@given(CONTENTS, CONTENTS, CONTENTS)
def test_each_standing_means_what_it_says(base: dict[str, Any], newest: dict[str, Any], local: dict[str, Any]) -> None:
    meaning = {
        Standing.INHERITED: lambda b, n, v: b == n == v,
        Standing.OVERRIDDEN: lambda b, n, v: b == n != v,
        Standing.FOLLOWED: lambda b, n, v: b != n == v,
        Standing.BEHIND: lambda b, n, v: n != b == v,
        Standing.DIVERGED: lambda b, n, v: b != n and n != v and b != v,
        Standing.RELEASED: lambda b, n, v: n is None and b is not None,
    }
    for each in three_way(base, newest, local):
        true_of = [s for s, says in meaning.items() if says(each.base, each.newest, each.local)]
        assert each.standing in true_of
        assert true_of == [each.standing] or Standing.RELEASED in true_of


def test_blank_above_and_below_is_nothing_to_speak_of() -> None:
    assert standing(None, None, None) is None
    assert standing(None, None, "自己写的") is None
