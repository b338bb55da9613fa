import pytest
from argon2 import PasswordHasher

from libs.staff.passwords import Passwords, TooWeak, generated, require_strength


async def test_a_password_is_kept_as_an_argon2id_hash_that_it_alone_fits() -> None:
    passwords = Passwords()
    kept = await passwords.hash("correct horse battery")
    assert kept.startswith("$argon2id$")
    assert [await passwords.fits(one, kept) for one in ("correct horse battery", "correct horse batterx", "")] == [
        *(True, False, False),
    ]
    assert not await passwords.fits("anything", None)
    assert not await passwords.fits("anything", "no hash at all")


async def test_a_hash_with_weaker_parameters_is_outdated() -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("correct horse battery")
    assert await Passwords().fits("correct horse battery", weak)
    assert Passwords().outdated(weak)


def test_weak_passwords_are_refused_with_a_reason() -> None:
    for password, why in (("short", "12 to 256"), ("abababababababab", "again and again"), ("Ana-is-the-best", "name")):
        with pytest.raises(TooWeak, match=why):
            require_strength(password, "ana")
    require_strength(generated(), "ana")
