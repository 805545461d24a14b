"""Lists told for whom, whether online and at what level where the guide does not say."""

from typing import Any

from django.db import migrations, models

TELLING = ("audience", "online", "level")


def tell_what_is_told(apps: Any, schema_editor: Any) -> None:
    listings = apps.get_model("catalog", "Listing").objects.using(schema_editor.connection.alias)
    silent: dict[str, list[int]] = {name: [] for name in TELLING}
    rows = listings.values_list("pk", "provenance", *(f"publication__revision__content__{each}" for each in TELLING))
    for key, provenance, audience, online, level in rows.iterator(1000):
        if not audience:
            silent["audience"].append(key)
        if online is None:
            silent["online"].append(key)
        if not level and provenance == "page":
            silent["level"].append(key)
    for name, value in (
        ("audience", {"for_person": None, "for_company": None}),
        ("online", {"online": None}),
        ("level", {"level": ""}),
    ):
        keys = silent[name]
        for start in range(0, len(keys), 500):
            listings.filter(pk__in=keys[start : start + 500]).update(**value)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0005_numbers_as_titles")]
    operations = [
        migrations.AlterField(
            model_name="listing",
            name="for_person",
            field=models.BooleanField(help_text="null: the guide does not say for whom it is", null=True),
        ),
        migrations.AlterField(model_name="listing", name="for_company", field=models.BooleanField(null=True)),
        migrations.AlterField(
            model_name="listing",
            name="online",
            field=models.BooleanField(help_text="null: the guide does not say", null=True),
        ),
        migrations.RunPython(tell_what_is_told, migrations.RunPython.noop),
    ]
