"""The statements of one account one after another: none is missing, none is there twice with other lines."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from services.prescreening.bank import problems
from services.prescreening.bank.problems import Problem
from services.prescreening.statements.form import Line, Statement

ZERO = Decimal(0)


def in_order(statements: Sequence[Statement]) -> list[Statement]:
    """By their days, then by the bank's numbers and pages; those that tell no day are first."""
    return sorted(statements, key=lambda one: (one.begins or date.min, one.ends or date.min, _number(one)))


def joined(statements: Sequence[Statement]) -> tuple[list[Statement], list[Problem]]:
    """The statements of one account in order, each day of them once, and what is wrong between them."""
    kept: list[Statement] = []
    found: list[Problem] = []
    for statement in in_order(statements):
        if kept:
            if (same := next((one for one in kept if _same(one, statement)), None)) is not None:
                found.append(_problem(statement, problems.TWICE, f"it is the same as that of {same.begins}"))
                continue
            if _overlap(kept[-1], statement):
                rest, differing = _rest(kept[-1], statement)
                found.extend(differing)
                if rest is None:
                    continue
                statement = rest
            found.extend(_between(kept[-1], statement))
        kept.append(statement)
    return kept, found


def _problem(statement: Statement, code: str, told: str) -> Problem:
    return Problem(code, f"{statement.place}: {told}" if statement.place else told, statement.file)


def _number(statement: Statement) -> tuple[int, int]:
    return _counted(statement.number), _counted(statement.page)


def _counted(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _key(line: Line) -> tuple[date, Decimal, str]:
    return line.booked, line.amount, line.reference


def _same(one: Statement, other: Statement) -> bool:
    return (one.begins, one.ends, one.opening, one.closing) == (
        *(other.begins, other.ends, other.opening, other.closing),
    ) and Counter(map(_key, one.lines)) == Counter(map(_key, other.lines))


def _overlap(one: Statement, other: Statement) -> bool:
    """They tell of a day both; that one ends on the day on which the other begins is the rule of many banks."""
    if one.ends is None or other.begins is None:
        return False
    return other.begins < one.ends and _number(one)[0] in (0, _number(other)[0])


def _rest(one: Statement, other: Statement) -> tuple[Statement | None, list[Problem]]:
    """What a statement adds to one that it overlaps with, where both agree on the days that they share."""
    begins, ends = other.begins or date.min, one.ends or date.max
    until = min(ends, other.ends or ends)
    shared = [
        Counter(_key(line) for line in lines if _told_by_both(line.booked, one, other, begins, until))
        for lines in (one.lines, other.lines)
    ]
    whole = (one.begins, one.ends) == (other.begins, other.ends)
    if whole and (one.opening, one.closing) != (other.opening, other.closing):
        told = f"another statement of {begins} to {until} has other balances"
        return None, [_problem(other, problems.DIFFERS, told)]
    if shared[0] != shared[1]:
        missing, added = sum((shared[0] - shared[1]).values()), sum((shared[1] - shared[0]).values())
        told = f"another statement of {begins} to {until} has {missing} lines that this one has not, and lacks {added}"
        return None, [_problem(other, problems.DIFFERS, told)]
    if (other.ends or date.min) <= ends:
        return None, []
    lines = [line for line in other.lines if line.booked > ends]
    before = sum((line.amount for line in other.lines if line.booked <= ends), ZERO)
    opening = other.opening._replace(day=ends, amount=other.opening.amount + before) if other.opening else None
    return other._replace(lines=lines, opening=opening, first=ends + timedelta(days=1)), []


def _told_by_both(day: date, one: Statement, other: Statement, begins: date, until: date) -> bool:
    """The first and the last day that they share may be told in part, unless both begin or end with it."""
    from_first = day > begins or (day == begins and one.begins == other.begins)
    return from_first and (day < until or (day == until and one.ends == other.ends))


def _between(one: Statement, other: Statement) -> Iterator[Problem]:
    """The balance goes on where it stopped, unless the bank's numbers tell of a statement between that was not given;
    otherwise no day and no number may be left out."""
    opening = _opening(other)
    (before, _), (number, _) = _number(one), _number(other)
    left_out = bool(before) and number > before + 1
    if not left_out and one.closing and opening is not None and one.closing.amount != opening:
        told = f"it begins with {opening}, the statement before it ends with {one.closing.amount}"
        yield _problem(other, problems.JOIN, told)
    known = one.closing is not None and opening is not None
    if not known and one.last and other.first and (days := (other.first - one.last).days - 1) > 0:
        yield _problem(other, problems.DAYS, f"{days} days are missing between {one.last} and {other.first}")
    if left_out:
        yield _problem(other, problems.NUMBERS, f"its number is {number}, that of the statement before it {before}")


def _opening(statement: Statement) -> Decimal | None:
    """The opening balance, worked out from the closing one where only that is told."""
    if statement.opening:
        return statement.opening.amount
    if statement.closing:
        return statement.closing.amount - sum((line.amount for line in statement.lines), ZERO)
    return None
