"""Windows and guides are drawn and inspected too, and an inspection keeps whose matter it is."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def keep_organs(apps, schema_editor):
    inspections, cases = apps.get_model("supervision", "Inspection"), apps.get_model("cases", "Case")
    organs = cases.objects.filter(pk=OuterRef("case")).values("organ")[:1]
    inspections.objects.update(organ=Subquery(organs))


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0009_handlers"),
        ("catalog", "0007_remarks_are_no_numbers"),
        ("people", "0001_initial"),
        ("supervision", "0004_one_index_less"),
        ("window", "0003_tickets_in_turn"),
    ]

    operations = [
        migrations.AddField(
            model_name="inspection",
            name="organ",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="inspections",
                to="people.organ",
                verbose_name="单位",
            ),
        ),
        migrations.RunPython(keep_organs, migrations.RunPython.noop),
    ]
