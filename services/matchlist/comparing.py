"""Whether a listed attribute and a person's are the same."""

from rapidfuzz.distance import OSA

# The last digits of a phone number are the same with the country's code and without it.
PHONE_DIGITS = 8
# One slip in a name's part of at least so many letters; shorter ones (Lee, Li) differ by less than that.
LONG = 5


def same(kind: str, listed: str, own: str) -> bool:
    """A listed value matches a person's own, both normalised."""
    if kind == "PHONE_NUMBER":
        return same_phone(listed, own)
    if kind == "IND_DATE_OF_BIRTH":
        return own == listed or own.startswith(listed + "-")
    return listed == own


def same_phone(listed: str, own: str) -> bool:
    """Two numbers are the same where they are equal, or one that lacks the country's code ends the other."""
    if listed == own:
        return True
    short, long = sorted((listed, own), key=len)
    return not short.startswith("+") and len(short) >= PHONE_DIGITS and long.endswith(short)


def same_name(listed: str, own: str) -> bool:
    """Two names have the same parts, but for one slip in a longer one."""
    if listed == own:
        return True
    left = listed.split()
    unmatched = own.split()
    if len(left) != len(unmatched):
        return False
    slips = 0
    for part in left:
        nearest = min(unmatched, key=lambda candidate: OSA.distance(part, candidate))
        distance = OSA.distance(part, nearest)
        if distance > 1 or (distance and min(len(part), len(nearest)) < LONG):
            return False
        slips += distance
        unmatched.remove(nearest)
    return slips <= 1


def deletions(part: str) -> set[str]:
    """A part and itself with any one letter left out: two parts within one slip share at least one of these."""
    if len(part) < LONG - 1:
        return {part}
    return {part} | {part[:at] + part[at + 1 :] for at in range(len(part))}
