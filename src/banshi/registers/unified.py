"""Which elements an upper tier may unify: not those that say where one's own office is and who sits there."""

from banshi.catalog.guide.document import Guide

OWN = frozenset(
    (
        *("aliases", "undertaker", "decider", "joint_organs", "entrusted_organ", "organ_nature"),
        *("places", "consult", "complaint", "online_url", "mobile_url", "appointment_how", "notes"),
    )
)
"""Every office's own."""


def only_unified(guide: Guide) -> Guide:
    """The guide without what is everyone's own."""
    kept = {name: getattr(guide, name) for name in Guide.model_fields if name not in OWN}
    return Guide.model_validate(kept)
