"""`banshi seal-ledger`, `seal-files`, `make-ledger-key`, and what `check-deploy` says of the key."""

import io

import pytest
from tests.command.test_keeping import act, run

from banshi import files
from banshi.core.models import StoredFile
from banshi.ledger import System
from banshi.ledger.anchors import anchor
from banshi.ledger.models import Anchor
from banshi.ledger.sealing import not_sealed
from banshi.ledger.verification import verify


@pytest.mark.django_db
def test_what_waits_is_sealed_by_hand() -> None:
    act()
    assert "封存了1条" in run("seal-ledger").output
    assert not_sealed().count == 0


@pytest.mark.django_db
def test_a_key_made_elsewhere_signs_and_is_never_overwritten(settings, tmp_path_factory, monday) -> None:  # type: ignore[no-untyped-def]
    key = tmp_path_factory.mktemp("other-disk") / "ledger.pem"
    settings.LEDGER_KEY, settings.LEDGER_PUBLIC_KEY = key, key.with_suffix(".pub")
    act()
    run("seal-ledger")
    assert "✗ 留底的签名密钥" in run("check-deploy").output
    assert run("make-ledger-key", str(key)).exit_code == 0
    assert key.stat().st_mode & 0o777 == 0o600
    assert run("make-ledger-key", str(key)).exit_code == 1
    anchor(at=monday)
    assert verify().anchors == Anchor.objects.count() == 1
    assert verify().holds
    assert "✓ 留底的签名密钥" in run("check-deploy").output


@pytest.mark.django_db
def test_a_key_in_the_data_folder_is_warned_about() -> None:
    assert "! 留底的签名密钥不在数据文件夹里" in run("check-deploy").output


@pytest.mark.django_db
def test_files_kept_in_the_clear_are_encrypted_by_the_command(monday) -> None:  # type: ignore[no-untyped-def]
    files.keep(io.BytesIO(b"%PDF-1.7\n%%EOF"), name="a.pdf", purpose="test", by=System("test"), at=monday)
    StoredFile.objects.update(purpose="case")
    assert "1 个" in run("seal-files").output
    assert StoredFile.objects.get().sealed_as
    assert "0 个" in run("seal-files").output
