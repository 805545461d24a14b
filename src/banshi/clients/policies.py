"""Access policies of clients."""

from banshi.access import policies
from banshi.clients.models import Client
from banshi.people.posts import Posts

policies.register_holdings(Client, Posts())
policies.register(Client, organs="organ")
