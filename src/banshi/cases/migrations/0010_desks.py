from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def fill(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Read off the case what its open steps keep of it."""
    case, task = apps.get_model("cases", "Case"), apps.get_model("cases", "CaseTask")
    theirs = case.objects.filter(pk=models.OuterRef("case"))
    kept = {f"case_{name}": models.Subquery(theirs.values(name)) for name in ("state", "due_rank", "due_day")}
    task.objects.filter(ending="").update(**kept)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0009_handlers"),
    ]

    operations = [
        migrations.AddField(
            model_name="casetask",
            name="case_state",
            field=models.CharField(
                default="received",
                help_text="the case's, kept beside an open step for the desks",
                max_length=20,
                verbose_name="办件的状态",
            ),
        ),
        migrations.AddField(
            model_name="casetask", name="case_due_rank", field=models.IntegerField(blank=True, null=True)
        ),
        migrations.AddField(model_name="casetask", name="case_due_day", field=models.DateField(blank=True, null=True)),
        migrations.RemoveIndex(model_name="casetask", name="open_tasks_of_organ"),
        migrations.AddIndex(
            model_name="casetask",
            index=models.Index(
                fields=["organ", "case_due_rank", "case_state", "kind", "case_due_day"],
                condition=models.Q(ending=""),
                name="open_tasks_of_organ",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
