"""One pool as calls of metafor, each followed by a check against the number that bupmeta found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bupmeta.exchange.r_text import r_numbers, r_string

__all__ = ["METHODS", "TESTS", "calls", "count_calls"]

Found = Mapping[str, Any]

#: The interval of the effect as metafor's argument `test`; what is not here metafor does not have in rma().
TESTS = {"Wald": "z", "t": "t", "HK": "knha", "HK-adhoc": "adhoc"}
#: Models of counts that metafor has with the same numbers.
METHODS = ("MH", "Peto")
#: The quantile of a prediction interval around the Wald standard error, with k the number of trials.
_QUANTILES = {"z": "qnorm({p})", "t": "qt({p}, fit$k - 1)", "HTS": "qt({p}, fit$k - 2)"}
_WALD = "1 / sum(1 / (fit$vi + fit$tau2))"


def calls(found: Found, model: Found) -> Iterator[str]:
    """Give the lines that fit `trials` under a model and check `found`, the numbers of a result by their names."""
    if found["k"] == 1:
        yield from _alone(found, model)
        return
    if model["ci"] not in TESTS:
        yield f"# metafor's rma() has no {model['ci']} interval; the estimate is compared, its interval is not"
    floored = model["tau2"] == "EE" and model["ci"] == "HK-adhoc"
    if floored:
        yield "# metafor floors Hartung-Knapp under random effects only, so the interval is not compared"
    test = "z" if floored else TESTS.get(model["ci"], "z")
    yield f"fit <- rma(yi, vi, slab = slab, data = trials, method = {r_string(model['tau2'])},"
    yield f"           test = {r_string(test)}, level = {_percent(model)}, control = {_control(found)})"
    if model["ci"] != "Henmi-Copas":
        yield _check("estimate", "coef(fit)", [found["mu"]], "fit$se")
    if model["ci"] in TESTS and not floored:
        yield _check("standard error", "fit$se", [found["se"]])
        yield _check("interval", "c(fit$ci.lb, fit$ci.ub)", found["ci"], "fit$se")
    yield _check("tau2", "fit$tau2", [found["tau2"]])
    yield _check("I2", "fit$I2", [found["i2"]])
    if found.get("q") is not None:
        yield _check("Q", "fit$QE", [found["q"]])
    yield from _interval_of_tau2(found, model)
    yield from _prediction(found, model)


def _alone(found: Found, model: Found) -> Iterator[str]:
    yield "# one trial: reported, not pooled"
    yield _check("estimate", "trials$yi", [found["mu"]], "sqrt(trials$vi)")
    limits = f"trials$yi + c(-1, 1) * qnorm({_upper(model)}) * sqrt(trials$vi)"
    yield _check("interval", limits, found["ci"], "sqrt(trials$vi)")


def _control(found: Found) -> str:
    """A stopping rule tight enough for the checks; where there are several maxima, the start says which is meant."""
    start = ""
    if len(found.get("optima") or ()) > 1:
        start = f", tau2.init = {_one(found['tau2'])}"
    return f"list(threshold = 1e-12, maxiter = 10000, tol = 1e-12{start})"


def _interval_of_tau2(found: Found, model: Found) -> Iterator[str]:
    ends = found.get("tau2_ci")
    if ends is None or model.get("tau2_ci") != "QP":
        return
    limit = _one(max(100.0, 2 * ends[1]))
    yield f"ends <- confint(fit, level = {_percent(model)}, control = list(tol = 1e-12, tau2.max = {limit}))$random"
    yield _check("interval of tau2", 'ends["tau^2", c("ci.lb", "ci.ub")]', ends)


def _prediction(found: Found, model: Found) -> Iterator[str]:
    if found.get("prediction") is None:
        return
    kind = model["prediction"]
    if kind in _QUANTILES:
        spread, quantile = _WALD, _QUANTILES[kind].format(p=_upper(model))
    elif kind in ("HK", "HK-PR") and model["ci"] in ("HK", "HK-adhoc"):
        spread, quantile = "fit$se^2", f"qt({_upper(model)}, fit$k - {1 if kind == 'HK' else 2})"
    else:
        yield f"# metafor has no prediction interval of the kind {kind!r}"
        return
    half = f"{quantile} * sqrt(fit$tau2 + {spread})"
    yield _check("prediction interval", f"coef(fit) + c(-1, 1) * {half}", found["prediction"], "fit$se")


def count_calls(found: Found, method: str) -> Iterator[str]:
    """Give the lines that pool `trials` of counts by Mantel-Haenszel or Peto, and check the numbers."""
    counts = "ai = ai, n1i = n1i, ci = ci, n2i = n2i, slab = slab, data = trials"
    level = _percent(found["model"])
    if method == "Peto":
        yield f"fit <- rma.peto({counts}, level = {level})"
    else:
        measure = r_string(found["model"]["measure"])
        yield f"fit <- rma.mh({counts}, measure = {measure}, level = {level})"
    yield _check("estimate", "coef(fit)", [found["mu"]], "fit$se")
    yield _check("standard error", "fit$se", [found["se"]])
    yield _check("interval", "c(fit$ci.lb, fit$ci.ub)", found["ci"], "fit$se")
    if found.get("q") is not None:
        yield _check("Q", "fit$QE", [found["q"]])


def _check(what: str, theirs: str, ours: Sequence[float | None], scale: str = "") -> str:
    value = _one(ours[0]) if len(ours) == 1 else r_numbers(ours)
    return f"check({r_string(what)}, {theirs}, {value}{f', scale = {scale}' if scale else ''})"


def _one(value: float | None) -> str:
    return r_numbers([value])[2:-1]


def _percent(model: Found) -> str:
    return f"{100 * model['level']:.10g}"


def _upper(model: Found) -> str:
    return f"{(1 + model['level']) / 2:.12g}"
