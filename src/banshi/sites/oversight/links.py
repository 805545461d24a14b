"""Addresses of supervision's pages, for what is told of them."""

from django.urls import reverse

from banshi.notifications.links import register

register("irregularities", lambda: reverse("oversight:findings"))
register("irregularity", lambda irregularity: reverse("oversight:finding", args=[irregularity]))
register("draws", lambda: reverse("oversight:draws"))
register("draw", lambda inspectiondraw: reverse("oversight:draw", args=[inspectiondraw]))
register("monitoring_rules", lambda: reverse("oversight:rules"))
