"""What a server process must not load before somebody needs it: each costs megabytes of every worker."""

import subprocess
import sys

HEAVY = (
    "typst docx openpyxl xlsxwriter python_calamine pyarrow scipy networkx numpy pandas pypdf pypinyin rapidfuzz segno"
)
START = """
import sys
from banshi.config.wsgi import application
from django.urls import get_resolver

assert get_resolver().url_patterns
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_a_server_that_starts_loads_no_heavy_library() -> None:
    loaded = subprocess.run([sys.executable, "-c", START], check=True, capture_output=True, text=True).stdout.split()
    assert "tantivy" in loaded
    assert not set(HEAVY.split()) & set(loaded)
