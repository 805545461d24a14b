"""The event log."""

from django.db import models
from django.db.models import Q

from banshi.core.append_only import declare
from banshi.core.ids import new_guid
from banshi.events.kinds import KINDS, EventData, EventKind


class Event(models.Model):
    """A fact of an act, for good. Only the sequencer's `number` is written later, once."""

    number = models.BigIntegerField(
        null=True, unique=True, help_text="place in the order all consumers read in; null until the act is sequenced"
    )
    guid = models.UUIDField(default=new_guid, unique=True, editable=False)
    act = models.UUIDField(help_text="the same for all events of one emission, which have numbers beside each other")
    kind = models.CharField(max_length=60, help_text="a key of events.kinds.KINDS")
    at = models.DateTimeField()
    actor = models.CharField(max_length=150, help_text="as in the ledger: user:12, system:import")
    actor_kind = models.CharField(max_length=20, help_text="user, expert, visitor, system, command")
    subject_type = models.CharField(max_length=60, help_text="<app>.<Model>, a registered subject")
    subject_id = models.BigIntegerField(
        help_text="its key; no foreign key, events outlive rows such as withdrawn drafts"
    )
    organ = models.ForeignKey(
        "people.Organ", models.PROTECT, null=True, related_name="+", db_index=False, help_text="whose matter it is"
    )
    item = models.ForeignKey("catalog.Item", models.PROTECT, null=True, related_name="+")
    data = models.JSONField(default=dict, help_text="as its kind declares")

    class Meta:
        ordering = ("number",)
        indexes = (
            models.Index(fields=("id",), condition=Q(number=None), name="events_not_sequenced"),
            models.Index(fields=("kind", "number"), name="events_by_kind"),
            models.Index(fields=("subject_type", "subject_id"), name="events_by_subject"),
            models.Index(fields=("act",), name="events_by_act"),
            models.Index(fields=("organ", "at"), name="events_by_organ"),
        )

    @property
    def declared(self) -> EventKind:
        return KINDS[self.kind]

    @property
    def payload(self) -> EventData:
        return self.declared.data.model_validate(self.data)


declare(Event, "id", "guid", "number", once="number")
