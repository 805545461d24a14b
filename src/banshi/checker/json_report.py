"""The report for programs. The shape is declared here, `docs/check.schema.json` is made from it, and it does not change
within one `format`."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from banshi.checker.collect import CheckReport, File, LocatedFinding
from banshi.checker.coverage import label_of
from banshi.checker.cross_file import ReportedHop, ShownCircle
from banshi.checker.subject import Subject
from banshi.rulebook.enums import Severity

FORMAT: Literal["banshi-check/1"] = "banshi-check/1"


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ReportedPlace(Shape):
    """A place in a file. `cell` is C17, or [16].guide.materials[2].basis in JSON records (counted from zero)."""

    file: str
    sheet: str
    cell: str


class RuleShape(Shape):
    """A rule that was broken. Codes beginning with BG- are remarks on reading the table itself."""

    code: str
    sentence: str
    severity: Severity
    basis: list[str] = Field(description="Legal grounds: 《title》(number)article")
    disposition: str = Field(description="What is proposed: 补全, 改正, 取消, 改为部门共享 …")
    since: str = Field(description="Day from which the rule applies, or empty")
    findings: int
    items: int


class RewriteShape(Shape):
    """Set the element at `path` to `value`."""

    path: str
    value: str | int | bool


class FindingShape(Shape):
    at: ReportedPlace
    row: int = Field(description="The sheet's row as people count; of JSON the record's number from one")
    item: str
    organ: str
    item_code: str
    rule: str
    severity: Severity
    path: str = Field(description="The element within the guide: materials.2.basis")
    element: str = Field(description="What people call it")
    quote: str
    message: str
    advice: str
    rewrite: RewriteShape | None


class UnjudgedShape(Shape):
    """An element the sheet has no column for: these rules could not judge it, for so many items."""

    file: str
    sheet: str
    path: str
    element: str
    rules: list[str]
    items: int


class HopShape(Shape):
    """The item demands the proof, which the next hop's item gives out. The last one's, the first."""

    at: ReportedPlace
    item: str
    organ: str
    proof: str


class CircleShape(Shape):
    sentence: str
    doubt: str
    hops: list[HopShape]


class AbolishShape(Shape):
    """A demand to abolish, or replace by commitment or sharing. All of them together open every circle."""

    demand: HopShape
    has_basis: bool


class MeasureShape(Shape):
    name: str
    label: str
    unit: str
    items: int = Field(description="Items that tell it")
    mean: float
    median: float
    most: float
    spread: list[tuple[str, int]]


class ItemShape(Shape):
    at: ReportedPlace
    item: str
    organ: str


class TwiceShape(Shape):
    """Items that are one (`sure`), or may be."""

    sure: bool
    reason: str
    items: list[ItemShape]


class BackShape(Shape):
    """An item that looks like a cancelled power under another name."""

    item: ItemShape
    sure: bool
    reason: str


class UnreadShape(Shape):
    sheet: str
    rows: int


class FileShape(Shape):
    name: str
    format: str
    digest: str
    items: int
    skipped_rows: list[dict[str, str | int]]
    unread_sheets: list[UnreadShape] = Field(description="Sheets in which no table was recognised")
    hidden_sheets: list[str] = Field(description="Hidden sheets, which are not read")
    hidden_columns: list[str] = Field(description="Hidden columns (sheet·header), which are not read as elements")


class RefusedShape(Shape):
    """A file that could not be read, and what to do."""

    file: str
    where: str
    message: str
    remedy: str


class Counts(Shape):
    items: int
    findings: int
    must: int
    should: int
    hint: int
    circles: int
    duplicates: int
    cancelled_powers: int


class ReportShape(Shape):
    """The schema of `banshi check --json`."""

    format: Literal["banshi-check/1"] = FORMAT
    day: str = Field(description="The day laws and limits were judged by")
    counts: Counts
    files: list[FileShape]
    refused: list[RefusedShape]
    passed_over: list[str] = Field(description="Files of the folders that are no tables by their names")
    rules: list[RuleShape]
    findings: list[FindingShape]
    unjudged: list[UnjudgedShape]
    circles: list[CircleShape]
    detours: list[CircleShape] = Field(description="Circles with a way out, told at the end of the sentence")
    abolish: list[AbolishShape]
    abolish_proven: bool = Field(description="No smaller set opens every circle")
    burden: list[MeasureShape]
    duplicates: list[TwiceShape]
    cancelled_powers: list[BackShape]


def schema() -> dict[str, object]:
    made = ReportShape.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "banshi check", **made}


def shape_of(report: CheckReport) -> ReportShape:
    counts, whole = report.counts, report.together
    return ReportShape(
        day=report.day.isoformat(),
        counts=Counts(
            items=len(report.subjects),
            findings=len(report.found),
            **{severity.value: counts[severity] for severity in Severity},
            circles=whole.circles_in_all,
            duplicates=len(whole.twice),
            cancelled_powers=len(whole.back),
        ),
        files=[_file(each) for each in report.files],
        refused=[
            RefusedShape(file=each.field, where=each.where, message=each.message, remedy=each.remedy)
            for each in report.refused
        ],
        passed_over=[str(path) for path in report.passed_over],
        rules=[
            RuleShape(
                code=line.code,
                sentence=line.sentence,
                severity=line.severity,
                basis=list(line.basis),
                disposition=line.disposition,
                since=line.since,
                findings=len(found),
                items=len({id(each.subject) for each in found if each.subject}),
            )
            for line, found in report.by_rule
        ],
        findings=[_finding(each) for each in report.found],
        unjudged=[
            UnjudgedShape(
                file=each.file,
                sheet=each.sheet,
                path=path,
                element=label_of(path),
                rules=sorted(rules),
                items=each.items[path],
            )
            for each in report.unjudged
            for path, rules in each.rules.items()
        ],
        circles=[_circle(each, report.subjects) for each in whole.circles],
        detours=[_circle(each, report.subjects) for each in whole.detours],
        abolish=[
            AbolishShape(demand=_hop(each.hop, report.subjects), has_basis=each.has_basis) for each in whole.abolish
        ],
        abolish_proven=whole.proven,
        burden=[
            MeasureShape(
                name=each.name,
                label=each.label,
                unit=each.unit,
                items=each.known,
                mean=each.mean,
                median=each.median,
                most=each.top,
                spread=list(each.spread),
            )
            for each in whole.burden
        ],
        duplicates=[
            TwiceShape(sure=each.sure, reason=each.reason, items=[_item(report.subjects[n]) for n in each.subjects])
            for each in whole.twice
        ],
        cancelled_powers=[
            BackShape(item=_item(report.subjects[each.subject]), sure=each.sure, reason=each.reason)
            for each in whole.back
        ],
    )


def as_json(report: CheckReport) -> str:
    return shape_of(report).model_dump_json(indent=1)


def _file(file: File) -> FileShape:
    skipped: list[dict[str, str | int]] = [
        {"sheet": sheet, "row": each.row + 1, "reason": each.reason, "text": each.text} for sheet, each in file.skipped
    ]
    book = file.book
    return FileShape(
        name=file.name,
        format=book.format,
        digest=book.digest,
        items=file.items,
        skipped_rows=skipped,
        unread_sheets=[UnreadShape(sheet=name, rows=rows) for name, rows in file.unread],
        hidden_sheets=book.hidden,
        hidden_columns=file.hidden_columns,
    )


def _finding(found: LocatedFinding) -> FindingShape:
    subject, rewrite = found.subject, found.rewrite
    return FindingShape(
        at=ReportedPlace(file=found.file, sheet=found.spot.sheet, cell=found.spot.cell),
        row=found.spot.row + 1,
        item=subject.name if subject else "",
        organ=subject.about.organ if subject else "",
        item_code=subject.about.code if subject else "",
        rule=found.rule.code,
        severity=found.rule.severity,
        path=found.path,
        element=label_of(found.path) if found.path else "",
        quote=found.quote,
        message=found.message,
        advice=found.advice,
        rewrite=RewriteShape(path=rewrite.path, value=rewrite.value) if rewrite else None,
    )


def _item(subject: Subject) -> ItemShape:
    spot = subject.spot("name")
    place = ReportedPlace(file=subject.file, sheet=spot.sheet, cell=spot.cell)
    return ItemShape(at=place, item=subject.name, organ=subject.about.organ)


def _hop(hop: ReportedHop, subjects: list[Subject]) -> HopShape:
    subject = subjects[hop.subject]
    spot = subject.spot(f"materials.{hop.position}.name")
    place = ReportedPlace(file=subject.file, sheet=spot.sheet, cell=spot.cell)
    return HopShape(at=place, item=subject.name, organ=subject.about.organ, proof=hop.proof)


def _circle(circle: ShownCircle, subjects: list[Subject]) -> CircleShape:
    hops = [_hop(hop, subjects) for hop in circle.hops]
    return CircleShape(sentence=circle.sentence, doubt=circle.doubt, hops=hops)
