"""Decoding of text files as Chinese offices write them."""

from contextlib import suppress

PUNCTUATION = set("，。；：、？！“”‘’《》〈〉（）〔〕【】—…·￥％\u3000")
LIKELY = 0.6
"""Share of common characters from which a text is taken for Chinese: an ordinary one has more than 0.9, Big5 read as GB 0.3."""


def decode_text(content: bytes) -> str | None:
    """Return a text of UTF-8, marked UTF-16 or GB18030, and None for what is text in none of them."""
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    with suppress(UnicodeDecodeError):
        return content.decode("utf-16" if marked else "utf-8-sig")
    with suppress(UnicodeDecodeError):
        text = content.decode("gb18030")
        return text if is_likely_chinese(text) else None
    return None


def undecoded(content: bytes) -> str:
    """Say in what a text seems to be written that `decode_text` does not read, and what to do."""
    if _is_big5(content):
        return "像是繁体字编码（Big5）的文本，平台只认简体。请用 Word 或 WPS 转成简体，另存为 UTF-8 编码，再上传"
    return "文字编码认不出来。请用记事本打开，看到的文字正常后另存为 UTF-8 编码，再上传"


def _is_big5(content: bytes) -> bool:
    """Tell by most signs' being among the 5,401 frequent ones of Big5, which other encodings hardly ever are."""
    try:
        text = content.decode("big5hkscs")
    except UnicodeDecodeError:
        return False
    foreign = [sign.encode("big5hkscs")[0] for sign in text[:20_000] if sign > "\x7f"]
    return len(foreign) > 3 and sum(0xA1 <= lead <= 0xC6 for lead in foreign) >= 0.9 * len(foreign)


def is_likely_chinese(text: str) -> bool:
    """Tell a text decoded as GB18030 from one of another encoding, which decodes to rare characters."""
    foreign = [sign for sign in text[:20_000] if sign > "\x7f"]
    common = sum(sign in PUNCTUATION or _is_common(sign) for sign in foreign)
    return common >= LIKELY * len(foreign)


def _is_common(sign: str) -> bool:
    """Look the character up among the 3,755 of GB 2312's first level."""
    try:
        return 0xB0 <= sign.encode("gb2312")[0] <= 0xD7
    except UnicodeEncodeError:
        return False
