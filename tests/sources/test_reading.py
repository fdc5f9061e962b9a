"""Data of every kind becomes a table, or a sentence."""

from __future__ import annotations

import numpy as np
import pytest

import symcalc as sc
from symcalc.errors import DataError
from symcalc.sources.reading import read
from symcalc.sources.text_file import read_text

LESSONS = {"movies": {"x": (100, 200), "y": (275, 300)}, "steplab": {"x": (0.5,), "y": (28,)}}


def test_nothing_and_tables_pass():
    table = read({"x": [1, 2]})

    assert read(None) is None
    assert read(table) is table


def test_a_lesson_is_read_by_name():
    table = read("movies", LESSONS)

    assert (table.name, table.rows, table.column("y").tolist()) == ("movies", 2, [275.0, 300.0])


def test_a_file_goes_before_a_lesson_of_the_same_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "movies").write_text("x\n7\n")
    (tmp_path / "steplab").mkdir()

    assert read("movies", LESSONS).column("x").tolist() == [7.0]
    assert read("steplab", LESSONS).column("x").tolist() == [0.5]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("movis", "Did you mean 'movies'?"),
        ("zzz", "Lessons: movies, steplab."),
        ("film.csv", "Near it: films.csv."),
        ("nowhere/film.csv", "There is no folder nowhere either."),
        ("a\0b", "no file or lesson"),
        ("a\0/b.csv", "cannot be read"),
        (".", "is a folder"),
    ],
)
def test_what_is_not_there_says_what_is_near(tmp_path, monkeypatch, name, reason):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "films.csv").write_text("x\n7\n")

    with pytest.raises(DataError) as caught:
        read(name, LESSONS)

    assert reason in caught.value.reason


def test_small_arrays_become_float64_and_are_copied():
    mine = np.array([1.0, 2.0])
    table = read({"x": mine, "k": np.array([2**62, 1]), "X": np.ones((2, 3), dtype=np.int8)})
    mine[0] = 99

    assert table.column("x").tolist() == [1.0, 2.0]
    assert table.column("X").shape == (2, 3)
    assert {np.dtype(np.float64)} == {table.column(name).dtype for name in table.names}


def test_large_arrays_are_used_where_they_lie():
    mine = np.arange(200_000.0)
    table = read({"x": mine, "k": mine.astype(int), "every_other": np.arange(400_000.0)[::2]})

    assert np.shares_memory(table.column("x"), mine)
    assert not table.column("x").flags.writeable
    assert mine.flags.writeable
    assert table.column("k").tolist() == mine.tolist()
    assert table.column("every_other").flags.c_contiguous


def test_a_large_array_that_was_changed_is_refused():
    mine = np.arange(200_000.0)
    table = read({"x": mine, "y": mine.copy()})
    program = sc.compile(sc.differentiate(sc.parse("mean((y - m*x)^2)", table)))
    mine -= 1.0

    assert table.column("y")[-1] == 199_999.0
    for use in (lambda: table.column("x"), table.columns.check, lambda: sc.descend(program, steps=1)):
        with pytest.raises(DataError, match="Column x was changed after it was given"):
            use()


@pytest.mark.parametrize("row", [0, 70_000, 199_999])
@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_a_number_that_is_none_is_found_in_any_block(row, wrong):
    mine = np.ones((200_000, 2))
    mine[row, 1] = wrong

    with pytest.raises(DataError, match=f"row {row + 1} .index {row}., column X"):
        read({"X": mine}).column("X")


def test_integers_that_do_not_fit_are_announced():
    assert "1152921504606846977 was read as" in read({"x": [2**60 + 1]}).notes[0]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({}, "has no columns"),
        ({"x": []}, "has no rows"),
        ({"x": [1, 2], "y": [1, 2, 3]}, "x has 2 rows, y has 3"),
        ({"x": 3.0}, "single value"),
        ({"x": [[1, 2], [3]]}, "rows differ in length"),
        ({"x": np.ones((2, 3, 4))}, "a column is (n) or (n, k)"),
        ({1: [2]}, "name must be text"),
        (np.ones(3), "ndarray has no column names"),
        ([1, 2], "list has no column names"),
        (5, "int has no column names"),
    ],
)
def test_data_that_is_no_table_is_refused(data, reason):
    with pytest.raises(DataError) as caught:
        read(data)

    assert reason in caught.value.reason


@pytest.mark.parametrize(
    ("values", "row", "reason"),
    [
        ([1, float("nan")], 2, "missing (NaN)"),
        ([1, None], 2, "missing (None)"),
        ([float("inf"), 1], 1, "infinite"),
        ([True, False], 1, "True is not a number"),
        (["a", "b"], 1, "'a' is not a number"),
        ([1, "b"], 1, "is not a number"),
        ([1j, 2], 1, "complex"),
        (np.array(["2020-01-01", "2020-01-02"], dtype="datetime64[D]"), 1, "date"),
        ([1, 10**400], 2, "beyond the largest number"),
        (np.ma.array([1, 2], mask=[False, True]), 2, "masked"),
        ([object(), 1], 1, "is not a number"),
    ],
)
def test_a_column_in_memory_is_refused_when_it_is_used(values, row, reason):
    table = read({"x": values, "y": [1, 2]})

    assert table.column("y").tolist() == [1.0, 2.0]
    with pytest.raises(DataError) as caught:
        table.column("x")
    assert reason in caught.value.reason
    assert f"row {row} (index {row - 1}), column x" in caught.value.reason
    assert (row, "x") == (caught.value.row, caught.value.column)


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_data_frames_of_any_library_are_read(library):
    frames = pytest.importorskip(library)
    table = read(frames.DataFrame({"x": [1, 2], "gap": [1.5, None], "word": ["a", "b"]}))

    assert table.names == ("x", "gap", "word")
    assert table.column("x").tolist() == [1.0, 2.0]
    with pytest.raises(DataError, match=r"row 2 \(index 1\), column gap: the value is missing"):
        table.column("gap")
    with pytest.raises(DataError, match="'a' is not a number"):
        table.column("word")


def test_faults_of_pandas_frames_are_named():
    pandas = pytest.importorskip("pandas")

    with pytest.raises(DataError, match="the column 'a' 2 times"):
        read(pandas.DataFrame([[1, 2]], columns=["a", "a"]))
    with pytest.raises(DataError, match="name must be text, not 0"):
        read(pandas.DataFrame([[1, 2]]))
    with pytest.raises(DataError, match="row 2"):
        read(pandas.DataFrame({"a": pandas.array([1, None], dtype="Int64")})).column("a")


def test_a_lazy_frame_says_how_to_compute_it():
    polars = pytest.importorskip("polars")

    with pytest.raises(DataError, match=r"Call its \.collect\(\)"):
        read(polars.DataFrame({"a": [1]}).lazy())


def test_text_files_have_a_size(tmp_path):
    path = tmp_path / "loss.txt"
    path.write_text("\ufeffm*x + b\n", encoding="utf-8")

    assert read_text(path) == "m*x + b\n"
    with pytest.raises(DataError, match="more than 5 bytes"):
        read_text(path, limit=5)
