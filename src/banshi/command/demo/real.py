"""Real data in the demonstration, 广安区's catalogue and fourteen guides, imported and marked as such."""

import io
import json
from datetime import datetime, timedelta

from banshi.catalog.provenance import ALL, Provenance, Sources
from banshi.command.demo.tables import document, path_of, table
from banshi.ledger import Actor, System
from banshi.people.actions import create_organ
from banshi.people.models import Division
from banshi.spreadsheets.actions import Imported, apply_batch, receive_file
from banshi.spreadsheets.organ_matching import Owners, kind_of

IMPORTER = System("演示导入样例")  # nobody of 示例市 ever approved what a real place published
IMPORTED = timedelta(days=45)
CATALOGUE = "samples/catalogue-guangan.xlsx"
CATALOGUE_NAME = "广安区公开的办事指南二维码清单（GitHub v-luobo·zwfw）整理表.xlsx"
GUIDES_NAME = "公开的办事指南（逐条注明出处）.json"
CATALOGUE_PROVENANCE = {ALL: str(Provenance.PAGE)} | dict.fromkeys(("bases", "category"), str(Provenance.MATCHED))
"""Names, organs and codes stand in the district's list; legal bases and categories were matched by name (data/samples)."""
DISTRICT = "511602"


def build_real_catalogue(*, by: Actor, at: datetime) -> Imported:
    """Import all rows of the workbook, under the district's own organs.

    The file's name, kept as each item's source, says whence.
    """
    division = Division.objects.get(pk=DISTRICT)
    organs = []
    for row in table("demo/real-organs.csv"):
        # Readers know an organ by its district, the sheet by a short form (区教科体局).
        organ = create_organ(name=row["name"], kind=row["kind"], division=division, uscc=row["uscc"], by=by, at=at)
        organ.short_name = row["name_in_sheet"]
        organs.append(organ)
    content = path_of(CATALOGUE).read_bytes()
    return _import(content, CATALOGUE_NAME, Owners(organs), division, CATALOGUE_PROVENANCE, by=by, at=at)


def build_real_guides(*, by: Actor, at: datetime) -> Imported:
    """Return the guides found on pages of real places, each with its organ, place and source."""
    places = {row["id"]: row for row in table("demo/real-guides.csv")}
    divisions = Division.objects.in_bulk([row["division"] for row in places.values()])
    names = {(row["organ"], row["division"]) for row in places.values()}
    organs = [
        create_organ(name=name, kind=kind_of(name), division=divisions[place], by=by, at=at)
        for name, place in sorted(names)
    ]
    records = [
        {**record, "dept": places[record["id"]]["organ"]}
        for record in document("samples/items.json")
        if record["id"] in places
    ]
    content = json.dumps(records, ensure_ascii=False).encode()
    return _import(content, GUIDES_NAME, Owners(organs), organs[0].division, by=by, at=at)


def _import(
    content: bytes,
    name: str,
    owners: Owners,
    division: Division,
    provenance: Sources | None = None,
    *,
    by: Actor,
    at: datetime,
) -> Imported:
    batch = receive_file(io.BytesIO(content), name=name, division=division, options={}, by=by, at=at)
    return apply_batch(batch, owners, publish=True, provenance=provenance, by=by, at=at)
