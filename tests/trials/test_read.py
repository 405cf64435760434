"""Reading trials: the header, cells of every kind, and one error that lists all faults."""

from __future__ import annotations

import hashlib

import pytest

from bupmeta.errors import DataError
from bupmeta.trials import read_trials
from bupmeta.trials.schema import COLUMN_NAMES

_TEXTS = ("as_printed", "source", "note")


def _decimal_commas(rows):
    return [
        {
            name: cell if name in ("as_printed", "source", "note") else cell.replace(".", ",")
            for name, cell in row.items()
        }
        for row in rows
    ]


def test_semicolons_decimal_commas_and_windows_line_ends_give_the_same_results(examples, write):
    wanted = [dict(r.cells) for r in read_trials(write(examples))]
    foreign = read_trials(write(_decimal_commas(examples), delimiter=";", line_end="\r\n"))
    assert [dict(r.cells) for r in foreign] == wanted


def test_a_typographic_minus_and_spaces_around_a_cell_are_understood(row, write):
    trials = read_trials(
        write([row(difference="\u22120.5", p=" 0.015 ", as_printed="-0.5 (-0.9, -0.1) 0.015 50 50")])
    )
    assert (trials["a2001_pain"].form.difference, trials["a2001_pain"].form.p) == (-0.5, 0.015)


def test_points_and_commas_mixed_are_faults_not_guesses(row, write):
    with pytest.raises(DataError, match=r"p = 0,015: not a number"):
        read_trials(write([row(p="0,015")]))


def test_an_unknown_column_is_a_warning_that_names_it(row, write):
    trials = read_trials(write([row() | {"durg": "x"}]))
    assert [(w.column, w.right, w.code) for w in trials.warnings] == [
        ("durg", "did you mean `drug`?", "extra-column")
    ]


def test_a_missing_column_is_refused_with_what_was_probably_meant(row, write):
    cells = row()
    cells["desing"] = cells.pop("design")
    with pytest.raises(DataError, match=r"has no column `design` \(is it `desing`\?\); data/README.md lists"):
        read_trials(write([cells]))


def test_a_file_without_the_optional_column_reads(row, write):
    cells = row("direction_only")
    del cells["favours"]
    assert read_trials(write([cells]))["a2001_pain"].form.favours is None


def test_a_file_without_a_basis_of_its_scales_reads_with_one_warning(row, write):
    cells = [row(), row(row="b2001_pain", trial="b2001", study="Trial B 2001", n_active="49")]
    for one in cells:
        del one["scale_basis"]
    trials = read_trials(write(cells))
    assert [w.code for w in trials.warnings] == ["no-scale-basis"]
    assert trials["a2001_pain"].scale.basis is None


def test_one_error_lists_every_fault_with_row_and_column(row, write):
    broken = [row(year="20001", use="mian"), row(row="b2001_pain", trial="b2001", difference="half")]
    with pytest.raises(DataError) as error:
        read_trials(write(broken))
    text = str(error.value)
    assert "has 3 errors" in text.splitlines()[0]
    assert "row 2 (a2001_pain), year = 20001: outside what is possible" in text
    assert "row 2 (a2001_pain), use = mian: not a word of this column; did you mean `main`?" in text
    assert "row 3 (b2001_pain), difference = half: not a number" in text
    assert "row 3 (b2001_pain), difference: empty, but" not in text  # it is filled, though badly


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("n_active", "4.5", "not-a-number"),
        ("p", "nan", "not-a-number"),
        ("p", "1e999", "out-of-range"),
        ("p", "1.2", "out-of-range"),
        ("percent_active", "101", "out-of-range"),
        ("ci_level", "0.95", "out-of-range"),
        ("year", "1066", "out-of-range"),
        ("n_randomized", "99999999", "out-of-range"),
        ("scale_max", "1e308", "out-of-range"),
        ("scale_min", "-1e7", "out-of-range"),
        ("difference", "1e300", "out-of-range"),
        ("condition", "Fibromyalgia", "unknown-word"),
        ("drug", "", "empty"),
        ("row", "A2001 pain", "bad-text"),
        ("source", "PubMed", "bad-text"),
        ("doi", "doi:10.1000/1", "bad-text"),
        ("outcome", "pain_intensty", "new-word"),
    ],
)
def test_every_kind_of_bad_cell_has_its_code(row, write, column, text, code):
    if code == "new-word":
        assert read_trials(write([row(**{column: text})])).warnings[0].code == code
        return
    with pytest.raises(DataError, match=rf"{column}( = .*)?: .*\[{code}\]"):
        read_trials(write([row(**{column: text})]))


def test_whole_numbers_written_with_a_point_by_other_programs_are_whole(row, write):
    assert read_trials(write([row(n_active="50.0")]))["a2001_pain"].form.n_active == 50


def test_results_keep_every_cell_and_the_file_its_hash(row, write):
    path = write([row()])
    trials = read_trials(path)
    assert trials.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert tuple(trials["a2001_pain"].cells) == COLUMN_NAMES
    assert trials["a2001_pain"]["scale_max"] == trials["a2001_pain"].scale.maximum == 10.0


def test_a_header_without_rows_is_refused_in_one_sentence(row, write):
    with pytest.raises(DataError, match=r"has a header and no rows; give it one row per reported result$"):
        read_trials(write(",".join(row()) + "\n"))


def test_a_long_cell_is_cut_in_the_message(row, write):
    with pytest.raises(DataError) as error:
        read_trials(write([row(p="9" * 5000, note=f"[ok: {'x' * 5000}]")]))
    assert "99999…: outside what is possible" in str(error.value)
    assert len(str(error.value)) < 1000
