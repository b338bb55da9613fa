"""Dead letters: those of each group, one with its bytes, and giving them back to their group."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse

from libs.streaming.replay import Letter, keeps_state, letters, numbers, replay
from libs.web import flash
from libs.web.pages import page
from services.review.console.parts import (
    DLQ_REPLAYED,
    DLQ_SHOWN,
    HOME,
    Console,
    ConsoleOf,
    Operator,
    noted,
    shown,
    told_of,
)

LIST = f"{HOME}/letters"
PAGE_SIZE = 50
MOST_AT_ONCE = 500  # that are given back by one confirmation
SHOWN_BYTES = 4_096

router = APIRouter()


def _group(group: str, console: ConsoleOf) -> str:
    if group not in console.groups:
        raise HTTPException(404, "There is no such consumer group.")
    return group


GroupOf = Annotated[str, Depends(_group)]


@router.get(LIST)
async def groups(request: Request, who: Operator, console: ConsoleOf) -> Response:
    """How many each group has; those that were replayed stay on the topic."""
    found = await numbers(console.broker, console.groups)
    return shown(request, who, "letter_groups", groups=[(group, len(found[group])) for group in console.groups])


@router.get(LIST + "/{group}")
async def of_group(
    request: Request, who: Operator, console: ConsoleOf, group: GroupOf, before: Annotated[int | None, Query()] = None
) -> Response:
    """A page of a group's dead letters, the newest first."""
    there = (await numbers(console.broker, [group]))[group]
    end = there.stop if before is None else max(there.start, min(before, there.stop))
    found = await letters(console.broker, group, range(max(there.start, end - PAGE_SIZE), end))
    older = f"{LIST}/{group}?before={found[0].number}" if found and found[0].number > there.start else ""
    newer = f"{LIST}/{group}?before={end + PAGE_SIZE}" if end < there.stop else ""
    values = {"group": group, "total": len(there), "older": older, "newer": newer}
    return shown(request, who, "letters", found=list(reversed(found)), **values)


@router.get(LIST + "/{group}/{number}")
async def one(request: Request, who: Operator, console: ConsoleOf, group: GroupOf, number: int) -> Response:
    """One dead letter with its bytes, which may be a person's data: the look is put on record."""
    letter = await _letter(console, group, number)
    about = f"{group}/{number}"
    await noted(request, who, DLQ_SHOWN, about)
    replays = await told_of(request, [DLQ_REPLAYED], about)
    later = (await numbers(console.broker, [group]))[group].stop - number - 1
    values = {"group": group, "letter": letter, "replays": replays, "later": later, "parts": _parts(letter)}
    return shown(request, who, "letter", refusal=_why_not(console, group), **values)


@router.get(LIST + "/{group}/{number}/replay")
async def ask(
    request: Request,
    who: Operator,
    console: ConsoleOf,
    group: GroupOf,
    number: int,
    which: Literal["one", "later"] = "one",
) -> Response:
    """Ask before anything is given back."""
    if (refusal := _why_not(console, group)) is not None:
        raise HTTPException(409, refusal)
    chosen = await _chosen(console, group, number, which)
    values: dict[str, Any] = {
        "heading": "Replay a dead letter" if len(chosen) == 1 else f"Replay {len(chosen)} dead letters",
        "question": f"Give {_told(chosen)} back to {group}, under the same ids? What was applied before stays so.",
        "action": f"{LIST}/{group}/{number}/replay",
        "verb": "Replay",
        "back": f"{LIST}/{group}/{number}",
        "facts": [["Group", group], ["From number", number], ["Records", len(chosen)]],
        "hidden": {"which": which},
    }
    return page(request, "confirm.html.jinja", who=who, **values)


@router.post(LIST + "/{group}/{number}/replay")
async def give_back(
    request: Request,
    who: Operator,
    console: ConsoleOf,
    group: GroupOf,
    number: int,
    which: Annotated[Literal["one", "later"], Form()] = "one",
) -> Response:
    """Put it on record, then give the records back to their group."""
    if (refusal := _why_not(console, group)) is not None:
        raise HTTPException(409, refusal)
    chosen = await _chosen(console, group, number, which)
    for letter in chosen:
        await noted(request, who, DLQ_REPLAYED, f"{group}/{letter.number}")
    await replay(console.broker, console.databases.get(group), chosen)
    response = RedirectResponse(f"{LIST}/{group}", 303)
    flash.tell(request, response, "good", f"{_told(chosen).capitalize()} went back to {group}.")
    return response


def _why_not(console: Console, group: str) -> str | None:
    """A group that keeps a state takes replayed records from its database."""
    if keeps_state(group) and group not in console.databases:
        return f"The database of {group} is not configured (CONSOLE_DATABASE), so that nothing can be given back."
    return None


async def _letter(console: Console, group: str, number: int) -> Letter:
    found = await letters(console.broker, group, range(number, number + 1))
    if not found:
        raise HTTPException(404, f"{group} has no dead letter {number}.")
    return found[0]


async def _chosen(console: Console, group: str, number: int, which: str) -> Sequence[Letter]:
    if which == "one":
        return [await _letter(console, group, number)]
    return await letters(console.broker, group, range(number, number + MOST_AT_ONCE))


def _told(chosen: Sequence[Letter]) -> str:
    return "one dead letter" if len(chosen) == 1 else f"{len(chosen)} dead letters"


def _parts(letter: Letter) -> Mapping[str, Any]:
    """Key, headers and value as they can be read: bytes that are no text as hexadecimal digits."""
    content = letter.content
    value = content.value or b""
    return {
        "key": _readable(content.key),
        "headers": [(header.key, _readable(header.value)) for header in content.headers],
        "value": dump(value[:SHOWN_BYTES]),
        "size": len(value),
        "cut": len(value) > SHOWN_BYTES,
    }


def _readable(value: bytes | None) -> str:
    return "none" if value is None else value.decode("utf-8", errors="backslashreplace")[:500]


def dump(value: bytes) -> str:
    """Sixteen bytes a line: offset, digits, and what of it is ASCII."""
    lines = []
    for begin in range(0, len(value), 16):
        some = value[begin : begin + 16]
        plain = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in some)
        lines.append(f"{begin:06x}  {some.hex(' '):<47}  {plain}")
    return "\n".join(lines)
