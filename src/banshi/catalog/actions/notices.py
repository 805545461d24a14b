"""公示与公告: written, changed and taken down by holders of NOTICE_EDIT."""

from datetime import datetime

from django.db import transaction

from banshi.access import Permission, authorize
from banshi.catalog.actions.drafts import content_digest
from banshi.catalog.models import Item, Notice
from banshi.core.errors import Conflict
from banshi.core.repeats import refuse_repeated
from banshi.ledger import Actor, record
from banshi.people.models import Organ


@transaction.atomic
def publish_notice(*, organ: Organ, title: str, body: str, item: Item | None = None, by: Actor, at: datetime) -> Notice:
    authorize(by, Permission.NOTICE_EDIT, organ, at=at)
    same = Notice.objects.filter(organ=organ, title=title, body=body, item=item)
    refuse_repeated(organ, same, f"“{title}”已经发布了", remedy="请在公告列表里查看；确要再发一条的，请改标题或正文。")
    notice = Notice.objects.create(organ=organ, title=title, body=body, item=item, published_at=at)
    facts = {"title": title, "organ": organ.pk, "digest": notice_digest(notice)}
    record("catalog.publish_notice", notice, by=by, at=at, facts=facts)
    return notice


@transaction.atomic
def change_notice(notice: Notice, *, title: str, body: str, by: Actor, at: datetime) -> Notice:
    """Change the words under the same date.

    The ledger keeps the old ones.
    """
    authorize(by, Permission.NOTICE_EDIT, notice, at=at)
    notice = _held(notice)
    before = {"title": notice.title, "body": notice.body}
    notice.title, notice.body = title, body
    notice.save(update_fields=["title", "body"])
    facts = {"before": before, "digest": notice_digest(notice)}
    record("catalog.change_notice", notice, by=by, at=at, facts=facts)
    return notice


@transaction.atomic
def remove_notice(notice: Notice, *, reason: str, by: Actor, at: datetime) -> None:
    authorize(by, Permission.NOTICE_EDIT, notice, at=at)
    notice = _held(notice)
    facts = {"title": notice.title, "body": notice.body, "reason": reason}
    record("catalog.remove_notice", notice, by=by, at=at, facts=facts)
    notice.delete()


def _held(notice: Notice) -> Notice:
    """Lock a notice, or tell that another has taken it down."""
    if held := Notice.objects.select_for_update().filter(pk=notice.pk).first():
        return held
    raise Conflict("这条公告刚由别人撤下", remedy="请回到公告列表查看。")


def notice_digest(notice: Notice) -> str:
    """Digest what the public reads of a notice."""
    return content_digest({"title": notice.title, "body": notice.body, "organ": notice.organ_id})
