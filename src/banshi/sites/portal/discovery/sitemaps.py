"""sitemap.xml: an index of the pages worth finding (sitemaps.org 0.9), samples and examples left out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.db.models import F, Max
from django.urls import reverse

from banshi.catalog.models import Category, Listing
from banshi.catalog.provenance import Provenance
from banshi.sites.portal.notices.queries import notices

Row = Mapping[str, Any]


class ItemSitemap(Sitemap[Row]):
    limit = 5000

    def items(self) -> Any:
        own = Listing.objects.filter(provenance=Provenance.OFFICE, is_example=False)
        return own.order_by("item_id").values("since", guid=F("item__guid"))

    def location(self, item: Row) -> str:
        return reverse("portal:item", args=[item["guid"]])

    def lastmod(self, item: Row) -> datetime:
        since: datetime = item["since"]
        return since

    def get_latest_lastmod(self) -> datetime | None:
        latest: datetime | None = self.items().aggregate(latest=Max("since"))["latest"]
        return latest


class NoticeSitemap(Sitemap[Row]):
    limit = 5000

    def items(self) -> Any:
        return notices().filter(is_example=False).values("pk", "published_at")

    def location(self, item: Row) -> str:
        return reverse("portal:notice", args=[item["pk"]])

    def lastmod(self, item: Row) -> datetime:
        published: datetime = item["published_at"]
        return published

    def get_latest_lastmod(self) -> datetime | None:
        latest: datetime | None = self.items().aggregate(latest=Max("published_at"))["latest"]
        return latest


class PageSitemap(Sitemap[str]):
    """The pages that lead to all others."""

    def items(self) -> list[str]:
        named = ("home", "organs", "notices", "open-data", "rulebook", "consultations")
        return [reverse(f"portal:{name}") for name in named] + [
            reverse("portal:category", args=[code]) for code in Category.objects.values_list("pk", flat=True)
        ]

    def location(self, item: str) -> str:
        return item


SITEMAPS: dict[str, type[Sitemap[Any]]] = {"pages": PageSitemap, "items": ItemSitemap, "notices": NoticeSitemap}
