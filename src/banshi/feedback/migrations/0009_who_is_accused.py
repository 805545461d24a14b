"""Organs that are accused get rows. Complaints and wishes are addressed by chance: a key tells no moment and no order."""

from uuid import uuid4

import django.db.models.deletion
from django.db import migrations, models

NO_ORDER = "all chance: no address tells which came first"
NO_MOMENT = "all chance: who wished is not shown, nor the moment"
AT_ONCE = 1000


def give_guids(apps, schema_editor):
    for name in ("Complaint", "Wish", "ComplaintFile"):
        some = apps.get_model("feedback", name)
        rows = list(some.objects.only("pk"))
        for row in rows:
            row.guid = uuid4()
        some.objects.bulk_update(rows, ["guid"], AT_ONCE)


class Migration(migrations.Migration):
    dependencies = [("feedback", "0008_wishes_linked_when"), ("people", "__first__")]

    operations = [
        migrations.CreateModel(
            "AccusedOrgan",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="accused_organs",
                        to="feedback.complaint",
                    ),
                ),
                (
                    "organ",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organ"),
                ),
            ],
            options={"ordering": ("id",)},
        ),
        migrations.AddConstraint(
            "accusedorgan",
            models.UniqueConstraint(fields=("complaint", "organ"), name="organ_accused_once_in_a_complaint"),
        ),
        migrations.AddField("complaint", "guid", models.UUIDField(null=True, editable=False)),
        migrations.AlterField("complaintfile", "guid", models.UUIDField(default=uuid4, editable=False, unique=True)),
        migrations.AlterField(
            "wish", "guid", models.UUIDField(default=uuid4, editable=False, unique=True, help_text=NO_MOMENT)
        ),
        migrations.RunPython(give_guids, migrations.RunPython.noop),
        migrations.AlterField(
            "complaint", "guid", models.UUIDField(default=uuid4, editable=False, unique=True, help_text=NO_ORDER)
        ),
    ]
