"""What the page shows of subsets of a pool: whole numbers to look up, texts, and an axis. No format but HTML has it."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias, TypedDict

import numpy as np
from numpy.typing import NDArray

from bupmeta.analysis import Analysis, Pool, Section
from bupmeta.analysis.explore import MOST, Explored
from bupmeta.effects import Effects, Origin
from bupmeta.kernels import Status
from bupmeta.plots.axis import axis
from bupmeta.plots.chart import effect_words
from bupmeta.plots.forest_layout import RATIOS
from bupmeta.plots.forest_parts import clean
from bupmeta.report.document import Explorer, slug
from bupmeta.robustness.refit import Refits
from bupmeta.table import in_percent

Floats: TypeAlias = NDArray[np.float64]

__all__ = ["DECIMALS", "View", "explorer", "view"]

# The numbers of one subset, in this order, and their decimals: mu, its interval, prediction, tau2, I2, status.
DECIMALS = (2, 2, 2, 2, 2, 3, 0, 0)
POINTS = "0-10"  # a scale that is often read as 0-100

_SAYS = (
    "Untick a trial to see the pool without it, and choose another method or scale. Every number was computed when "
    "this report was made; the page looks them up and computes nothing."
)

# What the page says beside its numbers.
_WORDS = {
    "trials": "trials",
    "off": "Off",
    "over": "over",
    "pooled": "Pooled",
    "alone": "One trial, not pooled",
    "one": "One trial: reported, not pooled.",
    "interval": "interval",
    "prediction": "Prediction interval",
    "none": "No trial is on.",
    "missing": f"This combination was not computed: at most {MOST} trials can be switched off.",
    "lacking": "This method finds no estimate for these trials.",
    "refused": "this method gives no interval for these trials",
    "several": "The likelihood has several maxima; the highest is taken.",
    "lost": "The link names something that is not here; it is left out.",
    "source": "Source",
    "entry": "In the list of trials",
    "weight": "Weight as specified, with all trials on",
}


class View(TypedDict, total=False):
    """One pool on one scale. `like` names a view before it whose other entries hold here too.

    Effects are whole numbers of `decimals`; on the screen their decimal point moves right by `shift` places. `numbers`
    are little-endian integers of `bytes` bytes as base64: models, then data sets in the order of `Explored`, then
    DECIMALS; the least integer stands for what there is not, the greatest for what is as large or larger.
    """

    like: int
    title: str
    ratio: bool
    shift: int
    low: float
    high: float
    ticks: list[tuple[float, str]]
    favours: Sequence[str]
    most: int | None
    trials: list[dict[str, Any]]
    models: list[str]
    sets: int
    bytes: int
    numbers: str


def explorer(analysis: Analysis, section: Section) -> Explorer | None:
    """Make the block for one condition: its pool, and those in standard deviations; None where nothing is pooled."""
    views: list[View] = []
    for pool, kind in _pools(analysis, section):
        if pool.explored is None:
            continue
        title = effect_words(pool.effects) + (f", {kind}" if kind else "")
        ratio = pool.effects.measure in RATIOS
        first = len(views)
        views.append(view(pool.explored, title, analysis.spec.favours, ratio=ratio))
        if ratio:
            views.append(view(pool.explored, f"Logarithm of the {title.lower()}", analysis.spec.favours))
        elif POINTS in title:
            views.append({"like": first, "title": title.replace(POINTS, "0-100"), **_axis(pool.explored, 10)})
    if not views:
        return None
    level = f"{in_percent(analysis.spec.model.level)} %"
    return Explorer(
        f"explore_{slug(section.title)}_{section.measure}",
        f"Switch trials off: {section.title}",
        _SAYS,
        {
            "level": level,
            "decimals": DECIMALS,
            "several": int(Status.SEVERAL_OPTIMA),
            "words": _WORDS,
            "views": views,
        },
    )


def _pools(analysis: Analysis, section: Section) -> Iterator[tuple[Pool, str]]:
    if section.total is not None:
        yield section.total, ""
    for other in analysis.of("SMD"):
        if other.title == section.title and section.measure != "SMD":
            yield from ((pool, pool.title) for pool in other.subgroups)


def view(explored: Explored, title: str, favours: tuple[str, str], *, ratio: bool = False) -> View:
    """Give all that the page needs of one pool; with `ratio`, effects are written as ratios on a logarithmic axis."""
    fits = list(explored.fits.values())
    table = np.array([_numbers(fit, ratio) for fit in fits])
    size, written = _packed(table)
    return {
        "title": title,
        "ratio": ratio,
        "favours": favours,
        "most": explored.most,
        "trials": list(_trials(fits[0], ratio)),
        "models": [_model(name, fit) for name, fit in explored.fits.items()],
        "sets": len(fits[0]),
        "bytes": size,
        "numbers": written,
        **_axis(explored, ratio=ratio),
    }


def _model(name: str, fit: Refits) -> str:
    model = fit.result.model
    return f"{name} ({model.tau2}, {model.ci} interval)" if name == "as specified" else name


def _numbers(fit: Refits, ratio: bool) -> Floats:
    """DECIMALS per data set; a fit that did not converge has none."""
    found = np.stack(
        [
            fit.mu,
            fit.ci_low,
            fit.ci_high,
            fit.prediction_low,
            fit.prediction_high,
            fit.tau2,
            fit.i2,
            fit.status,
        ],
        axis=1,
    )
    if ratio:
        with np.errstate(over="ignore"):
            found[:, :5] = np.exp(found[:, :5])
    return found


def _packed(table: Floats) -> tuple[int, str]:
    whole = np.stack([_whole(table[..., i], decimals) for i, decimals in enumerate(DECIMALS)], axis=-1)
    size = 2 if np.nanmax(np.abs(whole)) < np.iinfo("<i2").max else 4
    kind = np.iinfo(f"<i{size}")
    kept = np.where(np.isnan(whole), kind.min, np.clip(whole, kind.min + 1, kind.max))
    return size, base64.b64encode(kept.astype(f"<i{size}").tobytes()).decode("ascii")


def _whole(x: Floats, decimals: int) -> Floats:
    """Whole numbers of so many decimals, rounded as a text of that many decimals is."""
    return np.rint(np.reshape([round(one, decimals) for one in x.ravel().tolist()], x.shape) * 10.0**decimals)


def _axis(explored: Explored, times: int = 1, *, ratio: bool = False) -> View:
    """Limits in the unit of the numbers, and ticks as their place in percent with what is written there."""
    result = next(iter(explored.fits.values())).result
    effects = result.effects
    spans = [
        *effects.limits(result.model.level),
        result.ci,
        *([result.prediction] if result.prediction else []),
    ]
    scale = axis(
        [times * x for x in (*effects.y.tolist(), result.mu)],
        [(times * low, times * high) for low, high in spans],
        ratio=ratio,
    )
    wide = scale.high - scale.low
    return {
        "shift": len(str(times)) - 1,
        "low": round(scale.low / times, 4),
        "high": round(scale.high / times, 4),
        "ticks": [(round(100 * (x - scale.low) / wide, 2), text) for x, text in scale.ticks],
    }


def _trials(fit: Refits, ratio: bool) -> Iterator[dict[str, Any]]:
    result = fit.result
    effects: Effects = result.effects
    weights = result.weights.tolist()
    limits = effects.limits(result.model.level)
    for i, (label, origin) in enumerate(zip(effects.labels, effects.origin)):
        numbers = np.array([effects.y[i], *limits[i]])
        with np.errstate(over="ignore"):
            shown = np.exp(numbers) if ratio else numbers
        yield {
            "row": origin.rows[0] if origin.rows else f"trial {i + 1}",
            "label": clean(label),
            "year": origin.year,
            "weight": round(weights[i], 1),
            "size": round(float((weights[i] / max(weights)) ** 0.5), 2),
            "numbers": _whole(np.minimum(shown, 1e13), DECIMALS[0]).astype(int).tolist(),
            "said": [pair for pair in _said(origin) if pair[1]],
            "address": origin.address,
        }


def _said(origin: Origin) -> Iterator[tuple[str, str]]:
    arms = f"{origin.n_active} and {origin.n_control}" if origin.n_active and origin.n_control else ""
    yield "Design", clean(origin.design)
    yield "Persons", f"{origin.n or ''}{f' ({arms})' if arms and origin.n else arms}"
    yield "Printed", clean(origin.printed)
    yield "Formula", clean(origin.formula)
    yield "Assumption", clean(origin.assumption)
    yield "Note", clean(origin.remark)
