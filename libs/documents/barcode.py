"""The licence in a picture's PDF417 barcode; what it holds is right by its own error correction."""

import numpy as np
import zxingcpp
from numpy.typing import NDArray

from libs.documents.aamva import Licence, NoLicence, parse
from libs.documents.lines import shrunk

# Finer than this no phone resolves a card's bars.
SIDE = 3200


def read(grey: NDArray[np.uint8]) -> Licence:
    """The first licence among the barcodes of a picture; raises NoLicence."""
    found = zxingcpp.read_barcodes(shrunk(grey, SIDE), formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.PDF417))
    problem = "no PDF417 barcode"
    for barcode in found:
        try:
            return parse(bytes(barcode.bytes).decode("latin-1"))
        except NoLicence as refused:
            problem = str(refused)
    raise NoLicence(problem)
