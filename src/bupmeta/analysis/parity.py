"""The same trials as metafor, meta, RevMan and Stata would pool them, and why each number differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from bupmeta.analysis.programs import CHOICES, HOUSE, Conventions, I2Name, conventions_of, everyone, title
from bupmeta.effects import Effects
from bupmeta.effects.measures import SMD_VARIANCES, exact_j, restandardized
from bupmeta.errors import ModelError
from bupmeta.pooling import MetaResult, RandomEffects, pool
from bupmeta.pooling.ratios import as_ratios
from bupmeta.table import Column, Table, in_percent, plain

__all__ = ["Parity", "ParityRow", "parity", "row_of"]

_OF_A_MODEL = ("tau2", "ci", "prediction", "i2")
_OF_AN_SMD = ("j", "smd_variance")


@dataclass(frozen=True, slots=True)
class ParityRow:
    """One program's numbers for one pool; `differs` are the choices by which they can differ from bupmeta's.

    Where a method is refused, the numbers are None and `reason` says why.
    """

    program: str
    k: int
    mu: float | None = None
    se: float | None = None
    ci: tuple[float, float] | None = None
    statistic: float | None = None
    p: float | None = None
    tau2: float | None = None
    i2: float | None = None
    prediction: tuple[float, float] | None = None
    differs: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Parity:
    """One pool under the conventions of every program, bupmeta's own first; `notes` say what could not be redone.

    Ratios are logarithms in `rows`, and ratios in the table.
    """

    measure: str
    unit: str
    level: float
    rows: tuple[ParityRow, ...]
    notes: tuple[str, ...] = ()

    def table(self) -> Table:
        """Show one program to a row, with the choices in which it differs from bupmeta."""
        level = f"{in_percent(self.level)}%"
        columns = (
            Column("program", "As in"),
            Column("mu", f"Effect ({self.unit})" if self.unit else "Effect", "number", 3),
            Column("se", "SE", "number", 4),
            Column("ci", f"{level} CI", "interval", 3),
            Column("tau2", "τ²", "number", 4),
            Column("i2", "I²", "percent", 1),
            Column("prediction", "Prediction interval", "interval", 3),
            Column("differs", "Differs in"),
        )
        rows = tuple(
            {
                **{c.key: getattr(row, c.key) for c in columns if c.key not in ("program", "differs")},
                "program": title(row.program),
                "differs": row.reason or "; ".join(CHOICES[name].title for name in row.differs) or "nothing",
            }
            for row in self.rows
        )
        return as_ratios(
            Table(columns, rows, "The same trials as other programs would pool them", self.notes),
            self.measure,
        )

    def to_dict(self) -> dict[str, Any]:
        """Give every number and every difference as JSON knows them."""
        out: dict[str, Any] = plain({"rows": [asdict(row) for row in self.rows], "notes": self.notes})
        return out


def parity(effects: Effects, model: RandomEffects) -> Parity | None:
    """Pool estimates as each program would by default; None for fewer than two.

    Standardized differences of two groups are made anew with each program's J and variance. Under a common effect
    every program keeps it, with a normal interval.

    >>> effects = Effects.from_arrays([-0.9, -1.6, -0.2], [0.33, 0.19, 0.05])
    >>> found = parity(effects, RandomEffects())
    >>> [(row.program, row.differs) for row in found.rows][:2]
    [('bupmeta', ()), ('metafor', ('ci', 'prediction'))]
    """
    if len(effects) < 2:
        return None
    own = conventions_of(model)
    groups = _two_groups(effects)
    rows = []
    for name, other in everyone(own):
        changed = _restandardized(effects, groups, other) if name != HOUSE else effects
        rows.append(_row(name, changed, _model(model, other), other, _differing(own, other, effects, groups)))
    notes = _notes(effects, groups)
    if len(effects) == 2 and not model.common_effect:
        notes = (
            *notes,
            "With two trials no prediction interval is computed here, though some programs print one.",
        )
    return Parity(effects.measure, effects.unit, model.level, tuple(rows), notes)


def _model(model: RandomEffects, other: Conventions) -> RandomEffects:
    if model.common_effect:
        return model if other.ci == model.ci else replace(model, ci="Wald")
    return replace(model, tau2=other.tau2, ci=other.ci, prediction=other.prediction)


def _two_groups(effects: Effects) -> list[int]:
    """Which effects are a g of two groups with the variance that bupmeta gives it: those can be made anew.

    A paired g, and several comparisons combined by their covariance, have another variance and are left alone.
    """
    if effects.measure != "SMD":
        return []
    found = []
    for i, origin in enumerate(effects.origin):
        a, b = origin.n_active or 0, origin.n_control or 0
        if a and b and a + b > 3:
            y, n1, n2 = np.asarray(effects.y[i]), np.asarray(float(a)), np.asarray(float(b))
            expected = SMD_VARIANCES["LS"](y, n1, n2, exact_j(n1 + n2 - 2))
            if np.isclose(effects.v[i], expected, rtol=1e-9, atol=0.0):
                found.append(i)
    return found


def _restandardized(effects: Effects, groups: Sequence[int], other: Conventions) -> Effects:
    y, v = effects.y.copy(), effects.v.copy()
    for i in groups:
        origin = effects.origin[i]
        assert origin.n_active is not None
        assert origin.n_control is not None
        y[i], v[i] = restandardized(y[i], origin.n_active, origin.n_control, other.j, other.smd_variance)
    return replace(effects, y=y, v=v)


def _differing(
    own: Conventions, other: Conventions, effects: Effects, groups: Sequence[int]
) -> tuple[str, ...]:
    """The choices by which this pool can differ; a common effect has neither tau2 nor a prediction interval."""
    asked = [*_OF_A_MODEL, *(_OF_AN_SMD if groups else ())]
    if own.tau2 == "EE":
        asked = [name for name in asked if name == "ci" or name in _OF_AN_SMD]
        other = replace(other, ci="Wald" if other.ci != own.ci else own.ci)
    if len(effects) == 2 and "prediction" in asked:
        asked.remove("prediction")  # nobody's pool of two has one here
    return tuple(name for name in asked if getattr(own, name) != getattr(other, name))


def _row(
    name: str, effects: Effects, model: RandomEffects, other: Conventions, differs: tuple[str, ...]
) -> ParityRow:
    try:
        return row_of(name, pool(effects, model), other.i2, differs)
    except ModelError as error:
        return ParityRow(name, len(effects), differs=differs, reason=str(error))


def row_of(name: str, found: MetaResult, i2: I2Name, differs: tuple[str, ...]) -> ParityRow:
    """Give the numbers of one pool as one program would print them."""
    return ParityRow(
        name, found.k, found.mu, found.se, found.ci, found.statistic, found.p, found.tau2,
        found.i2_q if i2 == "Q" else found.i2, found.prediction, differs,
    )  # fmt: skip


def _notes(effects: Effects, groups: Sequence[int]) -> tuple[str, ...]:
    if effects.measure != "SMD":
        return ("Every program is given the same estimates and standard errors.",)
    if len(groups) == len(effects):
        return ("Each g is made anew from its size of groups by the formulas of each program.",)
    kept = ", ".join(label for i, label in enumerate(effects.labels) if i not in groups)
    said = f"{len(groups)} of {len(effects)} standardized differences are made anew by the formulas of each program"
    return (f"{said}; {kept} stay as they are: paired, or several comparisons combined.",)
