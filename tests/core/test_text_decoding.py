"""Text files in the encodings of Chinese offices, and those that only seem to be."""

import pytest

from banshi.core.text_decoding import decode_text, undecoded

PLAN = '名称 = "公共服务事项清理规范工作方案"\n说明 = "各单位梳理上报，审核单位逐项审核，公示征求意见"\n'
TRADITIONAL = '名稱 = "公共服務事項清理規範工作方案"\n說明 = "各單位梳理上報，審核單位逐項審核，公示徵求意見"\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
def test_a_text_is_read_as_it_was_written(encoding: str) -> None:
    assert decode_text(PLAN.encode(encoding)) == PLAN


@pytest.mark.parametrize("text", ["", "name = 1\n", "赵囧彧喆", "张三，李四\n"])
def test_short_ones_and_rare_names_are_texts(text: str) -> None:
    assert decode_text(f"{text}{PLAN}".encode("gb18030")) == f"{text}{PLAN}"
    assert decode_text(text.encode()) == text


@pytest.mark.parametrize(
    "content",
    [
        TRADITIONAL.encode("big5"),
        TRADITIONAL.encode("big5").replace(b"\n", b"?\n"),
        "計画の名前".encode("shift_jis") * 3,
    ],
)
def test_another_encoding_is_not_taken_for_chinese(content: bytes) -> None:
    assert decode_text(content) is None


@pytest.mark.parametrize("content", [TRADITIONAL.encode("big5"), "事項名稱,實施主體\n敬老卡,社會局\n".encode("cp950")])
def test_big5_is_called_so(content: bytes) -> None:
    assert "繁体字编码（Big5）" in undecoded(content)


@pytest.mark.parametrize("content", ["計画の名前".encode("shift_jis") * 3, bytes(range(128, 256)) * 4, b"\xff\xfe\xd8"])
def test_what_is_nothing_known_is_not_called_big5(content: bytes) -> None:
    assert "Big5" not in undecoded(content)
