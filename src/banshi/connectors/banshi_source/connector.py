"""Registers behind the gateway of another banshi, asked under its grant for the case and clerk of the call here."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import IO, Any, TypeVar
from urllib.request import Request

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import BaseModel, ValidationError

from banshi.connectors.banshi_source.schema import BanshiAddress, DescribedGrant, GrantThere, Records
from banshi.connectors.http_client import call, kept_session
from banshi.exchange.client import CallRefused, Gateway, Matter
from banshi.exchange.enums import InformationKind
from banshi.exchange.signatures import BadSignature, PrivateKey
from banshi.exchange.sources import Look, NotAsDeclared, SourceTrouble, StructureChanged, TooManyRows, read_address
from banshi.exchange.sources.base import SHAPES
from banshi.outbox.channels import Unavailable

CHECK_SECONDS = 10.0
CHECKED_BY = "来源检查"
NOT_THERE = 404
NOT_OURS = frozenset({401, 429})
"""Answers about the key or the system as a whole, and not about one grant."""
LIMIT_REACHED = "#limit-reached"
"""Type of an answer with status 429 about one person, clerk or grant."""
Told = TypeVar("Told", bound=BaseModel)


class BanshiSource:
    def __init__(self, address: str) -> None:
        self.place = read_address(BanshiAddress.of, address)

    def check(self, table: str, columns: Sequence[str]) -> int:
        grant, gateway = self._grant(table), self._gateway(CHECK_SECONDS)
        told = _told(lambda: gateway.describe(grant.resource, clerk=CHECKED_BY, grant=grant.number), DescribedGrant)
        if told.verify_only:
            raise NotAsDeclared("对方给本单位的授权只能核验，不能取数据")
        if lacking := sorted(set(columns) - set(told.fields)):
            raise StructureChanged("、".join(lacking))
        _refuse_masked(told.masked, columns)
        return told.rows or 0

    def look_up(self, look: Look) -> list[dict[str, Any]]:
        grant, gateway = self._grant(look.table), self._gateway(look.seconds)
        number = next(iter(look.keys.values()), "")
        if not SHAPES[InformationKind.ID_NUMBER].fullmatch(number):
            return []  # nobody has such a number
        matter = Matter(self.place.item, look.case or CHECKED_BY, look.clerk or CHECKED_BY, grant.number)
        wanted = list(dict.fromkeys([*look.columns, *look.conditions]))
        try:
            told = _told(lambda: gateway.record(grant.resource, matter=matter, number=number, fields=wanted), Records)
        except NotAsDeclared:
            self.check(look.table, wanted)  # which tells a grant that gives less from one that may not be used
            raise
        if any(each not in row for row in told.rows for each in wanted):
            raise StructureChanged("要的信息项")
        _refuse_masked(told.masked, wanted)
        if len(told.rows) > look.rows:
            raise TooManyRows(f"一次查到的超过{look.rows}条")
        within = [row for row in told.rows if all(row[name] in some for name, some in look.conditions.items())]
        return [{each: row[each] for each in look.columns} for row in within]

    def _grant(self, table: str) -> GrantThere:
        if table not in self.place.grants:
            raise StructureChanged("这张表的授权")
        return self.place.grants[table]

    def _gateway(self, seconds: float) -> "_LimitedGateway":
        key = PrivateKey(Ed25519PrivateKey.from_private_bytes(self.place.private))
        return _LimitedGateway(self.place.site, self.place.keyid, key, seconds)


class _LimitedGateway(Gateway):
    """The client, by the house's one way to speak with others: limits of time and size, no inner addresses."""

    @contextmanager
    def _open(self, request: Request) -> Iterator[tuple[int, dict[str, str], IO[bytes]]]:
        answer = call(
            kept_session(),
            request.get_method(),
            request.full_url,
            seconds=self.seconds,
            every_status=True,
            data=request.data,
            headers=dict(request.header_items()),
        )
        yield (
            answer.status_code,
            {name.lower(): value for name, value in answer.headers.items()},
            BytesIO(answer.content),
        )


def _told(asked: Callable[[], dict[str, Any]], reply: type[Told]) -> Told:
    try:
        return reply.model_validate(asked())
    except Unavailable as trouble:
        raise SourceTrouble(str(trouble)) from trouble
    except CallRefused as refused:
        said, status = str(refused.problem.get("detail", ""))[:150], refused.problem.get("status")
        if status in NOT_OURS and not str(refused.problem.get("type", "")).endswith(LIMIT_REACHED):
            raise SourceTrouble(f"对方平台不认可本平台：{said}") from refused
        if status == NOT_THERE:
            raise StructureChanged("这张表的授权") from refused
        raise NotAsDeclared(f"对方平台没有答：{said}") from refused
    except BadSignature as wrong:
        raise SourceTrouble("对方平台的答复没有它的签名，没有采用") from wrong
    except (ValidationError, ValueError, KeyError) as wrong:
        raise SourceTrouble("对方的答复读不懂，和约定的不一样了") from wrong


def _refuse_masked(masked: Sequence[str], columns: Sequence[str]) -> None:
    if hidden := sorted(set(masked) & set(columns)):
        raise NotAsDeclared(f"对方给的{'、'.join(hidden)}是打码的，不能用来核对")
