"""Calls: for a case and its purpose, within a grant, recorded before the answer is given."""

import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connections
from django.db.models import BigIntegerField, Value

from banshi.access import Permission, authorize
from banshi.core.clock import day_of
from banshi.core.crypto import digest
from banshi.core.errors import BadInput, BanshiError, Conflict, Refused, TooOften
from banshi.core.prepared import PreparedQuery, Statement, new
from banshi.exchange.actions.updating import follow_structure
from banshi.exchange.call_log import append, append_if
from banshi.exchange.comparison import agrees, index_of, normal
from banshi.exchange.declarations import DeclaredResource, SourceTable, declared_resources
from banshi.exchange.enums import CallKind, CallOutcome, InformationKind, ResourceState
from banshi.exchange.gateway import InVain, NamedByCall, SignedMatter, nonce_once, replayed
from banshi.exchange.masking import masked
from banshi.exchange.models import CallRecord, DataSystem, Grant
from banshi.exchange.policy import exchange_policy
from banshi.exchange.purposes import Concerned, Purpose, purpose_of, subject_of
from banshi.exchange.queries import grants_with_use
from banshi.exchange.sources import Look, SourceTrouble, TooManyRows, as_declared, ask
from banshi.ledger import Actor, System

INSTEAD = "请过一会儿再试；急的话请申请人提供材料，并写明是没有查到的缘故。"


@dataclass(frozen=True, slots=True)
class VerificationResult:
    """Verdict on what was claimed, item by item, with nothing of the register in it."""

    outcome: CallOutcome
    items: dict[str, CallOutcome]
    call: int
    at: datetime


@dataclass(frozen=True, slots=True)
class LookUpResult:
    """Rows of a look-up, with the granted fields only, and which of them are masked."""

    rows: list[dict[str, Any]]
    masked: list[str]
    call: int
    at: datetime


def verify(
    grant: Grant,
    *,
    kind: str,
    key: Any,
    role: str,
    claims: Mapping[str, str],
    named: NamedByCall | None = None,
    by: Actor,
    at: datetime,
) -> VerificationResult:
    """Ask whether what was claimed of a person of this matter agrees with the register (核验).

    The person is one the matter is about, by the role there. Refusals and failures are recorded too. `named` is what was
    read for a signed call, grant included.
    """
    now = grant if named else GRANTS.get(grant.pk)
    call = _begin(now, CallKind.VERIFY, kind, key, role, tuple(claims), named, by=by, at=at)
    claimed = {name: text for name, text in claims.items() if text.strip()}
    if not claimed:
        call._write(CallOutcome.REFUSED)
        raise BadInput("没有写要核对的内容", remedy="请至少核对一项。")
    call.refuse_guessing()
    rows = call.asked()
    found = _nearest(rows, call.declared, claimed)
    outcome = CallOutcome.NONE if not rows else CallOutcome.MATCH if all(found.values()) else CallOutcome.MISMATCH
    items = {
        name: CallOutcome.NONE if not rows else CallOutcome.MATCH if ok else CallOutcome.MISMATCH
        for name, ok in found.items()
    }
    written = call._write(outcome, rows=len(rows), answer={name: str(each) for name, each in items.items()})
    return VerificationResult(outcome, items, written.number, at)


def _nearest(rows: list[dict[str, Any]], declared: DeclaredResource, claimed: Mapping[str, str]) -> dict[str, bool]:
    """Compare all claims with one row, the one that agrees in most, so that no two rows together agree."""
    items = {name: declared.item(name) for name in claimed}
    compared = [
        {name: agrees(text, row[items[name].column], items[name].kind) for name, text in claimed.items()}
        for row in rows
    ]
    return max(compared, key=lambda each: sum(each.values()), default=dict.fromkeys(claimed, False))


def look_up(
    grant: Grant,
    *,
    kind: str,
    key: Any,
    role: str,
    fields: Sequence[str] = (),
    named: NamedByCall | None = None,
    by: Actor,
    at: datetime,
) -> LookUpResult:
    """Return the granted fields, or some, of a person of this matter, `named` as for `verify`."""
    now = grant if named else GRANTS.get(grant.pk)
    wanted = tuple(dict.fromkeys(fields)) or tuple(now.fields)
    call = _begin(now, CallKind.LOOK_UP, kind, key, role, wanted, named, by=by, at=at)
    call.refuse_guessing()
    rows = [{name: call.shown(name, row) for name in call.fields} for row in call.asked()]
    written = call._write(CallOutcome.ANSWERED if rows else CallOutcome.NONE, rows=len(rows), answer=rows)
    return LookUpResult(rows, [name for name in call.fields if call.masks(name)], written.number, at)


def _begin(
    now: Grant,
    kind: CallKind,
    purpose_kind: str,
    key: Any,
    role: str,
    fields: tuple[str, ...],
    named: NamedByCall | None,
    *,
    by: Actor,
    at: datetime,
) -> "_Call":
    """Judge whether this person may ask this, for this matter, now, and record it where not."""
    nobody = Concerned(role, "", "")
    number, clerk = (key.case[:60], key.clerk) if isinstance(key, SignedMatter) else ("", "")
    asked_for = Purpose(subject_of(purpose_kind, key), number, now.request.item_id, frozenset(), (), clerk)
    call = _Call(now, kind, asked_for, nobody, fields, named, by, at)
    try:
        call.by = authorize(by, Permission.EXCHANGE_USE, now, at=at)
        purpose = purpose_of(purpose_kind, key, by=call.by, at=at)
        concerned = next((each for each in purpose.concerned if each.role == role), None)
        if concerned is None:
            raise BadInput("这件事里没有这个人", remedy="只能核验办件涉及的人。")
        call.is_for(purpose, concerned)
        call._require_granted()
    except BanshiError:
        call._write(CallOutcome.REFUSED)
        raise
    return call


GRANTS = PreparedQuery(grants_with_use)
SYSTEMS = PreparedQuery(lambda code: DataSystem.objects.filter(code=code))
NOBODY = Value(None, output_field=BigIntegerField())
IN_VAIN = PreparedQuery(
    lambda clerk, person, since: (
        CallRecord.objects.filter(clerk=clerk, outcome__in=(CallOutcome.MISMATCH, CallOutcome.NONE), at__gte=since)
        .order_by()
        .values_list("outcome", NOBODY, NOBODY)
        .union(
            # Of one person by the index of persons: with the resource in it, a database may rather walk all calls of that.
            CallRecord.objects.filter(person_index=person, outcome=CallOutcome.MISMATCH, at__gte=since)
            .order_by()
            .values_list("outcome", "resource_id", "organ_id"),
            all=True,
        )
    )
)
"""Outcomes of the clerk's calls in vain, with None twice, and of those about the person, with their resource and organ."""
COUNTED = """
INSERT INTO exchange_grantday (grant_id, day, calls) SELECT %s, %s, 1 {after} WHERE TRUE
ON CONFLICT (grant_id, day) DO UPDATE SET calls = exchange_grantday.calls + 1 WHERE exchange_grantday.calls < %s
RETURNING 1
"""
"""Counts a call, unless the day's quota is used up: by one statement, so that of many at once none is too many."""


class _Call:
    """One call from permission to record."""

    def __init__(
        self,
        grant: Grant,
        kind: CallKind,
        purpose: Purpose,
        concerned: Concerned,
        fields: tuple[str, ...],
        named: NamedByCall | None,
        by: Actor,
        at: datetime,
    ) -> None:
        self.grant, self.kind, self.by, self.at = grant, kind, by, at
        self.fields, self.named, self.begun = fields, named, time.monotonic()
        self.resource = grant.request.resource
        self.declared: DeclaredResource
        self.is_for(purpose, concerned)

    def is_for(self, purpose: Purpose, concerned: Concerned) -> None:
        self.purpose, self.concerned = purpose, concerned
        # By the number the source is asked with, so that no other way to write it hides a call from the person.
        self.number = normal(concerned.number, InformationKind.ID_NUMBER)
        self.person_index = index_of(self.number)

    @property
    def clerk(self) -> str:
        """Return the ledger id of who asks, of a system with the clerk it names."""
        return f"{self.by.ledger_id}/{self.purpose.clerk}"[:150] if self.purpose.clerk else self.by.ledger_id

    @property
    def clerk_name(self) -> str:
        return f"{self.by.ledger_name} {self.purpose.clerk}".strip()[:150]

    def _require_granted(self) -> None:
        grant, request, today = self.grant, self.grant.request, day_of(self.at)
        if grant.revoked_at or not grant.since <= today <= grant.until:
            raise Refused("这项授权已经收回或到期", remedy="请本单位的数据专员重新申请。")
        if self.resource.state != ResourceState.PUBLISHED or request.delivered_at is None:
            raise Refused(f"“{self.resource}”现在不能用", remedy="请联系提供单位。")
        if not self.resource.shares(self.fields):
            raise Refused("目录里现在写的是不予共享", remedy="请联系提供单位。")
        if request.organ_id not in self.purpose.organs:
            raise Refused("这项授权是给别的单位的，不能用在这件事上", remedy="请用承办单位自己的授权。")
        if request.item_id and request.item_id != self.purpose.item_id:
            raise Refused("这项授权只能用在申请时写明的事项", remedy="请在那个事项的办件里使用，或另行申请。")
        if self.kind is CallKind.LOOK_UP and grant.verify_only:
            raise Refused("这项授权只能核验，不能取数据", remedy="请改用核验。")
        if set(self.fields) - set(grant.fields):
            raise Refused("超出了授权的信息项", remedy="请只核对授权的信息项。")
        declared = declared_resources().get(self.resource.code)
        if declared is None or declared.source is None:
            raise Conflict(f"“{self.resource}”还没有接入数据", remedy="请联系提供单位。")
        if {*self.fields, *(each["item"] for each in grant.conditions)} - {each.key for each in declared.items}:
            raise Conflict(f"“{self.resource}”的信息项改过，授权和它对不上了", remedy="请本单位的数据专员重新申请。")
        self.declared = declared
        if grant.used_on == today and grant.used >= grant.daily_quota:
            raise used_up()

    def masks(self, name: str) -> bool:
        """Tell whether an item is masked, by its level, unless the grant gives it plain."""
        return name not in self.grant.unmasked and self.declared.item(name).level >= exchange_policy().masking.level

    def shown(self, name: str, row: Mapping[str, Any]) -> Any:
        item = self.declared.item(name)
        value = row[item.column]
        return masked(str(value), item.kind) if self.masks(name) and value is not None else value

    def refuse_guessing(self) -> None:
        """Refuse after so many calls in vain in a day that it would serve to guess what is registered, or who is."""
        limits, since = exchange_policy().calls, self.at - timedelta(days=1)
        ask_others = "明天再用；急的话请由正在办的其他同事核验。"
        # The software asks once for each application, and guesses nothing.
        clerk = "" if self.clerk.startswith(System.PREFIX) else self.clerk
        counted = self.named.in_vain if self.named else None
        if counted is None or (counted.clerk, counted.person_index) != (clerk, self.person_index):
            found = Counter(IN_VAIN(clerk, self.person_index, since))
            about = found[CallOutcome.MISMATCH, self.resource.pk, self.grant.request.organ_id]
            mismatches, absences = (found[each, None, None] for each in (CallOutcome.MISMATCH, CallOutcome.NONE))
            counted = InVain(clerk, self.person_index, mismatches, absences, about)
        for whose, times, outcome, limit, remedy in (
            (
                "对这个人",
                counted.about_person,
                CallOutcome.MISMATCH,
                limits.guesses,
                "请同申请人核实，或请提供单位校核。",
            ),
            ("您", counted.mismatches, CallOutcome.MISMATCH, limits.guesses_of_clerk, ask_others),
            ("您", counted.absences, CallOutcome.NONE, limits.absent_of_clerk, ask_others),
        ):
            if times >= limit and (self.kind is CallKind.VERIFY or outcome is CallOutcome.NONE):
                self._write(CallOutcome.REFUSED)
                raise TooOften(f"{whose}今天已经有{limit}次{outcome.label}，到了上限，不能再试", remedy=remedy)

    def asked(self) -> list[dict[str, Any]]:
        """Ask the source for the granted columns of this person."""
        source, limits = self.declared.source, exchange_policy().calls
        assert source is not None
        columns = tuple(dict.fromkeys(self.declared.item(each).column for each in self.fields))
        conditions = {self.declared.item(each["item"]).column: each["values"] for each in self.grant.conditions}
        asking = {"case": self.purpose.number, "clerk": self.clerk_name}
        look = Look(source.table, columns, self._keys(source), conditions, limits.seconds, limits.rows, **asking)
        items = [self.declared.item(each) for each in self.fields]
        kinds = {each.column: (each.label, each.kind) for each in items}
        system = self.named.system if self.named else SYSTEMS.first(source.system)
        if system is None:
            self._write(CallOutcome.FAILED)
            raise Conflict(f"“{self.resource}”的来源还没有登记", remedy="请联系信息中心。")
        try:
            return ask(system, lambda each: as_declared(each.look_up(look), kinds), at=self.at)
        except TooManyRows as trouble:
            self._write(CallOutcome.REFUSED)
            raise Conflict(f"{trouble}，没有提供", remedy="按一个人查不该有这么多，请联系提供单位。") from trouble
        except SourceTrouble as trouble:
            self._write(CallOutcome.FAILED)
            follow_structure(self.resource.code, trouble, at=self.at)
            raise Conflict(f"没有问到{self.resource.organ.called}：{trouble}", remedy=INSTEAD) from trouble

    def _keys(self, source: SourceTable) -> dict[str, str]:
        return {self.declared.item(source.person).column: self.number}

    def _write(self, outcome: CallOutcome, *, rows: int = 0, answer: object = None) -> CallRecord:
        """Append the call to the log, without what was asked or answered."""
        call = new(
            CallRecord,
            at=self.at,
            grant_id=self.grant.pk,
            resource_id=self.resource.pk,
            organ_id=self.grant.request.organ_id,
            clerk=self.clerk,
            clerk_name=self.clerk_name,
            purpose=self.purpose.subject,
            purpose_number=self.purpose.number,
            item_id=self.purpose.item_id,
            person_index=self.person_index,
            person_role=self.concerned.role[:40],
            kind=str(self.kind),
            fields=list(self.fields),
            outcome=str(outcome),
            rows=rows,
            milliseconds=int((time.monotonic() - self.begun) * 1000),
            answer_digest=digest(json.dumps(answer, default=str, ensure_ascii=False).encode()) if rows else "",
        )
        signed, conditions = self.named, list[Statement]()
        if signed:
            call.number = signed.number
            conditions.append(nonce_once(signed.key, signed.signature.nonce, self.at))
        # What gave no answer uses none of the volume granted.
        if outcome not in (CallOutcome.REFUSED, CallOutcome.FAILED):
            conditions.append(self._counted())
        held = append_if(conditions, call, self.grant, by=self.by)
        if held == len(conditions):
            return call
        # As refused where the same signed call was answered meanwhile, or others used up the day's quota.
        call.number, call.outcome, call.rows, call.answer_digest = None, str(CallOutcome.REFUSED), 0, ""
        append(call, self.grant, by=self.by)
        raise replayed() if signed and held == 0 else used_up()

    def _counted(self) -> Statement:
        day = connections["default"].ops.adapt_datefield_value(day_of(self.at))
        return COUNTED, (self.grant.pk, day, self.grant.daily_quota)


def used_up() -> TooOften:
    return TooOften("今天的次数用完了", remedy="明天再用，或请数据专员申请增加。")
