"""Objections to proofs that are kept, and their answers."""

import re
from datetime import datetime

from django.db import transaction

from banshi.access import Permission, authorize
from banshi.core.crypto import decrypt, encrypt
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.core.repeats import A_CLICK, hold
from banshi.ledger import Actor, record
from banshi.people.queries import account_of
from banshi.rulebook.models import Objection, ProofKept

PHONE = re.compile(r"^[\d\s()+\-]{7,20}$")
MAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")


@transaction.atomic
def object_to_proof(proof: ProofKept, *, text: str, contact: str = "", by: Actor, at: datetime) -> Objection:
    """Keep what somebody says.

    `contact`, a phone or an address of mail or nothing, is sealed and shown masked.
    """
    authorize(by, Permission.PUBLIC_COMMENT, at=at)
    text, contact = text.strip(), contact.strip()
    if not text:
        raise BadInput("请写您的意见", [Problem("请写您的意见", field="text")])
    kind = masked = ""
    if PHONE.match(contact):
        kind, masked = "phone", f"{contact[:3]}****{contact[-2:]}"
    elif MAIL.match(contact) and len(contact) <= 254:
        name, _, host = contact.rpartition("@")
        kind, masked = "mail", f"{name[:1]}***@{host}"[:60]
    elif contact:
        raise BadInput(
            "联系方式看不懂", [Problem("请写手机号或邮箱；不想留可以空着", field="contact")], where="联系方式"
        )
    hold(proof)
    for just in proof.objections.filter(text=text[:2000], at__gt=at - A_CLICK):
        if decrypt(bytes(just.contact_sealed), purpose=Objection.PURPOSE) == contact:
            return just  # a second click
    objection = proof.objections.create(
        text=text[:2000],
        contact_kind=kind,
        contact_sealed=encrypt(contact, purpose=Objection.PURPOSE),
        contact_masked=masked,
        at=at,
    )
    record("rulebook.object_to_proof", objection, by=by, at=at, facts={"proof": proof.pk})
    return objection


@transaction.atomic
def answer_objection(objection: Objection, *, answer: str, public: bool, by: Actor, at: datetime) -> Objection:
    """Answer once.

    With `public` both stand on the list for all to read.
    """
    authorize(by, Permission.ITEM_EDIT, objection, at=at)
    if not answer.strip():
        raise BadInput("请写答复", [Problem("请写答复", field="answer")])
    written = {"answer": answer.strip()[:2000], "answered_by": account_of(by), "answered_at": at, "public": public}
    if not Objection.objects.filter(pk=objection.pk, answered_at=None).update(**written):
        raise Conflict("这条意见已经答复过了")
    objection.refresh_from_db()
    record("rulebook.answer_objection", objection, by=by, at=at, facts={"public": public})
    return objection


@transaction.atomic
def look_at_contact(objection: Objection, *, by: Actor, at: datetime) -> str:
    """Return the plain way to reach who wrote, for those who answer.

    Each look is recorded.
    """
    authorize(by, Permission.ITEM_EDIT, objection, at=at)
    contact = decrypt(bytes(objection.contact_sealed), purpose=Objection.PURPOSE)
    record("rulebook.look_at_contact", objection, by=by, at=at)
    return contact
