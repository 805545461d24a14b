"""Search: how well it answers real questions, how fast it does among many items, how large the index is.

Quality is judged on the sample catalogue (a real district's list and 124 guides) against what one gets without
our words: tantivy as it comes, and the same engine with segmented words but no synonyms, pinyin or mended slips.
Speed is `queries.find` as the portal calls it: two facets, exact count, facet counts, marked hits; the questions are
the labelled ones, slips and pinyin among them. The baseline of speed is SQLite FTS5 and LIKE on the same items.
"""

import json
import os
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import Outcome

FAST_ENOUGH_MS = 10.0
GOOD_ENOUGH = 0.85
PLACES = [f"{town}{part}" for town in ("东", "南", "西", "北", "中") for part in ("山镇", "河镇", "桥街道", "湖街道")]
TRIES = 3
LARGEST_FOR_SQLITE = 100_000


def run(quick: bool) -> Outcome:
    with _django_home():
        quality, good = _quality()
        sizes = [10_000] if quick else [100_000, 1_000_000]
        speeds = [_speed(size) for size in sizes]
    p95 = speeds[0]["p95"]
    figures = f"{quality} · " + " · ".join(_words(each) for each in speeds)
    return Outcome(holds=good and p95 <= FAST_ENOUGH_MS, figures=figures)


@contextmanager
def _django_home() -> Iterator[None]:
    """A home and a database of its own, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="banshi-bench-") as home:
        os.environ |= {"BANSHI_HOME": home, "DJANGO_SETTINGS_MODULE": "banshi.config.settings"}
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        yield


# The sample catalogue


def sample_entries() -> list[Any]:
    """The rows of the district's list and the guides of the samples, as the index takes them."""
    from django.conf import settings
    from python_calamine import CalamineWorkbook

    samples = settings.DATA / "samples"
    rows = CalamineWorkbook.from_path(str(samples / "catalogue-guangan.xlsx")).get_sheet_by_index(0).to_python()
    guides = [
        each
        for each in json.loads((samples / "items.json").read_text("utf-8"))
        if each["guide"] or each["source_kind"] == "composed"
    ]
    listed = list(_listed([row for row in rows if isinstance(row[0], float)]))
    return listed + [_guided(len(listed) + number, each) for number, each in enumerate(guides, 1)]


def city_entries() -> list[Any]:
    """The example city's guides, and the samples beside them as items of other places."""
    from django.conf import settings

    from banshi.search.documents import IndexedItem

    away = [replace(each, elsewhere=True) for each in sample_entries()]
    guides = [
        made["guide"]
        for file in sorted((settings.DATA / "demo" / "guides").glob("*.json"))
        for made in json.loads(file.read_text("utf-8"))
        if made["state"] == "published"
    ]
    own = [
        IndexedItem(
            id=number,
            guid=str(number),
            name=each["name"],
            aliases=tuple(each.get("aliases", [])),
            summary=each.get("summary", ""),
            organ_name=each.get("undertaker", ""),
            level=each.get("level", ""),
            audiences=("person",) if "1" in each.get("audience", []) else ("company",),
            materials=" ".join(material["name"] for material in each.get("materials", [])),
            body=" ".join(
                [
                    *(condition["text"] for condition in each.get("conditions", [])),
                    each.get("result_name", ""),
                    *(f"{faq['question']} {faq['answer']}" for faq in each.get("faqs", [])),
                ]
            ),
            has_guide=True,
            is_example=True,
        )
        for number, each in enumerate(guides, len(away) + 1)
    ]
    return away + own


def _listed(rows: list[list[Any]]) -> Iterator[Any]:
    from banshi.search.documents import IndexedItem

    organ = ""
    for number, row in enumerate(rows, 1):
        organ = str(row[3] or organ)
        yield IndexedItem(
            id=number,
            guid=str(number),
            name=str(row[1]),
            organ_name=organ,
            category_name=str(row[2]),
            level="4",
            audiences=("person",),
        )


def _guided(number: int, item: dict[str, Any]) -> Any:
    from banshi.search.documents import IndexedItem

    guide = item["guide"] or {}
    return IndexedItem(
        id=number,
        guid=str(number),
        name=item["name"],
        organ_name=item["dept"],
        category_name=item["category"],
        level="4",
        audiences=("person",),
        materials=" ".join(each["name"] for each in guide.get("materials", [])),
        body=" ".join([*guide.get("conditions", []), str(guide.get("result", ""))]),
        has_guide=bool(guide),
    )


# Quality


def _quality() -> tuple[str, bool]:
    from banshi.search.relevance_eval import Marks, judge, questions

    entries = sample_entries()
    ways: dict[str, Callable[[str], list[str]]] = {
        "tantivy as it comes": _tantivy_as_it_comes(entries),
        "words, no synonyms": _plain_words(entries),
        "banshi": _ours(entries),
    }
    print(f"{len(entries)} items, {len(questions())} questions (success@1 @3 @10 · MRR)")
    marks: dict[str, Marks] = {}
    for name, ask in ways.items():
        marks[name] = judge(ask, questions())
        for half in (False, True):
            print(f"  {name:20} {'held out' if half else 'tuning':9} {_line(marks[name].half(held_out=half))}")
    ours, best_other = (marks[name].half(held_out=True) for name in ("banshi", "words, no synonyms"))
    good = ours.within(3) >= GOOD_ENOUGH and ours.within(3) > best_other.within(3)
    return (
        f"held-out questions answered in the first 3: {ours.within(3):.0%} (baseline {best_other.within(3):.0%})",
        good,
    )


def _line(marks: Any) -> str:
    return " ".join(f"{marks.within(depth):6.1%}" for depth in (1, 3, 10)) + f" · {marks.reciprocal_rank:.3f}"


def _ours(entries: list[Any]) -> Callable[[str], list[str]]:
    from banshi.search.queries import find

    index_of(entries)
    return lambda text: [hit.name for hit in find(text, per_page=10).hits]


def _tantivy_as_it_comes(entries: list[Any]) -> Callable[[str], list[str]]:
    return _baseline(entries, lambda text: text, "default")


def _plain_words(entries: list[Any]) -> Callable[[str], list[str]]:
    from banshi.search.vocabulary import cut_small

    return _baseline(entries, lambda text: " ".join(cut_small(text)), "whitespace")


def _baseline(entries: list[Any], words: Callable[[str], str], tokenizer: str) -> Callable[[str], list[str]]:
    import tantivy

    build = tantivy.SchemaBuilder()
    build.add_text_field("shown", stored=True, tokenizer_name="raw")
    build.add_text_field("text", tokenizer_name=tokenizer)
    index = tantivy.Index(build.build())
    writer = index.writer(20_000_000, 1)
    for each in entries:
        text = words(f"{each.name} {each.organ_name} {each.materials} {each.body}")
        writer.add_document(tantivy.Document(shown=each.name, text=text))
    writer.commit()
    index.reload()

    def ask(text: str) -> list[str]:
        query, _ = index.parse_query_lenient(words(text), ["text"])
        searcher = index.searcher()
        return [str(searcher.doc(address).get_first("shown")) for _, address in searcher.search(query, 10).hits]

    return ask


def index_of(entries: Any) -> tuple[float, float]:
    """Write them as the index in use; seconds it took, and its megabytes."""
    from django.conf import settings

    from banshi.core.ids import new_guid
    from banshi.search.index import put_in_place, write_index

    name, begun = new_guid().hex, time.perf_counter()
    write_index(Path(settings.SEARCH_INDEX) / name, entries)
    put_in_place(name)
    took = time.perf_counter() - begun
    size = sum(file.stat().st_size for file in (Path(settings.SEARCH_INDEX) / name).iterdir())
    return took, size / 1e6


# Speed


def _speed(size: int) -> dict[str, Any]:
    from banshi.search.queries import find
    from banshi.search.relevance_eval import questions

    took, megabytes = index_of(_many(size))
    rng = random.Random(7)
    asked = [(each.text, _two_facets(rng)) for each in questions()]
    find("社保卡")
    ours = [_best(partial(find, text, filters=facets)) for text, facets in asked]
    used = [_best(partial(find, text, filters=facets), time.process_time) for text, facets in asked]
    figures = {"size": size, "p50": _rank(ours, 50), "p95": _rank(ours, 95), "cpu95": _rank(used, 95), "mb": megabytes}
    print(
        f"{size:,} items: index {megabytes:.0f} MB, built in {took:.0f} s · {len(ours)} questions, two facets each: "
        f"p50 {figures['p50']:.1f} p95 {figures['p95']:.1f} max {max(ours):.1f} ms, of the processor p50 {_rank(used, 50):.1f} "
        f"p95 {figures['cpu95']:.1f} ms · {_resident():.0f} MB resident · load {os.getloadavg()[0]:.0f}",
        flush=True,
    )
    if size > LARGEST_FOR_SQLITE:
        return figures
    fts, like = _sqlite(size, asked[::4])
    print(
        f"  baseline on the same items, words as typed: SQLite FTS5 p50 {_rank(fts, 50):.1f} p95 {_rank(fts, 95):.1f} ms, "
        f"LIKE p50 {_rank(like, 50):.1f} ms",
        flush=True,
    )
    return figures | {"fts": _rank(fts, 95)}


def _best(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Milliseconds; of a few tries, because other processes take turns on the same cores."""
    return min(_milliseconds(work, clock) for _ in range(TRIES))


def _words(figures: dict[str, Any]) -> str:
    other = f" (SQLite FTS5 p95 {figures['fts']:.0f} ms)" if "fts" in figures else ""
    return (
        f"{figures['size']:,} items p50 {figures['p50']:.1f} p95 {figures['p95']:.1f} ms{other}, "
        f"{figures['cpu95']:.1f} ms of the processor, "
        f"index {figures['mb']:.0f} MB"
    )


def _many(size: int) -> Iterator[Any]:
    """Items named after real ones, in many places, of many organs."""
    real = sample_entries()
    with_guide = [each for each in real if each.has_guide]
    categories, organs = _labels()
    rng = random.Random(11)
    for number in range(1, size + 1):
        base, text = real[number % len(real)], rng.choice(with_guide)
        place = rng.choice(PLACES)
        yield replace(
            base,
            id=number,
            guid=f"{number:032x}",
            name=f"{base.name}({place}{number // len(real)}号)" if number > len(real) else base.name,
            materials=text.materials,
            body=text.body,
            organ=rng.choice(organs),
            category=rng.choice(categories),
            level=rng.choice("3456"),
            audiences=rng.choice([("person",), ("company",), ("person", "company")]),
            online=rng.random() < 0.5,
            has_guide=rng.random() < 0.5,
        )


def _labels() -> tuple[list[str], list[int]]:
    """Thirteen categories and sixty organs, in the database, for the facets' words."""
    from banshi.catalog.models import Category
    from banshi.people.models import Division, Organ

    division, _ = Division.objects.get_or_create(code="990102", defaults={"name": "示例县", "level": 4})
    for number in range(13):
        Category.objects.get_or_create(code=f"c{number}", defaults={"name": f"类别{number}"})
    for number in range(60):
        Organ.objects.get_or_create(name=f"示例局{number}", division=division, defaults={"kind": "department"})
    return list(Category.objects.values_list("code", flat=True)), list(Organ.objects.values_list("pk", flat=True))


def _two_facets(rng: random.Random) -> dict[str, list[str]]:
    choices = {
        "level": [rng.choice("3456")],
        "audience": [rng.choice(["person", "company"])],
        "online": [rng.choice("01")],
        "category": [f"c{rng.randrange(13)}", f"c{rng.randrange(13)}"],
    }
    return {name: choices[name] for name in rng.sample(sorted(choices), 2)}


def _sqlite(size: int, asked: list[tuple[str, dict[str, list[str]]]]) -> tuple[list[float], list[float]]:
    """The same words and facets asked of SQLite: FTS5 on segmented text, and LIKE on names."""
    from banshi.search.vocabulary import cut_small

    with tempfile.TemporaryDirectory() as folder:
        base = sqlite3.connect(Path(folder) / "fts.sqlite3")
        base.execute("CREATE VIRTUAL TABLE words USING fts5(text, content='')")
        base.execute("CREATE TABLE items(id INTEGER PRIMARY KEY, name, level, online, category, audience)")
        for each in _many(size):
            base.execute(
                "INSERT INTO words(rowid, text) VALUES (?, ?)",
                (each.id, " ".join(cut_small(f"{each.name} {each.materials} {each.body}"))),
            )
            base.execute(
                "INSERT INTO items VALUES (?,?,?,?,?,?)",
                (each.id, each.name, each.level, int(each.online), each.category, ",".join(each.audiences)),
            )
        base.commit()
        fts = [_best(partial(_ask_sqlite, base, "words MATCH ?", [_fts(text)], facets)) for text, facets in asked]
        like = [_best(partial(_ask_sqlite, base, "name LIKE ?", [f"%{text}%"], facets)) for text, facets in asked]
        base.close()
    return fts, like


def _fts(text: str) -> str:
    from banshi.search.vocabulary import cut

    return " ".join(f'"{word}"' for word in cut(text))


def _ask_sqlite(base: sqlite3.Connection, match: str, values: list[str], facets: dict[str, list[str]]) -> None:
    """A page, its exact count and one facet's counts; the least a results page needs."""
    source = "words JOIN items ON items.id = words.rowid" if match.startswith("words") else "items"
    where = [match]
    for name, chosen in facets.items():
        where.append(
            f"items.{name} LIKE ?" if name == "audience" else f"items.{name} IN ({','.join('?' * len(chosen))})"
        )
        values = values + ([f"%{chosen[0]}%"] if name == "audience" else chosen)
    condition = " AND ".join(where)
    order = "ORDER BY rank" if match.startswith("words") else ""
    base.execute(f"SELECT items.id FROM {source} WHERE {condition} {order} LIMIT 20", values).fetchall()
    base.execute(f"SELECT count(*) FROM {source} WHERE {condition}", values).fetchall()
    base.execute(f"SELECT items.category, count(*) FROM {source} WHERE {condition} GROUP BY 1", values).fetchall()


def _milliseconds(work: Callable[[], object], clock: Callable[[], float]) -> float:
    begun = clock()
    work()
    return (clock() - begun) * 1000


def _rank(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 1e6
