"""One-time passwords: read off a screen and typed."""

import math
import re

from survey.services import accounts, devices


def test_guessing_a_password_costs_what_rfc_9106_recommends() -> None:
    hasher = accounts._hasher

    assert (hasher.type.name, hasher.time_cost, hasher.memory_cost) == ("ID", 3, 64 * 1024)
    assert len(accounts._hash("a").split("$")) == 6


def test_one_time_password_is_four_groups_of_four() -> None:
    assert re.fullmatch(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}", accounts.one_time_password())


def test_one_time_password_has_eighty_bits() -> None:
    assert len(set(accounts._ALPHABET)) == len(accounts._ALPHABET)
    assert 16 * math.log2(len(accounts._ALPHABET)) >= 80


def test_letters_that_look_alike_are_left_out() -> None:
    assert not set("lo01") & set(accounts._ALPHABET)


def test_every_letter_occurs_and_no_password_twice() -> None:
    passwords = {accounts.one_time_password() for _ in range(500)}

    assert len(passwords) == 500
    assert set("".join(passwords)) == {*accounts._ALPHABET, "-"}


def test_a_pin_costs_as_much_as_a_tablet_can_bear() -> None:
    assert devices.PIN_ITERATIONS == 200_000
