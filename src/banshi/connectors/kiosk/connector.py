"""To self-service terminals (自助终端) without a network of their own: bundles in a folder they fetch from.

The folder is a web server that lets us PUT. `index.json` names the bundles in order; it is written after its bundle, so
what it names is there whole. It keeps the keys of the newest changes: those it has are not packed again.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import file_digest
from tempfile import SpooledTemporaryFile

from pydantic import ValidationError

from banshi.connectors.base import Delivery, OutletKind
from banshi.connectors.http_client import call, new_session, read_json
from banshi.connectors.kiosk.bundle import write_bundle
from banshi.connectors.kiosk.schema import BundleLine, Index, KioskSecrets, KioskSettings
from banshi.outbox.channels import Answer, DeliveryOutcome, Unavailable

KEYS_KEPT = 2000
IN_MEMORY = 4 * 1024 * 1024
WRITTEN = {200, 201, 204}


class KioskFolder:
    def __init__(self, place: KioskSettings, secrets: KioskSecrets) -> None:
        self.place, self.session = place, new_session()
        self.session.headers["Authorization"] = f"Bearer {secrets.token}"

    def check(self, *, at: datetime) -> None:
        self._index()

    def deliver(self, deliveries: Sequence[Delivery], *, at: datetime) -> Sequence[Answer]:
        index = self._index()
        had = set(index.keys)
        if fresh := [delivery for delivery in deliveries if str(delivery.key) not in had]:
            number = index.bundles[-1].number + 1 if index.bundles else 1
            with SpooledTemporaryFile(IN_MEMORY) as file:
                write_bundle(fresh, file, papers=self.place.papers, at=at)
                size = file.tell()
                file.seek(0)
                digest = file_digest(file, "sha256").hexdigest()
                file.seek(0)
                name = f"bundle-{number:06d}-{digest[:12]}.zip"
                line = BundleLine(number=number, file=name, digest=digest, size=size, items=len(fresh), made_at=at)
                self._put(line.file, file)
            index.bundles.append(line)
            index.keys = [*index.keys, *(str(delivery.key) for delivery in fresh)][-KEYS_KEPT:]
            self._put("index.json", index.model_dump_json().encode())
        return [
            Answer(DeliveryOutcome.TAKEN, receipt=index.bundles[-1].file if index.bundles else "") for _ in deliveries
        ]

    def _index(self) -> Index:
        response = call(self.session, "GET", self._url("index.json"))
        if response.status_code == 404:
            return Index()
        if response.status_code != 200:
            raise Unavailable(f"文件夹读不了（HTTP {response.status_code}）")
        try:
            return Index.model_validate(read_json(response))
        except ValidationError as trouble:
            raise Unavailable("文件夹里的 index.json 读不懂") from trouble

    def _put(self, name: str, content: object) -> None:
        response = call(self.session, "PUT", self._url(name), data=content)
        if response.status_code not in WRITTEN:
            raise Unavailable(f"文件夹写不了（HTTP {response.status_code}）")

    def _url(self, name: str) -> str:
        return f"{str(self.place.address).rstrip('/')}/{name}"


KIND = OutletKind(
    code="kiosk",
    label="自助终端",
    icon="pc-display",
    what="打成离线包（指南、可打印的 PDF、校验清单）放进文件夹，终端按序号取走。",
    place=KioskSettings,
    secrets=KioskSecrets,
    connector=KioskFolder,
    at_once=50,
)
