"""Template tags of supervision's pages."""

from django import template
from django.utils.safestring import SafeString

from banshi.sites.kit.templatetags.kit import status
from banshi.supervision.lights import Light
from banshi.supervision.models import IrregularityMove
from banshi.workflow.definition import workflow

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


@register.simple_tag
def move_label(move: IrregularityMove) -> str:
    """Name a move as its workflow does."""
    return next((each.label for each in workflow("irregularity").moves if each.name == move.name), move.name)
