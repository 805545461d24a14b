"""The demonstration's data sharing: the police's register in a database of its own, one resource, one grant, verifications."""

import json
from base64 import b64encode
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from sqlalchemy import create_engine, text

from banshi.cases.exchange_purpose import KIND
from banshi.cases.models import Case
from banshi.clients.actions import register_system
from banshi.command.demo.catalogue import Catalogue
from banshi.command.demo.tables import table
from banshi.core.clock import day_of
from banshi.exchange import actions
from banshi.exchange.actions.requesting import Granting
from banshi.exchange.declarations import declared_resources
from banshi.exchange.enums import CallKind, Sharing
from banshi.exchange.gateway import SignedCall
from banshi.exchange.models import Grant, Resource
from banshi.exchange.signatures import HttpMessage, PrivateKey, content_digest, sign
from banshi.ledger import Actor

CONNECTED, ASKED, AGREED = timedelta(days=50), timedelta(days=45), timedelta(days=40)
SCHOOL = ("d_jyj", "义务教育阶段新生入学办理")
USED_FOR = timedelta(days=365)
OF_NOBODY, ANOTHER_NAME = "990100201901010019", "名字不对"


def build_exchange(city: Catalogue, *, by: Actor) -> None:
    """Build the catalogue of resources, a request answered and one that waits."""
    address = build_police_register(Path(settings.HOME) / "demo-sources" / "police.sqlite3")
    then = city.now - CONNECTED
    police = {"code": "police", "name": "公安人口库（演示）", "address": address}
    actions.connect_system(city.organs["gaj"], **police, by=by, at=then)
    for resource in actions.load_resources(declared_resources().values(), is_example=True, by=by, at=then):
        actions.submit_resource(resource, by=by, at=then)
        actions.publish_resource(resource, by=city.accounts["data"], at=then + timedelta(days=1))
    register = Resource.objects.get(code="GA-RK-001")
    until = day_of(city.now + USED_FOR)
    asked = actions.Asked(
        fields=("name", "number", "address", "town"),
        basis="《政务数据共享条例》第二十条；《中华人民共和国义务教育法》第十二条",
        scene="新生入学时核对孩子的户籍地址，家长不用再交户口簿",
        scope="东样县教育局经办入学的人员，只为正在办的入学申请",
        until=until,
        monthly_volume=300,
        item=city.items[SCHOOL],
    )
    steward = city.accounts["steward-edu"]
    request = actions.request_data(register, organ=city.organs["d_jyj"], asked=asked, by=steward, at=city.now - ASKED)
    granting = Granting(asked.fields, until, daily_quota=500)
    actions.agree(request, granting=granting, by=city.accounts["steward-police"], at=city.now - AGREED)
    open_one = Resource.objects.filter(sharing=Sharing.CONDITIONAL).exclude(pk=register.pk).first() or register
    waiting = actions.Asked(
        fields=tuple(open_one.labels)[:2],
        basis="《政务数据共享条例》第二十条",
        scene="学校核对监护人，减少家长跑腿",
        scope="东样县教育局基础教育股",
        until=until,
        monthly_volume=80,
    )
    wanted = actions.WantedData(
        "残疾人证信息",
        scene="随班就读的孩子入学时核对残疾等级，家长不用再交残疾人证复印件",
        basis="《政务数据共享条例》第二十条；《残疾人教育条例》第十七条",
        items="姓名、证号、残疾类别、残疾等级",
    )
    actions.raise_demand(city.organs["d_jyj"], data=wanted, by=steward, at=city.now - timedelta(days=9))
    actions.check_systems(by=by, at=city.now - timedelta(minutes=25))
    actions.measure_resource(register, by=city.accounts["steward-police"], at=city.now - timedelta(hours=9))
    actions.request_data(
        open_one, organ=city.organs["d_jyj"], asked=waiting, by=steward, at=city.now - timedelta(days=6)
    )


def verify_then(city: Catalogue) -> None:
    """Verify for the school case what the mother wrote, as its clerk did."""
    case = Case.objects.filter(item=city.items[SCHOOL], state="handling").first()
    grant = Grant.objects.get(request__item=city.items[SCHOOL])
    if case is None:
        return
    claims = {"name": "林小样", "address": "示例市东样县例桥大道88号2栋301"}
    actions.verify(
        grant,
        kind=KIND,
        key=case.pk,
        role="申请人的孩子",
        claims=claims,
        by=city.accounts["handler-edu"],
        at=city.now - timedelta(minutes=40),
    )


def call_by_system(city: Catalogue, *, by: Actor) -> None:
    """Register the schools' own system with its key, and let it call as it would over the network."""
    organ, grant = city.organs["d_jyj"], Grant.objects.get(request__item=city.items[SCHOOL])
    private, then = Ed25519PrivateKey.generate(), city.now - AGREED
    public = b64encode(private.public_key().public_bytes_raw()).decode()
    client, _ = register_system(organ, name="东样县学籍系统（演示）", permissions=["exchange.use"], by=by, at=then)
    until = city.now + USED_FOR
    key = actions.register_key(client, algorithm="ed25519", public=public, until=until, by=by, at=then).key
    bound = {"item": str(city.items[SCHOOL].guid), "clerk": "唐学籍", "purpose": str(grant.pk)}
    registered = [(row["xm"], row["gmsfhm"]) for row in table("demo/police-register.csv")[:4]]
    others = [("周不在", OF_NOBODY), (ANOTHER_NAME, registered[0][1])]
    for place, (name, number) in enumerate([*registered, *others]):
        at, nonce = city.now - timedelta(hours=30 - 5 * place), f"demo-{place}"
        body = json.dumps({"person": {"number": number}, "claims": {"name": name}}).encode()
        told = {**bound, "case": f"学籍-{city.now:%Y}-{115 + place}"}
        headers = {f"exchange-{component}": quote(text, safe="") for component, text in told.items()}
        headers["content-digest"] = content_digest(body)
        uri = "https://demo.example/exchange/v1/resources/GA-RK-001/verifications"
        covered = ("@method", "@target-uri", *sorted(headers))
        message, signs = HttpMessage(headers, "POST", uri), PrivateKey(private)
        signed = sign(message, covered, signs, keyid=key.keyid, created=int(at.timestamp()), nonce=nonce)
        call = HttpMessage({**headers, **signed}, "POST", uri)
        actions.answer_signed(SignedCall(call, body, "GA-RK-001", CallKind.VERIFY), at=at)


def build_police_register(path: Path) -> str:
    """Write the register as the police would keep it, in a file that is none of banshi's databases."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    engine = create_engine(f"sqlite:///{path}")
    columns = ("gmsfhm", "xm", "csrq", "hjdz", "xzjd", "hjzt")
    with engine.begin() as connection:
        connection.execute(text(f"CREATE TABLE hjrk ({', '.join(f'{each} text' for each in columns)})"))
        connection.execute(text("CREATE UNIQUE INDEX hjrk_number ON hjrk (gmsfhm)"))
        marks = ", ".join(f":{each}" for each in columns)
        connection.execute(text(f"INSERT INTO hjrk VALUES ({marks})"), table("demo/police-register.csv"))  # noqa: S608
    engine.dispose()
    return f"sqlite:///{path}"
