"""Tables of logarithms shown as ratios."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import exp, inf

from bupmeta.effects.columns import RATIOS
from bupmeta.table import Table, Value

__all__ = ["as_ratios"]

_LOGARITHMS = ("mu", "y", "ci", "prediction", "alone", "alone_ci", "borrowed", "borrowed_ci", "threshold")


def as_ratios(table: Table, measure: str) -> Table:
    """Return a table of results with its effects and their intervals back from logarithms, if `measure` is a ratio.

    tau2, Q and weights stay those of the logarithms. Any other measure leaves the table as it is.

    >>> from bupmeta import Effects, pool
    >>> shown = as_ratios(pool(Effects.from_arrays([0.0], [0.04], measure="OR")).table(), "OR")
    >>> shown.rows[0]["mu"], shown.columns[1].title
    (1.0, 'OR')
    """
    if measure not in RATIOS:
        return table
    titles = {"mu": measure, "y": measure, "se": "SE of log"}
    columns = tuple(replace(one, title=titles.get(one.key, one.title)) for one in table.columns)
    return replace(table, columns=columns, rows=tuple(map(_row, table.rows)))


def _row(row: Mapping[str, Value]) -> dict[str, Value]:
    return {key: _back(value) if key in _LOGARITHMS else value for key, value in row.items()}


def _back(value: Value) -> Value:
    if isinstance(value, tuple):
        return _exp(value[0]), _exp(value[1])
    return _exp(value) if isinstance(value, float) else value


def _exp(x: float) -> float:
    return exp(x) if x < 700 else inf
