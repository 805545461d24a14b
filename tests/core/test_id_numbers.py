from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from banshi.core import id_numbers
from banshi.people.actions.citizens import identity_problems

DIGITS = "0123456789"
bodies = st.builds(
    lambda region, born, order: f"{region}{born:%Y%m%d}{order:03}",
    st.sampled_from(["110105", "500114", "510104", "330302", "440306"]),
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.integers(0, 999),
)


def the_only_check(is_valid, body, alphabet):
    return [check for check in alphabet if is_valid(body + check)]


@given(bodies)
def test_a_card_body_has_exactly_one_check_digit_and_it_is_the_one_stdnum_computes(body):
    assert the_only_check(id_numbers.id_number_is_valid, body, DIGITS + "X") == [ric.calc_check_digit(body + "0")]


@given(bodies, st.integers(0, 16), st.sampled_from(DIGITS))
def test_one_wrong_digit_in_a_card_is_always_noticed(body, place, digit):
    card = body + ric.calc_check_digit(body + "0")
    assume(card[place] != digit)
    assert not id_numbers.id_number_is_valid(card[:place] + digit + card[place + 1 :])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "50011419900101001",
        "50011419900230001X",
        "000000199001010011",
        "５００１１４１９９００１０１００１X",
        "50011419900101001x",
    ],
)
def test_what_is_no_card_number_is_refused(text):
    assert not id_numbers.id_number_is_valid(text)


def test_a_qianjiang_card_is_valid_though_stdnum_does_not_know_the_district():
    body = "50011419900307001"
    card = body + ric.calc_check_digit(body + "0")
    assert id_numbers.id_number_is_valid(card)


@pytest.mark.parametrize("region", ["810000", "820000", "830000", "911123"])
def test_residence_permits_and_foreigners_cards_are_cards_too(region):
    body = f"{region}19900307001"
    assert id_numbers.id_number_is_valid(body + ric.calc_check_digit(body + "0"))


def test_a_card_of_no_day_or_no_province_is_refused_even_with_a_right_check_digit():
    for body in ("50011419900230001", "99999918000101001", "00011419900307001"):
        assert not id_numbers.id_number_is_valid(body + ric.calc_check_digit(body + "0"))


@given(st.text(id_numbers.USCC_ALPHABET, min_size=17, max_size=17))
def test_a_credit_code_body_has_exactly_one_check_character(body):
    assert the_only_check(id_numbers.uscc_is_valid, body, id_numbers.USCC_ALPHABET) == [id_numbers.uscc_check(body)]


@given(st.text(DIGITS, min_size=7, max_size=7), st.text(id_numbers.USCC_ALPHABET, min_size=9, max_size=9))
def test_credit_codes_agree_with_stdnum_where_it_knows_the_form(head, tail):
    body = "1" + head + tail
    assert id_numbers.uscc_check(body) == uscc.calc_check_digit(body)


@pytest.mark.parametrize(
    "code", ["11430682006378338X", "91110000600037341", "9111000060003734IL", "911100006000373410"]
)
def test_what_is_no_credit_code_is_refused(code):
    assert not id_numbers.uscc_is_valid(code)


def test_a_real_credit_code_holds():
    assert id_numbers.uscc_is_valid("91110000600037341L")
    assert id_numbers.uscc_is_valid("11430682006378338L")


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=8, max_size=8))
def test_an_organisation_body_has_exactly_one_check_character_with_or_without_hyphen(body):
    [check] = the_only_check(id_numbers.organisation_code_is_valid, body, DIGITS + "X")
    assert id_numbers.organisation_code_is_valid(f"{body}-{check}")


@given(st.text())
def test_masking_keeps_the_length_and_never_shows_all(text):
    for mask in (id_numbers.mask_id, id_numbers.mask_name, id_numbers.mask_phone):
        masked = mask(text)
        assert len(masked) == len(text)
        assert masked.count("*") >= min(len(text), 1)


def test_masks_look_as_people_know_them():
    assert id_numbers.mask_phone("13812345678") == "138****5678"
    assert id_numbers.mask_name("张三") == "张*"
    assert id_numbers.mask_name("欧阳小明") == "欧**明"
    assert id_numbers.mask_id("500114199003070012") == "5001************12"


def test_mobile_numbers():
    assert id_numbers.mobile_is_valid("13812345678")
    assert not id_numbers.mobile_is_valid("12345678901")


@pytest.mark.parametrize(
    "typed",
    [
        "+86 138-1234-5678",
        "(+86)13812345678",
        "86-13812345678",
        "138.1234.5678",
        "tel:13812345678",
        "\u202d138\u00a01234\u20145678\u202c",
    ],
)
def test_a_mobile_number_however_it_is_typed_or_pasted(typed):
    assert id_numbers.plain_mobile(typed) == "13812345678"
    assert not id_numbers.mobile_is_valid(id_numbers.plain_mobile("+85291234567"))


def test_somebody_born_in_time_to_come_or_too_long_ago_does_not_register():
    def problems(born):
        body = f"110101{born}001"
        number = body + ric.calc_check_digit(body + "0")
        return [
            each.message
            for each in identity_problems(kind="person", name="例", number=number, phone="", on=date(2026, 11, 29))
        ]

    assert [len(problems(born)) for born in ("20261129", "20261130", "18960101", "18950101")] == [0, 1, 0, 1]
