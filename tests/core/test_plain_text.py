"""What neither a paper nor XML has room for is left out of both, and nothing else."""

import pytest

from banshi.core.plain_text import as_printed, without_controls


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("张三\u3000李四", "张三\u3000李四"),
        ("10\u00a0元\u2009整", "10\u00a0元\u2009整"),
        ("一行\n一行\t一格", "一行\n一行\t一格"),
        ("👨\u200d👩", "👨\u200d👩"),
        ("受\x00理\x1f局\x7f\ufffe\ud800", "受理局"),
        ("倒着\u202e写的\u2066字\u200e", "倒着写的字"),
    ],
)
def test_controls_are_dropped_and_spaces_stay(text: str, kept: str) -> None:
    assert without_controls(text) == kept


@pytest.mark.parametrize(
    "copied", ["2026-12-000345", " 2026 － 12 － 000345 。", "２０２６—12–000345，", "2026-12-000\u200b345\x00"]
)
def test_a_number_is_read_as_people_copy_and_space_it(copied: str) -> None:
    assert as_printed(copied) == "2026-12-000345"
