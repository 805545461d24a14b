"""Paths from orders to the organ that charges and the person who pays."""

from banshi.access import policies
from banshi.fees.models import FeeOrder

policies.register(FeeOrder, organs="case__organ", applicant="case__applicant", agent="case__agent")
