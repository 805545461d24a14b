"""Names of persons: letters of any script, between them middle dots, hyphens, apostrophes and spaces."""

import pytest

from banshi.core.id_numbers import person_name_is_valid


@pytest.mark.parametrize(
    "name",
    [
        "林小例",
        "阿不都热合曼·买买提",
        "欧阳·娜",
        "Anna Müller",
        "𠮷田",
        "卓玛 央金",
        "Иван Петров",
        "让-吕克",
        "Siobhán O’Brien",
        "D'Angelo",
    ],
)
def test_names_of_cards_and_passports_are_taken(name: str) -> None:
    assert person_name_is_valid(name)


@pytest.mark.parametrize(
    "name", ["", "  ", "·", "<b>林</b>", "林小例1", "林@例", "林;例", "13800000000", "林(小)例", "林\n例\x00", "-'-"]
)
def test_what_is_no_name_is_not(name: str) -> None:
    assert not person_name_is_valid(name)
