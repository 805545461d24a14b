from django.db import migrations, models

import banshi.core.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="CalendarDay",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("working", models.BooleanField()),
                ("name", models.CharField(blank=True, max_length=50)),
                ("source", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "ordering": ("day",),
            },
        ),
        migrations.CreateModel(
            name="CalendarYear",
            fields=[
                ("year", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("complete", models.BooleanField(default=False)),
                ("source", models.CharField(blank=True, max_length=200)),
                (
                    "stamp",
                    models.UUIDField(
                        default=banshi.core.ids.new_guid,
                        help_text="new with every change of the year; readers keep their copy by it",
                    ),
                ),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("year",),
            },
        ),
    ]
