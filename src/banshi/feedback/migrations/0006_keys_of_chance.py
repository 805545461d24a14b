"""Bad ratings are named by chance: a running number would tell whoever was rated the day, and so the person."""

from uuid import uuid4

from django.db import migrations, models

HELP = "all chance: whoever was rated reads no moment in it"
AT_ONCE = 1000


def give_guids(apps, schema_editor):
    bad_ratings = apps.get_model("feedback", "BadRating")
    rows = list(bad_ratings.objects.filter(guid=None).only("pk"))
    for row in rows:
        row.guid = uuid4()
    bad_ratings.objects.bulk_update(rows, ["guid"], AT_ONCE)


class Migration(migrations.Migration):
    dependencies = [("feedback", "0005_late_again")]

    operations = [
        migrations.AddField("badrating", "guid", models.UUIDField(null=True, editable=False)),
        migrations.RunPython(give_guids, migrations.RunPython.noop),
        migrations.AlterField(
            "badrating", "guid", models.UUIDField(default=uuid4, editable=False, unique=True, help_text=HELP)
        ),
        migrations.AlterField("rating", "guid", models.UUIDField(default=uuid4, editable=False, unique=True)),
    ]
