from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Survey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("compared_with", models.DateField(blank=True, null=True, verbose_name="和哪一天比")),
                ("task", models.CharField(blank=True, help_text="key of its background task", max_length=64)),
                ("paper", models.JSONField(default=dict, help_text="the Statement as plain data")),
                ("by", models.CharField(max_length=150)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finished_at", None), ("finished_at__gte", models.F("started_at")), _connector="OR"
                        ),
                        name="survey_ends_after_it_begins",
                    )
                ],
            },
        ),
    ]
