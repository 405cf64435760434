"""CSV files of any program: read when there is one way to read them, else refused in one sentence."""

from __future__ import annotations

import pytest

from bupmeta.errors import DataError
from bupmeta.trials.csvfile import parse_csv, read_csv

_KNOWN = ("row", "p", "note")


@pytest.mark.parametrize(
    "data",
    [
        b"row,p,note\na,0.5,x\n",
        b"row;p;note\na;0.5;x\n",
        b"row\tp\tnote\na\t0.5\tx\n",
        b"\xef\xbb\xbfrow,p,note\r\na,0.5,x\r\n",
        b"row,p,note\ra,0.5,x\r",
        b'"row","p","note"\n"a","0.5","x"',
        b"\n\nrow,p,note\n\n,,\na,0.5,x\n,,\n",
        b"row,p,note,,\na,0.5,x,,\n",
        b"row , p,note\na,0.5,x\n",
    ],
)
def test_the_same_table_comes_out_whatever_program_wrote_it(data):
    file = parse_csv(data, known=_KNOWN)
    assert file.header == _KNOWN
    assert [r.cells for r in file.records] == [("a", "0.5", "x")]


def test_row_numbers_are_those_of_a_spreadsheet_despite_line_breaks_in_cells_and_empty_rows():
    data = b'row,p,note\na,0.5,"two\nlines"\n\nb,0.5,x\n'
    assert [r.line for r in parse_csv(data, known=_KNOWN).records] == [2, 4]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf\r\n\r\n", "is empty"),
        (b"PK\x03\x04rest", "is an Excel or OpenDocument workbook, not a CSV file"),
        ("row,p\n".encode("utf-16"), "is UTF-16 text"),
        (b"row,p\na,\x00\n", "holds binary data"),
        (b"row,p\na,1\nb,M\xfcller\n", "is not UTF-8 text (byte 0xFC in line 3)"),
        (b'row,p\na,1\nb,"open\nc,2\n', "the quotes do not close in the row that starts in line 3"),
        (b'row,p\na,"x"y\n', "the quotes do not close in the row that starts in line 2"),
        (b"row,p\na,1,2\nb\n", "the header has 2 columns, but row 2 has 3, row 3 has 1"),
        (b"row,p,row\na,1,2\n", "the header has 'row' more than once"),
        (b'row,"a\nb","a\nb"\nx,1,2\n', "the header has 'a b' more than once"),
        (b'\n"\t"', "is empty; the first row must name the columns"),
        (b'"\t"\n" "\n', "is empty; the first row must name the columns"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(data, sentence):
    with pytest.raises(DataError) as error:
        parse_csv(data, "some.csv", known=_KNOWN)
    assert sentence in str(error.value)
    assert str(error.value).startswith("some.csv")
    assert "\n" not in str(error.value)


def test_a_missing_file_and_a_folder_are_named(tmp_path):
    with pytest.raises(DataError, match=r"none\.csv: no such file"):
        read_csv(tmp_path / "none.csv")
    with pytest.raises(DataError, match="is a folder; name a CSV file"):
        read_csv(tmp_path)
