"""`banshi verify-ledger`, `backup`, `restore`, `check-deploy`: what an administrator types."""

import io
import os
import re
import socket
import sqlite3
import sys
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from tests.factories import NOON, published_item
from tests.outbox.post_office import PostOffice, free_port
from typer.testing import CliRunner

from banshi import backups, files, ledger
from banshi.calendar.models import CalendarYear
from banshi.command import app
from banshi.core.append_only import lifted
from banshi.core.models import StoredFile
from banshi.ledger.models import LedgerEntry
from banshi.people.models import Organ, User
from banshi.search.queries import find
from banshi.sites.kit.permissions import Permission, permissions_of

check_deploy = sys.modules["banshi.command.check_deploy"]  # the package names the command, not its module


def run(*words):
    return CliRunner().invoke(app, list(words))


def place_of(digest):
    return Path(settings.MEDIA_ROOT) / files.key_of(digest)


@transaction.atomic
def act(number=0):
    return ledger.record("test.act", CalendarYear(year=2026), by=ledger.System("test"), at=NOON, facts={"n": number})


@pytest.mark.django_db
class TestVerifyLedger:
    def test_a_whole_ledger_ends_well(self):
        act()
        ran = run("verify-ledger")
        assert ran.exit_code == 0
        assert "1条记录前后相接" in ran.output

    def test_a_changed_entry_is_named_and_the_command_fails(self):
        entries = [act(n) for n in range(3)]
        with lifted(connection):
            LedgerEntry.objects.filter(pk=entries[1].pk).update(facts={"n": 99})
        ran = run("verify-ledger")
        assert ran.exit_code == 1
        assert f"第{entries[1].number}条" in ran.output


@pytest.mark.django_db(transaction=True)
class TestBackupAndRestore:
    def test_destroyed_and_restored_the_rows_the_files_and_the_search_are_there_again(self, on_disk_database, tmp_path):
        item = published_item("小学入学报名")
        stored = files.keep(
            io.BytesIO(b"%PDF-1.7\n%%EOF"), name="a.pdf", purpose="test", by=ledger.System("test"), at=NOON
        )
        before = LedgerEntry.objects.count()
        target = tmp_path / "away.tar.gz"
        assert run("backup", str(target)).exit_code == 0

        StoredFile.objects.all().delete()
        place_of(stored.digest).unlink()

        refused = run("restore", str(target))
        assert refused.exit_code == 1
        assert "已有数据" in refused.output
        ran = run("restore", str(target), "--replace")
        assert ran.exit_code == 0, ran.output
        assert files.open_file(StoredFile.objects.get()).read().startswith(b"%PDF")
        assert LedgerEntry.objects.filter(action__in=["core.keep_file", "catalog.publish"]).count() == 2
        assert LedgerEntry.objects.count() == before + 1
        assert run("verify-ledger").exit_code == 0
        assert [hit.guid for hit in find("小学入学").hits] == [str(item.guid)]

    def test_on_a_full_disk_it_ends_with_a_sentence(self, on_disk_database, tmp_path, monkeypatch):
        act()
        monkeypatch.setattr(backups, "_write", lambda *_: Path("/dev/full").write_bytes(b"backup"))
        ran = run("backup", str(tmp_path / "away.tar.gz"))
        assert ran.exit_code == 1
        assert "磁盘已满" in ran.output
        assert "Traceback" not in ran.output
        assert list(tmp_path.glob("*banshi*")) == []

    def test_where_the_copy_of_the_database_does_not_fit_it_ends_with_a_sentence_too(
        self, on_disk_database, tmp_path, monkeypatch
    ):
        """SQLite's own driver says so, not the system's call."""
        act()
        connect = sqlite3.connect

        def small(path, **more):
            copy = connect(path, **more)
            copy.execute("PRAGMA max_page_count = 4")
            return copy

        monkeypatch.setattr(backups.sqlite3, "connect", small)
        ran = run("backup", str(tmp_path / "away.tar.gz"))
        assert ran.exit_code == 1
        assert "磁盘已满" in ran.output
        assert "Traceback" not in ran.output
        assert list(tmp_path.glob("*banshi*")) == []

    def test_a_folder_gets_a_file_named_by_the_time(self, on_disk_database, tmp_path):
        act()
        assert run("backup", str(tmp_path)).exit_code == 0
        assert len(list(tmp_path.glob("banshi-*.tar.gz"))) == 1


@pytest.mark.django_db
class TestCheckDeploy:
    def test_a_fresh_installation_is_not_ready_and_each_lack_has_a_remedy(self, settings):
        settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
        ran = run("check-deploy")
        assert ran.exit_code == 1
        for word in ("BANSHI_URL", "BANSHI_HOSTS", "BANSHI_CITY", "banshi reindex"):
            assert word in ran.output

    def test_a_ready_one_passes(self, settings, monkeypatch):
        from banshi.search.index import rebuild

        settings.SECURE, settings.ALLOWED_HOSTS, settings.CITY_NAME = True, ["zwfw.example.gov.cn"], "某市"
        settings.STAFF_SECOND_FACTOR = True
        settings.SECRET_KEY = "x" * 50
        monkeypatch.setenv("BANSHI_SECRET", "x" * 50)
        settings.SILENCED_SYSTEM_CHECKS = ["async.E001"]  # browser tests of the same run need that variable
        from banshi.core.clock import today

        CalendarYear.objects.create(year=today().year, complete=True, changed_at=NOON)
        rebuild()
        ran = run("check-deploy")
        assert ran.exit_code == 0, ran.output

    def test_a_word_in_the_environment_that_endangers_requests_is_noticed(self, monkeypatch):
        monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        assert "async.E001" in run("check-deploy").output

    def test_it_says_whether_mail_is_set_and_whether_the_server_answers(self, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
        assert "要一起设" in run("check-deploy").output
        settings.MAIL_ON, settings.DEFAULT_FROM_EMAIL = True, "banshi@example.gov.cn"
        assert "✗ 邮件服务器 127.0.0.1 连得上" in run("check-deploy").output
        with PostOffice() as office:
            settings.EMAIL_PORT = office.port
            assert "✓ 催办发邮件" in run("check-deploy").output
        assert not office.received

    @pytest.mark.parametrize(("closes", "mark"), [(True, "✓"), (False, "!")])
    def test_it_tries_whether_idle_connections_are_closed(self, settings, monkeypatch, closes, mark):
        monkeypatch.setattr(check_deploy, "PROXY_SECONDS", 0.2 if not closes else 60)
        with socket.create_server(("127.0.0.1", 0)) as proxy:
            settings.SECURE, settings.SITE_URL = False, f"http://127.0.0.1:{proxy.getsockname()[1]}"
            if closes:
                threading.Thread(target=lambda: proxy.accept()[0].close()).start()
            assert f"{mark} {settings.SITE_URL[7:]} 不留空闲的连接" in run("check-deploy").output

    @pytest.mark.parametrize(("mode", "mark"), [(0o750, "✓"), (0o700, "✓"), (0o755, "✗"), (0o751, "✗")])
    def test_a_data_folder_that_other_accounts_can_enter_is_noticed(self, settings, tmp_path, mode, mark):
        settings.HOME = tmp_path
        tmp_path.chmod(mode)
        assert f"{mark} 机器上的其他账号读不到数据文件夹" in run("check-deploy").output

    def test_what_a_command_writes_is_shut_to_other_accounts(self):
        before = os.umask(0o022)
        try:
            run("check-deploy")
            assert os.umask(0o022) == 0o027
        finally:
            os.umask(before)

    def test_an_unprotected_ledger_is_noticed(self):
        with lifted(connection):
            ran = run("check-deploy")
        assert "触发器不在了" in ran.output


@pytest.mark.django_db
class TestCreateAdmin:
    WORDS = ("create-admin", "weiguan", "卫管", "--organ", "某区政务服务局", "--division", "511602:某区")

    def test_the_first_administrator_signs_in_with_the_password_told(self):
        ran = run(*self.WORDS)
        assert ran.exit_code == 0, ran.output
        user = User.objects.get(username="weiguan")
        password = re.search(r"密码\s+([\w-]+)", ran.output)[1]
        assert user.check_password(password)
        assert Permission.PEOPLE_MANAGE in permissions_of(user)
        assert CalendarYear.objects.filter(complete=True).exists()

    def test_a_name_already_taken_makes_nothing(self):
        run(*self.WORDS)
        ran = run(*self.WORDS[:4], "另一个局", *self.WORDS[5:])
        assert ran.exit_code == 1
        assert not Organ.objects.filter(name="另一个局").exists()
