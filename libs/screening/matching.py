"""Who on a list the person may be: candidates, the nearest of them, and the score of each."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from followthemoney import EntityProxy, model
from nomenklatura.matching.logic_v2.model import LogicV2
from nomenklatura.matching.types import ScoringConfig
from rapidfuzz import fuzz, process

from libs.events.models import Feature
from libs.screening import name_cache, policy, qualifiers
from libs.screening.index import Candidate, Index, skeleton, spelling
from libs.screening.names import consonants, folded, readings, written_without_parting, written_without_vowels
from libs.screening.person import Person
from libs.screening.qualifiers import Qualifier
from libs.screening.watchlist import Entry

# The features of logic-v2 that speak of a person's name; what qualifies them is this service's own policy.
NAME_FEATURES = ("name_match", "weak_alias_match")
# So that a division does not keep out what is just enough.
ROUNDING = 1e-9
# What a name that has all the parts of the other counts against an equal one.
CONTAINED = 0.95
# How the matcher marks, in its explanation, what became of each part of a name.
MARKS = {
    "literalMatch": "equal",
    "symbolMatch": "known as the same",
    "fuzzyMatch": "alike",
    "extraQueryPart": "only in the name given",
    "extraResultPart": "only in the listed name",
}


@dataclass(frozen=True, slots=True)
class NameMatch:
    """The best of the names given against the best of an entry's names; `text` is the name given."""

    feature: str
    score: float
    text: str
    listed: str
    detail: str


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that the person may be."""

    entry: Entry
    score: float
    matched_name: str
    object_id: str
    features: tuple[Feature, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """A person against an entry: the score, 0 to 1, and whether the names say enough for a hit by it."""

    score: float
    enough: bool
    given: str
    matched_name: str
    features: tuple[Feature, ...]


def matcher() -> ScoringConfig:
    """logic-v2 with its name features only."""
    name_cache.install()
    config = LogicV2.default_config()
    config.weights.update({feature.name: 0.0 for feature in LogicV2.features if feature.name not in NAME_FEATURES})
    return config


def warm_up(index: Index, config: ScoringConfig) -> None:
    """Have the libraries load their data, which takes seconds, before anyone waits."""
    names = tuple((name, "") for name in ("John Smith", "Джон Смит", "جون سميث", "王伟", "김철수"))
    hits(Person(names, "1970-01-01", (), None, cut=False), index, config)


def hits(person: Person, index: Index, config: ScoringConfig) -> list[Hit]:
    """The entries of one list that the person may be, the likeliest first."""
    texts = [text for text, _ in person.names]
    qualified = []
    looked_up = [candidate for text in texts for candidate in index.candidates(text, policy.NAMES_LOOKED_UP)]
    for entry, names in _nearest(texts, looked_up):
        checks = _qualifiers(person, entry)
        if not any(check.rules_out for check in checks):
            qualified.append((entry, names, checks))
    query = _entity(texts)
    found = [_hit(person, query, *each, config) for each in qualified[: policy.ENTRIES_COMPARED]]
    return sorted((hit for hit in found if hit is not None), key=lambda hit: (-hit.score, hit.entry.id))


def _qualifiers(person: Person, entry: Entry) -> tuple[Qualifier, ...]:
    return (
        qualifiers.birth_date(person.birth_date, entry.dates_of_birth),
        qualifiers.country(person.countries, entry.countries),
        qualifiers.gender(person.gender, entry.gender),
    )


def _nearest(texts: Sequence[str], candidates: Sequence[Candidate]) -> list[tuple[Entry, list[str]]]:
    """The entries whose names are similar letter by letter, most similar first, with the names that were found."""
    spellings = list(dict.fromkeys(spelling(reading) for text in texts for reading in readings(text)))
    skeletons = [skeleton(text) for text in texts if written_without_vowels(text)]
    best: dict[str, float] = {}
    names: dict[str, tuple[Entry, list[str]]] = {}
    spelt = _likeness(spellings, [candidate.spelling for candidate in candidates])
    heard = _likeness(skeletons, [candidate.skeleton for candidate in candidates])
    for candidate, likeness in zip(candidates, map(max, spelt, heard), strict=True):
        if likeness >= policy.LEAST_SIMILAR:
            id = candidate.entry.id
            names.setdefault(id, (candidate.entry, []))[1].append(candidate.name)
            best[id] = max(likeness, best.get(id, 0.0))
    return [names[id] for id in sorted(names, key=lambda id: (-best[id], id))]


def _likeness(given: Sequence[str], listed: Sequence[str]) -> list[float]:
    """How alike each is in percent, 0 where it is not enough; one with all the parts of the other counts for less."""
    best, least = [0.0] * len(listed), policy.LEAST_SIMILAR
    for text in given:
        for _, score, place in process.extract_iter(text, listed, scorer=fuzz.ratio, score_cutoff=least):
            best[place] = max(best[place], score)
        shared = process.extract_iter(
            text, listed, scorer=fuzz.token_set_ratio, score_cutoff=least / CONTAINED - ROUNDING
        )
        for _, score, place in shared:
            best[place] = max(best[place], CONTAINED * score)
    return best


def _hit(
    person: Person, query: EntityProxy, entry: Entry, names: Sequence[str], checks: Sequence[Qualifier],
    config: ScoringConfig,
) -> Hit | None:  # fmt: skip
    found = _compared(person, query, entry, names, checks, config)
    if found.score < policy.HIT or not found.enough:
        return None
    object_id = dict(person.names).get(found.given, person.names[0][1])
    return Hit(entry, found.score, found.matched_name, object_id, found.features)


def compare(person: Person, entry: Entry, config: ScoringConfig) -> Compared:
    """A person against an entry, whatever comes of it; where a qualifier rules it out, nothing else counts."""
    texts, checks = [text for text, _ in person.names], _qualifiers(person, entry)
    found = _compared(person, _entity(texts), entry, (*entry.names, *entry.weak_names), checks, config)
    return replace(found, score=0.0, enough=False) if any(check.rules_out for check in checks) else found


def _compared(
    person: Person, query: EntityProxy, entry: Entry, names: Sequence[str], checks: Sequence[Qualifier],
    config: ScoringConfig,
) -> Compared:  # fmt: skip
    match = max(_by_name(person, query, entry, config), _by_consonants(person, names), key=lambda match: match.score)
    score = round(min(1.0, max(0.0, match.score + sum(check.score for check in checks))), 4)
    stated = [Feature(name=match.feature, score=round(match.score, 4), detail=match.detail)]
    stated += [Feature(name=check.name, score=check.score, detail=check.detail) for check in checks]
    return Compared(score, _enough(match, checks), match.text, match.listed, tuple(stated))


def _enough(match: NameMatch, checks: Sequence[Qualifier]) -> bool:
    """A name of one word, a very short one, or one of many homophones is a hit only where something else agrees."""
    birth, country, _ = checks
    if all(_tells(name) for name in (match.text, match.listed)):
        alone = not written_without_parting(match.text) or match.score >= policy.HOMOPHONES_ALIKE
        return alone or birth.agrees or country.agrees
    return birth.agrees or (country.agrees and folded(match.text) == folded(match.listed))


def _tells(name: str) -> bool:
    if written_without_vowels(name):
        return len(consonants(name)) >= policy.FEWEST_PARTS
    parts = [part for part in folded(readings(name)[-1]) if len(part) > 1]
    return len(parts) >= policy.FEWEST_PARTS and sum(map(len, parts)) >= policy.FEWEST_LETTERS


def _by_name(person: Person, query: EntityProxy, entry: Entry, config: ScoringConfig) -> NameMatch:
    result = LogicV2.compare(query, entry.entity, config)
    if result.score <= 0.0:
        return NameMatch("name_match", 0.0, "", entry.name, "")
    explained = result.explanations
    feature = max(explained, key=lambda name: (WEIGHTS.get(name, 0.0) * explained[name].score, name))
    match = explained[feature]
    reported = _given(person, match.query), match.candidate or entry.name
    given, listed = (_equal(person, entry) or reported) if result.score == 1.0 else reported
    return NameMatch(feature, result.score, given, listed, _marks(match.detail or ""))


def _equal(person: Person, entry: Entry) -> tuple[str, str] | None:
    """The first pair of equal names: of several, the matcher reports any, and not the same one in each process."""
    for given, _ in person.names:
        spellings = {spelling(reading) for reading in readings(given)}
        for listed in entry.names:
            if spelling(listed) in spellings:
                return given, listed
    return None


WEIGHTS = {feature.name: feature.weight for feature in LogicV2.features if feature.name in NAME_FEATURES}


def _marks(detail: str) -> str:
    """What became of the parts of the name, without naming them: the name given is the customer's."""
    counts = {words: detail.count(mark) for mark, words in MARKS.items()}
    return ", ".join(f"{count} {words}" for words, count in counts.items() if count) or "weak alias"


def _by_consonants(person: Person, names: Sequence[str]) -> NameMatch:
    """A name in a script without vowels has the consonants of a listed name."""
    best = NameMatch("consonant_match", 0.0, "", "", "")
    for text in (text for text, _ in person.names if written_without_vowels(text)):
        for listed in names:
            score = policy.CONSONANTS_COUNT * consonant_score(consonants(text), consonants(listed))
            if score > best.score:
                best = NameMatch("consonant_match", score, text, listed, "compared by consonants")
    return best


def consonant_score(given: Sequence[str], listed: Sequence[str]) -> float:
    """How much of a name is in the other, 0 to 1: parts paired by their consonants, weighed by their length."""
    left = list(listed)
    matched = weight = 0.0
    pairs = 0
    for part in given:
        other = max(left, key=lambda candidate: fuzz.ratio(part, candidate), default="")
        # One of two or three consonants that differs makes another name.
        short = min(len(part), len(other)) <= policy.CONSONANTS_SHORT
        alike = float(part == other) if short else fuzz.ratio(part, other) / 100
        if alike >= policy.CONSONANTS_ALIKE:
            left.remove(other)
            matched += alike * len(part)
            pairs += 1
        weight += len(part)
    # The parts may be divided otherwise, as in Abd Allah and Abdullah.
    whole = fuzz.ratio("".join(given), "".join(listed)) / 100
    if whole >= policy.CONSONANTS_WHOLE and sum(map(len, given)) >= policy.CONSONANTS_FEWEST:
        return whole
    if pairs < policy.FEWEST_PARTS or matched < policy.CONSONANTS_FEWEST:
        return 0.0
    return matched / (weight + policy.CONSONANTS_EXTRA * sum(map(len, left)))


def _given(person: Person, text: str | None) -> str:
    """The name of the person that is nearest to what the matcher read; none where it does not tell."""
    if not text:
        return ""
    return max(
        (name for name, _ in person.names),
        key=lambda name: max(fuzz.ratio(text, reading) for reading in readings(name)),
    )


def _entity(texts: Sequence[str]) -> EntityProxy:
    # The matcher caches the names of an entity by its id alone, so the id is made of the names.
    query = model.make_entity("Person")
    query.id = "query-" + hashlib.sha256("\n".join(texts).encode()).hexdigest()
    for text in texts:
        for reading in readings(text):
            query.add("name", reading)
    return query
