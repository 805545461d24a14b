"""Fonts of papers.

First the office's own (`settings.FONT_FOLDER`: 方正小标宋, 仿宋_GB2312 …), then the ones that come with banshi (`typefaces/`,
copied there by the build from npm; Noto Sans SC and Noto Serif SC, SIL OFL 1.1), then, only when those are absent, the
machine's (fonts-noto-cjk). Without any Chinese font there is an error, never a paper full of boxes.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from django.conf import settings

from banshi.core.errors import BanshiError

if TYPE_CHECKING:
    from typst import Fonts

Role = Literal["title", "heading", "body", "plain"]
SHIPPED = Path(__file__).resolve().parent / "typefaces"
SUFFIXES = {".ttf", ".otf", ".ttc", ".otc"}

SONG = ("Noto Serif SC", "Noto Serif CJK SC", "Source Han Serif SC", "SimSun")
HEI = ("Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "SimHei")
# Names under which the fonts of GB/T 9704-2012 are sold, by what they are for. "plain" is for reading on any paper.
OFFICE: dict[Role, tuple[str, ...]] = {
    "title": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋简体", "方正小标宋_GBK"),
    "heading": ("SimHei", "FZHei-B01S", "FZHei-B01", "黑体"),
    "body": ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "FZFangSong-Z02S", "FZFangSong-Z02", "仿宋"),
    "plain": (),
}
AFTER: dict[Role, tuple[str, ...]] = {
    "title": SONG + HEI,
    "heading": HEI + SONG,
    "body": SONG + HEI,
    "plain": HEI + SONG,
}


class NoChineseFont(BanshiError):
    """No font with Chinese glyphs can be found, so no paper can be made."""

    status = 500

    def __init__(self) -> None:
        super().__init__(
            "没有找到中文字体，不能生成文书",
            where="字体",
            remedy="请安装 fonts-noto-cjk，或用 BANSHI_FONTS 指定放有中文字体的文件夹",
        )


@dataclass(frozen=True, slots=True)
class Typefaces:
    """Font folders for the compiler, and for each role the families to try in turn."""

    fonts: "Fonts"
    stacks: dict[Role, tuple[str, ...]]


def typefaces(*, office: Path | None = None, shipped: Path = SHIPPED, system: bool = True) -> Typefaces:
    """Return the fonts at hand.

    The machine's are looked through only when none came with banshi, since that takes seconds.
    """
    own = _folder(office)
    with_system = system and not _folder(shipped)
    from typst import Fonts

    fonts = Fonts(include_system_fonts=with_system, font_paths=[*own, *_folder(shipped)])
    here = set(fonts.families())
    if not own:
        theirs = []
    else:
        from typst import Fonts

        theirs = Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(own)).families()
    stacks = {role: _stack(role, here, theirs) for role in OFFICE}
    if not all(stacks.values()):
        raise NoChineseFont
    return Typefaces(fonts, stacks)


def configured() -> Typefaces:
    return typefaces(office=Path(settings.FONT_FOLDER) if settings.FONT_FOLDER else None)


def _folder(folder: Path | None) -> list[Path]:
    """Return the folder, if it holds any font."""
    if folder is None or not folder.is_dir():
        return []
    return [folder] if any(file.suffix.lower() in SUFFIXES for file in folder.rglob("*")) else []


def _stack(role: Role, here: set[str], theirs: list[str]) -> tuple[str, ...]:
    """Return the office's font for this role."""
    # Its fonts of no known role. What else is there.
    known = {name for names in OFFICE.values() for name in names}
    wanted = [*OFFICE[role], *(name for name in theirs if name not in known), *AFTER[role]]
    return tuple(dict.fromkeys(name for name in wanted if name in here))
