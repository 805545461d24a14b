from django.db import migrations, models
from django.db.models.deletion import PROTECT


class Migration(migrations.Migration):
    """`events_by_organ` begins with the organ. SQLite would write the table anew and lose what makes it append-only."""

    dependencies = [
        ("events", "0003_by_organ"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    "DROP INDEX IF EXISTS events_event_organ_id_be72711b",
                    "CREATE INDEX events_event_organ_id_be72711b ON events_event (organ_id)",
                )
            ],
            [
                migrations.AlterField(
                    "event",
                    "organ",
                    models.ForeignKey(
                        "people.organ",
                        PROTECT,
                        null=True,
                        related_name="+",
                        db_index=False,
                        help_text="whose matter it is",
                    ),
                )
            ],
        )
    ]
