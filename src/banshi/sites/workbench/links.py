"""Addresses of the workbench's pages, for what is told of them."""

from django.urls import reverse

from banshi.notifications.links import register

register("today", lambda: reverse("workbench:today"))
register("reports", lambda: reverse("workbench:reports"))
register("report", lambda unit: reverse("workbench:report", args=[unit]))
register("order", lambda order: reverse("workbench:order", args=[order]))
register("desk", lambda: reverse("workbench:desk"))
register("adjustments", lambda: reverse("workbench:adjustments"))
register("data_resources", lambda: reverse("workbench:data_resources"))
register("data_resource", lambda one: reverse("workbench:data_resource", args=[one]))
register("data_demands", lambda: reverse("workbench:data_demands"))
register("data_demand", lambda one: reverse("workbench:data_demand", args=[one]))
register("data_corrections", lambda: reverse("workbench:data_corrections"))
register("data_correction", lambda one: reverse("workbench:data_correction", args=[one]))
register("data_requests", lambda: reverse("workbench:data_requests"))
register("data_request", lambda one: reverse("workbench:data_request", args=[one]))
register("adjustment", lambda adjustment: reverse("workbench:adjustment", args=[adjustment]))
register("bad-ratings", lambda: reverse("workbench:bad-ratings"))
register("bad-rating", lambda bad: reverse("workbench:bad-rating-told", args=[bad]))
register("complaints", lambda: reverse("workbench:complaints"))
register("complaint", lambda complaint: reverse("workbench:complaint-told", args=[complaint]))
register("wishes", lambda: reverse("workbench:wishes"))
register("wish-desk", lambda wish: reverse("workbench:wish-told", args=[wish]))
