"""What a citizen's phone loads for one guide, counted on the wire from a running `banshi serve`."""

import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from subprocess import PIPE, Popen
from urllib.parse import urljoin

import pytest
import requests
from tests.processes import environment, installation, said
from tests.servers import free_port

AT_MOST = 120_000
PUBLISH = """
import json
import django
django.setup()
from django.conf import settings
from tests import factories
from banshi.catalog.guide.document import Guide
made = [each["guide"] for file in (settings.DATA / "demo/guides").glob("*.json") for each in json.loads(file.read_text())]
longest = max(made, key=lambda guide: len(json.dumps(guide)))
item = factories.item(text=Guide.model_validate(longest))
factories.publication(item)
print(item.guid)
"""


@pytest.fixture(scope="module")
def guide(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the longest guide of the example city, on a server."""
    port, home = free_port(), installation(tmp_path_factory.mktemp("site") / "home")
    guid = said(PUBLISH, home).strip()
    serve = [sys.executable, "-m", "banshi.command", "serve", "--port", str(port), "--workers", "1"]
    with (home / "log").open("w") as log:
        process = Popen(serve, env=environment(home, BANSHI_DEMO="1"), stdout=PIPE, stderr=log, text=True)
    assert process.stdout
    assert "banshi ready" in process.stdout.readline(), (home / "log").read_text()
    yield f"http://127.0.0.1:{port}/items/{guid}/"
    with suppress(ProcessLookupError):
        process.terminate()
    process.wait()
    process.stdout.close()


def loaded(address: str) -> requests.Response:
    """As it crosses the wire: its `raw` is not unpacked."""
    answer = requests.get(address, headers={"Accept-Encoding": "gzip"}, stream=True, timeout=60)
    assert answer.status_code == 200, address
    return answer


def test_a_guide_weighs_120_kb_at_most_and_its_files_are_kept_for_years(guide: str) -> None:
    page = requests.get(guide, timeout=60)
    named = re.findall(r'<(?:link|script)[^>]*(?:href|src)="(/static/[^"]+)"', page.text)
    icons = re.findall(r'<use href="([^"#]+)#', page.text)
    files = {urljoin(guide, name) for name in [*named, *icons]}
    assert len(files) == 4, "favicon, stylesheet, script and icons"

    weight = len(loaded(guide).raw.read(decode_content=False))
    for file in files:
        answer = loaded(file)
        weight += len(answer.raw.read(decode_content=False))
        assert answer.headers["Cache-Control"] == "max-age=315360000, public, immutable"
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", file), "a name with its digest"
    assert weight <= AT_MOST


def test_text_is_compressed_made_anew_or_kept(guide: str) -> None:
    lengths = set()
    for _ in range(2):
        answer = loaded(guide)
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in answer.headers["Vary"]
        lengths.add(answer.content)
    assert len(lengths) == 1, "the page is the same, whichever way it came"


def test_equal_answers_made_anew_differ_in_length_so_that_it_tells_nothing(guide: str) -> None:
    address = urljoin(guide, "/?for=person")
    assert len({len(loaded(address).raw.read(decode_content=False)) for _ in range(8)}) > 1


def test_what_is_compressed_already_is_left_alone(guide: str) -> None:
    assert "Content-Encoding" not in loaded(f"{guide}notice.pdf").headers
