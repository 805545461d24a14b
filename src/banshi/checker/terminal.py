"""The report as it is read on a terminal: the heaviest first, each with an example. Then what comes next."""

from collections import Counter
from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from banshi.analysis.duplicates.pairs import ORDER
from banshi.checker.collect import CheckReport
from banshi.checker.subject import Subject
from banshi.rulebook.enums import Severity
from banshi.spreadsheets.table_detection import FADED, HIDDEN

COLOURS = {Severity.MUST: "red", Severity.SHOULD: "yellow", Severity.HINT: "cyan"}
PASSED_OVER_SHOWN = 8
RULES_SHOWN, CIRCLES_SHOWN, DETOURS_SHOWN, ABOLISH_SHOWN, SAME_SHOWN = 16, 5, 3, 8, 5


def show(report: CheckReport, screen: Console, *, hint: str) -> None:
    for part in _parts(report, hint):
        screen.print(part, highlight=False, soft_wrap=isinstance(part, str))


def _parts(report: CheckReport, hint: str) -> Iterator[RenderableType]:
    if report.files:
        organs = {subject.about.organ for subject in report.subjects} - {""}
        sheets = f"，{len(organs):,} 个单位" if organs else ""
        skipped = sum(len(file.skipped) for file in report.files)
        left = f"；另有 {skipped:,} 行是标题、合计等，不是事项" if skipped else ""
        yield f"[bold]{len(report.files):,} 个文件，{len(report.subjects):,} 个事项{sheets}[/bold]{left}"
        counts = report.counts
        if not report.found:
            severities = "[green]✓ 没有发现问题。[/green]"
        else:
            severities = "　".join(
                f"[{COLOURS[each]}]{each.label} {counts[each]:,} 处[/{COLOURS[each]}]" for each in Severity
            )
        yield severities
    if report.found:
        yield _rules(report)
    yield from _circles(report)
    yield from _same_items(report)
    told = [
        f"{each.label} {each.mean:g}{each.unit}（最多 {each.top:g}，{each.known:,} 项写了）"
        for each in report.together.burden
    ]
    if told:
        yield "\n[bold]群众负担[/bold] 平均每项：" + "；".join(told) + "。"
    for each in report.unjudged:
        where = f"{each.file}“{each.sheet}”" if each.sheet != each.file else each.file
        words = "有的事项没有这些内容" if each.partly else "没有这些栏"
        yield f"\n[bold]没能判断[/bold] {escape(where)} {words}：{escape('、'.join(each.labels))}。"
    yield from _not_looked_at(report)
    for problem in report.refused:
        yield f"[red]✗ 读不出[/red] {escape(problem.field)}：{escape(problem.message)}。{escape(problem.remedy)}"
    if hint:
        yield f"\n{hint}"


def _not_looked_at(report: CheckReport) -> Iterator[str]:
    """Name what stands in the files and was not examined."""
    for file in report.files:
        hidden, faded = (sum(each.reason == why for _, each in file.skipped) for why in (HIDDEN, FADED))
        told = [f"工作表“{name}”（{rows:,} 行，认不出是什么表）" for name, rows in file.unread if name]
        told += [f"隐藏的工作表“{name}”" for name in file.book.hidden]
        told += [f"{hidden:,} 行隐藏或被筛选掉的（要检查请加 --hidden-rows）"] if hidden else []
        told += [f"{faded:,} 行整行划掉或字与底色同色的（要检查也加 --hidden-rows）"] if faded else []
        told += [f"隐藏的列“{name}”" for name in file.hidden_columns]
        if told:
            yield f"\n[bold]没有检查[/bold] {escape(file.name)} 里的：{escape('、'.join(told))}。"
    if over := report.passed_over:
        names = "、".join(path.name for path in over[:PASSED_OVER_SHOWN]) + (
            " 等" if len(over) > PASSED_OVER_SHOWN else ""
        )
        yield f"\n[bold]没有检查[/bold] 文件夹里不是表格的 {len(over):,} 个文件：{escape(names)}。"


def _rules(report: CheckReport) -> Group:
    table = Table(box=None, pad_edge=False, show_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for title, more in (
        ("程度", {}),
        ("规则", {}),
        ("处数", {"justify": "right"}),
        ("问题与例子", {"overflow": "fold"}),
    ):
        table.add_column(title, **more)  # type: ignore[arg-type]
    shown = report.by_rule[:RULES_SHOWN]
    for line, found in shown:
        example = found[0]
        item = f"“{example.subject.name[:24]}”" if example.subject else ""
        table.add_row(
            Text(str(line.severity.label), COLOURS[line.severity]),
            Text(line.code if not line.code.startswith("BG-") else "表格", no_wrap=True),
            Text(f"{len(found):,}"),
            Text(line.sentence + "\n").append(f"例：{example.spot.cell}{item}，{example.message[:90]}", "dim"),
        )
    rest = len(report.by_rule) - len(shown)
    return Group(table, Text(f"…还有 {rest} 条规则，用 --html 或 --json 看全部。", "dim") if rest > 0 else Text(""))


def _circles(report: CheckReport) -> Iterator[str]:
    whole = report.together
    if whole.detours:
        yield f"\n[bold]有出路的绕路 {whole.detours_in_all:,} 处[/bold]"
    for circle in whole.detours[:DETOURS_SHOWN]:
        yield f"  ⟳ {escape(circle.sentence)}" + (f"（{escape(circle.doubt)}）" if circle.doubt else "")
    if not whole.circles:
        return
    yield f"\n[bold red]循环证明 {whole.circles_in_all:,} 处[/bold red]"
    for circle in whole.circles[:CIRCLES_SHOWN]:
        yield f"  ⟳ {escape(circle.sentence)}" + (f"（{escape(circle.doubt)}）" if circle.doubt else "")
    if whole.circles_in_all > CIRCLES_SHOWN:
        yield f"  …还有 {whole.circles_in_all - CIRCLES_SHOWN:,} 处"
    proven = "（再少就打不开）" if whole.proven else ""
    yield f"  取消下面 {len(whole.abolish):,} 件，或者改为承诺、共享，就全部打开{proven}："
    for each in whole.abolish[:ABOLISH_SHOWN]:
        subject = report.subjects[each.hop.subject]
        yield f"  · {escape(subject.about.organ)}“{escape(subject.name)}”要的“{escape(each.hop.proof)}”"
    if len(whole.abolish) > ABOLISH_SHOWN:
        yield f"  · …还有 {len(whole.abolish) - ABOLISH_SHOWN:,} 件"


def _same_items(report: CheckReport) -> Iterator[str]:
    """Yield the same item twice, and cancelled powers under another name: the first few of each."""
    whole, subjects = report.together, report.subjects
    if whole.twice:
        counts = Counter(each.likeness for each in whole.twice)
        yield "\n[bold]重复[/bold] " + "，".join(
            f"{each.label} {counts[each]:,} 组" for each in sorted(counts, key=ORDER.index)
        )
    for each in whole.twice[:SAME_SHOWN]:
        told = "、".join(f"“{subjects[n].name}”{_place(subjects[n])}" for n in each.subjects[:4])
        yield f"  · {escape(told)}：{escape(each.reason)}"
    if whole.back:
        yield f"\n[bold]像是已取消的权力[/bold] {len(whole.back):,} 项"
    for back in whole.back[:SAME_SHOWN]:
        yield f"  · “{escape(subjects[back.subject].name)}”{escape(_place(subjects[back.subject]))}：{escape(back.reason)}"


def _place(subject: Subject) -> str:
    organ = f"{subject.about.organ}，" if subject.about.organ else ""
    return f"（{organ}{subject.spot('name').cell}）"
