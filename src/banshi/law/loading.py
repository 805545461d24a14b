"""Load the register of laws: titles, dates and numbers of articles, and the texts that an office is free to keep."""

import csv
import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction

from banshi.access import Permission, authorize
from banshi.core.errors import BadInput, Problem
from banshi.core.text_decoding import decode_text
from banshi.law.actions import UNDATED, LawRow, law_named, load_laws, record_change
from banshi.law.models import Article, Law, LawChange, LawVersion
from banshi.law.numerals import numeral, written
from banshi.law.places import cited_spans
from banshi.law.register import LawFacts, LawRegister, Version, name_key
from banshi.ledger import Actor, record

REGISTER = "国家法律法规数据库登记项"
RANKS = {
    "宪法": Law.Rank.LAW,
    "法律": Law.Rank.LAW,
    "法律解释": Law.Rank.LAW,
    "行政法规": Law.Rank.REGULATION,
    "监察法规": Law.Rank.REGULATION,
    "地方性法规": Law.Rank.LOCAL_REGULATION,
    "地方法规": Law.Rank.LOCAL_REGULATION,
    "自治条例和单行条例": Law.Rank.LOCAL_REGULATION,
    "经济特区法规": Law.Rank.LOCAL_REGULATION,
    "部门规章": Law.Rank.RULE,
    "规章": Law.Rank.RULE,
    "地方政府规章": Law.Rank.RULE,
    "规范性文件": Law.Rank.DOCUMENT,
    "司法解释": Law.Rank.OTHER,
}
ENDED = {"已废止", "失效", "已失效", "废止"}
KEYS = {
    "title": ("title", "标题", "名称", "法律名称", "法规名称"),
    "kind": ("kind", "flxz", "type", "法律性质", "法律效力位阶", "效力位阶", "类别", "category"),
    "doc_no": ("doc_no", "文号", "document_number"),
    "issuer": ("issuer", "zdjg", "office", "制定机关", "发布机关", "authority"),
    "promulgated": ("promulgated", "gbrq", "publish", "公布日期", "发布日期", "publish_date", "published"),
    "in_force_from": ("in_force_from", "sxrq", "effective", "施行日期", "生效日期", "effective_date", "expiry"),
    "state": ("state", "sxx", "status", "时效性", "效力", "效力状态"),
    "articles": ("articles", "条数"),
    "last_article": ("last_article", "最后一条", "末条"),
    "flk_id": ("flk_id", "bbbs", "id", "编号"),
}
"""Names under which the official database's exports and their mirrors keep each fact."""
QUOTING = re.compile(r"(?:的决定|的解释|修正案(?:[（(].{0,8}[)）])?)$")
"""Papers that quote articles of other laws, whose own last article a count of lines does not tell."""
ARTICLE_LINE = re.compile(
    r"^[#*\s\u3000]*(第[零〇一二三四五六七八九十百千两0-9\uff10-\uff19]{1,9}条(?:之[一二三四五六七八九十0-9]{1,3})?)[*\s\u3000]*(.*)$"
)
HEADING_LINE = re.compile(
    r"^(?:#+\s|[#*\s\u3000]*第[零〇一二三四五六七八九十百千0-9]{1,5}(?:编|分编|章|节)(?:\s|\u3000|$))"
)
FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)\r?\n---[ \t]*\r?\n", re.DOTALL)


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One text of one law. `texts`: its articles in order, (第几条, words), where the file holds them.

    `articles` is the number of the last: 之一 makes more articles than that, a lost line fewer.
    """

    title: str
    kind: str = ""
    doc_no: str = ""
    issuer: str = ""
    promulgated: date | None = None
    in_force_from: date | None = None
    state: str = ""
    articles: int = 0
    flk_id: str = ""
    texts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Loaded:
    """Counts of what one load added."""

    laws: int = 0
    versions: int = 0
    articles: int = 0


@transaction.atomic
def load_register(rows: Iterable[RegisterRow], *, source: str = REGISTER, by: Actor, at: datetime) -> Loaded:
    """Add laws, versions and article texts not there yet.

    Nothing known is overwritten. All rows or none.
    """
    authorize(by, Permission.LAW_EDIT, at=at)
    texts: dict[str, list[RegisterRow]] = defaultdict(list)
    for row in rows:
        texts[name_key(row.title)].append(row)
    laws: dict[str, Law] = {}
    for law in Law.objects.order_by("-id"):
        laws[name_key(law.title)] = law
    new = {key: _law(some, source) for key, some in texts.items() if key not in laws}
    Law.objects.bulk_create(new.values(), 500)
    laws |= new
    wanted = [laws[key].pk for key in texts]
    known = {(v.law_id, v.promulgated, v.in_force_from): v for v in LawVersion.objects.filter(law__in=wanted)}
    fresh: dict[tuple[int, date | None, date | None], LawVersion] = {}
    for key, row in ((key, row) for key, some in texts.items() for row in some):
        place = (laws[key].pk, row.promulgated, row.in_force_from)
        version = known.get(place) or fresh.get(place)
        if version is None:
            version = fresh[place] = LawVersion(
                law=laws[key], promulgated=row.promulgated, in_force_from=row.in_force_from, source=source
            )
        version.article_count = row.articles or version.article_count
        version.register_id = version.register_id or row.flk_id
    LawVersion.objects.bulk_create(fresh.values(), 500)
    LawVersion.objects.bulk_update(known.values(), ["article_count", "register_id"], 500)
    known |= fresh
    articles = [
        Article(version=known[laws[key].pk, row.promulgated, row.in_force_from], number=number, text=words)
        for key, some in texts.items()
        for row in some
        for number, words in row.texts
    ]
    before = Article.objects.count()
    Article.objects.bulk_create(articles, 500, ignore_conflicts=True)
    loaded = Loaded(len(new), len(fresh), Article.objects.count() - before)
    if any((loaded.laws, loaded.versions, loaded.articles)):
        first = next(iter(laws[key] for key in texts))
        facts = {"laws": loaded.laws, "versions": loaded.versions, "articles": loaded.articles, "source": source}
        record("law.load_register", first, by=by, at=at, facts=facts)
    return loaded


@transaction.atomic
def load_shipped_laws(*, by: Actor, at: datetime) -> None:
    """Load data/laws: the national register, what it does not hold, and the changes since it was taken."""
    folder = Path(settings.DATA) / "laws"
    load_register(read_register(folder / "register.csv"), by=by, at=at)
    load_laws([LawRow(**row) for row in _rows_of(folder / "laws.csv")], by=by, at=at)
    for row in _rows_of(folder / "changes.csv"):
        record_change(
            law_named(row["title"], row["doc_no"]),
            kind=row["kind"],
            day=date.fromisoformat(row["day"]),
            successor=law_named(row["successor"], row["successor_no"]) if row["successor"] else None,
            note=row["note"],
            by=by,
            at=at,
        )


@cache
def shipped_register() -> LawRegister:
    """Read data/laws without a database, for tables examined outside the platform."""
    folder = Path(settings.DATA) / "laws"
    texts: dict[str, list[RegisterRow]] = defaultdict(list)
    for row in read_register(folder / "register.csv"):
        texts[name_key(row.title)].append(row)
    facts: dict[tuple[str, str], LawFacts] = {}
    for some in texts.values():
        law = _law(some, REGISTER)
        ordered = sorted(some, key=lambda row: row.in_force_from or row.promulgated or date.min)
        facts[law.title, law.doc_no] = LawFacts(
            title=law.title,
            doc_no=law.doc_no,
            since=law.in_force_from,
            ended=law.ended,
            versions=tuple(Version(row.in_force_from, row.articles, row.promulgated) for row in ordered),
            rank=law.rank,
        )
    for each in _rows_of(folder / "laws.csv"):
        facts.setdefault(
            (each["title"], each["doc_no"]),
            LawFacts(
                title=each["title"],
                doc_no=each["doc_no"],
                since=_read_day(each["in_force_from"]),
                until=None if each["in_force_until"] == UNDATED else _read_day(each["in_force_until"]),
                ended=each["in_force_until"] == UNDATED,
                replaced_by=each["replaced_by"],
                replaced_by_no=each["replaced_by_no"],
                rank=each["rank"],
            ),
        )
    for each in _rows_of(folder / "changes.csv"):
        known, day = facts[each["title"], each["doc_no"]], date.fromisoformat(each["day"])
        if each["kind"] == LawChange.ChangeKind.AMENDED:
            change: dict[str, Any] = {"versions": (*known.versions, Version(day))}
        else:
            change = {"replaced_by": each["successor"], "replaced_by_no": each["successor_no"]}
            if each["kind"] in LawChange.ENDING:
                change["until"] = day - timedelta(days=1)
        facts[known.title, known.doc_no] = replace(known, **change)
    return LawRegister(tuple(facts.values()))


def _rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _law(texts: list[RegisterRow], source: str) -> Law:
    """Describe the law by its newest text."""
    ordered = sorted(texts, key=lambda row: row.in_force_from or row.promulgated or date.min)
    newest = ordered[-1]
    dates = [row.in_force_from for row in ordered if row.in_force_from]
    return Law(
        title=newest.title,
        doc_no=next((row.doc_no for row in reversed(ordered) if row.doc_no), ""),
        rank=RANKS.get(newest.kind, Law.Rank.OTHER),
        issuer=newest.issuer[:120],
        in_force_from=min(dates) if len(dates) == len(ordered) else None,
        ended=newest.state in ENDED,
        source=source,
    )


def read_register(path: Path) -> Iterator[RegisterRow]:
    """Read a file or folder: Markdown with front matter, csv or xlsx lists, docx texts.

    Raises BadInput naming the file.
    """
    if path.is_dir():
        files = sorted(
            each for each in path.rglob("*") if each.suffix.lower() in READERS and not each.name.startswith(".")
        )
        if not files:
            raise BadInput(
                "文件夹里没有能读的法规文件", where=str(path), remedy="请放入 .md、.csv、.xlsx 或 .docx 文件。"
            )
    elif path.suffix.lower() in READERS and path.exists():
        files = [path]
    else:
        raise BadInput(
            "找不到文件，或不是能读的格式", where=str(path), remedy="请给 .md、.csv、.xlsx、.docx 文件或它们的文件夹。"
        )
    for file in files:
        yield from READERS[file.suffix.lower()](file)


def _from_markdown(path: Path) -> Iterator[RegisterRow]:
    text = _decoded(path)
    front = FRONT_MATTER.match(text)
    try:
        facts = yaml.safe_load(front[1]) if front else {}
    except yaml.YAMLError as error:
        raise BadInput(
            "文件开头的说明（front matter）读不懂", where=path.name, remedy="请检查两条 --- 之间的内容。"
        ) from error
    facts = facts if isinstance(facts, dict) else {}
    body = text[front.end() :] if front else text
    if not any(name in facts for name in KEYS["title"]):
        if path.stem.lower() in ("readme", "index", "license", "contributing"):
            return
        heading = re.search(r"^#\s+(.+)$", body, re.MULTILINE)
        facts = {**facts, "title": heading[1] if heading else path.stem}
    yield _row(facts, path.name, read_articles(body))


def _from_csv(path: Path) -> Iterator[RegisterRow]:
    yield from _from_table(path, csv.reader(io.StringIO(_decoded(path), newline="")))


def _from_xlsx(path: Path) -> Iterator[RegisterRow]:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(path))
    for name in book.sheet_names:
        yield from _from_table(path, book.get_sheet_by_name(name).to_python())


def _from_table(path: Path, rows: Iterable[Any]) -> Iterator[RegisterRow]:
    header: list[str] = []
    for number, row in enumerate(rows, 1):
        cells = [str(cell).strip() if cell is not None else "" for cell in row]
        if not header:
            if set(cells) & set(KEYS["title"]):
                header = cells
            continue
        facts = dict(zip(header, cells, strict=False))
        if any(facts.get(name) for name in KEYS["title"]):
            yield _row(facts, f"{path.name} 第{number}行", ())
    if not header:
        raise BadInput("没有找到“标题”一列", where=path.name, remedy=f"表头要有 {'、'.join(KEYS['title'])} 之一。")


def _from_docx(path: Path) -> Iterator[RegisterRow]:
    from docx import Document

    lines = [paragraph.text.strip() for paragraph in Document(str(path)).paragraphs]
    title = next((line for line in lines if line), path.stem)
    noted = next(
        (
            re.search(r"(\d{4})年(\d{1,2})月(\d{1,2})日.{0,60}(?:通过|公布)", line)
            for line in lines[:12]
            if "年" in line
        ),
        None,
    )
    facts = {"title": re.sub(r"[_（(]\d{8}[）)]?$", "", title)}
    if noted:
        facts["promulgated"] = f"{noted[1]}-{int(noted[2]):02}-{int(noted[3]):02}"
    yield _row(facts, path.name, read_articles("\n".join(lines)))


READERS = {".md": _from_markdown, ".csv": _from_csv, ".xlsx": _from_xlsx, ".docx": _from_docx}


def read_articles(body: str) -> tuple[tuple[str, str], ...]:
    """Split a law's text into its articles.

    A table of contents and headings between them are left out.
    """
    found: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in body.splitlines():
        if article := ARTICLE_LINE.match(line):
            current = found.setdefault(_spelt(article[1]), [])
            current.clear()
            if article[2].strip("* \u3000"):
                current.append(article[2].strip("* \u3000"))
        elif HEADING_LINE.match(line):
            current = None
        elif current is not None and line.strip("* \u3000"):
            current.append(line.strip("* \u3000"))
    return tuple((number, "\n".join(words)) for number, words in found.items() if words)


def _row(facts: dict[str, Any], where: str, texts: tuple[tuple[str, str], ...]) -> RegisterRow:
    said = {
        name: next((facts[key] for key in keys if facts.get(key) not in (None, "")), "") for name, keys in KEYS.items()
    }
    title = unicodedata.normalize("NFC", str(said["title"])).strip()
    problems = []
    days: dict[str, date | None] = {}
    for name, label in (("promulgated", "公布日期"), ("in_force_from", "施行日期")):
        try:
            days[name] = _read_day(said[name])
        except ValueError:
            problems.append(Problem(f"{label}“{str(said[name])[:20]}”不是日期", where, name, "请写成 2026-06-01"))
    if not title or len(title) > 200:
        problems.append(Problem("没有名称，或名称超过200字", where, "title"))
    if problems:
        raise BadInput("法规文件有误，没有导入任何一部", problems)
    count = str(said["articles"])
    articles = int(float(count)) if re.fullmatch(r"\d+(?:\.0)?", count) else 0
    last = _number(str(said["last_article"])) or max((_number(number) for number, _ in texts), default=0)
    if last and articles and last != articles and QUOTING.search(title):
        last = articles = 0
    return RegisterRow(
        title=title,
        kind=str(said["kind"]),
        doc_no=str(said["doc_no"])[:80],
        issuer=str(said["issuer"]),
        promulgated=days["promulgated"],
        in_force_from=days["in_force_from"],
        state=str(said["state"]),
        articles=last or articles,
        flk_id=str(said["flk_id"])[:60],
        texts=texts,
    )


def _number(article: str) -> int:
    try:
        return numeral(article[1:].split("条")[0])
    except ValueError:
        return 0


def _spelt(article: str) -> str:
    """Spell 第2条, 第２条之1 as 第二条, 第二条之一."""
    spans = cited_spans(article)
    if not spans:
        return article
    span = spans[0]
    return f"第{written(span.first)}条" + (f"之{written(span.inserted)}" if span.inserted else "")


def _read_day(said: Any) -> date | None:
    if isinstance(said, datetime):
        return said.date()
    if isinstance(said, date):
        return said
    text = str(said).strip()
    if not text:
        return None
    match = re.match(r"(\d{4})[-年/.](\d{1,2})[-月/.](\d{1,2})", text)
    if not match:
        raise ValueError(text)
    return date(*map(int, match.groups()))


def _decoded(path: Path) -> str:
    text = decode_text(path.read_bytes())
    if text is not None:
        return text
    raise BadInput("文件的文字编码读不懂", where=path.name, remedy="请另存为 UTF-8 再导入。")
