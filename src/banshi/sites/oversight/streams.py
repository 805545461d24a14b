"""The stream of supervision: that something is new, never what, so that whoever watches asks again for what they may see."""

from datetime import datetime, timedelta

from banshi.core.clock import now
from banshi.core.models import Cursor
from banshi.sites.kit.streams import StreamAddress, StreamReading, register, stream_address
from banshi.supervision.examining import CONSUMER
from banshi.supervision.models import Irregularity

NEWS, LASTS = "supervision", timedelta(hours=1)
"""For which an address holds. Then the page is asked for anew, and with it whether one may still see it."""


def read_news(key: str, at: datetime) -> StreamReading:
    """Read how far events have been examined, and the newest finding."""
    reached = Cursor.objects.filter(reader=CONSUMER).values_list("position", flat=True).first()
    newest = Irregularity.objects.order_by("-id").values_list("pk", flat=True).first()
    return StreamReading({"stamp": f"{reached or 0}.{newest or 0}"})


register(NEWS, read_news)


def news_address() -> StreamAddress:
    """Sign the stream for whoever is shown a board, for as long as the right to see it may be taken for granted."""
    return stream_address(NEWS, "all", until=now() + LASTS)
