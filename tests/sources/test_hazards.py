"""Dangerous CSV bytes from outside, each with its expected outcome in words."""

from __future__ import annotations

import ast
import re

import pytest
from cases_at_hand import load

from symcalc.errors import DataError
from symcalc.sources.reading import read

CASES = load("csv_hazards.json")["cases"]
ROWS = {"plus": {"x": [5.0], "y": [2.0]}}  # every other readable case holds this:
USUAL = {"x": [1.0], "y": [2.0]}
EITHER = {"bigint": "digits", "comment": "comment"}


def test_there_are_cases():
    assert CASES


@pytest.mark.parametrize("name", CASES)
def test_each_hazard_has_its_expected_outcome(tmp_path, name):
    path = tmp_path / "hazard.csv"
    path.write_bytes(ast.literal_eval(CASES[name]["bytes"]))
    expected = CASES[name]["expected"]

    if name in EITHER:
        assert EITHER[name] in outcome(path)[1]
    elif expected.startswith("refuse"):
        columns, said = outcome(path)
        assert columns is None
        row, column = re.search(r"row (\d+)", expected), re.search(r"column (\w+)", expected)
        assert row is None or f"row {row[1]}" in said
        assert column is None or f"column {column[1]}" in said
        assert "not a number" not in expected or "not a number" in said
        if expected.startswith("refuse when used"):
            assert read(path).column("y").tolist()[:1] == [2.0]
    else:
        columns, said = outcome(path)
        assert ROWS.get(name, USUAL) == columns
        words = {"tab": "tabs", "blank_lines": "2 blank lines were skipped"}
        assert words.get(name, "") in said


def outcome(path):
    """The columns (None if refused) and what was said."""
    try:
        table = read(path)
        return {column: table.column(column).tolist() for column in table.names}, " ".join(table.notes)
    except DataError as error:
        return None, str(error)
