"""A city of so many items, made by the real actions. `python -m benchmarks.city 10000` prints addresses to ask for."""

import json
import random
import sys
from pathlib import Path
from typing import Any

AT_ONCE = 500
DEEDS = (
    "新生儿参保登记",
    "小学入学报名",
    "养老保险转移",
    "公租房申请",
    "残疾人补贴申领",
    "居住证办理",
    "公积金提取",
    "就业困难认定",
)
WORDS = ["参保登记", "入学", "养老保险", "公租房", "补贴申领", "居住证", "提取公积金", "就业 困难", "ylbx", "小学报名"]
ORGANS, CATEGORIES = 40, 12


def prepare(count: int) -> dict[str, Any]:
    """An empty database filled; the addresses a visitor, an integrator and an official would ask for."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from banshi.search.index import rebuild

    settings.SERVING = False  # a command, though what is measured afterwards is a server
    call_command("migrate", verbosity=0)
    fill(count)
    rebuild()
    return _addresses()


def fill(count: int) -> None:
    from django.conf import settings

    from banshi.calendar.actions import load_arrangements
    from banshi.catalog.actions import NewItem, create_items, publish_many
    from banshi.catalog.models import Revision
    from banshi.core.clock import now
    from banshi.ledger import System

    load_arrangements(Path(settings.DATA) / "calendars", by=System("benchmark"), at=now())
    organs, categories = _organs(), _categories()
    by, at = System("benchmark"), now()
    for start in range(0, count, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, count))
        news = [NewItem(organs[n % ORGANS], guide(n), category=categories[n % CATEGORIES]) for n in numbers]
        items = create_items(news, by=by, at=at)
        publish_many(list(Revision.objects.filter(item__in=items)), by=by, at=at)


def _organs() -> list[Any]:
    from banshi.people.enums import DivisionLevel, OrganKind
    from banshi.people.models import Division, Organ

    county = Division.objects.create(code="990102", name="示例县", level=DivisionLevel.COUNTY)
    news = [Organ(name=f"示例{n}局", kind=OrganKind.DEPARTMENT, division=county) for n in range(ORGANS)]
    return Organ.objects.bulk_create(news)


def _categories() -> list[Any]:
    from banshi.catalog.models import Category

    return Category.objects.bulk_create(
        [Category(code=f"c{n}", name=f"类别{n}", icon="house") for n in range(CATEGORIES)]
    )


def guide(number: int) -> Any:
    """As full as a careful department's: five materials, five steps, four conditions, three questions."""
    from banshi.catalog.enums import Audience, HandleForm, StepKind
    from banshi.catalog.guide import document as d

    kinds = [StepKind.RECEIVE, StepKind.ACCEPT, StepKind.EXAMINE, StepKind.DECIDE, StepKind.DELIVER]
    return d.Guide(
        name=f"{DEEDS[number % len(DEEDS)]}(第{number}号)",
        summary="为符合条件的居民办理,办好后可以享受相应待遇。" * 2,
        audience=[Audience.PERSON],
        undertaker="综合业务科",
        conditions=[d.Condition(text=f"符合第{n}项规定的居民,且没有重复享受其他同类待遇。") for n in range(4)],
        bases=[d.Basis(title="中华人民共和国社会保险法", articles="第十条", text="职工应当参加基本养老保险。" * 5)],
        materials=[
            d.Material(name=f"材料{n}", issuer="公安机关", copies=1, requirement="字迹清楚,盖章齐全。")
            for n in range(5)
        ],
        steps=[
            d.Step(name=f"环节{n}", kind=kind, actor="窗口", limit=d.TimeLimit(value=1)) for n, kind in enumerate(kinds)
        ],
        promised_limit=d.TimeLimit(value=5),
        statutory_limit=d.TimeLimit(value=20),
        charged=False,
        handle_forms=[HandleForm.WINDOW],
        online=bool(number % 2),
        visits=1,
        visit_reason="核验身份",
        places=[d.Place(name="示例县政务服务中心", address="示例路1号2楼6号窗口", hours="工作日 9:00—17:00")],
        result_name="办理结果通知书",
        consult=d.Contact(phone="0000-1234567"),
        complaint=d.Contact(phone="0000-7654321"),
        faqs=[
            d.Faq(question=f"第{n}个常见问题是什么?", answer="请先电话咨询,再带齐材料到窗口办理。" * 3)
            for n in range(3)
        ],
    )


def _addresses() -> dict[str, Any]:
    from urllib.parse import quote

    from banshi.catalog.models import Item, Listing

    keys = list(Listing.objects.order_by("item_id").values_list("item_id", flat=True))
    guids = list(Item.objects.values_list("guid", flat=True))
    some = random.Random(1).sample(guids, min(500, len(guids)))
    return {
        "list_first": ["/api/v1/items"],
        "list_last": [f"/api/v1/items?after={keys[-26]}"],
        "bare_first": ["/bench/list"],
        "bare_last": [f"/bench/list?offset={len(keys) - 25}"],
        "category": [f"/categories/c{n}/" for n in range(CATEGORIES)],
        "detail": [f"/api/v1/items/{guid}/guide" for guid in some],
        "page": [f"/items/{guid}/" for guid in some],
        "page_one": [f"/items/{some[0]}/"],
        "search": [f"/search?q={quote(word)}" for word in WORDS],
        "search_api": [f"/api/v1/search?q={quote(word)}" for word in WORDS],
        "empty": ["/bench/empty"],
    }


if __name__ == "__main__":
    print(json.dumps(prepare(int(sys.argv[1]))))
