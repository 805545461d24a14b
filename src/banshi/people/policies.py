"""Access policies of divisions, organs, accounts and posts."""

from banshi.access import policies
from banshi.access.policies import SELF
from banshi.people.models import Delegation, Division, Identity, Organ, Post, SignIn, User
from banshi.people.posts import Posts

policies.register_holdings(User, Posts())
policies.register(Division, divisions=SELF)
policies.register(Organ, organs=SELF)
policies.register(User, applicant=SELF)
policies.register(Post, organs="organ", assignee="user")
policies.register(Delegation, organs="post__organ", assignee="post__user")
policies.register(SignIn, applicant="user")
policies.register(Identity, applicant="user")
