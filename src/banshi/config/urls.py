"""Root URL configuration. Each site keeps its own urls.py, and each topic of it another."""

from django.urls import include, path

urlpatterns = [
    # Programs ask most often: first, since each pattern before the one that fits is tried.
    path("exchange/v1/", include("banshi.sites.api.exchange")),
    path("open311/v2/", include("banshi.sites.api.open311")),
    path("api/", include("banshi.sites.api.urls")),
    path("", include("banshi.sites.portal.urls")),
    path("", include("banshi.sites.kit.urls")),
    path("", include("banshi.sites.signin.urls")),
    path("work/", include("banshi.sites.workbench.urls")),
    path("", include("banshi.sites.counter.urls")),
    path("console/", include("banshi.sites.console.urls")),
    path("oversight/", include("banshi.sites.oversight.urls")),
]
handler500 = "banshi.sites.kit.errors.accident"
