"""The report as one page that needs nothing else: charts, filters, pictures of circles, fit for paper.

It is a file of its own, opened from a disk: its styles and script stand in it, and it may load nothing from anywhere.
"""

import json
from collections import Counter, defaultdict
from pathlib import Path

from django.template import Context, Engine

from banshi.checker.collect import CheckReport, LocatedFinding, rewrite_words
from banshi.checker.coverage import label_of
from banshi.checker.cross_file import Measure
from banshi.checker.subject import Subject
from banshi.core.clock import chinese_date
from banshi.rulebook.enums import Severity

PAGE = Path(__file__).parent / "page"
LISTED_AT_MOST = 60_000
"""So many findings a page can hold and still be quick; the heaviest stand first."""
RULES_DRAWN, ORGANS_DRAWN, SAME_SHOWN = 20, 15, 200
SIGNS = {Severity.MUST: "■", Severity.SHOULD: "▲", Severity.HINT: "●"}


def page(report: CheckReport) -> str:
    engine = Engine(dirs=[str(PAGE)], autoescape=True)
    counts, whole = report.counts, report.together
    shown = report.by_rule[:RULES_DRAWN]
    most = max((len(found) for _, found in shown), default=1)
    rule_bars = [
        {
            "line": line,
            "severity": line.severity.value,
            "label": str(line.severity.label),
            "sign": SIGNS[line.severity],
            "count": f"{len(found):,}",
            "width": f"{max(0.6, 100 * len(found) / (most or 1)):.1f}%",
        }
        for line, found in shown
    ]
    rules = [line for line, _ in report.by_rule]
    subjects: dict[int, int] = {}
    listed = report.found[:LISTED_AT_MOST]
    for each in listed:
        if each.subject:
            subjects.setdefault(id(each.subject), len(subjects))
    known = {id(each.subject): each.subject for each in listed if each.subject}
    number = {line.code: place for place, line in enumerate(rules)}
    data = {
        "rules": [
            [line.code, line.severity.value, line.sentence, list(line.basis), line.disposition] for line in rules
        ],
        "items": [[known[key].name, known[key].about.organ, known[key].about.code] for key in subjects],
        "files": [file.name for file in report.files],
        "found": [_found_row(each, number[each.rule.code], subjects) for each in listed],
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for sign, code in (
        ("<", "\\u003c"),
        (">", "\\u003e"),
        ("&", "\\u0026"),
        ("\u2028", "\\u2028"),
        ("\u2029", "\\u2029"),
    ):
        text = text.replace(sign, code)
    context = {
        "css": (PAGE / "report.css").read_text(encoding="utf-8"),
        "js": (PAGE / "report.js").read_text(encoding="utf-8"),
        "data": text.encode("utf-8", "replace").decode("utf-8"),
        "day": chinese_date(report.day),
        "files": report.files,
        "file_names": "、".join(file.name for file in report.files[:4]) + (" 等" if len(report.files) > 4 else ""),
        "refused": report.refused,
        "items": f"{len(report.subjects):,}",
        "organs": f"{len({each.about.organ for each in report.subjects} - {''}):,}",
        "severities": [(each.value, SIGNS[each], str(each.label), f"{counts[each]:,}") for each in Severity],
        "found": len(report.found),
        "left_out": max(0, len(report.found) - LISTED_AT_MOST),
        "listed": f"{LISTED_AT_MOST:,}",
        "rules": rule_bars,
        "rules_left": max(0, len(report.by_rule) - RULES_DRAWN),
        "by_organ": _organ_bars(report),
        "circles": whole.circles,
        "circles_in_all": whole.circles_in_all,
        "detours": whole.detours,
        "detours_in_all": whole.detours_in_all,
        "abolish": [(report.subjects[each.hop.subject], each.hop.proof, each.has_basis) for each in whole.abolish],
        "proven": whole.proven,
        "same": [(each, [report.subjects[n] for n in each.subjects[:8]]) for each in whole.twice[:SAME_SHOWN]],
        "twice": f"{len(whole.twice):,}",
        "back": [(each, report.subjects[each.subject]) for each in whole.back[:SAME_SHOWN]],
        "burden": [_histogram(each, report.subjects) for each in whole.burden],
        "unjudged": [
            (
                each.file,
                each.sheet,
                [
                    (label_of(path), "、".join(sorted(codes)), f"{each.items[path]:,}")
                    for path, codes in each.rules.items()
                ],
            )
            for each in report.unjudged
        ],
        "skipped": [
            (file.name, sheet, row.row + 1, row.reason, row.text)
            for file in report.files
            for sheet, row in file.skipped[:50]
        ],
    }
    return engine.get_template("report.html").render(Context(context))


# Charts


def _organ_bars(report: CheckReport) -> list[dict[str, object]]:
    counts: dict[str, Counter[Severity]] = defaultdict(Counter)
    items = Counter(subject.about.organ for subject in report.subjects)
    for each in report.found:
        if each.subject and each.subject.about.organ:
            counts[each.subject.about.organ][each.rule.severity] += 1
    heaviest = sorted(counts, key=lambda organ: (-counts[organ][Severity.MUST], -counts[organ].total()))[:ORGANS_DRAWN]
    most = max((counts[organ].total() for organ in heaviest), default=1)
    return [_organ_bar(organ, counts[organ], items[organ], most) for organ in heaviest]


def _organ_bar(organ: str, counts: Counter[Severity], items: int, most: int) -> dict[str, object]:
    parts, left = [], 0.0
    for severity in Severity:
        width = 100 * counts[severity] / most
        parts.append((severity.value, f"{left:.1f}%", f"{width:.1f}%"))
        left += width
    words = "，".join(f"{severity.label} {counts[severity]:,}" for severity in Severity if counts[severity])
    return {"organ": organ, "parts": parts, "words": words, "items": f"{items:,}"}


HIGH, WIDE = 96, 300


def _histogram(measure: Measure, subjects: list[Subject]) -> dict[str, object]:
    most = max((count for _, count in measure.spread), default=1) or 1
    step = WIDE / len(measure.spread)
    return {
        "measure": measure,
        "known": f"{measure.known:,}",
        "mean": f"{measure.mean:g}",
        "top": f"{measure.top:g}",
        "columns": [
            {
                "x": f"{place * step + 2:.1f}",
                "middle": f"{place * step + step / 2:.1f}",
                "width": f"{step - 4:.1f}",
                "y": f"{HIGH - HIGH * count / most + 16:.1f}",
                "height": f"{HIGH * count / most:.1f}",
                "above": f"{HIGH - HIGH * count / most + 12:.1f}",
                "count": count or "",
                "label": label,
            }
            for place, (label, count) in enumerate(measure.spread)
        ],
        "most": [(subjects[number], f"{value:g}") for number, value in measure.most[:3] if value > measure.mean],
    }


# What the filters work on


def _found_row(found: LocatedFinding, rule: int, subjects: dict[int, int]) -> list[object]:
    subject = subjects[id(found.subject)] if found.subject else -1
    element = label_of(found.path) if found.path else ""
    proposal = rewrite_words(found.rewrite) or found.advice
    return [rule, subject, found.file, found.spot.sheet, found.spot.cell, element, found.quote, found.message, proposal]
