"""A picture as it was sent: refused with a reason, or made anew without what it carried."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from services.collection import policy
from services.collection.checking import Asked, Checked, check
from tests.libs.documents.test_picture import chunk, png
from tests.services.collection import photos

QUALITY = policy.load().pictures["document"]


def checked(folder: Path, data: bytes) -> Checked:
    file = folder / "picture"
    file.write_bytes(data)
    return check(Asked(str(file), QUALITY))


def exif() -> bytes:
    """The passport, lying on its side, with the place where it was taken."""
    data = Image.Exif()
    data[0x0112] = 6
    data.get_ifd(0x8825)[2] = (31.0, 57.0, 0.0)
    image = Image.open(BytesIO(photos.passport()))
    return photos.saved(image, exif=data)


def test_a_picture_is_made_anew_upright_and_without_metadata(tmp_path: Path) -> None:
    before = Image.open(BytesIO(exif()))
    found = checked(tmp_path, exif())
    after = Image.open(BytesIO(found.data))
    assert found.problem == ""
    assert after.format == "JPEG"
    assert after.size == before.size[::-1]
    assert dict(after.getexif()) == {}
    assert b"Exif" not in found.data


def test_a_picture_is_kept_no_larger_than_can_be_read(tmp_path: Path) -> None:
    found = checked(tmp_path, photos.saved(Image.effect_noise((5000, 3000), 90).convert("RGB"), quality=60))
    assert (found.problem, found.width, found.height) == ("", 3200, 1920)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "empty"),
        (b"\xff\xd8\xff" + b"\0" * 10_000_000, "too_large"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "no_picture"),
        (b"<!doctype html><script>alert(1)</script>", "no_picture"),
        (b"%PDF-1.7\n%%EOF", "no_picture"),
        (photos.passport() + b"<script>alert(1)</script>", "not_only_a_picture"),
        (photos.passport()[:2000], "broken"),
        (b"\xff\xd8\xff\xe0 no jpeg", "broken"),
        (png(60_000, 60_000), "too_many_pixels"),
        (png(1000, 700, chunk(b"acTL", b"\0\0\0\2\0\0\0\0")), "no_picture"),
        (photos.small(), "too_small"),
        (photos.dark(), "too_dark"),
        (photos.blurred(), "blurred"),
        (photos.saved(Image.new("RGB", (900, 900), "white")), "too_bright"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_picture_that_will_not_do_is_refused_with_the_reason(tmp_path: Path, data: bytes, problem: str) -> None:
    found = checked(tmp_path, data)
    assert (found.problem, found.data) == (problem, b"")
