"""Who may import whom, what is pure, and that nothing happens at import: read from the source of the whole tree."""

import ast
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from libs.events.catalogue import answered_by
from tests.source_tree import Tree, at_import, called, running

ROOT = Path(__file__).resolve().parents[1]
LIBS = {
    *("asl", "audit", "blobs", "charts", "comparing", "delivery", "embedded", "events", "scoring", "screening"),
    *("sources", "store", "streaming"),
}
SERVICES = {
    *("orchestration", "kyc", "aml", "idv", "matchlist", "duplicates", "risk", "decision", "prescreening"),
    *("monitoring", "collection", "review", "notifications", "results"),
}
# What `rules.py` and `libs.asl` may stand on: nothing here reads a file, a socket, a clock or a random source.
PURE_STANDARD = {
    *("__future__", "abc", "ast", "base64", "binascii", "bisect", "collections", "contextlib", "copy", "csv"),
    "dataclasses",
    *(
        "datetime",
        "decimal",
        "difflib",
        "enum",
        "fractions",
        "functools",
        "gzip",
        "hashlib",
        "heapq",
        "hmac",
        "itertools",
    ),
    *("json", "keyword", "math", "numbers", "operator", "re", "statistics", "string", "struct", "textwrap", "types"),
    *("typing", "unicodedata", "urllib", "uuid", "warnings", "zlib"),
}
PURE_THIRD_PARTY = {
    *("fingerprints", "followthemoney", "icu", "jlens", "jsonpath", "nomenklatura", "normality"),
    *("orjson", "pydantic"),
    # An index in memory, as long as it is given no path.
    *("rapidfuzz", "rigour", "stdnum", "tantivy", "zen"),
}
IMPURE_CALLS = {"open", "print", "input", "exec", "eval", "__import__"}
IMPURE_METHODS = {
    *("now", "today", "utcnow", "uuid1", "uuid4", "open", "read_text", "read_bytes", "write_text", "write_bytes"),
    "urlopen",
}
# `python -m libs.asl` is a command, not the library.
COMMANDS = {"libs.asl.__main__"}
# Alembic runs these files, nobody imports them.
RUN_BY_ALEMBIC = "migrations"
AT_IMPORT_FORBIDDEN = {
    *("open", "print", "exec", "eval", "getenv", "connect", "start", "run", "sleep", "basicConfig", "configure"),
    *("create_engine", "create_async_engine", "create_connection", "create_server", "create_task", "Thread", "Process"),
    *("Popen", "socket", "urlopen", "read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "exists", "glob"),
    *("now", "today", "utcnow", "time", "monotonic", "uuid1", "uuid4", "Settings", "AIOKafkaConsumer"),
    *("AIOKafkaProducer", "App", "new_event_loop", "get_event_loop", "import_module", "system"),
}
# SQL's own function, as a part of a column's definition.
NO_CALLS_OUT = {"func.now"}


def between_services(tree: Tree) -> Iterator[str]:
    """No service imports another."""
    for module in tree.modules:
        if module.startswith("services."):
            own = _service(module)
            for name in sorted(tree.imports(module)):
                if name.startswith("services.") and _service(name) != own:
                    yield f"{module} imports {name}, which is another service's"


def from_libs_to_services(tree: Tree) -> Iterator[str]:
    """Libraries know of no service."""
    for module in tree.modules:
        if module.split(".")[0] == "libs":
            for name in sorted(tree.imports(module)):
                if name.split(".")[0] == "services":
                    yield f"{module} imports {name}: libraries know of no service"


def outside_the_tree(tree: Tree) -> Iterator[str]:
    """What runs stands on no test."""
    for module in tree.modules:
        if any(name.split(".")[0] == "tests" for name in tree.imports(module)) and module != "libs.embedded.testing":
            yield f"{module} imports a test"


def impure(tree: Tree) -> Iterator[str]:
    """Rules and the workflow language do no I/O and read no clock, neither they nor what they import."""
    pure = [
        module
        for module in tree.modules
        if module not in COMMANDS and (_is_rules(module) or _within(module, "libs.asl"))
    ]
    impurities = {module: list(_impurities(tree, module)) for module in tree.modules}
    for module in pure:
        for reached, importer in tree.reached(module).items():
            for what in impurities[reached]:
                by = "" if reached == module else f" (by {importer} importing {reached})"
                yield f"{module} is not pure: {what}{by}"


def _is_rules(module: str) -> bool:
    """`rules`, or `rules_<step>` of a check with several steps."""
    return module.split(".")[-1].split("_")[0] == "rules"


def _impurities(tree: Tree, module: str) -> Iterator[str]:
    for name in sorted(tree.imports(module)):
        top = name.split(".")[0]
        if top not in PURE_STANDARD | PURE_THIRD_PARTY | {"libs", "services"} or name.startswith("urllib.request"):
            yield f"imports {top}"
        if name in ("uuid.uuid1", "uuid.uuid4"):
            yield f"imports {name}"
    for node in running(tree.modules[module]):
        name = called(node) or ""
        if name in IMPURE_CALLS or ("." in name and name.split(".")[-1] in IMPURE_METHODS):
            yield f"calls {name} in line {getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Call) and name == "tantivy.Index" and len(node.args) + len(node.keywords) > 1:
            yield f"keeps an index on disk in line {node.lineno}"


def happening_at_import(tree: Tree) -> Iterator[str]:
    """Importing a module defines things, and that is all."""
    for module, source in tree.modules.items():
        if RUN_BY_ALEMBIC in module.split("."):
            continue
        # A service's `__main__` is run, not imported, yet it keeps to the same.
        for statement in source.body:
            if (what := _statement(statement)) is not None:
                yield f"{module}:{statement.lineno} runs {what} at import"
        for node in at_import(source):
            if (what := _reaching_out(node)) is not None:
                yield f"{module}:{getattr(node, 'lineno', 0)} calls {what} at import"


def _statement(statement: ast.stmt) -> str | None:
    """A top-level statement that does more than to define; None for the others."""
    if isinstance(statement, ast.Expr) and not isinstance(statement.value, ast.Constant):
        return ast.unparse(statement.value).split("(")[0]
    if isinstance(statement, ast.For | ast.AsyncFor | ast.While | ast.With | ast.AsyncWith | ast.Delete):
        return f"a {type(statement).__name__.lower()} statement"
    return None


def _reaching_out(node: ast.AST) -> str | None:
    """A call or a look that reaches outside the process; to name the environment is not yet to read it."""
    name = called(node) or ""
    read = [node.value] if isinstance(node, ast.Subscript) else node.args if isinstance(node, ast.Call) else []
    if name.startswith("os.environ.") or any(ast.unparse(value) == "os.environ" for value in read):
        return name or "os.environ"
    return name if name not in NO_CALLS_OUT and name.split(".")[-1] in AT_IMPORT_FORBIDDEN else None


def misplaced(tree: Tree) -> Iterator[str]:
    """Packages are named as the layout has them, and path equals import."""
    for package, known in (("libs", LIBS), ("services", {*SERVICES, *answered_by().values()})):
        for folder in sorted((tree.root / package).iterdir()):
            if not folder.is_dir() or folder.name == "__pycache__":
                continue
            if folder.name not in known:
                yield f"{package}/{folder.name} is not in the layout"
            elif not (folder / "__init__.py").exists():
                yield f"{package}/{folder.name} has no __init__.py"
    for module in tree.modules:
        if RUN_BY_ALEMBIC in module.split("."):
            continue
        parent = module.rpartition(".")[0]
        if parent and parent not in tree.packages:
            yield f"{module} is in a folder without __init__.py"
        for word in (module.split(".")[-1],):
            if not word.isidentifier() or word != word.lower():
                yield f"{module} is not named in lower case"


def incomplete_checks(tree: Tree, names: tuple[str, ...]) -> Iterator[str]:
    """Every check is the same two files: rules, and the wiring."""
    for name in names:
        if f"services.{name}.rules" not in tree.modules:
            yield f"services/{name} has no rules.py"
        if not {f"services.{name}.agent", f"services.{name}.service"} & tree.modules.keys():
            yield f"services/{name} has neither agent.py nor service.py"


def _service(module: str) -> str:
    return module.split(".")[1]


def _within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


PROJECT = Tree(ROOT)


def test_no_service_imports_another() -> None:
    assert list(between_services(PROJECT)) == []


def test_libraries_import_no_service_and_nothing_imports_a_test() -> None:
    assert [*from_libs_to_services(PROJECT), *outside_the_tree(PROJECT)] == []


def test_rules_and_the_workflow_language_are_pure() -> None:
    assert list(impure(PROJECT)) == []


def test_nothing_happens_at_import() -> None:
    assert list(happening_at_import(PROJECT)) == []


def test_packages_are_those_of_the_layout() -> None:
    assert list(misplaced(PROJECT)) == []


def test_every_check_has_its_rules_and_its_wiring() -> None:
    assert list(incomplete_checks(PROJECT, tuple(answered_by().values()))) == []


def test_the_whole_tree_was_read() -> None:
    assert {"libs.asl.step", "libs.events.codec", "services.kyc.rules", "services.orchestration.rules"} <= set(
        PROJECT.modules
    )
    assert len(PROJECT.modules) > 100


def test_what_is_called_pure_is_installed_or_part_of_python() -> None:
    assert set(sys.stdlib_module_names) >= PURE_STANDARD
    assert not PURE_THIRD_PARTY & set(sys.stdlib_module_names)


# Each guard, tripped.


def tree_of(folder: Path, sources: Mapping[str, str]) -> Tree:
    """A small tree of these files, each folder a package."""
    for name, source in {"libs/__init__.py": "", "services/__init__.py": "", **sources}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    for package in {path.parent for path in folder.rglob("*.py")}:
        (package / "__init__.py").touch()
    return Tree(folder)


@pytest.mark.parametrize(
    "source",
    [
        "import services.b.store",
        "from services.b import store",
        "from services import b",
        "from services.b.store import save",
        "from ..b import store",
        "from ..b.store import save",
        "def f():\n    from services.b import store",
    ],
)
def test_an_import_of_another_service_is_noticed(tmp_path: Path, source: str) -> None:
    tree = tree_of(tmp_path, {"services/a/agent.py": source, "services/b/store.py": "def save(): ..."})
    (problem,) = between_services(tree)
    assert problem.startswith("services.a.agent imports services.b")


def test_an_import_within_a_service_or_for_a_type_checker_is_none(tmp_path: Path) -> None:
    source = "from typing import TYPE_CHECKING\nfrom . import rules\nfrom services.a.rules import f\n"
    source += "if TYPE_CHECKING:\n    from services.b import store\n"
    tree = tree_of(
        tmp_path, {"services/a/agent.py": source, "services/a/rules.py": "def f(): ...", "services/b/store.py": ""}
    )
    assert list(between_services(tree)) == []


def test_a_library_that_imports_a_service_is_noticed(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, {"libs/events/codec.py": "from services.a import rules", "services/a/rules.py": ""})
    assert list(from_libs_to_services(tree)) == [
        "libs.events.codec imports services.a.rules: libraries know of no service"
    ]


def test_an_import_of_a_test_is_noticed(tmp_path: Path) -> None:
    assert list(outside_the_tree(tree_of(tmp_path, {"services/a/agent.py": "from tests.factory import person"})))


@pytest.mark.parametrize(
    "source",
    [
        *("import socket", "import asyncio", "import os", "from pathlib import Path", "import sqlalchemy.text"),
        *("import aiokafka", "import faust", "import time", "from time import monotonic", "import random"),
        *("import logging", "import structlog", "import threading", "import subprocess", "import requests"),
        *("import httpx", "import urllib.request", "from uuid import uuid4", "import secrets", "import tempfile"),
        "from datetime import datetime\ndef f():\n    return datetime.now()",
        "import datetime\ndef f():\n    return datetime.datetime.utcnow()",
        "from datetime import date\ndef f():\n    return date.today()",
        "def f():\n    return open('x').read()",
        "def f(path):\n    return path.read_text()",
        "def f():\n    import os",
        "import gzip\ndef f():\n    return gzip.open('x')",
        "import tantivy\ndef f(schema):\n    return tantivy.Index(schema, path='x')",
        "def f():\n    return (1).numerator.real.imag.open()",
    ],
)
def test_rules_that_reach_outside_are_noticed(tmp_path: Path, source: str) -> None:
    (problem,) = impure(tree_of(tmp_path, {"services/a/rules.py": source}))
    assert problem.startswith("services.a.rules is not pure: ")


def test_rules_that_reach_outside_by_what_they_import_are_noticed(tmp_path: Path) -> None:
    tree = tree_of(
        tmp_path,
        {
            "services/a/rules.py": "from services.a.policy import POLICY",
            "services/a/policy.py": "from libs.streaming import settings\nPOLICY = 1",
            "libs/streaming/settings.py": "import os",
        },
    )
    assert list(impure(tree)) == [
        "services.a.rules is not pure: imports os (by services.a.policy importing libs.streaming.settings)"
    ]


def test_a_package_that_reaches_outside_counts_for_its_modules(tmp_path: Path) -> None:
    tree = tree_of(
        tmp_path,
        {"services/a/rules.py": "from libs.x.y import z", "libs/x/y.py": "z = 1", "libs/x/__init__.py": "import os"},
    )
    assert list(impure(tree)) == ["services.a.rules is not pure: imports os (by services.a.rules importing libs.x)"]


def test_the_workflow_language_is_held_to_the_same(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, {"libs/asl/states/wait.py": "import time", "libs/asl/__main__.py": "import sys"})
    assert list(impure(tree)) == ["libs.asl.states.wait is not pure: imports time"]


def test_pure_rules_pass(tmp_path: Path) -> None:
    source = (
        "import re\nfrom datetime import datetime\nfrom rapidfuzz import fuzz\n\ndef f(now: datetime): return now\n"
    )
    assert list(impure(tree_of(tmp_path, {"services/a/rules.py": source, "services/a/store.py": "import os"}))) == []


@pytest.mark.parametrize(
    "source",
    [
        *("import os\nURL = os.environ['URL']", "import os\nURL = os.getenv('URL')", "print('hello')"),
        "import os\nURL = os.environ.get('URL')",
        "import os\nALL = dict(os.environ)",
        "engine = create_async_engine('postgresql://')",
        "import asyncio\nasyncio.run(main())",
        "import threading\nworker = threading.Thread(target=f)",
        "from pathlib import Path\nTEXT = Path('x').read_text()",
        "settings = Settings()",
        "class A:\n    started = datetime.now()",
        "def f(at=datetime.now()): ...",
        "@app(connect())\ndef f(): ...",
        "for x in y:\n    pass",
        "with open('x') as file:\n    pass",
        "if True:\n    socket.socket()",
        "try:\n    connect()\nexcept OSError:\n    pass",
        "ALL = [path.read_text() for path in PATHS]",
    ],
)
def test_something_that_happens_at_import_is_noticed(tmp_path: Path, source: str) -> None:
    assert list(happening_at_import(tree_of(tmp_path, {"services/a/agent.py": source})))


@pytest.mark.parametrize(
    "source",
    [
        "import os\n\ndef f():\n    return os.environ['URL'] + open('x').read()",
        '"""Text."""\nimport re\nPATTERN = re.compile("x")\nLIMITS = frozenset({1})',
        "log = structlog.get_logger()",
        "import os\n\ndef f(environ=os.environ): ...",
        "taken_at = Column('taken_at', server_default=func.now())",
        "from pathlib import Path\nDATA = Path(__file__).parent / 'data'",
        "if __name__ == '__main__':\n    asyncio.run(main())",
        "@dataclass(frozen=True)\nclass A:\n    now: Callable = lambda: datetime.now()",
    ],
)
def test_definitions_pass(tmp_path: Path, source: str) -> None:
    assert list(happening_at_import(tree_of(tmp_path, {"services/a/agent.py": source}))) == []


def test_a_package_that_is_not_in_the_layout_is_noticed(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, {"services/helper/rules.py": "", "libs/utils/text.py": "", "services/kyc/Rules.py": ""})
    (tmp_path / "services/aml").mkdir()
    (tmp_path / "services/kyc/data").mkdir()
    (tmp_path / "services/kyc/data/load.py").touch()
    assert list(misplaced(tree)) == [
        "libs/utils is not in the layout",
        "services/aml has no __init__.py",
        "services/helper is not in the layout",
        "services.kyc.Rules is not named in lower case",
        "services.kyc.data.load is in a folder without __init__.py",
    ]


def test_a_check_without_rules_or_wiring_is_noticed(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, {"services/kyc/rules.py": "", "services/aml/agent.py": "", "services/idv/rules.py": ""})
    assert list(incomplete_checks(tree, ("kyc", "aml"))) == [
        "services/kyc has neither agent.py nor service.py",
        "services/aml has no rules.py",
    ]
