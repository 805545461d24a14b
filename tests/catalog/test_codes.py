"""Codes of items, as found in real lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories import a_uscc

from banshi.catalog.codes import is_sound, kind_in, propose_uscc, read_code, uscc_problem
from banshi.core.id_numbers import uscc_is_valid


def test_an_implementing_code_is_taken_apart() -> None:
    code = read_code("11430682006378338L4000511002000")
    assert (code.form, code.uscc, code.level, code.base_code) == (
        "implementing",
        "11430682006378338L",
        "4",
        "000511002000",
    )
    assert code.problems == ()
    assert code.kind == "05"


def test_a_handling_code_is_an_implementing_code_with_two_more_digits() -> None:
    assert read_code("11430682006378338L400051100200001").form == "handling"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("000511002000", "base"),
        ("511Z07001006", "base"),
        ("512B0011200070-511602000000-000-11511300008778693M-1-00", "sichuan"),
        ("1J-5100-00027-511602000000-000-11511301008778386B-1-00", "sichuan"),
        ("A-005818-5818", "lettered"),
        ("E-000004-001-11511301008778386B", "lettered"),
        ("公共服务-00512-002", "zhejiang"),
        ("62052400MZ-XK-0001", "gansu"),
        ("4201060112345678", "digits16"),
        ("420106-XK-0012", "sorted"),
        ("330000001QR0012", "sorted"),
        ("110105-民政-GG-001", "sorted"),
        ("JF-000123-QT", "unknown"),
        ("11420106MB0001-GF-01", "unknown"),
        ("", "empty"),
    ],
)
def test_older_forms_are_known(text: str, form: str) -> None:
    assert read_code(text).form == form


def test_letters_of_a_kind_and_a_division_are_taken_out_of_older_codes() -> None:
    written = ("420106-XK-0012", "330000001QR0012", "QZ3700000001", "370000-06-QT-0003", "110105-民政-GG-001")
    assert [(code.division, code.kind) for code in map(read_code, written)] == [
        ("420106", "01"),
        ("330000001", "07"),
        ("", "03"),
        ("370000", "10"),
        ("110105", "20"),
    ]


@pytest.mark.parametrize(
    ("text", "division", "kind"),
    [
        ("JYXK-001", "", "01"),
        ("RSJQR0012", "", "07"),
        ("511602-0100-XK-0001A", "511602", "01"),
        ("A01-JF002", "", "05"),
        ("MZJ-QT-0004", "", "10"),
        ("XK-JY-2021-001", "", "01"),
        ("GG-民政-012", "", "20"),
        ("川511602QR2020003", "511602", "07"),
    ],
)
def test_a_countys_own_codes_tell_the_kind_by_its_initials(text: str, division: str, kind: str) -> None:
    code = read_code(text)
    assert (code.form, code.division, code.kind) == ("sorted", division, kind)


@pytest.mark.parametrize("text", ["XKJF001", "JYXKB-001", "XK-JF-2021-001", "JXW-001", "QRCODE123", "JF-000123-QT"])
def test_letters_that_may_be_something_else_tell_no_kind(text: str) -> None:
    assert read_code(text).kind == ""


def test_an_old_form_is_noted_but_no_doubt() -> None:
    problems = read_code("512B0011200070-511602000000-000-11511300008778693M-1-00").problems
    assert [each.severity for each in problems] == ["note"]


def test_a_small_letter_in_the_organ_code_is_mended_by_proposal_only() -> None:
    code = read_code("511F0045400001-511602000000-000-11511301452259996u-1-00")
    assert code.text.endswith("452259996u-1-00")
    assert code.problems[-1].proposal.endswith("452259996U-1-00")


def test_a_credit_code_one_digit_short_is_completed_by_its_check_digits() -> None:
    assert uscc_problem("1151130000877869M").proposal == "11511300008778693M"


def test_a_known_organ_is_proposed_for_its_old_nine_digit_code() -> None:
    assert propose_uscc("00877869-3", {"11511300008778693M"}) == "11511300008778693M"


def test_nothing_is_proposed_when_two_organs_fit() -> None:
    assert propose_uscc("008778693", {"11511300008778693M", "12511300008778693L"}) == ""


def test_placeholders_are_called_so() -> None:
    assert "占位" in uscc_problem("1111111111111111").message


def test_full_width_digits_and_spaces_are_read() -> None:
    assert read_code("11430682006378338L4 0005 1100 2000").form == "implementing"


def test_kinds_are_read_from_the_standards_digits_and_from_sichuans_letters() -> None:
    assert [kind_in(base) for base in ("000511002000", "511Z07001006", "442199806003", "512036010003")] == [
        "05",
        "10",
        "20",
        "20",
    ]


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader_and_none_is_lost(text: str) -> None:
    code = read_code(text)
    assert code.form == "empty" or code.problems or code.is_current


@given(st.integers(0, 99_999_999), st.integers(0, 17))
def test_a_dropped_digit_is_never_mended_to_an_invalid_code(number: int, place: int) -> None:
    code = a_uscc(number)
    proposal = propose_uscc(code[:place] + code[place + 1 :])
    assert proposal == "" or uscc_is_valid(proposal)


@given(
    st.integers(0, 99_999_999),
    st.sampled_from("123456"),
    st.from_regex(r"[0-9]{2}(0[0-9]|10|20)[0-9]{8}", fullmatch=True),
)
def test_what_is_put_together_is_read_apart(number: int, level: str, base: str) -> None:
    code = read_code(f"{a_uscc(number)}{level}{base}")
    assert (code.level, code.base_code, code.problems) == (level, base, ())


@pytest.mark.parametrize(
    "text",
    [
        "11430682006378338L4000511002000",
        "11430682006378338L400051100200001",
        "11430682006378338M4000511002000",
        "11430682006378338L9000511002000",
        "000511002000",
        "公共服务-00512-002",
        "",
    ],
)
def test_a_sound_code_is_a_whole_one_of_which_nothing_odd_is_read(text: str) -> None:
    read = read_code(text)
    assert is_sound(text) == (read.form in ("implementing", "handling") and not read.problems)


@pytest.mark.parametrize(
    ("text", "kind", "division"),
    [
        ("G-000007-001-511602000000-000-115113010833722043-1-00", "05", "511602000000"),
        ("511F0082000001-511602000000-000-115113016823646795-1-00", "07", "511602000000"),
        ("512B00123000-511602000000-000-115113016823646795-1-00", "20", "511602000000"),
        ("许可-00012-003", "01", ""),
        ("其他-00012-003", "10", ""),
        ("公共服务-00512-002", "20", ""),
        ("62010112GA-XK-0012", "01", "62010112"),
        ("62010112GA-FW-0012", "20", "62010112"),
        ("1F-0012-00034", "07", ""),
        ("G-000123-001", "05", ""),
        ("A-000123-001", "", ""),
        ("联办事项-00012-003", "", ""),
        ("1234567890123456", "", ""),
    ],
)
def test_older_codes_tell_kind_and_division(text: str, kind: str, division: str) -> None:
    code = read_code(text)
    assert (code.kind, code.division) == (kind, division)
