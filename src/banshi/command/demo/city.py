"""Building the demonstration: one transaction, so that a city is there whole or not at all."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import transaction

from banshi.bundles.actions import publish_shipped
from banshi.calendar.actions import load_arrangements
from banshi.catalog.actions import load_life_events
from banshi.catalog.models import Item
from banshi.command.demo import (
    adjustments,
    campaigns,
    cases,
    catalogue,
    exchange,
    feedback,
    hall,
    people,
    real,
    registers,
    rulebook,
)
from banshi.command.demo.tables import path_of, table
from banshi.core.errors import Conflict
from banshi.law.loading import load_shipped_laws
from banshi.ledger import System, record
from banshi.ledger.models import LedgerEntry
from banshi.papers.demo_authority import make_demo_certificates
from banshi.people.models import Organ

BUILT = "demo.build_city"
STAGES = (
    "区划、机构和人员",
    "法规和工作日历",
    "统一参考目录",
    "示例市的办事指南",
    "广安区的真实清单",
    "各地的真实指南",
    "事项的调整和草稿",
    "规则检查和保留证明",
    "名录和参考目录的新版",
    "公告和人生大事",
    "清理规范工作",
    "群众和企业的办件",
    "数据资源和共享",
    "大厅的一天",
    "评价、投诉和愿望",
)
Report = Callable[[int], None]


def is_built() -> bool:
    """Return the last act of the building transaction: where it stands, everything does."""
    return LedgerEntry.objects.filter(action=BUILT).exists()


@transaction.atomic
def build_city(*, at: datetime, report: Report = lambda stage: None) -> None:
    """Build everything of data/demo, told as if it had happened over the last months.

    `report(n)`: n stages of STAGES are done.
    """
    if Organ.objects.exists():
        raise Conflict(f"{settings.HOME} 里已有别的数据", remedy="请用 BANSHI_HOME 指定另一个文件夹来演示。")
    make_demo_certificates(city=settings.CITY_NAME, at=at)
    by, founded = System("demo"), at - catalogue.FOUNDED
    people.build_places(by=by, at=founded)
    organs = people.build_organs(by=by, at=founded)
    city = catalogue.Catalogue(organs, people.build_accounts(organs, by=by, at=founded), at)
    report(1)
    load_shipped_laws(by=by, at=founded)
    load_arrangements(path_of("calendars"), by=by, at=founded)
    report(2)
    catalogue.build_tables(city, by=by, at=founded)
    report(3)
    catalogue.build_guides(city)
    report(4)
    real.build_real_catalogue(by=real.IMPORTER, at=at - real.IMPORTED)
    report(5)
    real.build_real_guides(by=real.IMPORTER, at=at - real.IMPORTED)
    report(6)
    rulebook.examine_then(city)
    catalogue.build_history(city)
    catalogue.build_work_to_do(city)
    adjustments.build_adjustments(city, by=by)
    report(7)
    rulebook.build_proofs(city)
    rulebook.examine_now(city)
    rulebook.survey_now(city)
    report(8)
    registers.build_registers(city)
    report(9)
    catalogue.build_notices(city)
    catalogue.build_looks(city)
    load_life_events(table("vocab/life-events.csv"), among=Item.objects.filter(is_example=True), by=by, at=at)
    report(10)
    campaigns.build_campaigns(city)
    report(11)
    publish_shipped(by=by, at=at)
    cases.build_cases(city)
    report(12)
    exchange.build_exchange(city, by=by)
    exchange.call_by_system(city, by=by)
    exchange.verify_then(city)
    report(13)
    hall.build_hall(city, by=by)
    report(14)
    feedback.build_feedback(city)
    record(BUILT, organs["gov"], by=by, at=at, facts={"items": len(city.items)})
    report(15)
