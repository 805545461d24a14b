from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0016_lead_of_steps"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(
                fields=["last_rank"],
                condition=models.Q(ending="", drawn_at__isnull=False),
                name="drawn_promises_by_day",
            ),
        ),
    ]
