"""Addresses of public pages, for what is told of them elsewhere."""

from django.urls import reverse

from banshi.notifications.links import register

register("item", lambda guid: reverse("portal:item", args=[guid]))
register("verify", lambda code: reverse("portal:verify-paper", args=[code]))
