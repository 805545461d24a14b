"""Complaints and bad ratings that keep a case from deletion until they are closed."""

from django.db.models import Exists, OuterRef, Q

from banshi.cases.retention import register_hold
from banshi.feedback.models import BadRating, Complaint

COMPLAINTS = Complaint.objects.filter(case=OuterRef("pk"), ended_at=None)
BAD_RATINGS = BadRating.objects.filter(rating__invitation__case=OuterRef("pk"), ended_at=None)
register_hold("诉求或差评没有办结", lambda _: Q(Exists(COMPLAINTS)) | Q(Exists(BAD_RATINGS)))
