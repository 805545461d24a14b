"""Addresses of the registers' pages."""

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from banshi.sites.kit.address import url_of
from banshi.sites.workbench.registers.register import Register, RowAction, Transition

register = template.Library()


@register.simple_tag
def register_url(of: Register, page: str, *keys: int) -> str:
    return reverse(f"workbench:{of.code}-{page}", args=keys)


@register.simple_tag
def act_url(act: Transition | RowAction) -> str:
    return url_of(act.url_name)


@register.simple_tag
def register_crumbs(of: Register, last: object) -> SafeString:
    steps = [(reverse(f"workbench:{of.code}"), of.label), ("", str(last)[:40])]
    return SafeString(render_to_string("kit/crumbs.html", {"crumbs": steps}))
