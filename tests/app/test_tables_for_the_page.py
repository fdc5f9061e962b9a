"""Tables that `symcalc explore --data` takes, and what is said of those that it cannot."""

from __future__ import annotations

import base64

import pytest

from symcalc.app.web.answers import answer
from symcalc.app.web.tables import MOST_BYTES, for_page
from symcalc.errors import DataError

LINE = "mean((y - (m*x + b))^2)"


def test_a_lesson_and_a_csv_file(tmp_path):
    path = tmp_path / "films.csv"
    path.write_text("x,y\n1,2\n2,4.5\n", encoding="utf-8")

    assert for_page("movies") == {"lesson": "movies"}
    assert for_page(str(path)) == {"text": "x,y\n1,2\n2,4.5\n", "name": "films.csv"}
    assert for_page({"x": [1, 2], "y": [2, 4.5]}) == {"text": "x,y\n1,2\n2,4.5\n", "name": "your table"}


def test_a_parquet_file(tmp_path):
    duckdb = pytest.importorskip("duckdb")
    path = tmp_path / "films.parquet"
    duckdb.sql(f"copy (select * from (values (1, 2.0), (2, 4.5)) as films(x, y)) to '{path}' (format parquet)")
    found = for_page(path)

    assert found == {"text": "x,y\n1,2\n2,4.5\n", "name": "films.parquet"}
    assert [s["text"] for s in answer("derive", {"formula": LINE, "data": found})["slopes"]] == [
        "-2·mean(x·r)",
        "-2·mean(r)",
    ]


@pytest.mark.parametrize("rows", [1_500_000, 3_000_000])
def test_a_parquet_file_that_is_too_large(tmp_path, rows):
    duckdb = pytest.importorskip("duckdb")
    path = tmp_path / "large.parquet"
    duckdb.sql(f"copy (select range as x from range({rows})) to '{path}' (format parquet)")
    with pytest.raises(DataError, match="too large for the page"):
        for_page(path)


def test_a_csv_file_that_is_too_large_is_one_sentence_with_a_remedy(tmp_path, run):
    path = tmp_path / "large.csv"
    path.write_text("x\n" + "1\n" * (MOST_BYTES // 2), encoding="utf-8")
    ran = run("explore", LINE, "--data", str(path), "--no-browser")

    assert ran.code != 0
    said = " ".join(ran.err.split())
    assert "is too large for the page, which takes up to 4,000,000 bytes of CSV." in said
    assert "in the terminal: symcalc descend FORMULA --data" in said


def test_the_bytes_of_a_parquet_file_are_read_as_the_file_is(tmp_path):
    duckdb = pytest.importorskip("duckdb")
    path = tmp_path / "films.parquet"
    duckdb.sql(f"copy (select * from (values (1, 2.0), (2, null)) as films(x, y)) to '{path}' (format parquet)")
    sent = {"parquet": base64.b64encode(path.read_bytes()).decode("ascii"), "name": "films.parquet"}
    found = answer("table", sent)

    assert found["text"] == for_page(path)["text"]
    assert found["columns"]["x"] == [1.0, 2.0]
    assert found["columns"]["y"].startswith("films.parquet: row 2, column y:")


def test_bytes_must_be_whole():
    assert "drop it again" in answer("table", {"parquet": "=?=", "name": "films.parquet"})["error"]["reason"]
    assert "A table is text" in answer("table", {"parquet": 7})["error"]["reason"]
