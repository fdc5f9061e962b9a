"""The catalogue's tables are well-formed, and what their words state is true."""

from __future__ import annotations

import re

import numpy as np
import pytest

import symcalc as sc
from symcalc.catalogue.losses import LOSSES
from symcalc.catalogue.models import MODELS
from symcalc.catalogue.optimizers import OPTIMIZERS
from symcalc.catalogue.surfaces import SURFACES

TABLES = {"losses": LOSSES, "models": MODELS, "surfaces": SURFACES, "optimizers": OPTIMIZERS}
ROWS = [pytest.param(row, id=name) for table in TABLES.values() for name, row in table.items()]


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_no_table_is_empty(table):
    assert len(table) >= 6


@pytest.mark.parametrize("row", ROWS)
def test_each_row_is_complete(row):
    assert row.formula.strip() == row.formula != ""
    assert row.about.endswith(".")
    assert len(row.about) <= 105
    assert re.search(r"\(1[789]\d\d\)|\(20\d\d\)", row.source), "a source has a year"
    assert row.formula.count("(") == row.formula.count(")")
    assert "**" not in row.formula


@pytest.mark.parametrize("row", ROWS)
def test_each_constant_is_used(row):
    for name in row.constants:
        assert name in re.findall(r"\w+", row.text)


@pytest.mark.parametrize("row", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_an_optimizer_ends_by_moving_the_point_against_the_gradient(row):
    *_, last = row.formula.split(";")
    words = set(re.findall(r"[a-z]\w*", row.formula))

    assert last.strip().startswith("point = point - learning_rate*")
    assert "gradient" in words
    state = {statement.split("=")[0].strip() for statement in row.formula.split(";")}
    known = {"point", "gradient", "learning_rate", "t", "sqrt"} | set(row.constants) | state
    assert words <= known


@pytest.mark.parametrize("row", [*LOSSES.values(), *MODELS.values()], ids=[*LOSSES, *MODELS])
def test_a_loss_is_written_in_what_its_model_defines(row):
    defined = [statement.split("=")[0].strip() for statement in row.model.split(";") if statement]

    for name in defined:
        assert name in re.findall(r"\w+", row.text.replace(f"{name} =", "", 1))
    assert row.text == (f"{row.model};  {row.formula}" if row.model else row.formula)


@pytest.mark.parametrize("row", [*LOSSES.values(), *MODELS.values()], ids=[*LOSSES, *MODELS])
def test_a_loss_has_a_table_to_try_it_on_and_every_column_is_used(row):
    words = set(re.findall(r"\w+", row.text))

    assert set(row.example) <= words
    assert set(row.columns) <= set(row.example)
    assert len({len(values) for values in row.example.values()}) <= 1
    assert row.example or row.constants


@pytest.mark.parametrize("row", [*LOSSES.values(), *MODELS.values()], ids=[*LOSSES, *MODELS])
def test_a_row_reads_its_parameters_and_columns_as_it_says(row):
    loss = sc.parse(row.text, dict(row.example) or None, constants=row.constants, parameters=row.parameters)
    names = {parameter.name for parameter in loss.parameters}

    assert {column.name for column in loss.columns} == set(row.example)
    assert row.parameters is None or names == set(row.parameters)
    assert set(row.start) <= names
    for minimum in row.minima:
        assert set(minimum) == names


@pytest.mark.parametrize("row", SURFACES.values(), ids=SURFACES)
def test_a_surface_says_where_to_start_and_where_it_ends(row):
    assert row.minima
    assert row.lowest is not None
    assert set(row.start) == set(row.bounds) == set(row.parameters)
    for point in (row.start, *row.minima):
        for name, value in point.items():
            low, high = row.bounds[name]
            assert np.shape(value) == row.parameters[name]
            assert low <= np.min(value) <= np.max(value) <= high
