"""Idempotent writes by Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): the act and its kept answer are one transaction."""

from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction

from banshi.clients.models import LONGEST_KEY, IdempotentRequest
from banshi.core.crypto import decrypt, encrypt
from banshi.core.errors import BadInput


@transaction.atomic
def answer_once(
    owner: str, key: str, fingerprint: str, act: Callable[[], tuple[int, str]], *, at: datetime
) -> tuple[int, str]:
    """Return the answer kept for the same request, or act and keep it.

    An act that fails keeps nothing.
    """
    if not 1 <= len(key) <= LONGEST_KEY or not key.isprintable():
        raise BadInput(f"Idempotency-Key 要有 1 到 {LONGEST_KEY} 个字符", remedy="建议每次新的提交用一个新的 UUID。")
    try:
        with transaction.atomic():
            made = IdempotentRequest.objects.create(owner=owner, key=key, fingerprint=fingerprint, at=at)
    except IntegrityError:
        kept = IdempotentRequest.objects.get(owner=owner, key=key)
        if kept.fingerprint != fingerprint:
            raise BadInput(
                "这个 Idempotency-Key 已经用在另一个请求上",
                remedy="重发同一个请求才用同一个 Idempotency-Key；内容不同的请求请换一个。",
            ) from None
        return kept.status, decrypt(bytes(kept.answer_sealed), purpose=IdempotentRequest.PURPOSE)
    made.status, answer = act()
    made.answer_sealed = encrypt(answer, purpose=IdempotentRequest.PURPOSE)
    made.save(update_fields=["status", "answer_sealed"])
    return made.status, answer
