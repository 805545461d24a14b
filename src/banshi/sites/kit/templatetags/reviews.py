"""Template tags shared by pages of reviewers and of experts."""

from django import template
from django.utils.safestring import SafeString

from banshi.campaigns.enums import Conclusion, Disposition, Verdict
from banshi.sites.kit.templatetags.kit import status
from banshi.workflow.versions import states_of

register = template.Library()
VERDICTS = {Verdict.AGREE: "good", Verdict.CHANGE: "warn", Verdict.OPPOSE: "bad"}
CONCLUSIONS = {Conclusion.PASS: "good", Conclusion.RETURN: "warn", Conclusion.DISPUTE: "bad"}
ENDINGS = (Disposition.CANCEL, Disposition.MERGE)
ENTRY_TONES = {
    "reviewing": "info",
    "returned": "warn",
    "disputed": "bad",
    "agreed": "good",
    "decided": "good",
    "published": "good",
}


@register.simple_tag
def verdict_word(code: str) -> SafeString:
    return status(str(Verdict(code).label), VERDICTS[Verdict(code)])


@register.simple_tag
def conclusion_mark(code: str) -> SafeString:
    return status(str(Conclusion(code).label), CONCLUSIONS[Conclusion(code)])


@register.simple_tag
def disposition_mark(code: str) -> SafeString:
    """Mark a disposition.

    Those that end the item stand out.
    """
    wanted = Disposition(code)
    return status(str(wanted.label), "bad" if wanted in ENDINGS else "info", "arrow-right-circle-fill")


@register.simple_tag
def entry_mark(state: str) -> SafeString:
    return status(states_of("entry")[state].label, ENTRY_TONES.get(state, ""))


@register.simple_tag
def looking(who: object) -> SafeString:
    return status(f"{who}在看", "warn", "eye-fill")
