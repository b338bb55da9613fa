"""Where in a picture long lines of print stand, whatever its tilt: strips of them, ready to be read."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]

# Pixels of the longer side of the picture in which the tilt and the lines are looked for, and from which is read.
TILT_SIDE, SEARCH_SIDE, READ_SIDE = 400, 1100, 2600
# Width to height of a printed line: a zone's are from 24 to 37, with room for what sticks to them.
LONG, LONGEST = 14.0, 60.0
# Of the picture's width, the least that a zone takes.
SHARE = 0.25
# Lines of one zone begin and end at about the same place, and stand close to each other, in heights.
SIDE_SLIP, NEAR, FAR = 2.5, 1.1, 4.2
STRIP_HEIGHT, PADDING = 48, 0.28


class Line(NamedTuple):
    """A long line of print in an upright picture: middle, width, height in pixels; slope in degrees."""

    x: float
    y: float
    width: float
    height: float
    slope: float


def upright(grey: Grey) -> Grey:
    """The picture turned so that its print runs along its rows, or upside down along them."""
    grey = shrunk(grey, READ_SIDE)
    angle = tilt(shrunk(grey, TILT_SIDE))
    if abs(angle) < 0.15:
        return grey
    height, width = grey.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    cos, sin = abs(turn[0, 0]), abs(turn[0, 1])
    size = round(width * cos + height * sin), round(width * sin + height * cos)
    turn[:, 2] += (size[0] - width) / 2, (size[1] - height) / 2
    return np.asarray(
        cv2.warpAffine(grey, turn, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE), np.uint8
    )


def shrunk(grey: Grey, side: int) -> Grey:
    """The picture with a longer side of so many pixels at most."""
    factor = side / max(grey.shape)
    if factor >= 1:
        return grey
    return np.asarray(cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8)


def smoothed(grey: Grey) -> Grey:
    """The picture without its noise and twice as large, for what is fine and hard to see."""
    smooth = cv2.GaussianBlur(grey, (0, 0), 0.9)
    return np.asarray(cv2.resize(smooth, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), np.uint8)


def tilt(grey: Grey) -> float:
    """Degrees by which the picture has to be turned for its print to run along the rows, -90 to 90."""
    rows, columns = np.nonzero(_print(grey, 9))
    if not len(rows):
        return 0.0
    coarse = _sharpest(rows, columns, np.arange(-90, 90, 1.0))
    return _sharpest(rows, columns, coarse + np.arange(-1, 1.01, 0.1))


def _sharpest(rows: NDArray[np.intp], columns: NDArray[np.intp], angles: NDArray[np.float64]) -> float:
    """The angle at which the dark points gather in the fewest rows."""
    sharpness = []
    for angle in np.radians(angles):
        row = (rows * np.cos(angle) - columns * np.sin(angle)).round().astype(np.int64)
        sharpness.append(float((np.bincount(row - row.min()) ** 2.0).sum()))
    return float(angles[int(np.argmax(sharpness))])


def _print(grey: Grey, stroke: int) -> Grey:
    """White where something dark and narrow stands on something lighter."""
    smooth = cv2.GaussianBlur(grey, (0, 0), 0.9)
    dark = cv2.morphologyEx(smooth, cv2.MORPH_BLACKHAT, np.ones((stroke, stroke), np.uint8))
    return np.asarray(cv2.threshold(dark, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[1], np.uint8)


def zones(grey: Grey) -> list[tuple[Line, ...]]:
    """Groups of two or three long lines below one another, the lowest group first."""
    small = shrunk(grey, SEARCH_SIDE)
    factor = grey.shape[1] / small.shape[1]
    found: list[tuple[Line, ...]] = []
    for bridge in (17, 27, 11):
        lines = sorted(_lines(small, bridge), key=lambda line: line.y)
        found += [group for group in _groups(lines) if not any(_same(group, other) for other in found)]
    scaled = [tuple(_scaled(line, factor) for line in group) for group in found]
    return sorted(scaled, key=lambda group: (-len(group), -group[-1].y))


def _scaled(line: Line, factor: float) -> Line:
    return Line(line.x * factor, line.y * factor, line.width * factor, line.height * factor, line.slope)


def _lines(small: Grey, bridge: int) -> Iterator[Line]:
    """Lines whose characters a bridge of so many pixels joins."""
    mask = cv2.morphologyEx(_print(small, 15), cv2.MORPH_CLOSE, np.ones((1, bridge), np.uint8))
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((3, bridge), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for contour in contours:
        (x, y), (width, height), slope = cv2.minAreaRect(contour)
        if width < height:
            width, height, slope = height, width, slope + 90
        slope = (slope + 90) % 180 - 90
        if width >= SHARE * small.shape[1] and LONG <= width / max(height, 1) <= LONGEST and abs(slope) < 15:
            yield Line(x, y, width, height, slope)


def _groups(lines: Sequence[Line]) -> Iterator[tuple[Line, ...]]:
    for at, first in enumerate(lines):
        group = [first]
        for line in lines[at + 1 :]:
            if _below(group[-1], line):
                group.append(line)
        if len(group) > 1:
            yield _aligned(group[-3:])


def _aligned(group: Sequence[Line]) -> tuple[Line, ...]:
    """The lines of a zone are of one length: where an end of one was missed, another knows it."""
    left = min(line.x - line.width / 2 for line in group)
    right = max(line.x + line.width / 2 for line in group)
    height = float(np.median([line.height for line in group]))
    slope = max(group, key=lambda line: line.width).slope
    middle, width = (left + right) / 2, right - left
    rise = np.tan(np.radians(slope))
    return tuple(Line(middle, line.y + (middle - line.x) * rise, width, height, slope) for line in group)


def _below(upper: Line, lower: Line) -> bool:
    height = max(upper.height, lower.height)
    apart = (lower.y - upper.y) / height
    ends = (
        abs(upper.x - upper.width / 2 - lower.x + lower.width / 2),
        abs(upper.x + upper.width / 2 - lower.x - lower.width / 2),
    )
    return NEAR < apart < FAR and min(ends) < SIDE_SLIP * height


def _same(one: tuple[Line, ...], other: tuple[Line, ...]) -> bool:
    return len(one) == len(other) and all(abs(a.y - b.y) < a.height / 2 for a, b in zip(one, other, strict=True))


def strip(grey: Grey, line: Line, width: int) -> Grey:
    """A line cut out level; STRIP_HEIGHT rows, at most `width` columns."""
    tall = line.height * (1 + 2 * PADDING)
    long = line.width + 2 * line.height
    columns = min(width, round(STRIP_HEIGHT * long / tall))
    scale = STRIP_HEIGHT / tall
    cos, sin = np.cos(np.radians(line.slope)), np.sin(np.radians(line.slope))
    along = columns / long
    turn = np.array([[along * cos, along * sin, 0], [-scale * sin, scale * cos, 0]])
    turn[:, 2] = np.array([columns / 2, STRIP_HEIGHT / 2]) - turn[:, :2] @ (line.x, line.y)
    return np.asarray(
        cv2.warpAffine(grey, turn, (columns, STRIP_HEIGHT), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE),
        np.uint8,
    )
