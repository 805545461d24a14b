"""Every action asks who may: seen in its source, and by calling it as somebody who may nothing."""

import ast
import importlib
import inspect
import io
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest.mock import MagicMock, patch

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings
from tests import factories as make
from tests.adjustments.town import started, town
from tests.bundles import family
from tests.cases import hall
from tests.factories import NOON, TESTS, campaigns, exchange, registers, supervision
from tests.feedback import test_complaints as complaints
from tests.feedback import test_ratings as ratings
from tests.feedback import test_wishes as wishes
from tests.handout import test_hand_out as hand_outs
from tests.reception import counter
from tests.reception import test_visits as visits
from tests.window import hall as window

import banshi
from banshi.access import authorize, roles
from banshi.campaigns.actions import Ruling
from banshi.campaigns.models import (
    Bulletin,
    Comment,
    Consultation,
    Dispute,
    Invitation,
    Order,
    Participation,
    ReviewBody,
    ReviewGroup,
)
from banshi.cases.models import Case, CaseMaterial, CompanyHandler
from banshi.catalog.actions import NewItem, publish
from banshi.catalog.models import Notice
from banshi.clients.actions import register_system
from banshi.clients.models import Client
from banshi.connectors.models import Webhook
from banshi.core.errors import Refused
from banshi.exchange.actions import CallCriteria
from banshi.exchange.enums import Sharing
from banshi.exchange.models import (
    Anomaly,
    CallerKey,
    CallRecord,
    Correction,
    DataBatch,
    DataRequest,
    Grant,
    Resource,
)
from banshi.fees.models import FeeOrder
from banshi.files import keep
from banshi.ledger.models import LedgerEntry
from banshi.papers.models import Paper
from banshi.people.models import Delegation, Identity, SignIn, User
from banshi.reception.models import Mandate
from banshi.registers.models import Proposal
from banshi.rulebook.models import Examination, FlawFound, Objection, ProofKept, Retention
from banshi.spreadsheets.models import ImportBatch
from banshi.supervision.models import DrawParty

SOURCE = Path(banshi.__file__).parent
ASKING = {
    "access.decision.authorize",
    "access.decision.authorize_many",
    "workflow.transitions.authorize_move",
}
PARTS = {
    "workflow.actions.finish_branch": "asks, and nothing shipped has branches: tests/workflow/test_parallel.py",
}
"""Functions with `by` that are no actions of their own, each with the reason."""
FOR_ANYONE = {
    "handout.actions.printing.print_at_kiosk": "whoever has number and query code prints their papers",
    "cases.actions.applying.start_application": "whoever has an account may apply",
    "cases.actions.applying.begin_online": "whoever has an account may apply",
    "bundles.actions.applying.begin_bundle_online": "whoever has an account may apply",
    "bundles.actions.applying.start_bundle": "whoever has an account may apply",
    "exchange.actions.correcting.dispute_value": "whoever hands in a form says what is wrong in it",
    "campaigns.actions.consulting.comment_on": "whoever reads a consultation may say something",
    "feedback.actions.complaints.file_complaint": "whoever likes may complain",
    "feedback.actions.complaints.attach_to_complaint": "whoever has the query code may add to what was not answered",
    "feedback.actions.complaints.confirm_complaint": "whoever has the query code may close what was answered",
    "feedback.actions.complaints.reopen_complaint": "whoever has the query code may ask again",
    "feedback.actions.wishes.make_wish": "whoever has an account may wish",
    "feedback.actions.wishes.support_wish": "whoever has an account may support",
    "feedback.actions.wishes.withdraw_support": "whoever has an account may take the support back",
    "feedback.actions.wishes.revise_wish": "whoever made a wish may change it",
    "feedback.actions.rating.rate": "whoever has the code of a service may rate it",
    "feedback.actions.rating.rate_again": "whoever has the code of a service may rate it again",
    "window.actions.queue.take_ticket": "whoever walks in may take a number",
    "window.actions.appointments.arrive": "whoever has the code of an appointment",
    "window.actions.appointments.take_by_code": "whoever has the code of an appointment or of a number not served",
    "window.actions.queue.leave": "whoever has a number may give it up",
    "window.actions.queue.reserve_offline_numbers": "a kiosk, which is known by its address",
    "window.actions.queue.reconcile_offline": "a kiosk, which is known by its address",
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


def a_unit() -> Participation:
    return campaigns.unit(campaigns.campaign())


def a_proof() -> ProofKept:
    return ProofKept(item=make.item())


def a_comment() -> Comment:
    campaign, day = campaigns.campaign(), NOON.date()
    consultation = Consultation.objects.create(campaign=campaign, title="征求意见", opens=day, closes=day)
    return Comment.objects.create(consultation=consultation, text="材料能不能少一份？", receipt="x", at=NOON)


def a_body() -> ReviewBody:
    return ReviewBody.objects.filter(campaign=campaigns.campaign())[0]


def a_data_request() -> DataRequest:
    resource = Resource.objects.create(code="GA-1", name="户籍", organ=make.organ(), sharing=Sharing.UNCONDITIONAL)
    return DataRequest.objects.create(resource=resource, organ=make.organ(), received_at=NOON, wanted_until=NOON.date())


def a_call() -> CallRecord:
    grant = a_grant()
    more = {"grant": grant, "resource": grant.request.resource, "organ": grant.request.organ}
    return CallRecord.objects.create(number=1, at=NOON, purpose="x", outcome="match", **more)


def a_correction() -> Correction:
    call = a_call()
    return Correction.objects.create(call=call, resource=call.resource, received_at=NOON, due_rank=1, words_sealed=b"x")


def a_caller_key() -> CallerKey:
    client, _ = register_system(make.organ(), name="系统", permissions=["exchange.use"], by=make.TESTS, at=NOON)
    until = NOON + timedelta(days=1)
    return CallerKey.objects.create(client=client, keyid="k", algorithm="hmac-sm3", since=NOON, until=until)


def a_grant() -> Grant:
    return Grant.objects.create(request=a_data_request(), since=NOON.date(), until=NOON.date(), granted_at=NOON)


def a_batch() -> DataBatch:
    return exchange.batch(a_grant().request, "x")


def an_anomaly() -> Anomaly:
    return exchange.anomaly(make.organ(), make.user(), "x")


def a_mandate() -> Mandate:
    agent = make.user("agent", make.organ())
    return counter.mandated(agent, NOON, NOON)


THINGS: dict[str, Callable[[], Any]] = {
    "Adjustment": lambda: started(town()),
    "Agency": registers.agency,
    "Application": lambda: hall.filled(hall.hall(), NOON),
    "Bulletin": lambda: Bulletin(campaign=campaigns.campaign()),
    "BundleSubmission": lambda: family.filled(family.family(), NOON),
    "BundleVersion": lambda: family.family().version,
    "Campaign": campaigns.campaign,
    "Case": lambda: hall.accepted(hall.hall(), NOON),
    "CaseOutcome": lambda: hall.granted(hall.hall(), NOON),
    "ClockStop": lambda: hall.stopped(hall.hall(), NOON),
    "CreditEntry": lambda: hall.discredited(hall.hall(), NOON),
    "Promise": lambda: hall.committed(hall.hall(), NOON),
    "CaseTask": lambda: hall.open_tasks(hall.accepted(hall.hall(), NOON))[0],
    "CompanyHandler": lambda: CompanyHandler(company=make.user(), handler=make.user()),
    "Paper": lambda: hall.submitted(hall.hall(), NOON).acts.get().paper,
    "Client": lambda: Client(organ=make.organ(), authorization_grant_type=Client.GRANT_CLIENT_CREDENTIALS),
    "Comment": a_comment,
    "Consultation": lambda: a_comment().consultation,
    "Division": make.division,
    "HandOut": lambda: hand_outs.shelved(hall.hall()),
    "HomeVisit": lambda: visits.ordered(hall.hall(hall.a_guide(at_home=True))),
    "Mandate": a_mandate,
    "Reception": lambda: counter.begun(hall.hall(), visits.MONDAY),
    "BundleReception": lambda: counter.bundle_begun(family.family(), visits.MONDAY),
    "Entry": lambda: campaigns.opened().entries.get(),
    "Examination": lambda: Examination(organs=[make.organ().pk], scope="", rulebook="", by="", started_at=NOON),
    "CallRecord": a_call,
    "Correction": a_correction,
    "DataRequest": lambda: a_data_request(),
    "FeeOrder": lambda: FeeOrder(case=hall.accepted(hall.hall(), NOON)),
    "FlawFound": lambda: FlawFound(item=make.item(), organ=make.organ()),
    "CallerKey": lambda: a_caller_key(),
    "Grant": lambda: a_grant(),
    "Demand": lambda: exchange.demand(make.organ(), "x"),
    "DataBatch": lambda: a_batch(),
    "Subscription": lambda: a_batch().subscription,
    "Anomaly": lambda: an_anomaly(),
    "CallSearch": lambda: exchange.call_search(an_anomaly(), "x"),
    "CallCriteria": lambda: CallCriteria(anomaly=an_anomaly()),
    "ImportBatch": lambda: an_import(),
    "Counter": lambda: window.town().counters[0],
    "Hall": lambda: window.town().hall,
    "Appointment": lambda: window.town().appointment(),
    "FirstQuestion": lambda: window.town().question(),
    "Skill": lambda: window.town().general,
    "Ticket": lambda: window.town().ticket(),
    "IntermediaryService": registers.service,
    "Invitation": lambda: Invitation(body=a_body()),
    "Inspection": lambda: supervision.inspected(hall.accepted(hall.hall(), NOON), make.user()),
    "DrawParty": lambda: DrawParty.objects.create(
        draw=supervision.drawn_from(make.organ()), name="行业协会", account=make.user(), asked_at=NOON
    ),
    "InspectionDraw": lambda: supervision.drawn_from(make.organ()),
    "Irregularity": lambda: supervision.found(hall.accepted(hall.hall(), NOON)),
    "Item": make.item,
    "NewItem": lambda: NewItem(make.organ(), make.guide()),
    "Notice": lambda: Notice(organ=make.organ()),
    "Objection": lambda: Objection(proof=a_proof()),
    "Order": lambda: Order(participation=a_unit()),
    "Organ": make.organ,
    "Participation": a_unit,
    "Post": lambda: make.post(make.user(), "clerk", make.organ()),
    "ProofKept": a_proof,
    "Publication": make.publication,
    "Report": lambda: a_report()["report"],
    "Resource": lambda: a_data_request().resource,
    "Retention": lambda: Retention(item=make.item()),
    "Review": lambda: a_review()["review"],
    "RatingInvitation": lambda: ratings.served(hall.hall()),
    "Complaint": lambda: complaints.filed(hall.hall()),
    "Wish": lambda: (hall.calendars(), wishes.wished(make.organ()))[1],
    "BadRating": lambda: ratings.badly_rated(hall.hall()),
    "ReviewBody": a_body,
    "ReviewGroup": lambda: ReviewGroup(body=a_body()),
    "Revision": make.draft,
    "Stage": lambda: campaigns.campaign().stages.all()[0],
    "User": make.user,
    "Webhook": lambda: Webhook(client=THINGS["Client"]()),
}
"""Of each kind, one of an organ in the county of the tests."""


def each_of(module: str, names: str, given: Callable[[], dict[str, Any]]) -> dict[str, Callable[[], dict[str, Any]]]:
    return {f"{module}.{name}": given for name in names.split()}


REAL: dict[str, Callable[[], dict[str, Any]]] = {
    "feedback.actions.complaints.join_complaint": lambda: dict.fromkeys(
        ("complaint", "leader"), complaints.filed(hall.hall())
    ),
    "cases.actions.looking.look_at_own_material": lambda: {"material": CaseMaterial()},
    "cases.actions.looking.look_at_paper": lambda: {"paper": Paper(number="1")},
    **each_of(
        "reception.actions.agreeing",
        "agree_by_code agree_by_signature send_code",
        lambda: {"reception": THINGS["Reception"]()},
    ),
    "reception.actions.receiving.look_at_papers": lambda: {
        "reception": THINGS["Reception"](),
        "case": Case(number="1"),
        "paper": Paper(number="1"),
    },
    "feedback.actions.bad_ratings.settle_bad_rating": lambda: {
        "bad": ratings.badly_rated(hall.hall()),
        "outcome": "mended",
    },
    **each_of(
        "adjustments.actions",
        "applying.apply_for applying.change_facts applying.drop_adjustment applying.recall_application"
        " examining.give_opinion",
        lambda: {"adjustment": started(town()), "verdict": "agree"},
    ),
    **each_of("campaigns.actions.reviewing", "claim_review give_review pass_many sum_up", a_review),
    "campaigns.actions.experts.give_expert_opinion": a_review,
    "campaigns.actions.reviewing.agree_to_many": lambda: {"seen": [(a_review()["review"], "")]},
    "campaigns.actions.reporting.set_disposition": lambda: {**an_entry(), "disposition": "keep"},
    "campaigns.actions.campaigns.appoint_bodies": lambda: {"chosen": [(a_body(), make.organ())]},
    "campaigns.actions.campaigns.move_stages": lambda: {
        "moves": [(campaigns.campaign().stages.all()[0], NOON.date(), NOON.date())]
    },
    "campaigns.actions.experts.declare_interest": lambda: {"invitation": Invitation(pk=1)},
    **each_of(
        "people.actions",
        "accounts.set_mail citizens.register_citizen sign_ins.begin_sign_in sign_ins.end_other_sign_ins",
        lambda: {"user": make.user()},
    ),
    "window.actions.appointments.book": lambda: {"person": make.user()},
    "window.actions.halls.load_hall": lambda: {"told": window.a_file()},
    "window.actions.halls.set_counter": lambda: {"hall": (of := window.town()).hall, "skills": [of.general]},
    "window.actions.queue.call_ticket": lambda: {"ticket": (of := window.town()).ticket(), "counter": of.counters[0]},
    **each_of("notifications.actions", "choose_mail read_all", lambda: {"user": make.user()}),
    **each_of(
        "people.actions.citizens", "look_at_identity erase_identity", lambda: {"identity": Identity(user=make.user())}
    ),
    "people.actions.posts.appoint": lambda: {"user": make.user(), "organ": make.organ(), "role": "clerk"},
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
    "reception.actions.mandates.take_mandate": lambda: {
        "name": counter.NAME,
        "number": counter.NUMBER,
        "phone": "",
        "until": NOON.date(),
        "paper": counter.signature(),
    },
    "reception.actions.visits.plan_route": lambda: {"visits": [THINGS["HomeVisit"]()]},
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
    """Dotted names of public functions that take `by`, each with what its module's functions call."""
    for path in action_modules():
        module = ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                by = next((each for each in node.args.kwonlyargs if each.arg == "by"), None)
                if by is not None and ast.unparse(by.annotation or by) != "Allowed":
                    yield f"{module}.{node.name}", node, calls_of(module, tree, node)


def calls_of(module: str, tree: ast.Module, node: ast.FunctionDef) -> set[str]:
    """Functions that one calls, itself and through private functions of its module, by where they are defined."""
    names = vars(importlib.import_module(f"banshi.{module}"))
    private = {each.name: each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name.startswith("_")}
    found, waiting = set[str](), [node]
    while waiting:
        for each in ast.walk(waiting.pop()):
            if isinstance(each, ast.Call) and (meant := meaning(each.func, names)) is not None:
                name = f"{getattr(meant, '__module__', '')}.{getattr(meant, '__name__', '')}".removeprefix("banshi.")
                if name not in found:
                    found.add(name)
                    waiting += [private[meant.__name__]] if name in {f"{module}.{own}" for own in private} else []
    return found


def meaning(called: ast.expr, names: Mapping[str, Any]) -> Any:
    """The object a name stands for in its module, also as an attribute of another module. None for methods of values."""
    if isinstance(called, ast.Name):
        return names.get(called.id)
    if isinstance(called, ast.Attribute) and isinstance(of := meaning(called.value, names), ModuleType):
        return getattr(of, called.attr, None)
    return None


ACTIONS = {name: calls for name, _, calls in actions()}
"""About 170; a name of the rest of the house is told apart by `by`."""


def test_there_are_actions_and_every_exception_is_one() -> None:
    assert len(ACTIONS) > 150
    assert set(PARTS) <= set(ACTIONS)


def test_each_action_asks_or_hands_the_question_on_to_one_that_does() -> None:
    silent = [name for name, calls in ACTIONS.items() if not calls & ASKING and not calls - {name} & set(ACTIONS)]
    assert sorted(set(silent) - set(PARTS)) == []


ASK_OF_ANOTHER = {
    "cases.actions.accepting.accept_overdue": "the software alone, before it looks which cases move",
    "supervision.actions.orders.climb_orders": "the software alone, before it looks which orders climb",
    "feedback.actions.complaints.close_answered": "the software alone, before it looks which complaints move",
    "feedback.actions.complaints.confirm_complaint": "who follows it, in whose place a visitor without a name moves it",
    "feedback.actions.complaints.reopen_complaint": "who follows it, in whose place a visitor without a name moves it",
    "feedback.actions.wishes.support_wish": "who may wish, before the software sees that a wish has support enough",
    "feedback.actions.wishes.revise_wish": "who may wish, before the account is compared with the author",
    "campaigns.actions.consulting.answer_comment": "who may answer a comment, which may open its entry",
}
"""Moving actions that name a permission, for a subject which is not what moves."""


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("def act(match, *, by, at): match.end()", False),
        ("def act(item, *, by, at): item.publish()", False),
        ("def act(item, *, by, at): publish(item, by=by, at=at)", True),
        ("def act(item, *, by, at): _in(item, by)\ndef _in(item, by): authorize(by, 'x', item)", True),
    ],
)
def test_what_is_called_is_known_by_where_it_is_defined(text: str, asks: bool) -> None:
    tree = ast.parse(text)
    names = {"publish": publish, "authorize": authorize}
    with patch.object(importlib, "import_module", return_value=SimpleNamespace(**names, _in=private_of_act)):
        calls = calls_of("act", tree, tree.body[0])  # type: ignore[arg-type]
    assert bool(calls & {*ASKING, *ACTIONS}) is asks


def private_of_act() -> None: ...


private_of_act.__module__, private_of_act.__name__ = "banshi.act", "_in"


def test_who_may_move_stands_in_the_definition_and_not_in_code_beside_it() -> None:
    moving = {"move", "move_many", "move_held"}
    moves = [(name, node) for name, node, _ in actions() if moving & calls_within(name, node)]
    assert len(moves) > 15
    assert {name for name, node in moves if permissions_in(name, node)} == set(ASK_OF_ANOTHER)


def within(name: str, node: ast.FunctionDef) -> list[ast.FunctionDef]:
    """A function and the private functions of its module that it calls."""
    module = name.rpartition(".")[0]
    tree = ast.parse(SOURCE.joinpath(*module.split(".")).with_suffix(".py").read_text(encoding="utf-8"))
    called = calls_of(module, tree, node)
    private = [each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name.startswith("_")]
    return [node, *(each for each in private if f"{module}.{each.name}" in called)]


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
    if (named := re.search(r"(\w+)(?:'>)?(?: \| None)?$", kind)) and named[1] in THINGS:
        return THINGS[named[1]]()
    if (among := re.search(r"\[(?:\w+\.)*(\w+)\]$", kind)) and among[1] in THINGS:
        return [THINGS[among[1]]()]
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


def prepared(name: str) -> Callable[..., Any]:
    """An action with everything it asks for but `by`."""
    given = REAL[name]() if name in REAL else {}
    module, _, function = name.rpartition(".")
    action = getattr(importlib.import_module(f"banshi.{module}"), function)
    parameters = inspect.signature(action).parameters.values()
    asked = {
        each.name: each
        for each in parameters
        if each.default is each.empty and each.kind is not each.VAR_KEYWORD and each.name != "by"
    }
    known = {"at": NOON, **given}
    arguments = {key: known[key] if key in known else stand_in(each) for key, each in asked.items()}
    first = [key for key, each in asked.items() if each.kind is each.POSITIONAL_OR_KEYWORD]
    return partial(action, *[arguments.pop(key) for key in first], **arguments)


WHOLE = {
    "of the whole catalogue, once for all": "analysis.actions.begin_survey",
    "laws are everybody's": "adjustments.actions.law_change.prepare_affected"
    " adjustments.actions.law_change.record_and_prepare adjustments.actions.law_change.record_and_prepare_many"
    " law.actions.load_laws law.actions.record_change law.actions.record_changes",
    "one calendar for all": "calendar.actions.clear_calendar_days calendar.actions.confirm_calendar_year"
    " calendar.actions.load_arrangement calendar.actions.load_arrangements calendar.actions.set_calendar_days",
    "how long personal data is kept is the installation's": "cases.actions.retaining.delete_due_contents",
    "the reference catalogue and its words are everybody's": "catalog.actions.identity.add_reference"
    " catalog.actions.vocabulary.load_categories catalog.actions.vocabulary.load_life_events"
    " catalog.actions.vocabulary.load_references registers.actions.references.import_editions"
    " registers.actions.references.issue_edition registers.actions.references.issue_editions",
    "definitions of 一件事 are the place's, of items of many organs": "bundles.actions.publishing.publish_bundle"
    " bundles.actions.publishing.end_bundle bundles.actions.publishing.publish_shipped",
    "outlets and their queues are the installation's": "connectors.actions.add_outlet connectors.actions.change_outlet"
    " connectors.actions.check_outlet connectors.actions.end_outlet outbox.actions.end outbox.actions.pause"
    " outbox.actions.resend outbox.actions.resend_failed outbox.actions.resume outbox.actions.skip",
    "words of the search are everybody's": "search.actions.add_synonym search.actions.end_synonym",
    "the table of divisions is everybody's": "people.actions.organs.load_divisions",
    "an account has no organ before its first post": "people.actions.accounts.create_account",
    "a citizen belongs to no organ": "people.actions.citizens.erase_identity",
    "whoever stands before one belongs to no organ, and one receives for one's own office": (
        "people.actions.citizens.register_at_counter reception.actions.mandates.give_mandate"
        " reception.actions.mandates.take_mandate"
        " reception.actions.receiving.begin_reception reception.actions.bundles.begin_bundle_reception reception.actions.visits.order_visit"
    ),
    "a file is its bringer's; each row's organ is asked for when it is written": "spreadsheets.actions.receive_file"
    " spreadsheets.actions.import_file registers.actions.powers.import_powers exchange.actions.cataloguing.import_catalogue rulebook.actions.counting.set_volumes",
}
OF_NO_ORGAN = {name: reason for reason, names in WHOLE.items() for name in names.split()}
"""Actions about nothing an organ owns, each with the reason."""


NOT_HERE = r"您没有|您现在不|别人上传|现在由.*审核|由组织单位或牵头审核单位安排|牵头"


@pytest.fixture(scope="module")
def roles_without_reach(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[User]:
    """Somebody in every role in a county that nothing of the tests is in. None reaches over all."""
    text = settings.ACCESS_ROLES.read_text(encoding="utf-8").replace("\nall = [", "\ndivision = [")
    own = tmp_path_factory.mktemp("access") / "roles.toml"
    own.write_text(text, encoding="utf-8")
    with django_db_blocker.unblock(), override_settings(ACCESS_ROLES=own), transaction.atomic():
        who, there = make.user(), make.organ(division=make.division("990103", "邻县"))
        for role in roles():
            make.post(who, role, there)
        yield who
        transaction.set_rollback(True)


@pytest.fixture
def whoever_may_all_elsewhere(roles_without_reach: User, db: None) -> User:
    return User.objects.get(pk=roles_without_reach.pk)


@pytest.mark.parametrize("name", sorted(set(ACTIONS) - set(PARTS) - set(FOR_ANYONE)))
def test_who_may_nothing_or_all_of_it_elsewhere_is_refused(name: str, whoever_may_all_elsewhere: User) -> None:
    """Whatever else is wrong with the call: nothing is written, and the answer is Refused."""
    act = prepared(name)
    before = LedgerEntry.objects.count()
    strangers = [(make.user(), r"您没有|您现在不|别人上传"), (whoever_may_all_elsewhere, NOT_HERE)]
    for who, words in strangers[: 1 if name in OF_NO_ORGAN else 2]:
        with pytest.raises(Refused, match=words), transaction.atomic():
            act(by=who)
    assert LedgerEntry.objects.count() == before


@pytest.mark.parametrize("name", sorted(OF_NO_ORGAN))
def test_what_is_of_no_organ_is_not_refused_for_being_elsewhere(name: str, whoever_may_all_elsewhere: User) -> None:
    """Else it has one, and leaves the list."""
    with suppress(Exception), transaction.atomic():
        try:
            prepared(name)(by=whoever_may_all_elsewhere)
        except Refused as refused:
            pytest.fail(refused.message)
        transaction.set_rollback(True)
