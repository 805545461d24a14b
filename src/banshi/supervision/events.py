"""Events about findings, and the consumer that examines everybody's."""

from banshi.events.consuming import follower
from banshi.events.subjects import register_subject
from banshi.supervision.models import Irregularity

register_subject(Irregularity, organ="organ", item="item")


@follower
def examine_events() -> None:
    from banshi.supervision.examining import catch_up  # rules read which kinds are declared, of which these are some

    catch_up()
