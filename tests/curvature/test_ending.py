"""What is said of an end: certified standard deviations, algebra by hand, and every kind of place."""

from __future__ import annotations

import math

import numpy as np
import pytest
from cases_at_hand import load

import symcalc as sc
from symcalc.errors import InputError


def program(text, data=None, **declared):
    return sc.compile(sc.differentiate(sc.parse(text, data, **declared)))


def problems(name):
    try:
        return load(name)["problems"]
    except pytest.skip.Exception:
        return []


def fitted(problem, key):
    """The problem's program and its certified point."""
    table = np.array(problem["data"], dtype=float)
    data = dict(zip(problem["columns"], table.T))
    names = [p["name"] for p in problem["params"]]
    made = program(problem["loss_text"], data, parameters=names)
    values = problem["refined"]["params"] if "refined" in problem else [p[key] for p in problem["params"]]
    return made, {name: float(value) for name, value in zip(names, values)}


@pytest.mark.parametrize("problem", problems("nist_nonlinear.json"), ids=lambda p: p["name"])
def test_certified_standard_deviations_of_nonlinear_fits_to_six_digits(problem):
    made, point = fitted(problem, "certified")

    found = sc.ending(made, point)

    assert found.deviations is not None, found.sentences
    for parameter, certified in zip(problem["params"], problem["refined"]["sd"]):
        assert found.standard_errors[parameter["name"]] == pytest.approx(float(certified), rel=1e-6)
    residual = math.sqrt(float(problem["refined"]["rss"]) / problem["df"])
    assert found.deviations.residual == pytest.approx(residual, rel=1e-6)


@pytest.mark.parametrize("problem", problems("nist_linear.json"), ids=lambda p: p["name"])
def test_certified_standard_deviations_of_linear_fits_to_six_digits(problem):
    made, point = fitted(problem, "exact_25")

    found = sc.ending(made, point)

    scale = max(abs(float(p["sd_25"])) for p in problem["params"])
    for parameter in problem["params"]:
        expected = float(parameter["sd_25"])
        # A perfect fit has deviation 0 and leaves rounding.
        assert found.standard_errors[parameter["name"]] == pytest.approx(
            expected, rel=1e-6, abs=1e-8 if not scale else 0
        )


def test_a_logistic_fit_has_the_deviations_of_its_fisher_information():
    made = program("z = w*x + c;  mean(log(1 + exp(z)) - t*z)", "passfail")
    trace = sc.descend(made, learning_rate=1, steps=20_000, tolerance=1e-12)
    x = np.asarray(made.loss.data.columns["x"], dtype=float)
    p = 1 / (1 + np.exp(-(trace.point["w"] * x + trace.point["c"])))
    rows = np.column_stack([x, np.ones_like(x)])
    expected = np.sqrt(np.diag(np.linalg.inv(rows.T @ ((p * (1 - p))[:, None] * rows))))

    assert trace.ending.deviations.kind == "likelihood"
    assert list(trace.ending.standard_errors.values()) == pytest.approx(expected, rel=1e-9)
    assert trace.ending.is_global


@pytest.mark.parametrize(
    ("text", "scale"),
    [
        ("mean(exp(z) - y*z)", True),
        ("sum(exp(z) - y*z)", True),
        ("mean(exp(z) - y*z + loggamma(y + 1))", True),
        ("mean((y - z)^2)", False),
    ],
)
def test_counts_are_recognized_by_adding_to_one(text, scale):
    x, y = np.arange(6.0), np.array([0.0, 1, 0, 2, 3, 5])
    made = program(f"z = w*x + c;  {text}", {"x": x, "y": y})
    point = np.array([0.45, -0.7])
    for _ in range(30):
        point = point - np.linalg.solve(made.hessian(point), made.gradient(point))

    found = sc.ending(made, point)

    assert (found.deviations.kind == "likelihood") is scale
    if scale:
        mu, rows = np.exp(point[0] * x + point[1]), np.column_stack([x, np.ones(6)])
        expected = np.sqrt(np.diag(np.linalg.inv(rows.T @ (mu[:, None] * rows))))
        assert list(found.standard_errors.values()) == pytest.approx(expected, rel=1e-9)


def test_a_likelihood_may_be_named_where_it_cannot_be_found_out():
    # The exponential distribution with mean m: its maximum is at the mean of y, with the deviation m/√n.
    y = np.array([1.0, 2, 5, 4])
    made = program("mean(log(m) + y/m)", {"y": y}, parameters=["m"])

    assert sc.ending(made, {"m": 3}).deviations is None
    found = sc.ending(made, {"m": 3}, likelihood="mean")
    assert found.standard_errors == pytest.approx({"m": 3 / 2}, rel=1e-12)
    with pytest.raises(InputError, match="'sum' or 'mean'"):
        sc.ending(made, {"m": 3}, likelihood="average")


def test_a_penalty_leaves_no_standard_errors():
    made = program("mean((y - (m*x + b))^2) + 0.1*m^2", "movies")
    found = sc.ending(made, sc.step_sizes(made, {"m": 0, "b": 0}).minimum)

    assert (found.kind, found.deviations) == ("minimum", None)


@pytest.mark.parametrize(
    ("text", "at", "kind", "minimum", "said"),
    [
        ("x^2 + 3*y^2", {"x": 0, "y": 0}, "minimum", True, "bends up in every direction (by 2 to 6)"),
        ("x^2 - y^2", {"x": 0, "y": 0}, "saddle", False, "the loss bends down along y"),
        ("-x^2 - y^2", {"x": 0, "y": 0}, "maximum", False, "A maximum"),
        ("(x + y)^2", {"x": 1, "y": -1}, "flat minimum", True, "x - y is not determined by the data"),
        ("exp(x + y) + exp(-x - y)", {"x": 1, "y": -1}, "flat minimum", True, "x - y is not determined by the data"),
        ("x^2 + y^4", {"x": 0, "y": 0}, "flat minimum", True, "does not bend along y here"),
        ("x^4 + y^4", {"x": 0, "y": 0}, "flat minimum", True, "the loss bends in no direction"),
        ("x^4 - y^4", {"x": 0, "y": 0}, "unknown", None, "A flat place"),
        ("x^2 - y^4", {"x": 0, "y": 0}, "flat minimum", None, "Perhaps a minimum, perhaps a plateau"),
        ("x^2 + y^2", {"x": 1, "y": 0}, "slope", False, "the loss is 1 above its lowest, most of the way left along x"),
        ("5 + x^2 + y^2", {"x": 1e-5, "y": 0}, "nearly", None, "Nearly a minimum"),
        ("5 + x^2 + y", {"x": 1e-5, "y": 0}, "slope", False, "the loss falls without end along y"),
        ("1 + x^2 + y/10^10", {"x": 0, "y": 0}, "slope", False, "the loss falls without end along y"),
        ("5 + x^2 + relu(1 - y)", {"x": 1e-5, "y": 0}, "slope", False, "Along y the loss falls and does not bend here"),
        ("x^2/2 + y^2 - 10*relu(1/1000 - x)", {"x": 1, "y": 0}, "slope", False, "kinks lie on the way"),
        (
            "log(1 + exp(-x)) + y^2",
            {"x": 1, "y": 0},
            "slope",
            False,
            "lead along x; how much lower the minimum lies they cannot tell: the bend changes on the way",
        ),
        ("abs(x) + y^2", {"x": 0, "y": 0}, "kink", True, "global minimum"),
        ("(x^2 - 1)^2 + y^2", {"x": 1, "y": 0}, "minimum", True, "Others may be lower"),
    ],
)
def test_the_place_is_named_with_its_reason(text, at, kind, minimum, said):
    found = sc.ending(program(text, parameters=["x", "y"]), at)

    assert (found.kind, found.is_minimum) == (kind, minimum)
    assert said in " ".join(found.sentences)


def test_digits_of_the_loss_are_half_of_those_of_the_slopes():
    made = program("mean((y - (m*x + b))^2)", "steplab")
    best = sc.step_sizes(made, {"m": 0, "b": 0}).minimum
    exact = load("lesson.json")["steplab"]["optimum"]

    found = sc.ending(made, best)

    for entry in found.entries:
        assert 6 <= entry.digits_by_loss <= 8
        assert 13 <= entry.digits_by_slope <= 16
        # What is claimed of the slopes is true of the point.
        off = abs(entry.value - float(exact[entry.name])) / abs(entry.value)
        assert off <= 10**-entry.digits_by_slope
    # Moved by what the loss cannot tell, the loss is the same to within a few roundings.
    eps = np.finfo(float).eps
    moved = dict(best, m=best["m"] * (1 + 10 ** -found.entries[0].digits_by_loss))
    refit = sc.step_sizes(program("mean((y - (m*x + b))^2)", "steplab", constants={"m": moved["m"]}), {"b": 0}).lowest
    assert abs(refit - made.value(best)) <= 300 * eps * made.value(best)


def test_digits_of_the_data_are_those_that_the_standard_error_leaves():
    # One mean: its standard error is s/√n, here about 0.4 of 1000, so three digits are known.
    y = np.array([999.0, 1001.0, 1000.0, 1000.0])
    found = sc.ending(program("mean((y - m)^2)", {"y": y}, parameters=["m"]), {"m": 1000})

    (entry,) = found.entries
    error = float(np.std(y, ddof=1)) / 2
    assert entry.standard_error == pytest.approx(error, rel=1e-12)
    assert entry.digits_by_data == pytest.approx(math.log10(1000 / error), rel=1e-12)
    assert sc.ending(program("(m - 3)^2", parameters=["m"]), {"m": 3}).entries[0].digits_by_data is None


def test_an_end_that_is_not_finite_is_refused():
    with pytest.raises(InputError, match="not finite"):
        sc.ending(program("log(x)", parameters=["x"]), {"x": -1})


def test_a_bound_that_holds_is_named_and_the_rest_is_looked_at_without_it():
    made = program("(x - 3)^2 + (y + 1)^2 + x*y", parameters=["x", "y"])

    # With x held at 1, y is least where 2(y + 1) + 1 = 0.
    found = sc.ending(made, {"x": 1, "y": -1.5}, bounds={"x": (None, 1)})

    assert (found.kind, found.is_minimum, found.is_global) == ("minimum", True, True)
    assert found.sentences[0] == "x is at its bound 1: its slope -5.5 pushes against it."
    assert sc.ending(made, {"x": 1, "y": -1.5}).kind == "slope"
    trace = sc.descend(made, {"x": 0, "y": 0}, learning_rate=0.3, steps=200, bounds={"x": (None, 1)})
    assert trace.point == pytest.approx({"x": 1, "y": -1.5}, rel=1e-9)
    assert trace.ending.is_global
    corner = sc.ending(made, {"x": 1, "y": 0}, bounds={"x": (None, 1), "y": (0, None)})
    assert (corner.kind, corner.sentences[-2]) == (
        "minimum",
        "A minimum: limits hold the point back in every direction.",
    )


def test_a_constraint_that_holds_is_named_with_what_its_room_is_worth():
    # The nearest point to (3, 2) with x + y <= 1 is (1, 0): the slopes there are (-4, -4), so the multiplier is 4.
    made = program("(x - 3)^2 + (y - 2)^2", parameters=["x", "y"])

    found = sc.ending(made, {"x": 1, "y": 0}, constraints=["x + y <= 1", "x - y <= 9"])

    assert (found.kind, found.is_minimum, found.is_global) == ("minimum", True, True)
    assert (
        found.sentences[0] == "x + y <= 1 holds the point back: moved outwards by 1 it would lower the loss by about 4."
    )
    # By how much the lowest loss falls for a little more room: ½(4 - room)², whose slope is the multiplier.
    assert sc.ending(made, {"x": 2, "y": -1}, constraints=["x + y <= 1"]).kind == "slope"


def test_an_equality_may_pull_either_way():
    made = program("(x - 3)^2 + (y - 2)^2", parameters=["x", "y"])

    # On x + y = 7 the nearest point is (4, 3), where both slopes are 2.
    found = sc.ending(made, {"x": 4, "y": 3}, constraints=["x + y = 7"])

    assert found.is_global
    assert "its right side less by 1 would lower the loss by about 2." in found.sentences[0]


def test_a_saddle_may_be_a_minimum_along_a_constraint_and_a_minimum_a_saddle():
    made = program("x^2 - y^2", parameters=["x", "y"])

    assert sc.ending(made, {"x": 0, "y": 0}, constraints=["y = 0"]).is_minimum
    assert sc.ending(made, {"x": 0, "y": 0}, constraints=["x = 0"]).kind == "maximum"


def test_a_run_within_constraints_says_why_it_ended_at_a_minimum():
    made = program("(x - 2)^2 + (y - 2)^2 + x*y", parameters=["x", "y"])

    trace = sc.descend(made, {"x": 0, "y": -3}, "newton", constraints=["x + y <= 1"], steps=50)

    # By symmetry x = y = 1/2, where both slopes are -5/2.
    assert trace.ending.is_global
    assert "about 2.5." in trace.ending.sentences[0]


def test_where_kinks_lie_on_the_way_no_height_is_told():
    # Anscombe's first set. A parabola through this point would put the lowest 0.0764 below, at a loss of 0, where
    # m = 0; but there the loss is mean(max(y - b, 0)), far above.
    x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
    y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]
    made = program("mean(max(y - (m*x + b), 0)) + 0.1*m^2", {"x": x, "y": y})

    found = sc.ending(made, {"m": 0.873899, "b": 2.05})

    assert found.kind == "slope"
    assert found.above is None
    assert "kinks lie on the way" in " ".join(found.sentences)


def test_a_kinked_loss_that_keeps_to_its_parabola_tells_its_height():
    # Huber with every residual within delta is half a mean of squares: the lowest is at the mean of y, 2.
    made = program("mean(huber(y - b, 10))", {"y": [1.0, 2.0, 3.0]})

    found = sc.ending(made, {"b": 2.1})

    assert found.above == pytest.approx(0.1**2 / 2, rel=1e-9)
