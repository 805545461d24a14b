"""Staff pages: where they are, and the type of requests to them."""

from django.http import HttpRequest

from banshi.people.models import User

STAFF_PAGES = ("/work/", "/counter/", "/console/", "/oversight/")
"""Where every staff page is. Each of these sites is an entry of `config.urls`."""


class StaffRequest(HttpRequest):
    """A request behind `login_required`: somebody is signed in."""

    user: User
