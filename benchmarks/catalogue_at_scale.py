"""A catalogue like a large province's: item names from real lists, guides of composed parts, and defects planted at places that are known.

A county with its towns and villages holds about 11,600 implementing items, 130 counties 1.5 million. As in a real
province the text of an item is one, with wording of the city's, and each organ's places and telephones; one guide in ten
was edited by its own office. Items are the same in the columns (`tables`) and as guides in Parquet (`write_guides`).
"""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from banshi.analysis.duplicates.pairs import Likeness, duplicates, same
from banshi.analysis.tables import DEMANDS, ITEMS, Tables
from banshi.catalog.guide.document import Guide
from banshi.core.id_numbers import organisation_check, uscc_check
from banshi.rulebook.engine import examine, plain_rulebook
from banshi.rulebook.limits import shipped_days, working_days
from banshi.rulebook.proof_names import made_by, shipped_dictionary
from banshi.rulebook.scale.files import GUIDES
from benchmarks.machine import ROOT

DAY = date(2026, 11, 23)

ITEMS_OF_COUNTY, TOWNS, ITEMS_OF_TOWN, VILLAGES, ITEMS_OF_VILLAGE = 560, 13, 240, 15, 40
COUNTIES_OF_CITY = 6
OFFICES = [
    "教育局",
    "公安局",
    "民政局",
    "司法局",
    "人力资源和社会保障局",
    "自然资源局",
    "住房和城乡建设局",
    "交通运输局",
    "农业农村局",
    "文化广电旅游体育局",
    "卫生健康局",
    "退役军人事务局",
    "市场监督管理局",
    "医疗保障局",
    "税务局",
]
SIGNS = "安平永定新宁清源福兴德化长乐和顺石泉梅岭"
LOCAL = {"4": 60, "5": 15, "6": 1}
"""Items a county, a town, a village has alone."""
LOCAL_ACTS = ("补助申领", "资格认定", "登记", "备案", "报名", "查询", "咨询", "奖励发放")
EDITED = 10
"""One guide in so many was edited by its own office, so that its conditions and materials are nowhere else."""
FLAWED = 50
"""One guide in so many has one defect planted."""
ROWS_AT_ONCE = 5_000

PROOFS = [
    "亲属关系证明",
    "居住证明",
    "收入证明",
    "无房产证明",
    "在校证明",
    "失业证明",
    "婚姻状况证明",
    "健康状况证明",
    "遗失证明",
    "死亡证明",
    "经营场所证明",
    "车辆状况证明",
    "社会保险缴费证明",
    "纳税证明",
    "学历证明",
]
"""Given out by planted items alone, so that circles among them are the planted ones and no others."""
CIRCLES = ((0, 1), (2, 3, 4), (5, 6, 7, 8, 9))
"""Each as proofs: who gives the first demands the second, and the last the first."""
SHARED = (10, (11, 12), (13, 14))
"""A flower: the first proof demands one of each petal, each petal leads back; two circles that share no demand."""

Element = dict[str, Any]


def flaw_no_audience(guide: Element) -> None:
    guide["audience"] = []


def flaw_no_charge_told(guide: Element) -> None:
    guide["charged"], guide["fees"] = None, []


def flaw_no_bases(guide: Element) -> None:
    guide["bases"] = []


def flaw_vague_basis(guide: Element) -> None:
    guide["bases"] = [*guide["bases"], {"title": "上级文件精神"}]


def flaw_vague_condition(guide: Element) -> None:
    guide["conditions"] = [*guide.get("conditions", []), {"text": "符合法律、法规规定的其他条件"}]


def _material(guide: Element, **more: Any) -> None:
    asked = {"source": "20", "issuer": "有关单位", "basis": "《某某条例》第八条"}
    guide["materials"] = [*guide["materials"], {**asked, **more}]


def flaw_vague_material(guide: Element) -> None:
    _material(guide, name="法律法规规定的其他材料")


def flaw_village_proof(guide: Element) -> None:
    _material(guide, name="养犬证明", issuer="居委会")


def flaw_proof_without_basis(guide: Element) -> None:
    _material(guide, name="工作经历证明", issuer="用人单位", basis="")


def flaw_asked_twice(guide: Element) -> None:
    first = guide["materials"][0]
    guide["materials"] = [*guide["materials"], {**first, "name": f"{first['name']}(复印件)"}]


def flaw_charge_without_list(guide: Element) -> None:
    guide["charged"], guide["fees"] = True, []


def flaw_fee_without_basis(guide: Element) -> None:
    guide["charged"], guide["fees"] = True, [{"name": "工本费", "standard": "10元/证"}]


def flaw_free_but_with_fees(guide: Element) -> None:
    guide["charged"], guide["fees"] = False, [{"name": "工本费", "standard": "10元/证", "basis": "发改价格〔2016〕1号"}]


def flaw_slower_than_law(guide: Element) -> None:
    guide["case_type"] = "2"
    guide["promised_limit"], guide["statutory_limit"] = {"value": 40}, {"value": 20}


def flaw_at_once_in_days(guide: Element) -> None:
    guide["case_type"], guide["promised_limit"], guide["statutory_limit"] = "1", {"value": 5}, {"value": 20}


def flaw_visit_without_reason(guide: Element) -> None:
    guide["visits"], guide["visit_reason"], guide["online_depth"] = 1, "", ""


def flaw_online_but_come(guide: Element) -> None:
    guide["visits"], guide["visit_reason"], guide["online_depth"] = 1, "核验原件", "4"


def flaw_complain_to_whom_one_asks(guide: Element) -> None:
    guide["complaint"] = {**guide["complaint"], "phone": guide["consult"]["phone"]}


def flaw_vague_name(guide: Element) -> None:
    guide["name"] += "等业务"


FLAWS: dict[str, Callable[[Element], None]] = {
    "WZ02": flaw_no_audience,
    "WZ07": flaw_no_charge_told,
    "YJ01": flaw_no_bases,
    "YJ07": flaw_vague_basis,
    "TJ02": flaw_vague_condition,
    "CL03": flaw_vague_material,
    "CL04": flaw_village_proof,
    "CL06": flaw_proof_without_basis,
    "CL12": flaw_asked_twice,
    "SF01": flaw_charge_without_list,
    "SF02": flaw_fee_without_basis,
    "SF04": flaw_free_but_with_fees,
    "SX01": flaw_slower_than_law,
    "SX04": flaw_at_once_in_days,
    "DC01": flaw_visit_without_reason,
    "DC04": flaw_online_but_come,
    "LX01": flaw_complain_to_whom_one_asks,
    "MC03": flaw_vague_name,
}
WRONG_CODE = "BM02"
PLANTED_RULES = (*FLAWS, WRONG_CODE)


def _samples() -> list[Element]:
    return [
        each["guide"]
        for path in sorted((ROOT / "data/demo/guides").glob("*.json"))
        for each in json.loads(path.read_text("utf-8"))
    ]


def clean_guides() -> list[Element]:
    """Guides with materials in which, read one by one, none of the planted rules finds anything."""
    rules = [rule for rule in plain_rulebook(DAY) if rule.code in PLANTED_RULES]
    fit = [each for each in _samples() if each.get("materials") and each.get("conditions")]
    return [each for each in fit if not examine(Guide.model_validate(each), rules)]


def _real_names() -> list[str]:
    listed = [each["name"] for each in json.loads((ROOT / "data/samples/items.json").read_text("utf-8"))]
    vague = next(rule for rule in plain_rulebook(DAY) if rule.code == "MC03")
    return [name for name in dict.fromkeys(listed) if not examine(Guide(name=name), [vague])]


def _apart(names: list[str]) -> list[str]:
    """Names of which no two are one item, or look so; later ones give way."""
    items = pa.Table.from_pylist([{"name": each, "division": "x", "level": "4"} for each in names], ITEMS)
    gone = {row for found in duplicates(items) for row in sorted(found.rows)[1:]}
    return [name for row, name in enumerate(names) if row not in gone]


@dataclass(slots=True)
class Planted:
    """What the catalogue holds on purpose. Rows are those of the items; unity by the item's usual name."""

    flaws: set[tuple[int, str]] = field(default_factory=set)
    circles: set[frozenset[int]] = field(default_factory=set)
    cut: int = 0
    same: set[tuple[int, ...]] = field(default_factory=set)
    near: set[tuple[int, ...]] = field(default_factory=set)
    unity: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Base:
    """An item as the province words it; its guide, and the proof it gives out."""

    name: str
    guide: Element


class Parts:
    """What a catalogue is made of: the items as the province words them, and what is planted by name."""

    def __init__(self) -> None:
        self.guides = clean_guides()
        givers = [f"{proof}开具" for proof in PROOFS]
        apart = _apart([*givers, *_real_names()])
        assert apart[: len(givers)] == givers
        names = [each for each in apart[len(givers) :] if not self._gives_planted(each)]
        self.twins = [(row, twin) for row, name in enumerate(names) if (twin := _twin(name))]
        self.likes = self._likes(names, givers)
        bases = [self._base(number, name) for number, name in enumerate(names)]
        self.bases = [*_without_circles(bases), *(Base(each, self._circle_guide(each)) for each in givers)]
        self.ordinary = len(names)

    def _gives_planted(self, name: str, result: str = "") -> bool:
        made = made_by(name, result, shipped_dictionary())
        return made is not None and made.proof in {shipped_dictionary().meaning(each).proof for each in PROOFS}

    def _base(self, number: int, name: str) -> Base:
        """Each sample's result is given by the first item alone that takes its guide."""
        guide = dict(self.guides[number % len(self.guides)])
        if number >= len(self.guides) or self._gives_planted(name, guide.get("result_name", "")):
            guide["result_name"] = "办理结果"
        return Base(name, {**guide, "name": name})

    def _circle_guide(self, name: str) -> Element:
        guide = {**self.guides[0], "name": name, "result_name": name.removesuffix("开具")}
        return {**guide, "materials": [dict(guide["materials"][0], name="申请表", type="2")]}

    def _likes(self, names: list[str], givers: list[str]) -> list[tuple[int, str]]:
        """Items with a name that only looks like theirs, and like no other's."""
        tried = [
            (row, f"专项{name}")
            for row, name in enumerate(names)
            if same(name, f"专项{name}").likeness is Likeness.NEAR
        ]
        everything = [*names, *givers, *(like for _, like in tried)]
        items = pa.Table.from_pylist([{"name": each, "division": "x", "level": "4"} for each in everything], ITEMS)
        found: dict[int, list[tuple[int, ...]]] = {}
        for each in duplicates(items):
            for row in each.rows:
                found.setdefault(row, []).append(each.rows)
        begin = len(names) + len(givers)
        return [each for place, each in enumerate(tried) if found.get(begin + place) == [(each[0], begin + place)]]


def _twin(name: str) -> str:
    """The same item otherwise written: the act first, or quotation marks; "" when the name offers neither."""
    for act in ("补领", "换领", "申领", "注销", "登记", "备案", "查询", "咨询"):
        if name.endswith(act) and same(name, turned := act + name.removesuffix(act)).likeness is Likeness.SAME:
            return turned
    return ""


def _without_circles(bases: list[Base]) -> list[Base]:
    """No item may need what it takes a circle to get: such demands are met by sharing."""
    dictionary = shipped_dictionary()
    gives: dict[str, set[int]] = {}
    for number, base in enumerate(bases):
        if made := made_by(base.name, base.guide.get("result_name", ""), dictionary):
            gives.setdefault(made.proof, set()).add(number)
    rank: dict[str, int] = {proof: place for place, proof in enumerate(gives)}
    return [
        _only_earlier(base, {rank[p] for p, who in gives.items() if n in who}, rank) for n, base in enumerate(bases)
    ]


def _only_earlier(base: Base, given: set[int], rank: dict[str, int]) -> Base:
    """What the item gives comes after all it demands in one order of proofs, so there is no way round."""
    meaning = shipped_dictionary().meaning
    if not given:
        return base
    materials = [
        {**each, "shared": True, "shared_from": "有关部门"}
        if rank.get(meaning(each["name"]).proof, -1) >= min(given)
        else each
        for each in base.guide["materials"]
    ]
    return Base(base.name, {**base.guide, "materials": materials})


@dataclass(frozen=True, slots=True)
class Place:
    code: str
    name: str
    level: str
    city: int


class Catalogue:
    """A catalogue of so many counties. The same seed gives the same catalogue."""

    def __init__(self, parts: Parts, counties: int, seed: int = 1) -> None:
        self.parts, self.counties, self.seed = parts, counties, seed
        self.planted = Planted()
        self.places: list[Place] = []
        self.base: np.ndarray
        self.place: np.ndarray
        self.names: dict[int, str] = {}
        self.asks: dict[int, list[str]] = {}
        self.heavier: set[int] = set()
        self._lay_out()
        self._plant()

    def _lay_out(self) -> None:
        """Which item stands where: every county has all, a town and a village the ones for them."""
        chance = np.random.default_rng(self.seed)
        all_of_them = chance.permutation(self.parts.ordinary)
        bases, places = [], []
        for place, count in self._divisions():
            number = len(self.places)
            self.places.append(place)
            taken = all_of_them[:count]
            bases.append(taken)
            places.append(np.full(len(taken), number))
        self.base, self.place = np.concatenate(bases), np.concatenate(places)

    def _divisions(self) -> Iterator[tuple[Place, int]]:
        for county in range(self.counties):
            city = county // COUNTIES_OF_CITY
            code = f"44{city + 1:02}{county % COUNTIES_OF_CITY + 21}"
            name = SIGNS[county % len(SIGNS)] + SIGNS[county // len(SIGNS) % len(SIGNS) - 5] + "县"
            yield Place(code, name, "4", city), ITEMS_OF_COUNTY
            for town in range(TOWNS):
                yield Place(f"{code}{town + 100}", f"{name}{SIGNS[town]}镇", "5", city), ITEMS_OF_TOWN
                for village in range(VILLAGES):
                    village_code = f"{code}{town + 100}{village + 201}"
                    yield Place(village_code, f"{name}{SIGNS[town]}镇{SIGNS[village]}村", "6", city), ITEMS_OF_VILLAGE

    @property
    def size(self) -> int:
        return len(self.base)

    def _plant(self) -> None:
        chance = random.Random(self.seed)
        homes = [number for number, place in enumerate(self.places) if place.level == "4"]
        starts = np.searchsorted(self.place, homes).tolist()
        added: list[tuple[int, int]] = []
        self._add_local(chance, added)
        for home, start in zip(homes, starts, strict=True):
            self._plant_circles(home, added)
            self._plant_twins(home, start, chance, added)
            self._plant_difference(start, chance)
        self.base = np.concatenate([self.base, [base for base, _ in added]]).astype(np.int64)
        self.place = np.concatenate([self.place, [place for _, place in added]]).astype(np.int64)
        self._plant_flaws(chance)

    def _add_local(self, chance: random.Random, added: list[tuple[int, int]]) -> None:
        """Items no other place has, under names of their own."""
        signs = sorted(set("".join(each.name for each in self.parts.bases)) - set("其它他若干等相关有()(),、《》“”"))
        for number, place in enumerate(self.places):
            for _ in range(LOCAL[place.level]):
                base = chance.randrange(self.parts.ordinary)
                name = "".join(chance.choices(signs, k=6)) + chance.choice(LOCAL_ACTS)
                self.names[self._add(base, number, added)] = name

    def _add(self, base: int, place: int, added: list[tuple[int, int]]) -> int:
        added.append((base, place))
        return len(self.base) + len(added) - 1

    def _plant_circles(self, place: int, added: list[tuple[int, int]]) -> None:
        rows = {number: self._add(self.parts.ordinary + number, place, added) for number in range(len(PROOFS))}
        for circle in CIRCLES:
            for number, following in zip(circle, (*circle[1:], circle[0]), strict=True):
                self.asks[rows[number]] = [PROOFS[following]]
            self.planted.circles.add(frozenset(rows[each] for each in circle))
        heart, *petals = SHARED
        self.asks[rows[heart]] = [PROOFS[petal[0]] for petal in petals]
        for first, second in petals:
            self.asks[rows[first]], self.asks[rows[second]] = [PROOFS[second]], [PROOFS[heart]]
            self.planted.circles.add(frozenset((rows[heart], rows[first], rows[second])))
        self.planted.cut += len(CIRCLES) + len(petals)

    def _plant_twins(self, place: int, start: int, chance: random.Random, added: list[tuple[int, int]]) -> None:
        """Two items there twice under another order of words, and one that has a neighbour looking alike."""
        stand = {int(base): row for row, base in enumerate(self.base[start : start + ITEMS_OF_TOWN], start)}
        for base, name in chance.sample([each for each in self.parts.twins if each[0] in stand], 2):
            row = self._add(base, place, added)
            self.names[row] = name
            self.planted.same.add((stand[base], row))
            self.planted.unity.add(self.parts.bases[base].name)
        base, name = chance.choice([each for each in self.parts.likes if each[0] in stand])
        row = self._add(base, place, added)
        self.names[row] = name
        self.planted.near.add((stand[base], row))

    def _plant_difference(self, start: int, chance: random.Random) -> None:
        """Of two items, which towns have too, this county takes longer and asks for more than the others."""
        for row in chance.sample(range(start, start + ITEMS_OF_TOWN), 2):
            self.heavier.add(row)
            self.planted.unity.add(self.parts.bases[int(self.base[row])].name)

    def _plant_flaws(self, chance: random.Random) -> None:
        apart = {*self.names, *self.asks, *self.heavier}
        for row in chance.sample(range(self.size), self.size // FLAWED):
            if row not in apart:
                self.planted.flaws.add((row, PLANTED_RULES[len(self.planted.flaws) % len(PLANTED_RULES)]))

    # The columns

    @cached_property
    def tables(self) -> Tables:
        rows = np.arange(self.size)
        columns = {
            "item_id": pa.array(rows),
            "guid": pc.binary_join_element_wise("44", pc.utf8_lpad(pa.array(rows).cast(pa.string()), 30, "0"), ""),
            "name": self._names(),
            "organ_kind": pa.repeat("department", self.size),
            "kind": pa.repeat("20", self.size),
            "state": pa.repeat("active", self.size),
            "volume": pa.array(rows * 7919 % 4000),
            **self._of_place(),
            **self._of_base(),
        }
        blank = {each.name: pa.nulls(self.size, each.type) for each in ITEMS if each.name not in columns}
        items = pa.table({**columns, **blank}).select(ITEMS.names).cast(ITEMS)
        return Tables(items, self._demands())

    def _names(self) -> pa.Array:
        names = pa.array([each.name for each in self.parts.bases]).take(pa.array(self.base)).to_pylist()
        for row, name in self.names.items():
            names[row] = name
        return pa.array(names)

    def _of_place(self) -> dict[str, pa.Array]:
        taken = pa.array(self.place)
        told = {
            "division": [each.code for each in self.places],
            "level": [each.level for each in self.places],
        }
        office = np.where(
            np.asarray([each.level == "4" for each in self.places])[self.place], self.base % len(OFFICES), 0
        )
        numbers = self.place * len(OFFICES) + office
        organs = [self.organ(place, office) for place in range(len(self.places)) for office in range(len(OFFICES))]
        return {
            **{name: pa.array(values).take(taken) for name, values in told.items()},
            "organ_id": pa.array(numbers),
            "organ": pa.array(organs).take(pa.array(numbers)),
        }

    def organ(self, place: int, office: int) -> str:
        where = self.places[place]
        return where.name + {"4": OFFICES[office], "5": "人民政府", "6": "村民委员会"}[where.level]

    def _of_base(self) -> dict[str, pa.Array]:
        measures = [_measures(each.guide) for each in self.parts.bases]
        columns = {name: np.asarray([each[name] for each in measures])[self.base] for name in measures[0]}
        heavier = np.asarray(sorted(self.heavier), np.int64)
        columns["days"][heavier] += 12
        columns["materials"][heavier] += 4
        for row, asks in self.asks.items():
            columns["materials"][row] = 1 + len(asks)
        results = pa.array([each.guide.get("result_name", "") for each in self.parts.bases])
        taken = pa.array(self.base)
        return {**{name: pa.array(values) for name, values in columns.items()}, "result_name": results.take(taken)}

    def _demands(self) -> pa.Table:
        """Rows of the province's demands, repeated; then those of planted items."""
        plain = [
            _demand(each, place) for base in self.parts.bases for place, each in enumerate(base.guide["materials"])
        ]
        counts = np.asarray([len(base.guide["materials"]) for base in self.parts.bases])
        begins = np.cumsum(counts) - counts
        of_row = counts[self.base]
        owners = np.repeat(np.arange(self.size), of_row)
        offset = np.arange(len(owners)) - np.repeat(np.cumsum(of_row) - of_row, of_row)
        table = pa.Table.from_pylist(plain).take(pa.array(np.repeat(begins[self.base], of_row) + offset))
        table = table.append_column("item_id", pa.array(owners))
        more = [
            {"item_id": row, **_demand({"name": name, "issuer": "有关单位"}, place)}
            for row, asks in (*self.asks.items(), *((row, EXTRA) for row in sorted(self.heavier)))
            for place, name in enumerate(asks, 50)
        ]
        known = {
            each.name: table[each.name] if each.name in table.column_names else pa.nulls(len(table), each.type)
            for each in DEMANDS
        }
        return pa.concat_tables([pa.table(known).cast(DEMANDS), pa.Table.from_pylist(more, DEMANDS)])

    # The guides

    def write_guides(self, path: Path) -> None:
        """As one Parquet file, a few thousand rows at a time."""
        flaws = dict(self.planted.flaws)
        with pq.ParquetWriter(path, GUIDES, compression="zstd", compression_level=1) as writer:
            for begin in range(0, self.size, ROWS_AT_ONCE):
                rows = [
                    self._row(row, flaws.get(row, "")) for row in range(begin, min(begin + ROWS_AT_ONCE, self.size))
                ]
                columns = list(zip(*rows, strict=True))
                writer.write_table(
                    pa.Table.from_arrays(
                        [pa.array(c, f.type) for c, f in zip(columns, GUIDES, strict=True)], schema=GUIDES
                    )
                )

    def _row(self, row: int, flaw: str) -> tuple[Any, ...]:
        base, place = int(self.base[row]), int(self.place[row])
        office = base % len(OFFICES) if self.places[place].level == "4" else 0
        uscc = _uscc(self.places[place].code[:6], place * len(OFFICES) + office)
        said = uscc if flaw != WRONG_CODE else uscc[:-1] + ("0" if uscc[-1] != "0" else "1")
        code = f"{said}{self.places[place].level}442020{base:06}"
        plain = not flaw and row % EDITED and row not in self.names and row not in self.asks and row not in self.heavier
        content = self._plain(row, base, place, office) if plain else _json(self.guide(row, flaw))
        return row, content, "20", code, self.organ(place, office), "department", uscc, row * 7919 % 4000

    def guide(self, row: int, flaw: str = "") -> Element:
        """The guide as a document: the province's text, the city's wording, the organ's places, its own edits, the defect."""
        base, place = int(self.base[row]), int(self.place[row])
        office = base % len(OFFICES) if self.places[place].level == "4" else 0
        guide = {**self._worded(base, self.places[place].city), **self._own(place, office)}
        guide["name"] = self.names.get(row, guide["name"])
        if "online_url" in guide:
            guide["online_url"] = f"https://fuwu.shili.example/{row}"
        if row % EDITED == 0:
            self._edit(guide, row)
        for name in self.asks.get(row, EXTRA if row in self.heavier else ()):
            _material(guide, name=name)
        if row in self.heavier:
            limit = guide["promised_limit"]
            guide["promised_limit"] = {
                "value": 12
                + int(working_days(Guide(promised_limit=limit).promised_limit, shipped_days(), at_most=False) or 0)
            }
            guide["statutory_limit"], guide["case_type"] = {"value": 90}, "2"
        if flaw in FLAWS:
            FLAWS[flaw](guide)
        return guide

    def _worded(self, base: int, city: int) -> Element:
        guide = self.parts.bases[base].guide
        first, *others = guide["materials"]
        condition, *conditions = guide["conditions"]
        return {
            **guide,
            "materials": [{**first, "note": f"样式以第{city}市公布的为准"}, *others],
            "conditions": [{**condition, "text": f"{condition['text']}(第{city}市)"}, *conditions],
        }

    def _own(self, place: int, office: int) -> Element:
        organ, number = self.organ(place, office), place * len(OFFICES) + office
        hall = {
            "name": f"{self.places[place].name}便民服务中心",
            "address": f"{self.places[place].name}安样路{number % 300 + 1}号",
            "window": f"{office + 1}号窗口",
            "hours": "工作日 8:30—12:00,14:00—17:30",
        }
        return {
            "undertaker": organ,
            "places": [hall],
            "consult": {"phone": f"020-8{number:07}", "ways": ["1", "2"]},
            "complaint": {"phone": "020-12345", "ways": ["1"]},
        }

    def _edit(self, guide: Element, row: int) -> None:
        first, *others = guide["materials"]
        guide["materials"] = [{**first, "requirement": f"按本单位第{row}号告示填写"}, *others]
        guide["conditions"] = [*guide["conditions"], {"text": f"见本单位第{row}号告示", "basis": "本单位告示"}]

    def _plain(self, row: int, base: int, place: int, office: int) -> bytes:
        """As `guide` says it; the parts many guides share are written once."""
        url = (
            b',"online_url":"https://fuwu.shili.example/%d"' % row
            if "online_url" in self.parts.bases[base].guide
            else b""
        )
        return b"{%b,%b%b}" % (self._common(base, self.places[place].city), self._organ_text(place, office), url)

    def _common(self, base: int, city: int) -> bytes:
        known = self._commons.get((base, city))
        if known is None:
            left_out = {*self._own(0, 0), "online_url"}
            worded = self._worded(base, city)
            known = self._commons[base, city] = _json({n: v for n, v in worded.items() if n not in left_out})[1:-1]
        return known

    def _organ_text(self, place: int, office: int) -> bytes:
        if (place, office) not in self._organs:
            if len(self._organs) > ROWS_AT_ONCE:
                self._organs.clear()
            self._organs[place, office] = _json(self._own(place, office))[1:-1]
        return self._organs[place, office]

    @cached_property
    def _commons(self) -> dict[tuple[int, int], bytes]:
        return {}

    @cached_property
    def _organs(self) -> dict[tuple[int, int], bytes]:
        return {}


EXTRA = ["业务情况表", "自查报告", "整改情况说明", "单位意见书面材料"]
"""What a county asks for beyond the others."""


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _measures(guide: Element) -> dict[str, Any]:
    read = Guide.model_validate(guide)
    return {
        "materials": sum(not each.shared for each in read.materials),
        "steps": len(read.steps),
        "days": working_days(read.promised_limit, shipped_days(), at_most=False) or 0.0,
        "visits": read.visits or 0,
        "fee_items": len(read.fees),
    }


def _demand(material: Element, position: int) -> dict[str, Any]:
    return {
        "position": position,
        "proof": material["name"],
        "issuer": material.get("issuer", ""),
        "required": material.get("necessity", "1") == "1",
        "shared": material.get("shared", False),
        "commitment": material.get("commitment_ok", False),
        "has_basis": bool(material.get("basis", "")),
    }


@lru_cache(ROWS_AT_ONCE)
def _uscc(division: str, number: int) -> str:
    eight = f"{number:08}"
    body = f"11{division}{eight}{organisation_check(eight)}"
    return body + uscc_check(body)
