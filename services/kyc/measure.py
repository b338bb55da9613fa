"""How near is near enough: what a strength comes to."""

from collections.abc import Mapping
from dataclasses import dataclass

from libs.comparing.dates import DateStrengths
from libs.comparing.words import Words
from libs.events import models
from libs.events.models import ProcessResultCode
from services.kyc.policy import MATCH_TYPES, Fuzziness, MatchType, Policy

MATCH, PARTIAL, NO_MATCH = ProcessResultCode.MATCH, ProcessResultCode.PARTIAL_MATCH, ProcessResultCode.NO_MATCH


@dataclass(frozen=True, slots=True)
class Measure:
    """From which strength on each thing matches, and does in part; `namePart` is for given and family name each.

    `told` is the fuzziness of each as evidence.
    """

    match: Mapping[MatchType, int]
    partial: Mapping[MatchType, int]
    namePart: int
    dates: DateStrengths
    told: Mapping[MatchType, models.Fuzziness]
    words: Words

    @classmethod
    def of(cls, level: str, fuzziness: Fuzziness, policy: Policy, words: Words) -> "Measure":
        """That of a policy for one fuzziness, whose name or number is `level`."""
        off: dict[MatchType, float] = {kind: getattr(fuzziness, kind) for kind in MATCH_TYPES}
        return cls(
            match={kind: _strength(share) for kind, share in off.items()},
            partial={kind: getattr(policy.partial, kind) for kind in MATCH_TYPES},
            namePart=_strength(fuzziness.namePart),
            dates=policy.dateStrengths,
            told={kind: models.Fuzziness(normalized=share, actual=level) for kind, share in off.items()},
            words=words,
        )

    def result(self, kind: MatchType, whole: int) -> ProcessResultCode:
        """What a strength comes to."""
        return MATCH if whole >= self.match[kind] else PARTIAL if whole >= self.partial[kind] else NO_MATCH


def _strength(off: float) -> int:
    return round(100 * (1 - off))
