"""Acts of supervision: on findings, by draws, and bulletins."""

from banshi.supervision.actions.bulletins import issue_bulletin
from banshi.supervision.actions.drawing import (
    add_number,
    ask_party,
    check_faulty,
    close_list,
    open_number,
    prepare_draw,
    put_right,
    record_inspection,
    run_draw,
    seal_number,
)
from banshi.supervision.actions.orders import (
    alert,
    answer_order,
    censure,
    check_alert,
    check_order,
    climb_orders,
    close,
    dismiss,
    give_order,
    return_answer,
)

__all__ = [
    "add_number",
    "alert",
    "answer_order",
    "ask_party",
    "censure",
    "check_alert",
    "check_faulty",
    "check_order",
    "climb_orders",
    "close",
    "close_list",
    "dismiss",
    "give_order",
    "issue_bulletin",
    "open_number",
    "prepare_draw",
    "put_right",
    "record_inspection",
    "return_answer",
    "run_draw",
    "seal_number",
]
