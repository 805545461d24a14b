"""Paths from papers to their organs."""

from banshi.access import policies
from banshi.papers.models import Paper

policies.register(Paper, organs="organ")
