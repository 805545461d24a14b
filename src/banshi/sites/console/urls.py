from django.urls import include, path

from banshi.sites.console import home

app_name = "console"
urlpatterns = [
    path("", home.home, name="home"),
    path("organs/", include("banshi.sites.console.organs.urls")),
    path("offices/", include("banshi.sites.console.offices.urls")),
    path("people/", include("banshi.sites.console.people.urls")),
    path("calendar/", include("banshi.sites.console.calendar.urls")),
    path("ledger/", include("banshi.sites.console.ledger.urls")),
    path("running/", include("banshi.sites.console.running.urls")),
    path("files/", include("banshi.sites.console.files.urls")),
    path("outlets/", include("banshi.sites.console.outlets.urls")),
    path("clients/", include("banshi.sites.console.clients.urls")),
    path("outbox/", include("banshi.sites.console.outbox.urls")),
    path("papers/", include("banshi.sites.console.papers.urls")),
    path("halls/", include("banshi.sites.console.halls.urls")),
    path("retention/", include("banshi.sites.console.retention.urls")),
    path("exchange/", include("banshi.sites.console.exchange.urls")),
    path("searches/", include("banshi.sites.console.searches.urls")),
]
