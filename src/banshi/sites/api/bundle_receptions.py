"""一件事 at the counter: one form, one checklist and one agreement of whoever stands there, for every office."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status, UploadedFile
from pydantic import BaseModel, Field

from banshi.bundles.queries import bundle_named, handed_in, reading_of
from banshi.core.clock import now
from banshi.core.errors import Missing
from banshi.reception import actions
from banshi.reception.actions.agreeing import agreed_text
from banshi.reception.enums import HandInAs
from banshi.reception.models import BundleReception
from banshi.reception.queries import bundle_receptions_visible_to
from banshi.sites.api import fields
from banshi.sites.api.authentication import AUTHENTICATED
from banshi.sites.api.bundles import BundleSubmissionOut, asked_material, submission_out
from banshi.sites.api.case_schemas import StrictBody
from banshi.sites.api.counter import AgreementIn, CardIn, person_and_ticket, receiving_clerk, take_agreement
from banshi.sites.api.handling import FAILURES, WRITING
from banshi.sites.api.writing import Exposed, idempotent

router = Router(tags=["窗口收件和出件"], auth=AUTHENTICATED)


class BundleReceptionOut(BaseModel):
    """替到场的人填的一份一件事。"""

    guid: UUID = Field(title="编号")
    missing: list[str] = Field(title="还缺的材料的 slug")
    agreed: bool = Field(title="申请人确认了现在的内容")
    submission: BundleSubmissionOut = Field(title="一件事申请；交了以后有各项的进度")


class BundleReceptionIn(CardIn):
    bundle: fields.Slug = Field(title="“一件事”的代号，见 /bundles")


class BundleTypedIn(StrictBody):
    answers: dict[str, Any] = Field(title="填写的内容，和已保存的合并")
    originals: list[fields.Slug] | None = Field(
        None, title="当面核对了原件的是哪几样（slug）；不写不变", max_length=200
    )


class BundleHandInIn(StrictBody):
    then: HandInAs = Field(HandInAs.RECEIVE, title="收件，或者能受理的当场受理")
    until: fields.Day | None = Field(None, title="可以后补的材料补交的最后一天（容缺受理）")


@router.post("/bundle-receptions", response={201: BundleReceptionOut, **WRITING}, summary="替到场的人开始一份一件事")
@idempotent
def begin(request: HttpRequest, asked: BundleReceptionIn) -> Status[Any]:
    """由窗口工作人员登录后办，和收件页一样：没有账号的人当场登记，证件上有的内容自动填好。"""
    clerk = receiving_clerk(request)
    version, at = bundle_named(asked.bundle), now()
    who = person_and_ticket(asked, clerk, at=at)
    made = actions.begin_bundle_reception(version, **who, by=clerk, at=at)
    return Status(201, bundle_reception_out(_found(request, made.guid)))


@router.get(
    "/bundle-receptions/{uuid:reception}", response={200: BundleReceptionOut, **FAILURES}, summary="一份一件事收件"
)
def show(request: HttpRequest, reception: UUID) -> Any:
    return bundle_reception_out(_found(request, reception))


@router.patch(
    "/bundle-receptions/{uuid:reception}",
    response={200: BundleReceptionOut, **WRITING},
    summary="保存一件事收件填写的内容",
)
@idempotent
def keep_typed(request: HttpRequest, reception: UUID, asked: BundleTypedIn) -> Status[Any]:
    """对不对都先存着，交的时候才检查。要交哪些材料，随填写的内容变化。"""
    originals = None if asked.originals is None else set(asked.originals)
    act = actions.keep_bundle_typed
    return RECEPTION.after(act, request, reception, answers=asked.answers, originals=originals)


@router.post(
    "/bundle-receptions/{uuid:reception}/materials/{slug:slug}",
    response={201: BundleReceptionOut, **WRITING},
    summary="上传一样一件事材料的扫描件",
)
@idempotent
def attach_scan(request: HttpRequest, reception: UUID, slug: str, files: list[UploadedFile]) -> Status[Any]:
    """multipart/form-data。一样材料只交一次，分给要它的各项。"""
    proof = asked_material(_found(request, reception).submission, slug).proof
    act = actions.attach_bundle_scan
    return RECEPTION.after(act, request, reception, proof, files, status=201, original_seen=False)


@router.post(
    "/bundle-receptions/{uuid:reception}/agreement",
    response={200: BundleReceptionOut, **WRITING},
    summary="申请人确认一件事",
)
@idempotent
def agree(request: HttpRequest, reception: UUID, asked: AgreementIn) -> Status[Any]:
    """一次签名或一个验证码，各单位都算。以后又改了内容的要再确认。"""
    return RECEPTION.after(take_agreement, request, reception, asked)


@router.post(
    "/bundle-receptions/{uuid:reception}/adopt",
    response={200: BundleReceptionOut, **WRITING},
    summary="一件事收件改按新的指南",
)
@idempotent
def adopt(request: HttpRequest, reception: UUID) -> Status[Any]:
    """填写期间有指南改过的，收下答 409；改按新的，填过的都还在。"""
    return RECEPTION.after(actions.take_up_changes_of_bundle, request, reception)


@router.post(
    "/bundle-receptions/{uuid:reception}/hand-in",
    response={201: BundleReceptionOut, **WRITING},
    summary="收下一份一件事",
)
@idempotent
def hand_in(request: HttpRequest, reception: UUID, asked: BundleHandInIn) -> Status[Any]:
    """不用等的各项马上成为办件，等着结果的轮到时自动提交。"""
    act = actions.hand_in_bundle
    return RECEPTION.after(act, request, reception, status=201, then=asked.then, until=asked.until)


def _found(request: HttpRequest, guid: UUID) -> BundleReception:
    found = bundle_receptions_visible_to(receiving_clerk(request), at=now()).filter(guid=guid).first()
    if found is None:
        raise Missing("没有这份收件", where=str(guid), remedy="它可能由别的单位收下。")
    return found


def bundle_reception_out(reception: BundleReception) -> dict[str, Any]:
    submission = reception.submission
    asked = reading_of(submission).materials.asked
    given = handed_in(submission, asked)
    return {
        "guid": reception.guid,
        "missing": [each.slug for each in asked if each.proof not in given and (each.required or each.later)]
        if submission.submitted_at is None
        else [],
        "agreed": bool(reception.agreed_by) and reception.agreed_index == agreed_text(reception),
        "submission": submission_out(submission),
    }


RECEPTION = Exposed(_found, bundle_reception_out)
