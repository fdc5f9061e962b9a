"""The figures of the lesson, recomputed by others in exact arithmetic."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from cases_at_hand import load

import symcalc as sc

LINE = "y - (m*x + b)"


@pytest.fixture
def lesson() -> dict[str, Any]:
    return load("lesson.json")


def columns(part: dict[str, Any]) -> dict[str, list[float]]:
    return {name: [float(v) for v in part[name]] for name in ("x", "y")}


def program(text: str, data: Any, **declared: Any) -> Any:
    return sc.compile(sc.differentiate(sc.parse(text, data=data, **declared)))


def test_the_figures_of_movies(lesson: dict[str, Any]) -> None:
    movies = lesson["movies"]
    data = columns(movies)
    at = movies["at m=1.417 b=133.33"]
    point = {"m": 1.417, "b": 133.33}

    rss = program(f"sum(({LINE})^2)", data)
    assert rss.value(point) == pytest.approx(float(at["rss"]), rel=1e-9)
    assert rss.gradient(point)["m"] == pytest.approx(float(at["d_rss_dm"]), rel=1e-9)
    assert rss.gradient(point)["b"] == pytest.approx(float(at["d_rss_db"]), rel=1e-9)
    assert program(f"sqrt(mean(({LINE})^2))", data).value(point) == pytest.approx(float(at["rmse"]), rel=1e-9)
    assert program(f"mean(abs({LINE}))", data).value(point) == pytest.approx(float(at["mae"]), rel=1e-9)
    hessian = rss.hessian([1.417, 133.33])
    np.testing.assert_allclose(hessian, np.array(movies["hessian_rss"], dtype=float), rtol=1e-9)
    optimum = {k: float(movies["optimum"][k]) for k in "mb"}
    assert rss.value(optimum) == pytest.approx(float(movies["optimum"]["rss"]), rel=1e-9)
    for entry in movies["cost curve m=1.417"]:
        assert rss.value({"m": 1.417, "b": float(entry["b"])}) == pytest.approx(float(entry["rss"]), rel=1e-9)


def test_one_parameter_held(lesson: dict[str, Any]) -> None:
    held = program(f"sum(({LINE})^2)", columns(lesson["movies"]), constants={"m": 1.417})
    assert [p.name for p in held.loss.parameters] == ["b"]
    for entry in lesson["movies"]["cost curve m=1.417"]:
        assert held.value({"b": float(entry["b"])}) == pytest.approx(float(entry["rss"]), rel=1e-9)


def test_the_expanded_sum_of_squares(lesson: dict[str, Any]) -> None:
    expanded = program(lesson["movies"]["rss expanded"], None)
    rss = program(f"sum(({LINE})^2)", columns(lesson["movies"]))
    assert expanded.value({"m": 1.3, "b": 7}) == pytest.approx(rss.value({"m": 1.3, "b": 7}), rel=1e-12)


@pytest.mark.parametrize(("part", "text"), [("movies", f"mean(({LINE})^2)"), ("steplab", f"sum(({LINE})^2)")])
def test_whole_descents(lesson: dict[str, Any], part: str, text: str) -> None:
    key = "descents on mse from m=0 b=0" if part == "movies" else "descents on rss from m=43 b=12"
    start = {"m": 0, "b": 0} if part == "movies" else {"m": 43, "b": 12}
    made = program(text, columns(lesson[part]))
    for run in lesson[part][key]:
        trace = sc.descend(made, start=start, learning_rate=float(run["learning_rate"]), steps=run["steps"])
        assert trace.point["m"] == pytest.approx(float(run["m"]), rel=1e-9)
        assert trace.point["b"] == pytest.approx(float(run["b"]), rel=1e-9)


def test_steplab_descends_in_b_alone(lesson: dict[str, Any]) -> None:
    part = lesson["steplab"]["descent in b only, m=43, rate 0.01 on rss, from 3"]
    made = program(f"sum(({LINE})^2)", columns(lesson["steplab"]), constants={"m": 43})
    trace = sc.descend(made, start={"b": 3}, learning_rate=0.01, steps=len(part["b"]) - 1)
    np.testing.assert_allclose([s.point["b"] for s in trace.steps], [float(v) for v in part["b"]], rtol=1e-9)
    for entry in lesson["steplab"]["slope in b at m=43"]:
        assert made.gradient({"b": float(entry["b"])})["b"] == pytest.approx(float(entry["exact"]), rel=1e-9)


def test_numeric_slopes_are_off_by_what_the_lesson_says(lesson: dict[str, Any]) -> None:
    made = program(f"sum(({LINE})^2)", columns(lesson["steplab"]), constants={"m": 43})
    for entry in lesson["steplab"]["slope in b at m=43"]:
        (row,) = sc.compare(made, at={"b": float(entry["b"])}, methods=["forward"], h=float(entry["h"])).rows
        assert row.error == pytest.approx(float(entry["gap"]), rel=1e-6)


def test_the_small_logistic_regression(lesson: dict[str, Any]) -> None:
    part = lesson["logistic"]
    data = {"x": [float(v) for v in part["x"]], "t": [float(v) for v in part["t"]]}
    made = program(part["formula"], data)
    at = {"w": 0.0, "c": 0.0}
    assert made.value(at) == pytest.approx(float(part["at 0,0"]["loss"]), rel=1e-9)
    assert made.gradient(at)["w"] == pytest.approx(float(part["at 0,0"]["dw"]), rel=1e-9)
    assert made.gradient(at)["c"] == pytest.approx(0.0, abs=1e-12)
    best = {k: float(part["optimum"][k]) for k in "wc"}
    assert made.value(best) == pytest.approx(float(part["optimum"]["loss"]), rel=1e-9)
    assert np.linalg.norm(made.gradient(list(best.values()))) < 1e-9


def test_rosenbrock(lesson: dict[str, Any]) -> None:
    part = lesson["rosenbrock"]
    made = program(part["formula"], None)
    at = {k: float(v) for k, v in part["at"].items()}
    assert made.value(at) == pytest.approx(float(part["value"]), rel=1e-12)
    np.testing.assert_allclose(list(made.gradient(at).values()), [float(v) for v in part["gradient"]], rtol=1e-12)
    np.testing.assert_allclose(made.hessian(list(at.values())), np.array(part["hessian"], dtype=float), rtol=1e-12)


def test_compiling_a_formula_without_special_functions_does_not_import_scipy() -> None:
    code = (
        "import sys, symcalc as sc\n"
        "sc.compile(sc.differentiate(sc.parse('(1 - a)^2'))).value({'a': 3.0})\n"
        "assert 'scipy.special' not in sys.modules\n"
        "found = sc.compile(sc.differentiate(sc.parse('digamma(a)'))).value({'a': 1.0})\n"
        "assert abs(found + 0.5772156649015329) < 1e-14 and 'scipy.special' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
