"""The tables of a report, the same in terminal, HTML and CSV."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bupmeta.analysis import Alternative, Analysis, Pool, Section
from bupmeta.effects import Silent
from bupmeta.report.counting import count
from bupmeta.report.evidence_words import admitted
from bupmeta.report.words import estimate, how_to_read, measure_title
from bupmeta.table import Column, Table, Value, in_percent

__all__ = [
    "alternatives_table",
    "checks_table",
    "conversions_table",
    "filled",
    "named_pools",
    "pools_table",
    "silent_table",
    "study_table",
    "summary_table",
    "without",
]

Row = Mapping[str, Value]


def _level(analysis: Analysis) -> str:
    return f"{in_percent(analysis.spec.model.level)} %"


def summary_table(analysis: Analysis) -> Table:
    """One row per condition: how many trials, and the estimate with how to read it."""
    measure = analysis.spec.measures[0]
    columns = (
        Column("condition", "Condition"),
        Column("trials", "Trials", "integer"),
        Column("with_effect", "With effect", "integer"),
        Column("participants", "Persons", "integer"),
        Column("mu", "Estimate", "number"),
        Column("ci", f"{_level(analysis)} interval", "interval"),
        Column("all_evidence", "All evidence"),
        Column("reading", "How to read it"),
    )
    rows = tuple(_summary_row(section) for section in analysis.of(measure))
    caption = (
        f"{analysis.spec.title}: {analysis.spec.question.outcome}, {measure_title(measure)}; "
        f"{analysis.spec.question.intervention} minus {analysis.spec.question.comparator}, negative = less pain"
    )
    effects = [
        s.total.effects for s in analysis.of(measure) if s.total and s.title != analysis.spec.groups.overall
    ]
    unknown = sum(one.n is None for part in effects for one in part.origin)
    unknown += sum(one.n is None for part in effects for one in part.silent)
    notes = (
        "Persons are those of all known trials: randomized where that was printed, else analysed"
        + (f"; the size of {count(unknown, 'trial')} was not printed." if unknown else "."),
        (
            "All evidence: trials without an estimate enter as the range of effects that their words allow, or as the "
            "estimate that an exact p value implies."
        ),
    )
    return Table(columns, rows, caption, notes)


def _summary_row(section: Section) -> Row:
    pool = section.total
    assert pool is not None
    result = pool.result
    return {
        "condition": section.title,
        "trials": pool.known,
        "with_effect": len(pool.effects),
        "participants": pool.participants,
        "mu": None if result is None else result.mu,
        "ci": None if result is None else result.ci,
        "all_evidence": _all_evidence(pool),
        "reading": how_to_read(pool),
    }


def _all_evidence(pool: Pool) -> str:
    found = pool.evidence
    if found is None or not len(found.shifts):
        return ""
    if found.result is not None:
        return estimate(found.result)
    return "; ".join(f"{admitted(trial)}" for trial in found.shifts.trials)


def pools_table(analysis: Analysis, sections: Sequence[Section], caption: str = "") -> Table:
    """One row per pool with its effect, heterogeneity and prediction interval."""
    columns = (
        Column("section", "Condition"),
        Column("pool", "Group"),
        Column("k", "Trials", "integer"),
        Column("silent", "Without effect", "integer"),
        Column("mu", "Estimate", "number"),
        Column("ci", f"{_level(analysis)} interval", "interval"),
        Column("prediction", "Prediction interval", "interval"),
        Column("tau2", "tau²", "number", 3),
        Column("tau2_ci", "Interval of tau²", "interval", 3),
        Column("i2", "I² (tau²)", "percent", 0),
        Column("i2_q", "I² (Q)", "percent", 0),
        Column("remark", "Remark"),
    )
    rows = tuple(
        {
            "section": section.title,
            "pool": name,
            "silent": len(pool.effects.silent),
            **_numbers(pool, columns),
        }
        for section in sections
        for pool, name in named_pools(section)
    )
    return Table(columns, rows, caption)


def named_pools(section: Section) -> Iterator[tuple[Pool, str]]:
    """Give the pools of a section with the name each has in a table, the total last."""
    for pool in section.subgroups:
        yield pool, pool.title
    if section.total is not None:
        yield section.total, "all" if section.subgroups else section.title


def _numbers(pool: Pool, columns: Sequence[Column]) -> dict[str, Value]:
    if pool.result is None:
        return {"k": 0}
    found: dict[str, Value] = {
        c.key: getattr(pool.result, c.key) for c in columns if hasattr(pool.result, c.key)
    }
    return found | {"remark": _REMARKS.get(pool.result.k, "")}


_REMARKS = {
    1: "one trial: reported, not pooled",
    2: "two trials cannot show how much effects differ; no prediction interval",
    3: "three trials: the prediction interval is unreliable",
    4: "four trials: the prediction interval is unreliable",
}


def study_table(pool: Pool) -> Table:
    """The trials with an effect: what was printed, by which formula it became the effect, and its weight."""
    result = pool.result
    if result is None:
        return Table((), ())
    shown = result.study_table()
    digits = 2
    columns = (
        Column("study", "Trial"),
        Column("treatment", "Treatment"),
        Column("design", "Design"),
        Column("n", "n (active / control)"),
        Column("printed", "As printed"),
        Column("formula", "Formula"),
        Column("assumption", "Assumption"),
        Column("remark", "Note"),
        Column("y", "Effect", "number", digits),
        Column("ci", "Interval", "interval", digits),
        Column("weight", "Weight", "percent", 1),
        Column("rows", "Rows of the data file"),
    )
    rows = tuple(
        {
            **row,
            "treatment": origin.treatment,
            "design": origin.design,
            "n": f"{origin.n_active} / {origin.n_control}" if origin.n_active and origin.n_control else "",
            "printed": origin.printed,
            "formula": origin.formula,
            "assumption": origin.assumption,
            "remark": origin.remark,
            "rows": ", ".join(origin.rows),
        }
        for row, origin in zip(shown.rows, pool.effects.origin)
    )
    table = filled(Table(columns, rows, f"Trials with an effect: {pool.title}"))
    return without(table, "weight") if result.k == 1 else table


def silent_table(silent: Sequence[Silent], caption: str) -> Table:
    """The trials without an effect, with the reason and what they printed."""
    columns = (
        Column("label", "Trial"),
        Column("year", "Year"),
        Column("treatment", "Treatment"),
        Column("n", "n", "integer"),
        Column("kind", "Why there is no effect"),
        Column("reason", "In detail"),
        Column("admits", "Effects it admits"),
        Column("assumption", "If"),
        Column("printed", "As printed"),
        Column("rows", "Rows of the data file"),
    )
    rows = tuple(
        {
            "label": trial.label,
            "admits": admitted(trial),
            "assumption": trial.admissible.assumption if trial.admissible else "",
            "year": None if trial.year is None else str(trial.year),
            "treatment": trial.treatment,
            "n": trial.n,
            "kind": trial.kind,
            "reason": trial.reason,
            "printed": trial.printed,
            "rows": ", ".join(trial.rows),
        }
        for trial in silent
    )
    return Table(columns, rows, caption)


def without(table: Table, *keys: str) -> Table:
    """Leave out columns that another table of the page has for the same trials."""
    return replace(table, columns=tuple(c for c in table.columns if c.key not in keys))


def filled(table: Table) -> Table:
    """Leave out the columns in which no row has anything.

    >>> columns = Column("a", "A"), Column("b", "B")
    >>> [column.key for column in filled(Table(columns, ({"a": 1, "b": None}, {"a": 2, "b": ""}))).columns]
    ['a']
    """
    kept = tuple(c for c in table.columns if any(row.get(c.key) not in ("", None) for row in table.rows))
    return replace(table, columns=kept)


def alternatives_table(section: Section, which: str) -> Table:
    """Other models for the same trials (`which="conventions"`), or other trials and assumptions ("alternatives")."""
    columns = (
        Column("pool", "Group"),
        Column("name", "Analysis"),
        Column("k", "Trials", "integer"),
        Column("mu", "Estimate", "number"),
        Column("ci", "Interval", "interval"),
        Column("tau2", "tau²", "number", 3),
        Column("i2", "I² (tau²)", "percent", 0),
        Column("prediction", "Prediction interval", "interval"),
        Column("remark", "Remark"),
    )
    rows = []
    for pool, name in named_pools(section):
        others: tuple[Alternative, ...] = getattr(pool, which)
        if pool.result is None or not others:
            continue
        rows.append({"pool": name, "name": "as specified", **_numbers(pool, columns)})
        for other in others:
            row: dict[str, Value] = {"pool": name, "name": other.name, "remark": other.reason}
            if other.result is not None:
                row["remark"] = _REMARKS.get(other.result.k, "")
                row |= {c.key: getattr(other.result, c.key) for c in columns if hasattr(other.result, c.key)}
            rows.append(row)
    return Table(columns, tuple(rows), section.title)


def checks_table(analysis: Analysis) -> Table:
    """The recomputation by statsmodels beside the kernel's numbers."""
    columns = (
        Column("section", "Condition"),
        Column("pool", "Group"),
        Column("measure", "Measure"),
        Column("method", "tau² by"),
        Column("tau2", "tau² here", "number", 6),
        Column("tau2_statsmodels", "tau² statsmodels", "number", 6),
        Column("mu", "Effect here", "number", 6),
        Column("mu_statsmodels", "Effect statsmodels", "number", 6),
        Column("explanation", "Verdict"),
    )
    rows: tuple[Row, ...] = tuple(
        {
            "section": section.title,
            "pool": name,
            "measure": section.measure,
            "method": check.tau2_method,
            "tau2": check.tau2,
            "tau2_statsmodels": check.tau2_statsmodels,
            "mu": check.mu,
            "mu_statsmodels": check.mu_statsmodels,
            "explanation": check.explanation,
        }
        for section in analysis.sections
        for pool, name in named_pools(section)
        for check in pool.checks
    )
    return Table(
        columns, rows, "Every pool of two trials or more, recomputed by statsmodels' combine_effects"
    )


def conversions_table(analysis: Analysis) -> Table:
    """How many effects each formula gave, by measure."""
    used = {
        (section.measure, origin.formula, origin.assumption, origin.trial)
        for section in analysis.sections
        for pool in ((section.total,) if section.total is not None else section.subgroups)
        for origin in pool.effects.origin
    }
    counted = Counter((measure, formula, assumption) for measure, formula, assumption, _ in sorted(used))
    columns = (
        Column("measure", "Measure"),
        Column("formula", "Formula"),
        Column("assumption", "Assumption"),
        Column("count", "Effects", "integer"),
    )
    rows: tuple[Row, ...] = tuple(
        {"measure": measure, "formula": formula, "assumption": assumption, "count": n}
        for (measure, formula, assumption), n in counted.items()
    )
    return Table(columns, rows, "Every conversion from what a report printed to an effect")
