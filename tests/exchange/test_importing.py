"""`bupmeta import`: every format pools as the original numbers; what is left out is named; hostile files do nothing."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import get_args
from xml.sax.saxutils import quoteattr

import pytest
from click.testing import CliRunner

import bupmeta as bm
from bupmeta.cli import main
from bupmeta.effects import event_effects
from bupmeta.effects.event_tables import event_tables
from bupmeta.effects.tabular import read_effects
from bupmeta.effects.tabular_counts import tables_of
from bupmeta.errors import DataError
from bupmeta.exchange import import_file
from bupmeta.exchange.formats import FORMATS, FormatName
from bupmeta.exchange.importing import import_bytes
from bupmeta.pooling.table_models import MantelHaenszel
from bupmeta.trials.report import check_trials

REFERENCE = Path(__file__).parents[1] / "reference"
WHO = {
    "condition": "other", "drug": "bupropion", "drug_class": "NDRI", "comparator_type": "placebo",
    "source": "https://example.org/review", "year": "2001",
}  # fmt: skip
PAIN = {"outcome": "pain_intensity", "value": "endpoint", "higher_is": "worse"}
RESPONSE = {"outcome": "responder_30"}


def scale_to(most: int) -> dict[str, str]:
    return {"scale_min": "0", "scale_max": str(most), "scale_basis": "presumed"}


def rows_of(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


COUNTS = [
    (r["events_active"], r["n_active"], r["events_control"], r["n_control"])
    for r in rows_of("bcg_counts.csv")
]
MEANS = [
    tuple(r[f"{what}_{arm}"] for arm in ("active", "control") for what in ("n", "mean", "sd"))
    for r in rows_of("normand1999_arms.csv")
]


def rm5(outcome: str, data: str, names: int, kind: str = "CONT", extra: str = "") -> bytes:
    """A review of RevMan 5 with one analysis, as that program nests and names things."""
    studies = "".join(f'<STUDY ID="STD-{i}" NAME="Trial {i}" YEAR="19{70 + i}"/>' for i in range(names))
    return (
        '<?xml version="1.0" encoding="ISO-8859-1" standalone="no"?>\n'
        f'<COCHRANE_REVIEW DOI="" TITLE="T"><STUDIES_AND_REFERENCES>{studies}</STUDIES_AND_REFERENCES>'
        '<ANALYSES_AND_DATA><COMPARISON NO="1"><NAME>Drug against placebo</NAME>'
        f'<{kind}_OUTCOME NO="2" {extra}><NAME>{outcome}</NAME><GROUP_LABEL_1>Bupropion SR</GROUP_LABEL_1>'
        f"<GROUP_LABEL_2>Placebo</GROUP_LABEL_2>{data}</{kind}_OUTCOME></COMPARISON></ANALYSES_AND_DATA>"
        "</COCHRANE_REVIEW>"
    ).encode("latin-1")


def table(header: str, rows: list[str]) -> bytes:
    return "\n".join([header, *rows]).encode()


def counts_in(name: str) -> bytes:
    match name:
        case "rm5":
            data = "".join(
                f'<DICH_DATA EVENTS_1="{a}" TOTAL_1="{n}" EVENTS_2="{c}" TOTAL_2="{m}" STUDY_ID="STD-{i}"/>'
                for i, (a, n, c, m) in enumerate(COUNTS)
            )
            return rm5("Response", data, len(COUNTS), "DICH")
        case "RevMan Web":
            header = (
                "\ufeffAnalysis group,Analysis number,Analysis name,Subgroup,Study,Study year,GIV Mean,GIV SE,CI start,"
                "CI end,Experimental cases,Experimental N,Experimental mean,Experimental SD,Control cases,Control N,"
                "Control mean,Control SD,O-E,Variance,Weight"
            )
            return table(
                header,
                [
                    f"1,2,Response,,Trial {i},2001,,,,,{a},{n},,,{c},{m},,,,,7"
                    for i, (a, n, c, m) in enumerate(COUNTS)
                ],
            )
        case "RevMan 5 CSV":
            header = (
                "Comparison Number,Outcome Number,Subgroup Number,Name,Data Type,Events 1,Mean 1,SD 1,Total 1,Events 2,"
                "Mean 2,SD 2,Total 2,Effect Estimate,Group Label 1,Group Label 2,Year of study"
            )
            first = [
                "1,0,0,Drug against placebo,,,,,,,,,,,,,",
                "1,2,0,Response,DIC,9,,,9,9,,,9,0.5,Drug,Placebo,",
            ]
            rows = [
                f"1,2,0,Trial {i},,{a},0,0,{n},{c},0,0,{m},0.7,,,1974"
                for i, (a, n, c, m) in enumerate(COUNTS)
            ]
            return table(header, first + rows)
        case _:
            rows = [f"Trial {i},{a},{n},{c},{m}" for i, (a, n, c, m) in enumerate(COUNTS)]
            return table("studlab,event.e,n.e,event.c,n.c", rows)


def written(tmp_path: Path, data: bytes, given: dict[str, str], **how: str) -> bm.Trials:
    """Import, write, check, and read the rows again."""
    found = import_bytes(data, "file", WHO | given, **how)
    path = tmp_path / "trials.csv"
    path.write_text(found.to_csv(), encoding="utf-8", newline="\n")
    assert [str(fault) for fault in check_trials(path).errors] == []
    return bm.read_trials(path)


@pytest.mark.parametrize("name", ["rm5", "RevMan Web", "RevMan 5 CSV", "R"])
def test_counts_of_every_format_pool_as_the_original(tmp_path, name):
    """BCG by Mantel-Haenszel: what is imported gives the numbers of the file it was made from, to the last digit."""
    data = counts_in(name)
    assert import_bytes(data, "file", {}).format == name
    original = tables_of(read_effects(REFERENCE / "bcg_counts.csv", measure="RR"))
    imported = event_tables(written(tmp_path, data, RESPONSE), outcome="responder_30")
    ours, theirs = bm.pool(imported, MantelHaenszel("RR")), bm.pool(original, MantelHaenszel("RR"))
    assert (ours.mu, ours.se, ours.q) == (theirs.mu, theirs.se, theirs.q)


def means_in(name: str) -> bytes:
    if name == "rm5":
        data = "".join(
            f'<CONT_DATA TOTAL_1="{n}" MEAN_1="{x}" SD_1="{s}" TOTAL_2="{m}" MEAN_2="{y}" SD_2="{t}" '
            f'STUDY_ID="STD-{i}"/>'
            for i, (n, x, s, m, y, t) in enumerate(MEANS)
        )
        return rm5("Pain", data, len(MEANS))
    rows = [f"Trial {i},{','.join(row)}" for i, row in enumerate(MEANS)]
    if name == "JASP":
        computed = "computed effect size,computed standard error,computed effect size type"
        header = f"study,n1i,m1i,sd1i,n2i,m2i,sd2i,{computed}"
        return table(header, [f"{row},0.1,0.2,SMD" for row in rows])
    names = (
        "study,n1i,m1i,sd1i,n2i,m2i,sd2i,yi,vi"
        if name == "R"
        else "studlab,n.e,mean.e,sd.e,n.c,mean.c,sd.c,TE,seTE"
    )
    return table(names, [f"{row},0.1,0.2" for row in rows])


@pytest.mark.parametrize("name", ["rm5", "JASP", "R", "meta"])
def test_means_of_every_format_pool_as_the_original(tmp_path, name):
    """Normand's means as SMD, and on a scale of 0-1000 that is given; raw columns go before estimates."""
    trials = written(tmp_path, means_in(name), PAIN | scale_to(1000))
    for measure, unit in (("SMD", 1.0), ("MD", 100.0)):
        original = bm.pool(read_effects(REFERENCE / "normand1999_arms.csv", measure=measure).effects)
        ours = bm.pool(bm.effect_sizes(trials, measure=measure))
        found = (unit * ours.mu, unit * ours.se, unit**2 * ours.tau2)
        assert found == pytest.approx((original.mu, original.se, original.tau2), rel=1e-9)


def test_estimates_of_r_pool_as_the_original(tmp_path):
    """Hackshaw's log odds ratios become ratios with 95 % intervals, nine digits, and give metafor's tau2 again."""
    source = (REFERENCE / "hackshaw1998_effects.csv").read_bytes()
    trials = written(tmp_path, source, RESPONSE, measure="OR")
    ours = bm.pool(event_effects(trials, outcome="responder_30", measure="OR"))
    theirs = json.loads((REFERENCE / "hackshaw1998.json").read_text(encoding="utf-8"))["univariate"][
        "REML/adhoc"
    ]
    assert (ours.mu, ours.se, ours.tau2) == pytest.approx(
        (theirs["beta"], theirs["se"], theirs["tau2"]), rel=1e-6
    )


def test_differences_pool_as_the_original(tmp_path):
    """Curtin's paired differences, as yi and vi, give metafor's estimate again (block univariate, REML/adhoc)."""
    reference = json.loads((REFERENCE / "curtin2002_crossover.json").read_text(encoding="utf-8"))
    rows = [f"Trial {i},{y!r},{v!r}" for i, (y, v) in enumerate(zip(reference["yi"], reference["vi"]))]
    trials = written(tmp_path, table("slab,yi,vi", rows), PAIN | scale_to(100), measure="MD")
    ours, theirs = bm.pool(bm.effect_sizes(trials)), reference["univariate"]["REML/adhoc"]
    found = (10 * ours.mu, 10 * ours.se, 100 * ours.tau2)
    assert found == pytest.approx((theirs["beta"], theirs["se"], theirs["tau2"]), rel=1e-6)


def test_computed_effect_sizes_of_jasp_are_read(tmp_path):
    """Where only JASP's computed columns are there, the type says what they are; an SMD is left out with the reason."""
    header = "Study,Year,computed effect size,computed sampling variance,computed effect size type"
    data = table(header, ["Ann,2001,-0.5,0.04,MD", "Ben,2002,0.2,0.09,OR", "Cal,2003,-0.4,0.05,SMD"])
    found = import_bytes(data, "file", {})
    assert found.format == "JASP"
    assert [row["report_form"] for row in found.rows] == ["difference_se", "ratio"]
    assert [(r.where, r.what) for r in found.remarks if r.kind == "left out"] == [("row 4", "Cal")]


def test_what_a_review_does_not_give_is_left_out_with_the_reason():
    """Groups of nobody, SDs of 0, estimates of another kind and tables of text are listed, and nothing is made up."""
    data = (
        '<CONT_DATA TOTAL_1="0" MEAN_1="0.0" SD_1="0.0" TOTAL_2="0" MEAN_2="0.0" SD_2="0.0" STUDY_ID="STD-0"/>'
        '<CONT_DATA TOTAL_1="9" MEAN_1="4.0" SD_1="0.0" TOTAL_2="8" MEAN_2="5.0" SD_2="2.0" STUDY_ID="STD-1"/>'
        '<CONT_SUBGROUP NO="3"><NAME>High dose</NAME>'
        '<CONT_DATA TOTAL_1="9" MEAN_1="4.0" SD_1="1.5" TOTAL_2="8" MEAN_2="5.0" SD_2="2.0" STUDY_ID="STD-2"/>'
        "</CONT_SUBGROUP>"
    )
    found = import_bytes(rm5("Pain", data, 3), "file", {})
    (row,) = found.rows
    assert (row["study"], row["year"], row["comparator_type"]) == ("Trial 2", "1972", "placebo")
    assert row["population"] == "Drug against placebo; High dose"
    assert row["place"] == "analysis 1.2.3, Trial 2"
    left = [(r.what, r.why) for r in found.remarks if r.kind == "left out"]
    assert [what for what, _ in left] == ["Trial 0", "Trial 1"]
    assert "0 people" in left[0][1]
    assert "standard deviation of 0" in left[1][1]
    assert any("'Bupropion SR'" in r.why for r in found.remarks if r.kind == "to check")


@pytest.mark.parametrize(
    ("measure", "log", "form"),
    [
        ("Hazard Ratio", "YES", "ratio"),
        ("Mean Difference", "NO", "difference_se"),
        ("Std. Mean Difference", "NO", ""),
    ],
)
def test_generic_inverse_variance(measure, log, form):
    """A ratio is read as RevMan shows it, a difference by its estimate; an SMD has no place in a row."""
    data = (
        f"<EFFECT_MEASURE>{measure}</EFFECT_MEASURE>"
        '<IV_DATA EFFECT_SIZE="0.8" CI_START="0.6" CI_END="1.1" ESTIMATE="-0.25" SE="0.15" STUDY_ID="STD-0"/>'
    )
    review = rm5("Time", data, 1, "IV", f'LOG_DATA="{log}" CI_STUDY="95"')
    if not form:
        with pytest.raises(DataError, match=r"an estimate called Std\. Mean Difference"):
            import_bytes(review, "file", {})
        return
    (row,) = import_bytes(review, "file", {}).rows
    assert row["report_form"] == form
    assert (row["ratio"], row["difference"]) == (("0.8", "") if form == "ratio" else ("", "-0.25"))


def test_frames_of_r_as_they_are_saved(tmp_path):
    """Row names, columns that meta keeps twice, decimal commas and authors of several trials are understood."""
    header = '"";"author";"year";"event.e";"n.e";"event.c";"n.c";".event.e";".n.e";"ablat"'
    rows = [
        '"1";"Comstock";1974;186;50634;141;27338;186;50634;18,5',
        '"2";"Comstock";1948;5;2498;3;2341;5;2498;33,0',
    ]
    found = import_bytes(table(header, rows), "file", {})
    assert [row["trial"] for row in found.rows] == ["comstock_1974", "comstock_1948"]
    assert [row["year"] for row in found.rows] == ["1974", ""]
    assert any("'1948', which is none from 1950" in r.why for r in found.remarks if r.kind == "to check")
    (mean,) = import_bytes(
        table("study;m1i;sd1i;n1i;m2i;sd2i;n2i", ["Ann;4,5;2,25;20;5;2;21"]), "file", {}
    ).rows
    assert (mean["mean_active"], mean["sd_active"]) == ("4.5", "2.25")


def test_needed_cells_are_named_and_filling_them_passes_the_check(tmp_path):
    """What is listed as needed is exactly what `bupmeta check` then misses."""
    found = import_bytes(means_in("R"), "file", {})
    needed = {r.what for r in found.remarks if r.kind == "to fill" and "--set" in r.why}
    assert needed == {*WHO, *PAIN}
    written(tmp_path, means_in("R"), PAIN)


def test_one_analysis_of_a_review():
    """`analysis` keeps what the file numbers so, and says when there is none."""
    assert len(import_bytes(counts_in("rm5"), "file", {}, analysis="1.2").rows) == len(COUNTS)
    with pytest.raises(DataError, match=r"there is no analysis 1\.20"):
        import_bytes(counts_in("rm5"), "file", {}, analysis="1.20")


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb">'
    + "".join(f'<!ENTITY c{i} "{"&b;" * 10}">' for i in range(20))
    + "]><COCHRANE_REVIEW>&c1;</COCHRANE_REVIEW>"
).encode()
WRONG = {
    "empty": (b"", "is empty"),
    "blank": (b" \n\t ", "is empty"),
    "html": (b"<!DOCTYPE html><html><body>Log in</body></html>", "web page"),
    "xhtml": (b'<?xml version="1.0"?>\n<!-- x -->\n<html xmlns="x"><body/></html>', "web page"),
    "broken": (b"<COCHRANE_REVIEW><STUDY></COCHRANE_REVIEW>", "broken XML in line 1"),
    "cut": (counts_in("rm5")[:-40], "broken XML"),
    "bomb": (BOMB, "declares entities"),
    "outside": (
        b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><COCHRANE_REVIEW>&x;</COCHRANE_REVIEW>',
        "declares entities",
    ),
    "encoding": (b'<?xml version="1.0" encoding="no-such"?><COCHRANE_REVIEW/>', "cannot be decoded"),
    "not its encoding": (b'<?xml version="1.0" encoding="UTF-8"?><COCHRANE_REVIEW T="\xff"/>', "broken XML"),
    "another xml": (b"<svg/>", "XML of another kind"),
    "no analysis": (b"<COCHRANE_REVIEW><STUDY/></COCHRANE_REVIEW>", "no comparison with data"),
    "zip": (b"PK\x03\x04rest", "zip file"),
    "binary": (b"\x00\x01\x02", "binary"),
    "latin": ("study,yi,vi\nHäuser,1,2".encode("latin-1"), "not UTF-8"),
    "other columns": (b"a,b\n1,2\n", "none of the formats"),
    "no rows": (b"study,yi,vi\n", "holds no result"),
    "bare estimates": (b"study,yi,vi\nAnn,1,2\n", "give --measure"),
}


@pytest.mark.parametrize("name", WRONG)
def test_files_that_cannot_be_read_are_one_sentence(tmp_path, name):
    """Exit code 2, one sentence with the file's name, and nothing on standard output."""
    data, words = WRONG[name]
    path = tmp_path / "review.rm5"
    path.write_bytes(data)
    result = CliRunner().invoke(main, ["import", str(path)])
    assert result.exit_code == 2, result.stderr
    assert result.stdout == ""
    assert words in result.stderr
    assert "review.rm5" in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("condition=fibromyalgya", "did you mean `fibromyalgia`"),
        ("conditon=other", "did you mean `condition`"),
        ("mean_active=3", "differs from row to row"),
        ("source=somewhere", "source"),
        ("condition", "no COLUMN=VALUE"),
    ],
)
def test_cells_that_cannot_be_set_are_refused(tmp_path, cell, words):
    """A word that a column does not have, or a column of the file's own, is refused before anything is written."""
    path, out = tmp_path / "a.csv", tmp_path / "out.csv"
    path.write_bytes(counts_in("R"))
    result = CliRunner().invoke(main, ["import", str(path), "--set", cell, "-o", str(out)])
    assert result.exit_code == 2
    assert words in result.stderr
    assert not out.exists()


HOSTILE = (
    "<script>alert(1)</script>",
    '=cmd|"/c calc"!A0',
    "x" * 5000,
    "א\u202eב",
    "line\nbreak, and comma",
    "Trial",
    "trial",
)


def test_hostile_labels_are_text(tmp_path):
    """Labels come back as one line of text, names of trials differ, and no cell begins as a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["study", "event.e", "n.e", "event.c", "n.c"])
    writer.writerows([label, 4, 20, 5, 21] for label in HOSTILE)
    data = out.getvalue().encode()
    trials = written(tmp_path, data, RESPONSE)
    assert len(trials.keys) == len(HOSTILE)
    cells = list(csv.reader(io.StringIO((tmp_path / "trials.csv").read_text(encoding="utf-8"))))
    assert not any(cell.startswith(("=", "+", "@", "\t", "\r")) for row in cells for cell in row)
    expected = [" ".join(label.split()) for label in HOSTILE]
    assert [row.study.removeprefix("'") for row in trials] == expected


def test_a_label_of_a_review_is_text():
    """An XML label is whatever its characters say; it names a row, and is no markup."""
    review = counts_in("rm5").replace(b'NAME="Trial 0"', f"NAME={quoteattr('<b>&amp; =1+1')}".encode())
    row = import_bytes(review, "file", {}).rows[0]
    assert row["study"] == "<b>&amp; =1+1"
    assert row["trial"] == "b_amp_1_1"


def test_the_command_prints_rows_and_lists_the_rest(tmp_path):
    """Rows go to standard output, the list to standard error; --json gives both as one document."""
    path = tmp_path / "bcg.rm5"
    path.write_bytes(counts_in("rm5"))
    plain = CliRunner().invoke(main, ["import", str(path), "--set", "condition=other"])
    assert plain.exit_code == 0
    rows = list(csv.DictReader(io.StringIO(plain.stdout)))
    assert len(rows) == len(COUNTS)
    assert {row["condition"] for row in rows} == {"other"}
    assert "drug_class" in plain.stderr
    document = json.loads(CliRunner().invoke(main, ["import", str(path), "--json"]).stdout)
    assert document["format"] == "rm5"
    assert len(document["rows"]) == len(COUNTS)
    assert {one["kind"] for one in document["remarks"]} == {"to fill", "to check"}
    piped = CliRunner().invoke(main, ["import", "-", "--set", "condition=other"], input=counts_in("rm5"))
    assert piped.stdout == plain.stdout


def test_a_file_that_is_not_there_is_one_sentence(tmp_path):
    """The library says it as the command does."""
    with pytest.raises(DataError, match="no such file"):
        import_file(tmp_path / "none.rm5")
    with pytest.raises(DataError, match="is a folder"):
        import_file(tmp_path)


def test_options_are_the_keys_of_their_registry():
    """What a type allows is what can be read."""
    assert set(get_args(FormatName)) == set(FORMATS)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ("m1i,sd1i,n1i,m2i,sd2i,n2i\nA,4,-2,20,5,2,21", "sd_active -2"),
        ("m1i,sd1i,n1i,m2i,sd2i,n2i\nA,1e308,2,20,5,2,21", "mean_active 1e+308"),
        ("m1i,sd1i,n1i,m2i,sd2i,n2i\nA,4,2,1_000,5,2,21", "the n of the active group is not in the file"),
        ("yi,vi\nA,1000,1", "too large or too small to be written"),
    ],
)
def test_a_figure_that_no_row_can_hold_is_left_out(cells, why):
    """An SD below 0, a mean of 1e308, a number only Python reads, the ratio exp(1000): each says its reason."""
    with pytest.raises(DataError, match="holds no result") as caught:
        import_bytes(f"study,{cells}\n".encode(), "a.csv", {}, measure="OR" if "yi" in cells else "")
    assert why in str(caught.value)
