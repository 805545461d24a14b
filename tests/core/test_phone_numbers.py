"""Telephone numbers among what people write."""

import pytest

from banshi.core.phone_numbers import holds_phone, is_phone, with_area_code

NUMBERS = [
    "139 1234 5678", "0577-8888-6666", "138-1234-5678", "(0826) 222 2222", "+86 139-1234-5678", "0826—2222222",
    "0577－88886666", "020 8888 6666转801", "12345", "96390", "400-123-4567", "110", "咨询电话：0577-88886666；138 0000 1111",
]  # fmt: skip


@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_however_it_is_parted(text: str) -> None:
    assert holds_phone(text)
    assert is_phone(text)


@pytest.mark.parametrize(
    "text",
    [
        "人民路1234号", "人民路5号 5楼501室", "邮编636000", "邮政编码：636000", "第12345号窗口", "每天8:30-17:30", "100000元", "2025年",
        "甲区乙街100001号", "政务中心3楼", "",
    ],
)  # fmt: skip
def test_other_figures_are_no_number(text: str) -> None:
    assert not holds_phone(text)
    assert not is_phone(text)


@pytest.mark.parametrize(
    ("text", "dialled"),
    [
        ("咨询电话：88886666（区号0577）", "咨询电话:0577-88886666"),
        ("区号0577，88886666、88887777", "0577-88886666、0577-88887777"),
        ("88886666，外地请加拨0577", "0577-88886666"),
        ("88886666(0577)", "0577-88886666"),
        ("本地12345，外地0577-12345", "本地12345，外地0577-12345"),
        ("0577-88886666（区号不用加拨）", "0577-88886666（区号不用加拨）"),
    ],
)
def test_an_area_code_that_stands_apart_is_written_before_the_number(text: str, dialled: str) -> None:
    assert with_area_code(text) == dialled


def test_a_number_with_words_of_another_sense_is_not_only_a_number() -> None:
    assert holds_phone("民政局303室，0577-88886666")
    assert not is_phone("民政局303室，0577-88886666")
