"""Addresses of the counter's pages, for what is told of them."""

from django.urls import reverse

from banshi.notifications.links import register

register("questions", lambda: reverse("counter:questions"))
