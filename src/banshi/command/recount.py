"""`banshi recount`: count the figures of supervision anew from the events."""

from banshi.command.cli import app, django_ready, screen


@app.command()
def recount() -> None:
    """把监察看板的数从头重新数一遍，不影响办件和记录。"""
    with django_ready():
        from banshi.events.sequencing import sequence
        from banshi.supervision.measures import count_anew
        from banshi.supervision.models import MeasureCount

        sequence()
        count_anew()
        screen.print(f"数好了：{MeasureCount.objects.count()}个数。", highlight=False)
