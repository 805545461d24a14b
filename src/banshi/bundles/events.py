"""Events of bundles: submitted, a part opened as a case, a part that never will be."""

from banshi.bundles.models import BundleSubmission
from banshi.events import EventData, declare
from banshi.events.subjects import register_subject

register_subject(BundleSubmission, organ="")


class BundleData(EventData):
    """`bundle` is the code of the definition, `parts` how many apply, `opened` how many began at once."""

    bundle: str
    parts: int
    opened: int


class PartData(EventData):
    """`part` is a key of the definition, `item` the key of the item."""

    bundle: str
    part: str
    item: int
    reason: str = ""


SUBMITTED = declare("bundles.submitted", "一件事申请提交", BundleData)
PART_OPENED = declare("bundles.part_opened", "一件事的一项开始办理", PartData)
PART_DROPPED = declare("bundles.part_dropped", "一件事的一项没有发起", PartData)
