"""The Summary of Findings: one row per outcome and condition that the specification chose, each with its certainty."""

from __future__ import annotations

from collections.abc import Sequence

from bupmeta.analysis.bodies import OUTSIDE_PAIN, Evidence, body_of_events, body_of_one, body_of_scores
from bupmeta.analysis.certainty import Body, Override, Rules, rate
from bupmeta.analysis.finding import Finding, Judgements, PoolRisk
from bupmeta.analysis.outcome_results import EventPool, OutcomeSection
from bupmeta.analysis.outcomes import OUTSIDE
from bupmeta.analysis.results import Pool, Section
from bupmeta.analysis.spec import MOST_FINDINGS, AnalysisSpec, SummaryRow
from bupmeta.errors import SpecError, instead
from bupmeta.trials import Trials
from bupmeta.trials.risk_of_bias import RiskOfBias

__all__ = ["findings", "judgements"]


def judgements(judged: RiskOfBias, name: str, outcome: str, sections: Sequence[Section]) -> Judgements:
    """What the file says of the known trials of each pool of the main outcome."""
    pools = []
    for section in sections:
        assert section.total is not None
        effects, result = section.total.effects, section.total.result
        names = [*effects.labels, *(one.label for one in effects.silent)]
        keys = [*(one.trial for one in effects.origin), *(one.trial for one in effects.silent)]
        weights = [0.0] * len(effects) if result is None else result.weights.tolist()
        assessments = {label: judged.of(trial, outcome) for label, trial in zip(names, keys, strict=True)}
        pools.append(PoolRisk(section.title, assessments, (*weights, *[0.0] * len(effects.silent))))
    return Judgements(name, judged.sha256, tuple(pools))


def findings(
    spec: AnalysisSpec,
    trials: Trials,
    judged: RiskOfBias | None,
    sections: Sequence[Section],
    outcomes: Sequence[OutcomeSection],
) -> tuple[Finding, ...]:
    """One finding per row asked for, by default the main outcome in each condition.

    `sections` are those of the primary measure. Raises SpecError for an outcome or a condition that the analysis has
    not.
    """
    evidence = Evidence(spec, trials, judged, Rules())
    rows = spec.findings or tuple(SummaryRow(spec.outcome, one.title) for one in sections)[:MOST_FINDINGS]
    _check(spec, rows, [one.title for one in sections])
    by_title = {one.title: one.total for one in sections}
    by_outcome = {one.outcome.outcome: one for one in outcomes}
    found = []
    for row in rows:
        if row.outcome == spec.outcome:
            pool = by_title[row.condition]
            assert pool is not None
            found.append(_of_scores(evidence, row, pool))
        else:
            found.append(_of_outcome(evidence, row, by_outcome[row.outcome]))
    return tuple(found)


def _check(spec: AnalysisSpec, rows: Sequence[SummaryRow], titles: Sequence[str]) -> None:
    """What is asked for must be a question of the analysis; that no trial answers it is an answer."""
    conditions = {spec.outcome: titles} | {one.outcome: ("", *titles, OUTSIDE) for one in spec.outcomes}
    asked = [("findings", row.outcome, row.condition, False) for row in rows]
    asked += [("certainty", step.outcome, step.condition, not step.condition) for step in spec.certainty]
    for table, outcome, condition, anywhere in asked:
        label = f"{spec.path}: [[{table}]] names"
        if outcome not in conditions:
            hint = instead(outcome, conditions)
            raise SpecError(f"{label} the outcome {outcome!r}, which this analysis has not; {hint}")
        if condition not in conditions[outcome] and not anywhere:
            there = ", ".join(map(repr, conditions[outcome]))
            raise SpecError(f"{label} {outcome!r} in {condition!r}; this outcome has {there}")


def _of_outcome(evidence: Evidence, row: SummaryRow, section: OutcomeSection) -> Finding:
    """From the pool of the condition, from the trial that is not about pain, or from nothing."""
    pools = {"": section.total, **{pool.title: pool for pool in section.pools}}
    if (pool := pools.get(row.condition)) is not None:
        return _of_events(evidence, row, section, pool)
    if row.condition == OUTSIDE and section.outside:
        return _of_one(evidence, row, section)
    where = OUTSIDE_PAIN if row.condition == OUTSIDE else row.condition or "all conditions"
    certainty = rate(Body(0, 0), _overrides(evidence.spec, row), evidence.rules)
    comments = _comments(row, (), ())
    return Finding(
        section.outcome.title, where, Body(0, 0), certainty, 0, section.outcome.measure, comments=comments
    )


def _overrides(spec: AnalysisSpec, row: SummaryRow) -> tuple[Override, ...]:
    """The reviewer's steps for this outcome: those of any condition, then those of this one."""
    own = [one for one in spec.certainty if one.outcome == row.outcome]
    chosen = sorted(
        (one for one in own if one.condition in ("", row.condition)), key=lambda one: bool(one.condition)
    )
    return tuple(Override(one.domain, one.step, one.reason) for one in chosen)


def _of_scores(evidence: Evidence, row: SummaryRow, pool: Pool) -> Finding:
    body, result = body_of_scores(evidence, pool), pool.result
    return Finding(
        outcome=evidence.spec.question.outcome,
        condition=row.condition,
        body=body,
        certainty=rate(body, _overrides(evidence.spec, row), evidence.rules),
        known=pool.known,
        measure=pool.measure,
        unit=pool.effects.unit,
        estimate=None if result is None else result.mu,
        ci=None if result is None else result.ci,
        comments=_comments(row, pool.effects.labels, [one.assumption for one in pool.effects.origin]),
    )


def _of_events(evidence: Evidence, row: SummaryRow, section: OutcomeSection, pool: EventPool) -> Finding:
    body = body_of_events(evidence, pool, row.outcome)
    shown = pool.main.shown if pool.main is not None else None
    return Finding(
        outcome=section.outcome.title,
        condition=row.condition or pool.title,
        body=body,
        certainty=rate(body, _overrides(evidence.spec, row), evidence.rules),
        known=pool.known,
        measure=pool.effects.measure,
        estimate=None if shown is None else shown[0],
        ci=None if shown is None else shown[1],
        people=pool.people[0] if pool.people else None,
        comments=_comments(row, pool.effects.labels, [one.assumption for one in pool.effects.origin]),
    )


def _of_one(evidence: Evidence, row: SummaryRow, section: OutcomeSection) -> Finding:
    one = section.outside[0]
    body, shown = body_of_one(evidence, one), one.shown
    return Finding(
        outcome=section.outcome.title,
        condition=OUTSIDE_PAIN,
        body=body,
        certainty=rate(body, _overrides(evidence.spec, row), evidence.rules),
        known=len(section.outside),
        measure=one.effects.measure,
        estimate=None if shown is None else shown[0],
        ci=None if shown is None else shown[1],
        people=one.people,
        comments=_comments(row, (one.label,), ()),
    )


def _comments(row: SummaryRow, labels: Sequence[str], assumptions: Sequence[str]) -> tuple[str, ...]:
    """The comment of the specification, and with one trial its name and what its effect assumes."""
    alone = (labels[0], *(text for text in assumptions if text)) if len(labels) == 1 else ()
    return tuple(filter(None, ("; ".join(alone), row.comment)))
