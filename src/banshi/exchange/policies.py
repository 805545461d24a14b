"""Paths from resources, requests and grants to the organs that provide and use them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from banshi.access import Permission, policies
from banshi.core.errors import Refused
from banshi.exchange.models import (
    Anomaly,
    CallerKey,
    CallRecord,
    Correction,
    DataBatch,
    DataRequest,
    DataSystem,
    Demand,
    Grant,
    Resource,
    Subscription,
)
from banshi.exchange.purposes import people_of
from banshi.people.models import Identity
from banshi.people.posts import organs_where

P = Permission
policies.register(DataSystem, organs="organ")
policies.register(Resource, organs="organ", by_permission={P.EXCHANGE_VIEW: ()})
policies.register(
    DataRequest,
    organs="organ",
    by_permission={P.EXCHANGE_PROVIDE: "resource__organ", P.EXCHANGE_OVERSEE: ("organ", "resource__organ")},
)
policies.register(
    Grant,
    organs="request__organ",
    by_permission={
        P.EXCHANGE_PROVIDE: "request__resource__organ",
        P.EXCHANGE_OVERSEE: ("request__organ", "request__resource__organ"),
    },
)
policies.register(
    Demand,
    organs="organ",
    by_permission={P.EXCHANGE_PROVIDE: "provider", P.EXCHANGE_OVERSEE: ("organ", "provider")},
)
policies.register(
    Subscription,
    organs="grant__request__organ",
    by_permission={P.EXCHANGE_PROVIDE: "grant__request__resource__organ"},
)
policies.register(DataBatch, organs="subscription__grant__request__organ")
policies.register(CallRecord, organs="organ")
policies.register(Anomaly, organs="organ")
policies.register(CallerKey, organs="client__organ")
policies.register(
    Correction, organs="resource__organ", by_permission={P.EXCHANGE_OVERSEE: ("resource__organ", "organ")}
)


@policies.rule(P.EXCHANGE_OBJECT, CallRecord)
def about_oneself_or_by_ones_organ(user: Any, calls: Sequence[CallRecord], at: datetime) -> None:
    """Let whom a call is about object, whose matter it was made for, and the people of the organ that asked."""
    key = getattr(user, "pk", None)
    own = Identity.objects.filter(user=key).values_list("number_index", flat=True).first() if key else None
    for call in calls:
        if key and (call.person_index == own or key in people_of(call.purpose)):
            continue
        organs = organs_where(user, P.EXCHANGE_USE, at) | organs_where(user, P.EXCHANGE_ASK, at)
        if key and organs.filter(pk=call.organ_id).exists():
            continue
        raise Refused("您没有提出的权限，只能对自己的信息提出", remedy="请登录本人的账号，在“谁看过我的信息”里提出。")
