"""Access policy of adjustments: the owner applies, the desk whose turn it is examines, a publisher of the place publishes."""

from collections.abc import Sequence
from datetime import datetime

from banshi.access import Permission, policies
from banshi.access.policies import SELF
from banshi.adjustments.models import Adjustment, AdjustmentOpinion
from banshi.adjustments.permissions import belongs_to, desk_of, desks_of
from banshi.catalog.models import Item, Revision
from banshi.core.errors import Refused
from banshi.people.models import User
from banshi.people.posts import Signature, is_same_hand

APPLY, EXAMINE = Permission.ADJUST_APPLY, Permission.ADJUST_EXAMINE
EDIT, GIVE, LIFECYCLE, PUBLISH = (
    Permission.ITEM_EDIT,
    Permission.REVIEW_GIVE,
    Permission.ITEM_LIFECYCLE,
    Permission.ITEM_PUBLISH,
)
policies.register(Adjustment, organs="item__organ", by_permission={EXAMINE: ()})
policies.includes((APPLY, Item, SELF), (EDIT, Item, SELF))
policies.includes(
    (None, Adjustment, "item"),
    (EDIT, Item, SELF),  # 核对不符: the text before is put back
    (EDIT, Revision, "item"),  # 提交: the draft is frozen
    (GIVE, Revision, "item"),  # 退回, 撤回: and given back
    (LIFECYCLE, Item, SELF),  # 公布, 同意并马上公布
    (PUBLISH, Revision, "item"),  # 直接更正
)
policies.includes((Permission.LAW_EDIT, Item, SELF), (EDIT, Item, SELF))


@policies.rule(EXAMINE, Adjustment)
def the_desk_examines(user: User, adjustments: Sequence[Adjustment], at: datetime) -> None:
    """Keep people from examining for their own organ, another desk, or both desks (职责分离)."""
    mine = desks_of(user, at)
    for each in adjustments:
        desk = desk_of(each)
        if belongs_to(user, each.item.organ, at):
            raise Refused("不能审核本单位的调整", remedy="请由审核单位里与申请单位无关的同事办理。")
        if desk is None or desk.pk not in mine:
            raise Refused(f"这件调整现在由{desk or '别的单位'}审核", remedy="请由该单位的审核人办理。")
        if each.applied_by_id == user.pk:
            raise Refused("不能审核自己提交的调整", remedy="请由别的审核人办理。")
    second = [each.pk for each in adjustments if each.state == "second"]
    said = AdjustmentOpinion.objects.filter(adjustment__in=second).exclude(by=None).select_related("by", "organ")
    signed = [Signature(each.by, each.organ, each.at) for each in said if each.by] if second else []
    if any(is_same_hand(Signature(user, each.organ, at), each, EXAMINE) for each in signed):
        raise Refused("前一步是您或者您代行的同事审核的，不能再审", remedy="请由本单位的其他审核人办理。")
