"""One table in all its forms; the expected texts are written by hand."""

from __future__ import annotations

import csv
import io
import json
import math
from typing import get_args

import numpy as np
import pytest

from bupmeta.table import RENDERERS, Column, Format, Table, plain

TABLE = Table(
    (
        Column("trial", "Trial"),
        Column("n", "n", "integer"),
        Column("y", "Estimate", "number"),
        Column("ci", "95% interval", "interval"),
        Column("p", "p", "p"),
        Column("i2", "I²", "percent", 0),
    ),
    (
        {"trial": "A & <b>", "n": 41, "y": -1.7, "ci": (-2.3, -1.1), "p": 1e-5, "i2": 56.4},
        {"trial": "=B|c_d", "n": None, "y": math.nan, "p": 0.41},
    ),
    "Pain, 0-10 points",
    ("Negative = less pain.",),
)
TEXT = """\
Pain, 0-10 points

Trial     n       Estimate      95% interval       p   I²
───────  ──  ─────────────  ────────────────  ──────  ───
A & <b>  41          −1.70  (−2.30 to −1.10)  <0.001  56%
=B|c_d       not estimable                     0.410

Negative = less pain."""
HTML = """\
<table class="bupmeta">
<caption>Pain, 0-10 points</caption>
<thead><tr><th scope="col">Trial</th><th scope="col" class="number">n</th>\
<th scope="col" class="number">Estimate</th><th scope="col" class="number">95% interval</th>\
<th scope="col" class="number">p</th><th scope="col" class="number">I²</th></tr></thead>
<tbody>
<tr><th scope="row">A &amp; &lt;b&gt;</th><td class="number">41</td><td class="number">−1.70</td>\
<td class="number">(−2.30 to −1.10)</td><td class="number">&lt;0.001</td><td class="number">56%</td></tr>
<tr><th scope="row">=B|c_d</th><td class="number"></td><td class="number">not estimable</td>\
<td class="number"></td><td class="number">0.410</td><td class="number"></td></tr>
</tbody>
<tfoot><tr><td colspan="6"><div>Negative = less pain.</div></td></tr></tfoot>
</table>"""
MARKDOWN = r"""
**Pain, 0-10 points**

| Trial | n | Estimate | 95% interval | p | I² |
| --- | ---: | ---: | ---: | ---: | ---: |
| A & \<b> | 41 | −1.70 | (−2.30 to −1.10) | \<0.001 | 56% |
| =B\|c\_d |  | not estimable |  | 0.410 |  |

Negative = less pain."""[1:]
LATEX = r"""
\begin{table}
\centering
\caption{Pain, 0-10 points}
\begin{tabular}{lrrrrr}
\hline
Trial & n & Estimate & 95\% interval & p & I$^2$ \\
\hline
A \& $<$b$>$ & 41 & $-$1.70 & ($-$2.30 to $-$1.10) & $<$0.001 & 56\% \\
=B$|$c\_d &  & not estimable &  & 0.410 &  \\
\hline
\end{tabular}
\par Negative = less pain.
\end{table}"""[1:]
CSV = """\
trial,n,y,ci_low,ci_high,p,i2
A & <b>,41,-1.7,-2.3,-1.1,1e-05,56.4
'=B|c_d,,,,,0.41,
"""


@pytest.mark.parametrize(
    ("form", "expected"),
    [("text", TEXT), ("html", HTML), ("markdown", MARKDOWN), ("latex", LATEX), ("csv", CSV)],
)
def test_golden(form: Format, expected: str) -> None:
    """Each rendering equals the text a person wrote for it."""
    assert RENDERERS[form](TABLE) == expected


def test_every_format_has_its_renderer() -> None:
    """The options of Format are the keys of the registry."""
    assert set(get_args(Format)) == set(RENDERERS)


def test_it_shows_itself() -> None:
    """In a terminal a table is its text, in a notebook its HTML."""
    assert str(TABLE) == TEXT
    assert TABLE._repr_html_() == HTML


def test_json_keeps_the_order_of_the_columns() -> None:
    """JSON has every key of every row, pairs for intervals and null for what is missing."""
    document = json.loads(TABLE.to_json())
    assert list(document) == ["caption", "columns", "rows", "notes"]
    assert [column["key"] for column in document["columns"]] == ["trial", "n", "y", "ci", "p", "i2"]
    assert document["rows"][0]["ci"] == [-2.3, -1.1]
    assert document["rows"][1] == {"trial": "=B|c_d", "n": None, "y": None, "ci": None, "p": 0.41, "i2": None}


def test_plain_rounds_to_ten_significant_digits() -> None:
    """Numbers of all sorts become JSON numbers that do not depend on the last bits."""
    values = {"a": np.float64(1 / 3), "b": np.int64(3), "c": np.array([-0.0, np.nan]), "d": (True, "x", None)}
    expected = {"a": 0.3333333333, "b": 3, "c": [0.0, None], "d": [True, "x", None]}
    assert plain(values) == expected
    assert str(plain(values)["c"][0]) == "0.0"


def test_long_words_wrap_to_the_width() -> None:
    """Text columns share the width; numbers are never broken."""
    columns = (Column("a", "A"), Column("b", "B"), Column("y", "Estimate", "number"))
    table = Table(columns, ({"a": "short", "b": "a sentence that is longer than the line", "y": -0.5},))
    assert table.to_text(34) == (
        "A      B                  Estimate\n"
        "─────  ─────────────────  ────────\n"
        "short  a sentence that       −0.50\n"
        "       is longer than\n"
        "       the line"
    )


def test_text_cannot_command_the_terminal() -> None:
    """Control characters and line ends in data are dropped from the text form."""
    text = Table((Column("a", "A"),), ({"a": "x\x1b[31m\ny"},)).to_text()
    assert text.splitlines()[-1] == "x[31m y"


def test_wide_characters_are_counted_as_two() -> None:
    """Columns stay aligned beside East Asian labels and combining accents."""
    table = Table(
        (Column("a", "A"), Column("y", "y", "integer")), ({"a": "試験", "y": 1}, {"a": "e\u0301", "y": 2})
    )
    assert table.to_text().splitlines()[2:] == ["試験  1", "e\u0301     2"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "@x", "\tx"])
def test_csv_defuses_formulas(text: str) -> None:
    """A text cell that a spreadsheet would run is led by an apostrophe; a negative number is not."""
    rows = csv.reader(
        io.StringIO(Table((Column("a", "A"), Column("y", "y", "number")), ({"a": text, "y": -1.0},)).to_csv())
    )
    assert list(rows)[1] == ["'" + text, "-1.0"]


def test_frame_holds_full_precision() -> None:
    """A DataFrame has the columns of the CSV and unrounded numbers."""
    frame = Table((Column("ci", "CI", "interval"),), ({"ci": (1 / 3, 2.0)},)).to_frame()
    assert list(frame) == ["ci_low", "ci_high"]
    assert frame["ci_low"][0] == 1 / 3


def test_a_table_without_rows_or_caption() -> None:
    """An empty table is a header and a rule, in every form."""
    empty = Table((Column("a", "A"), Column("b", "B", "p")), ())
    assert empty.to_text() == "A  B\n─  ─"
    assert "caption" not in empty.to_html()
    assert empty.to_csv() == "a,b\n"
    for render in RENDERERS.values():
        assert render(empty)


def test_words_stand_in_number_columns() -> None:
    """A number column may hold a reason instead, and yes or no."""
    table = Table((Column("y", "y", "number"),), ({"y": "one trial"}, {"y": True}, {"y": np.float32(0.5)}))
    assert [row[0] for row in table.cells()] == ["one trial", "yes", "0.50"]
