"""Files dropped on the page, anywhere on it: CSV and Parquet are the same table, and a fault is one sentence."""

from __future__ import annotations

import base64

import pytest
from explorer_page import settle, slopes, until

DROP = """([name, bytes, where]) => {
    const held = new DataTransfer();
    held.items.add(new File([Uint8Array.from(atob(bytes), c => c.charCodeAt(0))], name));
    const event = new DragEvent("drop", { dataTransfer: held, bubbles: true, cancelable: true });
    document.querySelector(where).dispatchEvent(event);
    return event.defaultPrevented;
}"""
ROWS = "select * from (values (1, 2.0, 'a'), (2, 4.5, 'b'), (4, 8.25, 'c')) as films(x, y, title)"


@pytest.fixture
def parquet(tmp_path):
    """Writes what a query finds as a Parquet file, and returns its bytes."""
    duckdb = pytest.importorskip("duckdb")

    def written(query):
        duckdb.sql(f"copy ({query}) to '{tmp_path}/made.parquet' (format parquet)")
        return (tmp_path / "made.parquet").read_bytes()

    return written


def drop(page, name, content, where=".drop"):
    assert page.evaluate(DROP, [name, base64.b64encode(content).decode("ascii"), where])
    until(page, "document.querySelector('#table [role=status]').textContent !== ''")
    settle(page)
    return page.inner_text("#table [role=status]")


@pytest.mark.parametrize("where", [".drop", "h1"])
def test_a_parquet_file_is_the_table_that_its_csv_file_is(page, parquet, where):
    said = drop(page, "films.parquet", parquet(ROWS), where)
    until(page, "window.symcalc.model.rows === 3")

    assert said.startswith("films.parquet: 3 rows.")
    assert page.evaluate("[symcalc.model.columns.x, symcalc.model.columns.y]") == [[1, 2, 4], [2, 4.5, 8.25]]
    assert page.evaluate("explorer.state.data") == {
        "text": "x,y,title\n1,2,a\n2,4.5,b\n4,8.25,c\n",
        "name": "films.parquet",
    }
    assert slopes(page) == ["∂L/∂m = -2·mean(x·r)", "∂L/∂b = -2·mean(r)"]
    columns = page.evaluate("explorer.table.columns")
    drop(page, "films.csv", b"x,y,title\n1,2,a\n2,4.5,b\n4,8.25,c\n", where)
    until(page, "explorer.state.data.name === 'films.csv'")

    assert page.evaluate("explorer.table.columns")["y"] == columns["y"]


def test_a_parquet_file_can_be_chosen(page, parquet):
    content = parquet(ROWS)
    page.set_input_files(
        "#table input[type=file]", {"name": "FILMS.PARQUET", "mimeType": "application/octet-stream", "buffer": content}
    )
    until(page, "window.symcalc.model.rows === 3")

    assert page.evaluate("explorer.table.columns.x") == [1, 2, 4]


def test_a_parquet_file_that_is_too_large_says_so_and_the_table_stays(page, parquet):
    said = drop(page, "large.parquet", parquet("select 1.5 as x, 2.5 as y from range(3000000)"))

    assert said.startswith("large.parquet is too large for the page, which takes up to 4,000,000 bytes of CSV.")
    assert said.endswith("symcalc descend FORMULA --data large.parquet.")
    assert page.evaluate("explorer.state.data") == {"lesson": "movies"}


def test_a_file_of_too_many_bytes_is_not_sent(page):
    page.asked.clear()
    said = drop(page, "large.parquet", b"PAR1" + bytes(4_000_000))

    assert said == ("large.parquet has 4,000,004 bytes; the page takes up to 4,000,000. Use the command line for more.")
    assert page.asked == []


def test_a_file_just_within_the_limit_is_sent(page):
    said = drop(page, "full.parquet", b"PAR1" + bytes(3_999_990))

    assert said.startswith("full.parquet cannot be read as a Parquet file:")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"x,y\n1,2\n", "films.parquet is no Parquet file. If it is a CSV file, let its name end in .csv."),
        (b"PAR1PAR1", "films.parquet cannot be read as a Parquet file:"),
    ],
)
def test_what_is_no_parquet_file_says_so_by_its_own_name(page, content, reason):
    said = drop(page, "films.parquet", content)

    assert said.startswith(reason)
    assert "dropped.parquet" not in said
