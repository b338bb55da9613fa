"""Catch: where a failed state goes instead of failing the execution."""

from dataclasses import dataclass

from libs.asl.error_equals import check_all_is_last, read_error_equals
from libs.asl.fields import Fields
from libs.asl.input_output import read_result_path
from libs.asl.paths import Steps


@dataclass(frozen=True, slots=True)
class Catcher:
    """One entry of Catch."""

    error_equals: frozenset[str]
    next: str
    result_path: Steps | None


def read_catchers(fields: Fields) -> tuple[Catcher, ...]:
    """The Catch field of a state."""
    listed = fields.objects("Catch")
    catchers = tuple(_read_catcher(entry) for entry in listed)
    check_all_is_last(listed, [catcher.error_equals for catcher in catchers])
    return catchers


def _read_catcher(fields: Fields) -> Catcher:
    fields.require("Next")
    catcher = Catcher(
        error_equals=read_error_equals(fields),
        next=fields.text("Next") or "",
        result_path=read_result_path(fields),
    )
    fields.finish()
    return catcher
