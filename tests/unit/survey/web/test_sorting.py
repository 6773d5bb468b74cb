"""Orders of tables in addresses."""

import pytest
from flask import Flask

from survey.web.sorting import Order, address_with, sort_lines, wanted_order

KEYS = {"ten": lambda line: line[0], "so": lambda line: line[1]}
LINES = [("b", 2), ("a", None), ("c", 1)]


@pytest.mark.parametrize(
    ("order", "names"), [(Order("so"), "cba"), (Order("so", True), "bca"), (Order("ten"), "abc")]
)
def test_lines_without_a_value_come_last_either_way(order: Order, names: str) -> None:
    assert "".join(name for name, _ in sort_lines(LINES, KEYS, order)) == names


@pytest.mark.parametrize(
    ("address", "order"),
    [
        ("/?sap-xep=so", Order("so")),
        ("/?sap-xep=-so", Order("so", True)),
        ("/?sap-xep=x", Order("ten")),
        ("/?sap-xep=--so", Order("ten")),
        ("/", Order("ten")),
    ],
)
def test_the_address_names_the_order(app: Flask, address: str, order: Order) -> None:
    with app.test_request_context(address):
        assert wanted_order(KEYS, "ten") == order


def test_a_press_on_the_sorted_column_turns_it_round() -> None:
    order = Order("so")
    assert order.after_press("so") == "-so"
    assert Order("so", True).after_press("so") == "so"
    assert order.after_press("ten") == "ten"
    assert order.after_press("khac", first_descending=True) == "-khac"


def test_only_the_sorted_column_says_so() -> None:
    assert Order("so", True).of_column("so") == "descending"
    assert Order("so").of_column("so") == "ascending"
    assert Order("so").of_column("ten") is None


def test_an_address_keeps_known_parameters_alone(app: Flask) -> None:
    with app.test_request_context("/health?tim=x&_external=1&other=2"):
        assert address_with(sap_xep="-so") == "/health?sap-xep=-so&tim=x"
        assert address_with(tim=None) == "/health"
