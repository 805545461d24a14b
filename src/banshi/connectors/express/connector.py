"""Results carried by an express company, which knows each parcel by the number of its case."""

from dataclasses import asdict
from datetime import datetime

from django.conf import settings

from banshi.connectors.express.schema import ParcelReply, StandingReply
from banshi.connectors.signed_gateway import SignedGateway
from banshi.core.errors import Conflict
from banshi.handout.express import ExpressStanding, Parcel, Waybill
from banshi.outbox.channels import Unavailable

REMEDY = "没有下单。请过一会儿再试，或自己寄出后登记单号。"


class ExpressCompany:
    def __init__(self, gateway: SignedGateway) -> None:
        self.gateway = gateway

    def check(self, *, at: datetime) -> None:
        """Ask whether the company answers and knows us.

        Raises Unavailable.
        """
        self.gateway.check(at=at)

    def order(self, parcel: Parcel, *, at: datetime) -> Waybill:
        try:
            said = self.gateway.ask("/parcels", asdict(parcel), ParcelReply, at=at)
        except Unavailable as trouble:
            raise Conflict(f"快递公司现在联系不上：{trouble}", remedy=REMEDY) from trouble
        if not said.accepted or not said.tracking:
            raise Conflict(
                f"快递公司没有接单：{said.reason or '没有说明原因'}", remedy="请改好地址再试，或请本人来领。"
            )
        return Waybill(said.carrier, said.tracking)

    def standing(self, tracking: str, *, at: datetime) -> ExpressStanding:
        try:
            said = self.gateway.ask("/standings", {"tracking": tracking}, StandingReply, at=at)
        except Unavailable as trouble:
            raise Conflict(f"快递公司现在联系不上：{trouble}", remedy="过一会儿会再查。") from trouble
        return ExpressStanding(said.words, said.delivered_at, said.receiver)


def express_in_settings() -> ExpressCompany | None:
    return ExpressCompany(SignedGateway(settings.EXPRESS)) if settings.EXPRESS.address else None
