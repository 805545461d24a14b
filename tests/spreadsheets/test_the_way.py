"""The way of one spreadsheet row to a draft, seen while it runs."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from tests import factories as make
from tests.spreadsheets.sheets import bring_in, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("read_apart")]
HOUSE = "banshi.spreadsheets."
HEAD = ["事项名称", "实施主体", "承诺时限", "申请材料", "办理条件"]
RETURNS_AT_MOST = 15


def test_a_row_seldom_comes_back_to_a_room_it_left():
    make.organ("某某局")
    bring_in(workbook([HEAD, ["残疾人证办理", "某某局", "5个工作日", "身份证", "本市户籍"]]))  # headers are learnt once
    data = workbook([HEAD, ["低保金给付", "某某局", "3个工作日", "户口簿", "本市户籍"]])
    entered = rooms_entered(lambda: bring_in(data))
    assert len(entered) > 25
    assert len(entered) - len(set(entered.values())) <= RETURNS_AT_MOST, "\n".join(map(" → ".join, entered))


def rooms_entered(work: Callable[[], object]) -> dict[tuple[str, str], str]:
    """By a function and another module's function that it calls, each pair once: the module entered. Text functions and
    lookups count, properties and comprehensions do not."""
    entered: dict[tuple[str, str], str] = {}

    def watch(frame: FrameType, event: str, argument: Any) -> None:
        if event != "call" or not room_of(frame).startswith(HOUSE) or is_property(frame):
            return
        caller = frame.f_back
        while caller and not room_of(caller).startswith(HOUSE):
            caller = caller.f_back
        if caller and room_of(caller) != room_of(frame):
            entered.setdefault((name_of(caller), name_of(frame)), room_of(frame))

    sys.setprofile(watch)
    try:
        work()
    finally:
        sys.setprofile(None)
    return entered


def room_of(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))


def name_of(frame: FrameType) -> str:
    return f"{room_of(frame).removeprefix(HOUSE)}: {frame.f_code.co_qualname.split('.<locals>')[0]}"


def is_property(frame: FrameType) -> bool:
    name, owner = frame.f_code.co_name, type(frame.f_locals.get("self"))
    return name.startswith("__") or not callable(getattr(owner, name, len))
