"""`bupmeta pool` on three files of reference data, in three forms, against metafor."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bupmeta.cli import main

REFERENCE = Path(__file__).parents[1] / "reference"
FILES = {
    "bcg_counts.csv": ("bcg_rr", ["--measure", "RR"]),
    "normand1999_arms.csv": ("normand1999_md", []),
    "hackshaw1998_effects.csv": ("hackshaw1998", []),
}
NAMES = {
    "mu": "beta",
    "se": "se",
    "p": "pval",
    "tau2": "tau2",
    "se_tau2": "se_tau2",
    "i2": "I2",
    "h2": "H2",
    "q": "QE",
}


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize(("ci", "test"), [("HK", "knha"), ("HK-adhoc", "adhoc"), ("Wald", "z")])
def test_pool_of_a_file_equals_metafor(file, ci, test):
    """Counts, means per arm, and effects with variances give metafor 5.1-12's numbers to 1e-6."""
    name, options = FILES[file]
    result = CliRunner().invoke(main, ["pool", str(REFERENCE / file), "--ci", ci, "--json", *options])
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    expected = json.loads((REFERENCE / f"{name}.json").read_text(encoding="utf-8"))["univariate"][
        f"REML/{test}"
    ]
    for field, reference in NAMES.items():
        assert found[field] == pytest.approx(expected[reference], rel=1e-6, abs=1e-8), field
    assert found["ci"] == pytest.approx([expected["ci_lb"], expected["ci_ub"]], rel=1e-6, abs=1e-8)


def test_heterogeneity_of_ratios_stays_on_the_log_scale():
    """The table of tau2, I2 and H2 shows the numbers of the JSON document, never exponentiated."""
    command = ["pool", str(REFERENCE / "bcg_counts.csv"), "--measure", "RR"]
    found = json.loads(CliRunner().invoke(main, [*command, "--json"]).stdout)
    shown = CliRunner().invoke(main, command).stdout
    low, high = found["tau2_ci"]
    assert f"({low:.3f} to {high:.3f})" in shown
    low, high = found["h2_ci"]
    assert f"({low:.3f} to {high:.3f})" in shown


def test_parity_stands_beside_the_pool():
    """`--parity` adds the rows of other programs: BCG's risk difference, z 11.47 and 11.56 (tests/analysis)."""
    command = ["pool", str(REFERENCE / "bcg_counts.csv"), "--model", "MH", "--measure", "RD", "--parity"]
    rows = json.loads(CliRunner().invoke(main, [*command, "--json"]).stdout)["parity"]["rows"]
    assert [round(row["statistic"], 2) for row in rows] == [-11.47, -11.47, -11.56, -11.56, -11.56]
    assert [row["differs"] for row in rows] == [[], [], *[["rd_variance"]] * 3]
    assert "The same trials as other programs would pool them" in CliRunner().invoke(main, command).stdout


def test_parity_is_refused_for_models_that_programs_do_not_share():
    """GLMM has no counterpart with the same defaults; the sentence says which models have."""
    command = ["pool", str(REFERENCE / "bcg_counts.csv"), "--model", "GLMM", "--parity"]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 2
    assert "(IV, MH, Peto), not GLMM" in result.stderr
