"""Guards of the moves of an adjustment, from its own facts and the policy."""

from datetime import datetime

from banshi.adjustments.enums import WITH_TEXT
from banshi.adjustments.models import Adjustment
from banshi.adjustments.policy import policy
from banshi.workflow.rules import rule


@rule("adjustment.second-to-come", "这件不用再经法制审核")
def second_is_to_come(adjustment: Adjustment, at: datetime) -> bool:
    return adjustment.state != "second" and adjustment.second_id is not None


@rule("adjustment.last-examiner", "这件还要经法制审核")
def at_the_last_examiner(adjustment: Adjustment, at: datetime) -> bool:
    return not second_is_to_come(adjustment, at)


@rule("adjustment.takes-effect-at-once", "这件要交公布管理员公布")
def takes_effect_at_once(adjustment: Adjustment, at: datetime) -> bool:
    return adjustment.urgent and policy().urgent.publish_at_once


@rule("adjustment.waits-for-publisher", "这件加急，同意后马上公布")
def waits_for_the_publisher(adjustment: Adjustment, at: datetime) -> bool:
    return not takes_effect_at_once(adjustment, at)


@rule("adjustment.has-text", "这类调整没有指南文本，不能直接更正", remedy="请提交申请。")
def has_text(adjustment: Adjustment, at: datetime) -> bool:
    return adjustment.kind in WITH_TEXT
