"""A machine readable zone read from a picture: accepted only where its check digits hold and nothing is ambiguous."""

import heapq
import math
from collections.abc import Iterator, Sequence
from itertools import count
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from libs.documents import alike, lines
from libs.documents.alike import Glyph
from libs.documents.decoding import LOOKALIKES, Character, decode
from libs.documents.kinds import ANY, places
from libs.documents.layout import LAYOUTS, Layout
from libs.documents.letters import BLANK, LETTERS, Probabilities, Recogniser
from libs.documents.lines import Line
from libs.documents.mrz import Mrz, Unreadable, parse
from libs.documents.states import states

Grey = NDArray[np.uint8]

STRIP_WIDTH = 920
# By how much the count of characters that is seen may differ from a format's.
SLIP = 3
# A letter counts as read from here on; where a check digit covers it, from less.
CERTAIN, SEEN = 0.6, 0.2
# Other readings of a letter that are looked at.
POSSIBLE = 0.00002
# Log odds by which the reading taken is likelier than any other that the check digits allow.
LEAD = 7.5
READINGS = 3000
VISAS = ("MRV-A", "MRV-B")
# Fields in which readings may differ that all agree with the check digits.
SETTLED = ("number", "optional")


class NoZone(ValueError):
    """No zone was read; says why."""


class Zone(NamedTuple):
    """What was read: the zone, its text, and the fields of it that are not certain enough to count."""

    mrz: Mrz
    text: str
    unread: tuple[str, ...]


class Row(NamedTuple):
    """A line of print as seen: its strip and the probabilities along it."""

    strip: Grey
    probabilities: Probabilities


def read(level: Grey, recogniser: Recogniser) -> Zone:
    """The zone in a picture whose print runs along its rows, whichever way up; raises NoZone."""
    problems = []
    for way_up in (level, np.ascontiguousarray(np.rot90(level, 2))):
        for group in lines.zones(way_up):
            try:
                return _read(way_up, group, recogniser)
            except NoZone as problem:
                problems.append(str(problem))
    # The problem of what looks most like a zone, which has the lengths of a format.
    named = [problem for problem in problems if problem.partition(":")[0] in LAYOUTS]
    raise NoZone(next(iter(named + problems), "no lines of print that could be a zone"))


def _read(grey: Grey, group: Sequence[Line], recogniser: Recogniser) -> Zone:
    rows = []
    for line in group:
        strip = lines.strip(grey, line, STRIP_WIDTH)
        rows.append(Row(strip, recogniser.probabilities(strip)))
    lengths = [_length(row.probabilities) for row in rows]
    problems = []
    for layout in LAYOUTS.values():
        if (layout.name in VISAS) != (_first(rows[-layout.lines :]) == "V"):
            continue
        for of, length in _sets(rows, lengths, layout.lines):
            if all(abs(one - layout.width) <= SLIP for one in length):
                try:
                    return _as(layout, of)
                except NoZone as problem:
                    problems.append(f"{layout.name}: {problem}")
    raise NoZone("; ".join(problems) or f"lines of {'/'.join(map(str, lengths))} characters are no format")


def _first(rows: Sequence[Row]) -> str:
    """The first letter, which is V on a visa only."""
    best = rows[0].probabilities.argmax(1)
    return next((LETTERS[letter] for letter in best if letter != BLANK), "")


def _sets(rows: Sequence[Row], lengths: Sequence[int], count: int) -> Iterator[tuple[Sequence[Row], Sequence[int]]]:
    for at in range(len(rows) - count, -1, -1):
        yield rows[at : at + count], lengths[at : at + count]


def _length(probabilities: Probabilities) -> int:
    """How many characters are seen."""
    best = probabilities.argmax(1)
    return int(((best != BLANK) & (best != np.concatenate([[BLANK], best[:-1]]))).sum())


def _as(layout: Layout, rows: Sequence[Row]) -> Zone:
    """The rows read in one format; raises NoZone."""
    read: list[Sequence[Character]] = []
    for row, kinds in zip(rows, places(layout), strict=True):
        characters = decode(row.probabilities, kinds)
        if characters is None:
            raise NoZone("the print is too narrow")
        if min(character.probability(character.letter) for character in characters) < SEEN:
            raise NoZone("a character cannot be told")
        read.append(characters)
    (text, mrz), *others = _agreeing(layout, rows, read)
    doubtful = {field for field in SETTLED for _, other in others if getattr(mrz, field) != getattr(other, field)}
    return Zone(mrz, text, tuple(dict.fromkeys((*sorted(doubtful), *_unread(layout, read, mrz)))))


def _agreeing(layout: Layout, rows: Sequence[Row], read: Sequence[Sequence[Character]]) -> list[tuple[str, Mrz]]:
    """The readings that the check digits allow and the print does not exclude, the likeliest first.

    Raises NoZone where there is none, or there are too many to look at.
    """
    lines_ = ["".join(character.letter for character in line) for line in read]
    open_ = list(_open(layout, rows, read))
    first = math.inf
    agreeing = []
    for cost, letters in _likeliest([readings for _, _, readings in open_]):
        if cost > first + LEAD:
            break
        text = "\n".join(_with(lines_, [(line, at) for line, at, _ in open_], letters))
        try:
            mrz = parse(text)
        except Unreadable:
            continue
        if mrz.format == layout.name and not mrz.wrong and _dated(mrz):
            first = min(first, cost)
            agreeing.append((text, mrz))
    if not agreeing:
        raise NoZone("the check digits do not agree with what is read")
    return agreeing


def _open(
    layout: Layout, rows: Sequence[Row], read: Sequence[Sequence[Character]]
) -> Iterator[tuple[int, int, list[tuple[float, str]]]]:
    """Places where more than one letter is possible: the line, the place, and the cost of each letter."""
    glyphs = [_glyphs(row, line) for row, line in zip(rows, read, strict=True)]
    known = _known(layout, read, glyphs)
    for line, kinds in enumerate(places(layout)):
        for at, kind in enumerate(kinds):
            if kind == ANY and _covered(layout, line, at) and len(chances := _chances(read[line][at])) > 1:
                odds = alike.evidence(glyphs[line][at], list(chances), known)
                scores = {letter: math.log(chance) + odds[letter] for letter, chance in chances.items()}
                best = max(scores.values())
                yield line, at, sorted((best - score, letter) for letter, score in scores.items())


def _chances(character: Character) -> dict[str, float]:
    """What a character may be, and how likely; the model is not believed on letters that look alike."""
    chances = {letter: p for letter in LETTERS if (p := character.probability(letter)) >= POSSIBLE}
    alike_ = {pair[1 - at] for pair in LOOKALIKES.items() for at in (0, 1) if pair[at] in chances}
    chances |= {letter: max(chances.get(letter, 0.0), POSSIBLE) for letter in alike_}
    if both := chances.get("0", 0.0) + chances.get("O", 0.0):
        chances |= {"0": both / 2, "O": both / 2}
    return chances


def _known(
    layout: Layout, read: Sequence[Sequence[Character]], glyphs: Sequence[Sequence[Glyph]]
) -> dict[str, list[Glyph]]:
    """The glyphs of each letter that stand where only letters may, of each digit where only digits may."""
    known: dict[str, list[Glyph]] = {}
    for line, kinds in enumerate(places(layout)):
        for at, kind in enumerate(kinds):
            character = read[line][at]
            if kind != ANY and character.probability(character.letter) >= CERTAIN:
                known.setdefault(character.letter, []).append(glyphs[line][at])
    return known


def _covered(layout: Layout, line: int, at: int) -> bool:
    """Whether a check digit tells of a place."""
    own = (layout.fields[field] for field in layout.digits if field in layout.fields)
    return any(line == of and begin <= at < end for of, begin, end in (*own, *layout.composite))


def _glyphs(row: Row, line: Sequence[Character]) -> list[Glyph]:
    """The characters stand at equal distances, but for perspective: their common curve tells each place best."""
    scale = row.strip.shape[1] / len(row.probabilities)
    at = np.arange(len(line))
    middles = (np.polyval(np.polyfit(at, [character.step for character in line], 2), at) + 0.5) * scale
    half = float(middles[-1] - middles[0]) / (len(line) - 1) / 2
    return [Glyph(row.strip, float(middle), half) for middle in middles]


def _likeliest(places: Sequence[Sequence[tuple[float, str]]]) -> Iterator[tuple[float, str]]:
    """Choices of a letter for each place, the likeliest first, so many at most: their cost and letters."""
    order = count()
    first = (0,) * len(places)
    heap = [(0.0, next(order), first)]
    seen = {first}
    for _ in range(READINGS):
        if not heap:
            return
        cost, _, chosen = heapq.heappop(heap)
        yield cost, "".join(place[one][1] for place, one in zip(places, chosen, strict=True))
        for at, one in enumerate(chosen):
            after = (*chosen[:at], one + 1, *chosen[at + 1 :])
            if one + 1 < len(places[at]) and after not in seen:
                seen.add(after)
                heapq.heappush(heap, (cost + places[at][one + 1][0] - places[at][one][0], next(order), after))
    raise NoZone("too many readings are possible")


def _with(lines_: Sequence[str], at: Sequence[tuple[int, int]], letters: str) -> list[str]:
    changed = [list(line) for line in lines_]
    for (line, place), letter in zip(at, letters, strict=True):
        changed[line][place] = letter
    return ["".join(line) for line in changed]


def _dated(mrz: Mrz) -> bool:
    """The dates are dates, as far as they are known."""
    for text in (mrz.birth, mrz.expiry):
        month, day = text[2:4], text[4:]
        if (month != "<<" and not "01" <= month <= "12") or (day != "<<" and not "01" <= day <= "31"):
            return False
    return True


def _unread(layout: Layout, read: Sequence[Sequence[Character]], mrz: Mrz) -> Iterator[str]:
    """Fields that no check digit covers and that are not certain."""
    unknown = {field for field in ("issuer", "nationality") if getattr(mrz, field) not in states()}
    for field in ("code", "issuer", "nationality", "sex", "name"):
        line, begin, end = layout.fields[field]
        letters = read[line][begin:end]
        if field in unknown or any(letter.probability(letter.letter) < CERTAIN for letter in letters):
            yield field
    line, begin, end = layout.fields["optional"]
    if not _covered(layout, line, begin) and any(_doubtful(character) for character in read[line][begin:end]):
        yield "optional"


def _doubtful(character: Character) -> bool:
    return character.letter in "0O" or character.probability(character.letter) < CERTAIN
