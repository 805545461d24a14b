"""The stream of supervision: that something is new, never what, so that whoever watches asks again for what they may see."""

from datetime import datetime

from banshi.core.models import Cursor
from banshi.sites.kit.streams import StreamReading, register
from banshi.supervision.examining import CONSUMER
from banshi.supervision.models import Irregularity

NEWS = "supervision"


def read_news(key: str, at: datetime) -> StreamReading:
    """Read how far events have been examined, and the newest finding."""
    reached = Cursor.objects.filter(reader=CONSUMER).values_list("position", flat=True).first()
    newest = Irregularity.objects.order_by("-id").values_list("pk", flat=True).first()
    return StreamReading({"stamp": f"{reached or 0}.{newest or 0}"})


register(NEWS, read_news)
