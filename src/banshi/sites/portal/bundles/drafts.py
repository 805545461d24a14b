"""A bundle's draft as its pages need it, in the terms of the pages of an application."""

from functools import cached_property
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect

from banshi.bundles.actions.applying import unready
from banshi.bundles.models import BundleMaterial, BundleSubmission
from banshi.bundles.queries import handed_in, reading_of, submissions_of
from banshi.core.clock import now
from banshi.core.errors import Conflict, Missing, Problem
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.portal.applying.drafts import FormPages


class BundleDraft(FormPages):
    """A submission under way, of its owner."""

    frame, start, prefix = "portal/bundles/base.html", "bundle-draft", "bundle"

    def __init__(self, submission: BundleSubmission) -> None:
        self.application = submission
        self.reading = reading_of(submission)
        self.definition = self.reading.definition
        self.form = self.reading.fields
        self.answers = self.reading.answers

    @property
    def asked_keys(self) -> set[str]:
        return {each.key for each in self.reading.visible}

    @property
    def asks_papers(self) -> bool:
        return bool(self.reading.materials.asked)

    @cached_property
    def unfinished(self) -> list[Problem]:
        return unready(self.application, self.reading)

    @cached_property
    def given(self) -> dict[str, BundleMaterial]:
        return handed_in(self.application, self.reading.materials.asked)

    @property
    def changed(self) -> list[str]:
        """Name the items whose guides are not those the owner was shown."""
        seen = self.application.seen
        return [each.item.name for each in self.reading.members if seen.get(each.key) != each.publication.pk]

    @property
    def gone(self) -> list[str]:
        """Name the parts whose items have ended since."""
        there = self.reading.seen
        return [each.name for each in self.definition.parts if each.key in self.application.seen.keys() - there.keys()]


def bundle_draft_of(request: StaffRequest, guid: UUID) -> BundleDraft:
    submission = submissions_of(request.user).filter(guid=guid).first()
    if submission is None:
        raise Missing("没有这份申请", remedy="它可能已经放弃，或者是用别的账号填的。请到“我的办件”查看。")
    return BundleDraft(submission)


def elsewhere(draft: BundleDraft) -> HttpResponse | None:
    """Lead on from a draft that is submitted or too old."""
    if draft.application.submitted_at:
        return redirect("portal:bundle-mine", draft.application.pk)
    if draft.application.expires_at <= now():
        raise Conflict("这份草稿超过保留的日子，已经不能再填", remedy="请到“一件事”的页面重新开始。")
    return None
