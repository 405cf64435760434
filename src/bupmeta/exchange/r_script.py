"""A plain script for R's metafor with the numbers inlined, so that a reviewer can check without Python."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bupmeta.analysis.conventions import OTHERS
from bupmeta.effects import Effects
from bupmeta.effects.tables import Tables
from bupmeta.errors import SpecError
from bupmeta.exchange.r_fit import METHODS, calls, count_calls
from bupmeta.exchange.r_text import r_comment, r_numbers, r_string, r_strings
from bupmeta.pooling import MetaResult, RandomEffects
from bupmeta.pooling.table_models import MantelHaenszel, Peto

__all__ = ["r_script", "r_script_of_pool"]

#: Names of counts in metafor and here.
_COUNTS = {"ai": "events_active", "n1i": "n_active", "ci": "events_control", "n2i": "n_control"}
_BEGIN = """\
# Needs R with the package metafor (3.8-1 or later). Run it with: Rscript FILE
# Each number that bupmeta found stands in a call of check(), after the call of metafor that gives it anew.

suppressPackageStartupMessages(library(metafor))

pool <- ""
passed <- 0L
failed <- character(0)
check <- function(what, metafor, bupmeta, scale = NULL) {
  same <- all.equal(bupmeta, as.numeric(metafor), tolerance = 1e-6, scale = scale, check.attributes = FALSE)
  if (isTRUE(same)) {
    passed <<- passed + 1L
  } else {
    failed <<- c(failed, paste(pool, what, sep = ": "))
    cat("DIFFERS ", pool, ": ", what, ", metafor ", format(as.numeric(metafor), digits = 12), ", bupmeta ",
        format(bupmeta, digits = 12), "\\n", sep = "")
  }
}
"""
_END = """\
cat(passed, "checks passed,", length(failed), "failed\\n")
stopifnot("bupmeta and metafor differ" = length(failed) == 0)
"""


def r_script(results: Mapping[str, Any]) -> str:
    """Give every pool of estimates in results.json (as `record` or `read_results` has it) as a script.

    Beside the model of the specification each pool is made by the other usual methods, where metafor has them. All
    evidence, posteriors and the multiverse are not in it: metafor has nothing like them.
    """
    lines = [
        r_comment(
            f"{results['title']}: the pools of bupmeta {results['program']['version']} made anew by metafor."
        ),
        r_comment(f"Data {results['data']['name']}, SHA-256 {results['data']['sha256']}"),
        r_comment(f"Specification {results['spec']['name']}, SHA-256 {results['spec']['sha256']}"),
        _BEGIN,
    ]
    for section in results["sections"]:
        for pool in [section["total"], *section["subgroups"]]:
            if pool is not None:
                lines += [*_pool(section, pool), ""]
    for outcome in results["outcomes"]:
        for pool in [*outcome["pools"], outcome["total"]]:
            if pool is not None:
                lines += [*_events(outcome, pool), ""]
    return "\n".join([*lines, _END])


def r_script_of_pool(result: MetaResult, tables: Tables | None = None, title: str = "pool") -> str:
    """Give one result of `pool` as a script; `tables` are the counts, where a model of counts was asked for.

    Raises SpecError for a model that metafor does not have in the same form.
    """
    found = result.to_dict()
    lines = [
        r_comment(f"{title}, pooled by bupmeta and made anew by metafor."),
        _BEGIN,
        f"pool <- {r_string(title)}",
    ]
    if isinstance(result.model, RandomEffects):
        lines += [*_estimates(result.effects), *calls(found, found["model"])]
    elif isinstance(result.model, MantelHaenszel | Peto) and tables is not None:
        lines += [*_counts(tables), *count_calls(found, "Peto" if isinstance(result.model, Peto) else "MH")]
    else:
        raise SpecError(
            f"{type(result.model).__name__} has no counterpart in metafor that gives the same numbers; export IV, MH "
            "or Peto"
        )
    return "\n".join([*lines, "", _END])


def _pool(section: Mapping[str, Any], pool: Mapping[str, Any]) -> Iterator[str]:
    same = pool["title"] == section["title"]
    name = f"{section['title'] if same else section['title'] + ', ' + pool['title']} ({pool['measure']})"
    yield r_comment(f"---- {name}, {pool['unit']}")
    for trial in pool["without_effect"]:
        yield r_comment(f"without an effect: {trial['label']} ({trial['kind']})")
    found = pool["result"]
    if found is None:
        yield "# no effect to pool"
        return
    yield f"pool <- {r_string(name)}"
    notes = [(t["label"], f"{t['formula']}; printed: {t['printed'] or 'nothing'}") for t in pool["trials"]]
    studies = found["studies"]
    yield from _frame(studies["labels"], {"yi": studies["y"], "vi": studies["v"]}, notes)
    yield from calls(found, found["model"])
    for other in pool["other_methods"]:
        if other["result"] is None:
            yield r_comment(f"{other['name']}: refused, {other['reason']}")
            continue
        yield f"pool <- {r_string(name + ', ' + other['name'])}"
        yield from calls(other["result"], {**found["model"], **OTHERS[other["name"]], "tau2_ci": None})


def _events(outcome: Mapping[str, Any], pool: Mapping[str, Any]) -> Iterator[str]:
    """A pool of people with an event: by counts, or by estimates where these were pooled."""
    name = f"{outcome['title']}, {pool['title']}"
    yield r_comment(f"---- {name}")
    found = pool["result"]
    if found is None:
        yield r_comment(f"not pooled: {pool['reason']}")
        return
    yield f"pool <- {r_string(name)}"
    if pool["model"] == "IV":
        studies = found["studies"]
        yield from _frame(studies["labels"], {"yi": studies["y"], "vi": studies["v"]}, [])
        yield from calls(found, found["model"])
    elif pool["model"] in METHODS:
        rows = pool["counts"]
        columns = {r_name: [row[name] for row in rows] for r_name, name in _COUNTS.items()}
        yield from _frame([row["label"] for row in rows], columns, [])
        yield from count_calls(found, pool["model"])
    else:
        yield r_comment(f"pooled by {pool['model']}, which is not made anew here")


def _estimates(effects: Effects) -> Iterator[str]:
    notes = [(label, origin.formula) for label, origin in zip(effects.labels, effects.origin)]
    yield from _frame(effects.labels, {"yi": effects.y.tolist(), "vi": effects.v.tolist()}, notes)


def _counts(tables: Tables) -> Iterator[str]:
    columns = {r_name: getattr(tables, name).tolist() for r_name, name in _COUNTS.items()}
    yield from _frame(tables.labels, columns, [])


def _frame(
    labels: Sequence[str], columns: Mapping[str, Sequence[float]], notes: Sequence[tuple[str, str]]
) -> Iterator[str]:
    for label, note in notes:
        yield r_comment(f"{label}: {note}")
    yield "trials <- data.frame("
    yield f"  slab = {r_strings(labels)},"
    *first, last = columns.items()
    for name, values in first:
        yield f"  {name} = {r_numbers(values)},"
    yield f"  {last[0]} = {r_numbers(last[1])})"
