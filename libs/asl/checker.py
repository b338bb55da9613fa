"""Checking a definition for its author: what cannot be run, what cannot be meant, and what is dangerous."""

from dataclasses import dataclass
from typing import Any

from libs.asl.graph import read_graph
from libs.asl.leaving import leaving_transitions
from libs.asl.loops import endless_loops
from libs.asl.machine import Machine
from libs.asl.outages import outages_rejected
from libs.asl.policy import Policy
from libs.asl.problems import InvalidDefinition, Problem
from libs.asl.slips import slips
from libs.asl.unassigned import unassigned


@dataclass(frozen=True, slots=True)
class Findings:
    """Problems must be mended; a warning is for the author to judge."""

    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def check(definition: Any, policy: Policy | None = None) -> Findings:
    """All that there is to say of a definition; of its policy only where it can be run."""
    try:
        Machine.load(definition)
        problems: list[Problem] = []
    except InvalidDefinition as invalid:
        problems = list(invalid.problems)
    graph = read_graph(definition)
    problems = _clearer(problems, list(leaving_transitions(graph)))
    problems += endless_loops(graph)
    if policy is not None and not problems:
        problems += policy.breaches(graph)
    return Findings(
        tuple(problems), (*outages_rejected(graph), *slips(definition, graph), *unassigned(definition, graph))
    )


def _clearer(problems: list[Problem], leaving: list[Problem]) -> list[Problem]:
    """A transition that leaves its branch names, to who sees only that branch, no state: one problem, not two."""
    instead = {problem.path: problem for problem in leaving}
    kept = [instead.pop(problem.path, problem) if _names_no_state(problem) else problem for problem in problems]
    return [*kept, *instead.values()]


def _names_no_state(problem: Problem) -> bool:
    return "names no state" in problem.message
