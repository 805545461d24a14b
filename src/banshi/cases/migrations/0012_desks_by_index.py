from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0011_fetched"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="casetask", name="open_tasks_of_organ"),
        migrations.AddIndex(
            model_name="casetask",
            index=models.Index(
                fields=["organ", "case_due_rank", "case_state", "kind", "case_due_day", "id"],
                condition=models.Q(ending=""),
                name="open_tasks_of_organ",
            ),
        ),
    ]
