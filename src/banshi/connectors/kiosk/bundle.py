"""A bundle: a zip with each item's guide as JSON, its printable PDF, and a manifest with digests."""

import json
import zipfile
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import IO

from django.conf import settings

from banshi.catalog.models import Publication
from banshi.catalog.printables import guide_pdf
from banshi.connectors.base import Delivery
from banshi.connectors.kiosk.schema import BundleEntry, BundleManifest
from banshi.notifications.links import address_of


def write_bundle(deliveries: Sequence[Delivery], file: IO[bytes], *, papers: bool, at: datetime) -> BundleManifest:
    """Write one file after another, so that no more than one is in memory."""
    entries, digests = [], {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for delivery in deliveries:
            item = delivery.change.item
            shown = delivery.publication is not None
            entry = BundleEntry(
                item=str(item.guid),
                change=str(delivery.key),
                batch=delivery.change.batch,
                operation=delivery.operation if shown else "D",
                name=item.name,
                page=f"items/{item.guid}.json" if shown else "",
                paper=f"papers/{item.guid}.pdf" if shown and papers else "",
            )
            for name, content in _files(delivery, entry):
                packed.writestr(name, content)
                digests[name] = sha256(content).hexdigest()
            entries.append(entry)
        manifest = BundleManifest(site=settings.SITE_URL, made_at=at, entries=entries, digests=digests)
        packed.writestr("manifest.json", manifest.model_dump_json())
    return manifest


def _files(delivery: Delivery, entry: BundleEntry) -> list[tuple[str, bytes]]:
    shown = delivery.publication
    if shown is None:
        return []
    files = [(entry.page, json.dumps(_page(shown), ensure_ascii=False).encode())]
    if entry.paper:
        files.append((entry.paper, guide_pdf(shown, url=_address(shown))))
    return files


def _page(shown: Publication) -> dict[str, object]:
    item = shown.item
    return {
        "item": str(item.guid),
        "code": shown.identified.code,
        "organ": item.organ.name,
        "category": item.category_id,
        "is_example": item.is_example,
        "source_note": shown.source_note,
        "provenance": shown.revision.provenance,
        "version": shown.number,
        "since": shown.since.isoformat(),
        "approved_by": shown.approved_by,
        "address": _address(shown),
        "guide": shown.revision.guide.model_dump(mode="json", exclude_defaults=True),
    }


def _address(shown: Publication) -> str:
    return address_of("item", str(shown.item.guid))
