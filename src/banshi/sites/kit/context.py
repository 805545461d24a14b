"""Context of every template, such as the city's name, text size, user and menu."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from banshi.core.clock import now
from banshi.sites.kit.display import is_large
from banshi.sites.kit.menu import menu_for
from banshi.sites.kit.permissions import current_posts


def page(request: HttpRequest) -> dict[str, Any]:
    return {
        "city_name": settings.CITY_NAME,
        "site_url": settings.SITE_URL,
        "demo": settings.DEMO,
        "lived_ahead": now().date() if settings.AHEAD else None,
        "large": is_large(request),
        "menu": SimpleLazyObject(lambda: menu_for(request)),
        "posts": SimpleLazyObject(lambda: current_posts(request.user)),
    }
