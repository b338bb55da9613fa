"""Commands for those who tune the comparison."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from services.duplicates import labelled
from services.duplicates.jsonl import compare_line
from services.duplicates.learning import learn, measured
from services.duplicates.policy import WEIGHTS, policy
from services.duplicates.weights import Likely, Weights

SEED = 7


def run(arguments: Sequence[str]) -> int:
    """Do what was asked; the exit code."""
    asked = _parser().parse_args(arguments)
    try:
        weights, _ = policy(asked.weights)
        return int(asked.command(asked, weights))
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m services.duplicates", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="compare|learn|measure")
    compares = commands.add_parser("compare", help="compare two persons a line")
    compares.add_argument("--jsonl", action="store_true", required=True, help="read lines {left, right}, answer each")
    compares.set_defaults(command=_compare)
    learns = commands.add_parser("learn", help="what the learned half of labelled pairs tells of each level")
    learns.set_defaults(command=_learn)
    measures = commands.add_parser("measure", help="F1 on each half of labelled pairs")
    measures.set_defaults(command=_measure)
    for command in (learns, measures):
        command.add_argument("files", nargs="+", metavar="FILE", type=Path)
    learns.add_argument("--seed", type=int, default=SEED, help="of the pairs of strangers that are drawn")
    for command in (compares, learns, measures):
        command.add_argument("--weights", type=Path, default=WEIGHTS, metavar="FILE", help="another table of weights")
    return parser


def _compare(asked: argparse.Namespace, weights: Weights) -> int:
    for line in sys.stdin.buffer:
        print(compare_line(line, weights), flush=True)
    return 0


def _learn(asked: argparse.Namespace, weights: Weights) -> int:
    sets = [list(labelled.of_half(labelled.read(file), "learned")) for file in asked.files]
    print(f"{'field':12}{'level':11}{'of one':>8}{'of two':>11}{'bits':>7}{'in table':>9}{'seen':>6}")
    for one in learn(sets, asked.seed):
        table = weights.fields[one.field][one.level]
        print(f"{one.field:12}{one.level:11}{one.one:8.4f}{one.two:11.6f}{one.bits:7.1f}{table:9.1f}{one.seen:6}")
    print("\nlikely   F1 of each file's learned half")
    for half_bits in range(0, 25):
        tried = weights.model_copy(update={"likely": Likely(pair=half_bits / 2, search=0)})
        print(f"{tried.likely.pair:6}   " + " ".join(f"{measured(pairs, tried).value:.4f}" for pairs in sets))
    return 0


def _measure(asked: argparse.Namespace, weights: Weights) -> int:
    for file in asked.files:
        pairs = labelled.read(file)
        for half in ("learned", "reported"):
            found = measured(labelled.of_half(pairs, half), weights)
            print(
                f"{file.name} {half}: F1 {found.value:.4f} "
                f"({found.right} found, {found.wrong} found wrongly, {found.missed} missed)"
            )
    return 0
