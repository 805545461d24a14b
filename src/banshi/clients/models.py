"""OAuth clients, and requests that were sent with an Idempotency-Key."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from oauth2_provider.models import AbstractApplication

from banshi.access import OrganReach, Permission
from banshi.core.prepared import new
from banshi.people.models import Organ, Post
from banshi.people.posts import ActsForOrgan

LONGEST_KEY = 200


class Client(AbstractApplication, models.Model, ActsForOrgan):
    """An OAuth client: a system that acts for an organ (client credentials), or an app for people (authorization code)."""

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="clients", verbose_name="所属单位")
    permissions = models.JSONField("可以做什么", default=list, help_text="codes of data/access/roles.toml")
    registered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Client"]] = models.Manager()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("name",), condition=Q(ended_at=None), name="client_name_once_in_use"),
            models.CheckConstraint(
                condition=Q(authorization_grant_type="client-credentials", client_type="confidential", redirect_uris="")
                | (Q(authorization_grant_type="authorization-code", client_type="public") & ~Q(redirect_uris="")),
                name="client_is_a_system_or_an_app",
            ),
            models.CheckConstraint(condition=Q(hash_client_secret=True), name="client_secret_is_hashed"),
            models.CheckConstraint(condition=Q(skip_authorization=False), name="client_asks_for_consent"),
        )

    def __str__(self) -> str:
        return str(self.name)

    @property
    def is_system(self) -> bool:
        return bool(self.authorization_grant_type == self.GRANT_CLIENT_CREDENTIALS)

    @property
    def ledger_id(self) -> str:
        return f"client:{self.pk}"

    @property
    def ledger_name(self) -> str:
        return f"{self.organ.called}的{self.name}"

    def is_usable(self, request: Any) -> bool:
        """Answer the library, which asks before it gives a token and whenever one is shown."""
        return self.ended_at is None and self.organ.active

    def posts_giving(self, permission: Permission, at: datetime) -> list[tuple[Post, OrganReach]]:
        """Return what a post of its organ would give, for `people.posts`."""
        return [(self._post, OrganReach.OWN)] if self.is_system and permission in self.permissions else []

    @cached_property
    def _post(self) -> Post:
        post = new(Post, organ_id=self.organ_id)
        post.organ = self.organ
        return post


class IdempotentRequest(models.Model):
    """A write that was sent with an Idempotency-Key, and its answer, so that sending it again does nothing twice."""

    PURPOSE = "clients.IdempotentRequest"

    owner = models.CharField(max_length=80, help_text="the ledger id of who sent it")
    key = models.CharField(max_length=LONGEST_KEY)
    fingerprint = models.CharField(max_length=64, help_text="digest of method, address and body")
    status = models.PositiveSmallIntegerField(default=0)
    answer_sealed = models.BinaryField(default=bytes)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("owner", "key"), name="idempotency_key_once_for_each"),)
