"""Files beyond the limit: the same table as in memory, bit for bit, and the same sentences."""

from __future__ import annotations

import sys

import numpy as np
import pytest

import symcalc as sc
from symcalc.errors import DataError, InputError
from symcalc.sources.csv_blocks import CsvBlocks
from symcalc.sources.csv_file import read_csv
from symcalc.sources.limit import in_memory_limit
from symcalc.sources.reading import read
from symcalc.sources.stored import table
from symcalc.sources.watching import watched

READERS = ["duckdb", "standard"]
FORMS = {
    "plain": "x,y\n" + "".join(f"{k / 7!r},{-k}\n" for k in range(99)),
    "no line end at the end": "x,y\n1,2\n3,4",
    "windows": "x,y\r\n" + "1.5,2\r\n" * 40,
    "old mac": "x,y\r1,2\r3,4",
    "mark and letters": "\ufeffx,größe,y\n" + "1,ä,2\n3,ö,4\n" * 30,
    "semicolons": "x;y\n" + "1;2\n" * 40,
    "blanks": "\nx,y\n\n1,2\n\n\n3,4\n   \n" + "5,6\n" * 20,
    "spaces": "x, y\n" + " 1 , 2\n" * 30,
    "quoted cells and lines": "x,note,y\n" + '1,"a, ""b""\nc",2\n"3",d,4\n' * 20,
    "large integers": "x,y\n" + "1,2\n" * 20 + "9007199254740993,1e300\n",
    "text elsewhere": "x,name,y\n" + "1,red,2\n" * 30,
    "one column": "x\n1\n\n2\n3\n",
}
FAULTY = {
    "missing": "x,y\n" + "1,2\n" * 30 + ",2\n",
    "text": "x,y\n" + "1,2\n" * 30 + "red,2\n" * 3,
    "infinite": "x,y\n" + "1,2\n" * 30 + "inf,2\n",
    "underscore": "x,y\n" + "1,2\n" * 30 + "1_000,2\n",
    "beyond": "x,y\n" + "1,2\n" * 30 + "1e999,2\n",
    "comma": "x;y\n" + "1;2\n" * 30 + "1,5;2\n",
    "nan": "x,y\nnan,2\n",
}
REFUSED = {
    "ragged": "x,y\n" + "1,2\n" * 30 + "1,2,3\n",
    "short": "x,y\n" + "1,2\n" * 30 + "1\n",
    "quote": "x,y\n" + "1,2\n" * 30 + '"1,2\n',
    "header only": "x,y\n",
    "empty": "",
    "twice": "x,x\n1,2\n",
}


@pytest.fixture(params=READERS)
def blocks(request, monkeypatch):
    """A CSV file in blocks of 64 bytes, by each reader."""
    if request.param == "duckdb":
        pytest.importorskip("duckdb")
    else:
        monkeypatch.setitem(sys.modules, "duckdb", None)
    return lambda path, wanted=None: table(CsvBlocks(path, 64), wanted)


def written(folder, text):
    path = folder / "t.csv"
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_file_is_the_same_table_in_blocks(tmp_path, blocks, form):
    path = written(tmp_path, FORMS[form])

    expected, came = read_csv(path), blocks(path)

    assert (expected.names, expected.rows, expected.name) == (came.names, came.rows, came.name)
    assert expected.notes == came.notes
    assert expected.numeric == came.numeric
    for name in expected.numeric:
        assert expected.column(name).tobytes() == came.column(name).tobytes()


@pytest.mark.parametrize("form", FAULTY)
def test_a_fault_is_the_same_sentence_in_blocks(tmp_path, blocks, form):
    path = written(tmp_path, FAULTY[form])

    with pytest.raises(DataError) as expected:
        read_csv(path).column("x")
    with pytest.raises(DataError) as came:
        blocks(path).column("x")

    assert (expected.value.reason, expected.value.row) == (came.value.reason, came.value.row)


@pytest.mark.parametrize("form", REFUSED)
def test_a_file_is_refused_with_the_same_sentence_in_blocks(tmp_path, blocks, form):
    path = written(tmp_path, REFUSED[form])

    with pytest.raises(DataError) as expected:
        read_csv(path)
    with pytest.raises(DataError) as came:
        blocks(path)

    assert expected.value.reason == came.value.reason


def test_text_that_is_not_utf8_names_its_line_in_blocks(tmp_path, blocks):
    path = tmp_path / "t.csv"
    path.write_bytes(b"x,name\n" + b"1,red\n" * 40 + b"1,\xff\n")

    with pytest.raises(DataError, match=r"is not UTF-8 text \(line 42\)"):
        blocks(path)


def test_a_column_that_was_not_asked_for_is_read_when_it_is(tmp_path, blocks):
    found = blocks(written(tmp_path, FORMS["plain"]), ["x"])

    assert found.rows == 99
    assert found.column("y").tolist() == [-float(k) for k in range(99)]


def test_a_file_that_changes_meanwhile_is_refused(tmp_path, blocks):
    found = blocks(written(tmp_path, FORMS["plain"]), ["x"])
    written(tmp_path, FORMS["plain"] + "1,2\n")

    with pytest.raises(DataError, match="it had 99 rows and has 100 now"):
        found.column("y")


def test_no_room_on_the_disk_is_one_sentence(tmp_path, blocks, monkeypatch):
    path = written(tmp_path, FORMS["plain"])
    monkeypatch.setattr("tempfile.mkdtemp", lambda **_: str(tmp_path / "gone"))

    with pytest.raises(DataError, match=r"cannot be kept in .*gone: No such file or directory. Set TMPDIR to a folder"):
        blocks(path)


def test_text_as_classes_is_refused_with_the_remedy(tmp_path, blocks):
    found = blocks(written(tmp_path, FORMS["text elsewhere"]))

    with pytest.raises(DataError, match="holds text, and a file read in blocks gives numbers only"):
        found.raw("name")


def test_beyond_the_limit_only_the_columns_of_the_formula_are_read_and_slopes_are_equal(tmp_path, monkeypatch):
    rows = np.random.default_rng(3).normal(size=(5000, 3))
    path = tmp_path / "t.csv"
    path.write_text("x,y,other\n" + "".join(f"{a!r},{b!r},{c!r}\n" for a, b, c in rows.tolist()))
    formulas = [("mean((y - (m*x + c))^2)", {}), ("mean(log(1 + exp(-y*(P@w))))", {"P": ["x", "y"]})]
    readings = []

    for formula, columns in formulas:
        point = np.array([0.25, -1.5])
        held = sc.compile(sc.differentiate(sc.parse(formula, path, columns=columns)))
        monkeypatch.setenv("SYMCALC_IN_MEMORY_LIMIT", "1kB")
        with watched(readings.append):
            stored = sc.compile(sc.differentiate(sc.parse(formula, path, columns=columns)))
        monkeypatch.delenv("SYMCALC_IN_MEMORY_LIMIT")

        assert held.value(point) == stored.value(point)
        assert held.gradient(point).tobytes() == stored.gradient(point).tobytes()

    ends = [reading for reading in readings if reading.done]
    assert [(end.columns, end.rows, end.stored) for end in ends] == [(2, 5000, 80_000)] * 2


def test_a_parquet_file_beyond_the_limit_is_the_same_table(tmp_path, monkeypatch):
    duckdb = pytest.importorskip("duckdb")
    duckdb.sql(
        "COPY (SELECT i / 7 AS x, i AS y, CASE WHEN i = 2999 THEN NULL ELSE i END AS gap FROM range(3000) t(i))"
        f" TO '{tmp_path}/t.parquet' (FORMAT parquet, ROW_GROUP_SIZE 2048)"
    )
    expected = read(tmp_path / "t.parquet")
    monkeypatch.setenv("SYMCALC_IN_MEMORY_LIMIT", "1000")
    monkeypatch.setattr("symcalc.sources.parquet_file._NUMBERS_OF_BLOCK", 1000)

    came = read(tmp_path / "t.parquet")

    assert came.rows == 3000
    for name in ("x", "y"):
        assert expected.column(name).tobytes() == came.column(name).tobytes()
    for found in (expected, came):
        with pytest.raises(DataError, match=r"row 3000, column gap: the value is missing\."):
            found.column("gap")


def test_nothing_is_left_on_the_disk(tmp_path, monkeypatch, blocks):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "private"))
    (tmp_path / "private").mkdir()
    found = blocks(written(tmp_path, FORMS["plain"]))
    assert found.column("x")[1] == 1 / 7

    del found

    assert list((tmp_path / "private").iterdir()) == []


@pytest.mark.parametrize(
    ("text", "size"), [("", 256_000_000), ("1000", 1000), ("500MB", 500_000_000), ("1.5 gb", 1_500_000_000)]
)
def test_the_limit_is_bytes_or_a_size(monkeypatch, text, size):
    monkeypatch.setenv("SYMCALC_IN_MEMORY_LIMIT", text)

    assert in_memory_limit() == size


def test_a_limit_that_is_no_size_is_refused(monkeypatch):
    monkeypatch.setenv("SYMCALC_IN_MEMORY_LIMIT", "plenty")

    with pytest.raises(InputError, match="write bytes, or a size such as 500MB"):
        in_memory_limit()
