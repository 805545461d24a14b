"""`./run bench NAME [--quick]`: one benchmark; the last line says whether it holds."""

import importlib
import sys
from pathlib import Path

NAMES = sorted(
    path.stem.rstrip("_")
    for path in Path(__file__).parent.glob("*.py")
    if (path.stem[0] != "_" and "def run(" in path.read_text())
)


def main() -> int:
    names = [each for each in sys.argv[1:] if not each.startswith("--")]
    if len(names) != 1 or names[0] not in NAMES:
        print(f"usage: ./run bench {{{','.join(NAMES)}}} [--quick]")
        return 2
    module = names[0] + ("_" if names[0] == "import" else "")
    outcome = importlib.import_module(f"benchmarks.{module}").run(quick="--quick" in sys.argv)
    print(f"{names[0]} {'holds' if outcome.holds else 'falls short'} {outcome.figures}", flush=True)
    return 0 if outcome.holds else 1


if __name__ == "__main__":
    sys.exit(main())
