"""The library is pure: it imports nothing that does I/O, reads a clock, draws random numbers or runs at once."""

import ast
from pathlib import Path

import libs.asl

SOURCES = sorted(Path(libs.asl.__file__).parent.rglob("*.py"))
ALLOWED = {
    *("abc", "base64", "binascii", "collections", "copy", "csv", "dataclasses", "datetime", "difflib", "functools"),
    *("hashlib", "heapq", "itertools", "json", "math", "operator", "re", "typing", "unicodedata", "uuid"),
    *("jlens", "jsonpath", "libs", "orjson"),
}
COMMAND_LINE = {"argparse", "sys", "pathlib"}
IMPURE_CALLS = {"now", "today", "utcnow", "uuid1", "uuid4", "open", "print", "input"}


def imported(source: Path) -> set[str]:
    """The top-level names of all modules that a file imports, with `libs.x` for our own outside libs.asl."""
    names = set()
    for node in ast.walk(ast.parse(source.read_text())):
        found = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        found += [node.module or "."] if isinstance(node, ast.ImportFrom) else []
        names |= {
            name if name.startswith("libs.") and not name.startswith("libs.asl") else name.split(".")[0]
            for name in found
        }
    return names


def test_only_pure_modules_are_imported() -> None:
    for source in SOURCES:
        allowed = ALLOWED | COMMAND_LINE if source.name == "__main__.py" else ALLOWED
        assert imported(source) <= allowed, source


def test_no_clock_is_read_and_nothing_is_printed() -> None:
    for source in SOURCES:
        if source.name == "__main__.py":
            continue
        calls = [node.func for node in ast.walk(ast.parse(source.read_text())) if isinstance(node, ast.Call)]
        names = {call.attr for call in calls if isinstance(call, ast.Attribute)}
        names |= {call.id for call in calls if isinstance(call, ast.Name)}
        assert not names & IMPURE_CALLS, source
