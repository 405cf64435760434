"""What rests on trials without numbers: the shift each silent trial makes, and what unseen results could do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bupmeta.effects import Effects, Silent
from bupmeta.errors import DataError
from bupmeta.kernels import FloatArray
from bupmeta.kernels.censored import censored_fit, censored_information
from bupmeta.kernels.censored_profile import censored_limits
from bupmeta.pooling.all_evidence import evidence
from bupmeta.pooling.models import AllEvidence
from bupmeta.table import Column, Shown, Table, Value, in_percent, quantity

__all__ = ["Shifts", "WorstCases", "shifts", "worst_case"]

DEFAULT = AllEvidence()


@dataclass(frozen=True, slots=True, eq=False)
class Shifts(Shown):
    """The pooled effect without each silent trial that says something, one row per trial; arrays are (S,).

    `mu`, `low`, `high`, `tau2` are without it, `shift` is what it adds (with all minus without), `weight` its percent
    of the information about mu. With nothing else to pool they are NaN.
    """

    effects: Effects
    model: AllEvidence
    trials: tuple[Silent, ...]
    mu: FloatArray
    low: FloatArray
    high: FloatArray
    tau2: FloatArray
    shift: FloatArray
    weight: FloatArray

    def __len__(self) -> int:
        return len(self.trials)

    def table(self) -> Table:
        """Show what each silent trial says and how far it moves the pooled effect."""
        level = f"{in_percent(self.model.level)}% CI without it"
        columns = (
            Column("trial", "Silent trial"),
            Column("kind", "What is known"),
            Column("admissible", "Its estimate lies in", "interval"),
            Column("se", "Its SE", "number"),
            Column("weight", "Information", "percent", 1),
            Column("mu", "Effect without it", "number"),
            Column("ci", level, "interval"),
            Column("shift", "Shift it makes", "number", 3),
        )
        rows: list[dict[str, Value]] = []
        for trial, weight, mu, low, high, shift in zip(
            self.trials, *(x.tolist() for x in (self.weight, self.mu, self.low, self.high, self.shift))
        ):
            said = trial.admissible
            assert said is not None
            known = {"admissible": (said.lower, said.upper), "se": said.se, "weight": weight}
            rows.append(
                {
                    "trial": trial.label,
                    "kind": trial.kind,
                    **known,
                    "mu": mu,
                    "ci": (low, high),
                    "shift": shift,
                }
            )
        return Table(columns, tuple(rows), caption="Shift of the pooled effect by each silent trial")


def shifts(effects: Effects, model: AllEvidence = DEFAULT) -> Shifts:
    """Fit without each silent trial in turn, in one batch.

    Raises DataError for an interval that cannot be right.

    >>> from bupmeta.effects import Admissible
    >>> words = Silent("Cal 2009", "not significant", admissible=Admissible(-0.6, 0.6, 0.3))
    >>> found = shifts(Effects.from_arrays([-0.9, -1.6, -0.2], [0.33, 0.19, 0.05], silent=[words]))
    >>> f"{found.mu[0]:.3f} {found.shift[0]:.3f}"
    '-0.799 0.183'
    """
    found = evidence(effects)
    k, count = len(found), len(found.silent)
    m = np.ones((count + 1, k))
    m[np.arange(count), k - count + np.arange(count)] = 0
    fit, limits = found.fit(m), found.limits(model.level, m[:count])
    information = censored_information(found.lower, found.upper, found.v, mu=fit.mu[-1:], tau2=fit.tau2[-1:])[
        0
    ]
    weight = 100 * information / information.sum() if k else information
    mu, tau2 = fit.mu[:count], fit.tau2[:count]
    return Shifts(
        effects,
        model,
        found.silent,
        mu,
        limits.mu_low,
        limits.mu_high,
        tau2,
        fit.mu[-1] - mu,
        weight[k - count :],
    )


@dataclass(frozen=True, slots=True, eq=False)
class WorstCases(Shown):
    """The pooled effect if every trial without a known result had had the effect `assumed`; arrays are (A,).

    `labels` name those trials and `se` holds the standard errors they are given; `se_source` says from where.
    """

    effects: Effects
    model: AllEvidence
    labels: tuple[str, ...]
    se: FloatArray
    se_source: str
    assumed: FloatArray
    mu: FloatArray
    low: FloatArray
    high: FloatArray
    tau2: FloatArray

    def __len__(self) -> int:
        return len(self.assumed)

    @property
    def lowest(self) -> float:
        """The smallest pooled effect over what was assumed."""
        return float(self.mu.min())

    @property
    def highest(self) -> float:
        """The largest pooled effect over what was assumed."""
        return float(self.mu.max())

    def table(self) -> Table:
        """Show the pooled effect for each assumption."""
        unit = f" ({self.effects.unit})" if self.effects.unit else ""
        columns = (
            Column("assumed", f"Assumed effect{unit}", "number"),
            Column("mu", f"Pooled effect{unit}", "number"),
            Column("ci", f"{in_percent(self.model.level)}% CI", "interval"),
            Column("tau2", "τ²", "number", 3),
        )
        rows = tuple(
            {"assumed": a, "mu": mu, "ci": (low, high), "tau2": tau2}
            for a, mu, low, high, tau2 in zip(
                *(x.tolist() for x in (self.assumed, self.mu, self.low, self.high, self.tau2))
            )
        )
        trials = quantity(len(self.labels), "trial")
        names = f"{trials} without a known result: {', '.join(self.labels)}"
        return Table(
            columns, rows, caption="If the unseen results had been ...", notes=(names, self.se_source)
        )


def worst_case(
    effects: Effects,
    model: AllEvidence = DEFAULT,
    *,
    assumed: Sequence[float],
    unseen: int | None = None,
    se: float | None = None,
) -> WorstCases:
    """Pool as if each trial whose result is unknown had had each effect of `assumed`, in one batch.

    The trials are the silent ones that say nothing, or `unseen` unnamed ones. Each has the standard error `se`, or by
    default that of a known trial of its size: the median of sqrt(v n) over known trials, over the root of its n (the
    median standard error where a size is not known). Raises DataError when no trial is unseen or no number is given.

    >>> effects = Effects.from_arrays([-0.9, -1.6, -0.2], [0.33, 0.19, 0.05])
    >>> cases = worst_case(effects, unseen=2, assumed=[-1.0, 0.0, 1.0])
    >>> f"{cases.lowest:.2f} to {cases.highest:.2f}"
    '-0.85 to -0.12'
    """
    found = evidence(effects)
    mute = [trial for trial in effects.silent if trial not in found.silent]
    if unseen is not None:
        mute = [Silent(f"unseen trial {i + 1}", "results not obtained") for i in range(unseen)]
    values = np.asarray(assumed, dtype=float).ravel()
    if not mute:
        raise DataError("no trial is without a known result; say how many are `unseen`")
    if not values.size or not np.isfinite(values).all():
        raise DataError("`assumed` needs one finite effect or more, such as [-1, 0, 1]")
    errors, source = _errors(effects, found.v, mute, se)
    total, more = len(found) + len(mute), np.broadcast_to(values[:, None], (values.size, len(mute)))
    lower, upper = (
        np.concatenate([np.broadcast_to(x, (values.size, len(found))), more], axis=1)
        for x in (found.lower, found.upper)
    )
    v = np.concatenate([found.v, errors**2])
    fit = censored_fit(lower, upper, v, common=total == 1)
    limits = censored_limits(lower, upper, v, level=model.level, common=total == 1)
    labels = tuple(trial.label for trial in mute)
    return WorstCases(
        effects, model, labels, errors, source, values, fit.mu, limits.mu_low, limits.mu_high, fit.tau2
    )


def _errors(
    effects: Effects, v: FloatArray, mute: Sequence[Silent], se: float | None
) -> tuple[FloatArray, str]:
    """Return a standard error for each unseen trial, and where it comes from."""
    if se is not None:
        if not 0 < se < np.inf:
            raise DataError(f"se={se!r} is not a standard error; it must be finite and above 0")
        return np.full(len(mute), float(se)), f"standard error as given: {se:g}"
    if not v.size:
        raise DataError("no trial has a standard error to go by; give `se`")
    sizes = [(origin.n, x) for origin, x in zip(effects.origin, effects.v.tolist()) if origin.n]
    sizes += [(t.n, t.admissible.se**2) for t in effects.silent if t.admissible is not None and t.n]
    middle = float(np.median(np.sqrt(v)))
    per_person = float(np.median([np.sqrt(n * x) for n, x in sizes])) if sizes else np.nan
    errors = np.array([per_person / np.sqrt(t.n) if t.n and sizes else middle for t in mute])
    return errors, (
        "standard errors follow from the size of each trial and the median precision per person of the known trials; "
        "where a size is not known, the median standard error"
    )
