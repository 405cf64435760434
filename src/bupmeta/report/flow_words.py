"""The flow of rows and trials in words: the boxes of its diagram, its table, and who is in which synthesis."""

from __future__ import annotations

from bupmeta.analysis import Analysis
from bupmeta.analysis.flow import Flow, Part, Step, eligibility
from bupmeta.plots.flow import Box, FlowLayout
from bupmeta.report.counting import count, listed
from bupmeta.report.tables import Row
from bupmeta.report.words import measure_title
from bupmeta.table import Column, Table, Value

__all__ = ["eligibility_table", "flow_layout", "flow_sentence", "flow_table", "trials_table"]


def flow_sentence(analysis: Analysis) -> str:
    """How many rows and trials there are, how many were chosen, and where these were read."""
    found = analysis.flow
    chosen = found.steps[-1] if found.steps else None
    rows, trials = (chosen.rows, chosen.trials) if chosen else (found.rows, found.trials)
    read = listed([f"{n} from {_SOURCES.get(kind, kind)}" for kind, n in found.sources.items()])
    twice = found.extraction.get("agreed", 0) + found.extraction.get("corrected", 0)
    return (
        f"The data file holds {count(found.rows, 'reported result')} of {count(found.trials, 'trial')}; "
        f"{count(rows, 'result')} of {count(trials, 'trial')} {'was' if rows == 1 else 'were'} chosen: {read}. "
        f"{count(twice, 'of them was', 'of them were').capitalize()} extracted twice, independently "
        f"({found.extraction.get('corrected', 0)} corrected)."
    )


_SOURCES = {
    "primary report": "the trial's own report",
    "secondary": "a review or summary",
    "data set": "a published data set",
    "register": "a register",
}


def flow_layout(analysis: Analysis) -> FlowLayout:
    """The boxes of the diagram: the data file, each filter with what it leaves out, and each condition."""
    found = analysis.flow
    start = Box(f"Data file: {found.rows} results of {found.trials} trials")
    column = [
        start,
        *(Box(f"{step.rows} results of {count(step.trials, 'trial')}", (step.kept,)) for step in found.steps),
    ]
    left_out = tuple(_left_out(step) for step in found.steps)
    return FlowLayout(tuple(column), left_out, tuple(_end(part) for part in found.parts))


def _left_out(step: Step) -> Box | None:
    if not step.rows_out:
        return None
    trials = (
        f"{count(step.trials_out, 'trial')} with no result left" if step.trials_out else "no trial is lost"
    )
    return Box(f"Left out: {count(step.rows_out, 'result')}", (trials,))


def _end(part: Part) -> Box:
    if not part.trials:
        return Box(part.title, ("no eligible trial",))
    lines = [f"{count(part.trials, 'trial')} known", f"{part.with_effect} with an effect"]
    return Box(part.title, (*lines, *(f"{n}: {kind}" for kind, n in part.without.items())))


def flow_table(found: Flow) -> Table:
    """The counts of the diagram, step by step and condition by condition."""
    columns = (
        Column("what", "Step"),
        Column("rows", "Results", "integer"),
        Column("trials", "Trials", "integer"),
        Column("rows_out", "Results left out", "integer"),
        Column("trials_out", "Trials left out", "integer"),
    )
    rows: list[Row] = [{"what": "in the data file", "rows": found.rows, "trials": found.trials}]
    rows += [
        {
            "what": step.kept,
            "rows": step.rows,
            "trials": step.trials,
            "rows_out": step.rows_out,
            "trials_out": step.trials_out,
        }
        for step in found.steps
    ]
    for part in found.parts:
        rows += [{"what": part.title, "trials": part.trials}]
        rows += [{"what": f"{part.title}: with an effect", "trials": part.with_effect}]
        rows += [{"what": f"{part.title}: {kind}", "trials": n} for kind, n in part.without.items()]
    return Table(columns, tuple(rows), "From the data file to the conditions")


def eligibility_table(analysis: Analysis) -> Table:
    """One row per trial and condition: what became of it in each measure."""
    measures = analysis.spec.measures
    columns = (
        Column("label", "Trial"),
        Column("condition", "Condition"),
        *(Column(measure, measure_title(measure).split(",")[0].capitalize()) for measure in measures),
    )
    rows: list[Row] = []
    for study in eligibility(analysis):
        for condition in dict.fromkeys(title for title, _ in study.fates):
            row: dict[str, Value] = {"label": study.label, "condition": condition}
            row |= {measure: study.fates.get((condition, measure), "") for measure in measures}
            rows.append(row)
    return Table(columns, tuple(rows), "Every trial and the syntheses it is in, or why it is not")


def trials_table(analysis: Analysis) -> Table:
    """What kind of trial each one is: patients, treatments, design, length and size."""
    columns = (
        Column("label", "Trial"),
        Column("year", "Year"),
        Column("population", "Patients"),
        Column("treatment", "Treatment"),
        Column("comparator", "Control"),
        Column("design", "Design"),
        Column("blinding", "Blinding"),
        Column("weeks", "Weeks"),
        Column("n", "Randomized", "integer"),
        Column("analysis_set", "Analysed"),
        Column("scale", "Scales"),
        Column("baseline", "Baseline (active / control)"),
        Column("registration", "Register"),
    )
    keys = [column.key for column in columns if column.key != "year"]
    rows: list[Row] = [
        {"year": str(trial.year)} | {key: getattr(trial, key) for key in keys}
        for trial in analysis.characteristics
    ]
    note = "An empty cell: not printed in what was read. Several values are those of several reports or arms."
    return Table(columns, tuple(rows), "The trials of this analysis", (note,))
