"""Let indicators be noted anew: their digests covered words and every element of the software, so that an upgrade changed them."""

from typing import Any

from django.db import migrations


def note_anew(apps: Any, schema_editor: Any) -> None:
    apps.get_model("supervision", "IndicatorStanding").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("supervision", "0009_seals_of_numbers")]
    operations = [migrations.RunPython(note_anew, migrations.RunPython.noop)]
