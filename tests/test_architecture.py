"""The shape of the house, checked: layers, names, sizes, and what each part must carry."""

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import networkx
import pytest
from django.apps import apps
from django.conf import settings

from banshi.workflow.models import FlowField

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "banshi"
MODULES = [path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts]
BANNED_NAMES = {"utils", "helpers", "services", "managers", "common", "misc"}
TIME_TELLERS = {"sites", "command", "config"}
CLOCKS_OF_THE_MACHINE = {
    "core/clock.py": "the one clock",
    "core/ids.py": "the first bits of a UUID of version 7",
    "core/leases.py": "the database's clock, the only one all machines share",
    "core/nodes.py": "the database's clock, the only one all machines share",
    "connectors/timestamp/fake.py": "a timestamp authority, which is a clock",
    "connectors/banshi_source/fake.py": "the clock of another city's gateway",
    "exchange/client.py": "the clock of whoever calls the gateway from elsewhere",
    "core/rate_limits.py": "windows of seconds, nothing that is recorded",
}
"""Infrastructure that is about time itself; nothing of the domain."""
CLOCKS = {
    *("banshi.core.clock.now", "banshi.core.clock.today", "django.utils.timezone.now"),
    *("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today"),
    *("time.time", "time.time_ns", "time.localtime", "time.gmtime", "django.db.models.functions.Now"),
}
TURNS_A_MOMENT = {"django.utils.timezone.localdate", "django.utils.timezone.localtime"}
"""Clocks only when they are given no moment."""


Nodes = list[ast.AST]
"""Of a module, each of its syntax tree, the module first."""


def nodes_of(text: str) -> Nodes:
    return list(ast.walk(ast.parse(text)))


def found_by(reader: Callable[[Nodes], Any]) -> dict[str, Any]:
    """Return what a reader finds in each module, by its path below the package."""
    return _read_all()[reader]


@cache
def _read_all() -> dict[Callable[[Nodes], Any], dict[str, Any]]:
    """Parse each module once for all readers, since the trees of all together would not fit in memory."""
    found: dict[Callable[[Nodes], Any], dict[str, Any]] = {each: {} for each in READERS}
    for path in MODULES:
        nodes = nodes_of(path.read_text(encoding="utf-8"))
        for reader, by_path in found.items():
            by_path[path.relative_to(SOURCE).as_posix()] = reader(nodes)
    return found


@pytest.mark.nightly
def test_imports_follow_the_layers() -> None:
    """Each day by `./run check`."""
    ran = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout


def test_no_modules_import_each_other() -> None:
    """In a circle of any length, also by imports within functions; those for types alone count not."""
    modules = {module_of(path) for path in found_by(classes_in)}
    graph = networkx.DiGraph()
    for path, imported in found_by(imported_at_work).items():
        for module, name in imported:
            inner = f"{module}.{name}"
            graph.add_edge(module_of(path), inner if inner in modules else module)
    assert [sorted(each) for each in networkx.strongly_connected_components(graph) if len(each) > 1] == []


def module_of(path: str) -> str:
    return ".".join(["banshi", *Path(path).with_suffix("").parts]).removesuffix(".__init__")


def test_an_import_within_a_function_is_found_and_one_for_types_is_not() -> None:
    text = "if TYPE_CHECKING:\n    from banshi.a import A\ndef f():\n    from banshi.b import B"
    assert imported_at_work(nodes_of(text)) == {("banshi.b", "B")}


def imported_at_work(nodes: Nodes) -> set[tuple[str, str]]:
    for_types = {
        id(inner)
        for node in nodes
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    return {
        (node.module, alias.name)
        for node in nodes
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("banshi") and id(node) not in for_types
        for alias in node.names
    }


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [path for path in MODULES if BANNED_NAMES & {path.stem, *path.relative_to(SOURCE).parts}] == []


# Names that several classes may bear because they are one idea: name → the idea.
SHARED_NAMES = {
    "Meta": "Django's and pydantic's options of the class around it",
    "State": "states of the class around it, never written without it, or of a workflow",
    "DatabaseWrapper": "a database backend, by the name under which Django looks for it",
}


def test_no_class_name_means_two_things() -> None:
    places: dict[str, list[str]] = {}
    for path, names in found_by(classes_in).items():
        for name in names:
            places.setdefault(name, []).append(path)
    shared = {name: some for name, some in places.items() if len(some) > 1}
    assert shared.keys() == SHARED_NAMES.keys(), shared


def classes_in(nodes: Nodes) -> list[str]:
    return [each.name for each in nodes if isinstance(each, ast.ClassDef)]


ONE_CALLER_AT_MOST = 0.12
"""Share of private functions with one caller; comparable code bases have 2–7 %."""


def test_few_private_functions_have_a_single_caller() -> None:
    """Inline such a function, unless it has eight lines and its name is a word of the trade."""
    every = sum(found_by(count_functions).values())
    elsewhere = set().union(*found_by(imports_in).values())
    single = []
    for path, names in found_by(called_once_in).items():
        module = module_of(path)
        single += [f"{module}: {name}" for name in names if (module, name) not in elsewhere]
    assert len(single) <= ONE_CALLER_AT_MOST * every, "\n".join([f"{len(single)} of {every} have one caller", *single])


def count_functions(nodes: Nodes) -> int:
    return sum(isinstance(each, ast.FunctionDef) for each in nodes)


def imports_in(nodes: Nodes) -> set[tuple[str | None, str]]:
    return {(node.module, alias.name) for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names}


def test_a_function_with_a_single_caller_is_found() -> None:
    text = "def _once(): ...\ndef _twice(): ...\ndef f():\n    _once()\n    _twice()\n    _twice()"
    assert called_once_in(nodes_of(text)) == ["_once"]
    assert called_once_in(nodes_of("def _key(): ...\nsorted([], key=_key)\n_key()")) == []
    assert called_once_in(nodes_of("class A(B):\n    def _save(self): super()._save()")) == []
    text = "class A:\n    def _a(self): ...\n    def b(self): self._a()\nclass B:\n    def _a(self): ...\n"
    assert called_once_in(nodes_of(text + "    def b(self): self._a(); self._a()")) == ["_a"]


def called_once_in(nodes: Nodes) -> list[str]:
    """List undecorated private functions and methods which the module names once, in a call.

    A call on `super()` is one of the library's: `_save` of a storage is a hook that nobody could inline.
    """
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    owners = {id(inner): owner for owner in nodes if isinstance(owner, ast.ClassDef) for inner in ast.walk(owner)}
    defined = {
        (id(owners.get(id(node))), node.name): node
        for node in nodes
        if isinstance(node, ast.FunctionDef) and node.name.startswith("_") and not node.name.startswith("__")
        if not node.decorator_list
    }
    uses: dict[tuple[int, str], list[ast.expr]] = {key: [] for key in defined}
    for node in nodes:
        if isinstance(node, ast.Name | ast.Attribute) and not _is_of_super(node):
            name = node.id if isinstance(node, ast.Name) else node.attr
            own = (id(owners.get(id(node))), name)
            for key in [own] if own in uses else [key for key in uses if key[1] == name]:
                uses[key].append(node)
    return [name for (_, name), used in uses.items() if len(used) == 1 and id(used[0]) in called]


def _is_of_super(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and ast.unparse(node.value) == "super()"


VERBS = set((ROOT / "tests" / "verbs.txt").read_text(encoding="utf-8").split())
"""Verbs that docstrings of functions begin with. A new one is added here, by who has seen that it is one."""
IN_CHINESE = re.compile(r".*[\u4e00-\u9fff].*。")
"""Help of commands and descriptions of the API, which are shown to officials."""
QUESTION = re.compile(r"(What|Who|Whom|Whose|How|Where|Which|Why|When|Whether)\b")
QUOTED = re.compile(r"`[^`]*`|\([^()]*\)|“[^”]*”|\"[^\"]*\"|《[^》]*》")


def test_docstrings_say_it_in_a_clause() -> None:
    """Verbs first for functions, no question, no chain of clauses, details in a paragraph of their own."""
    found = [f"{path}: {wrong}" for path, some in found_by(docstrings_wrong_in).items() for wrong in some]
    assert found == [], "\n".join(found)


def docstrings_wrong_in(nodes: Nodes) -> list[str]:
    documented = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)
    return [
        f"{getattr(node, 'name', 'module')}: {wrong}"
        for node in nodes
        if isinstance(node, documented)
        for wrong in wrong_with(node)
    ]


@pytest.mark.parametrize(
    "text, wrong",
    [
        ("Those of the newest report.", "begins with no verb"),
        ("Every campaign my organs take part in.", "begins with no verb"),
        ("The pages of an item.", "begins with no verb"),
        ("回避: its items leave the desk.", "begins with no verb"),
        ("Which of them are open.", "opens with a question word"),
        ("Find an item. Raises Missing.", "says more than a sentence first"),
        ("Find an item; lock it.", "is a chain of clauses"),
    ],
)
def test_a_docstring_that_says_it_otherwise_is_found(text: str, wrong: str) -> None:
    assert wrong in wrong_with(ast.parse(f'def f():\n    """{text}"""').body[0])
    assert not list(wrong_with(ast.parse('def f():\n    """Find an item (“某某”. 是)."""').body[0]))


def wrong_with(node: ast.AST) -> Iterator[str]:
    text = ast.get_docstring(node)  # type: ignore[arg-type]
    if not text:
        return
    first = " ".join(text.split("\n\n")[0].split())
    plain = QUOTED.sub("", first)
    if QUESTION.match(first):
        yield "opens with a question word"
    if re.search(r";(?=\s|$)", plain) or len(re.findall(r":(?=\s|$)", plain)) > 1:
        yield "is a chain of clauses"
    if repeats_its_signature(node):
        yield "says nothing that the signature does not"
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not _is_property(node):
        if first.split()[0].rstrip(".,") not in VERBS and not IN_CHINESE.fullmatch(first):
            yield "begins with no verb"
        sentences = " ".join(text.split()) if node.name.startswith("_") and not node.name.startswith("__") else first
        if len(re.findall(r"[.!?](?=\s|$)", QUOTED.sub("", sentences))) > 1:
            yield "says more than a sentence first"


WORDS = re.compile(r"[a-z]+")
SMALL_WORDS = set(
    WORDS.findall(
        "a an the of for to in on by with and or is are as its it that this from at any which has have be one each all"
    )
)


def test_a_docstring_that_repeats_the_signature_is_found() -> None:
    text = 'def create_organ(name: str) -> Organ:\n    """Create an organ."""'
    assert repeats_its_signature(ast.parse(text).body[0])
    assert not repeats_its_signature(ast.parse(text.replace("organ.", "organ, in use at once.")).body[0])
    assert not repeats_its_signature(ast.parse(text.replace("an organ.", "an organ (机构).")).body[0])


def repeats_its_signature(node: ast.AST) -> bool:
    """Tell whether a docstring has no word that name, parameters and types have not."""
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or not (text := ast.get_docstring(node)):
        return False
    told = ast.unparse(node).split('"""')[0].partition("def ")[2].lower()
    known = {_stem(each) for each in WORDS.findall(told)} | SMALL_WORDS | {"return"}
    return text.isascii() and not re.search(r"[`\d]", text) and {_stem(w) for w in WORDS.findall(text.lower())} <= known


def _stem(word: str) -> str:
    return word if word in SMALL_WORDS else re.sub(r"(ies|y|es|s|e)$", "", word)


def _is_property(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any("property" in ast.unparse(each) for each in node.decorator_list)


def test_actions_end_with_by_and_at() -> None:
    """Every public function of an actions module that writes names who and when."""
    found = {path: some for path, some in found_by(acts_without_by_and_at).items() if some and "actions" in path}
    assert {path: some for path, some in found.items() if {"actions", "actions.py"} & set(Path(path).parts)} == {}


def test_an_action_without_by_or_at_is_found() -> None:
    assert acts_without_by_and_at(nodes_of("@transaction.atomic\ndef f(item, *, by): ...")) == ["f"]
    assert acts_without_by_and_at(nodes_of("@transaction.atomic\ndef f(item, *, by, at): ...\ndef g(): ...")) == []


def acts_without_by_and_at(nodes: Nodes) -> list[str]:
    return [
        node.name
        for node in nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_")
        if "atomic" in {getattr(each, "attr", "") for each in node.decorator_list}
        if not {"by", "at"} <= {each.arg for each in node.args.kwonlyargs}
    ]


WRITE_STATES = {
    "catalog/actions/drafts.py": "of a Revision, which goes by no workflow",
    "catalog/actions/publishing.py": "of a Revision",
    "catalog/actions/submitting.py": "of a Revision",
    "campaigns/actions/consulting.py": "of a Comment",
    "exchange/actions/cataloguing.py": "of a Resource, reported and announced by decree 809",
    "exchange/actions/demanding.py": "of a Demand, answered once",
    "exchange/actions/requesting.py": "of a DataRequest, asked and answered once",
    "fees/actions.py": "of a FeeOrder, due, paid or refunded whatever an office thinks",
    "handout/actions/collecting.py": "of a HandOut, where a thing lies, which no office defines anew",
    "handout/actions/sending.py": "of a HandOut",
    "outbox/actions.py": "of a Message",
    "outbox/delivery.py": "of a Message",
    "reception/actions/visits.py": "of a HomeVisit, to be made, made or cancelled",
    "spreadsheets/actions.py": "of an ImportBatch",
    "window/actions/appointments.py": "of an Appointment, whose place is counted by a conditional update",
    "window/actions/questions.py": "of a FirstQuestion",
    "window/actions/queue.py": "of a Ticket, called by a conditional update so that no two counters get one",
}
"""Modules outside `workflow` that write a field named state, with the reason it is no subject's of a workflow."""


def test_nobody_outside_workflow_writes_the_state_of_what_goes_by_one() -> None:
    writing = {path for path, writes in found_by(writes_state).items() if writes and "workflow" not in Path(path).parts}
    assert writing == set(WRITE_STATES)
    moving = {
        model.__name__ for model in apps.get_models() for f in model._meta.local_fields if isinstance(f, FlowField)
    }
    assert moving >= {"Item", "Entry", "Campaign", "Adjustment", "Proposal", "Transfer"}
    for name in WRITE_STATES:
        assert not moving & found_by(written_through)[name], name


def writes_state(nodes: Nodes) -> bool:
    """By assignment to an attribute, in `update`, `bulk_update` and `save`."""
    for node in nodes:
        if isinstance(node, ast.Attribute) and node.attr == "state" and isinstance(node.ctx, ast.Store):
            return True
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {
            "update",
            "bulk_update",
            "save",
            "setattr",
        }:
            named = {each.arg for each in node.keywords}
            listed = {each.value for each in ast.walk(node) if isinstance(each, ast.Constant)}
            if "state" in named or (node.func.attr != "update" and "state" in listed):
                return True
    return False


def written_through(nodes: Nodes) -> set[str]:
    """Models of which `Model.objects…update(state=…)` stands in the text."""
    return {
        ast.unparse(node.func).partition(".")[0]
        for node in nodes
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "update"
        if any(each.arg == "state" for each in node.keywords)
    }


@pytest.mark.parametrize(
    "text",
    [
        "entry.state = 'published'\nentry.save()",
        "Entry.objects.filter(pk=1).update(state='published')",
        "Entry.objects.bulk_update(some, ['state'])",
        "entry.save(update_fields=['state'])",
    ],
)
def test_a_state_written_past_the_workflow_is_found(text: str) -> None:
    assert writes_state(nodes_of(text))


BYPASSES = {
    "django.db.transaction.atomic": "what belongs together is one action of the domain",
    "banshi.ledger.System": "a person is behind every request",
    "banshi.access.Allowed": "only `authorize` answers that one may",
    "banshi.access.on_behalf_of": "only the demonstration acts in a person's name",
    "banshi.access.CommandLine": "a person is behind every request",
}


def test_sites_make_no_transactions_and_no_actors_of_their_own() -> None:
    found = {path: some for path, some in found_by(bypasses_in).items() if path.startswith("sites/")}
    assert len(found) > 100
    assert {path: some for path, some in found.items() if some} == {}


def test_nobody_outside_access_makes_tokens_and_only_the_demonstration_acts_for_others() -> None:
    found = {
        (path, made)
        for path, some in found_by(tokens_made_in).items()
        if not path.startswith("access/")
        for made in some
    }
    assert {path for path, _ in found if not path.startswith("command/demo/")} == set()
    assert {made for _, made in found} == {"on_behalf_of"}


def tokens_made_in(nodes: Nodes) -> set[str]:
    meant = {id(node): name.rpartition(".")[2] for node, name in names_in(nodes)}
    called = {meant.get(id(node.func), "") for node in nodes if isinstance(node, ast.Call)}
    return called & {"Allowed", "on_behalf_of"}


def test_sites_hand_on_whoever_asks_and_no_answer_of_authorize() -> None:
    """A token is for the action that was given it."""
    found = found_by(answers_of_authorize_used_in)
    assert {path: some for path, some in found.items() if some and path.startswith("sites/")} == {}


def answers_of_authorize_used_in(nodes: Nodes) -> list[str]:
    asking = {"authorize", "authorize_many", "authorize_move"}
    alone = {id(each.value) for each in nodes if isinstance(each, ast.Expr)}
    calls = [each for each in nodes if isinstance(each, ast.Call) and getattr(each.func, "id", "") in asking]
    return [ast.unparse(each) for each in calls if id(each) not in alone]


def test_an_answer_of_authorize_that_is_handed_on_is_found() -> None:
    assert answers_of_authorize_used_in(nodes_of("authorize(a, b)\ntoken = authorize(a, b)")) == ["authorize(a, b)"]


@pytest.mark.parametrize(
    "text",
    [
        "from django.db import transaction\nwith transaction.atomic(): pass",
        "from django.db.transaction import atomic as whole\n@whole\ndef f(): pass",
        "from banshi import ledger\nact(by=ledger.System('x'))",
        "from banshi.ledger import System\nact(by=System('x'))",
        "from banshi.ledger.entries import System as Software\nact(by=Software('x'))",
        "from banshi.access import Allowed\nact(by=Allowed(user))",
        "from banshi.access.decision import Allowed\nact(by=Allowed(user))",
    ],
)
def test_a_bypass_is_found_however_it_was_imported(text: str) -> None:
    assert bypasses_in(nodes_of(text))


def bypasses_in(nodes: Nodes) -> list[str]:
    """Of a package as of any module within it."""
    return [
        f"line {node.lineno}: {BYPASSES[each]}"
        for node, meant in names_in(nodes)
        for each in BYPASSES
        if meant.startswith(each.rpartition(".")[0]) and meant.rpartition(".")[2] == each.rpartition(".")[2]
    ]


def test_addresses_are_read_by_the_bounded_readers_only() -> None:
    """`sites/kit/address.py`, and lists by `sites/kit/listing/`; others hand `request.GET` on, or write it out again. The API
    reads by ninja, which checks types."""
    found = {path: some for path, some in found_by(reads_of_addresses_in).items() if path.startswith("sites/")}
    assert {path: some for path, some in found.items() if some and not path.startswith("sites/api/")} == {}


def test_an_address_read_elsewhere_is_found() -> None:
    text = "request.GET.urlencode()\nrequest.GET['a']\nrequest.GET.get('b')"
    assert reads_of_addresses_in(nodes_of(text)) == ["request.GET['a']", "request.GET.get"]


def reads_of_addresses_in(nodes: Nodes) -> list[str]:
    read = [each for each in nodes if isinstance(each, ast.Attribute | ast.Subscript) and is_query(each.value)]
    return [ast.unparse(each) for each in read if getattr(each, "attr", "") not in {"urlencode", "copy"}]


def is_query(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "GET"


def test_only_sites_and_commands_ask_for_the_time() -> None:
    """By any import of any clock, called or handed on; the database's too."""
    found = found_by(clocks_in)
    asked = {name: some for name, some in found.items() if some and Path(name).parts[0] not in TIME_TELLERS}
    assert {name: asking for name, asking in asked.items() if name not in CLOCKS_OF_THE_MACHINE} == {}
    assert set(CLOCKS_OF_THE_MACHINE) <= set(asked)


@pytest.mark.parametrize(
    "text",
    [
        "from banshi.core.clock import now\nnow()",
        "from banshi.core.clock import today as day\nday()",
        "from banshi.core import clock\nf(at=clock.now)",
        "import banshi.core.clock\nbanshi.core.clock.now()",
        "from django.utils import timezone as tz\ntz.now()",
        "from django.utils import timezone\ntimezone.localdate()",
        "import datetime as dt\ndt.datetime.now(dt.UTC)",
        "from datetime import date\ndate.today()",
        "from time import time\ntime()",
        "from django.db.models.functions import Now\nNow()",
    ],
)
def test_a_clock_is_found_however_it_was_imported(text: str) -> None:
    assert clocks_in(nodes_of(text))


def test_a_moment_turned_into_a_day_is_no_clock() -> None:
    assert not clocks_in(nodes_of("from django.utils import timezone\ntimezone.localdate(at)"))


def clocks_in(nodes: Nodes) -> list[str]:
    """List the clocks that are asked or handed on."""
    with_a_moment = {id(node.func) for node in nodes if isinstance(node, ast.Call) and node.args}
    return [
        f"line {node.lineno}: {meant}"
        for node, meant in names_in(nodes)
        if meant in CLOCKS or (meant in TURNS_A_MOMENT and id(node) not in with_a_moment)
    ]


def names_in(nodes: Nodes) -> Iterator[tuple[ast.Name | ast.Attribute, str]]:
    """Resolve the names and attributes that are read through the module's imports."""
    imported: dict[str, str] = {}
    for node in nodes:
        if isinstance(node, ast.Import):
            imported |= {each.asname or each.name: each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported |= {each.asname or each.name: f"{node.module}.{each.name}" for each in node.names}
    for node in nodes:
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
            parts = dotted(node)
            for count in range(len(parts), 0, -1):
                if start := imported.get(".".join(parts[:count])):
                    yield node, ".".join([start, *parts[count:]])
                    break


def dotted(node: ast.expr) -> list[str]:
    """Return the names of `a.b.c`, or nothing where it is read from anything but a name."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.insert(0, node.attr)
        node = node.value
    return [node.id, *names] if isinstance(node, ast.Name) else []


def test_nothing_below_the_sites_knows_an_address() -> None:
    """Pages have names there (`notifications.links`), which sites lead to addresses."""
    known = ("django.urls", "resolve_url", "reverse(", '"workbench:', '"console:', '"portal:', "SITE_URL}/")
    below = [path for path in MODULES if path.relative_to(SOURCE).parts[0] not in {"sites", "config", "command"}]
    told = [
        (path.relative_to(SOURCE).as_posix(), word)
        for path in below
        for word in known
        if word in path.read_text("utf-8")
    ]
    assert told == []


# What is made in one place only: the words that betray another place → where they may stand.
MADE_ONCE = {
    r"\bxlsxwriter\b": {"documents/workbook.py"},
    r"Content-Disposition|content_disposition|FileResponse\(": {"sites/kit/downloads.py"},
    r"add_error\((each|problem)\.field": {"sites/signin/forms.py", "sites/workbench/campaigns/views.py"},
    r"year\}年\{[\w.]+month\}月\{|%Y年%-m月%-d日": {"core/clock.py"},
    r'"23456789ABCDEFGH': {"core/ids.py"},
    r"vnd\.openxmlformats|application/(pdf|zip|msword)|text/csv|image/svg": {"core/file_types.py"},
}


@pytest.mark.parametrize("words", MADE_ONCE)
def test_what_is_made_once_is_made_nowhere_else(words: str) -> None:
    found = {path.relative_to(SOURCE).as_posix() for path in MODULES if re.search(words, path.read_text("utf-8"))}
    assert found == MADE_ONCE[words]


def test_every_app_of_ours_has_a_place_in_the_layers() -> None:
    contract = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for app in apps.get_app_configs():
        if app.name.startswith("banshi.") and not app.name.startswith("banshi.sites"):
            assert f'"{app.name}"' in contract or f"{app.name} |" in contract or f"| {app.name}" in contract


def test_every_template_is_used() -> None:
    """A template nobody names is dead."""
    texts = "".join(
        path.read_text(encoding="utf-8") for path in [*MODULES, *SOURCE.rglob("*.html"), *SOURCE.rglob("*.txt")]
    )
    overridden = {
        "account",
        "mfa",
        "allauth",
        "403.html",
        "403_csrf.html",
        "404.html",
        "500.html",
        "400.html",
        "429.html",
    }
    for path in SOURCE.rglob("templates/**/*.html"):
        name = path.as_posix().split("/templates/")[-1]
        assert name.split("/")[0] in overridden or name in texts, f"unused template {name}"


def test_no_inline_script_or_style_which_the_policy_would_block() -> None:
    for path in SOURCE.rglob("templates/**/*.html"):
        text = path.read_text(encoding="utf-8")
        assert " style=" not in text, path
        assert " onclick=" not in text, path


def test_no_addresses_of_this_machine_or_of_registries_are_committed() -> None:
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    words = (
        "pypi" + ".org",
        "registry" + ".npmjs",
        "npm" + "mirror.com",
        "/wo" + "rk/main",
        "/wo" + "rk/shared",
        "/wo" + "rk/.library",
        "/tm" + "p/",
    )
    for name in filter(None, tracked.split("\0")):
        path = ROOT / name
        if (
            path.suffix in {".py", ".toml", ".json", ".md", ".sh", ".yml", ".html", ".js", ".css"}
            and path.stat().st_size < 2_000_000
        ):
            text = path.read_text(encoding="utf-8", errors="ignore")
            assert not any(word in text for word in words), name


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    from io import StringIO

    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


def test_data_files_the_settings_name_exist() -> None:
    assert (settings.DATA / "workflows").is_dir()


def test_what_is_told_to_others_has_an_entry_in_the_ledger() -> None:
    """`verify-ledger` takes an event without an entry for an end that was cut off."""
    found = found_by(emits_unrecorded)
    # A case's clocks are counted anew within an act that is recorded.
    assert {name: some for name, some in found.items() if some} == {"cases/actions/recording.py": ["recount"]}


def test_an_event_without_an_entry_is_found() -> None:
    told = "def _tell(): emit()\ndef remind():\n    _tell()\ndef end():\n    record()\n    _tell()\n"
    assert emits_unrecorded(nodes_of(told)) == ["remind"]


def emits_unrecorded(nodes: Nodes) -> list[str]:
    """List functions nobody of the module calls that reach an event in it and no entry."""
    calls = {
        node.name: {_name_of(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)}
        for node in nodes
        if isinstance(node, ast.FunctionDef)
    }

    def reached(name: str) -> set[str]:
        found, waiting = set[str](), [name]
        while waiting:
            new = calls.get(waiting.pop(), set()) - found
            found |= new
            waiting += new
        return found

    inner = {each for name, called in calls.items() for each in called - {name}}
    return sorted(
        name
        for name in calls.keys() - inner - {"emit", "emit_many"}
        if (all_of := reached(name)) & {"emit", "emit_many"} and not all_of & {"record", "record_many", "perform"}
    )


def _name_of(called: ast.expr) -> str:
    return called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")


READERS: list[Callable[[Nodes], Any]] = [
    *(classes_in, count_functions, imports_in, called_once_in, docstrings_wrong_in, acts_without_by_and_at),
    *(writes_state, written_through, bypasses_in, tokens_made_in, answers_of_authorize_used_in),
    *(reads_of_addresses_in, clocks_in, emits_unrecorded, imported_at_work),
]
