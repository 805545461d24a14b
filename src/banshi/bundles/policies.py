"""Access policies of bundles: a submission is its owner's and their agent's, and includes its parts."""

from banshi.access import Permission, policies
from banshi.bundles.models import BundleSubmission
from banshi.cases.models import Application, Case

policies.register(BundleSubmission, applicant="owner", agent="agent")
policies.includes(
    (Permission.CASE_APPLY, BundleSubmission, "owner"),
    (Permission.CASE_APPLY, Application, "owner"),
    (Permission.CASE_APPLY, Case, "applicant"),
)
