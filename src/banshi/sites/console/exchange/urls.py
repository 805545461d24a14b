from django.urls import path

from banshi.sites.console.exchange import anomalies, operation, searches

urlpatterns = [
    path("", operation.operation, name="exchange"),
    path("searches/", searches.searches, name="exchange-searches"),
    path("searches/<int:pk>/", searches.search, name="exchange-search"),
    path("searches/<int:pk>/export/", searches.export, name="exchange-search-export"),
    path("anomalies/", anomalies.anomalies, name="exchange-anomalies"),
    path("anomalies/<int:pk>/", anomalies.anomaly, name="exchange-anomaly"),
    path("anomalies/<int:pk>/calls/", anomalies.open_calls, name="exchange-anomaly-calls"),
]
