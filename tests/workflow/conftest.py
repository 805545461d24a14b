import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as shipped
from django.db import connection

from banshi.workflow import models, versions


@pytest.fixture
def flows(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Definitions of one's own to edit: the shipped ones, and the example."""
    from tests.workflow.permits import TOML

    monkeypatch.setattr(versions, "_read", {})
    for name in ("_kept", "_unsettled"):
        monkeypatch.setattr(models, name, set())
    settings.WORKFLOWS = tmp_path / "workflows"
    shutil.copytree(shipped.DATA / "workflows", settings.WORKFLOWS)
    shutil.copy(TOML, settings.WORKFLOWS)
    return settings.WORKFLOWS


@pytest.fixture
def permits(transactional_db: None, flows: Path) -> Iterator[None]:
    """The example's tables, which are no migration's; gone before the database is emptied."""
    from tests.workflow.permits import MODELS

    with connection.schema_editor() as editor:
        for model in MODELS:
            editor.create_model(model)
    yield
    with connection.schema_editor() as editor:
        for model in reversed(MODELS):
            editor.delete_model(model)
