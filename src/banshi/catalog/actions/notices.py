"""公示与公告: written, changed and taken down by holders of NOTICE_EDIT."""

from datetime import datetime

from django.db import transaction

from banshi.access import Permission, authorize
from banshi.catalog.models import Item, Notice
from banshi.ledger import Actor, record
from banshi.people.models import Organ


@transaction.atomic
def publish_notice(*, organ: Organ, title: str, body: str, item: Item | None = None, by: Actor, at: datetime) -> Notice:
    authorize(by, Permission.NOTICE_EDIT, organ, at=at)
    notice = Notice.objects.create(organ=organ, title=title, body=body, item=item, published_at=at)
    record("catalog.publish_notice", notice, by=by, at=at, facts={"title": title, "organ": organ.pk})
    return notice


@transaction.atomic
def change_notice(notice: Notice, *, title: str, body: str, by: Actor, at: datetime) -> Notice:
    """Change the words under the same date.

    The ledger keeps the old ones.
    """
    authorize(by, Permission.NOTICE_EDIT, notice, at=at)
    before = {"title": notice.title, "body": notice.body}
    notice.title, notice.body = title, body
    notice.save(update_fields=["title", "body"])
    record("catalog.change_notice", notice, by=by, at=at, facts={"before": before})
    return notice


@transaction.atomic
def remove_notice(notice: Notice, *, reason: str, by: Actor, at: datetime) -> None:
    authorize(by, Permission.NOTICE_EDIT, notice, at=at)
    facts = {"title": notice.title, "body": notice.body, "reason": reason}
    record("catalog.remove_notice", notice, by=by, at=at, facts=facts)
    notice.delete()
