"""Content-addressed storage in an S3 bucket, by django-storages."""

import logging
from collections.abc import Iterator
from datetime import datetime

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage as Storage

from banshi.core.errors import BanshiError

log = logging.getLogger("banshi.files")
TROUBLE = (Boto3Error, BotoCoreError, ClientError)
IN_MEMORY = 5 * 1024 * 1024


class StorageUnavailable(BanshiError):
    status = 503


class S3Storage(Storage):
    def __init__(self, *, addressing: str, **options: object) -> None:
        """Take checksums of the protocol's first version only: most S3-speaking stores know no others."""
        config = Config(
            signature_version="s3v4",
            s3={"addressing_style": addressing},
            connect_timeout=5,
            read_timeout=30,
            retries={"max_attempts": 3},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        super().__init__(client_config=config, max_memory_size=IN_MEMORY, **options)

    def _save(self, name: str, content: File) -> str:
        try:
            return str(super()._save(name, content))
        except TROUBLE as trouble:
            raise _unavailable(trouble) from trouble

    def _open(self, name: str, mode: str = "rb") -> object:
        """Open an object, raising FileNotFoundError where there is none."""
        try:
            return super()._open(name, mode)
        except TROUBLE as trouble:
            raise _unavailable(trouble) from trouble

    def stored(self) -> Iterator[tuple[str, datetime]]:
        """Yield every name with the moment it was written."""
        prefix = f"{self.location}/" if self.location else ""
        for each in self.bucket.objects.filter(Prefix=prefix):
            yield each.key.removeprefix(prefix), each.last_modified


def _unavailable(trouble: Exception) -> StorageUnavailable:
    log.error("file storage unavailable: %s", trouble)
    return StorageUnavailable("文件存储现在连不上", remedy="没有保存任何内容，请过几分钟再试。")
