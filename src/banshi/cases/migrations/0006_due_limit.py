from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

MONTH, DAYS_OF_A_MONTH = "3", 30


def fill(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Read the limit of what is due off the running clock."""
    case, clock = apps.get_model("cases", "Case"), apps.get_model("cases", "CaseClock")
    running = clock.objects.filter(case=models.OuterRef("pk"), kind=models.OuterRef("due_kind"), ended_on=None)
    days = (models.F("limit") + models.F("extension")) * models.Case(
        models.When(unit=MONTH, then=DAYS_OF_A_MONTH), default=1
    )
    due = case.objects.exclude(due_kind="")
    due.update(due_limit=models.Subquery(running.values(days=days)[:1]))


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_retention"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="due_limit",
            field=models.PositiveSmallIntegerField(
                blank=True, help_text="days of that limit with its extension, a month as thirty", null=True
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
