"""Accounts of persons keep the masked name, those of enterprises their own; the plain one stands sealed in the identity.

Accounts with a post keep the name of office. The ledger and the histories of moves, which it proves, are append-only:
what they say of acts before this keeps the name it was written with.
"""

from django.db import migrations

from banshi.core.crypto import decrypt
from banshi.core.id_numbers import mask_name

AT_ONCE = 1000


def mask_names(apps, schema_editor):
    User, Identity = apps.get_model("people", "User"), apps.get_model("people", "Identity")
    changed = []
    for row in Identity.objects.filter(user__posts=None).select_related("user").iterator(AT_ONCE):
        name = decrypt(bytes(row.name_sealed), purpose="people.Identity")
        row.user.full_name = (name if row.kind == "company" else mask_name(name))[:60]
        changed.append(row.user)
    User.objects.bulk_update(changed, ["full_name"], AT_ONCE)


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [migrations.RunPython(mask_names, migrations.RunPython.noop)]
