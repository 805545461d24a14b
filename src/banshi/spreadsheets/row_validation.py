"""Rows of a file, each given its owner, category, kind, code and known item, with what is wrong at its cell."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef

from banshi.catalog.codes import ReadCode, read_code
from banshi.catalog.enums import ItemKind
from banshi.catalog.guide.document import Guide
from banshi.catalog.models import Category, Item, Publication
from banshi.catalog.twins import GONE, code_taken, foreign_code, name_key, overlap, reference_doubts, thing_and_turns
from banshi.spreadsheets.cell_parsers.parsed import BLANK, DOUBT, ERROR, NOTE, CellRemark
from banshi.spreadsheets.cells import folded, is_damaged_number, tidied
from banshi.spreadsheets.fields import ITEM_FIELDS
from banshi.spreadsheets.organ_matching import Owner, Owners
from banshi.spreadsheets.read_table import CellProblem, ReadColumn, ReadTable
from banshi.spreadsheets.row_assembly import guide_of
from banshi.spreadsheets.vocabulary import has_two_kinds, item_kind

NAME_AT_MOST, CODE_AT_MOST, CODES_AT_ONCE = 300, 80, 5_000
SAME_ITEM = "是同一事项的，请照已有的名称填，或不导入这一行"
CHOOSE_OWNER = "或在预览页的“没写实施主体的行归”里选单位，再检查"
NEW, CHANGED, SAME, BAD, LEFT = "new", "changed", "same", "error", "left"


class Known(NamedTuple):
    """An item there is already."""

    pk: int
    organ_id: int
    name: str
    code: str
    guid: UUID
    state: str
    category_id: str | None
    kind: str
    published: bool


@dataclass(slots=True)
class PreviewRow:
    """One item the file asks for. `table`, `index` say where its cells are.

    `known` is the item there is already, `made` the new one once imported.
    """

    table: ReadTable
    index: int
    name: str
    owner: Owner
    category: Category | None
    kind: str
    kind_as_given: str
    code: ReadCode
    guid: str
    known: Known | None = None
    outcome: str = NEW
    made: Item | None = None
    replace: bool = False

    def guide(self, existing: Guide | None = None) -> Guide:
        return guide_of(self.table, self.index, self.kind, existing, replace=self.replace)

    @property
    def place(self) -> str:
        """Name the row in the file, as a person leaves it out."""
        return f"{self.table.sheet}!{self.number}"

    @property
    def number(self) -> int:
        """Return the sheet's row, as people count."""
        return self.table.numbers[self.index] + 1


def validate_rows(
    tables: Sequence[ReadTable], owners: Owners, leave: Collection[str] = ()
) -> tuple[list[PreviewRow], list[CellProblem]]:
    """Validate the rows one by one, against each other, and against the database.

    Those to `leave` out are only read.
    """
    validator = _RowValidator(owners)
    rows = [row for table in tables for row in validator.rows(table)]
    for row in rows:
        if row.place in leave:
            row.outcome = LEFT
    asked = [row for row in rows if row.outcome != LEFT]
    validator.find_repeated(asked)
    validator.find_known(asked)
    validator.find_twins([row for row in asked if row.known is None])
    return rows, validator.problems


class _RowValidator:
    """Gives rows their owner, category, kind and code, collecting what is wrong with each."""

    def __init__(self, owners: Owners) -> None:
        self.owners = owners
        self.problems: list[CellProblem] = []
        self.known_items: list[Known] = []
        self.categories = {folded(category.name): category for category in Category.objects.all()}
        self.codes: dict[tuple[str, str], ReadCode] = {}
        self.known = frozenset(owners.codes)

    def rows(self, table: ReadTable) -> Iterator[PreviewRow]:
        columns = {name: table.column(name) for name in ITEM_FIELDS}
        nothing: Sequence[str] = [""] * len(table)
        texts = {name: column.texts if column else nothing for name, column in columns.items()}
        named = columns["name"].readings if columns["name"] else [BLANK] * len(table)
        organs = self._owners(table, columns["organ"] or columns["organ_code"], texts["organ"], texts["organ_code"])
        categories, kinds, codes = texts["category"], texts["kind"], texts["code"]
        bases, names, guids = texts["base_code"], texts["name"], texts["guid"]
        for index in range(len(table)):
            owner, code_text = organs[index], codes[index] or bases[index]
            own = owner.organ.uscc if owner.organ else ""
            key = (code_text, own)
            code = self.codes.get(key)
            if code is None:
                known = frozenset({own}) if own else self.known
                code = self.codes[key] = read_code(code_text, known)
            name = named[index].value or tidied(names[index])
            if named[index].value is None and any(each.code == "formula" for each in named[index].remarks):
                self._say(
                    table,
                    index,
                    "name",
                    CellRemark(ERROR, "formula", f"事项名称的公式出错（{name}）", "请直接填写名称"),
                )
            elif not name:
                self._say(
                    table, index, "name", CellRemark(ERROR, "no_name", "这一行没有事项名称", "请补填，或删去这一行")
                )
            if len(name) > NAME_AT_MOST:
                message = f"事项名称有{len(name)}字，超过{NAME_AT_MOST}字"
                self._say(
                    table, index, "name", CellRemark(ERROR, "long", message, "请写简称，详细内容写到“一句话说明”里")
                )
            if len(code.text) > CODE_AT_MOST:
                message = f"编码有{len(code.text)}位，超过{CODE_AT_MOST}位，不像编码"
                self._say(table, index, "code", CellRemark(ERROR, "long", message, "请核对这一列是不是编码"))
            target = "code" if codes[index] else "base_code"
            # Of a damaged number the cell's own remark says it already.
            for problem in code.problems if code_text and not is_damaged_number(code_text) else ():
                sort = "old_code" if problem.severity == NOTE else "code"
                self._say(table, index, target, CellRemark(problem.severity, sort, problem.message, problem.proposal))
            kind = self._kind(table, index, kinds[index], code)
            category = self._category(table, index, categories[index], columns["category"] is not None)
            yield PreviewRow(table, index, name, owner, category, kind, kinds[index][:40], code, guids[index])

    def _say(self, table: ReadTable, index: int, target: str, remark: CellRemark) -> None:
        self.problems.append(table.cell(index, remark, target))

    def _owners(
        self, table: ReadTable, column: ReadColumn | None, names: Sequence[str], codes: Sequence[str]
    ) -> list[Owner]:
        unnamed = column is None
        if unnamed:
            # The subheadings between the rows (一、区民政局), or the 填报单位 line, where they name an organ.
            above = table.owner_line if not self.owners.default else ""
            named, heading = [], ""
            for index in range(len(table)):
                candidate = table.headings.get(index, "")
                if candidate and self.owners.find(candidate, "").organ:
                    heading = candidate
                named.append(heading or above)
            names = named
        owners = [self.owners.find(name, code) for name, code in zip(names, codes, strict=True)]
        for index, owner in enumerate(owners):
            for remark in owner.about_name:
                if unnamed and names[index]:
                    # No cell of the row says it, so no cell can be mended.
                    told = f"表头上方的填报单位：{remark.message}"
                    remark = remark._replace(message=told, proposal=f"{remark.proposal}；{CHOOSE_OWNER}")
                target = "organ" if names[index] or not codes[index] else "organ_code"
                self._say(table, index, target, remark)
            for remark in owner.about_code:
                self._say(table, index, "organ_code", remark)
        return owners

    def _kind(self, table: ReadTable, index: int, text: str, code: ReadCode) -> str:
        """Determine the kind named, else the one the code carries."""
        # Powers are kept and queried.
        if not text:
            kind = code.kind or ItemKind.SERVICE
            if kind != ItemKind.SERVICE:
                self._query_power(table, index, kind, "编码里的类型是")
            return str(kind)
        found = item_kind(text)
        if found is None:
            self._say(
                table,
                index,
                "kind",
                CellRemark(DOUBT, "kind", f"没有“{text[:40]}”这种事项类型，先按公共服务处理，原文保留"),
            )
            return str(ItemKind.SERVICE)
        if has_two_kinds(text):
            said = f"“{text[:40]}”写了不止一种事项类型，先按{ItemKind(found).label}处理，请核对"
            self._say(table, index, "kind", CellRemark(DOUBT, "kind", said))
        if found != ItemKind.SERVICE:
            self._query_power(table, index, found, "这是")
        return found

    def _query_power(self, table: ReadTable, index: int, kind: str, words: str) -> None:
        label = ItemKind(kind).label
        message = f"{words}行政权力（{label}），不属于公共服务事项；先照填写的类型收下"
        self._say(table, index, "kind", CellRemark(DOUBT, "power", message, "请核对：应列入权力清单，还是类型填错了"))

    def _category(self, table: ReadTable, index: int, text: str, has_column: bool) -> Category | None:
        if not text:
            if has_column:
                self._say(table, index, "category", CellRemark(NOTE, "no_category", "没有填事项类别，导入后归为未分类"))
            return None
        found = self.categories.get(folded(text))
        if found is None:
            names = "、".join(category.name for category in self.categories.values())
            advice = f"可填：{names}" if names else "还没有登记任何类别，请系统管理员先设置"
            self._say(
                table, index, "category", CellRemark(DOUBT, "category", f"没有“{text[:40]}”这个类别，先不归类", advice)
            )
        return found

    # Rows against each other

    def find_repeated(self, rows: list[PreviewRow]) -> None:
        codes: dict[str, list[PreviewRow]] = defaultdict(list)
        names: dict[tuple[object, str], list[PreviewRow]] = defaultdict(list)
        for row in rows:
            code, owner = row.code.text, row.owner.key
            if code and row.table.texts("code")[row.index] and not is_damaged_number(code):
                codes[code].append(row)
            if row.name and owner:
                names[owner, folded(row.name)].append(row)
        for same in names.values():
            if len(same) > 1:
                self._judge_namesakes(same)
        for text, same in codes.items():
            if len(same) > 1 and len({(row.owner.key, folded(row.name)) for row in same}) > 1:
                self._repeated(same, "code", f"编码“{text}”", "duplicate_code", "一个编码只能给一个事项，请核对")

    def _judge_namesakes(self, same: list[PreviewRow]) -> None:
        given = [row.code.text for row in same]
        if all(given) and len(set(given)) == len(given):
            for row in same:
                others = "、".join(str(each.number) for each in same if each is not row)
                message = f"与第 {others} 行同名，编码不同，当作不同的事项"
                self._say(
                    row.table, row.index, "name", CellRemark(DOUBT, "twice", message, "如果是同一事项，请只留一行")
                )
            return
        self._repeated(same, "name", f"事项“{same[0].name[:40]}”", "duplicate", "请合成一行，或补上各自的编码")

    def _repeated(self, same: list[PreviewRow], target: str, what: str, code: str, remedy: str) -> None:
        for row in same:
            others = "、".join(
                str(each.number) if each.table.sheet == row.table.sheet else f"{each.table.sheet}!{each.number}"
                for each in same
                if each is not row
            )
            self._say(row.table, row.index, target, CellRemark(ERROR, code, f"{what}与第 {others} 行重复", remedy))

    def is_own(self, guid: str, row: PreviewRow) -> bool:
        """Refuse a 事项标识 of another organ's item, and pass one of no item with a note."""
        foreign = re.fullmatch(r"[0-9a-fA-F-]{32,36}", guid) and Item.objects.filter(guid=guid).exists()
        message = "“事项标识”是别的单位的事项" if foreign else "“事项标识”在这里没有，按编码和名称认"
        remedy = "请勿改动这一列；新事项请留空" if foreign else ""
        self._say(row.table, row.index, "guid", CellRemark(ERROR if foreign else NOTE, "existing", message, remedy))
        return not foreign

    # Rows against the database

    def find_known(self, rows: list[PreviewRow]) -> None:
        organs = {row.owner.organ.pk for row in rows if row.owner.organ}
        found = Item.objects.filter(organ__in=list(organs)).order_by("pk")
        known_items = [
            Known(*values)
            for values in found.annotate(published=Exists(Publication.objects.filter(item=OuterRef("pk")))).values_list(
                "pk", "organ_id", "name", "code", "guid", "state", "category_id", "kind", "published"
            )
        ]
        self.known_items = known_items
        index = _Index(known_items)
        taken: dict[int, PreviewRow] = {}
        for row in rows:
            row.known = index.find(row, self)
            if row.known is None:
                continue
            if row.known.pk in taken:
                first = taken[row.known.pk]
                message = f"与第 {first.number} 行都对应已有事项“{row.known.name[:40]}”"
                self._say(row.table, row.index, "name", CellRemark(ERROR, "duplicate", message, "请只留一行"))
            taken.setdefault(row.known.pk, row)

    def find_twins(self, new: list[PreviewRow]) -> None:
        """Tell what new rows may repeat: names of their organ, codes of others, base codes of other reference items."""
        named: dict[tuple[object, frozenset[str]], Known | PreviewRow] = {
            (item.organ_id, name_key(item.name)): item for item in self.known_items if item.state == "active"
        }
        about: dict[tuple[object, frozenset[str]], list[tuple[str, frozenset[str]]]] = defaultdict(list)
        for item in self.known_items:
            thing, turns = thing_and_turns(item.name)
            if item.state == "active" and turns:
                about[item.organ_id, thing].append((f"已有事项“{item.name[:40]}”", turns))
        codes = sorted({row.code.text for row in new if row.code.text})
        taken = {
            each.code: each
            for start in range(0, len(codes), CODES_AT_ONCE)
            for each in Item.objects.filter(code__in=codes[start : start + CODES_AT_ONCE])
            .exclude(state__in=GONE)
            .select_related("organ")
        }
        organs = {organ.uscc: organ for organ in self.owners.organs if organ.uscc}
        references = reference_doubts((row.name, row.code) for row in new)
        for row in new:
            organ, owner = row.owner.organ, row.owner.key
            thing, turns = thing_and_turns(row.name)
            key = name_key(row.name) if turns else thing
            first = named.setdefault((owner, key), row)
            # Rows of one name within a table are told by `find_repeated`.
            within = isinstance(first, PreviewRow) and first.name[:40] == row.name[:40]
            if key and not within:
                told = f"第 {first.number} 行" if isinstance(first, PreviewRow) else "已有事项"
                self._say(
                    row.table,
                    row.index,
                    "name",
                    CellRemark(DOUBT, "alike", f"像是{told}“{first.name[:40]}”，会不会重复", SAME_ITEM),
                )
            for other_name, others in about[owner, thing] if turns else ():
                if said := overlap(row.name, turns, other_name, others):
                    self._say(row.table, row.index, "name", CellRemark(DOUBT, "alike", said, SAME_ITEM))
                    break
            if turns:
                about[owner, thing].append((f"第 {row.number} 行“{row.name[:40]}”", turns))
            whose, other = organs.get(row.code.uscc), taken.get(row.code.text)
            doubts = (
                references.get((row.name, row.code.base_code)),
                foreign_code(row.code, organ, [whose] if whose else []) if organ else None,
                code_taken(row.code.text, other) if other else None,
            )
            for doubt in filter(None, doubts):
                self._say(row.table, row.index, "code", CellRemark(DOUBT, "taken", doubt.message, "请核对编码"))


class _Index:
    """Items there are, by identifier, code and name."""

    def __init__(self, items: list[Known]) -> None:
        self.by_guid = {str(item.guid): item for item in items}
        self.by_code: dict[tuple[object, str], Known] = {
            (item.organ_id, item.code): item for item in items if item.code
        }
        self.by_name: dict[tuple[object, str], list[Known]] = defaultdict(list)
        for item in items:
            self.by_name[item.organ_id, folded(item.name)].append(item)

    def find(self, row: PreviewRow, validator: _RowValidator) -> Known | None:
        organ = row.owner.organ
        if organ is None:
            return None
        if row.guid and (found := self.by_guid.get(row.guid.lower())):
            return found
        if row.guid and not validator.is_own(row.guid, row):
            return None
        if row.code.text and (found := self.by_code.get((row.owner.key, row.code.text))):
            return found
        # A namesake with another code is another item; one without, or the only one of a row without, is this one.
        namesakes = [
            i for i in self.by_name.get((row.owner.key, folded(row.name)), []) if not (i.code and row.code.text)
        ]
        if len(namesakes) > 1:
            remark = CellRemark(
                ERROR, "duplicate", f"库里有 {len(namesakes)} 个同名事项，分不清是哪一个", "请补填事项编码"
            )
            validator._say(row.table, row.index, "name", remark)
        return namesakes[0] if namesakes else None


def other_identity(row: PreviewRow) -> list[str]:
    """List labels of what the row says otherwise of the known item itself: its code, kind, category."""
    known = row.known
    if known is None:
        return []
    code = row.table.texts("code")[row.index] and row.code.text != known.code
    kind = row.kind_as_given and row.kind != known.kind
    category = row.category and row.category.pk != known.category_id
    return [label for label, differs in (("编码", code), ("类型", kind), ("类别", category)) if differs]


def changes_item(row: PreviewRow) -> bool:
    """Tell whether the import changes the known item itself, which of a published one only an adjustment does."""
    return row.known is None or (not row.known.published and bool(other_identity(row)))
