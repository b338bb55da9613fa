"""Inline XBRL 1.0 and 1.1: figures marked within a page that people read."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from lxml import etree

from services.prescreening.accounts.concepts import Concept, Concepts
from services.prescreening.accounts.form import OF_THE_YEAR, Accounts, Year
from services.prescreening.statements.form import Refused
from services.prescreening.statements.markup import tree
from services.prescreening.statements.values import amount, currency, iso_day

INLINE = ("http://www.xbrl.org/2013/inlineXBRL", "http://www.xbrl.org/2008/inlineXBRL")
XBRLI, XBRLDI = "{http://www.xbrl.org/2003/instance}", "{http://xbrl.org/2006/xbrldi}"
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
# A page's own type, which names no entities of its own; none is fetched.
PAGE = re.compile(r"<!DOCTYPE\s+html(\s[^\[<>]*)?>", re.IGNORECASE)
# Transformation rules (registries 1 to 5) by local name: what is left out, and the sign before the decimals.
POINT = frozenset({"numdotdecimal", "num-dot-decimal", "numcommadot", "numspacedot", "num-dot-decimal-apos"})
COMMA = frozenset({"numcommadecimal", "num-comma-decimal", "numdotcomma", "numspacecomma", "num-comma-decimal-apos"})
ZERO = frozenset({"zerodash", "fixed-zero", "numdash"})
SPACES = re.compile(r"[\s\u00a0\u202f]")
APOSTROPHES = re.compile(r"['`´′‘’]")
MAX_FACTS = 100_000
# A first year may be longer, or shorter, than twelve months.
MONTHS = range(6, 19)
DAYS_A_MONTH = Decimal("30.4375")


class Period(NamedTuple):
    """Of whom and when a figure is, and what of (`Dimension=Member`, or nothing for the whole)."""

    entity: str
    scheme: str
    begins: date | None
    ends: date
    dimension: str

    @property
    def months(self) -> int:
        """How long it is."""
        return round(((self.ends - self.begins).days + 1) / DAYS_A_MONTH) if self.begins else 0


class Fact(NamedTuple):
    """A figure, the currency that it is in, and what it is rounded to."""

    concept: Concept
    period: Period
    currency: str
    value: Decimal
    rounding: Decimal


def read(text: str, concepts: Concepts) -> Accounts:
    """The years of one file; raises Refused with the line."""
    root = tree(PAGE.sub("", text, count=1))
    periods = dict(_periods(root))
    facts = list(_facts(root, periods, _currencies(root), concepts))
    if not facts:
        raise Refused("none of the figures marked in the page is one that is read")
    counted: dict[str, int] = defaultdict(int)
    for fact in facts:
        counted[fact.currency] += 1
    main = max(counted, key=lambda code: (counted[code], code))
    kept = [fact for fact in facts if fact.currency == main]
    years, contradictions = _years(kept)
    if not years:
        raise Refused("none of the figures is of a year or of the end of one")
    return Accounts("iXBRL", main, years, kept[0].period.entity, kept[0].period.scheme, contradictions)


def _periods(root: etree._Element) -> Iterator[tuple[str, Period]]:
    """The contexts that a figure can be of: with one member of one dimension at most."""
    for context in root.iter(f"{XBRLI}context"):
        try:
            found = _period(context)
        except Refused as refused:
            raise refused.at(f"line {context.sourceline}") from None
        if found is not None:
            yield context.get("id", ""), found


def _period(context: etree._Element) -> Period | None:
    members = [
        f"{_local(member.get('dimension', ''))}={_local((member.text or '').strip())}"
        for member in context.iter(f"{XBRLDI}explicitMember")
    ]
    last = _first(context, "instant") or _first(context, "endDate")
    if last is None or len(members) > 1 or next(context.iter(f"{XBRLDI}typedMember"), None) is not None:
        return None
    entity = next(context.iter(f"{XBRLI}identifier"), None)
    begins = _first(context, "startDate")
    return Period(
        entity=(entity.text or "").strip() if entity is not None else "",
        scheme=entity.get("scheme", "") if entity is not None else "",
        begins=iso_day(begins) if begins else None,
        ends=iso_day(last),
        dimension="".join(members),
    )


def _first(element: etree._Element, name: str) -> str | None:
    found = next(element.iter(f"{XBRLI}{name}"), None)
    return (found.text or "").strip() if found is not None else None


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _currencies(root: etree._Element) -> Mapping[str, str]:
    """Units that are a currency; figures a share and numbers of staff are in others."""
    found = {}
    for unit in root.iter(f"{XBRLI}unit"):
        measures = [(one.text or "").strip() for one in unit.iter(f"{XBRLI}measure")]
        if len(measures) == 1 and measures[0].startswith("iso4217:"):
            found[unit.get("id", "")] = currency(_local(measures[0]))
    return found


def _facts(
    root: etree._Element, periods: Mapping[str, Period], currencies: Mapping[str, str], concepts: Concepts
) -> Iterator[Fact]:
    tags = [f"{{{namespace}}}nonFraction" for namespace in INLINE]
    for number, element in enumerate(root.iter(*tags), start=1):
        if number > MAX_FACTS:
            raise Refused(f"more than {MAX_FACTS:,} figures", f"line {element.sourceline}")
        period, code = periods.get(element.get("contextRef", "")), currencies.get(element.get("unitRef", ""))
        if period is None or code is None or element.get(NIL) in ("true", "1"):
            continue
        prefix, _, name = element.get("name", "").rpartition(":")
        concept = concepts.find(element.nsmap.get(prefix, ""), name, period.dimension)
        if concept is not None:
            try:
                yield Fact(concept, period, code, _value(element), _rounding(element))
            except Refused as refused:
                raise refused.at(f"line {element.sourceline}: {name}") from None


def _value(element: etree._Element) -> Decimal:
    """The figure as it is marked: transformed, scaled and signed."""
    text = SPACES.sub("", "".join(_texts(element)))
    form = _local(element.get("format", ""))
    if form in ZERO:
        number = Decimal(0)
    elif form in POINT:
        number = _number(text, ",", ".")
    elif form in COMMA:
        number = _number(text, ".", ",")
    elif not form:
        number = amount(text)
    else:
        raise Refused(f"figures of the form {form} are not read")
    number = number.scaleb(_whole(element, "scale", "0"))
    return -number if element.get("sign") == "-" else number


def _number(text: str, thousands: str, decimal: str) -> Decimal:
    """A number with signs between its thousands, none of which follows its decimal sign."""
    whole, _, rest = APOSTROPHES.sub("", text).partition(decimal)
    return amount(f"{whole.replace(thousands, '')}.{rest}")


def _texts(element: etree._Element) -> Iterator[str]:
    """The text within, without what is marked as no part of it."""
    yield element.text or ""
    for child in element:
        if not str(child.tag).endswith("}exclude"):
            yield from _texts(child)
        yield child.tail or ""


def _rounding(element: etree._Element) -> Decimal:
    decimals = element.get("decimals", "INF")
    return Decimal(0) if decimals == "INF" else Decimal(1).scaleb(-_whole(element, "decimals", "0"))


def _whole(element: etree._Element, name: str, otherwise: str) -> int:
    text = element.get(name, otherwise)
    if not re.fullmatch(r"-?\d{1,2}", text, re.ASCII) or abs(int(text)) > 20:
        raise Refused(f"its {name} is no number from -20 to 20")
    return int(text)


def _years(facts: list[Fact]) -> tuple[list[Year], list[str]]:
    """The years that have figures, the latest first, and what is told twice and differently."""
    chosen: dict[tuple[date, str], Fact] = {}
    contradictions = []
    for fact in sorted(facts, key=lambda one: (one.concept.rank, abs(one.period.months - 12))):
        item = fact.concept.item
        if item in OF_THE_YEAR and fact.period.months not in MONTHS:
            continue
        before = chosen.setdefault((fact.period.ends, item), fact)
        same = (before.concept, before.period.months) == (fact.concept, fact.period.months)
        if same and abs(before.value - fact.value) > max(before.rounding, fact.rounding):
            contradictions.append(f"{item} of {fact.period.ends}: {before.value:f} and {fact.value:f}")
    ends = sorted({day for day, item in chosen if item in OF_THE_YEAR} or {day for day, _ in chosen}, reverse=True)
    return [
        _year(day, {item: fact for (of, item), fact in chosen.items() if of == day}) for day in ends
    ], contradictions


def _year(ends: date, facts: Mapping[str, Fact]) -> Year:
    lengths = [fact.period.months for fact in facts.values() if fact.period.months]
    return Year(
        ends,
        {item: fact.value for item, fact in facts.items()},
        lengths[0] if lengths else 12,
        max(fact.rounding for fact in facts.values()),
    )
