"""Tables of effects as people have them: many names and dialects, one meaning, or one sentence."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri

from bupmeta.effects.columns import ALIASES, FORMS, RATIOS, find_columns
from bupmeta.effects.convert import CONVERT, MEANS
from bupmeta.effects.counts import COUNTS
from bupmeta.effects.sheet import RULES
from bupmeta.effects.tabular import read_effects
from bupmeta.errors import DataError

REFERENCE = Path(__file__).parents[1] / "reference"
RAW = ("bcg_or", "bcg_rr", "bcg_rd", "collins1985b_or", "hine1989_rd", "lau1992_or", "linde2005_rr", "moore1998_rr",
       "nielweise2007_or", "yusuf1985_or", "gibson2002_smd", "normand1999_md", "normand1999_smd",
       "haeuser2009_pain_smd", "haeuser2009_sleep_smd")  # fmt: skip


def read(text: str, **options: object):
    """Read a table that is written in the test."""
    return read_effects(text.encode(), name="a.csv", **options)  # type: ignore[arg-type]  # options pass through


def test_registries_agree() -> None:
    """Each form can be converted, each of its columns and measures is known, and so is each rule's column."""
    assert set(FORMS) == set(CONVERT)
    assert {column for form in FORMS.values() for column in form.needs} <= set(ALIASES)
    assert set(RULES) <= set(ALIASES)
    assert FORMS["means"].measures == tuple(MEANS)
    assert FORMS["counts"].measures == FORMS["2x2 table"].measures == tuple(COUNTS)
    assert set(RATIOS) <= set(FORMS["y and v"].measures)


def test_no_name_means_two_things() -> None:
    """Every alias belongs to one column."""
    names = [name for column, aliases in ALIASES.items() for name in (column, *aliases)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", RAW)
def test_raw_arms_equal_metafor(name: str) -> None:
    """Raw arms under metafor's names give metafor's yi and vi (tests/reference, escalc) to 1e-10."""
    stored = json.loads((REFERENCE / f"{name}.json").read_text())
    raw, yi, vi = dict(stored["raw"]), stored["yi"], stored["vi"]
    measure = raw.pop("measure")
    lines = [",".join(raw)]
    lines += [",".join("" if x is None else repr(x) for x in row) for row in zip(*raw.values())]
    effects = read("\n".join(lines), measure=measure).effects
    full = [i for i, row in enumerate(zip(*raw.values(), yi)) if None not in row]
    row = [int(origin.rows[0].removeprefix("row ")) - 2 for origin in effects.origin]
    kept = dict(zip(row, range(len(row))))
    assert set(kept) <= set(full)
    for i in full:
        if i in kept:
            assert effects.y[kept[i]] == pytest.approx(yi[i], abs=1e-10)
            assert effects.v[kept[i]] == pytest.approx(vi[i], rel=1e-10)
        else:  # no events in either arm: metafor takes 1/2 of an event for one, here the trial stays silent
            assert raw["ai"][i] == raw["ci"][i] == 0


@pytest.mark.parametrize(
    "text",
    [
        "study,y,v\nAnn,-0.4,0.04\nBen,-0.9,0.09\n",
        "study;yi;vi\nAnn;-0,4;0,04\nBen;-0,9;0,09\n",
        "Author\tTE\tseTE\nAnn\t-0.4\t0.2\nBen\t-0.9\t0.3\n",
        "\ufeffstudlab,Estimate,Std. Err.\r\nAnn,-0.4,0.2\r\nBen,-0.9,0.3\r\n",
        'slab,note,effect,std.error\nAnn,"two\nlines, here",\u22120.4,.2\nBen,,-9e-1,0.3\n',
        "trial,yi,vi,extra,\nAnn,-0.4,0.04,x,\n,,,,\nBen,-0.9,0.09,y,\n",
    ],
    ids=["plain", "decimal comma", "tabs, meta", "BOM, CRLF", "quoted line break, signs", "trailing commas"],
)
def test_dialects_mean_the_same(text: str) -> None:
    """The same two studies, as six programs would write them."""
    effects = read(text).effects
    assert effects.labels == ("Ann", "Ben")
    assert effects.y.tolist() == [-0.4, -0.9]
    assert effects.v == pytest.approx([0.04, 0.09], abs=1e-15)


def test_intervals_become_variances() -> None:
    """se = (high - low) / (2 z); the level is the file's own column, else what the call says, else 95 %."""
    text = "y,lower,upper\n0.5,0,1\n"
    for options, level in (({}, 0.95), ({"ci_level": 0.9}, 0.9)):
        assert read(text, **options).effects.v[0] == pytest.approx(
            (0.5 / ndtri((1 + level) / 2)) ** 2, rel=1e-12
        )
    table = read("y,lower,upper,ci_level\n0.5,0,1,80\n")
    assert table.effects.v[0] == pytest.approx((0.5 / ndtri(0.9)) ** 2, rel=1e-12)
    assert table.notes == ("variances are from the intervals given, read as normal intervals of 80 %",)


def test_printed_ratios_are_analysed_as_logarithms() -> None:
    """A column that is called a ratio is one: its logarithm and that of its interval enter."""
    table = read("study,OR,ci_low,ci_high\nAnn,2,1,4\n")
    assert table.effects.measure == "OR"
    assert table.effects.y[0] == pytest.approx(np.log(2), abs=1e-15)
    assert table.effects.v[0] == pytest.approx((np.log(4) / (2 * ndtri(0.975))) ** 2, rel=1e-12)


def test_the_measure_prefers_raw_arms() -> None:
    """Beside a ready-made y, --measure computes from the arms; without it y is read."""
    text = "yi,vi,ai,n1i,ci,n2i\n9,1,4,123,11,139\n"
    assert read(text).effects.y[0] == 9
    assert read(text, measure="RD").effects.y[0] == pytest.approx(4 / 123 - 11 / 139, abs=1e-15)
    assert read(text, measure="HR").effects.measure == "HR"


def test_trials_without_numbers_stay() -> None:
    """Rows without numbers, and counts that say nothing of a ratio, are silent trials with their reason."""
    table = read(
        "study,ai,n1i,ci,n2i\nAnn,1,10,2,10\nBen,0,10,0,10\nCal,NA,NA,NA,NA\nDee,0,10,3,10\n", measure="OR"
    )
    assert table.effects.labels == ("Ann", "Dee")
    assert [(s.label, s.kind) for s in table.effects.silent] == [
        ("Ben", "no events, or only events, in both arms"),
        ("Cal", "no numbers in the file"),
    ]
    assert table.notes == ("an empty cell: 1/2 was added to all four cells of Dee",)
    assert table.effects.origin[0].n_active == 10


def test_groups_keep_every_trial() -> None:
    """Groups come in order of appearance, with their silent trials, even a group that has nothing else."""
    groups = read("study,y,v,drug\nA,1,1,x\nB,2,1,y\nC,,,z\nD,3,1,x\n").groups("drug")
    assert {name: e.labels for name, e in groups.items()} == {"x": ("A", "D"), "y": ("B",), "z": ()}
    assert [s.label for s in groups["z"].silent] == ["C"]
    assert groups["x"].silent == ()


def test_labels() -> None:
    """A name that repeats gets its year; without a name a study is called by its row."""
    assert read("author,year,y,v\nAnn,2001,1,1\nAnn,2004,2,1\nBen,2005,1,1\n").effects.labels == (
        "Ann 2001", "Ann 2004", "Ben")  # fmt: skip
    assert read("y,v\n1,1\n2,1\n").effects.labels == ("row 2", "row 3")


def test_a_columns_own_name_goes_first() -> None:
    """`y` is y even beside `effect`; of several names for the study the likeliest is taken."""
    assert find_columns(["effect", "y", "v"], "") == {"y": 1, "v": 2}
    assert find_columns(["trial", "author"], "") == {"study": 1}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "a.csv is empty"),
        ("study,y,v\n", "a.csv has a header and no rows; give it one row per trial"),
        (
            "study,effect size,p\nA,1,0.1\n",
            "a.csv has the columns `study`, `effect size`, `p`; to pool, it needs y and",
        ),
        ("y,v\n1,1\n2,abc\n", "a.csv: row 3, column `v` is 'abc'; it must be a number"),
        ("y,v\n1,1\n2,NaN\n", "a.csv: row 3, column `v` is 'NaN'; it must be a number"),
        ("y,v\ninf,1\n", "row 2, column `y` is 'inf'; it must be a number"),
        ("y,v\n1e999,1\n", "row 2, column `y` is '1e999'; it must be a finite number"),
        ("y,vi\n1,0\n", "row 2, column `vi` is '0'; it must be above 0"),
        ("y,se\n1,-2\n", "row 2, column `se` is '-2'; it must be above 0"),
        ("y,v\n1,\n", "row 2, column `v` is empty; give the number"),
        ("y,v\n,\n,\n", "a.csv has a header and no rows"),
        ("s,y,v\nA,,\n", "a.csv holds no effect (row 2: no numbers in the file)"),
        ('y,v\n"1,5",1\n', "row 2, column `y` is '1,5'; it must be a number, with a decimal point"),
        ("y;v\n1,234;0.5\n", "row 2, column `y` is '1,234'; other numbers have a decimal point"),
        (
            "y,lower,upper\n1,2,0\n",
            "row 2, column `lower` is '2'; it must be below the upper limit, which is 0",
        ),
        ("y,lower,upper\n5,0,1\n", "row 2, column `y` is '5'; it must lie within its interval, 0 to 1"),
        (
            "or,lower,upper\n1,-1,2\n",
            "row 2, column `lower` is '-1'; the interval of a ratio must lie above 0",
        ),
        ("y,lower,upper\n2,1,4\n3,1,9\n", "name their column `or`, `rr` or `hr`, or give logarithms"),
        (
            "y,lower,upper,ci_level\n1,0,2,0.95\n",
            "column `ci_level` is '0.95'; it must be a confidence level in percent",
        ),
        ("study,y,v\nA,1,1\nA,2,1\n", "rows 2 and 3 are both called 'A'; give each its own label"),
        ("te,yi,v\n1,1,1\n", "the columns `yi` and `te` could both be y; call the one that is meant `y`"),
        ("y,v\n1,1,1\n", "the header has 2 columns, but row 2 has 3"),
        ("ai,n1i,ci,n2i\n11,10,1,10\n", "column `ai` is '11'; it must not exceed the 10 people in its arm"),
        ("ai,bi,ci,di\n0,0,1,10\n", "column `ai` is '0'; there must be someone in the arm"),
        ("ai,n1i,ci,n2i\n1.5,10,1,10\n", "column `ai` is '1.5'; it must be a whole number of at least 0"),
        (
            "n1i,m1i,sd1i,n2i,m2i,sd2i\n1,2,1,9,2,1\n",
            "column `n1i` is '1'; a standard deviation needs at least 2",
        ),
        ("study,y,se\nA,1,1e-200\n", "a.csv: the variance of 'A' is 0.0; it must be finite and above 0"),
        ("study,y,se\nA,1,1e200\n", "a.csv: the variance of 'A' is inf; it must be finite and above 0"),
    ],
)
def test_what_cannot_be_right_is_one_sentence(text: str, said: str) -> None:
    """Every fault names file, row, column and value, and what to do."""
    with pytest.raises(DataError, match=re.escape(said)) as caught:
        read(text)
    assert "\n" not in str(caught.value)


NAMES = ("study", "y", "v", "se", "lower", "or", "upper", "ai", "ci", "n1i", "n2i", "x", "\u00e9")
CELLS = ("", "NA", "1", "0", "-2", "1e308", "1e-320", "0,5", "a", '"', '"b\nc"', "\x00")


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(NAMES), max_size=6),
    st.lists(st.lists(st.sampled_from(CELLS), max_size=7), max_size=4),
    st.sampled_from(",;\t"),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([None, "RR", "MD"]),
)
def test_whatever_comes_is_effects_or_a_sentence(
    header: list[str], rows: list[list[str]], delimiter: str, end: str, measure: str | None
) -> None:
    """No file, however odd, ends in anything but checked effects or a DataError on one line."""
    said = ""
    try:
        effects = read(end.join(delimiter.join(row) for row in [header, *rows]), measure=measure).effects
    except DataError as error:
        said = str(error)
    else:
        assert len(effects) > 0
        assert np.isfinite(effects.y).all()
        assert (effects.v > 0).all()
    assert "\n" not in said


def test_a_measure_the_columns_cannot_give() -> None:
    """Means do not give an odds ratio."""
    with pytest.raises(DataError, match="holds means, which gives MD or SMD, not OR"):
        read("n1i,m1i,sd1i,n2i,m2i,sd2i\n9,2,1,9,2,1\n", measure="OR")


@pytest.mark.parametrize(
    ("column", "said"),
    [("x", "has no column `x` to group by; it has `y`, `v`, `g`"), ("g", "row 3, column `g` is empty")],
)
def test_groups_that_cannot_be(column: str, said: str) -> None:
    """An unknown column and an empty group are told by name."""
    with pytest.raises(DataError, match=re.escape(said)):
        read("y,v,g\n1,1,a\n2,1,\n").groups(column)


def test_long_cells_and_labels_are_cut_in_messages():
    """A message names the cell by its first characters, on one line."""
    for data in (
        b"trial,y,v\nAnn," + b"1" * 5000 + b"x,1\n",
        b"trial,y,v\n" + b"A" * 5000 + b",1,1e-999\n",
        b"trial,y,v\n" + b"A" * 5000 + b",1,1\n" + b"A" * 5000 + b",1,1\n",
        b'trial,"y\ny","y\ny"\nAnn,1,1\n',
    ):
        with pytest.raises(DataError) as error:
            read_effects(data)
        assert len(str(error.value)) < 300
        assert "\n" not in str(error.value)
