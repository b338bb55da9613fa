"""The months of an account, drawn."""

from xml.etree import ElementTree

from libs.charts.months import svg
from libs.events.models import Measure

SVG = "{http://www.w3.org/2000/svg}"


def of(month: str, end: str | None, income: str, spending: str) -> list[Measure]:
    """What a check tells of one month."""
    told = {"end_balance": end, "income": income, "spending": spending}
    return [Measure(name=f"month.{month}.{name}", value=value, unit="EUR") for name, value in told.items()]


def test_every_month_has_its_bars_its_point_and_its_words() -> None:
    measures = [*of("2025-02", "-150.00", "900.00", "1250.50"), *of("2025-01", "200.50", "1000.00", "800.00")]
    drawn = ElementTree.fromstring(svg(measures, title="Konto <1>"))
    assert (drawn.get("role"), drawn.findtext(f"{SVG}title")) == ("img", "Konto <1>")
    assert drawn.findtext(f"{SVG}desc") == (
        "2025-01: end 200.50, income 1,000.00, spending 800.00 EUR. "
        "2025-02: end -150.00, income 900.00, spending 1,250.50 EUR."
    )
    first, second = drawn.findall(f"{SVG}circle")
    assert float(first.get("cy", "0")) < float(second.get("cy", "0"))
    bars = [bar for bar in drawn.findall(f"{SVG}rect") if bar.get("y") != "8"]
    assert [round(float(bar.get("height", "0"))) for bar in bars] == [170, 136, 153, 212]


def test_a_balance_that_is_not_known_has_no_point() -> None:
    drawn = ElementTree.fromstring(svg(of("2025-01", None, "10.00", "5.00")))
    assert drawn.findall(f"{SVG}circle") == []
    assert "end not known" in (drawn.findtext(f"{SVG}desc") or "")


def test_without_months_there_is_no_drawing() -> None:
    assert svg([Measure(name="income.median", value="1", unit="EUR")]) == ""
