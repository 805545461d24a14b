"""What is only a line of the catalogue, told as the page tells it: a time limit alone is no guide, conditions are a part of one."""

from typing import Any

from django.db import migrations

TELLING = ("materials", "no_materials", "steps", "places", "conditions")


def tell_lines(apps: Any, schema_editor: Any) -> None:
    listings = apps.get_model("catalog", "Listing").objects.using(schema_editor.connection.alias)
    changed: dict[bool, list[int]] = {True: [], False: []}
    rows = listings.values_list("pk", "has_guide", *(f"publication__revision__content__{each}" for each in TELLING))
    for key, has_guide, *told in rows.iterator(1000):
        if has_guide != any(told):
            changed[any(told)].append(key)
    for has_guide, keys in changed.items():
        for start in range(0, len(keys), 500):
            listings.filter(pk__in=keys[start : start + 500]).update(has_guide=has_guide)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_publication_identity")]
    operations = [migrations.RunPython(tell_lines, migrations.RunPython.noop)]
