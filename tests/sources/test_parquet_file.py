"""Parquet files: the same numbers and the same sentences as the CSV file of the same table."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from symcalc.errors import DataError, MissingExtra
from symcalc.sources.reading import read

duckdb = pytest.importorskip("duckdb")

FAULTS = [
    ("(1.5), (NULL)", "DOUBLE", "row 2, column x: the value is missing. Fill it in, or delete the row."),
    ("(1), (2), (NULL)", "BIGINT", "row 3, column x: the value is missing. Fill it in, or delete the row."),
    ("('1.5'), ('nan')", "DOUBLE", "row 2, column x: the value is missing (nan). Fill it in, or delete the row."),
    ("('-inf')", "DOUBLE", "row 1, column x: '-inf' is infinite. Write a finite number, or delete the row."),
    ("('1'), ('red')", "VARCHAR", "row 2, column x: 'red' is not a number. Correct it, or leave the column out"),
    ("(true)", "BOOLEAN", "row 1, column x: 'true' is not a number. Write 1 for true and 0 for false."),
    ("('2024-05-01')", "DATE", "row 1, column x: '2024-05-01' is not a number: it is a date or time."),
]


def parquet(path, values, kind, columns="t(x)"):
    duckdb.sql(f"COPY (SELECT CAST(x AS {kind}) AS x FROM (VALUES {values}) {columns}) TO '{path}' (FORMAT parquet)")
    return path


def test_a_table_is_equal_to_its_csv_file_bit_for_bit(tmp_path):
    rows = np.random.default_rng(5).normal(size=(3000, 2)) * [1e-7, 1e12]
    lines = [f"{k},{a!r},{b!r},{a!r},{'red' if k % 2 else 'blue'}" for k, (a, b) in enumerate(rows.tolist())]
    (tmp_path / "t.csv").write_text("k,x,the y,z,colour\n" + "\n".join(lines) + "\n")
    duckdb.sql(
        f"COPY (SELECT k, x, \"the y\", CAST(z AS VARCHAR) AS z, colour FROM read_csv('{tmp_path}/t.csv'))"
        f" TO '{tmp_path}/t.parquet' (FORMAT parquet, ROW_GROUP_SIZE 2048)"
    )

    expected, came = read(tmp_path / "t.csv"), read(str(tmp_path / "t.parquet"))

    assert (expected.names, expected.rows) == (came.names, came.rows)
    for name in ("k", "x", "the y", "z"):
        assert expected.column(name).tobytes() == came.column(name).tobytes(), name
    assert expected.raw("colour") == came.raw("colour")


@pytest.mark.parametrize(("values", "kind", "reason"), FAULTS)
def test_a_fault_names_file_row_and_column(tmp_path, values, kind, reason):
    table = read(parquet(tmp_path / "t.parquet", values, kind))

    with pytest.raises(DataError) as caught:
        table.column("x")

    assert caught.value.reason.startswith(f"{tmp_path / 't.parquet'}: {reason}")


def test_decimals_and_small_types_are_numbers(tmp_path):
    for kind, expected in [("DECIMAL(9,2)", [0.1, 2.5]), ("FLOAT", [float(np.float32(0.1)), 2.5])]:
        table = read(parquet(tmp_path / "t.parquet", "(0.1), (2.5)", kind))

        assert expected == table.column("x").tolist()


def test_a_rounded_integer_is_told(tmp_path):
    table = read(parquet(tmp_path / "t.parquet", f"(1), ({2**53 + 1})", "BIGINT"))

    assert "row 2 was read as 9007199254740992." in table.notes[0]


def test_what_is_no_parquet_file_says_so(tmp_path):
    (tmp_path / "t.parquet").write_text("x\n1\n")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 and nothing else")
    duckdb.sql(f"COPY (SELECT 1 AS x LIMIT 0) TO '{tmp_path}/empty.parquet' (FORMAT parquet)")

    for name, reason in [
        ("t.parquet", "is no Parquet file"),
        ("broken.parquet", "cannot be read as a Parquet file"),
        ("empty.parquet", "has columns and no rows"),
        ("t2.parquet", "Near it: "),
    ]:
        with pytest.raises(DataError) as caught:
            read(tmp_path / name)
        assert reason in caught.value.reason


def test_a_missing_extra_is_one_line(tmp_path, monkeypatch):
    path = parquet(tmp_path / "t.parquet", "(1)", "DOUBLE")
    monkeypatch.setitem(sys.modules, "duckdb", None)

    with pytest.raises(MissingExtra) as caught:
        read(path)

    assert "symcalc-explorer" in str(caught.value)
    assert "\n" not in str(caught.value)
