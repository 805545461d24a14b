from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ScheduledRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("due", models.DateTimeField()),
                ("task", models.UUIDField(help_text="key of the task's row (django_tasks_db)")),
                ("started_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("-due", "name"),
                "constraints": [models.UniqueConstraint(fields=("name", "due"), name="scheduled_once_when_due")],
            },
        ),
    ]
