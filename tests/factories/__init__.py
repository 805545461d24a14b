"""Things to test with, each made through the real actions. A test names only what it is about."""

from datetime import date, datetime
from itertools import count
from typing import Any

from banshi.catalog.actions import create_item, publish, start_draft
from banshi.catalog.enums import Audience, HandleForm, StepKind
from banshi.catalog.guide.document import Basis, Condition, Contact, Faq, Guide, Material, Place, Step, TimeLimit
from banshi.catalog.models import Category, Item, Publication, ReferenceItem, Revision
from banshi.core.clock import CHINA
from banshi.core.id_numbers import organisation_check, uscc_check
from banshi.ledger import System
from banshi.people.enums import DivisionLevel, OrganKind
from banshi.people.models import Division, Organ, Post, User

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=CHINA)
TESTS = System("tests")
_numbers = count(1)


def a_uscc(number: int, division: str = "990102") -> str:
    """A credit code whose check digits hold, of no real organ (no division begins with 99)."""
    body = f"{number:08d}"
    code = f"11{division}{body}{organisation_check(body)}"
    return code + uscc_check(code)


def division(code: str = "990102", name: str = "示例县", level: int = DivisionLevel.COUNTY) -> Division:
    return Division.objects.get_or_create(code=code, defaults={"name": name, "level": level})[0]


def organ(name: str = "", **more: Any) -> Organ:
    number = next(_numbers)
    place = more.pop("division", None) or division()
    more = {"kind": OrganKind.DEPARTMENT, "uscc": a_uscc(number), **more}
    return Organ.objects.create(name=name or f"示例局{number}", division=place, **more)


def user(role: str = "", at: Organ | None = None, **more: Any) -> User:
    """An account; with `role` and `at`, holding that post since long ago."""
    number = next(_numbers)
    who = User.objects.create(
        username=more.pop("username", f"user{number}"), full_name=more.pop("full_name", f"用户{number}"), **more
    )
    if role:
        post(who, role, at or organ())
    return who


def post(who: User, role: str, at: Organ) -> Post:
    return Post.objects.create(user=who, organ=at, role=role, since=date(2020, 1, 1))


def category(code: str = "education", name: str = "公共教育") -> Category:
    return Category.objects.get_or_create(code=code, defaults={"name": name, "icon": "mortarboard"})[0]


def reference(name: str = "义务教育入学", base_code: str = "000505001000") -> ReferenceItem:
    return ReferenceItem.objects.get_or_create(base_code=base_code, defaults={"name": name})[0]


def guide(name: str = "", **more: Any) -> Guide:
    """A guide that lacks nothing it must have."""
    filled: dict[str, Any] = {
        "name": name or f"小学入学报名{next(_numbers)}",
        "summary": "为适龄儿童报名上小学",
        "undertaker": "基础教育科",
        "audience": [Audience.PERSON],
        "conditions": [Condition(text="年满六周岁的儿童")],
        "bases": [Basis(title="中华人民共和国义务教育法", articles="第十一条")],
        "materials": [
            Material(name="居民户口簿", issuer="公安机关", copies=1),
            Material(name="不动产权证书", issuer="不动产登记中心", shared=True, shared_from="自然资源局"),
        ],
        "steps": [
            Step(name="受理", kind=StepKind.ACCEPT, actor="窗口"),
            Step(name="审核", kind=StepKind.EXAMINE, actor="基础教育科", limit=TimeLimit(value=3)),
            Step(name="发放入学通知书", kind=StepKind.DELIVER, actor="窗口"),
        ],
        "promised_limit": TimeLimit(value=5),
        "charged": False,
        "handle_forms": [HandleForm.WINDOW, HandleForm.ONLINE],
        "online": True,
        "visits": 1,
        "visit_reason": "领取入学通知书",
        "places": [Place(name="示例县政务服务中心", address="示例路1号2楼6号窗口", hours="工作日 9:00—17:00")],
        "result_name": "入学通知书",
        "consult": Contact(phone="0000-0000001"),
        "complaint": Contact(phone="0000-0000002"),
        "faqs": [Faq(question="户口在外地能报名吗？", answer="能，凭居住证报名。")],
    }
    return Guide.model_validate({**filled, **more})


def item(at: Organ | None = None, text: Guide | None = None, **more: Any) -> Item:
    """An item with a draft, not published."""
    more = {"category": category(), **more}
    return create_item(in_spite=True, organ=at or organ(), guide=text or guide(), by=TESTS, at=NOON, **more)


def draft(of: Item | None = None) -> Revision:
    return start_draft(of or item(), by=TESTS, at=NOON)


def publication(of: Item | None = None, text: Guide | None = None, at: datetime = NOON, **more: Any) -> Publication:
    """An item in force."""
    it = of or item(text=text, **more)
    revision = start_draft(it, by=TESTS, at=at, guide=text)
    return publish(revision, by=TESTS, at=at)


def published_item(name: str = "", **more: Any) -> Item:
    return publication(text=guide(name), **more).item
