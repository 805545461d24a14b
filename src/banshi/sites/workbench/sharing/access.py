"""The one way pages of sharing reach a resource or a request: through what the user may see."""

from banshi.core.clock import now
from banshi.core.errors import Missing
from banshi.exchange.models import DataRequest, Resource
from banshi.exchange.queries import requests_visible_to, resources_visible_to
from banshi.people.models import User


def resource_for(user: User, pk: int) -> Resource:
    """Return the resource.

    Raises Missing.
    """
    found = resources_visible_to(user, at=now()).filter(pk=pk).first()
    if found is None:
        raise Missing("没有这个数据资源", remedy="它可能还没有发布。请回到“数据资源目录”查找。")
    return found


def request_for(user: User, pk: int) -> DataRequest:
    """Return the request.

    Raises Missing.
    """
    found = requests_visible_to(user, at=now()).filter(pk=pk).first()
    if found is None:
        raise Missing("没有这件共享申请", remedy="它可能是别的单位的。请回到“共享申请”列表查找。")
    return found
