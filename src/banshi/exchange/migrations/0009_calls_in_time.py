from django.db import migrations, models


def _index(name: str, *fields: str) -> migrations.AddIndex:
    return migrations.AddIndex("callrecord", models.Index(fields=[*fields, "-at", "-number"], name=name))


class Migration(migrations.Migration):
    """Newest first, whatever is searched for: by the index that ends in time, without sorting."""

    dependencies = [
        ("exchange", "0008_batches_removed_sm2"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="callrecord", name="calls_about_a_person"),
        migrations.RemoveIndex(model_name="callrecord", name="calls_of_a_resource"),
        migrations.RemoveIndex(model_name="callrecord", name="calls_by_a_clerk"),
        _index("calls_in_time"),
        _index("calls_about_person_in_time", "person_index"),
        _index("calls_of_resource_in_time", "resource"),
        _index("calls_by_clerk_in_time", "clerk"),
        _index("calls_for_number_in_time", "purpose_number"),
    ]
