"""来信: an e-mail becomes a complaint or question once, and is answered by mail with its number."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from banshi.access import Permission, Visitor, authorize
from banshi.core.crypto import blind_index
from banshi.core.errors import BadInput
from banshi.feedback.actions.complaints import LONGEST_TEXT, file_complaint
from banshi.feedback.author_notices import reply_by_mail
from banshi.feedback.enums import ComplaintChannel, ComplaintKind
from banshi.feedback.letters import IncomingLetter
from banshi.feedback.models import Complaint, MailedLetter
from banshi.feedback.policy import policy
from banshi.feedback.sealing import ACCOUNT
from banshi.ledger import Actor, record

KINDS = {
    "举报": ComplaintKind.REPORT,
    "投诉": ComplaintKind.COMPLAINT,
    "求助": ComplaintKind.HELP,
    "建议": ComplaintKind.SUGGESTION,
}
"""Kinds by the word that stands in a letter, the gravest first. Without one it is a question."""


def has_room(letter: IncomingLetter, *, at: datetime) -> bool:
    """Tell whether a sender may have one more letter taken in now.

    More of a day stay unread in the box and are taken in later, so that none is lost.
    """
    sender = blind_index(letter.sender.lower(), purpose=ACCOUNT)
    today = Complaint.objects.filter(reporter_index=sender, received_at__gt=at - timedelta(days=1))
    return today.count() < policy().complaint.letters_a_day


@transaction.atomic
def take_letter(letter: IncomingLetter, *, by: Actor, at: datetime) -> MailedLetter:
    """Take in a letter once by its key, without its attachments where one can't be taken, and answer its number."""
    authorize(by, Permission.AUTOMATIC, at=at)
    kept = MailedLetter.objects.filter(key=letter.key).first()
    if kept:
        return kept
    if letter.automatic:
        return _kept(letter, None, "自动回复或者群发的邮件，没有收下", at)
    whole = f"{letter.subject}\n{letter.text}".strip()
    words, cut = whole[:LONGEST_TEXT], f"来信太长，收下了前{LONGEST_TEXT}字。" if len(whole) > LONGEST_TEXT else ""
    kind = next((kind for word, kind in KINDS.items() if word in words), ComplaintKind.CONSULTATION)
    given: dict[str, Any] = {
        "text": words,
        "channel": ComplaintChannel.MAIL,
        "name": letter.name[:40],
        "contact": letter.sender[:100],
    }
    try:
        with transaction.atomic():
            made, problem = file_complaint(kind, **given, files=letter.files, by=Visitor(), at=at), ""
    except BadInput as refused:
        if not letter.files:
            return _kept(letter, None, refused.message, at)
        problem = f"附件没有收下：{refused.message}"
        made = file_complaint(kind, **given, by=Visitor(), at=at)
    made.reporter_index = blind_index(letter.sender.lower(), purpose=ACCOUNT)
    made.save(update_fields=["reporter_index"])
    seen_first = f"{made.proposal['why'][-1]}。" if "held" in made.proposal else ""
    reply_by_mail(made, f"收到了。{seen_first}{cut}{problem}".strip(), at=at)
    return _kept(letter, made, f"{cut}{problem}", at)


def _kept(letter: IncomingLetter, complaint: Complaint | None, problem: str, at: datetime) -> MailedLetter:
    row = MailedLetter.objects.create(key=letter.key, complaint=complaint, problem=problem[:200], received_at=at)
    record("feedback.take_letter", row, by=Visitor(), at=at, facts={"problem": problem[:200]})
    return row
