"""Whether a listed value and a person's own are the same, and how strongly, 0 to 100."""

from rapidfuzz.distance import OSA

# The last digits of a phone number are the same with the country's code and without it.
PHONE_DIGITS = 8
# One slip in a word of at least so many letters; shorter ones (Lee, Li) differ by less than that.
LONG = 5
SAME, UNLIKE = 100, 0


def same(kind: str, listed: str, own: str) -> int:
    """A listed value matches a person's own, both normalised."""
    if kind == "PHONE_NUMBER":
        return same_phone(listed, own)
    if kind == "IND_DATE_OF_BIRTH":
        return SAME if own == listed or own.startswith(listed + "-") else UNLIKE
    return SAME if listed == own else UNLIKE


def same_phone(listed: str, own: str) -> int:
    """Two numbers are the same where they are equal, or one that lacks the country's code ends the other."""
    if listed == own:
        return SAME
    short, long = sorted((listed, own), key=len)
    ends = not short.startswith("+") and len(short) >= PHONE_DIGITS and long.endswith(short)
    return SAME if ends else UNLIKE


def alike(listed: str, own: str) -> int:
    """Two values have the same words in any order, but for one slip in a longer one."""
    if listed == own:
        return SAME
    left, unmatched = listed.split(), own.split()
    if len(left) != len(unmatched):
        return UNLIKE
    slips = 0
    for word in left:
        nearest = min(unmatched, key=lambda candidate: OSA.distance(word, candidate))
        distance = OSA.distance(word, nearest)
        if distance > 1 or (distance and min(len(word), len(nearest)) < LONG):
            return UNLIKE
        slips += distance
        unmatched.remove(nearest)
    return UNLIKE if slips > 1 else round(SAME * (1 - slips / max(len(listed), len(own))))


def deletions(word: str) -> set[str]:
    """A word and itself with any one letter left out: two words within one slip share at least one of these."""
    if len(word) < LONG - 1:
        return {word}
    return {word} | {word[:at] + word[at + 1 :] for at in range(len(word))}


def listed_keys(value: str) -> set[tuple[str, str]]:
    """Keys under which a listed value is found by whatever is `alike`: of its two longest words one has no slip."""
    words = sorted(value.split(), key=lambda word: (-len(word), word))
    if len(words) < 2:
        return {(key, "") for word in words for key in deletions(word)}
    one, other = words[:2]
    return {(key, other) for key in deletions(one)} | {(key, one) for key in deletions(other)}


def own_keys(value: str) -> set[tuple[str, str]]:
    """Every key that a listed value which is `alike` can have; of two equal words both count."""
    words = value.split()
    if len(words) == 1:
        return {(key, "") for key in deletions(words[0])}
    return {
        (key, other)
        for at, word in enumerate(words)
        for key in deletions(word)
        for place, other in enumerate(words)
        if place != at
    }
