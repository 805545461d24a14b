"""The virus scan, by a real clamd whose signature database has one entry."""

import io
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from banshi.core.errors import BadInput
from banshi.uploads.receiving import examined
from banshi.uploads.virus_scan import ScannerAway, scanner_version, virus_in
from tests.uploads.pictures import photo

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""Put together here, so that no scanner takes this file for it."""


@pytest.fixture
def clamd(clamd_server: str, settings) -> str:  # type: ignore[no-untyped-def]
    settings.CLAMD = clamd_server
    return clamd_server


def test_the_test_file_of_all_scanners_is_found_and_nothing_else(clamd: str) -> None:
    assert virus_in(io.BytesIO(EICAR)) == "Banshi.Test.UNOFFICIAL"
    assert virus_in(photo().file) == ""
    assert scanner_version().startswith("ClamAV ")


def test_a_file_with_a_virus_is_not_kept(clamd: str) -> None:
    sent = [photo(), SimpleUploadedFile("说明.txt", EICAR)]
    with pytest.raises(BadInput) as trouble, examined(sent, title="说明"):
        pass
    assert trouble.value.where == "说明.txt"
    assert trouble.value.message == "文件里有病毒（Banshi.Test.UNOFFICIAL），没有收下"


def test_what_the_scanner_passes_is_kept(clamd: str) -> None:
    with examined([photo()], title="照片") as document:
        assert document.name == "照片.pdf"


@pytest.fixture
def nobody(settings, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    settings.CLAMD = f"unix:{tmp_path}/clamd"


@pytest.fixture
def hangs_up(settings) -> Iterator[None]:  # type: ignore[no-untyped-def]
    """Takes the connection and ends it, as a scanner that is being stopped."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.CLAMD = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        server.settimeout(30)

        def answer() -> None:
            line, _ = server.accept()
            line.recv(1)
            line.close()

        thread = threading.Thread(target=answer)
        thread.start()
        yield
        thread.join(30)


@pytest.mark.parametrize("away", ["nobody", "hangs_up"])
def test_while_the_scanner_is_away_nothing_is_taken_in_unexamined(away: str, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(away)
    with pytest.raises(ScannerAway) as trouble, examined([photo()], title="照片"):
        pass
    assert "填写的内容还在" in trouble.value.remedy


def test_where_none_is_set_nothing_is_scanned(settings) -> None:  # type: ignore[no-untyped-def]
    settings.CLAMD = ""
    assert virus_in(io.BytesIO(EICAR)) == ""
