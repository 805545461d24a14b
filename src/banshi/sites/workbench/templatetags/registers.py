"""Addresses of the registers' pages."""

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from banshi.sites.kit.address import url_of

register = template.Library()


@register.simple_tag
def register_url(of: Any, page: str, *keys: Any) -> str:
    return reverse(f"workbench:{of.code}-{page}", args=keys)


@register.simple_tag
def act_url(act: Any) -> str:
    return url_of(act.url_name)


@register.simple_tag
def register_crumbs(of: Any, last: Any) -> SafeString:
    steps = [(reverse(f"workbench:{of.code}"), of.label), ("", str(last)[:40])]
    return SafeString(render_to_string("kit/crumbs.html", {"crumbs": steps}))
