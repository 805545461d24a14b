"""Where the organs of papers are found."""

from banshi.access import policies
from banshi.papers.models import Paper

policies.register(Paper, organs="organ")
