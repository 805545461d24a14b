from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="FlowDefinition",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("code", models.CharField(db_index=True, max_length=30)),
                ("content", models.JSONField(help_text="a workflow.definition.Workflow without its defaults")),
            ],
            options={
                "ordering": ("code", "digest"),
            },
        ),
    ]
