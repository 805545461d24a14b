"""Template tags of supervision's pages."""

from django import template
from django.utils.safestring import SafeString

from banshi.sites.kit.templatetags.kit import status
from banshi.supervision.lights import Light

register = template.Library()
SIGNS = {
    Light.RED: ("bad", "x-octagon-fill"),
    Light.YELLOW: ("warn", "exclamation-triangle-fill"),
    Light.GREEN: ("good", "check-circle-fill"),
}


@register.simple_tag
def light_mark(light: str) -> SafeString:
    """Return a light as sign and word, never colour alone."""
    if light not in Light.values:
        return status("停表", "", "pause-circle-fill")
    return status(Light(light).label, *SIGNS[Light(light)])
