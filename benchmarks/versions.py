"""One worker's share of new versions: `python -m benchmarks.versions SECONDS SHARE OF` saves a draft and publishes it, item after item."""

import gc
import json
import sys
import time
from itertools import cycle


def new_versions(seconds: float, share: int, of: int) -> dict[str, float]:
    """How many versions came into force, with whatever another worker wrote meanwhile."""
    import django

    django.setup()
    from banshi.catalog.actions import publish, save_draft, start_draft
    from banshi.catalog.models import Item
    from banshi.core.clock import now
    from banshi.ledger import System

    gc.collect()
    gc.freeze()  # as a server process does
    by = System("benchmark")
    items = list(Item.objects.order_by("pk"))[share::of]
    done, began = 0, time.perf_counter()
    for number, item in enumerate(cycle(items)):
        if time.perf_counter() - began > seconds:
            break
        draft = start_draft(item, by=by, at=now())
        guide = draft.guide
        guide.summary = f"第{number}次修改:为符合条件的居民办理。"
        saved = save_draft(draft, guide=guide, stamp=draft.stamp, by=by, at=now())
        publish(saved, reason="修改说明", by=by, at=now())
        done += 1
    return {"versions": done, "seconds": time.perf_counter() - began}


if __name__ == "__main__":
    print(json.dumps(new_versions(float(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
