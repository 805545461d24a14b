"""A folder that takes PUTs, and a kiosk that fetches from it and believes nothing it has not checked."""

import io
import json
import zipfile
from dataclasses import dataclass, field
from hashlib import sha256

from banshi.connectors.kiosk.schema import BundleManifest, Index
from banshi.connectors.test_server import Loopback, ReceivedRequest, Reply
from banshi.core.json_types import JsonObject


@dataclass
class FakeKioskFolder(Loopback):
    token: str = "a token of tests"
    files: dict[str, bytes] = field(default_factory=dict)

    def answer(self, asked: ReceivedRequest) -> Reply:
        if asked.headers.get("authorization") != f"Bearer {self.token}":
            return 401, {}
        name = asked.path.removeprefix("/kiosk/")
        if asked.method == "PUT":
            self.files[name] = asked.body
            return 201, {}
        return (200, self.files[name]) if name in self.files else (404, {})


@dataclass
class FakeKiosk:
    """A kiosk. `last` is the bundle it took in last, `log` the changes taken in, in order."""

    folder: FakeKioskFolder
    last: int = 0
    pages: dict[str, JsonObject] = field(default_factory=dict)
    papers: dict[str, bytes] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)

    def catch_up(self) -> int:
        """Return the number of bundles taken in."""
        index = Index.model_validate_json(self.folder.files.get("index.json", b"{}"))
        fresh = [each for each in index.bundles if each.number > self.last]
        for line in fresh:
            packed = self.folder.files[line.file]
            assert sha256(packed).hexdigest() == line.digest
            bundle = zipfile.ZipFile(io.BytesIO(packed))
            manifest = BundleManifest.model_validate_json(bundle.read("manifest.json"))
            for name, digest in manifest.digests.items():
                assert sha256(bundle.read(name)).hexdigest() == digest
            for entry in manifest.entries:
                self.log.append(entry.change)
                self.pages.pop(entry.item, None)
                self.papers.pop(entry.item, None)
                if entry.page:
                    self.pages[entry.item] = json.loads(bundle.read(entry.page))
                if entry.paper:
                    self.papers[entry.item] = bundle.read(entry.paper)
            self.last = line.number
        return len(fresh)
