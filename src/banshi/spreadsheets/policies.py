"""Access policy of imports: a person's own, whatever organs it is for."""

from collections.abc import Sequence
from datetime import datetime

from banshi.access import Permission, policies
from banshi.access.policies import SELF
from banshi.catalog.models import Item, Revision
from banshi.core.errors import Refused
from banshi.people.models import Organ, User
from banshi.spreadsheets.models import ImportBatch

IMPORT, EDIT = Permission.ITEM_IMPORT, Permission.ITEM_EDIT
policies.register(ImportBatch, by_permission={IMPORT: ()})
policies.includes((IMPORT, Organ, SELF), (EDIT, Organ, SELF))
policies.includes((IMPORT, Item, SELF), (EDIT, Item, SELF), (EDIT, Revision, "item"))


@policies.rule(Permission.ITEM_IMPORT, ImportBatch)
def only_ones_own(user: User, batches: Sequence[ImportBatch], at: datetime) -> None:
    if any(each.created_by_id != user.pk for each in batches):
        raise Refused("这次导入是别人上传的", remedy="请由上传的人办理，或自己重新上传。")
