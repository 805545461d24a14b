"""Access policies of feedback: nobody judges what was said of themselves, nor learns who said it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from banshi.access import Permission, policies
from banshi.core.errors import Refused
from banshi.feedback.models import BadRating, Complaint, KnowledgeEntry, RatedPerson, RatingInvitation, Wish
from banshi.feedback.queries import kept_from
from banshi.people.models import User
from banshi.people.posts import Anyone

policies.register(RatingInvitation, organs="organ")
policies.register(BadRating, organs="organ")
policies.register(Complaint, organs="organ", divisions="division")
policies.register(KnowledgeEntry, organs="organ")
policies.register(Wish, organs="organ", divisions="division")


def _but_not_the_rated(permission: Permission) -> None:
    @policies.rule(permission, BadRating)
    def somebody_else(user: Any, some: Sequence[BadRating], at: datetime) -> None:
        """Refuse whoever was rated."""
        ratings = [each.rating_id for each in some]
        if RatedPerson.objects.filter(invitation__rating__in=ratings, user=user.pk).exists():
            raise Refused(
                "这条差评评的是您经办的服务，不能由您核实、查看是谁评的",
                remedy="请由本单位其他同事办理；认为是误评或者恶意的，可以申诉。",
            )


for each in (Permission.RATING_VERIFY, Permission.RATING_IDENTITY, Permission.RATING_REVIEW):
    _but_not_the_rated(each)


def _but_not_whom_it_is_about(permission: Permission) -> None:
    @policies.rule(permission, Complaint)
    def not_ones_own(user: Anyone, some: Sequence[Complaint], at: datetime) -> None:
        """Refuse whoever is named in a complaint or report, or worked on the case it is about."""
        keys = [each.pk for each in some]
        if isinstance(user, User) and Complaint.objects.filter(kept_from(user), pk__in=keys).exists():
            raise Refused("反映的是您经办的事，不能由您办理、查看是谁反映的", remedy="请由本单位其他同事办理。")


for each in (Permission.COMPLAINT_HANDLE, Permission.COMPLAINT_IDENTITY):
    _but_not_whom_it_is_about(each)
