"""`bupmeta pool` from end to end: numbers equal metafor's, every fault is one sentence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner, Result

from bupmeta.cli import main
from bupmeta.cli.options import OneOf
from bupmeta.cli.pool import pool
from bupmeta.cli.pool_models import COUNT_MODELS
from bupmeta.cli.pool_options import MEASURES
from bupmeta.cli.pool_output import SCHEMA_VERSION
from bupmeta.effects.columns import FORMS
from bupmeta.kernels.glmm import GlmmName
from bupmeta.pooling import CiName, PredictionName, Tau2CiName
from bupmeta.pooling.models import Tau2Name
from bupmeta.table.notation import PresetName

REFERENCE = Path(__file__).parents[1] / "reference"
FIVE = "study,y,v,drug\nAnn,-0.9,0.33,x\nBen,-1.6,0.19,y\nCal,-0.2,0.05,x\nDee,-1.4,0.02,y\nEve,,,z\n"


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str | bytes], str]:
    """Write a file a.csv into an empty current folder, and give its name."""
    monkeypatch.chdir(tmp_path)

    def write(content: str | bytes) -> str:
        Path("a.csv").write_bytes(content.encode() if isinstance(content, str) else content)
        return "a.csv"

    return write


def run(*args: str, stdin: str | bytes | None = None) -> Result:
    """Call `bupmeta pool` in this process."""
    return CliRunner().invoke(main, ["pool", *args], input=stdin, prog_name="bupmeta")


@pytest.mark.parametrize("name", ["bcg_rr", "haeuser2009_pain_smd", "hackshaw1998"])
@pytest.mark.parametrize(("ci", "key"), [("HK", "knha"), ("HK-adhoc", "adhoc"), ("Wald", "z")])
def test_numbers_equal_metafor(name: str, ci: str, key: str) -> None:
    """REML from standard input as JSON equals tests/reference (metafor 5.1-12) to 1e-6."""
    stored = json.loads((REFERENCE / f"{name}.json").read_text())
    text = "yi;vi\n" + "".join(f"{y!r};{v!r}\n".replace(".", ",") for y, v in zip(stored["yi"], stored["vi"]))
    result = run("-", "--json", "--ci", ci, stdin=text)
    assert result.exit_code == 0, result.stderr
    found, expected = json.loads(result.stdout), stored["univariate"][f"REML/{key}"]
    for field, reference in {
        "mu": "beta", "se": "se", "p": "pval", "tau2": "tau2", "se_tau2": "se_tau2", "i2": "I2", "h2": "H2",
        "q": "QE", "q_p": "QEp", "k": "k",
    }.items():  # fmt: skip
        assert found[field] == pytest.approx(expected[reference], rel=1e-6, abs=1e-6), field
    assert found["ci"] == pytest.approx([expected["ci_lb"], expected["ci_ub"]], rel=1e-6, abs=1e-6)


def test_raw_counts_equal_metafor(write: Callable[[str | bytes], str]) -> None:
    """The BCG counts, pooled as risk ratios, equal metafor's pool of its own log risk ratios to 1e-8."""
    stored = json.loads((REFERENCE / "bcg_rr.json").read_text())
    raw = {key: stored["raw"][key] for key in ("ai", "bi", "ci", "di")}
    rows = [",".join(map(str, row)) for row in zip(*raw.values())]
    found = json.loads(run(write("\n".join([",".join(raw), *rows])), "--measure", "rr", "--json").stdout)
    assert found["mu"] == pytest.approx(stored["univariate"]["REML/adhoc"]["beta"], abs=1e-8)
    assert found["measure"] == "RR"
    assert found["form"] == "2x2 table"


def test_json_has_one_set_of_fields(write: Callable[[str | bytes], str]) -> None:
    """The document names its schema, file, model and every field of a result, with null where there is none."""
    document = json.loads(run(write(FIVE), "--json", "--by", "drug", "--leave-one-out", "--gosh").stdout)
    assert document["schema_version"] == SCHEMA_VERSION
    assert document["model"] == {
        "tau2": "REML",
        "ci": "HK-adhoc",
        "prediction": "t",
        "level": 0.95,
        "tau2_ci": "QP",
    }
    fields = {"mu", "se", "ci", "p", "tau2", "se_tau2", "tau2_ci", "i2", "i2_ci", "i2_q", "h2", "q", "q_p", "k",
              "prediction", "status", "notes", "studies", "measure"}  # fmt: skip
    assert fields <= set(document)
    assert document["without_effect"] == [{"label": "Eve", "reason": "no numbers in the file"}]
    assert [(group["group"], group["k"]) for group in document["groups"]] == [("x", 2), ("y", 2), ("z", 0)]
    assert fields <= set(document["groups"][0])
    assert [row["k"] for row in document["leave_one_out"]] == [3, 3, 3, 3]
    assert document["gosh"]["subsets"] == 15


def test_text_names_every_study(write: Callable[[str | bytes], str]) -> None:
    """People see each study, the pool, the groups and who has no effect."""
    out = run(write(FIVE), "--by", "drug", "--leave-one-out", "--gosh").stdout
    for words in ("Ann", "Random-effects (REML)", "without Ann", "15 data sets", "without an effect: Eve"):
        assert words in out
    assert "z: no trial with an effect, 1 without" in out
    assert "−" in out


def test_a_method_refused_for_one_group_leaves_the_others(write: Callable[[str | bytes], str]) -> None:
    """Kenward-Roger has 1 df with two studies: such groups say so, in text, JSON and plot, and the pool stands."""
    result = run(write(FIVE), "--by", "drug", "--ci", "KR", "--plot", "out.svg")
    assert result.exit_code == 0, result.stderr
    assert "x: Kenward-Roger has" in result.stdout
    group = json.loads(run("a.csv", "--by", "drug", "--ci", "KR", "--json").stdout)["groups"][0]
    assert (group["k"], group["status"]) == (2, "not pooled")
    assert "explodes" in Path("out.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("trials", "args", "said"),
    [
        (
            4,
            ["--ci", "permutation", "--level", "80", "--leave-one-out"],
            "refused in 4 of 4 data sets: with 3 studies",
        ),
        (4, ["--ci", "KR", "--level", "80", "--gosh"], "data sets: Kenward-Roger has"),
        (1, ["--leave-one-out"], "no leave-one-out: cannot leave 1 out of 1"),
    ],
)
def test_a_refused_refit_leaves_the_pool(
    write: Callable[[str | bytes], str], trials: int, args: list[str], said: str
) -> None:
    """The pool is printed, and what was refused is said."""
    rows = ["study,y,v", *(f"{name},{y},0.05" for name, y in zip("abcd", (0.1, 0.9, -0.4, 0.7)))]
    result = run(write("\n".join(rows[: trials + 1])), *args)
    assert result.exit_code == 0, result.stderr
    assert said in " ".join(result.stdout.split())
    assert json.loads(run("a.csv", "--json", *args).stdout)["k"] == trials


def test_an_estimate_off_the_middle_of_its_interval_is_told(write: Callable[[str | bytes], str]) -> None:
    """The note names the study; rounding does not count."""
    file = write("study,y,lower,upper\nAnn,0.1,-0.2,0.41\nBen,0.5,0.4,1.5\n")
    assert "not in the middle of its interval, whose width is used all the same: Ben" in run(file).stdout


def test_ratios_are_shown_as_ratios(write: Callable[[str | bytes], str]) -> None:
    """One trial with an odds ratio of 2 (1 to 4) is said to be that, though its logarithm is analysed."""
    assert "as OR: 2.00 (1.00 to 4.00)" in run(write("or,lower,upper\n2,1,4\n")).stdout


@pytest.mark.parametrize("extra", [[], ["--leave-one-out"], ["--gosh"], ["--by", "drug"]])
@pytest.mark.parametrize("suffix", ["svg", "PNG", "pdf"])
def test_plots(write: Callable[[str | bytes], str], suffix: str, extra: list[str]) -> None:
    """Each plot is a file of its kind, made in one step, and the same each time."""
    start = {"svg": b"<?xml", "PNG": b"\x89PNG", "pdf": b"%PDF"}[suffix]
    file, out = write(FIVE), Path(f"out.{suffix}")
    made = []
    for _ in range(2):
        assert run(file, "--plot", str(out), *extra).exit_code == 0
        made.append(out.read_bytes())
    assert made[0].startswith(start)
    assert made[0] == made[1]
    assert sorted(os.listdir()) == ["a.csv", out.name]


@pytest.mark.parametrize(
    ("content", "args", "said"),
    [
        (None, [], "a.csv: no such file"),
        ("", [], "a.csv is empty"),
        (b"PK\x03\x04zip", [], "a.csv is an Excel or OpenDocument workbook"),
        (b"\x00\x01\x02", [], "a.csv holds binary data"),
        ("y,v\nü,1\n".encode("latin-1"), [], "a.csv is not UTF-8 text"),
        ("y,v\n1,-1\n", [], "a.csv: row 2, column `v` is '-1'; it must be above 0"),
        (FIVE, ["--by", "Drug"], "a.csv has no column `Drug` to group by"),
        (FIVE, ["--plot", "x.gif"], "the figure x.gif must end in one of .svg, .png, .pdf"),
        (FIVE, ["--plot", "none/x.svg"], "none/x.svg: there is no folder none"),
        (
            FIVE,
            ["--tau2", "REMl2"],
            "'REMl2' is not one of EE, DL, DLIT, HE, HS, HSk, SJ, SJIT, ML, REML, EB, PM, PMM; did you mean REML?",
        ),
        (FIVE, ["--level", "high"], "'high' is not a confidence level; give a percentage such as 95"),
        (
            FIVE,
            ["--level", "1"],
            "'1' is not a confidence level; give a percentage such as 95, at least 50, or a",
        ),
        (
            "y,v,se\n1,0.04,0.2\n1,0.04,0.04\n",
            [],
            "row 3, column `se` is '0.04'; its square is 0.0016 and the",
        ),
        (FIVE, ["--level", "100"], "'100' is not a confidence level"),
        (FIVE, ["--measure", "OR", "--tau2", "DL", "--ci", "KR"], "derived for REML only"),
    ],
)
def test_bad_input_is_one_sentence(
    write: Callable[[str | bytes], str], content: str | bytes | None, args: list[str], said: str
) -> None:
    """Exit code 2, one sentence on stderr, nothing on stdout and nothing written."""
    write(content or "")
    if content is None:
        Path("a.csv").unlink()
    before = os.listdir()
    result = run("a.csv", *args)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert said in result.stderr
    assert result.stderr.startswith("bupmeta: ")
    assert result.stderr.count("\n") == 1
    assert os.listdir() == before


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """A folder is named as such."""
    assert f"{tmp_path} is a folder" in run(str(tmp_path)).stderr


def test_options_are_those_of_the_library() -> None:
    """Each choice on the command line is one the library knows, and none is missing."""
    choices = {p.name: tuple(p.type.options.values()) for p in pool.params if isinstance(p.type, OneOf)}
    assert choices == {
        "tau2": get_args(Tau2Name),
        "ci": get_args(CiName),
        "prediction": get_args(PredictionName),
        "tau2_ci": get_args(Tau2CiName),
        "measure": MEASURES,
        "method": ("IV", "Bayes", *COUNT_MODELS),
        "glmm": get_args(GlmmName),
        "preset": get_args(PresetName),
    }
    assert set(MEASURES) == {measure for form in FORMS.values() for measure in form.measures}


@pytest.mark.parametrize(
    "args", [["--tau2", "DL"], ["--ci", "Wald"], ["--prediction", "HTS"], ["--tau2-ci", "PL"], ["--level", "90"],
             ["--measure", "MD"], ["--input-level", "90"]]
)  # fmt: skip
def test_every_option_changes_something(write: Callable[[str | bytes], str], args: list[str]) -> None:
    """No option is read and ignored."""
    file = write(
        "study,y,lower,upper\nAnn,-0.9,-2,0.2\nBen,-1.6,-2.4,-0.8\nCal,0.2,0,0.4\nDee,-1.4,-1.7,-1.1\n"
    )
    assert json.loads(run(file, "--json").stdout) != json.loads(run(file, "--json", *args).stdout)


def test_pool_as_json_stays_light(write: Callable[[str | bytes], str]) -> None:
    """As a program `bupmeta pool --json` reads a pipe and loads neither frames nor figures nor scipy.stats."""
    code = (
        "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr));"
        "from bupmeta.cli import main; main(['pool', '-', '--json'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=FIVE, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout)["k"] == 4
    heavy = {"pandas", "matplotlib", "statsmodels", "scipy.stats", "scipy.optimize", "forestplot", "jinja2"}
    assert heavy.isdisjoint(done.stderr.split())


def test_as_a_program(write: Callable[[str | bytes], str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The installed command reads a file and answers with the same text as the library in this process."""
    monkeypatch.setenv("COLUMNS", "120")  # or each would ask its own terminal
    file = write(FIVE)
    done = subprocess.run(
        [sys.executable, "-m", "bupmeta", "pool", file], capture_output=True, text=True, check=True
    )
    assert done.stdout == run(file).stdout
    assert done.stderr == ""
