"""Access policies of bundles: a submission is its owner's."""

from banshi.access import policies
from banshi.bundles.models import BundleSubmission

policies.register(BundleSubmission, applicant="owner")
