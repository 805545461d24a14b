"""Reads of hand-out: what waits to be shelved, what waits to be collected, where one result lies."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from banshi.access import Permission
from banshi.bundles.models import BundlePart
from banshi.cases.models import Case, CaseTask
from banshi.catalog.enums import StepKind
from banshi.core.crypto import decrypt
from banshi.handout.enums import HandOutState
from banshi.handout.models import HandOut
from banshi.people.posts import Anyone, organs_where

LOCKER = "handout.locker_code"


def to_shelve(user: Anyone, *, at: datetime) -> QuerySet[Case]:
    """List decided cases of the offices one delivers for, whose result nobody has shelved."""
    organs = organs_where(user, Permission.CASE_DELIVER, at)
    ready = CaseTask.objects.filter(kind=StepKind.DELIVER, ending="").values("case")
    rows = Case.objects.filter(organ__in=organs, state="decided", hand_out=None, pk__in=ready)
    return rows.select_related("item", "organ").order_by("-id")


def hand_outs_visible_to(user: Anyone, *, at: datetime) -> QuerySet[HandOut]:
    """List results that one's office has, or that cases of one's office have led to."""
    organs = organs_where(user, Permission.CASE_DELIVER, at)
    rows = HandOut.objects.filter(Q(organ__in=organs) | Q(case__organ__in=organs))
    return rows.select_related("case__item", "case__organ", "organ", "shelved_by", "handed_by")


def waiting(user: Anyone, *, at: datetime) -> QuerySet[HandOut]:
    """List results that nobody has collected, the oldest first."""
    return hand_outs_visible_to(user, at=at).exclude(state=HandOutState.DONE).order_by("shelved_at", "id")


def waiting_with(hand_out: HandOut, user: Anyone, *, at: datetime) -> QuerySet[HandOut]:
    """List what else waits for the same person and may go out with a result, `together` those of the same 一件事."""
    part = BundlePart.objects.filter(application=OuterRef("case__application"))
    same = BundlePart.objects.filter(application=hand_out.case.application_id).values("submission")
    rows = hand_outs_visible_to(user, at=at).filter(
        case__applicant=hand_out.case.applicant_id, state__in=(HandOutState.SHELVED, HandOutState.IN_LOCKER)
    )
    rows = rows.exclude(pk=hand_out.pk).annotate(together=Exists(part.filter(submission__in=same)))
    return rows.order_by("-together", "shelved_at", "id")


def parcels_on_their_way() -> list[tuple[int, str]]:
    """List key and tracking number of all that was sent, the longest under way first."""
    sent = HandOut.objects.filter(state=HandOutState.SENT).order_by("sent_at", "id")
    return list(sent.values_list("pk", "tracking"))


def locker_code_of(hand_out: HandOut) -> str:
    """Open the code of the locker, for the person it is for."""
    return decrypt(bytes(hand_out.locker_code_sealed), purpose=LOCKER)
