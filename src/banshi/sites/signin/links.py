"""Addresses of one's own pages, for what is told of them."""

from django.urls import reverse

from banshi.notifications.links import register

register("account", lambda: reverse("my"))
register("messages", lambda: reverse("my_messages"))
