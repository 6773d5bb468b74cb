"""Orders of a table, as they stand in its address: `?sap-xep=ten`, `?sap-xep=-ten` the other way round."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import request, url_for

PARAMETER = "sap-xep"
KEPT_PARAMETERS = (PARAMETER, "tieu-chi", "tim", "linh-vuc")
Line = TypeVar("Line")
Keys = Mapping[str, Callable[[Any], Any]]


@dataclass(frozen=True)
class Order:
    """By which column a table is sorted."""

    key: str
    is_descending: bool = False

    @property
    def name(self) -> str:
        return f"-{self.key}" if self.is_descending else self.key

    def of_column(self, key: str) -> str | None:
        """The value of `aria-sort` of a column."""
        if key != self.key:
            return None
        return "descending" if self.is_descending else "ascending"

    def after_press(self, key: str, *, first_descending: bool = False) -> str:
        """The order that a press on the head of a column asks for."""
        if key == self.key:
            return Order(key, not self.is_descending).name
        return Order(key, first_descending).name


def wanted_order(allowed: Iterable[str], default: str, parameter: str = PARAMETER) -> Order:
    """The order that the address names, else the default."""
    for name in (request.args.get(parameter, ""), default):
        key = name.removeprefix("-")
        if key in allowed:
            return Order(key, name.startswith("-"))
    raise KeyError(default)


def sort_lines(lines: Iterable[Line], keys: Keys, order: Order) -> list[Line]:
    """Sorted by the column; lines without a value come last either way."""
    key = keys[order.key]
    listed = list(lines)
    present = [line for line in listed if key(line) is not None]
    missing = [line for line in listed if key(line) is None]
    return sorted(present, key=key, reverse=order.is_descending) + missing


def address_with(**changes: str | None) -> str:
    """The address of this page with other parameters; None takes one away. `_` stands for `-` in a name."""
    named = {name.replace("_", "-"): value for name, value in changes.items()}
    kept = {name: request.args.get(name) for name in KEPT_PARAMETERS} | named
    parameters: dict[str, Any] = {name: value for name, value in kept.items() if value}
    return url_for(request.endpoint or "", **(request.view_args or {}), **parameters)
