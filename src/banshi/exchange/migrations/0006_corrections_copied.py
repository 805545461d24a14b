"""Corrections know their matter themselves: what was raised before has it from its call."""

from typing import Any

from django.db import migrations


def copy_from_calls(apps: Any, editor: Any) -> None:
    rows = apps.get_model("exchange", "Correction").objects.filter(organ=None).exclude(call=None)
    for each in rows.select_related("call").iterator():
        call = each.call
        each.organ_id, each.item_id, each.person_index = call.organ_id, call.item_id, call.person_index
        each.matter, each.matter_number = call.purpose, call.purpose_number
        each.save(update_fields=["organ", "item", "person_index", "matter", "matter_number"])


class Migration(migrations.Migration):
    dependencies = [("exchange", "0005_corrections_of_matters")]
    operations = [migrations.RunPython(copy_from_calls, migrations.RunPython.noop)]
