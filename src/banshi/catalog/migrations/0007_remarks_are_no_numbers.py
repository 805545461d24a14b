"""A remark in brackets after a title is no number, as the reader of citations says since."""

import re
from typing import Any

from django.db import migrations

REMARK = re.compile(r"^(?![^号]*\d+号).*(?:未查到|未核对|待核|不详|以.{0,8}为准|节选|见附件|略)")


def forget_remarks(apps: Any, schema_editor: Any) -> None:
    bases = apps.get_model("catalog", "PublishedBasis").objects.using(schema_editor.connection.alias)
    rows = bases.exclude(doc_no="").values_list("pk", "doc_no")
    said = [key for key, doc_no in rows.iterator(1000) if REMARK.search(doc_no)]
    for start in range(0, len(said), 500):
        bases.filter(pk__in=said[start : start + 500]).update(doc_no="")


class Migration(migrations.Migration):
    dependencies = [("catalog", "0006_what_is_not_told")]
    operations = [migrations.RunPython(forget_remarks, migrations.RunPython.noop)]
