"""How alike two names of companies are."""

from rapidfuzz import fuzz
from rigour.names import remove_org_types, replace_org_types_compare

from libs.comparing.text import folded


def likeness(a: str, b: str) -> int:
    """0 to 100: the words in any order; the legal form counts where both have one, `Limited` being `Ltd`."""
    (one, form), (other, other_form) = _parts(a), _parts(b)
    if form and other_form:
        one, other = f"{one} {form}", f"{other} {other_form}"
    return round(fuzz.token_sort_ratio(one, other))


def _parts(name: str) -> tuple[str, str]:
    """The name without its legal form, and the form as it is compared."""
    short = replace_org_types_compare(name.casefold())
    bare = remove_org_types(name.casefold())
    plain = folded(bare) or folded(short)
    form = [word for word in folded(short).split() if word not in plain.split()]
    return plain, " ".join(form)
