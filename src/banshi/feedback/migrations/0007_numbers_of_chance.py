"""Complaints are numbered by chance from now on. Those there are keep the number they were told."""

from django.db import migrations, models

AT_ONCE = 1000
HELP = "all chance but the year: who counts on from a neighbour's finds no order"


def keep_numbers(apps, schema_editor):
    complaints = apps.get_model("feedback", "Complaint")
    some = []
    for row in complaints.objects.filter(number=None).only("pk", "received_at").iterator(AT_ONCE):
        row.number = f"S{row.received_at.year}{row.pk:07d}"
        some.append(row)
    complaints.objects.bulk_update(some, ["number"], AT_ONCE)


class Migration(migrations.Migration):
    dependencies = [("feedback", "0006_keys_of_chance")]

    operations = [
        migrations.AddField("complaint", "number", models.CharField(max_length=20, null=True)),
        migrations.RunPython(keep_numbers, migrations.RunPython.noop),
        migrations.AlterField(
            "complaint", "number", models.CharField("编号", max_length=20, unique=True, help_text=HELP)
        ),
    ]
