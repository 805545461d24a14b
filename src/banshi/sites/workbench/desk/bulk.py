"""批量同意、批量通过 of what is safe, shown in full and asked once. The rest is left for a closer look, with the reason."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from banshi.campaigns.actions import agree_to_many, pass_many
from banshi.campaigns.entry_page import document_of
from banshi.campaigns.enums import STAYING, Verdict
from banshi.campaigns.models import Campaign, Review
from banshi.campaigns.queries import claimed_now, desk_of, to_sum_up, waiting
from banshi.campaigns.review_context import must_change_in
from banshi.catalog.guards import lacks_of
from banshi.core.clock import now, today
from banshi.core.errors import BadInput, Conflict
from banshi.people.models import User
from banshi.sites.kit.address import as_key, text_in
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.desk.access import campaign_asked

AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Chosen:
    """One chosen review. `against` says why it is not for bulk, `seen` names it and the text that is shown."""

    review: Review
    against: str
    changed: int = 0

    @property
    def seen(self) -> str:
        text = self.review.entry.text
        return f"{self.review.pk}:{text.digest if text else ''}"


@login_required
@require_POST
def agree(request: StaffRequest) -> HttpResponse:
    campaign = _campaign(request)
    if request.POST.get("confirmed") == "1":
        named = _seen(request, campaign)
        _refuse_unsafe([_agreeable(request.user, review, today()) for review, _ in named])
        done = agree_to_many(named, by=request.user, at=now())
        messages.success(request, f"已对{done}项提出意见：同意。")
        return _back(campaign, "waiting")
    chosen = [_agreeable(request.user, each, today()) for each in _chosen(request, campaign)]
    return _ask(request, campaign, chosen, "批量同意", "代表本单位同意", reverse("workbench:desk-agree"))


@login_required
@require_POST
def pass_all(request: StaffRequest) -> HttpResponse:
    campaign = _campaign(request)
    if request.POST.get("confirmed") == "1":
        named = _seen(request, campaign)
        ready = set(to_sum_up(request.user, campaign, at=now()).values_list("pk", flat=True))
        _refuse_unsafe([_passable(request.user, review, ready, today()) for review, _ in named])
        seen = [(review.entry, digest) for review, digest in named]
        entry = seen[0][0]
        done = pass_many(seen, body=entry.campaign.bodies.get(code=entry.lead), by=request.user, at=now())
        messages.success(request, f"已汇总{done}项：审核通过。")
        return _back(campaign, "sum")
    ready = set(to_sum_up(request.user, campaign, at=now()).values_list("pk", flat=True))
    chosen = [_passable(request.user, each, ready, today()) for each in _chosen(request, campaign)]
    return _ask(request, campaign, chosen, "批量通过", "汇总为审核通过", reverse("workbench:desk-pass"))


def _campaign(request: StaffRequest) -> Campaign:
    campaign, _ = campaign_asked(request.user, text_in(request.POST, "campaign"))
    if campaign is None:
        raise BadInput("没有正在进行的清理规范工作")
    return campaign


def _chosen(request: StaffRequest, campaign: Campaign) -> list[Review]:
    """Read the ticked reviews, of those on the user's desk."""
    keys = [as_key(each) for each in request.POST.getlist("review")][: AT_ONCE + 1]
    mine = desk_of(request.user, campaign, at=now()).filter(pk__in=keys).annotate(held=claimed_now(now()))
    found: list[Review] = list(mine.select_related("entry__text", "entry__item__organ").order_by("id"))
    if not found:
        raise BadInput("还没有选事项", remedy="请回到审核台，勾选要一起处理的事项。")
    if len(found) > AT_ONCE:
        raise BadInput(f"一次最多{AT_ONCE}项", remedy="请分几次处理。")
    return found


def _agreeable(user: User, review: Any, day: date) -> Chosen:
    """Offer what is safe to agree to, free, kept, and without a finding that must be mended."""
    entry = review.entry
    if not waiting(Review.objects.filter(pk=review.pk)).exists():
        return Chosen(review, "已经提过意见，或这一轮已有结论")
    if review.held and review.claimed_by_id != user.pk:
        return Chosen(review, f"{review.claimed_by}正在看")
    if entry.disposition not in STAYING:
        return Chosen(review, f"单位要“{entry.get_disposition_display()}”，请逐项审")
    return _looked_over(user, review, day)


BIG = 5
"""With more differences than these an item is opened before it is agreed to."""


def _looked_over(user: User, review: Any, day: date) -> Chosen:
    """Leave to a closer look what is new, incomplete, kept against a 必改, or much changed and never opened."""
    entry = review.entry
    if must := must_change_in(entry.item, entry.text, day, kept=True):
        return Chosen(review, f"有{must}处“必改”没有处理，或写了理由保留，请逐项看")
    if not entry.item.publications.exists():
        return Chosen(review, "新增的事项，没有以前的可比，请逐项审")
    if entry.text and lacks_of([entry.text]):
        return Chosen(review, "还缺公布前必须有的内容")
    changed = document_of(entry).changed
    opened = Review.objects.filter(entry=entry, round=entry.round, claimed_by=user.pk).exists()
    if changed > BIG and not opened:
        return Chosen(review, f"有{changed}处不同，还没有打开看过")
    return Chosen(review, "", changed)


def _passable(user: User, review: Review, ready: set[int], day: date) -> Chosen:
    entry = review.entry
    if entry.pk not in ready:
        return Chosen(review, "还有单位没提意见，或不由您的单位牵头")
    if entry.reviews.filter(round=entry.round).exclude(verdict=Verdict.AGREE, disposition=entry.disposition).exists():
        return Chosen(review, "各家意见不一致，请逐项汇总")
    if entry.disposition not in STAYING:
        return Chosen(review, f"单位要“{entry.get_disposition_display()}”，请逐项汇总")
    return _looked_over(user, review, day)


def _refuse_unsafe(chosen: list[Chosen]) -> None:
    """Refuse a confirmation that names what is not for bulk, whatever page it came from."""
    if left := [each for each in chosen if each.against]:
        said = f"有{len(left)}项不能批量处理：{left[0].against}。一项都没有处理"
        raise Conflict(said, where=str(left[0].review.entry), remedy="请回到审核台，逐项审这几项。")


def _seen(request: StaffRequest, campaign: Campaign) -> list[tuple[Review, str]]:
    """Return the reviews a confirmation names, each with the digest of the text its page showed."""
    told = dict(each.partition(":")[::2] for each in request.POST.getlist("seen")[:AT_ONCE])
    mine = desk_of(request.user, campaign, at=now()).filter(pk__in=[as_key(each) for each in told])
    found: list[Review] = list(
        mine.annotate(held=claimed_now(now())).select_related("entry__text", "entry__item__organ").order_by("entry_id")
    )
    if not found or len(found) != len(told):
        raise BadInput("有的事项已经不在您的审核台上，一项都没有处理", remedy="请回到审核台重新选择。")
    return [(each, told[str(each.pk)]) for each in found]


def _ask(
    request: StaffRequest, campaign: Campaign, chosen: list[Chosen], title: str, verb: str, address: str
) -> HttpResponse:
    context = {
        "campaign": campaign,
        "title": title,
        "verb": verb,
        "address": address,
        "safe": [each for each in chosen if not each.against],
        "left": [each for each in chosen if each.against],
    }
    return render(request, "workbench/desk/bulk.html", context)


def _back(campaign: Campaign, show: str) -> HttpResponse:
    return redirect(f"{reverse('workbench:desk')}?campaign={campaign.guid}&show={show}")
