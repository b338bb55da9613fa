"""A case: everything that is recorded of one execution."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from libs.events.message import Event
from libs.events.models import EntityOnboarded, Individual, StepResult, WorkflowProgressed, WorkflowRequested

Row = Mapping[str, Any]


class NoCase(LookupError):
    """There is nothing by this name, or what belongs to it is gone."""


@dataclass(frozen=True, slots=True)
class Case:
    """An execution as the projection has it, the event that asked for it, its story, and what people made of it.

    `definition`: the document of its workflow, as published; None where it cannot be had any more.
    `amendments`: as they were sent, with what came of each. `findings`: how each stands now, by id.
    """

    execution: Row
    begun: Event
    chapters: tuple[WorkflowProgressed, ...]
    definition: Mapping[str, Any] | None
    amendments: tuple[Row, ...] = ()
    findings: Mapping[str, Row] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The execution's."""
        return str(self.execution["execution_id"])

    @property
    def request(self) -> EntityOnboarded | WorkflowRequested:
        """What was asked."""
        assert isinstance(self.begun.data, EntityOnboarded | WorkflowRequested)
        return self.begun.data

    @property
    def person(self) -> Individual:
        """The person as given when the execution started."""
        return self.request.individual

    @property
    def definition_hash(self) -> str:
        """Of the definition that the execution started with."""
        started = self.chapters[0].started
        assert started is not None, "the first chapter tells of the workflow"
        return started.definitionHash

    @property
    def accepted(self) -> list[StepResult]:
        """The answers that the workflow accepted, in their order."""
        return [result for chapter in self.chapters for result in chapter.accepted]
