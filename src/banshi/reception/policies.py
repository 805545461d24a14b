"""Access policies of reception: officials receive for their office, agents act while a mandate is in force."""

from collections.abc import Sequence
from datetime import datetime

from banshi.access import Permission, policies
from banshi.bundles.models import BundleSubmission
from banshi.cases.models import Application, Case
from banshi.cases.queries import companies_of
from banshi.core.errors import Refused
from banshi.people.models import Identity, User
from banshi.people.posts import Anyone
from banshi.reception.models import BundleReception, HomeVisit, Mandate, Reception
from banshi.reception.queries import mandates_in_force

policies.register(Reception, organs="organ")
policies.register(BundleReception, organs="organ")
policies.register(HomeVisit, organs="organ")
policies.register(Mandate, organs="organ", applicant="person")
FOR_THE_PERSON = ((Permission.CASE_APPLY, Application, "owner"), (Permission.CASE_APPLY, Case, "applicant"))
THEIR_BUNDLE = (Permission.CASE_APPLY, BundleSubmission, "owner")
FROM_THE_CARD = (Permission.ACCOUNT_OWN, Identity, "user")
policies.includes((Permission.CASE_RECEIVE, Reception, "person"), *FOR_THE_PERSON, FROM_THE_CARD)
policies.includes((Permission.CASE_RECEIVE, BundleReception, "person"), *FOR_THE_PERSON, THEIR_BUNDLE, FROM_THE_CARD)
policies.includes((Permission.CASE_AGENT, Mandate, "person"), *FOR_THE_PERSON, THEIR_BUNDLE, FROM_THE_CARD)

ENDED = Refused("委托没有给您，或者已经到期、结束", remedy="请委托人重新签委托书，登记以后再办。")


@policies.rule(Permission.CASE_AGENT, Mandate)
def the_agent_named_acts(user: Anyone, mandates: Sequence[Mandate], at: datetime) -> None:
    """Let nobody act under a mandate but the agent it names, while it is in force."""
    if mandates_in_force(user, at=at).filter(pk__in=[each.pk for each in mandates]).count() < len(set(mandates)):
        raise ENDED


@policies.rule(Permission.CASE_APPLY, Application)
def an_agent_has_a_mandate(user: Anyone, applications: Sequence[Application], at: datetime) -> None:
    """Let an agent go on with a draft only as long as the person has not ended the mandate."""
    _require_mandates(user, {each.owner_id for each in applications}, at)


@policies.rule(Permission.CASE_APPLY, BundleSubmission)
def an_agent_has_a_mandate_for_a_bundle(user: Anyone, submissions: Sequence[BundleSubmission], at: datetime) -> None:
    """Let an agent go on with a bundle only as long as the person has not ended the mandate."""
    _require_mandates(user, {each.owner_id for each in submissions}, at)


@policies.rule(Permission.CASE_APPLY, Case)
def an_agent_still_has_a_mandate(user: Anyone, cases: Sequence[Case], at: datetime) -> None:
    """Let an agent supply and withdraw only as long as the person has not ended the mandate."""
    _require_mandates(user, {each.applicant_id for each in cases}, at)


def _require_mandates(user: Anyone, people: set[int], at: datetime) -> None:
    if isinstance(user, User) and (others := people - {user.pk}):
        held = mandates_in_force(user, at=at).filter(person__in=others)
        named_by = companies_of(user).filter(company__in=others)
        if others - {*held.values_list("person_id", flat=True), *named_by.values_list("company_id", flat=True)}:
            raise ENDED
