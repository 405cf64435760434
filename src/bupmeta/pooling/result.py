"""What a pool found: always the same fields, shown the same way in a terminal, a notebook and JSON."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from bupmeta.effects import Effects
from bupmeta.kernels import FloatArray
from bupmeta.pooling.models import AllEvidence, Bayes, Model
from bupmeta.pooling.posterior import Posterior
from bupmeta.pooling.table_models import TableModel
from bupmeta.table import Column, Shown, Table, Value, in_percent, plain

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MetaResult"]

Pair = tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class MetaResult(Shown):
    """The numbers of one pool; `ci` and its like are (low, high) at `model.level`, None where there is none.

    `mu`, `se`, `ci` are in the effects' unit, `tau2` in its square; `i2` (from tau2) and `i2_q` (from Q) in
    percent. `statistic` and `p` test mu = 0 as `ci` does, with `df` degrees of freedom (None: normal). `gradient`
    is the slope of the maximised log-likelihood in log(tau2 + s2): 0 up to rounding, or not positive at tau2 = 0;
    `optima` are its local maxima in tau2. `weights` are percent, in the order of `effects`. Under `AllEvidence` `k`
    also counts the silent trials that say something, and the weights (shares of the information about mu) leave the
    rest of 100 to those; with one-sided evidence only, `mu` is NaN and an end of an interval may be infinite. Under
    `Bayes` `posterior` holds the distributions (None under other models), `mu` and tau are posterior medians, `se` is
    the posterior SD, intervals are the shortest credible ones, and there is no test: `p` and `statistic` are NaN.
    """

    effects: Effects
    model: Model | TableModel
    k: int
    mu: float
    se: float
    ci: Pair
    p: float
    statistic: float
    df: float | None
    weights: FloatArray
    status: str
    tau2: float | None = None
    se_tau2: float | None = None
    tau2_ci: Pair | None = None
    i2: float | None = None
    i2_ci: Pair | None = None
    i2_q: float | None = None
    h2: float | None = None
    h2_ci: Pair | None = None
    q: float | None = None
    q_df: int | None = None
    q_p: float | None = None
    prediction: Pair | None = None
    log_likelihood: float | None = None
    aic: float | None = None
    aicc: float | None = None
    bic: float | None = None
    gradient: float | None = None
    optima: tuple[float, ...] = ()
    notes: tuple[str, ...] = ()
    posterior: Posterior | None = None

    def __post_init__(self) -> None:
        self.weights.flags.writeable = False

    def table(self) -> Table:
        """Show the pool as one row; `heterogeneity()` says more about how trials differ."""
        unit = f" ({self.effects.unit})" if self.effects.unit else ""
        columns = (
            Column("k", "Trials", "integer"),
            Column("mu", f"Effect{unit}", "number"),
            Column("ci", f"{in_percent(self.model.level)}% CI", "interval"),
            Column("p", "p", "p") if self.posterior is None else Column("below", "P(effect < 0)", "p"),
            Column("prediction", "Prediction interval", "interval"),
            Column("tau2", "tau²", "number", 3),
            Column("tau2_ci", f"{in_percent(self.model.level)}% CI of tau²", "interval", 3),
            Column("i2", f"I² (from {'Q' if self.model.common_effect else 'τ²'})", "percent", 0),
            Column("q", "Q", "number", 1),
            Column("q_p", "p of Q", "p"),
        )
        row: dict[str, Value] = {c.key: getattr(self, c.key) for c in columns if c.key != "below"}
        if self.posterior is not None:
            row["below"] = self.posterior.probability_below()
        return Table(columns, (row,), caption=self._caption(), notes=self.notes)

    def heterogeneity(self) -> Table:
        """Show τ², both I² and H² with their intervals, one to a row; what there is not is left out."""
        columns = (
            Column("measure", "Heterogeneity"),
            Column("estimate", "Estimate", "number", 3),
            Column("ci", f"{in_percent(self.model.level)}% CI", "interval", 3),
        )
        of_tau2 = (
            ("τ²", self.tau2, self.tau2_ci),
            ("I² (from τ²), percent", self.i2, self.i2_ci),
        )
        found: tuple[tuple[str, float | None, Pair | None], ...] = (
            *(() if self.model.common_effect else of_tau2),  # which is held at 0 there
            ("I² (from Q), percent", self.i2_q, None),
            ("H²", self.h2, self.h2_ci),
        )
        rows = tuple(
            {"measure": x, "estimate": value, "ci": ci} for x, value, ci in found if value is not None
        )
        return Table(columns, rows)

    def study_table(self) -> Table:
        """Show each study with its effect, its own normal interval and its weight."""
        unit = f" ({self.effects.unit})" if self.effects.unit else ""
        columns = (
            Column("study", "Trial"),
            Column("y", f"Effect{unit}", "number"),
            Column("se", "SE", "number", 3),
            Column("ci", f"{in_percent(self.model.level)}% CI", "interval"),
            Column("weight", "Weight", "percent", 1),
        )
        rows = tuple(
            {"study": label, "y": y, "se": se, "ci": ci, "weight": w}
            for label, y, se, ci, w in zip(
                self.effects.labels,
                self.effects.y.tolist(),
                (self.effects.v**0.5).tolist(),
                self.effects.limits(self.model.level),
                self.weights.tolist(),
            )
        )
        return Table(columns, rows, caption=self._caption())

    def to_frame(self) -> pd.DataFrame:
        """Give the row of `table()` as a DataFrame at full precision."""
        return self.table().to_frame()

    def to_dict(self) -> dict[str, Any]:
        """Give model, studies and every number as JSON knows them."""
        named = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("effects", "model")}
        if self.posterior is not None:
            named["posterior"] = self.posterior.to_dict()
        effects = self.effects
        studies = {"labels": effects.labels, "y": effects.y, "v": effects.v}
        model = {f.name: getattr(self.model, f.name) for f in fields(self.model)}
        if isinstance(self.model, Bayes):
            model |= {"tau": self.model.tau.words, "mu": self.model.mu.words}
        out: dict[str, Any] = plain(
            {"measure": effects.measure, "unit": effects.unit, "model": model, **named, "studies": studies}
        )
        return out

    def _caption(self) -> str:
        if self.k == 1:
            return "One trial"
        kind = "Common-effect" if self.model.common_effect else f"Random-effects ({self.model.tau2})"
        if isinstance(self.model, AllEvidence):
            kind = f"All-evidence ({self.model.tau2})"
        if isinstance(self.model, Bayes):
            kind = f"Bayesian random-effects ({self.model.words})"
        if isinstance(self.model, TableModel):
            kind = self.model.title
        remark = "" if self.status == "ok" else f"; {self.status}"
        return f"{kind} meta-analysis of {self.k} trials, {self.model.ci} interval{remark}"
