"""What is sent as a file: its name, and what it is."""

from email.message import Message
from typing import IO, Any

import pytest

from banshi.sites.kit.downloads import send_bytes, send_stream, send_written


def name_of(response: Any) -> tuple[str, str | None]:
    """As a browser reads the header."""
    head = Message()
    head["Content-Disposition"] = response["Content-Disposition"]
    return head.get_content_disposition() or "", head.get_filename()


@pytest.mark.parametrize("name", ["guide.pdf", "办事指南（示例市）.pdf", 'a b;c"d.pdf', "𠮷野家.pdf", "100%25.pdf"])
def test_a_name_arrives_as_it_was_given(name: str) -> None:
    assert name_of(send_bytes(b"x", name)) == ("attachment", name)
    assert name_of(send_bytes(b"x", name, inline=True)) == ("inline", name)


@pytest.mark.parametrize(
    ("name", "safe"), [("a\r\nSet-Cookie: x=1.pdf", "a__Set-Cookie: x=1.pdf"), ("../../etc/甲.pdf", ".._.._etc_甲.pdf")]
)
def test_no_name_ends_the_header_or_names_a_folder(name: str, safe: str) -> None:
    def write(file: IO[bytes]) -> None:
        file.write(b"x")

    assert name_of(send_bytes(b"x", name))[1] == safe
    assert name_of(send_written(write, name))[1] == safe


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.DOCX", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.csv", "text/csv; charset=utf-8"),
        ("a.json", "application/json; charset=utf-8"),
    ],
)
def test_the_type_follows_the_name(name: str, media_type: str) -> None:
    assert send_stream(["x"], name)["Content-Type"] == media_type


def test_a_written_file_is_sent_whole() -> None:
    response = send_written(lambda file: file.write(b"abc"), "甲.xlsx")
    assert b"".join(response.streaming_content) == b"abc" and response["Content-Length"] == "3"
