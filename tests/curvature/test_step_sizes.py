"""The step-size oracle against eigenvalues by others, runs on both sides of its limits, and algebra by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from cases_at_hand import load

import symcalc as sc
from symcalc.descent.optimizer import optimizer_named
from symcalc.errors import InputError

RSS = "sum((y - (m*x + b))^2)"


def program(text, data=None, **declared):
    return sc.compile(sc.differentiate(sc.parse(text, data, **declared)))


def steplab(text=RSS):
    case = load("lesson.json")["steplab"]
    return program(text, {name: np.array(case[name], dtype=float) for name in ("x", "y")})


def test_steplab_has_the_figures_of_the_lesson():
    case = load("lesson.json")["steplab"]

    found = sc.step_sizes(steplab(), {"m": 43, "b": 12})

    assert found.quadratic
    assert found.eigenvalues == pytest.approx(sorted(map(float, case["eigenvalues_rss"]), reverse=True), rel=1e-13)
    assert found.condition == pytest.approx(float(case["condition"]), rel=1e-13)
    assert found.largest == pytest.approx(float(case["largest_learning_rate_rss"]), rel=1e-14)
    assert found.best == pytest.approx(2 / sum(map(float, case["eigenvalues_rss"])), rel=1e-14)
    assert found.minimum == pytest.approx({name: float(case["optimum"][name]) for name in ("m", "b")}, rel=1e-14)
    assert found.lowest == pytest.approx(float(case["optimum"]["rss"]), rel=1e-13)
    mean = sc.step_sizes(steplab("mean((y - (m*x + b))^2)"), {"m": 0, "b": 0})
    assert mean.largest == pytest.approx(float(case["largest_learning_rate_mse"]), rel=1e-14)


def test_a_rate_too_large_is_named_before_it_runs_with_remedies():
    found = sc.step_sizes(steplab(), {"m": 43, "b": 12}, learning_rate=0.026)

    assert found.diverges
    assert found.verdict == "0.026 > 0.0253285 = 2/λmax: the error grows 1.05-fold a step along b + 0.581·m"
    assert found.remedies[0] == "a rate below 0.0253285; 0.0241313 is the best constant one"
    assert "makes the condition 20.1563 → 1" in found.remedies[1]
    assert max(found.contraction) == pytest.approx(0.026 * 78.962320036848548534 - 1, rel=1e-13)


def test_the_ravine_of_movies_is_named_and_standardizing_really_removes_it():
    found = sc.step_sizes(program("mean((y - (m*x + b))^2)", "movies"), {"m": 0, "b": 0})

    assert found.condition == pytest.approx(539554, abs=0.5)
    assert found.findings == (
        "A ravine: it bends 539,554 times harder along m + 0.00337·b than along b - 0.00337·m.",
    )  # fmt: skip
    assert found.scaling.condition == pytest.approx(1, rel=1e-12)
    assert found.remedies == ("standardize x: (x - mean(x))/std(x) makes the condition 539,554 → 1",)
    rescaled = program("z = (x - mean(x))/std(x);  mean((y - (m*z + b))^2)", "movies")
    assert sc.step_sizes(rescaled, {"m": 0, "b": 0}).condition == pytest.approx(found.scaling.condition)


def test_without_an_intercept_columns_are_not_centered():
    found = sc.step_sizes(program("mean((y - (m*x + k*x^2))^2)", "movies"), {"m": 0, "k": 0})

    assert not found.scaling.centered
    assert 1 < found.scaling.condition < found.condition / 1000


def test_no_standardizing_is_offered_where_it_would_be_another_model():
    found = sc.step_sizes(program("mean((y - a*exp(b*x))^2)", "movies"), {"a": 1, "b": 0})

    assert found.scaling is None


def quadratic(seed):
    """A random bowl ½ w'A w - c'w with its known spectrum, between 2 and 6 parameters."""
    draw = np.random.default_rng(seed)
    size = int(draw.integers(2, 7))
    basis, _ = np.linalg.qr(draw.normal(size=(size, size)))
    bends = np.exp(draw.uniform(-2, 3, size=size))
    matrix = basis @ np.diag(bends) @ basis.T
    made = program("w@A@w/2 - c@w", constants={"A": (matrix + matrix.T) / 2, "c": draw.normal(size=size)},
                   parameters={"w": (size,)})  # fmt: skip
    return made, bends, draw.normal(size=size) * 3


@pytest.mark.parametrize("part", range(4))
def test_every_one_of_200_quadratics_obeys_its_limit_and_its_contraction(part):
    for seed in range(50 * part, 50 * part + 50):
        made, bends, start = quadratic(seed)
        found = sc.step_sizes(made, {"w": start})
        assert found.quadratic
        assert found.largest == pytest.approx(2 / bends.max(), rel=1e-11)
        minimum = found.minimum["w"]

        below = sc.descend(made, {"w": start}, learning_rate=0.99 * found.largest, steps=300)
        above = sc.descend(made, {"w": start}, learning_rate=1.01 * found.largest, steps=1000)

        first = np.linalg.norm(start - minimum)
        slowest = max(abs(1 - 0.99 * found.largest * bends))
        assert np.linalg.norm(below.points[-1] - minimum) <= max(1e-11, 2 * slowest ** (len(below.points) - 1)) * first
        assert np.linalg.norm(above.points[-1] - minimum) > 1e3 * first
        run = sc.descend(made, {"w": start}, learning_rate=found.best, steps=40)
        errors = (run.points - minimum) @ np.column_stack([d.vector["w"] for d in found.directions])
        for error, factor in zip(errors.T, found.contraction):
            # Where the error is well above rounding, it shrinks as predicted, to 1 %.
            live = np.abs(error[1:]) > 1e-9 * first
            observed = np.abs(error[1:][live] / error[:-1][live])
            assert np.allclose(observed, factor, rtol=0.01)
        path = found.path(len(run.points) - 1)
        scale = np.linalg.norm(minimum) + first
        assert np.abs(path.points - run.points).max() <= 1e-12 * scale


@pytest.mark.parametrize("name", ["momentum", "nesterov"])
@pytest.mark.parametrize("seed", range(5))
def test_rules_with_memory_obey_their_limits(name, seed):
    made, bends, start = quadratic(seed)
    found = sc.step_sizes(made, {"w": start}, optimizer=name)
    beta = 0.9
    known = {"momentum": 2 * (1 + beta), "nesterov": 2 * (1 + beta) / (1 + 2 * beta)}[name] / bends.max()
    assert found.largest == pytest.approx(known, rel=1e-9)

    below = sc.descend(made, {"w": start}, name, learning_rate=0.99 * found.largest, steps=4000)
    above = sc.descend(made, {"w": start}, name, learning_rate=1.01 * found.largest, steps=4000)

    minimum, first = found.minimum["w"], np.linalg.norm(start - found.minimum["w"])
    assert np.linalg.norm(below.points[-1] - minimum) < 1e-3 * first
    assert np.linalg.norm(above.points[-1] - minimum) > 1e3 * first
    run = sc.descend(made, {"w": start}, name, learning_rate=found.best, steps=60)
    assert np.abs(found.path(60).points[: len(run.points)] - run.points).max() <= 1e-12 * (
        first + np.abs(minimum).max()
    )


def test_a_rule_that_was_typed_has_its_own_theory():
    made, bends, start = quadratic(3)
    rule = optimizer_named("velocity = 0.5*velocity + gradient;  point = point - learning_rate*velocity")

    assert sc.step_sizes(made, {"w": start}, optimizer=rule).largest == pytest.approx(3 / bends.max(), rel=1e-9)
    assert sc.step_sizes(made, {"w": start}, optimizer="adam").largest is None


def test_the_number_of_steps_for_a_tolerance_is_the_run_s():
    made = steplab()
    found = sc.step_sizes(made, {"m": 43, "b": 12})

    run = sc.descend(made, {"m": 43, "b": 12}, learning_rate=found.best, steps=1000, tolerance=1e-6)

    assert found.steps_to(1e-6) == run.steps[-1].index
    assert found.steps_to(1e-6, learning_rate=0.026) is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("mean((y - (a + b))^2)", "a - b is not determined by the data: the loss does not change along it."),
        ("mean((y - (a*x + 2*b*x))^2)", "a - 1/2·b is not determined by the data: the loss does not change along it."),
        ("mean((y - (a + b + c))^2)", "a - b, a - c are not determined by the data: the loss does not change along them."),
        ("mean((exp((a + b)*x/1000) - y/1000)^2)", "a - b is not determined by the data: the loss does not change along it."),
        ("mean((y - (a*x + b*x + c + d))^2)",
         "a - b, c - d are not determined by the data: the loss does not change along them."),
    ],
)  # fmt: skip
def test_what_the_data_do_not_determine_is_named_by_its_direction(text, sentence):
    made = program(text, "movies")

    found = sc.step_sizes(made, made.layout.split(np.zeros(made.layout.total)))

    assert sentence in found.findings
    assert found.condition == math.inf


def test_the_place_is_named_saddle_maximum_plateau_slope_unused():
    def findings(text, at, data=None):
        return sc.step_sizes(program(text, data, parameters=list(at)), at).findings

    assert findings("x^2 - 3*y^2", {"x": 0, "y": 0}) == (
        "A saddle point: the loss bends up along x and down along y.",
    )  # fmt: skip
    assert findings("-x^2 - y^2", {"x": 0, "y": 0}) == ("A maximum: the loss bends down in every direction.",)
    assert findings("x^2 + 0*y", {"x": 1, "y": 1}) == ("y is not used: the loss does not depend on it.",)
    assert findings("x^2 + y", {"x": 1, "y": 1}) == ("Along y the loss falls without end: no rate settles there.",)
    (plateau,) = findings("(tanh(x) - 2)^2", {"x": 30})
    assert plateau.startswith("A plateau: ")


def test_a_saddle_has_no_best_rate():
    found = sc.step_sizes(program("x^2 - y^2", parameters=["x", "y"]), {"x": 1, "y": 1})

    assert (found.best, found.largest) == (None, 1)
    assert math.isnan(found.condition)
    assert found.convexity.convex is False


def test_many_parameters_need_no_hessian():
    size = 600
    scale = np.linspace(1, 30, size)

    found = sc.step_sizes(program("sum(s*w^2)/2", constants={"s": scale}, parameters={"w": (size,)}), np.ones(size))

    assert not found.whole
    assert found.products < 300
    assert found.largest == pytest.approx(2 / 30, rel=1e-9)


@pytest.mark.parametrize(
    ("text", "quadratic"),
    [
        ("(x + y)^2 - 3*x", True),
        ("sqrt(x)^4", True),
        ("log(exp(x))^2", True),
        ("abs(x)^2", True),
        ("abs(x)", False),
        ("x^2*y", False),
        ("(x*y)^2", False),
        ("1/x", False),
        ("exp(x)", False),
    ],
)
def test_quadratic_is_claimed_only_where_it_is_proven(text, quadratic):
    assert sc.step_sizes(program(text, parameters=["x", "y"][: 1 + ("y" in text)]), [1.0, 1.0][: 1 + ("y" in text)]
                         ).quadratic is quadratic  # fmt: skip


def test_what_cannot_be_sized_is_refused():
    with pytest.raises(InputError, match="not finite"):
        sc.step_sizes(program("log(x)", parameters=["x"]), {"x": -1})
    with pytest.raises(InputError, match="not proven quadratic"):
        sc.step_sizes(program("exp(x)", parameters=["x"]), {"x": 0}).path(3)
    with pytest.raises(InputError, match="one value a row"):
        sc.step_sizes(program("(y - m*x)^2", "movies"), {"m": 0})


def test_a_column_inside_a_logarithm_is_not_moved_to_where_it_has_none():
    data = {"size": [10.0, 20, 40, 80, 160], "cost": [12.78, 17.86, 26.42, 43.56, 68.45]}
    made = sc.compile(sc.differentiate(sc.parse("mean((log(cost) - (alpha + beta*log(size)))^2)", data)))

    found = sc.step_sizes(made, {"alpha": 1, "beta": 0.5})

    # By hand: the Hessian is 2/n·AᵀA with rows (1, log(size)).
    rows = np.column_stack([np.ones(5), np.log(data["size"])])
    assert found.largest == pytest.approx(2 / np.linalg.eigvalsh(2 / 5 * rows.T @ rows)[-1], rel=1e-12)


def test_a_slope_that_cancels_to_rounding_is_0():
    # Only a + b counts, so the slope along a - b is 0 by algebra.
    found = sc.step_sizes(program("mean((y - (a + b))^2)", "movies"), {"a": 0.1, "b": 0.3})

    assert [d.slope for d in found.directions if d.bends == "flat"] == [0.0]


def test_the_slope_along_a_direction_is_that_along_its_text():
    """x² + 3y² at (1, -2) has slopes 2 and -12: along x it is 2, along y -12, whatever sign an eigenvector has."""
    found = sc.step_sizes(sc.compile(sc.differentiate(sc.parse("x^2 + 3*y^2"))), {"x": 1, "y": -2})
    assert {d.text: d.slope for d in found.directions} == pytest.approx({"x": 2, "y": -12})
    # (x + y)² + 3·(x - y)² at (1, 0): the gradient is (8, -4), so 4/√2 along x + y and 12/√2 along x - y.
    found = sc.step_sizes(sc.compile(sc.differentiate(sc.parse("(x + y)^2 + 3*(x - y)^2"))), {"x": 1, "y": 0})
    assert {d.text: d.slope for d in found.directions} == pytest.approx({"x + y": 4 / 2**0.5, "x - y": 12 / 2**0.5})
