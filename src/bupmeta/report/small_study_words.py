"""Sentences on whether small trials show other effects."""

from __future__ import annotations

from bupmeta.analysis import Pool
from bupmeta.bias import FEWEST
from bupmeta.report.counting import count
from bupmeta.table import in_percent, interval, number, p_value

__all__ = ["small_study_words"]


def small_study_words(pool: Pool) -> str:
    """What the funnel shows and its test says, or why neither is made."""
    test = pool.small_study
    if test is None:
        if len(pool.effects) < 2:
            return ""
        few = count(len(pool.effects), "trial")
        return (
            f"Whether small trials show other effects cannot be told from {few}: a funnel plot and its test are made "
            f"from {count(FEWEST, 'trial')} on."
        )
    p = p_value(test.p)
    said = f"t = {number(test.t)} with {test.df} df, p {p if p[:1] in '<>' else f'= {p}'}"
    way = "lower" if test.slope < 0 else "higher"
    return (
        f"Small trials: with each unit of the {test.words} the effect is {number(abs(test.slope))} {way} ({said}). At "
        f"the end of that line, without sampling error, it would be {number(test.limit)} {interval(test.limit_ci)}, "
        f"{in_percent(test.level)} % interval; that goes beyond the trials and is no estimate. Results that were never "
        "published are one reason for such a slope; differences between the trials, the scale and chance are others, "
        "and a flat line does not show that nothing is missing."
    )
