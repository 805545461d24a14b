"""Addresses of the console's pages, for what is told of them."""

from django.urls import reverse

from banshi.notifications.links import register

register("data_anomalies", lambda: reverse("console:exchange-anomalies"))
register("data_anomaly", lambda anomaly: reverse("console:exchange-anomaly", args=[anomaly]))
