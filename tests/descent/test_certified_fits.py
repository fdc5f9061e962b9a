"""Certified regressions, to the last digit: least squares from every certified start, and polished ends."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from cases_at_hand import load

import symcalc as sc


def problems(name: str) -> list[dict[str, Any]]:
    try:
        return load(name)["problems"]
    except pytest.skip.Exception:
        return []


def program(problem: dict[str, Any]) -> Any:
    columns = {c: [float(row[k]) for row in problem["data"]] for k, c in enumerate(problem["columns"])}
    names = [p["name"] for p in problem["params"]]
    return sc.compile(sc.differentiate(sc.parse(problem["loss_text"], columns, parameters=names)))


def digits(found: float, certified: float) -> float:
    """Correct significant digits, as the tables count them."""
    if found == certified:
        return 15.0
    return -math.log10(abs(found - certified) / (abs(certified) or 1.0))


NONLINEAR, LINEAR = problems("nist_nonlinear.json"), problems("nist_linear.json")


def test_there_are_problems():
    assert len(load("nist_nonlinear.json")["problems"]) >= 16
    assert len(load("nist_linear.json")["problems"]) >= 7


@pytest.mark.parametrize("start", ["start1", "start2"])
@pytest.mark.parametrize("problem", NONLINEAR, ids=lambda p: p["name"])
def test_least_squares_reaches_every_certified_digit(problem, start):
    made = program(problem)
    certified = [float(p) for p in problem["refined"]["params"]]

    trace = sc.descend(
        made, {p["name"]: float(p[start]) for p in problem["params"]}, "levenberg-marquardt", steps=1000, tolerance=0
    )

    assert min(map(digits, trace.point.values(), certified)) >= 12
    if start == "start1":
        deviations = trace.ending.deviations.errors
        assert min(map(digits, deviations, [float(s) for s in problem["refined"]["sd"]])) >= 6


@pytest.mark.parametrize("problem", LINEAR, ids=lambda p: p["name"])
def test_linear_least_squares_reaches_every_certified_digit(problem):
    trace = sc.descend(program(problem), optimizer="levenberg-marquardt", tolerance=0)

    certified = [float(p["exact_25"]) for p in problem["params"]]
    assert min(map(digits, trace.point.values(), certified)) >= 13


@pytest.mark.parametrize("problem", [p for p in LINEAR if p["name"] != "Wampler1"], ids=lambda p: p["name"])
def test_certified_deviations_of_lines_and_polynomials(problem):
    made = program(problem)
    trace = sc.descend(made, optimizer="levenberg-marquardt", tolerance=0)

    certified = [float(p["sd_25"]) for p in problem["params"]]
    assert min(map(digits, trace.ending.deviations.errors, certified)) >= 6


@pytest.mark.parametrize("problem", [p for p in NONLINEAR if p["n_obs"] < 60], ids=lambda p: p["name"])
def test_a_polished_end_has_the_digits_it_says(problem, tmp_path):
    # A file keeps its numbers as they are printed: 20 digits of the optimum of exactly those.
    file = tmp_path / "table.csv"
    rows = [",".join(problem["columns"]), *(",".join(repr(float(x)) for x in row) for row in problem["data"])]
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    names = [p["name"] for p in problem["params"]]
    made = sc.compile(sc.differentiate(sc.parse(problem["loss_text"], file, parameters=names)))
    start = {p["name"]: float(p["start2"]) for p in problem["params"]}

    polished = sc.descend(made, start, "levenberg-marquardt", steps=1000, digits=20).polished

    assert polished.digits == 20
    import mpmath

    with mpmath.workdps(40):
        for name, certified in zip(names, problem["refined"]["params"]):
            assert abs(mpmath.mpf(polished.point[name]) / mpmath.mpf(certified) - 1) < mpmath.mpf("1e-19")
    assert min(polished.float64.values()) >= 9


def test_a_polished_square_root():
    # x = √2 to 50 digits: where (x² - 2)² + 1 is least.
    made = sc.compile(sc.differentiate(sc.parse("(x^2 - 2)^2 + 1", parameters=["x"])))

    polished = sc.descend(made, {"x": 1.5}, "newton", digits=50).polished

    assert polished.point["x"] == "1.4142135623730950488016887242096980785696718753769"
    assert np.isclose(float(polished.loss), 1)
    assert 15 <= polished.float64["x"] <= 16
    assert "the descent alone, in 64-bit floats, had" in polished.sentence


@pytest.mark.parametrize(
    ("text", "start", "sentence"),
    [
        ("abs(x) + x^2", {"x": 1}, "smooth slopes"),
        ("x^3", {"x": 0.5}, "does not bend up|not settle|leave the domain"),
        ("(a + b - 1)^2", {"a": 1, "b": 1}, "does not bend up"),
    ],
)
def test_what_cannot_be_polished_says_why(text, start, sentence):
    made = sc.compile(sc.differentiate(sc.parse(text, parameters=list(start))))

    polished = sc.descend(made, start, "gradient-descent", steps=300, digits=15).polished

    assert not polished.found
    assert pytest.importorskip("re").search(sentence, polished.sentence), polished.sentence
