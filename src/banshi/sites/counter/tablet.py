"""评价平板: turned to the person at a window, it offers the rating of the service that has just ended there."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from banshi.core.clock import now
from banshi.documents.qr import qr_svg
from banshi.feedback.enums import Grade
from banshi.feedback.queries import invitation_at
from banshi.sites.kit.office_devices import staff_of
from banshi.window.kiosk_address import counter_of_tablet


@require_safe
@never_cache
def tablet(request: HttpRequest, key: str) -> HttpResponse:
    """Show the code of the last service to whoever stands before the tablet, and to no staff account."""
    counter = counter_of_tablet(key)
    asked = None if request.user.is_authenticated else invitation_at(counter, at=now())
    address = reverse("portal:rate", args=[asked.code]) if asked else ""
    context = {
        "counter": counter,
        "invitation": asked,
        "address": f"{address}?tablet={key}",
        "grades": Grade.choices,
        "qr": qr_svg(f"{settings.SITE_URL}{address}") if asked else "",
        "signed_in": request.user.is_authenticated,
        "theirs": bool(asked and asked.rated.filter(user__in=staff_of(request)).exists()),
    }
    return render(request, "counter/tablet.html", context)
