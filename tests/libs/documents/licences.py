"""Barcodes of made-up licences, as AAMVA lays them out."""

import random
from typing import Any

import numpy as np
import zxingcpp
from numpy.typing import NDArray

FIRST, LAST = ("JOHN", "MARY ANN", "ZOE", "KWAME"), ("SAMPLE", "O'BRIEN", "VAN DER BERG", "NGUYEN")


def elements(**changed: str) -> dict[str, str]:
    """The elements of John Sample's licence, but for what the test says."""
    return {
        "DAQ": "D1234567", "DCS": "SAMPLE", "DDE": "N", "DAC": "JOHN", "DDF": "N", "DAD": "QUINCY", "DDG": "N",
        "DBB": "01311986", "DBA": "01312035", "DBD": "06302019", "DBC": "1", "DAG": "789 E OAK ST", "DAI": "ANYTOWN",
        "DAJ": "CA", "DAK": "902230000  ", "DCG": "USA", "DCF": "83D9BN217QO983B1", **changed,
    }  # fmt: skip


def text(said: dict[str, str], version: int = 8) -> str:
    """What the barcode holds."""
    body = "DL" + "\n".join(f"{name}{value}" for name, value in said.items()) + "\r"
    jurisdiction = "00" if version > 1 else ""
    header = f"@\n\x1e\rANSI 636014{version:02}{jurisdiction}01"
    at = len(header) + 10
    return f"{header}DL{at:04}{len(body):04}{body}"


def made(random: random.Random) -> dict[str, str]:
    """Another licence each time."""
    born = f"{random.randint(1, 12):02}{random.randint(1, 28):02}{random.randint(1940, 2007)}"
    return elements(
        DAQ=f"{random.choice('ABDFWY')}{random.randint(0, 9_999_999):07}", DCS=random.choice(LAST),
        DAC=random.choice(FIRST), DBB=born, DBC=random.choice("12"),
    )  # fmt: skip


def drawn(said: dict[str, str], scale: int = 3) -> NDArray[np.uint8]:
    """The back of a card with its barcode."""
    made: Any = zxingcpp.create_barcode(text(said).encode(), zxingcpp.BarcodeFormat.PDF417)
    bars = np.array(zxingcpp.write_barcode_to_image(made, scale=scale), np.uint8)
    return np.pad(bars, ((90, 160), (60, 60)), constant_values=235)
