"""Paths from resources, requests and grants to the organs that provide and use them."""

from banshi.access import Permission, policies
from banshi.exchange.models import DataRequest, DataSystem, Grant, Resource

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
