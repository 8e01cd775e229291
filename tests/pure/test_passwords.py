"""Which passwords are refused, and what is kept of the others."""

import pytest
from argon2 import PasswordHasher

from register.access import passwords
from register.access.passwords import LENGTH, fits, hash_of, make_password, problem_with


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    )
    passwords._stand_in.cache_clear()


@pytest.mark.parametrize("password", ["", "elevenchars", "x" * 201])
def test_a_password_has_twelve_to_two_hundred_characters(password: str) -> None:
    assert problem_with(password) == "must be 12 to 200 characters long"


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Password2026!",
        "P@ssw0rd2026!!",
        "passwordpassword",
        "qwertyuiop12",
        "1234567890123",
        "qwerty123456!",
        "letmeinletmein",
        "Welcome12345",
        "MissingChildren1",
        "Liverpool2026!",
        "Summer2026Summer",
        "aaaaaaaaaaaaaaaa",
        "abababababababab",
        "abcdefghijklmnop",
        "1qaz2wsx3edc4rfv5",
        "January2026!!",
        "iloveyou12345",
        "Tottenham-1882",
    ],
)
def test_what_many_people_choose_is_refused(password: str) -> None:
    assert "many people choose" in problem_with(password, "amina", "Amina Test")


@pytest.mark.parametrize("password", ["amina and more", "xAMINA123456x", "it is amina test!"])
def test_ones_own_name_is_refused(password: str) -> None:
    assert (
        problem_with(password, "amina", "Amina Test") == "must not contain the username or the name"
    )


def test_names_in_parts_are_no_password_of_ones_own() -> None:
    assert problem_with("Rowworth2026!", "ar123", "Amina Rowworth")
    assert problem_with("a.rowworth.26", "arow", "Amina Rowworth")


@pytest.mark.parametrize(
    "password",
    [
        "a long enough phrase",
        "synthetic children only",
        "gravel teapot mirror",
        "correct horse battery staple",
        "Kx7!vq2#Lm9z",
        "ydw i fwyta afal bob dydd",
        "žluťoučký kůň úpěl",
        "密码不是这个短语而是别的什么",
    ],
)
def test_what_is_ones_own_is_taken(password: str) -> None:
    assert problem_with(password, "amina", "Amina Test") == ""


def test_what_the_register_makes_it_takes_itself() -> None:
    made = {make_password() for _ in range(200)}
    assert len(made) == 200
    assert {len(each) for each in made} == {22}, "128 bits, written in 22 letters"
    assert not [each for each in made if problem_with(each)]


@pytest.mark.usefixtures("cheap")
@pytest.mark.parametrize("wrong", ["", "gravel teapot mirrors", "\x00", "\ud800" * 12, "x" * 5000])
def test_only_the_one_that_was_hashed_fits(wrong: str) -> None:
    kept = hash_of("gravel teapot mirror")
    assert fits(kept, "gravel teapot mirror")
    assert not fits(kept, wrong)
    assert not fits(None, "gravel teapot mirror")
    assert not fits("no hash at all", "gravel teapot mirror")


@pytest.mark.usefixtures("cheap")
def test_a_password_of_no_possible_length_fits_nothing_even_if_it_was_hashed() -> None:
    for length, possible in ((11, False), (12, True), (200, True), (201, False)):
        assert fits(hash_of("x" * length), "x" * length) is possible


@pytest.mark.usefixtures("cheap")
def test_all_that_is_looked_at_takes_one_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of somebody or of nobody, so that time tells nothing; and never megabytes of it."""
    plain, looked_at = passwords._hasher, list[int]()
    kept, _ = hash_of("gravel teapot mirror"), passwords._stand_in()

    class Noting:
        def verify(self, kept: str, password: str) -> bool:
            looked_at.append(len(password))
            return plain.verify(kept, password)

    monkeypatch.setattr(passwords, "_hasher", Noting())
    for each in (kept, None):
        for password in ("gravel teapot mirror", "x" * 5_000_000):
            fits(each, password)
    assert looked_at == [20, 201, 20, 201]


@pytest.mark.parametrize(
    ("password", "username", "name"),
    [
        ("abcde fghij klm", "ann", "Ann"),
        ("xyzxyzxyzxyzxyz", "amina", "Amina Test"),
        ("mirror abcd 1234", "mirror-abcd", "mirror"),
    ],
)
def test_runs_repetitions_and_ones_own_names_add_nothing(
    password: str, username: str, name: str
) -> None:
    assert problem_with(password, username, name)


@pytest.mark.parametrize(
    ("enough", "too_little"),
    [
        ("kuvizo123456", "kuviz1234567"),  # six letters of one's own, beside what all type
        ("kuvizoxyz1234", "kuvizxyz12345"),  # a run counts to the end of its row
        ("kuvizobnm1234", "kuvizbnm12345"),
        ("kuvizkuvizkuviz", "kuvikuvikuvi"),  # five letters that differ
    ],
)
def test_six_letters_of_ones_own_and_five_that_differ_are_the_least(
    enough: str, too_little: str
) -> None:
    assert problem_with(enough) == ""
    assert "many people choose" in problem_with(too_little)


def test_a_name_of_two_letters_forbids_nothing() -> None:
    assert problem_with("gravel teapot bo mirror", "bo", "Bo") == ""
    assert problem_with("gravel teapot bob mirror", "bob", "Bo") == (
        "must not contain the username or the name"
    )


def test_a_hash_costs_what_the_standard_advises() -> None:
    """RFC 9106, section 4, second recommended option: 64 MiB, above the 46 MiB asked for."""
    hasher = passwords._hasher
    assert (hasher.time_cost, hasher.memory_cost, hasher.parallelism) == (3, 65536, 4)
    assert hasher.type.name == "ID"
    assert LENGTH.start == 12
