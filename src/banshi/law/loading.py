"""Load the register of laws: titles, dates and numbers of articles, and the texts that an office is free to keep."""

import csv
import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import yaml
from django.conf import settings
from django.db import transaction

from banshi.access import Permission, authorize
from banshi.core.crypto import digest
from banshi.core.errors import BadInput, Problem
from banshi.core.json_types import JsonObject
from banshi.core.models import Cursor
from banshi.core.text_decoding import decode_text, undecoded
from banshi.law.actions import UNDATED, LawRow, law_named, load_laws, record_change
from banshi.law.models import Article, Law, LawChange, LawVersion
from banshi.law.numerals import numeral, written
from banshi.law.places import cited_spans
from banshi.law.register import LawFacts, LawRegister, Version, name_key
from banshi.ledger import Actor, record

SHIPPED = "law.shipped"
REGISTER = "国家法律法规数据库登记项"
NATIONAL, A_FILE = "国家法律法规数据库", "导入的文件"
"""Where a text is from: the official database by its number, else the file that was imported."""
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
IN_FORCE = {"有效", "现行有效", "已修改"}
LOCAL = re.compile(r"^[\u4e00-\u9fa5]{1,10}?(?:省|(?<!城)市|自治区|自治州|自治县|特区|县)")
ENDED = {"已废止", "失效", "已失效", "废止"}
KEYS = {
    "title": ("title", "标题", "名称", "法律名称", "法规名称"),
    "kind": ("kind", "flxz", "type", "法律性质", "法律效力位阶", "效力位阶", "类别", "category"),
    "doc_no": ("doc_no", "文号", "document_number"),
    "issuer": ("issuer", "zdjg", "office", "制定机关", "发布机关", "authority"),
    "promulgated": ("promulgated", "gbrq", "publish", "公布日期", "发布日期", "publish_date", "published"),
    "in_force_from": ("in_force_from", "sxrq", "effective", "施行日期", "生效日期", "effective_date", "expiry"),
    "state": ("state", "sxx", "status", "时效性", "效力", "效力状态"),
    "in_force_until": ("in_force_until", "最后有效日"),
    "ended_on": ("ended_on", "失效日期", "废止日期", "终止日期"),
    "replaced_by": ("replaced_by", "新法", "新法名称", "替代法规", "代替它的法规"),
    "replaced_by_no": ("replaced_by_no", "新法文号"),
    "repealed_by": ("repealed_by", "废止依据", "废止文件"),
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
ISSUED = re.compile(
    r"(\d{4})年(\d{1,2})月(\d{1,2})日(?:《[^》]*》|(?!\d{4}年\d{1,2}月)[^；;。《]){0,60}?"
    r"(?P<order>(?:中华人民共和国)?(?:国务院|主席)令第[零〇一二三四五六七八九十百千\d]+号)?"
    r"(?:第[一二三四五六七八九十]+次)?(?:通过|公布|发布|批准|修订|修正|修改)"
)
"""What a text's heading tells of its issues and amendments, the newest of which issued this text."""
FROM_THAT_DAY = "自公布之日起施行"
LAST_ARTICLE = re.compile(r"自\s*(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日起(?:施行|实施|生效)")
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
    until: date | None = None
    replaced_by: str = ""
    replaced_by_no: str = ""
    repealed_by: str = ""

    @property
    def since(self) -> date:
        return self.in_force_from or self.promulgated or date.min


@dataclass(frozen=True, slots=True)
class Loaded:
    """Counts of what one load added, and sentences on what it changed or left although the file says otherwise."""

    laws: int = 0
    versions: int = 0
    articles: int = 0
    changed: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()


@transaction.atomic
def load_register(rows: Iterable[RegisterRow], *, source: str = REGISTER, by: Actor, at: datetime) -> Loaded:
    """Add laws, versions and article texts, and end the laws the file calls ended.

    A text that differs takes the place of the one kept, as a whole. All rows or none. Without a `source` each text
    is the official database's where it bears its number, else an imported file's.
    """
    authorize(by, Permission.LAW_EDIT, at=at)
    texts: dict[str, list[RegisterRow]] = defaultdict(list)
    for row in rows:
        texts[name_key(row.title)].append(row)
    if problems := [
        Problem(
            f"《{some[0].title}》同一日期有两个不同的文本",
            field="texts",
            remedy="请只留一个，或写明各自的公布、施行日期。",
        )
        for some in texts.values()
        if _has_two_texts_of_one_day(some)
    ]:
        raise BadInput("法规文件有误，没有导入任何一部", problems)
    laws: dict[str, Law] = {}
    for law in Law.objects.order_by("-id"):
        laws[name_key(law.title)] = law
    new = {key: _law(some, source) for key, some in texts.items() if key not in laws}
    Law.objects.bulk_create(new.values(), 500)
    laws |= new
    wanted = [laws[key].pk for key in texts]
    known = {(v.law_id, v.promulgated, v.in_force_from): v for v in LawVersion.objects.filter(law__in=wanted)}
    _refuse_texts_of_no_day(laws, texts, known)
    of_a_day: dict[tuple[int, date | None], list[Place]] = defaultdict(list)
    for place in known:
        of_a_day[place[:2]].append(place)

    def place_of(law: Law, row: RegisterRow) -> Place:
        """Find the text a row is of: by its day of issue alone, where the file gives an article text no day of force."""
        there = of_a_day[law.pk, row.promulgated] if row.texts and row.promulgated and not row.in_force_from else []
        return there[0] if len(there) == 1 else (law.pk, row.promulgated, row.in_force_from)

    fresh: dict[Place, LawVersion] = {}
    for key, row in ((key, row) for key, some in texts.items() for row in some):
        place = place_of(laws[key], row)
        version = known.get(place) or fresh.get(place)
        if version is None:
            version = fresh[place] = LawVersion(
                law=laws[key],
                promulgated=row.promulgated,
                in_force_from=row.in_force_from,
                source=source or _source_of(row),
            )
        version.doc_no = row.doc_no or version.doc_no
        version.article_count = row.articles or version.article_count
        version.register_id = version.register_id or row.flk_id
    LawVersion.objects.bulk_create(fresh.values(), 500)
    LawVersion.objects.bulk_update(known.values(), ["doc_no", "article_count", "register_id"], 500)
    known |= fresh
    given = {known[place_of(laws[key], row)]: row for key, some in texts.items() for row in some if row.texts}
    kept: dict[int, dict[str, str]] = defaultdict(dict)
    for article in Article.objects.filter(version__in=given):
        kept[article.version_id][article.number] = article.text
    changed: list[str] = []
    added: list[Article] = []
    for version, row in given.items():
        if (before := kept[version.pk]) == dict(row.texts):
            continue
        if before:
            version.texts.all().delete()
            changed.append(f"《{row.title}》（{row.since:%Y年%m月%d日}）的原文与原来的不同，已整部换成新导入的。")
        added += [Article(version=version, number=number, text=words) for number, words in row.texts]
    Article.objects.bulk_create(added, 500)
    differs: list[str] = []
    for key, some in texts.items():
        _follow_number(laws[key], some, changed)
        _follow_state(laws[key], some, changed, differs, is_new=key in new, by=by, at=at)
    loaded = Loaded(len(new), len(fresh), len(added), tuple(changed), tuple(differs))
    if any((loaded.laws, loaded.versions, loaded.articles, changed)):
        first = next(iter(laws[key] for key in texts))
        facts = {
            "laws": loaded.laws,
            "versions": loaded.versions,
            "articles": loaded.articles,
            "source": source,
            "changed": changed[:50],
        }
        record("law.load_register", first, by=by, at=at, facts=facts)
    return loaded


Place = tuple[int, date | None, date | None]
"""A text: its law, the day it was issued and the day it came into force."""


def _refuse_texts_of_no_day(
    laws: Mapping[str, Law], texts: Mapping[str, Sequence[RegisterRow]], known: Mapping[Place, LawVersion]
) -> None:
    """Refuse articles of which nobody can tell to which of a law's dated texts they belong: no page would show them."""
    dated = {law for law, *days in known if any(days)}
    if problems := [
        Problem(
            f"《{row.title}》的原文没有写公布或施行日期，法规库里已有它的文本，认不出是哪一次的",
            field="texts",
            remedy="请在标题下一行写明，例如（2018年10月26日修正），或在文件开头写“公布日期”。",
        )
        for key, some in texts.items()
        for row in some
        if row.texts and not row.promulgated and not row.in_force_from and laws[key].pk in dated
    ]:
        raise BadInput("法规文件有误，没有导入任何一部", problems)


def _has_two_texts_of_one_day(rows: list[RegisterRow]) -> bool:
    seen: dict[tuple[date | None, date | None], tuple[tuple[str, str], ...]] = {}
    return any(
        row.texts and seen.setdefault((row.promulgated, row.in_force_from), row.texts) != row.texts for row in rows
    )


def _follow_number(law: Law, rows: list[RegisterRow], changed: list[str]) -> None:
    """Give the law the number of its newest text, where it bears that of an earlier one."""
    number = _number_of(rows)
    earlier = {row.doc_no for row in rows} - {number}
    if law.doc_no in earlier and not Law.objects.filter(title=law.title, doc_no=number).exists():
        changed.append(f"{law}的文号改为现行文本的{number}。")
        law.doc_no = number
        law.save(update_fields=["doc_no"])


def _number_of(texts: Iterable[RegisterRow]) -> str:
    newest = sorted(texts, key=lambda row: row.since, reverse=True)
    return next((row.doc_no for row in newest if row.doc_no not in ("", UNDATED)), "")


def _follow_state(
    law: Law, rows: list[RegisterRow], changed: list[str], differs: list[str], *, is_new: bool, by: Actor, at: datetime
) -> None:
    """End a law that its newest text is called ended in, by a change where the day is known."""
    newest = max(rows, key=lambda row: row.since)
    is_ended = law.ended or law.in_force_until is not None
    if newest.state not in ENDED:
        if is_ended and newest.state in IN_FORCE and not is_new:
            differs.append(f"{law}在本平台已登记失效，文件说“{newest.state}”，没有改动，请核对。")
        return
    if not is_new and law.versions.filter(in_force_from__gt=newest.since).exists():
        differs.append(f"{law}有更新的文本，文件里较早的文本说“{newest.state}”，没有改动效力。")
        return
    if newest.until and (law.ended or not is_ended):
        if law.ended:  # the day was not known until now
            law.ended = False
            law.save(update_fields=["ended"])
        day = newest.until + timedelta(days=1)
        successor = law_named(newest.replaced_by, newest.replaced_by_no) if newest.replaced_by else None
        kind = LawChange.ChangeKind.REPLACED if successor else LawChange.ChangeKind.REPEALED
        note = f"导入的文件写明{newest.state}" + (f"，依据：{newest.repealed_by}" if newest.repealed_by else "")
        change = record_change(law, kind=kind, day=day, successor=successor, note=note[:500], by=by, at=at)
        changed.append(f"{change}。")
        return
    if not is_ended:
        law.ended = True
        law.save(update_fields=["ended"])
        facts = {"state": newest.state, "repealed_by": newest.repealed_by}
        record("law.end", law, by=by, at=at, facts=facts)
        changed.append(f"{law}改为已失效（文件写明“{newest.state}”，没有写日期）。")
    if newest.replaced_by and law.replaced_by is None:
        law.replaced_by = law_named(newest.replaced_by, newest.replaced_by_no)
        law.save(update_fields=["replaced_by"])
    elif law.in_force_until and newest.until and law.in_force_until != newest.until:
        differs.append(
            f"{law}在本平台{law.in_force_until:%Y年%m月%d日}后失效，文件说{newest.until:%Y年%m月%d日}后失效，没有改动，请核对。"
        )


@transaction.atomic
def load_shipped_laws(*, by: Actor, at: datetime) -> None:
    """Load data/laws: the national register, what it does not hold, and the changes since it was taken.

    What an office has recorded itself stays.
    """
    folder = Path(settings.DATA) / "laws"
    load_register(_shipped_texts(folder), by=by, at=at)
    load_laws([LawRow(**row) for row in _rows_of(folder / "laws.csv")], by=by, at=at)
    for row in _rows_of(folder / "changes.csv"):
        law, day = law_named(row["title"], row["doc_no"]), date.fromisoformat(row["day"])
        is_over = row["kind"] in LawChange.ENDING and (law.in_force_until is not None or law.ended)
        if is_over or law.changes.filter(kind=row["kind"], day=day).exists():
            continue
        record_change(
            law,
            kind=row["kind"],
            day=day,
            successor=law_named(row["successor"], row["successor_no"]) if row["successor"] else None,
            note=row["note"],
            by=by,
            at=at,
        )
    Cursor.objects.update_or_create(reader=SHIPPED, defaults={"position": _shipped_digest()})


def renew_shipped_laws(*, by: Actor, at: datetime) -> bool:
    """Load data/laws anew after an upgrade that changed it, where it had been loaded before."""
    loaded = Cursor.objects.filter(reader=SHIPPED).values_list("position", flat=True).first()
    if loaded == _shipped_digest() or not LawVersion.objects.filter(source=REGISTER).exists():
        return False
    load_shipped_laws(by=by, at=at)
    return True


def _shipped_digest() -> int:
    """Return the beginning of the digest of the files, as a whole number a cursor holds."""
    files = sorted((Path(settings.DATA) / "laws").glob("*.csv"))
    return int(digest(b"".join(file.read_bytes() for file in files))[:15], 16)


@cache
def shipped_register() -> LawRegister:
    """Read data/laws without a database, for tables examined outside the platform."""
    folder = Path(settings.DATA) / "laws"
    texts: dict[str, list[RegisterRow]] = defaultdict(list)
    for row in _shipped_texts(folder):
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
            versions=tuple(Version(row.in_force_from, row.articles, row.promulgated, row.doc_no) for row in ordered),
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
            change: JsonObject = {"versions": (*known.versions, Version(day))}
        else:
            change = {"replaced_by": each["successor"], "replaced_by_no": each["successor_no"]}
            if each["kind"] in LawChange.ENDING:
                change["until"] = day - timedelta(days=1)
        facts[known.title, known.doc_no] = replace(known, **change)
    return LawRegister(tuple(facts.values()))


def _shipped_texts(folder: Path) -> list[RegisterRow]:
    """Read the national register, which keeps one number for all texts of a law, each with the order that issued it."""
    orders: dict[str, list[tuple[date, str]]] = defaultdict(list)
    for each in _rows_of(folder / "orders.csv"):
        orders[each["title"]].append((date.fromisoformat(each["promulgated"]), each["doc_no"]))
    rows = list(read_register(folder / "register.csv"))
    told = {(row.title, row.promulgated) for row in rows}
    for place, row in enumerate(rows):
        before = [order for order in orders[row.title] if row.promulgated and order[0] <= row.promulgated]
        if before:
            rows[place] = replace(row, doc_no=max(before)[1])
    earlier = [
        RegisterRow(title, promulgated=day, doc_no=number, state="已修改")
        for title, some in orders.items()
        for day, number in some
        if (title, day) not in told
    ]
    return [*earlier, *rows]


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
        doc_no=_number_of(texts),
        rank=RANKS.get(newest.kind) or rank_by_name(newest.title, newest.issuer),
        issuer=newest.issuer[:120],
        in_force_from=min(dates) if len(dates) == len(ordered) else None,
        ended=newest.state in ENDED,
        source=source or _source_of(newest),
    )


def _source_of(row: RegisterRow) -> str:
    return NATIONAL if row.flk_id else A_FILE


def rank_by_name(title: str, issuer: str = "") -> str:
    """Tell the rank from a title and its issuer, for files that do not say it."""
    if re.search(r"(?<!办)法$|法典$", name_key(title)):
        return Law.Rank.LAW
    is_local = bool(LOCAL.match(title)) or ("人民代表大会" in issuer and "全国" not in issuer)
    if re.search(r"条例$|条例[(（].*[)）]$", title):
        return Law.Rank.LOCAL_REGULATION if is_local else Law.Rank.REGULATION
    if re.search(r"(?:规定|办法|细则|规则)(?:[(（].*[)）])?$", title):
        if "人民代表大会" in issuer:
            return Law.Rank.LOCAL_REGULATION
        return Law.Rank.REGULATION if issuer == "国务院" else Law.Rank.RULE
    return Law.Rank.DOCUMENT if re.search(r"(?:通知|意见|方案|公告|决定)$", title) else Law.Rank.OTHER


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
    texts = read_articles(body)
    told = _told_by_heading(body.splitlines(), texts)
    if any(name in facts for key in ("promulgated", "in_force_from") for name in KEYS[key]):
        told = {}
    yield _row({**told, **facts}, path.name, texts)


def _from_csv(path: Path) -> Iterator[RegisterRow]:
    yield from _from_table(path, csv.reader(io.StringIO(_decoded(path), newline="")))


def _from_xlsx(path: Path) -> Iterator[RegisterRow]:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(path))
    for name in book.sheet_names:
        yield from _from_table(path, book.get_sheet_by_name(name).to_python())


def _from_table(path: Path, rows: Iterable[Sequence[object]]) -> Iterator[RegisterRow]:
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
    texts = read_articles("\n".join(lines))
    facts = _told_by_heading(lines, texts)
    stamp = re.search(r"[_（(](\d{8})[）)]?$", path.stem)
    if stamp:
        facts.setdefault("promulgated", stamp[1])
    yield _row({**facts, "title": re.sub(r"[_（(]\d{8}[）)]?$", "", title)}, path.name, texts)


def _told_by_heading(lines: Sequence[str], texts: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Read days and order of a text from what stands above its first article, and from the last one."""
    first = next((place for place, line in enumerate(lines) if ARTICLE_LINE.match(line)), len(lines))
    head = "".join(line.strip() for line in lines[: min(first, 30)])
    told = list(ISSUED.finditer(head))
    facts: dict[str, str] = {}
    if told:
        facts["promulgated"] = max(f"{each[1]}-{int(each[2]):02}-{int(each[3]):02}" for each in told)
    if orders := [each["order"] for each in told if each["order"]]:
        facts["doc_no"] = orders[-1]
    if force := re.search(r"自(\d{4}年\d{1,2}月\d{1,2}日)起(?:施行|实施|生效)", head):
        facts["in_force_from"] = force[1]
    elif len(told) == 1 and texts and re.search(r"自(?:公布|发布|颁布)之日起(?:施行|实施)", texts[-1][1]):
        facts["in_force_from"] = FROM_THAT_DAY
    return facts


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


def _row(facts: Mapping[str, object], where: str, texts: tuple[tuple[str, str], ...]) -> RegisterRow:
    said = {
        name: next((facts[key] for key in keys if facts.get(key) not in (None, "")), "") for name, keys in KEYS.items()
    }
    title = unicodedata.normalize("NFC", str(said["title"])).strip()
    problems = []
    days: dict[str, date | None] = {}
    for name, label in (
        ("promulgated", "公布日期"),
        ("in_force_from", "施行日期"),
        ("in_force_until", "最后有效日"),
        ("ended_on", "失效日期"),
    ):
        try:
            from_that_day = name == "in_force_from" and FROM_THAT_DAY in str(said[name])
            days[name] = days["promulgated"] if from_that_day else _read_day(said[name])
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
    promulgated = days["promulgated"]
    if days["in_force_from"] is None and promulgated and texts and (ends := LAST_ARTICLE.search(texts[-1][1])):
        # An amended text keeps the first text's day, which lies before its own issue.
        day = date(*map(int, ends.groups()))
        days["in_force_from"] = day if day >= promulgated else None
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
        until=days["in_force_until"] or (days["ended_on"] and days["ended_on"] - timedelta(days=1)),
        replaced_by=str(said["replaced_by"]).strip("《》 ")[:200],
        replaced_by_no=str(said["replaced_by_no"])[:80],
        repealed_by=str(said["repealed_by"])[:200],
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


def _read_day(said: object) -> date | None:
    if isinstance(said, datetime):
        return said.date()
    if isinstance(said, date):
        return said
    text = str(said).strip()
    if not text:
        return None
    if serial := re.fullmatch(r"([2-7]\d{4})(?:\.0)?", text):  # a day as spreadsheets count them
        return date(1899, 12, 30) + timedelta(days=int(serial[1]))
    match = re.match(r"(\d{4})\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})", text) or re.fullmatch(
        r"((?:19|20)\d{2})(\d{2})(\d{2})(?:\.0)?", text
    )
    if not match:
        raise ValueError(text)
    return date(*map(int, match.groups()))


def _decoded(path: Path) -> str:
    content = path.read_bytes()
    text = decode_text(content)
    if text is not None:
        return text
    said, _, remedy = undecoded(content).partition("。")
    raise BadInput(said, where=path.name, remedy=f"{remedy}。")
