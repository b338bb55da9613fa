"""A score added up again."""

import pytest

from libs.events.models import RiskLevel, RiskScore
from libs.scoring.again import NotTold, reassessed


def test_a_score_without_its_bands_cannot_be_added_up_again() -> None:
    with pytest.raises(NotTold, match="run the workflow again"):
        reassessed(RiskScore(score=5, level=RiskLevel.LOW, profile="old@1"), {"is_pep": 0})
