"""Every action asks who may: seen in its source, and by calling it as somebody who may nothing."""

import ast
import importlib
import inspect
import io
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
from django.db import transaction
from tests import factories as make
from tests.adjustments.town import started, town
from tests.factories import NOON, TESTS, campaigns, registers

import banshi
from banshi.campaigns.actions import Ruling
from banshi.campaigns.models import Dispute, Invitation
from banshi.core.errors import Refused
from banshi.files import keep
from banshi.ledger.models import LedgerEntry
from banshi.people.models import Delegation, Identity, SignIn
from banshi.registers.models import Proposal
from banshi.spreadsheets.models import ImportBatch

SOURCE = Path(banshi.__file__).parent
ASKING = {"authorize", "authorize_many", "authorize_move"}
PARTS = {
    "workflow.actions.finish_branch": "asks, and nothing shipped has branches: tests/workflow/test_parallel.py",
}
"""Functions with `by` that are no actions of their own, each with the reason."""
FOR_ANYONE = {
    "campaigns.actions.consulting.comment_on": "whoever reads a consultation may say something",
    "rulebook.actions.objecting.object_to_proof": "whoever reads the list of proofs may object",
}
"""Actions open to all; `data/access/roles.toml` says so, and they ask all the same."""


def a_review() -> dict[str, Any]:
    review = campaigns.reported(campaigns.opened())[0].reviews.all()[0]
    return {
        "review": review,
        "entry": review.entry,
        "body": review.body,
        "seen": [(review.entry, "")],
        "conclusion": "pass",
    }


def a_sign_in() -> SignIn:
    return SignIn.objects.create(user=make.user(), session_key="x", began_at=NOON)


def a_delegation() -> Delegation:
    post = make.post(make.user(), "clerk", make.organ())
    return Delegation.objects.create(post=post, to=make.user(), since=NOON.date(), until=NOON.date())


def an_entry() -> dict[str, Any]:
    unit = campaigns.opened()
    entry, dispute = unit.entries.get(), Dispute(entry=unit.entries.get())
    rulings = {entry.pk: Ruling("keep")}
    return {"entries": [entry], "campaign": entry.campaign, "dispute": dispute, "unit": unit, "rulings": rulings}


def a_report() -> dict[str, Any]:
    unit = campaigns.opened()
    campaigns.reported(unit)
    return {"report": unit.reports.get()}


def an_item() -> dict[str, Any]:
    item = make.item()
    return {"item": item, "items": [item], "subject": item, "subjects": [item], "name": "suspend"}


def an_import() -> ImportBatch:
    file = keep(io.BytesIO(b"x,y\n"), name="x.csv", purpose="import", by=TESTS, at=NOON)
    return ImportBatch.objects.create(file=file, division=make.division(), created_at=NOON)


def each_of(module: str, names: str, given: Callable[[], dict[str, Any]]) -> dict[str, Callable[[], dict[str, Any]]]:
    return {f"{module}.{name}": given for name in names.split()}


REAL: dict[str, Callable[[], dict[str, Any]]] = {
    **each_of(
        "adjustments.actions",
        "applying.apply_for applying.change_facts applying.drop_adjustment applying.recall_application"
        " examining.give_opinion",
        lambda: {"adjustment": started(town()), "verdict": "agree"},
    ),
    **each_of("campaigns.actions.reviewing", "claim_review give_review pass_many sum_up", a_review),
    "campaigns.actions.experts.give_expert_opinion": a_review,
    "campaigns.actions.experts.declare_interest": lambda: {"invitation": Invitation(pk=1)},
    **each_of(
        "people.actions",
        "accounts.set_mail citizens.register_citizen sign_ins.begin_sign_in sign_ins.end_other_sign_ins",
        lambda: {"user": make.user()},
    ),
    **each_of("notifications.actions", "choose_mail read_all", lambda: {"user": make.user()}),
    **each_of(
        "people.actions.citizens", "look_at_identity erase_identity", lambda: {"identity": Identity(user=make.user())}
    ),
    "people.actions.posts.delegate": lambda: {"post": make.post(make.user(), "clerk", make.organ())},
    "people.actions.posts.end_delegation": lambda: {"delegation": a_delegation()},
    "people.actions.sign_ins.end_sign_in": lambda: {"session_key": a_sign_in().session_key},
    **each_of("registers.actions.entries", "add_entry change_entry remove_entry", lambda: {"entry": registers.power()}),
    "registers.actions.entries.cancel_power": lambda: {"power": registers.power()},
    "registers.actions.entries.end_service": lambda: {"service": registers.service()},
    "registers.actions.entries.strike_agency": lambda: {"agency": registers.agency()},
    "registers.actions.entries.end_offer": lambda: {"offer": registers.offer(registers.agency(), registers.service())},
    "registers.actions.entries.add_transfer": lambda: {"entry": registers.transfer()},
    **each_of(
        "registers.actions.transfers",
        "examine_transfer hand_over take_back withdraw_transfer",
        lambda: {"transfer": registers.transfer(), "receiver_uscc": make.a_uscc(1)},
    ),
    **each_of(
        "registers.actions.references",
        "accept_proposal decline_proposal withdraw_proposal",
        lambda: {"proposal": Proposal.objects.create(item=make.item(), base_code="1", reason="常办", proposed_at=NOON)},
    ),
    **each_of("catalog.actions.lifecycle", "suspend_item resume_item cancel_item merge_items", an_item),
    **each_of("workflow.actions", "move move_many move_held", an_item),
    **each_of(
        "campaigns.actions",
        "campaigns.open_campaign campaigns.stop_campaign deciding.arrange_publication deciding.recall_publication"
        " deciding.publish_decided deciding.record_decision reporting.sign_report withdrawals.leave_entries withdrawals.rejoin_entries reviewing.settle_dispute",
        an_entry,
    ),
    "campaigns.actions.reporting.recall_report": a_report,
    "adjustments.actions.applying.propose_identity": lambda: {
        "adjustment": started(town()),
        "identity": MagicMock(),
    },
    "adjustments.actions.publishing.publish_adjustments": lambda: {"some": [started(town())]},
    **each_of("spreadsheets.actions", "apply_batch undo_batch", lambda: {"batch": an_import()}),
}
"""For actions that must know the thing itself before they can ask."""


def action_modules() -> list[Path]:
    found = [path for path in SOURCE.rglob("*.py") if path.stem == "actions" or path.parent.name == "actions"]
    return [path for path in found if path.stem != "__init__"]


def actions() -> Iterator[tuple[str, ast.FunctionDef, set[str]]]:
    """Dotted names of public functions that take `by`, each with the names its module's functions call."""
    for path in action_modules():
        module = ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                by = next((each for each in node.args.kwonlyargs if each.arg == "by"), None)
                if by is not None and ast.unparse(by.annotation or by) != "Allowed":
                    yield f"{module}.{node.name}", node, calls_of(tree, node)


def calls_of(tree: ast.Module, node: ast.FunctionDef) -> set[str]:
    """Names a function calls, itself and through private functions of its module."""
    private = {each.name: each for each in tree.body if isinstance(each, ast.FunctionDef)}
    found, waiting = set[str](), [node]
    while waiting:
        for each in ast.walk(waiting.pop()):
            if isinstance(each, ast.Call):
                name = getattr(each.func, "id", getattr(each.func, "attr", ""))
                if name not in found:
                    found.add(name)
                    waiting += [private[name]] if name in private else []
    return found


ACTIONS = {name: (node, calls) for name, node, calls in actions()}
"""About 170; a name of the rest of the house is told apart by `by`."""


def test_there_are_actions_and_every_exception_is_one() -> None:
    assert len(ACTIONS) > 150
    assert set(PARTS) <= set(ACTIONS)


def test_each_action_asks_or_hands_the_question_on_to_one_that_does() -> None:
    names = {name.rpartition(".")[2] for name in ACTIONS}
    silent = [name for name, (_, calls) in ACTIONS.items() if not calls & ASKING and not calls & names]
    assert sorted(set(silent) - set(PARTS)) == []


ASK_OF_ANOTHER = {
    "campaigns.actions.consulting.answer_comment": "who may answer a comment, which may open its entry",
    "campaigns.actions.consulting.settle_comment": "who may show a comment, which is answered with it",
}
"""Moving actions that name a permission, for a subject which is not what moves."""


def test_who_may_move_stands_in_the_definition_and_not_in_code_beside_it() -> None:
    moving = {"move", "move_many", "move_held"}
    moves = [(name, node) for name, node, _ in actions() if moving & calls_within(name, node)]
    assert len(moves) > 15
    assert {name for name, node in moves if permissions_in(name, node)} == set(ASK_OF_ANOTHER)


def within(name: str, node: ast.FunctionDef) -> list[ast.FunctionDef]:
    """A function and the private functions of its module that it calls."""
    path = SOURCE.joinpath(*name.rpartition(".")[0].split(".")).with_suffix(".py")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    called = calls_of(tree, node)
    return [
        node,
        *(
            each
            for each in tree.body
            if isinstance(each, ast.FunctionDef) and each.name in called and each.name.startswith("_")
        ),
    ]


def calls_within(name: str, node: ast.FunctionDef) -> set[str]:
    calls = (each for part in within(name, node) for each in ast.walk(part) if isinstance(each, ast.Call))
    return {getattr(each.func, "id", getattr(each.func, "attr", "")) for each in calls}


def permissions_in(name: str, node: ast.FunctionDef) -> list[str]:
    """Permissions that the code names where it asks."""
    calls = (each for part in within(name, node) for each in ast.walk(part) if isinstance(each, ast.Call))
    asking = [each for each in calls if getattr(each.func, "id", "") in {"authorize", "authorize_many"}]
    return [text for each in asking if (text := ast.unparse(each.args[1])).startswith("Permission.") or text.isupper()]


ASKED_BY_VIEWS = {"require", "authorize", "authorize_many", "allows", "may", "managed_campaign"}


def test_a_view_that_only_acts_asks_nothing_its_action_asks() -> None:
    """Of views that take POST alone and hand `by` to an action. What is not there for the user is still 404, by the queries
    the view starts from."""
    found, acting = [], 0
    for path in (SOURCE / "sites").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and "require_POST" in map(ast.unparse, node.decorator_list):
                calls = [each for each in ast.walk(node) if isinstance(each, ast.Call)]
                if any(word.arg in ("by", None) for each in calls for word in each.keywords):
                    acting += 1
                    found += [
                        f"{path.relative_to(SOURCE)}: {node.name}: {said}" for said in map(asked_by, calls) if said
                    ]
    assert acting > 40
    assert found == []


def asked_by(call: ast.Call) -> str:
    """What a call asks of the user: by its name, or because it looks a thing up with a permission."""
    name = getattr(call.func, "id", "")
    with_permission = name in {"item_for", "_flaw"} and "Permission." in ast.unparse(call)
    return ast.unparse(call) if name in ASKED_BY_VIEWS or with_permission else ""


def stand_in(parameter: inspect.Parameter) -> Any:
    """Something of the kind the parameter asks for; nothing is known of it."""
    kind = str(parameter.annotation)
    samples = {
        str(str): "x",
        str(int): 1,
        str(bool): False,
        str(date): NOON.date(),
        str(datetime): NOON,
    }
    if kind in samples:
        return samples[kind]
    if any(word in kind for word in ("Sequence", "Iterable")):
        return []
    return {} if "Mapping" in kind or "dict" in kind else MagicMock()


def call(name: str, given: dict[str, Any], by: Any) -> None:
    module, _, function = name.rpartition(".")
    action = getattr(importlib.import_module(f"banshi.{module}"), function)
    parameters = inspect.signature(action).parameters.values()
    asked = {each.name: each for each in parameters if each.default is each.empty and each.kind is not each.VAR_KEYWORD}
    arguments = {key: stand_in(each) for key, each in asked.items()} | {"by": by, "at": NOON}
    arguments |= {key: value for key, value in given.items() if key in arguments}
    first = [key for key, each in asked.items() if each.kind is each.POSITIONAL_OR_KEYWORD]
    action(*[arguments.pop(key) for key in first], **arguments)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(set(ACTIONS) - set(PARTS) - set(FOR_ANYONE)))
def test_an_account_without_a_post_is_refused(name: str) -> None:
    """Whatever else is wrong with the call: nothing is written, and the answer is Refused."""
    given = REAL[name]() if name in REAL else {}
    before = LedgerEntry.objects.count()
    with pytest.raises(Refused, match=r"您没有|您现在不|别人上传"), transaction.atomic():
        call(name, given, make.user())
    assert LedgerEntry.objects.count() == before
