"""Registers of other organs behind an HTTP interface that answers JSON."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from banshi.connectors.http_client import call, kept_session
from banshi.connectors.http_source.schema import CheckReply, HttpAddress, LookUpReply
from banshi.exchange.comparison import written_forms
from banshi.exchange.sources import Look, SourceTrouble, StructureChanged, TooManyRows, read_address
from banshi.outbox.channels import Unavailable

CHECK_SECONDS = 10.0
ANSWER_AT_MOST = 2 * 1024 * 1024
Reply = TypeVar("Reply", bound=BaseModel)


class HttpSource:
    def __init__(self, address: str) -> None:
        self.place = read_address(HttpAddress.of, address)

    def check(self, table: str, columns: Sequence[str]) -> int:
        told = self._asked("check", {"table": table, "columns": list(columns)}, CheckReply, CHECK_SECONDS)
        if lacking := sorted(set(columns) - set(told.columns)):
            raise StructureChanged("、".join(lacking))
        return told.rows

    def look_up(self, look: Look) -> list[dict[str, Any]]:
        wanted = tuple(dict.fromkeys([*look.columns, *look.keys]))
        question = {
            "table": look.table,
            "columns": list(wanted),
            "keys": dict(look.keys),
            "conditions": {name: list(values) for name, values in look.conditions.items()},
            "limit": look.rows + 1,
        }
        rows = self._asked("look-up", question, LookUpReply, look.seconds).rows
        if len(rows) > look.rows:
            raise TooManyRows(f"一次查到的超过{look.rows}条")
        for row in rows:
            if lacking := [each for each in wanted if each not in row]:
                raise StructureChanged("、".join(lacking))
            if any(str(row[name]).strip() not in written_forms(value) for name, value in look.keys.items()):
                raise SourceTrouble("对方答的是别人的数据，没有采用")
        return [{each: row[each] for each in look.columns} for row in rows]

    def _asked(self, rest: str, question: Mapping[str, Any], reply: type[Reply], seconds: float) -> Reply:
        headers = {"Authorization": f"Bearer {self.place.token}"} if self.place.token else {}
        try:
            answer = call(
                kept_session(),
                "POST",
                f"{self.place.base}/{rest}",
                seconds=seconds,
                at_most=ANSWER_AT_MOST,
                json=question,
                headers=headers,
            )
        except Unavailable as trouble:
            raise SourceTrouble(str(trouble)) from trouble
        if answer.status_code == 404:
            raise StructureChanged("这张表")
        if answer.status_code != 200:
            raise SourceTrouble(f"对方的接口不答（HTTP {answer.status_code}）")
        try:
            return reply.model_validate_json(answer.content)
        except ValidationError as wrong:
            raise SourceTrouble("对方的答复读不懂，和约定的不一样了") from wrong
