from pathlib import Path

import pytest
import typst

from banshi.documents import fonts
from banshi.documents.fonts import NoChineseFont, typefaces


def test_the_fonts_that_come_with_banshi_are_there_with_their_licences() -> None:
    names = {file.name for file in fonts.SHIPPED.iterdir()}
    assert {"NotoSansSC_400Regular.ttf", "NotoSansSC_700Bold.ttf"} <= names
    assert {"NotoSerifSC_400Regular.ttf", "NotoSerifSC_700Bold.ttf"} <= names
    assert {"noto-sans-sc-OFL.txt", "noto-serif-sc-OFL.txt"} <= names


def test_titles_and_text_are_set_in_song_and_headings_in_hei() -> None:
    stacks = typefaces().stacks
    assert stacks["title"][0] == stacks["body"][0] == "Noto Serif SC"
    assert stacks["heading"][0] == stacks["plain"][0] == "Noto Sans SC"


def test_the_machines_fonts_serve_when_none_came_with_banshi(tmp_path: Path) -> None:
    assert typefaces(shipped=tmp_path).stacks["body"][0] in ("Noto Serif CJK SC", "Noto Sans CJK SC")


def test_without_any_chinese_font_there_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoChineseFont, match=r"没有找到中文字体.*fonts-noto-cjk"):
        typefaces(shipped=tmp_path, system=False)


def test_an_offices_own_font_comes_first(tmp_path: Path) -> None:
    serif = next(fonts.SHIPPED.glob("NotoSerifSC_400*.ttf"))
    (tmp_path / "own.ttf").symlink_to(serif)
    stacks = typefaces(office=tmp_path).stacks
    assert stacks["heading"][0] == "Noto Serif SC"


def test_an_offices_font_known_for_one_use_serves_only_that_use() -> None:
    here = {"FangSong_GB2312", "Noto Sans SC", "Noto Serif SC"}
    stack = fonts._stack
    assert stack("body", here, ["FangSong_GB2312"])[0] == "FangSong_GB2312"
    assert "FangSong_GB2312" not in stack("title", here, ["FangSong_GB2312"])


def test_a_font_without_chinese_is_never_used_to_print_boxes() -> None:
    from banshi.documents.fonts import Typefaces
    from banshi.documents.pdf import TEMPLATES, TypstCompiler

    latin = typst.Fonts(include_system_fonts=False)
    press = TypstCompiler(Typefaces(latin, dict.fromkeys(fonts.OFFICE, ("Libertinus Serif",))))
    from tests.documents.sheets import sheet

    with pytest.raises(NoChineseFont):
        press.printed(TEMPLATES / "guide.typ", {"sheet": sheet("办事").plain()})
