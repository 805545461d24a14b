import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F, OuterRef, Q, Subquery


def fill(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Read off the case whose open steps other organs have."""
    case, task = apps.get_model("cases", "Case"), apps.get_model("cases", "CaseTask")
    away = task.objects.filter(ending="").exclude(organ=F("case__organ"))
    organ = Subquery(case.objects.filter(pk=OuterRef("case")).values("organ"))
    task.objects.filter(pk__in=away.values("pk")).update(lead=organ)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0015_transfer"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="casetask",
            name="lead",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="the case's organ, where another one has this step",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.organ",
                verbose_name="承办单位",
            ),
        ),
        migrations.AddIndex(
            model_name="casetask",
            index=models.Index(
                fields=["lead", "case_due_rank", "case_due_day", "id"],
                condition=Q(ending="", lead__isnull=False),
                name="open_tasks_with_others",
            ),
        ),
        migrations.AddConstraint(
            model_name="casetask",
            constraint=models.CheckConstraint(condition=~Q(lead=F("organ")), name="leading_organ_is_another"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
