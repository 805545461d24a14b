"""A police office whose register lies in a database of its own, a bureau that handles cases, and what each may use."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from banshi.cases.models import Case
from banshi.exchange.actions import (
    Asked,
    agree,
    connect_system,
    load_resources,
    publish_resource,
    request_data,
    submit_resource,
)
from banshi.exchange.actions.requesting import Granting
from banshi.exchange.declarations import DeclaredResource, declared_resources
from banshi.exchange.models import DataRequest, Grant, Resource
from banshi.people.models import Organ, User
from tests import factories as make
from tests.cases.hall import LONG_AGO, Hall, accepted, hall

PEOPLE = [
    ("林小例", "530102199003071211", "1990-03-07", "示例市东样县例桥大道88号2栋301", "例桥街道", "正常"),
    ("阿依古丽·买买提", "990100198808080025", "1988-08-08", "示例市西样县例林大道1号", "例林镇", "正常"),
]
TABLE = (
    "CREATE TABLE hjrk (gmsfhm varchar(18) PRIMARY KEY, xm varchar(100), csrq varchar(10), hjdz varchar(200), "
    "xzjd varchar(60), hjzt varchar(20))"
)


def register(address: str, people: Sequence[tuple[str, ...]] = PEOPLE) -> str:
    """Fill the police's database, which is none of ours."""
    engine = create_engine(address)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS hjrk"))
        connection.execute(text(TABLE))
        for xm, gmsfhm, csrq, hjdz, xzjd, hjzt in people:
            connection.execute(
                text("INSERT INTO hjrk VALUES (:gmsfhm, :xm, :csrq, :hjdz, :xzjd, :hjzt)"),
                {"gmsfhm": gmsfhm, "xm": xm, "csrq": csrq, "hjdz": hjdz, "xzjd": xzjd, "hjzt": hjzt},
            )
    engine.dispose()
    return address


@dataclass
class Office:
    """`steward` keeps the police's resources, `asker` asks for the bureau, `authority` is the data authority's."""

    police: Organ
    steward: User
    asker: User
    authority: User
    resource: Resource
    of: Hall

    @property
    def declared(self) -> DeclaredResource:
        return declared_resources()[self.resource.code]


def office(tmp_path: Path, *, address: str = "", at: datetime = LONG_AGO) -> Office:
    of = hall()
    police = make.organ("示例市公安局", short_name="公安局")
    service = make.organ("示例市政务服务局")
    steward = make.user("data_steward", police, full_name="韩户籍")
    authority = make.user("data_manager", service, full_name="冯数据")
    address = register(address or f"sqlite:///{tmp_path / 'police.sqlite3'}")
    connect_system(police, code="police", name="公安人口库", address=address, by=make.TESTS, at=at)
    [resource] = load_resources([declared_resources()["GA-RK-001"]], by=make.TESTS, at=at)
    submit_resource(resource, by=steward, at=at)
    resource = publish_resource(resource, by=authority, at=at)
    asker = make.user("data_steward", of.bureau, full_name="宋申请")
    return Office(police, steward, asker, authority, resource, of)


def asked(of: Office, at: datetime, **more: Any) -> DataRequest:
    given: dict[str, Any] = {
        "fields": ("name", "number", "address"),
        "basis": "《政务数据共享条例》第二十条",
        "scene": "核对申请人的户籍地址，不再要户口簿",
        "scope": "本局办理取水许可的人员",
        "until": date(2027, 12, 31),
    }
    return request_data(of.resource, organ=of.of.bureau, asked=Asked(**{**given, **more}), by=of.asker, at=at)


def granted(of: Office, at: datetime, **more: Any) -> Grant:
    request = asked(of, at, item=more.pop("item", of.of.item))
    given: dict[str, Any] = {"fields": ("name", "number", "address"), "until": date(2027, 6, 30)}
    return agree(request, granting=Granting(**{**given, **more}), by=of.steward, at=at)


def case_in_hand(of: Office, at: datetime) -> Case:
    return accepted(of.of, at)
