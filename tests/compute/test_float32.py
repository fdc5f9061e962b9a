"""Claims about rows in float32: formulas by hand, mpmath's digits, sums that lose nothing more, and what is told of it."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import mpmath
import numpy as np
import pytest
from compute.test_row_kernels import CASES, ELEMENTARY, case, needs_vectors
from compute.test_strips import BY_HAND, COUNTS
from compute.test_strips import answers as by_name

import symcalc as sc
from symcalc.app.cli import main
from symcalc.compute import threads
from symcalc.compute.precision import precision_named
from symcalc.compute.row_kernels import rows_by

UNIT = 2.0**-23
SINGLE = "Rows are worked out in float32; what they add up to, and what has no rows, in float64."
ENGINES = ["numpy", pytest.param("rows", marks=needs_vectors), pytest.param("strips", marks=needs_vectors)]
WORDS = {"numpy": "NumPy goes over the rows", "rows": "in one loop a pass", "strips": "a strip at a time"}
RNG = np.random.default_rng(3)


def single(text, engine, point=None, **given):
    """A program in float32 whose rows an engine goes over; it says so itself."""
    shapes = {name: np.shape(value) for name, value in (point or {}).items()}
    with rows_by(engine):
        made = sc.compile(sc.differentiate(sc.parse(text, shapes=shapes, **given)), dtype="float32")
        said = " ".join(made.plan().notes)
    assert SINGLE in said
    assert WORDS[engine] in said, said
    return made


def miss(came, truth):
    """The greatest error, in units of the largest entry."""
    came, truth = np.asarray(came, dtype=float), np.asarray(truth, dtype=float)
    return float(np.max(np.abs(came - truth)) / np.max(np.abs(truth)))


# -- numbers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", [e for e in ENGINES if e != ENGINES[2]])
@pytest.mark.parametrize("n", [3, 1000, 50_003])
@pytest.mark.parametrize("text", CASES)
def test_rows_in_float32_are_what_formulas_by_hand_give_to_seven_digits(text, n, engine):
    data, point, (value, slopes) = case(text, n)
    came, *found = single(text, engine, data=data).function(*point)

    assert miss(came, value) < 8 * UNIT
    # A slope's rows cancel; their rounding stays.
    for one, slope in zip(found, slopes):
        assert miss(one, slope) < 2000 * UNIT
    # It is no float64 that says it is float32.
    assert [float(came), *map(float, np.ravel(found[0]))] != [value, *map(float, np.ravel(slopes[0]))]


@needs_vectors
@pytest.mark.parametrize("n", COUNTS)
@pytest.mark.parametrize("of", BY_HAND)
def test_strips_in_float32_are_what_formulas_by_hand_give_to_six_digits(of, n):
    text, data, point, value, slopes = of(n, np.random.default_rng(n))
    came, found = by_name(single(text, "strips", point, data=data), point)

    assert miss(came, value) < 20 * UNIT
    assert {name for name in slopes if miss(found[name], slopes[name]) > 100 * UNIT} == set()


@pytest.mark.parametrize("engine", [e for e in ENGINES if e != ENGINES[2]])
def test_a_sum_over_many_rows_loses_no_more_than_a_row(engine):
    x = RNG.uniform(0.1, 0.3, 3_000_001)
    kept = np.float64(np.float32(x))
    found = single("sum(abs(a*x))", engine, data={"x": x}, parameters=["a"]).value({"a": 1.0})

    # In float32 alone every addition would be off by up to 0.03 of what is added.
    assert abs(found - math.fsum(kept)) < 64 * UNIT * 0.3 * math.sqrt(len(x))
    assert abs(found / math.fsum(kept) - 1) < UNIT


@needs_vectors
@pytest.mark.parametrize("engine", ["rows", "strips"])
def test_the_bits_are_the_same_for_any_number_of_threads(engine):
    text, data, point, *_ = BY_HAND[0](30_011, np.random.default_rng(1))
    if engine == "rows":
        text, data, point = "mean(huber(y - (m*x + b), 0.5))", dict(zip("xy", RNG.normal(size=(2, 300_007)))), None
    made = single(text, engine, point, data=data)
    at = point or {"m": 0.3, "b": 0.1}
    found = []
    for number in (1, 2, 3, 7):
        with threads.limited(number):
            found.append([np.asarray(v).tobytes() for v in made.function(*(at[p.name] for p in made.parameters))])

    assert found == [found[0]] * 4


@needs_vectors
@pytest.mark.parametrize("formula", ELEMENTARY)
def test_elementary_functions_are_within_6_units_of_float32(formula):
    points = np.float32([*np.exp(RNG.uniform(-20, 3, 150)), *RNG.uniform(0, 1, 100), *-np.exp(RNG.uniform(-20, 3, 80))])
    text = "z = u + x; sum(" + re.sub(r"\bx\b", "z", formula) + ")"
    made = single(text, "rows", data={"u": np.zeros(16)}, parameters=["x"])
    errors = []
    with mpmath.workdps(40):
        for x in map(float, points):
            power = mpmath.mpf(float(np.float32(2.7)))
            truth = mpmath.mpf(x) ** power if formula == "x^2.7" else ELEMENTARY[formula](mpmath.mpf(x))
            if not isinstance(truth, mpmath.mpc) and 1e-30 < abs(truth) < 1e30:
                # Sixteen equal numbers are added without rounding.
                came = mpmath.mpf(float(made.function(x)[0])) / 16
                errors.append(float(abs(came - truth) / mpmath.mpf(float(np.spacing(np.float32(abs(truth)))))))

    assert len(errors) >= 5
    # The C library states 4; log was measured at 5.2 near 0.88.
    assert max(errors) <= 6.0


STABLE = {
    "log(1 + exp(x))": lambda x: mpmath.log1p(mpmath.exp(x)), "1/(1 + exp(-x))": lambda x: 1 / (1 + mpmath.exp(-x)),
    "log(cosh(x))": lambda x: mpmath.log(mpmath.cosh(x)), "log(1 + x^2)": lambda x: mpmath.log1p(x * x),
    "sqrt(1 + x^2) - 1": lambda x: mpmath.sqrt(1 + x * x) - 1, "exp(-x^2/2)": lambda x: mpmath.exp(-x * x / 2),
    "x^3/(1 + x^2)^2": lambda x: x**3 / (1 + x * x) ** 2, "exp(x) - 1": mpmath.expm1,
}  # fmt: skip


@needs_vectors
@pytest.mark.parametrize("formula", STABLE)
@pytest.mark.parametrize("x", [1e-6, 0.01, 0.6, 3.0, 11.0, 20.0, -1e-4, -2.5, -15.0, 30.0])
def test_stable_forms_keep_their_digits_in_float32_too(formula, x):
    x = float(np.float32(x))
    text = "z = u + x; sum(" + re.sub(r"\bx\b", "z", formula) + ")"
    value, slope = single(text, "rows", data={"u": np.zeros(16)}, parameters=["x"]).function(x)
    with mpmath.workdps(40):
        truth, bend = STABLE[formula](mpmath.mpf(x)), mpmath.diff(STABLE[formula], mpmath.mpf(x))
        for came, true in ((value, truth), (slope, bend)):
            if abs(true) > 1e-30:
                assert abs(mpmath.mpf(float(came)) / 16 / true - 1) < 6 * UNIT


@pytest.mark.parametrize("engine", ENGINES)
def test_a_loss_with_two_passes_and_an_axis_beside_its_rows(engine):
    X, y = RNG.normal(size=(4000, 3)), RNG.normal(size=4000)
    w = np.array([0.3, -0.2, 0.1])
    text = (
        "f = exp(X@w); std(f) + mean(y*f)"
        if engine != "strips"
        else "Z = X@w; m = mean(Z^2); sum(log(m + Z^2))/n + mean(y*Z)"
    )
    made = single(text, engine, {"w": w}, data={"X": X, "y": y})
    z = X @ w
    truth = (
        np.exp(z).std() + np.mean(y * np.exp(z))
        if engine != "strips"
        else np.mean(np.log(np.mean(z * z) + z * z)) + np.mean(y * z)
    )

    assert miss(made.value({"w": w}), truth) < 20 * UNIT


# -- where it holds --------------------------------------------------------------------------------


def compiled(text, dtype="float32", **given):
    return sc.compile(sc.differentiate(sc.parse(text, **given)), dtype=dtype)


EXACT = {
    "no rows": ("(1 - x)^2 + 100*(y - x^2)^2", {}, "No rows"),
    "moments": ("mean((y - (m*x + b))^2)", {"data": dict(zip("xy", RNG.normal(size=(2, 20_000))))}, "as moments"),
    "one value a row": ("(y - m*x)^2", {"data": dict(zip("xy", RNG.normal(size=(2, 50))))}, "one value a row"),
    "a matrix": ("x@inv(m*S)@x", {"data": None, "constants": {"S": np.eye(3), "x": np.ones(3)}}, "No rows"),
}


@pytest.mark.parametrize(("text", "given", "why"), EXACT.values(), ids=EXACT)
def test_what_has_no_rows_to_go_over_stays_float64_and_says_why(text, given, why):
    made, plain = compiled(text, **given), compiled(text, "float64", **given)
    at = [np.full(shape, 0.7) if shape else 0.7 for shape in made.layout.shapes.values()]

    assert why in made.kept_exact
    assert made.kept_exact in " ".join(made.plan().notes) or why == "as moments"
    assert not made.rounds
    assert [np.asarray(v).tobytes() for v in made.function(*at)] == [
        np.asarray(v).tobytes() for v in plain.function(*at)
    ]


def test_second_derivatives_stay_float64():
    data = dict(zip("xy", RNG.uniform(0, 2, size=(2, 500))))
    at = {"a": 1.3, "b": 0.4}
    made = compiled("mean((y - a*exp(-b*x))^2)", data=data)
    u, x, y = np.exp(-0.4 * data["x"]), data["x"], data["y"]
    bend = np.mean(2 * u * u)
    cross = np.mean(2 * x * u * (y - 1.3 * u) - 2 * 1.3 * x * u * u)

    assert made.hessian(at)["a", "a"] == pytest.approx(bend, rel=1e-13)
    assert made.hessian(at)["a", "b"] == pytest.approx(cross, rel=1e-12)
    assert made.value(at) != compiled("mean((y - a*exp(-b*x))^2)", "float64", data=data).value(at)


def test_a_number_beyond_float32_is_refused_with_its_column():
    with pytest.raises(sc.InputError, match=r"x holds 1e\+39, beyond the largest float32 \(3.4e\+38\): use float64"):
        compiled("sum(abs(x - m))", data={"x": [1.0, 1e39, 2.0]}).value({"m": 0.0})


@pytest.mark.parametrize("dtype", ["float32", np.float32, np.dtype("float32")])
def test_a_precision_has_numpys_names(dtype):
    assert precision_named(dtype).single


@pytest.mark.parametrize("dtype", ["float16", "half", 7, np.int64, None])
def test_another_precision_is_refused(dtype):
    with pytest.raises(sc.InputError, match=r"^There is no precision .*; there are float64 and float32\.$"):
        compiled("x^2", dtype)


def test_columns_are_rounded_once_for_value_and_slopes():
    data = dict(zip("xy", RNG.normal(size=(2, 5000))))
    made = compiled("mean(huber(y - m*x, 1))", data=data)
    made.value({"m": 0.1})
    made.value_and_gradient({"m": 0.1})
    made.function(0.1)

    assert len(made.precision.rounded) == 2
    assert {rounded.dtype for _, rounded in made.precision.rounded.values()} == {np.dtype("float32")}


# -- what it costs ---------------------------------------------------------------------------------


def test_accuracy_holds_loss_and_slopes_against_40_digits():
    data = {"x": np.linspace(0.1, 3, 40), "y": np.linspace(2, 0.3, 40)}
    made = compiled("mean((y - a*exp(-b*x))^2)", data=data)
    at = [{"a": 1.5, "b": 0.7}, {"a": 2.0, "b": 0.9}]
    found = sc.accuracy(made, at)
    with mpmath.workdps(50):
        x, y = ([mpmath.mpf(float(v)) for v in data[name]] for name in "xy")
        worst, largest = [mpmath.mpf(0)] * 3, [mpmath.mpf(0)] * 3
        for p in at:
            a, b = mpmath.mpf(p["a"]), mpmath.mpf(p["b"])
            u = [mpmath.exp(-b * v) for v in x]
            r = [w - a * e for w, e in zip(y, u)]
            truth = [mpmath.fsum(v * v for v in r) / 40, mpmath.fsum(-2 * v * e for v, e in zip(r, u)) / 40,
                     mpmath.fsum(2 * a * v * e * w for v, e, w in zip(r, u, x)) / 40]  # fmt: skip
            came = [mpmath.mpf(float(v)) for v in made.function(p["a"], p["b"])]
            worst = [max(w, abs(c - t)) for w, c, t in zip(worst, came, truth)]
            largest = [max(s, abs(t)) for s, t in zip(largest, truth)]

    assert [d.of for d in found.deviations] == ["L", "∂L/∂a", "∂L/∂b"]
    for deviation, off, size in zip(found.deviations, worst, largest):
        assert deviation.largest == pytest.approx(float(size), rel=1e-14)
        assert deviation.off == pytest.approx(float(off / size), rel=1e-12)
        assert 1e-10 < deviation.off < 1e-5
        assert deviation.off_in_float64 < 1e-14
    assert found.digits == pytest.approx(-math.log10(max(float(o / s) for o, s in zip(worst, largest))), rel=1e-9)
    assert f"{found.digits:.1f} right digits or more, in float64 {found.digits_in_float64:.1f}" in found.sentence
    assert "∂L/∂a" in str(found)


def test_of_many_rows_some_are_taken():
    x = np.linspace(0, 2, 50_001)
    found = sc.accuracy(compiled("mean(abs(y - m*x^2))", data={"x": x, "y": x}))

    assert (found.rows, found.of_rows) == (1000, 50_001)
    assert "on 1,000 of 50,001 rows" in found.sentence
    assert 5 < found.digits < 9 < found.digits_in_float64
    # Its mean over evenly spaced rows is that over all, nearly: ∫ |x - m·x²| at the start m = 0 is 1.
    at_start = sc.accuracy(compiled("mean(abs(y - m*x^2))", data={"x": x, "y": x}), {"m": 0.0})
    assert at_start.deviations[0].largest == pytest.approx(1.0, rel=1e-3)


def test_accuracy_of_what_stays_float64_says_so():
    found = sc.accuracy(compiled("(1 - x)^2 + 100*(y - x^2)^2"), [{"x": 0.3, "y": 0.2}])

    assert "No rows" in found.why_not
    assert found.sentence.startswith("Loss and slopes have 1")
    assert found.deviations[0].off == found.deviations[0].off_in_float64
    assert compiled("x^2", "float64").kept_exact == ""


@pytest.mark.parametrize(
    ("text", "at", "why"),
    [("log(x)", {"x": -1.0}, "no finite value"), ("x^2", {"z": 1.0}, "z is no parameter")],
)
def test_points_that_cannot_be_looked_at_are_refused(text, at, why):
    with pytest.raises(sc.InputError, match=why):
        sc.accuracy(compiled(text, parameters=["x"]), at)


# -- descents ---------------------------------------------------------------------------------------


@pytest.fixture
def decay(tmp_path):
    draw = np.random.default_rng(3)
    x = draw.uniform(0, 4, 3000)
    y = 2.5 * np.exp(-1.3 * x) + 0.5 + draw.normal(0, 0.1, 3000)
    path = tmp_path / "decay.csv"
    np.savetxt(path, np.c_[x, y], delimiter=",", header="x,y", comments="", fmt="%.6f")
    return path


FORMULA = "mean((y - a*exp(-b*x) - c)^2)"


def test_a_descent_in_float32_ends_where_float64_ends_and_says_what_it_lost(decay, capsys):
    ends = {}
    for option in ("--float32", "--ascii"):
        assert main(["descend", FORMULA, "--data", str(decay), "--optimizer", "newton", "--json", option]) == 0
        ends[option] = json.loads(capsys.readouterr().out)
    single, plain = ends["--float32"], ends["--ascii"]

    assert (single["dtype"], plain["dtype"]) == ("float32", "float64")
    assert plain["accuracy"] is None
    assert 4 < -math.log10(max(d["off"] for d in single["accuracy"]["deviations"])) < 9
    for name, value in plain["point"].items():
        assert single["point"][name] == pytest.approx(value, rel=1e-5)
    assert single["point"] != plain["point"]


def test_the_screen_names_float32_and_its_accuracy(decay, capsys):
    main(["descend", FORMULA, "--data", str(decay), "--optimizer", "newton", "--float32"])
    shown = " ".join(capsys.readouterr().out.split())

    assert "rows in float32; what they add up to in float64" in shown
    assert re.search(r"In float32 loss and slopes have \d\.\d right digits or more, in float64 1\d\.\d", shown)
    assert "float32 has" in shown


def test_a_resumed_run_keeps_its_precision(decay, tmp_path, capsys):
    saved, whole = str(tmp_path / "run.json"), str(tmp_path / "whole.json")
    walk = ["descend", FORMULA, "--data", str(decay), "--learning-rate", "0.1", "--float32"]
    main([*walk, "--steps", "10", "--save", saved])
    main(["descend", "--resume", saved, "--steps", "10", "--save", saved])
    main([*walk, "--steps", "20", "--save", whole])
    runs = [json.loads(Path(path).read_text()) for path in (saved, whole)]

    assert [run["dtype"] for run in runs] == ["float32", "float32"]
    assert runs[0]["point"] == runs[1]["point"]


def test_a_walk_that_float32_ends_early_says_so():
    # Every row is exp(-a) + a, which float32 cannot tell from its least value 1 where a is below 3e-4.
    x = np.ones(50)
    trace = sc.descend(compiled("0.05*mean(exp(-a*x) + a*x)", data={"x": x}), {"a": 1.0}, steps=3000)

    assert 1e-7 < trace.point["a"] < 1e-2
    assert trace.stop_reason.word == "stalled"
    assert "beneath the rounding of float32: float64 goes on" in trace.message
    with pytest.raises(sc.InputError, match="its rows are in float32"):
        sc.descend(compiled(FORMULA, data={"x": x, "y": x}), learning_rate=0.1, steps=5, engine="python")
