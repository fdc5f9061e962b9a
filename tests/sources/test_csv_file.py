"""CSV files: what is read, what is refused, and that each refusal names the place and the remedy."""

from __future__ import annotations

import numpy as np
import pytest

from symcalc.errors import DataError
from symcalc.sources.csv_file import parse_csv, read_csv

READ = [
    ("x,y\n1,2\n3,4\n", {"x": [1, 3], "y": [2, 4]}),
    ("\ufeffx,y\n1,2\n", {"x": [1], "y": [2]}),
    ("x,y\r\n1,2\r\n3,4\r\n", {"x": [1, 3], "y": [2, 4]}),
    ("x,y\r1,2\r3,4", {"x": [1, 3], "y": [2, 4]}),
    ("x, y\n 1 , 2 \n", {"x": [1], "y": [2]}),
    ("x,y\n+5,-.5\n1.e3,1E-3\n", {"x": [5, 1000], "y": [-0.5, 0.001]}),
    ('"x","y"\n"1","2"\n', {"x": [1], "y": [2]}),
    ('"Budget (m, $)",y\n1,2\n', {"Budget (m, $)": [1], "y": [2]}),
    ("x\n1\n2\n", {"x": [1, 2]}),
]
ANNOUNCED = [
    ("x;y\n1;2\n", "semicolons"),
    ("x\ty\n1\t2\n", "tabs"),
    ('"Budget (m, $)";Revenue\n1;2\n', "semicolons"),
    ("x,y\n\n1,2\n\n", "2 blank lines were skipped"),
    ("\nx,y\n1,2\n", "1 blank line was skipped"),
    ("x,y\n1,2\n   \n3,4\n", "1 blank line was skipped"),
    ("x\n1\n\n2\n", "1 blank line was skipped"),
    ("x,y\n123456789012345678901234567890,2\n", "read as 1.2345678901234568e+29"),
    ("x,y\n9007199254740993,2\n", "read as 9007199254740992"),
]
REFUSED = [
    ("", None, "is empty"),
    ("\n \n", None, "is empty"),
    ("x,y\n", None, "no rows"),
    ("x,y\n\n\n", None, "no rows"),
    ("1,2\n3,4\n", None, "header looks like numbers (1,2). Add a header line"),
    ("x,\n1,2\n", None, "column 2 has no name"),
    ("x,y, x\n1,2,3\n", None, "the header has 'x' 2 times (columns 1, 3)"),
    ("x,y\n1,2,3\n3,4\n", 1, "row 1 has 3 fields of 2"),
    ("x,y\n1,2\n3\n", 2, "row 2 has 1 field of 2"),
    ("x,y\n1,2,\n", 1, "Delete the separator at its end"),
    ("x,y\n1,5,2,5\n", 1, "decimal commas"),
    ("# c\nx,y\n1,2\n", None, "comment line"),
    ("x,y\n1,2\n# c\n", 2, "Delete comment lines"),
    ('x,y\n"1,2\n3,4\n', 1, "a quote opened in row 1 is never closed"),
    ('x,y\n1,2\n"3"4,5\n', 2, "row 2 goes on behind a closing quote"),
    ('"x,y\n1,2\n', None, "a quote opened in the header is never closed"),
]
REFUSED_WHEN_USED = [
    ("1\nabc", 2, "'abc' is not a number"),
    ('1\n""', 2, "the value is missing. Fill it in, or delete the row."),
    ("1\nNA", 2, "the value is missing (NA)"),
    ("1\nnan", 2, "the value is missing (nan)"),
    ("1\n-inf", 2, "'-inf' is infinite"),
    ("1\n1e400", 2, "beyond the largest number"),
    ('"1,5"', 1, "it has a decimal comma. Write 1.5"),
    ('"1,000"', 1, "it has a thousands separator. Write 1000."),
    ('"1,000.5"', 1, "it has a thousands separator. Write 1000.5."),
    ('"1.234,5"', 1, "it has a decimal comma. Write 1234.5"),
    ("1_000", 1, "is not a number: it has a thousands separator"),
    ("1_0", 1, "'1_0' is not a number"),
    ("1\u00a0000", 1, "is not a number: it has a thousands separator"),
    ("٣", 1, "is not a number. Write it in the digits 0 to 9."),
    ("−5", 1, "Write the minus sign as a hyphen: -5."),
    ("5%", 1, "Write 5 without the percent sign"),
    ("$5", 1, "Write 5 and keep the unit in the header"),
    ("(5)", 1, "Write a negative amount as -5."),
    ("True", 1, "Write 1 for true and 0 for false."),
    ("2020-01-01", 1, "it is a date or time"),
    ("0x10", 1, "'0x10' is not a number"),
    ("1d5", 1, "'1d5' is not a number"),
    ("1 2", 1, "If spaces separate the columns"),
]


@pytest.mark.parametrize(("text", "columns"), READ)
def test_numbers_are_read(tmp_path, text, columns):
    path = tmp_path / "data.csv"
    path.write_text(text, encoding="utf-8", newline="")
    table = read_csv(path)

    assert columns == {name: values.tolist() for name, values in table.columns.items()}
    assert table.notes == ()


@pytest.mark.parametrize(("text", "note"), ANNOUNCED)
def test_what_is_not_plain_is_announced(text, note):
    table = parse_csv(text, "data.csv")

    assert note in " ".join(table.notes)
    assert table.names == table.numeric


@pytest.mark.parametrize(("text", "row", "reason"), REFUSED)
def test_a_table_at_fault_says_where(text, row, reason):
    with pytest.raises(DataError) as caught:
        parse_csv(text, "data.csv")

    assert reason in caught.value.reason
    assert ("data.csv", row) == (caught.value.file, caught.value.row)


@pytest.mark.parametrize(("column", "row", "reason"), REFUSED_WHEN_USED)
def test_a_column_at_fault_is_refused_when_it_is_used(column, row, reason):
    text = "x,y\n" + "\n".join(f"{cell},1" for cell in column.split("\n"))
    table = parse_csv(text, "data.csv")

    assert [1.0] * table.rows == table.column("y").tolist()
    with pytest.raises(DataError) as caught:
        table.column("x")
    assert reason in caught.value.reason
    assert f"data.csv: row {row}, column x: " in caught.value.reason
    assert ("data.csv", row, "x") == (caught.value.file, caught.value.row, caught.value.column)


def test_a_comma_in_a_semicolon_file_is_read_neither_way():
    table = parse_csv("x;y\n1,500;2\n", "data.csv")

    with pytest.raises(DataError, match=r"Write 1500, or 1\.500 if the comma is a decimal one"):
        table.column("x")


def test_class_labels_stay_at_hand():
    table = parse_csv("name,y\n Ann,1\nBob ,2\n", "data.csv")

    assert table.raw("name") == ("Ann", "Bob")
    assert table.names == ("name", "y")
    assert table.numeric == ("y",)
    assert "name" in table.columns


def test_a_wrong_name_says_which_there_are():
    table = parse_csv("budget,revenue\n1,2\n", "films.csv")

    with pytest.raises(DataError, match=r"films\.csv has no column 'buget'\. Did you mean 'budget'\?"):
        table.column("buget")
    with pytest.raises(DataError, match=r"It has budget, revenue\."):
        table.column("q")


@pytest.mark.parametrize("spoiler", ["\n", '"0.25",1\n', "1e300,1\n"])
def test_the_fast_and_the_careful_way_read_the_same_numbers(spoiler):
    rng = np.random.default_rng(3)
    values = rng.standard_normal((200, 2)) * 10.0 ** rng.integers(-300, 10, (200, 2))
    text = "x,y\n" + "".join(f"{x!r},{y!r}\n" for x, y in values.tolist())
    fast, careful = parse_csv(text, "f"), parse_csv(text + spoiler, "f")

    assert values[:, 0].tolist() == fast.column("x").tolist() == careful.column("x").tolist()[:200]


def test_columns_cannot_be_changed():
    table = parse_csv("x,y\n1,2\n", "data.csv")

    with pytest.raises(ValueError, match="read-only"):
        table.column("x")[0] = 5


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xff\xfex\x00,\x00y\x00\n\x00", "Save it as UTF-8"),
        (b"x,y\n1,\xe9\n", r"not UTF-8 text \(line 2\)"),
        (b"x,y\n1,\x00\n", "no text file"),
        (b"PK\x03\x04...", "workbook"),
        (b"PAR1...", "Parquet"),
    ],
)
def test_bytes_that_are_no_csv_are_named(tmp_path, content, reason):
    path = tmp_path / "data.csv"
    path.write_bytes(content)

    with pytest.raises(DataError, match=reason):
        read_csv(path)
