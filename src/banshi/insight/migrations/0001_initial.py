import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalog", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ItemViews",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("count", models.PositiveIntegerField(default=0)),
                (
                    "item",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="catalog.item"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["day", "item"], name="insight_ite_day_69f6ea_idx")],
                "constraints": [models.UniqueConstraint(fields=("item", "day"), name="item_views_once_a_day")],
            },
        ),
    ]
