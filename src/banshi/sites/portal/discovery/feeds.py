"""Atom feeds (RFC 4287): notices, and guides as they are published."""

from datetime import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.urls import reverse_lazy
from django.utils.feedgenerator import Atom1Feed

from banshi.catalog.models import Listing, Notice
from banshi.catalog.provenance import Provenance
from banshi.sites.portal.notices.queries import notices

SHOWN = 50


class NoticeFeed(Feed[Notice, Any]):
    feed_type = Atom1Feed
    title = "公告和公示"
    link = reverse_lazy("portal:notices")
    subtitle = "政务服务公告、事项公示，新的在前"

    def items(self) -> Any:
        return notices()[:SHOWN]

    def item_title(self, item: Notice) -> str:
        return ("示例：" if item.is_example else "") + item.title

    def item_description(self, item: Notice) -> str:
        return item.body

    def item_link(self, item: Notice) -> str:
        return str(reverse_lazy("portal:notice", args=[item.pk]))

    def item_updateddate(self, item: Notice) -> datetime:
        return item.published_at

    def item_author_name(self, item: Notice) -> str:
        return item.organ.name


class GuideFeed(Feed[Listing, Any]):
    feed_type = Atom1Feed
    title = "办事指南更新"
    link = reverse_lazy("portal:home")
    subtitle = "新公布和改过的办事指南，新的在前"

    def items(self) -> Any:
        # Pages of other places are no news of this one.
        known = Listing.objects.exclude(provenance=Provenance.PAGE)
        known = known.select_related("item", "organ", "publication__revision")
        return known.order_by("-since", "-item_id")[:SHOWN]

    def item_title(self, item: Listing) -> str:
        return ("示例：" if item.is_example else "") + item.name

    def item_description(self, item: Listing) -> str:
        publication = item.publication
        said = (publication.source_note, f"第{publication.number}版。{publication.reason}", item.summary)
        return "\n".join(text for text in said if text)

    def item_link(self, item: Listing) -> str:
        return str(reverse_lazy("portal:item", args=[item.item.guid]))

    def item_guid(self, item: Listing) -> str:
        return f"urn:uuid:{item.publication.guid}"

    def item_updateddate(self, item: Listing) -> datetime:
        return item.since

    def item_author_name(self, item: Listing) -> str:
        return item.organ.name
