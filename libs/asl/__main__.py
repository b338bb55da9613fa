"""The commands for authors: `python -m libs.asl check|run|draw`."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from libs.asl.checker import Findings, check
from libs.asl.drawing.svg import draw
from libs.asl.drawing.taken import InvalidHistory
from libs.asl.execution import SUCCEEDED
from libs.asl.graph import read_graph
from libs.asl.jsonl import BadLine, check_line, outcome, recorded, run_line
from libs.asl.machine import Machine
from libs.asl.plain_json import parse
from libs.asl.policy import InvalidPolicy, Policy
from libs.asl.problems import InvalidDefinition, Problem
from libs.asl.simulation import simulate
from libs.asl.trace import event_document, trace


class Unusable(ValueError):
    """A file that is not what the command was told that it is, or cannot be written."""


def main(arguments: Sequence[str]) -> int:
    """Exit status: 0 all is well, 1 it is not, 2 not understood."""
    try:
        options = _parser().parse_args(arguments)
    except SystemExit as end:
        return int(end.code or 0)
    try:
        return int(options.command(options))
    except Unusable as error:
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m libs.asl", description="Amazon States Language, for authors.")
    commands = parser.add_subparsers(required=True, metavar="check|run|draw")

    checks = commands.add_parser("check", help="what is wrong with definitions")
    checks.add_argument("files", nargs="*", metavar="FILE", type=Path, help="definitions")
    checks.add_argument("--policy", metavar="FILE", type=Path, help="a policy; without it X.policy.json by X.asl.json")
    checks.add_argument("--jsonl", action="store_true", help="read lines {definition, policy?} and answer each")
    checks.set_defaults(command=_check)

    runs = commands.add_parser("run", help="run a definition on a virtual clock")
    runs.add_argument("file", nargs="?", metavar="DEFINITION", type=Path)
    runs.add_argument("--input", metavar="FILE", type=Path, help="the input as JSON; without it {}")
    runs.add_argument("--results", metavar="FILE", type=Path, help="a list of what tasks answer, as scheduled")
    runs.add_argument("--history", metavar="FILE", type=Path, help="where to write the history, for draw")
    runs.add_argument("--jsonl", action="store_true", help="read lines {definition, input, task_results?}")
    runs.set_defaults(command=_run)

    draws = commands.add_parser("draw", help="draw a definition as SVG")
    draws.add_argument("file", metavar="FILE", type=Path, help="a definition; it may have problems")
    draws.add_argument("--history", metavar="FILE", type=Path, help="colour the path that an execution took")
    draws.add_argument("-o", dest="out", metavar="OUT.svg", type=Path, help="where to write; without it, here")
    draws.set_defaults(command=_draw)
    return parser


def _check(options: argparse.Namespace) -> int:
    if options.jsonl == bool(options.files):
        return _usage("check wants FILE… or --jsonl")
    if options.jsonl:
        return _each_line(check_line)
    found = [(file, _findings(file, options.policy)) for file in options.files]
    for file, findings in found:
        prefix = f"{file}: " if len(found) > 1 else ""
        for problem in findings.problems:
            print(f"{prefix}{problem}")
        for warning in findings.warnings:
            print(f"{prefix}{Problem(warning.path, f'warning: {warning.message}')}")
    return 1 if any(findings.problems for _, findings in found) else 0


def _findings(file: Path, policy: Path | None) -> Findings:
    beside = file.with_name(f"{file.name.removesuffix('.asl.json')}.policy.json")
    if policy is None and file.name.endswith(".asl.json") and beside.exists():
        policy = beside
    try:
        return check(_read(file, by_author=True), Policy.load(_read(policy, by_author=True)) if policy else None)
    except (Unusable, InvalidPolicy) as error:
        return Findings((Problem("", str(error)),))


def _run(options: argparse.Namespace) -> int:
    if options.jsonl == bool(options.file):
        return _usage("run wants DEFINITION or --jsonl")
    if options.jsonl:
        return _each_line(run_line)
    try:
        machine = Machine.load(_read(options.file, by_author=True))
    except InvalidDefinition as invalid:
        print(invalid)
        return 1
    try:
        results = recorded(_read(options.results) if options.results else [])
    except BadLine as bad:
        raise Unusable(f"{options.results}: {bad}") from None
    run = simulate(machine, _read(options.input) if options.input else {}, results, answer_child=results.in_child)
    for line in trace(run.history):
        print(line)
    ended = {name: value for name, value in outcome(run).items() if name not in ("events", "states_entered")}
    print(json.dumps(ended, ensure_ascii=False))
    if options.history:
        events = [event_document(event) for event in run.history]
        _write(options.history, json.dumps({"events": events}, indent=1))
    return 0 if run.execution.status == SUCCEEDED else 1


def _draw(options: argparse.Namespace) -> int:
    definition = _read(options.file, by_author=True)
    if not read_graph(definition).nodes:
        raise Unusable(f"{options.file}: there is no state to draw")
    try:
        text = draw(definition, _read(options.history) if options.history else None)
    except InvalidHistory as error:
        raise Unusable(f"{options.history}: {error}") from None
    if options.out:
        _write(options.out, text)
    else:
        print(text, end="")
    return 0


def _each_line(answer: Callable[[bytes], str]) -> int:
    for line in sys.stdin.buffer:
        print(answer(line), flush=True)
    return 0


def _read(file: Path, *, by_author: bool = False) -> Any:
    try:
        return parse(file.read_bytes(), by_author=by_author)
    except (OSError, ValueError) as error:
        raise Unusable(f"{file} cannot be read: {error}") from None


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Unusable(f"{file} cannot be written: {error}") from None


def _usage(message: str) -> int:
    print(f"usage: python -m libs.asl: {message}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        # What a document holds is shown whatever the terminal can show.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1:]))
