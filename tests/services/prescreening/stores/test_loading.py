import pytest

from services.prescreening.sources.assembly import DATA
from services.prescreening.stores.loading import groups, loans, main

HEADER = "loanId,party,status,currency,outstanding,instalment"


def test_the_example_that_ships_is_read() -> None:
    found = loans((DATA / "registers/loans.csv").read_text().splitlines())
    assert [(one.loanId, one.status, one.outstanding.amount) for one in found][:2] == [
        ("L-1", "SETTLED", "0.00"),
        ("L-2", "CURRENT", "12500.00"),
    ]
    assert found[1].instalment is not None
    assert (found[1].instalment.amount, found[1].worstDaysLate) == ("410.00", 8)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("L-1,entity:a,CURRENT,EUR,lots,", "line 2: an amount is no number"),
        ("L-1,entity:a,GONE,EUR,1,", "line 2: status: Input should be 'CURRENT', 'SETTLED' or 'WRITTEN_OFF'"),
        ("L-1,entity:a,CURRENT,,1,", r"line 2: outstanding\.currency: Input should be a valid string"),
        (",entity:a,CURRENT,EUR,1,", "line 2: loanId: Field required"),
        ("L-1,entity:a,CURRENT,EUR,1,\nL-1,entity:b,CURRENT,EUR,1,", 'line 3: loanId: "L-1" stands here twice'),
    ],
)
def test_a_mistake_is_refused_with_its_line(line: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        loans([HEADER, *line.split("\n")])


def test_groups_have_two_columns() -> None:
    assert groups(["party,group", "entity:a,g-1"]) == {"entity:a": "g-1"}
    with pytest.raises(ValueError, match="line 1: the columns are to be party, group"):
        groups(["party", "entity:a"])


def test_a_file_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["c1", "nowhere.csv"]) == 1
    assert "nowhere.csv" in capsys.readouterr().err
    assert main([]) == 2
