"""The probabilities of the letters along a strip of print, by the recognition model that comes with RapidOCR.

Model: PP-OCRv6 small, Apache-2.0; trained on print of all kinds, so that no font is presumed.
"""

from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from libs.documents.layout import VALUES

Grey = NDArray[np.uint8]
Probabilities = NDArray[np.float32]

MODEL = ("models", "PP-OCRv6_rec_small.onnx")
# The letters of a zone, in the order of the columns; what the model may call them besides.
LETTERS = "".join(VALUES)
ALSO = {"<": "＜‹〈《«", "0": "Ø○〇"}
BLANK = len(LETTERS)


class Recogniser:
    """The model, loaded; about 200 MB, one thread."""

    def __init__(self) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        content = files("rapidocr").joinpath(*MODEL).read_bytes()
        self._session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        characters = self._session.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._columns = [
            [1 + at for at, character in enumerate(characters) if character and character in _names(letter)]
            for letter in LETTERS
        ]

    def probabilities(self, strip: Grey) -> Probabilities:
        """For each step along a strip of 48 rows, those of LETTERS and last of none; shape (steps, 38)."""
        scaled = (strip.astype(np.float32) / 127.5 - 1)[None, None].repeat(3, axis=1)
        raw = np.asarray(self._session.run(None, {"x": scaled})[0][0], np.float32)
        return np.stack([*(raw[:, columns].sum(1) for columns in self._columns), raw[:, 0]], axis=1)


def _names(letter: str) -> str:
    return letter + letter.lower() + ALSO.get(letter, "")


@cache
def recogniser() -> Any:
    """The model of this process, loaded when first asked for."""
    return Recogniser()
