"""What an effect rests on is said beside it, in the measure's own words."""

from __future__ import annotations

from dataclasses import replace

import pytest

import bupmeta as bm
from bupmeta.effects import readings, silent_trials
from bupmeta.effects.admissible import admissible_row
from bupmeta.effects.readings import PRIMARY
from bupmeta.effects.recover import Reading, recover
from bupmeta.trials import forms as f


def test_a_bound_of_p_bounds_the_se_of_a_difference_and_the_size_of_an_smd(trials):
    """|t| at least t(p) makes SE = |d|/|t| at most that, and |g| = |t| sqrt(1/n1 + 1/n2) at least that."""
    md, smd = (recover(trials["semenchuk2001_pain"], measure) for measure in ("MD", "SMD"))
    assert isinstance(md, Reading)
    assert isinstance(smd, Reading)
    assert "the SE is an upper bound, taken at the bound of p" in md.assumption
    assert "the size of the effect is a lower bound, taken at the bound of p" in smd.assumption
    assert "upper bound" not in smd.assumption


@pytest.mark.parametrize(
    "row",
    ["gao2015_pain", "vollmer2014_pain", "konno2016_pain", "urquhart2018_pain_6m", "arnold2012_d30_pain"],
)
def test_g_from_the_t_of_an_adjusted_comparison_says_so(trials, row):
    """These five print least-squares or adjusted figures and no SD; the MD is as printed."""
    words = "t of an adjusted comparison: the size of g is overstated"
    assert words in recover(trials[row], "SMD").assumption
    assert words not in recover(trials[row], "MD").assumption


def test_a_crossover_with_two_sizes_takes_the_smaller_and_says_so(trials, row):
    """Goldenberg 1996 in the data of Häuser 2009: 22 and 19 figures of 19 completers."""
    words = "sizes 22 and 19 of a crossover: the smaller is taken as the number of pairs"
    for measure in ("MD", "SMD"):
        assert words in recover(trials["goldenberg1996_haeuser_t5"], measure).assumption
    assert "pairs" not in recover(trials["carette1995_haeuser_t2"], "MD").assumption  # 22 and 22
    silent = admissible_row(row(f.NotSignificant(n_active=22, n_control=19)), "SMD", PRIMARY, trials)
    assert words in silent.limits.assumption


def test_a_presumed_range_is_an_assumption_of_a_difference_in_points(trials):
    """Semenchuk 2001 and Häuser 2009 print no range; a numerical rating scale has its own."""
    presumed = {row.row for row in trials if row.scale.basis == "presumed"}
    assert {"semenchuk2001_pain", "patkar2007_haeuser_t20", "atkinson1998_pain"} <= presumed
    assert {row.row for row in trials if "_haeuser_" in row.row and row.scale.maximum} <= presumed
    for row in trials:
        found = recover(row, "MD")
        if isinstance(found, Reading):
            assert ("presumed" in found.assumption) == (row.row in presumed)
    assert "scale range 0-10 presumed" in recover(trials["semenchuk2001_pain"], "MD").assumption
    assert "scale range 0-100 presumed" in recover(trials["patkar2007_haeuser_t20"], "MD").assumption
    assert "range" not in recover(trials["patkar2007_haeuser_t20"], "SMD").assumption
    below = readings(trials["semenchuk2001_pain"], "MD", comparable=trials).readings
    assert all(one.assumption.count("scale range 0-10 presumed") == 1 for one in below)


def test_raja_says_that_its_p_covers_opioids_and_tca_together(trials):
    """Raja 2002, abstract: opioids and TCA reduced pain (1.9 and 1.4) more than placebo (0.2; p < 0.001)."""
    row = trials["raja2002_tca_pain"]
    assert row.form.p_about == "not stated"
    assert "which the report does not say" in recover(row, "MD").assumption
    within = bm.effect_sizes(trials.select(trial="raja2002"), p_about="within", comparable=trials)
    assert "compare with baseline" in within.origin[0].assumption


def test_comparisons_with_baseline_and_single_arms_are_told_apart(trials):
    """Farajirad 2013 compared each of two arms with baseline; Semenchuk & Davis 2000 had 22 patients and one arm."""
    rows = trials.select(trial=("farajirad2013", "semenchuk2000"), outcome="pain_intensity")
    found = {trial.trial: trial for trial in silent_trials(rows)}
    assert found["farajirad2013"].kind == "within groups only"
    assert found["farajirad2013"].n == 60
    assert found["semenchuk2000"].kind == "one group only"
    assert found["semenchuk2000"].n == 22


def test_the_note_of_a_row_reaches_the_reader_without_its_codes(trials):
    """Effects carry the notes of their rows as remark and silent trials as note, each sentence once."""
    for measure in ("MD", "SMD", "percent"):
        effects = bm.effect_sizes(trials, measure=measure)
        for origin in effects.origin:
            assert "[" not in origin.remark
            assert all(trials[row].source.remark.split(". ")[0] in origin.remark for row in origin.rows)
        for silent in effects.silent:
            assert "[" not in silent.note + silent.reason
            assert all(
                trials[row].source.remark.split(". ")[0] in silent.note + silent.reason
                for row in silent.rows[:1]
            )
    (schukro,) = bm.effect_sizes(trials.select(trial="schukro2016")).origin
    assert "The +/- is not labelled, SD presumed (as SE the paired t would be below 0.5)." in schukro.remark
    katz = bm.effect_sizes(trials.select(trial="katz2005"), comparable=trials).silent[0]
    assert katz.note.startswith("No means, SD, SE, CI, exact p or direction. Not evidence of no difference.")


def test_codes_are_taken_out_of_a_note_and_nothing_else(trials):
    """The words around `[ok: ...]` and `[second extraction: ...]` stay as they are."""
    found = replace(
        trials["katz2005_pain"].source, note="A. [ok: no-size] B [x]. [second extraction: n 54 -> 37]"
    )
    assert found.remark == "A. B [x]."
