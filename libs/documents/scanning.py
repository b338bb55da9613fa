"""From a picture's file to what it says: its barcode, or else its machine readable zone."""

from collections.abc import Sequence

from libs.documents import barcode, zone
from libs.documents.aamva import Licence, NoLicence
from libs.documents.letters import recogniser
from libs.documents.lines import smoothed, upright
from libs.documents.picture import Grey, decode
from libs.documents.reading import Reading
from libs.documents.zone import NoZone


def read(data: bytes) -> Reading:
    """Read a file of a picture; raises NoPicture where it is none."""
    grey = decode(data)
    level = upright(grey)
    licence, problem = _licence_in((grey, level))
    if licence:
        return Reading("PDF417", licence=licence)
    try:
        found = zone.read(level, recogniser())
        return Reading("MRZ", text=found.text, mrz=found.mrz, unread=found.unread)
    except NoZone as no_zone:
        licence, _ = _licence_in((smoothed(level),))
        if licence:
            return Reading("PDF417", licence=licence)
        return Reading(unread=("mrz", "barcode"), why=f"{problem}; {no_zone}")


def _licence_in(pictures: Sequence[Grey]) -> tuple[Licence | None, str]:
    problem = ""
    for grey in pictures:
        try:
            return barcode.read(grey), ""
        except NoLicence as no_licence:
            problem = str(no_licence)
    return None, problem
