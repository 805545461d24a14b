"""The type of requests to staff pages."""

from django.http import HttpRequest

from banshi.people.models import User


class StaffRequest(HttpRequest):
    """A request behind `login_required`: somebody is signed in."""

    user: User
