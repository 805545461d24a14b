"""评价公示: figures by organ, item and window, with how many rated and what is unusual. No text and no person.

They end with yesterday: who watched them while somebody rates would see that one's grade.
"""

from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from banshi.core.clock import CHINA, today
from banshi.feedback.policy import policy
from banshi.feedback.rating_figures import bad_rating_figure, rating_figures, tag_counts
from banshi.sites.kit.listing.filters import Filter, Filters, tabs

SHOWN = 100
BY = (("organ", "按部门"), ("item", "按事项"), ("window", "按窗口"))
SPANS = (("30", "近30天"), ("90", "近90天"), ("365", "近一年"))


class RatingFilters(Filters):
    by = Filter(options=BY, narrows=False)
    days = Filter("多久", options=SPANS, every="近90天")


@require_safe
def ratings(request: HttpRequest) -> HttpResponse:
    filters, until = RatingFilters.read(request.GET), datetime.combine(today(), time(), CHINA)
    by, days = filters.by or "organ", int(filters.days or 90)
    span: dict[str, Any] = {"since": until - timedelta(days=days), "until": until}
    longer = [until - timedelta(days=int(code)) for code, _ in SPANS if int(code) > days]
    context = {
        "by": by,
        "tabs": tabs(filters, "by", dict(BY), chosen=by),
        "filters": filters,
        "controls": filters.controls(),
        "days": days,
        "figures": rating_figures(by, **span, longer=longer)[:SHOWN],
        "bad": bad_rating_figure(**span, longer=longer),
        "reasons": tag_counts(**span),
        "rules": policy().rating,
    }
    return render(request, "portal/rating/figures.html", context)
