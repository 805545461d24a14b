"""Addresses of public pages, for what is told of them elsewhere."""

from django.urls import reverse

from banshi.notifications.links import register

register("item", lambda guid: reverse("portal:item", args=[guid]))
register("case", lambda key: reverse("portal:my-case", args=[key]))
register("appointments", lambda: reverse("portal:my-appointments"))
register("rate", lambda key: reverse("portal:rate-own", args=[key]))
register("own-complaints", lambda: reverse("portal:my-complaints"))
register("own-complaint", lambda key: reverse("portal:my-complaint-told", args=[key]))
register("wish", lambda key: reverse("portal:wish-told", args=[key]))
register("verify", lambda code: reverse("portal:verify-paper", args=[code]))
register("bundle", lambda key: reverse("portal:bundle-mine", args=[key]))
register("my-looks", lambda: reverse("portal:my-looks"))
register("draw-party", lambda key: reverse("portal:draw-giving", args=[key]))
