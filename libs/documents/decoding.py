"""From the probabilities along a line to its characters, when their number and the kind of each are known.

The best path through the steps is found, as for any connectionist temporal classification: a character takes one or
more steps, between two there may be steps of none, and between two that are the same there must be.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from libs.documents.letters import BLANK, LETTERS, Probabilities

NOTHING = -1e9
# What the model rules out is not impossible.
NEVER = 1e-7
# Print that the model takes for a digit or for a letter: where only the other may stand, it is that.
LOOKALIKES = {
    "O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "J": "1", "Z": "2", "S": "5", "G": "6", "B": "8",
    "0": "O", "2": "Z", "5": "S", "6": "G", "8": "B",
}  # fmt: skip
COLUMN = {letter: at for at, letter in enumerate(LETTERS)}


class Character(NamedTuple):
    """One character of a line: its place along the strip in steps, and what each letter's probability was there."""

    letter: str
    step: float
    probabilities: NDArray[np.float32]

    def probability(self, letter: str) -> float:
        """That of one letter, 0 to 1."""
        return float(self.probabilities[COLUMN[letter]])


def decode(probabilities: Probabilities, allowed: Sequence[str]) -> list[Character] | None:
    """The likeliest line of as many characters as `allowed` has, each one of those; None where there is no room."""
    if len(probabilities) < len(allowed):
        return None
    kinds = {letters: folded(probabilities[:, :BLANK], letters) for letters in set(allowed)}
    emitted = np.stack([kinds[letters] for letters in allowed], axis=1)
    path = _path(np.log(emitted + NEVER), np.log(probabilities[:, BLANK] + NEVER))
    return _characters(path, emitted)


def folded(probabilities: Probabilities, letters: str) -> Probabilities:
    """The probabilities of these letters, with those of what looks like one of them and may not stand here."""
    only = np.zeros_like(probabilities)
    for at, letter in enumerate(LETTERS):
        taken_for = letter if letter in letters else LOOKALIKES.get(letter, "")
        if taken_for and taken_for in letters:
            only[:, COLUMN[taken_for]] += probabilities[:, at]
    return only


def _path(emitted: NDArray[np.float32], blank: NDArray[np.float32]) -> list[tuple[int, int]]:
    """For each step the place and the letter there, BLANK between; from logarithms (steps, places, letters)."""
    steps, places, letters = emitted.shape
    at_letter = np.full((places, letters), NOTHING)
    at_blank = np.full(places + 1, NOTHING)  # at_blank[i]: before the character at i
    at_blank[0] = 0
    # Where each state came from: the same state (-2), the blank before (-1), or a letter of the place before.
    from_letter = np.zeros((steps, places, letters), np.int8)
    from_blank = np.zeros((steps, places + 1), np.int8)
    columns = np.arange(letters)
    for step in range(steps):
        best = at_letter.argmax(1)
        top = at_letter[np.arange(places), best]
        rest = at_letter.copy()
        rest[np.arange(places), best] = NOTHING
        second = rest.argmax(1)
        other = np.where(columns == best[:, None], second[:, None], best[:, None])  # the best other letter
        other_top = np.where(columns == best[:, None], rest[np.arange(places), second][:, None], top[:, None])
        step_from = np.vstack([np.full((1, letters), NOTHING), other_top[:-1]])
        step_letter = np.vstack([np.zeros((1, letters), np.int64), other[:-1]])
        options = np.stack([at_letter, np.repeat(at_blank[:-1, None], letters, 1), step_from])
        choice = options.argmax(0)
        from_letter[step] = np.where(choice == 0, -2, np.where(choice == 1, -1, step_letter))
        stay = np.concatenate([[NOTHING], top])
        blank_first = at_blank >= stay
        from_blank[step] = np.where(blank_first, -2, np.concatenate([[0], best]))
        at_letter = options.max(0) + emitted[step]
        at_blank = np.where(blank_first, at_blank, stay) + blank[step]
    return _traced(at_letter, at_blank, from_letter, from_blank)


def _traced(
    at_letter: NDArray[np.float64],
    at_blank: NDArray[np.float64],
    from_letter: NDArray[np.int8],
    from_blank: NDArray[np.int8],
) -> list[tuple[int, int]]:
    places = len(at_letter)
    letter = int(at_letter[-1].argmax())
    place, state = (places - 1, letter) if at_letter[-1, letter] > at_blank[places] else (places, BLANK)
    path = []
    for step in range(len(from_letter) - 1, -1, -1):
        path.append((place, state))
        came = int(from_blank[step, place]) if state == BLANK else int(from_letter[step, place, state])
        if came == -2:
            continue
        if state == BLANK:
            place, state = place - 1, came
        elif came == -1:
            state = BLANK
        else:
            place, state = place - 1, came
    return path[::-1]


def _characters(path: Sequence[tuple[int, int]], emitted: Probabilities) -> list[Character]:
    steps: list[list[int]] = [[] for _ in range(emitted.shape[1])]
    letters = [0] * len(steps)
    for step, (place, state) in enumerate(path):
        if state != BLANK:
            steps[place].append(step)
            letters[place] = state
    return [
        Character(LETTERS[letter], float(np.mean(own)), emitted[own, place].max(0))
        for place, (letter, own) in enumerate(zip(letters, steps, strict=True))
    ]
