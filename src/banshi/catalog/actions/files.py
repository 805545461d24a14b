"""Opening of the files that guides name, to everybody while what names them is to be read, and to nobody else."""

from collections.abc import Sequence
from uuid import UUID

from banshi.catalog.guide.document import Guide
from banshi.catalog.guide.files import PURPOSE, files_of
from banshi.catalog.models import Item, Publication
from banshi.core.errors import BadInput
from banshi.core.models import StoredFile


def refuse_foreign_files(item: Item, guide: Guide, before: Guide) -> None:
    """Refuse a guide that newly names a file of another organ, whatever form it came by."""
    new = set(files_of(guide)) - set(files_of(before))
    own = StoredFile.objects.filter(guid__in=new, purpose=PURPOSE, organ_id=item.organ_id)
    if new and own.count() != len(new):
        raise BadInput(
            "指南里写了不是本单位上传的文件，没有保存", where=item.name, remedy="请在编写页重新上传空白表格或样本。"
        )


def open_files(named: Sequence[tuple[Item, Guide]]) -> None:
    """Open to everybody the files that guides put in force name, of the items' own organs only."""
    guids = {item.organ_id: set[UUID]() for item, _ in named}
    for item, guide in named:
        guids[item.organ_id].update(files_of(guide))
    for organ, files in guids.items():
        if files:
            StoredFile.objects.filter(guid__in=files, purpose=PURPOSE, organ_id=organ).update(public=True)


def close_files(publication: Publication) -> None:
    """Close the files of what was published in error, unless something in force names them too."""
    for guid in set(files_of(publication.revision.guide)):
        others = Publication.objects.filter(until=None, revision__content__icontains=str(guid))
        if not others.exclude(pk=publication.pk).exists():
            StoredFile.objects.filter(guid=guid, purpose=PURPOSE).update(public=False)
