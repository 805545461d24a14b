"""Addresses of supervision's pages, for what is told of them."""

from django.urls import reverse

from banshi.notifications.links import register

register("irregularities", lambda: reverse("oversight:findings"))
register("irregularity", lambda irregularity: reverse("oversight:finding", args=[irregularity]))
register("monitoring_rules", lambda: reverse("oversight:rules"))
