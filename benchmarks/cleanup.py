"""The rule book over a whole province's catalogue: all rules on every guide, circles, duplicates, unity; three sizes.

The catalogue is generated (`catalogue_at_scale`), with defects at known places, so that what is found can be judged.
Baseline of the same run: a row-by-row pandas script with 15 of the rules, on a share of the same guides.
Rates are by processor time of two cores, because machines are shared; seconds on the clock are printed beside them.
"""

import json
import math
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import Outcome
from benchmarks.machine import machine, told

A_SECOND, MEGABYTES, MANY_SECONDS, ONE_GUIDE_MS = 15_000, 4_096, 300, 150
RECALL, PRECISION = 1.0, 0.98
GROWTH = 1.2
"""Exponent of time over size; n log n between these sizes is 1.08, the rest is noise."""
CORES = 2
COUNTIES = (33, 66, 132)
COUNTIES_QUICK = (1, 2, 3)
PANDAS_ROWS = 3_000


def run(quick: bool) -> Outcome:
    with machine("sqlite") as env:
        *smaller, largest = COUNTIES_QUICK if quick else COUNTIES
        sizes = [told(env, "cleanup", each) for each in smaller] + [told(env, "cleanup", largest, "baseline")]
    for each in sizes:
        print(_line(each), flush=True)
    growth = {name: _growth(sizes, name) for name in ("examining", "many")}
    largest = sizes[-1]
    print(
        f"growth of time: examining n^{growth['examining']:.2f}, circles, duplicates and unity n^{growth['many']:.2f}"
    )
    print(
        f"a guide of 200 filled fields: {largest['one_guide_ms']:.1f} ms · were no text met twice: "
        f"{largest['unmet']:,.0f} guides/s · row-by-row pandas with 15 rules: {CORES * largest['pandas']:,.0f} guides/s"
    )
    return Outcome(_holds(sizes, growth, quick), _figures(largest, growth))


def _holds(sizes: list[dict[str, Any]], growth: dict[str, float], quick: bool) -> bool:
    """Quick sizes are too small to tell a rate (workers only begin to know the texts), also against the baseline, or how
    time grows."""
    right = all(
        part["recall"] >= RECALL and part["precision"] >= PRECISION for each in sizes for part in each["found"].values()
    )
    light = max(each["megabytes"] for each in sizes) <= MEGABYTES and sizes[-1]["one_guide_ms"] <= ONE_GUIDE_MS
    largest = sizes[-1]
    soon = largest["many"] <= MANY_SECONDS
    fast = largest["rate"] >= A_SECOND and largest["rate"] > CORES * largest["pandas"]
    return right and light and soon and (quick or (fast and max(growth.values()) <= GROWTH))


def _growth(sizes: list[dict[str, Any]], name: str) -> float:
    first, last = sizes[0], sizes[-1]
    return math.log(last[name] / first[name]) / math.log(last["items"] / first["items"])


def _line(size: dict[str, Any]) -> str:
    found = " ".join(
        f"{name} {part['recall']:.3f}/{part['precision']:.3f} of {part['planted']:,}"
        for name, part in size["found"].items()
    )
    steps = " ".join(f"{name} {seconds:.1f}" for name, seconds in size["steps"].items())
    return (
        f"{size['items']:,} items, {size['demands']:,} demands (generated in {size['generated']:.0f} s): rules {size['rate']:,.0f} guides/s "
        f"by processor time, {size['clock_rate']:,.0f} by the clock, {size['findings']:,} findings, {size['megabytes']:,.0f} MB at most\n"
        f"  circles, duplicates, unity in {size['many']:.1f} s ({steps}), {size['many_megabytes']:,.0f} MB\n"
        f"  recall/precision of what was planted: {found}"
    )


def _figures(size: dict[str, Any], growth: dict[str, float]) -> str:
    recall = min(part["recall"] for part in size["found"].values())
    precision = min(part["precision"] for part in size["found"].values())
    return (
        f"{size['items']:,} items: {size['rate']:,.0f} guides/s on {CORES} cores ({size['megabytes']:,.0f} MB; pandas row by row "
        f"{CORES * size['pandas']:,.0f}), circles + duplicates + unity {size['many']:.0f} s, recall {recall:.3f}, precision {precision:.3f}, "
        f"growth n^{max(growth.values()):.2f}, one guide {size['one_guide_ms']:.1f} ms"
    )


# One size, in a process of its own


def measured(counties: int, *, baseline: bool) -> dict[str, Any]:
    from benchmarks.catalogue_at_scale import Catalogue, Parts

    with tempfile.TemporaryDirectory(prefix="banshi-bench-") as folder:
        guides = Path(folder) / "guides.parquet"
        began = time.perf_counter()
        catalogue = Catalogue(Parts(), counties)
        catalogue.write_guides(guides)
        generated = time.perf_counter() - began
        figures = {"items": catalogue.size, "generated": generated, "found": {}, "steps": {}}
        _examined(catalogue, guides, Path(folder) / "findings", figures)
        if baseline:
            figures |= {"pandas": _pandas_rate(guides), "unmet": _unmet_rate(guides), "one_guide_ms": _one_guide_ms()}
    _many_items(catalogue, figures)
    return figures


def _examined(catalogue: Any, guides: Path, target: Path, figures: dict[str, Any]) -> None:
    from banshi.rulebook.scale.parallel import examine_files, peak_megabytes
    from benchmarks.catalogue_at_scale import DAY

    began = time.perf_counter()
    tally = examine_files(guides, target, day=DAY, workers=CORES)
    clock = time.perf_counter() - began
    figures |= {
        "rate": CORES * tally.guides / tally.seconds,
        "clock_rate": tally.guides / clock,
        "examining": tally.seconds,
        "findings": sum(tally.findings.values()),
        "megabytes": peak_megabytes() + CORES * tally.megabytes,
    }
    figures["found"]["defects"] = _judged(set(catalogue.planted.flaws), _planted_found(target))


def _planted_found(findings: Path) -> set[tuple[int, str]]:
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    from benchmarks.catalogue_at_scale import PLANTED_RULES

    table = pq.read_table(findings, columns=["item_id", "rule"], filters=pc.field("rule").isin(PLANTED_RULES))
    return set(zip(table["item_id"].to_pylist(), table["rule"].to_pylist(), strict=True))


def _judged(planted: set[Any], found: set[Any]) -> dict[str, Any]:
    right = len(planted & found)
    return {"planted": len(planted), "recall": right / len(planted), "precision": right / max(1, len(found))}


def _many_items(catalogue: Any, figures: dict[str, Any]) -> None:
    from banshi.analysis.duplicates.pairs import Likeness, duplicates
    from banshi.analysis.duplicates.unity import Places
    from banshi.analysis.proofs.cycles import circles, knots, smallest_cut
    from banshi.analysis.proofs.graph import build_graph
    from banshi.rulebook.proof_names import shipped_dictionary
    from banshi.rulebook.scale.parallel import peak_megabytes

    tables, planted, steps, found = catalogue.tables, catalogue.planted, figures["steps"], figures["found"]
    figures["demands"] = tables.demands.num_rows
    with _timed(steps, "graph"):
        graph = build_graph(tables, shipped_dictionary())
    with _timed(steps, "circles"):
        tangled = knots(graph)
        shown = {frozenset(hop.item for hop in each.hops) for each in circles(graph, tangled)}
    with _timed(steps, "cut"):
        cut = smallest_cut(graph, tangled)
    with _timed(steps, "duplicates"):
        pairs = [(each.verdict.likeness, each.rows) for each in duplicates(tables.items)]
    with _timed(steps, "unity"):
        united = {each.names[0][0] for each in Places(tables.items).united()}
    found["circles"] = _judged(planted.circles, shown)
    found["cut"] = {
        "planted": planted.cut,
        "recall": 1.0,
        "precision": planted.cut / len(cut.demands) if cut.proven else 0.0,
    }
    found["same"] = _judged(planted.same, {rows for likeness, rows in pairs if likeness is Likeness.SAME})
    found["near"] = _judged(planted.near, {rows for likeness, rows in pairs if likeness is Likeness.NEAR})
    found["unity"] = _judged(planted.unity, united)
    figures["many"], figures["many_megabytes"] = sum(steps.values()), peak_megabytes()


@contextmanager
def _timed(steps: dict[str, float], name: str) -> Iterator[None]:
    began = time.process_time()
    yield
    steps[name] = time.process_time() - began


def _unmet_rate(guides: Path) -> float:
    """Guides a second on two cores if no text were ever met twice: nothing is remembered."""
    from banshi.rulebook import batch_engine
    from banshi.rulebook.rule import RuleContext
    from banshi.rulebook.scale.examiner import Examiner
    from banshi.rulebook.scale.files import chunks, rows
    from banshi.rulebook.word_lists import shipped_words
    from benchmarks.catalogue_at_scale import DAY

    some = list(rows(next(chunks(guides))))[:PANDAS_ROWS]
    remembered, batch_engine.ROOM = batch_engine.ROOM, 0
    try:
        examiner = Examiner(RuleContext(shipped_words(), DAY))
        began = time.process_time()
        examiner.findings(some)
        return CORES * len(some) / (time.process_time() - began)
    finally:
        batch_engine.ROOM = remembered


def _one_guide_ms() -> float:
    """The check behind the editor, on a guide of 200 filled fields; the middle of 21 tries."""
    from banshi.catalog.guide.document import Guide
    from banshi.rulebook.engine import examine, plain_rulebook
    from benchmarks.catalogue_at_scale import DAY, clean_guides

    longest = max(clean_guides(), key=lambda each: len(json.dumps(each)))
    filled = {**longest, "materials": (longest["materials"] * 15)[:15], "steps": (longest["steps"] * 6)[:6]}
    guide, rules = Guide.model_validate(filled), plain_rulebook(DAY)
    assert _leaves(filled) >= 200
    return sorted(_milliseconds(lambda: examine(guide, rules)) for _ in range(21))[10]


def _leaves(value: Any) -> int:
    if isinstance(value, dict | list):
        return sum(_leaves(each) for each in (value.values() if isinstance(value, dict) else value))
    return 1


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


# The baseline


def _pandas_rate(guides: Path) -> float:
    """Guides a second on one core; it must find what the rule book finds, or it would be no baseline."""
    import pandas as pd  # type: ignore[import-untyped]
    import pyarrow.parquet as pq

    frame = next(pq.ParquetFile(guides).iter_batches(PANDAS_ROWS, columns=["item_id", "guide"])).to_pandas()
    began = time.process_time()
    frame = pd.concat([frame["item_id"], pd.json_normalize(frame["guide"].map(json.loads).tolist())], axis=1)
    found = {(row["item_id"], code) for _, row in frame.iterrows() for code in _flaws_of(row)}
    took = time.process_time() - began
    book = _book_found(guides, {code for _, code in found})
    assert found == book, f"the pandas script and the rule book disagree: {sorted(found ^ book, key=str)[:5]}"
    return len(frame) / took


def _flaws_of(row: Any) -> Iterator[str]:
    """Fifteen of the rules as a clerk's script writes them."""
    vague = ("法律、法规规定的其他材料", "法律法规规定的其他材料", "其他材料", "相关证明材料")
    materials, bases, conditions = _rows(row, "materials"), _rows(row, "bases"), _rows(row, "conditions")
    fees, charged, visits = _rows(row, "fees"), row.get("charged"), row.get("visits")
    by_law = 2 if "仲裁" in row["name"] or "离婚登记" in row["name"] else 1
    found = {
        "WZ02": not _rows(row, "audience"),
        "WZ07": charged is not True and charged is not False,
        "YJ01": not bases,
        "YJ07": any(each["title"] in ("上级文件精神", "有关规定") for each in bases),
        "TJ02": any("法律、法规规定的其他条件" in each["text"] for each in conditions),
        "CL03": any(word in each["name"] for each in materials for word in vague),
        "CL10": any((each.get("copies") or 0) > _most(each["name"]) for each in materials),
        "CL11": any(each.get("copy_kind") == "both" for each in materials),
        "SF01": charged is True and not fees,
        "SF02": any(each["name"] and not each.get("basis") for each in fees),
        "SF04": charged is False and bool(fees),
        "DC01": visits == visits and bool(visits) and not _said(row, "visit_reason"),
        "DC03": visits == visits and (visits or 0) > by_law,
        "DC04": row.get("online_depth") == "4" and visits == visits and bool(visits),
        "LX01": _said(row, "consult.phone") != "" and row["consult.phone"] == row["complaint.phone"],
    }
    return (code for code, flawed in found.items() if flawed)


def _most(name: str) -> int:
    """Copies the rule leaves alone: of photos, of agreements, of anything else."""
    photo = any(word in name for word in ("照片", "彩照", "合影", "相片"))
    return 4 if photo else 3 if any(word in name for word in ("协议", "合同", "契约")) else 2


def _rows(row: Any, name: str) -> list[Any]:
    value = row.get(name)
    return value if isinstance(value, list) else []


def _said(row: Any, name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""


def _book_found(guides: Path, codes: set[str]) -> set[tuple[int, str]]:
    from banshi.rulebook.batch_engine import QuickBook, read_quick
    from banshi.rulebook.engine import plain_rulebook
    from banshi.rulebook.scale.files import chunks, rows
    from benchmarks.catalogue_at_scale import DAY

    book = QuickBook([rule for rule in plain_rulebook(DAY) if rule.code in codes])
    some = list(rows(next(chunks(guides))))[:PANDAS_ROWS]
    return {
        (item, each.rule.code) for item, content, about in some for each in book.examine(read_quick(content), about)
    }


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.bare_settings")
    django.setup()
    print(json.dumps(measured(int(sys.argv[1]), baseline="baseline" in sys.argv)))
