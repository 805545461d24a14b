"""A document cited by its number alone has that number, as the reader of citations says since."""

import re
from typing import Any

from django.db import migrations

NUMBER = re.compile(
    r"\s*(?:[\u4e00-\u9fa5]{1,20}?[〔\[(\uff08]\s*[12]\d{3}\s*[〕\])\uff09]\s*第?\d+号"
    r"|[\u4e00-\u9fa5 ]{1,40}?令(?:\d{4}年)?第?[0-9０-９零〇一二三四五六七八九十百千两]+号)"
)


def tell_numbers(apps: Any, schema_editor: Any) -> None:
    bases = apps.get_model("catalog", "PublishedBasis").objects.using(schema_editor.connection.alias)
    for key, title in list(bases.filter(doc_no="", title__endswith="号").values_list("pk", "title")):
        if NUMBER.fullmatch(title):
            bases.filter(pk=key).update(doc_no=title)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0004_life_event_stages")]
    operations = [migrations.RunPython(tell_numbers, migrations.RunPython.noop)]
