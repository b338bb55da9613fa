"""A list's entries in a CSV file: every row is read, or every problem is told with its line and column."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from libs.events.matchlists import entry_id
from libs.events.models import MatchlistAttribute, MatchRule
from libs.matchlists.attributes import KINDS

# Short names for the columns; a column may also have the name of any kind of attribute.
SHORT = {
    "name": "IND_DISPLAY_NAME",
    "givenName": "IND_GIVEN_NAME",
    "familyName": "IND_FAMILY_NAME",
    "dob": "IND_DATE_OF_BIRTH",
    "address": "ADDR_UNSTRUCTURED_LONG_FORM",
    "document": "DOC_PRIMARY_IDENTIFIER",
    "email": "EMAIL_ADDRESS",
    "phone": "PHONE_NUMBER",
}
REFERENCE, REASONS, EXPIRY, RULE = "reference", "reasons", "expiry", "rule"
OTHERS = (REFERENCE, REASONS, EXPIRY, RULE)
LONGEST = 1000


class BadFile(ValueError):
    """A file of which no row is taken; `problems` name line and column."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Row:
    """One entry as the file has it, and its id in the list."""

    line: int
    entry: str
    reference: str | None
    attributes: list[MatchlistAttribute]
    reasons: list[str]
    valid_to: str | None


def read(path: Path, of_list: str) -> list[Row]:
    """The rows of a file; raises BadFile with all that is wrong in it, OSError where it cannot be read."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise BadFile([f"line {line}: is not UTF-8"]) from None
    problems: list[str] = []
    rows = list(_rows(text, of_list, problems))
    problems += _repeated(rows)
    if not rows and not problems:
        problems.append("line 1: there is no entry")
    if problems:
        raise BadFile(problems)
    return rows


def _rows(text: str, of_list: str, problems: list[str]) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        header = [column.strip() for column in next(reader, [])]
        problems += [f"line 1: {problem}" for problem in _of_header(header)]
        if problems:
            return
        line = reader.line_num + 1
        for values in reader:
            if values:
                yield from _row(line, header, values, of_list, problems)
            line = reader.line_num + 1
    except csv.Error as error:
        problems.append(f"line {line}: {error}")


def _of_header(header: list[str]) -> Iterator[str]:
    if not any(header):
        yield "must name the columns"
    known = {*SHORT, *OTHERS, *KINDS}
    for place, column in enumerate(header, 1):
        if column not in known:
            yield f'column {place} "{column}": is none of {", ".join([*SHORT, *OTHERS])} or a kind of attribute'
        elif SHORT.get(column, column) in {SHORT.get(other, other) for other in header[: place - 1]}:
            yield f'column {place} "{column}": is there twice'


def _row(line: int, header: list[str], values: list[str], of_list: str, problems: list[str]) -> Iterator[Row]:
    if len(values) != len(header):
        problems.append(f"line {line}: has {len(values)} values for {len(header)} columns")
        return
    given = {column: value.strip() for column, value in zip(header, values, strict=True) if value.strip()}
    wrong = [f"line {line}, column {column}: {problem}" for column, problem in _wrong(given)]
    attributes = _attributes(given) if not wrong else []
    if not wrong and not attributes:
        wrong = [f"line {line}: has nothing to match on"]
    problems += wrong
    if not wrong:
        reference = given.get(REFERENCE)
        reasons = [reason.strip() for reason in given.get(REASONS, "").split(";") if reason.strip()]
        entry = entry_id(of_list, reference, attributes)
        yield Row(line, entry, reference, attributes, reasons, given.get(EXPIRY))


def _attributes(given: Mapping[str, str]) -> list[MatchlistAttribute]:
    rule = MatchRule(given[RULE]) if RULE in given else None
    return [
        MatchlistAttribute(type=SHORT.get(column, column), value=value, rule=rule)
        for column, value in given.items()
        if column not in OTHERS
    ]


def _wrong(given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for column, value in given.items():
        kind = SHORT.get(column, column)
        if len(value) > LONGEST:
            yield column, f"is longer than {LONGEST} characters"
        elif "\0" in value:
            yield column, "holds a zero byte"
        elif column == EXPIRY and not _is_day(value):
            yield column, f'"{value}" is no date as YYYY-MM-DD'
        elif kind == "IND_DATE_OF_BIRTH" and not _is_day(value, vague=True):
            yield column, f'"{value}" is no date as YYYY-MM-DD, YYYY-MM or YYYY'
        elif column == RULE and value not in [*MatchRule]:
            yield column, f'"{value}" is none of {", ".join(MatchRule)}'
        elif kind in KINDS and not KINDS[kind].normalise(value):
            yield column, f'"{value}" has nothing to compare'


def _is_day(text: str, vague: bool = False) -> bool:
    if len(text) != len("YYYY-MM-DD") and not (vague and len(text) in (len("YYYY"), len("YYYY-MM"))):
        return False
    try:
        return bool(date.fromisoformat((text + "-01-01")[: len("YYYY-MM-DD")]))
    except ValueError:
        return False


def _repeated(rows: list[Row]) -> Iterator[str]:
    first: dict[str, int] = {}
    for row in rows:
        if (line := first.setdefault(row.entry, row.line)) != row.line:
            yield f"line {row.line}: is the same entry as line {line}"
