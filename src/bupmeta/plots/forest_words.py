"""The words of a forest plot in the notation of its preset: effects, labels of pools, the line of heterogeneity."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import TYPE_CHECKING

from bupmeta.plots.forest_parts import Interval, clean
from bupmeta.plots.presets import PRESETS, Preset

if TYPE_CHECKING:
    from bupmeta.pooling import MetaResult

__all__ = ["Show", "heterogeneity", "model_words", "weighting"]

TESTED = frozenset({"Wald", "t", "HK", "HK-adhoc", "KR"})  # intervals that are an estimate and so many SEs


@dataclass(frozen=True, slots=True)
class Show:
    """How estimates are written: so many decimals, ratios back from their logarithms, by a preset.

    `words` are what the words of the preset hold beside the numbers of a row.
    """

    digits: int
    ratio: bool
    preset: Preset = PRESETS["house"]
    words: Mapping[str, str] | None = None

    def scale(self, x: float) -> float:
        """The number that is shown for an estimate or a limit."""
        if not self.ratio:
            return x
        return math.exp(x) if x < 700 else math.inf

    def number(self, x: float | None, digits: int | None = None) -> str:
        """A number in the notation of the preset."""
        return self.preset.notation.number(x, self.digits if digits is None else digits)

    def limits(self, pair: Interval) -> str:
        """An interval in words that also hold when one end, or both, is open."""
        low, high = (self.scale(x) for x in pair)
        if math.isinf(low) and math.isinf(high):
            return "any value"
        if math.isinf(low) or (self.ratio and low == 0):
            return f"below {self.number(high)}"
        if math.isinf(high):
            return f"above {self.number(low)}"
        if low == high:
            return self.number(low)
        return self.preset.notation.interval((low, high), self.digits)

    def estimate(self, value: float, pair: Interval) -> str:
        """An estimate with its interval."""
        return f"{self.number(self.scale(value))} {self.limits(pair)}"

    def say(self, template: str, **own: str) -> str:
        """Fill the words of a preset; names are cleaned and never read as a template."""
        return template.format_map(
            {**(self.words or {}), **{key: clean(value) for key, value in own.items()}}
        )


def heterogeneity(result: MetaResult, show: Show) -> str:
    """One line: between-trial variance, Cochran's Q, the share of variation it makes up, the test and the model."""
    preset, write = show.preset, show.preset.notation
    values: dict[str, str] = {}
    if result.tau2 is not None:
        values["tau2"] = write.is_(write.number(result.tau2, show.digits + 1))
    if result.q is not None:
        values |= {
            "q": write.is_(write.number(result.q, 1)),
            "df": write.is_(str(result.q_df)),
            "p": write.p(result.q_p),
        }
    if result.i2 is not None:
        values["i2"] = write.is_(write.number(result.i2, 0))
    if result.model.ci in TESTED and math.isfinite(result.statistic):
        name, df = ("Z", "") if result.df is None else ("t", f", df{write.is_(write.number(result.df, 0))}")
        values |= {
            "test": f"{name}{write.is_(write.number(result.statistic))}{df}",
            "p_effect": write.p(result.p),
        }
    parts, overall = _said(preset.heterogeneity, values), _said(preset.overall, values)
    model = f"{result.model.tau2}, {result.model.ci} interval".replace(" ", "\u00a0")
    head = [preset.head + preset.between.join(parts)] if parts else []
    return " ".join(f"{sentence}." for sentence in (*head, *overall, model))


def _said(templates: Sequence[str], values: Mapping[str, str]) -> list[str]:
    """The statements whose numbers exist; with no-break spaces, so that no line ends in the middle of one."""
    there = [
        template
        for template in templates
        if {name for _, name, _, _ in Formatter().parse(template) if name} <= set(values)
    ]
    return [template.format_map(values).replace(" ", "\u00a0") for template in there]


def weighting(result: MetaResult | None) -> str:
    """Name how trials are weighted, as Cochrane does: inverse variance or the model's name, random or fixed.

    >>> from bupmeta import Effects, pool
    >>> weighting(pool(Effects.from_arrays([-0.4, -0.9], [0.04, 0.09])))
    'IV, Random'
    """
    if result is None:
        return "IV"
    name = type(result.model).__name__
    kind = {"RandomEffects": "IV", "MantelHaenszel": "M-H"}.get(name, name)
    return f"{kind}, {'Fixed' if _fixed(result) else 'Random'}"


def model_words(result: MetaResult) -> str:
    """Name the model in words: one effect in all trials, or effects that vary.

    >>> from bupmeta import Effects, RandomEffects, pool
    >>> model_words(pool(Effects.from_arrays([-0.4, -0.9], [0.04, 0.09]), RandomEffects(tau2="EE", ci="Wald")))
    'Fixed-effect model'
    """
    return "Fixed-effect model" if _fixed(result) else "Random-effects model"


def _fixed(result: MetaResult) -> bool:
    return result.model.tau2 == "EE" or (result.k > 1 and result.tau2 is None)
