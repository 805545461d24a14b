"""Signing in and out: how many at once, and why one ended. Limits of time are kept by the site's middleware."""

from datetime import datetime

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet

from banshi import ledger
from banshi.access import Permission, authorize
from banshi.people.models import SignIn, User
from banshi.people.signals import sign_ins_ended


@transaction.atomic
def begin_sign_in(
    user: User, *, session_key: str, address: str | None, agent: str, by: ledger.Actor, at: datetime
) -> list[SignIn]:
    """Note a sign-in.

    Beyond `settings.SIGN_INS_AT_ONCE` the oldest end. Returns those that ended.
    """
    authorize(by, Permission.ACCOUNT_OWN, user, at=at)
    User.objects.select_for_update().get(pk=user.pk)
    begun = SignIn.objects.create(user=user, session_key=session_key, address=address, agent=agent[:200], began_at=at)
    # Open ones whose session is still there, newest first; a session may have run out unseen.
    keys = SignIn.objects.filter(user=user, ended_at=None).values_list("session_key", flat=True)
    open_ones = SignIn.objects.filter(
        session_key__in=Session.objects.filter(session_key__in=list(keys)).values("session_key")
    )
    crowded = list(open_ones[settings.SIGN_INS_AT_ONCE :])
    _end(SignIn.objects.filter(pk__in=[one.pk for one in crowded]), SignIn.SignOut.CROWDED, at)
    ledger.record("people.begin_sign_in", begun, by=by, at=at, facts={"address": address, "ended": len(crowded)})
    return crowded


@transaction.atomic
def end_sign_in(session_key: str, *, ending: SignIn.SignOut, by: ledger.Actor, at: datetime) -> None:
    """End a session, writing nothing of one that is unknown or over."""
    one = SignIn.objects.filter(session_key=session_key, ended_at=None).first()
    if one:
        authorize(by, Permission.ACCOUNT_OWN, one, at=at)
        _end(SignIn.objects.filter(pk=one.pk), ending, at)
        ledger.record("people.end_sign_in", one, by=by, at=at, facts={"ending": ending})


@transaction.atomic
def end_other_sign_ins(user: User, *, keep: str, by: ledger.Actor, at: datetime) -> int:
    """Sign out everywhere but here (`keep`: this session's key)."""
    authorize(by, Permission.ACCOUNT_OWN, user, at=at)
    others = SignIn.objects.filter(user=user, ended_at=None).exclude(session_key=keep)
    count = _end(others, SignIn.SignOut.CLOSED, at)
    ledger.record("people.end_other_sign_ins", user, by=by, at=at, facts={"count": count})
    return count


def end_all_sign_ins(user: User, *, at: datetime) -> int:
    """End all sessions, within actions that take an account's rights away and record it.

    What apps were lent in its name ends with them.
    """
    sign_ins_ended.send(sender=User, user=user)
    return _end(SignIn.objects.filter(user=user, ended_at=None), SignIn.SignOut.CLOSED, at)


def _end(ones: QuerySet[SignIn], ending: SignIn.SignOut, at: datetime) -> int:
    keys = list(ones.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    return SignIn.objects.filter(session_key__in=keys).update(ended_at=at, ending=ending)
