"""Values and slopes keep their digits: within 4 units in the last place, where naive formulas overflow or cancel."""

import math
import re
import sys

import mpmath
import numpy as np
import pytest
import sympy as sp
from cases_at_hand import load

import symcalc as sc
from symcalc.calculus.plain import plainly
from symcalc.compute.meanings import BACKENDS
from symcalc.language.exact import MEANING
from symcalc.language.safe import SAFE
from symcalc.language.stable_rules import rules

mp = mpmath.mp
LIMIT = 4.0
LARGEST = mpmath.mpf(sys.float_info.max)


def units(came, truth):
    """The error in units in the last place of the truth; subnormal results have the subnormal spacing."""
    if abs(truth) > LARGEST:
        return 0.0 if math.isinf(came) and (came > 0) == (truth > 0) else math.inf
    if not math.isfinite(came):
        return math.inf
    return float(abs(mpmath.mpf(came) - truth) / math.ulp(float(truth)))


def scalar(formula):
    return sc.compile(sc.differentiate(sc.parse(formula, parameters=["x"])))


def per_row(formula, points):
    """The same formula with one value a row: z is x, so the slope in b is the slope in x."""
    text = "z = x + b; " + re.sub(r"\bx\b", "z", formula)
    return sc.compile(sc.differentiate(sc.parse(text, data={"x": points}, parameters=["b"])))


def misses(formula, points, values, slopes):
    """(point, what, units) of each result that is more than 4 units off, for plain floats and for arrays."""
    program, rows = scalar(formula), per_row(formula, np.array(points))
    value_rows, slope_rows = rows.value_and_gradient({"b": 0.0})
    found = []
    for k, (x, f, df) in enumerate(zip(points, values, slopes)):
        value, slope = program.value_and_gradient({"x": x})
        came = {
            "value": value, "slope": slope["x"],
            "value in a row": float(np.broadcast_to(value_rows, len(points))[k]),
            "slope in a row": float(slope_rows["b"][k]),
        }  # fmt: skip
        found += [(x, what, units(c, f if "value" in what else df)) for what, c in came.items()]
    return [miss for miss in found if miss[2] > LIMIT]


def test_every_case_of_the_file():
    cases = load("stable_numerics.json")["functions"]
    with mp.workdps(30):
        for case in cases:
            points = case["points"]
            numbers = [[mpmath.mpf(p[key]) for p in points] for key in ("f", "df")]
            found = misses(case["formula"].replace("**", "^"), [float(p["x"]) for p in points], *numbers)
            assert not found, (case["formula"], found)


FAR = (-1e300, -1e200, -800.0, -745.2, -710.0, -100.0, -37.5, -3.0, -0.7, -1e-9, -1e-200)
BOTH = (*FAR, *(-x for x in FAR))
NEAR = (-5.0, -1.25, -1.0, -1e-4, -1e-9, 1e-200, 1e-9, 1e-4, 0.75, 1.5, 5.0)
POSITIVE = (1e-300, 1e-9, 0.25, 1.0, 3.0, 1e9, 1e300)
NEGATIVE = (-800.0, -100.0, -3.0, -0.7, -0.1, -1e-9, -1e-200)


def safe_exp(u):
    """exp, and infinity or 0 where no number of digits would do."""
    return mp.exp(u) if abs(u) < 1e5 else (mp.inf if u > 0 else mp.mpf(0))


def sigmoid(u):
    return 1 / (1 + safe_exp(-u))


def log_cosh(u):
    return abs(u) - mp.log(2) + mp.log1p(safe_exp(-2 * abs(u)))


def tail(u):
    return 4 * safe_exp(-2 * abs(u)) / (1 + safe_exp(-2 * abs(u))) ** 2


def tanh(u):
    return mp.sign(u) * (1 - safe_exp(-2 * abs(u))) / (1 + safe_exp(-2 * abs(u)))


# (formula, value, slope, points)
ROWS = [
    ("log(1 + exp(x))", lambda u: max(u, 0) + mp.log1p(safe_exp(-abs(u))), sigmoid, BOTH),
    ("log(exp(x) + 1)", lambda u: max(u, 0) + mp.log1p(safe_exp(-abs(u))), sigmoid, BOTH),
    ("1/(1 + exp(-x))", sigmoid, lambda u: sigmoid(u) * sigmoid(-u), BOTH),
    ("exp(x)/(1 + exp(x))", sigmoid, lambda u: sigmoid(u) * sigmoid(-u), BOTH),
    ("3/(1 + exp(2*x))", lambda u: 3 * sigmoid(-2 * u), lambda u: -6 * sigmoid(2 * u) * sigmoid(-2 * u), BOTH),
    ("log(sigmoid(x))", lambda u: -max(-u, 0) - mp.log1p(safe_exp(-abs(u))), lambda u: sigmoid(-u), BOTH),
    ("s = sigmoid(x); log(1 - s)", lambda u: -max(u, 0) - mp.log1p(safe_exp(-abs(u))), lambda u: -sigmoid(u), BOTH),
    ("tanh(x)", tanh, tail, BOTH),
    ("1 - tanh(x)", lambda u: 2 * sigmoid(-2 * u), lambda u: -tail(u), BOTH),
    ("1 - tanh(x)^2", tail, lambda u: -2 * tanh(u) * tail(u), BOTH),
    ("log(cosh(x))", log_cosh, tanh, BOTH),
    ("log(exp(x) + exp(-x))", lambda u: log_cosh(u) + mp.log(2), tanh, BOTH),
    ("log(1 + x^2)", lambda u: mp.log1p(u * u), lambda u: 2 * u / (1 + u * u), BOTH),
    ("x/(1 + x^2)", lambda u: u / (1 + u * u), lambda u: (1 - u * u) / (1 + u * u) ** 2, BOTH),
    ("x^2/(1 + x^2)", lambda u: u * u / (1 + u * u), lambda u: 2 * u / (1 + u * u) ** 2, BOTH),
    ("sqrt(x^2 + 9)", lambda u: mp.sqrt(u * u + 9), lambda u: u / mp.sqrt(u * u + 9), BOTH),
    ("sqrt(1 + (x/2)^2) - 1", lambda u: mp.sqrt(1 + u * u / 4) - 1, lambda u: u / 4 / mp.sqrt(1 + u * u / 4), BOTH),
    ("asinh(x)", mp.asinh, lambda u: 1 / mp.sqrt(1 + u * u), BOTH),
    ("1 - exp(-x)", lambda u: 1 - mp.exp(-u), lambda u: mp.exp(-u), NEAR),
    ("1 - cos(x)", lambda u: 1 - mp.cos(u), mp.sin, NEAR),
    ("cosh(x) - 1", lambda u: mp.cosh(u) - 1, mp.sinh, NEAR),
    ("(exp(x) - exp(-x))/2", mp.sinh, mp.cosh, NEAR),
    ("sin(x)/x", lambda u: mp.sin(u) / u, lambda u: (u * mp.cos(u) - mp.sin(u)) / u**2, (*NEAR, 100.0, -1e8)),
    ("sqrt(1 + x) - 1", lambda u: mp.sqrt(1 + u) - 1, lambda u: 1 / (2 * mp.sqrt(1 + u)), POSITIVE),
    ("log(1 + x)", mp.log1p, lambda u: 1 / (1 + u), POSITIVE),
    ("log(1 - exp(x))", lambda u: mp.log(1 - mp.exp(u)), lambda u: -mp.exp(u) / (1 - mp.exp(u)), NEGATIVE[1:]),
    ("x*log(x)", lambda u: u * mp.log(u), lambda u: mp.log(u) + 1, POSITIVE),
    ("x/2*(1 + erf(x/sqrt(2)))", lambda u: u * mp.ncdf(u), lambda u: mp.ncdf(u) + u * mp.npdf(u), (-37.1, -20.3, -8.7, -3.3, -1.1, 0.4, 2.2, 9.1)),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "value", "slope", "points"), ROWS, ids=[r[0] for r in ROWS])
def test_value_and_slope_keep_their_digits(formula, value, slope, points):
    with mp.workdps(700):
        exact = [mpmath.mpf(x) for x in points]
        found = misses(formula, list(points), [value(x) for x in exact], [slope(x) for x in exact])

    assert not found


@pytest.mark.parametrize("formula", [r[0] for r in ROWS])
def test_the_second_derivative_is_right_too(formula):
    slope = next(r[2] for r in ROWS if r[0] == formula)
    points = [x for x in (-2.3, -0.4, 0.3, 0.9, 2.1) if formula not in ("x*log(x)", "sqrt(1 + x) - 1") or x > 0]
    points = [x for x in points if formula != "log(1 - exp(x))" or x < 0]
    program = scalar(formula)
    for x in points:
        with mp.workdps(50):
            expected = float(mp.diff(slope, mpmath.mpf(x)))
        assert program.hessian({"x": x})["x", "x"] == pytest.approx(expected, rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("formula", ["x^2/(1 + x^2)", "sin(x)/x", "1 - cos(x)", "log(cosh(x))", "sqrt(1 + x^2) - 1"])
def test_the_second_derivative_at_0_is_a_number(formula):
    assert math.isfinite(scalar(formula).hessian({"x": 0.0})["x", "x"])


def test_x_log_x_and_its_kin_are_0_at_0():
    assert scalar("x*log(x)").value({"x": 0.0}) == 0.0
    data = {"y": [0.0, 1.0], "q": [0.5, 0.25]}
    program = sc.compile(sc.differentiate(sc.parse("sum(y*log(y/(q*c)))", data=data)))
    value, slopes = program.value_and_gradient({"c": 1.0})
    assert value == pytest.approx(math.log(4.0), rel=1e-15)
    assert slopes["c"] == -1.0


def test_two_squares_of_numbers_too_large_to_square():
    program = sc.compile(sc.differentiate(sc.parse("sqrt(a^2 + b^2)")))
    value, slopes = program.value_and_gradient({"a": 3e300, "b": 4e300})
    assert value == pytest.approx(5e300, rel=1e-15)
    assert (slopes["a"], slopes["b"]) == pytest.approx((0.6, 0.8), rel=1e-15)


@pytest.mark.parametrize("wrapped", ["log(sum(exp(u)))", "log(mean(exp(u)))", "e1 = exp(u); log(sum(exp(u)))"])
def test_the_logarithm_of_a_sum_of_exponentials(wrapped):
    program = sc.compile(sc.differentiate(sc.parse(wrapped, parameters={"u": (3,)})))
    value, slopes = program.value_and_gradient({"u": np.array([1000.0, 1000.0, -1000.0])})
    assert value == pytest.approx(1000.0 + math.log(2.0 if "sum" in wrapped else 2.0 / 3.0), rel=1e-15)
    assert slopes["u"] == pytest.approx([0.5, 0.5, 0.0], rel=1e-15)


def test_the_logarithm_of_a_sum_along_one_axis():
    U = np.array([[1000.0, 1000.0], [-2000.0, -3000.0], [0.0, 1.0]])
    program = sc.compile(sc.differentiate(sc.parse("sum(log(sum(exp(U), axis=1)))", parameters={"U": (3, 2)})))
    expected = 1000.0 + math.log(2.0) - 2000.0 + math.log(1.0 + math.e)
    assert program.value({"U": U}) == pytest.approx(expected, rel=1e-14)


LOGISTIC = "p = sigmoid(X@w + b); -mean(y*log(p) + (1-y)*log(1-p))"
DATA = {"X": np.array([[1.0, 2.0], [0.5, -1.0], [2.0, 0.25]]), "y": np.array([0.0, 1.0, 1.0])}


def test_cross_entropy_through_a_definition_is_read_as_people_write_it():
    gradient = sc.differentiate(sc.parse(LOGISTIC, data=DATA))

    assert gradient.text == {"w": "Xᵀ(p - y)/n", "b": "mean(p - y)"}
    assert gradient.verdict
    value, slopes = sc.compile(gradient).value_and_gradient({"w": [900.0, 0.0], "b": 0.0})
    assert value == 300.0
    assert slopes["b"] == pytest.approx(1 / 3, rel=1e-15)


def test_a_slope_in_a_definition_that_was_seen_through():
    loss = sc.parse(LOGISTIC, data=DATA)

    assert loss.seen_through == ("p",)
    assert "y/p" in sc.differentiate(loss, wrt="p").text["p"]


def test_the_rewriting_is_a_line_of_the_derivation():
    loss = sc.parse("mean(log(1 + exp(-y*z)))", data={"y": [1.0], "z": [2.0]})
    lines = [e for e in loss.equations if e.rule == "stable form"]

    assert [e.text for e in lines] == ["u[i] = softplus(-y[i]·z[i])"]
    assert lines[0].reason == "log(1 + exp(-y*z)): exp overflows beyond 709, this does not"


def test_parts_that_cancel_are_multiplied_out():
    program = scalar("(x + 1)^2 - x^2")
    assert program.value_and_gradient({"x": 1e16}) == (2e16, {"x": 2.0})
    # What is left of it is one number, but still one for each row.
    rows = sc.parse("sum((x + b)^2 - x^2 - 2*x*b - b^2 + 1)", data={"x": [1.0, 1e9, 1e20]})
    assert sc.compile(sc.differentiate(rows)).value_and_gradient({"b": 1.0}) == (3.0, {"b": 0.0})


# -- the tables themselves -----------------------------------------------------------------------

AT = {"u": mpmath.mpf("0.37"), "w": mpmath.mpf("0.81"), "v": mpmath.mpf("1.3"), "n": 3}
LETTERS = {name: sp.Symbol(name) for name in "uwv"}


def worked_out(expression, at):
    """A SymPy expression in mpmath, symcalc's own functions by their exact meaning."""
    plain = plainly(expression)
    symbols = sorted(plain.free_symbols, key=str)
    return sp.lambdify(symbols, plain, "mpmath")(*(at[s.name] for s in symbols))


@pytest.mark.parametrize("rule", rules(), ids=[str(r.spelling) for r in rules()])
def test_every_stable_form_equals_its_spelling(rule):
    at = {**AT, "u": -AT["u"]} if rule.spelling == sp.log(1 - sp.exp(LETTERS["u"])) else AT
    with mp.workdps(50):
        assert mp.almosteq(worked_out(rule.spelling, at), worked_out(rule.form, at), rel_eps=mpmath.mpf(10) ** -45)


ARGUMENTS = {
    "LogisticSlope": None, "TanhSlope": None, "LogisticMiss": None, "SphericalBessel": (2, "u"),
    "PowerRatio": ("u", 3, 2, 4, 1), "LogOneMinusExp": ("-u",),
}  # fmt: skip


@pytest.mark.parametrize("function", [f for f in SAFE if ARGUMENTS.get(f.__name__, ()) is not None])
def test_exact_meaning_and_both_compiled_ones_agree_with_the_plain_form(function):
    count = next(iter(function.nargs)) if hasattr(function.nargs, "__iter__") else 1
    wanted = ARGUMENTS.get(function.__name__) or ("u", "w")[:count]
    with mp.workdps(50):
        numbers = [-AT["u"] if a == "-u" else AT.get(a, a) for a in wanted]
        symbols = [sp.Symbol(f"a{k}") if isinstance(a, str) else sp.Integer(a) for k, a in enumerate(wanted)]
        given = {f"a{k}": n for k, n in enumerate(numbers)}
        expected = worked_out(function.plain(*symbols), given)
        assert mp.almosteq(MEANING[function.__name__](*numbers), expected, rel_eps=mpmath.mpf(10) ** -45)
    floats = [float(n) if isinstance(n, mpmath.mpf) else n for n in numbers]
    one = BACKENDS["math"]()[function.__name__](*floats)
    many = BACKENDS["numpy"]()[function.__name__](*(np.full(5, n) if isinstance(n, float) else n for n in floats))
    assert one == pytest.approx(float(expected), rel=1e-14)
    assert many == pytest.approx([float(expected)] * 5, rel=1e-14)


@pytest.mark.parametrize("formula", [r[0] for r in ROWS if "erf" not in r[0]])
def test_the_complex_step_agrees(formula):
    program, x, h = scalar(formula), -0.6 if "1 - exp(x)" in formula else 0.6, 1e-30
    came = program.complex_value({"x": complex(x, h)})
    value, slope = program.value_and_gradient({"x": x})
    assert came is not None
    assert (came.real, came.imag / h) == pytest.approx((value, slope["x"]), rel=1e-13)


@pytest.mark.parametrize("formula", ["x*log(x)", "exp(x)/(1 + exp(x))", "(sin(x)/x)^2", "log(1 + exp(-x))^2"])
def test_stable_gradients_are_checked_like_all_others(formula):
    assert sc.differentiate(sc.parse(formula)).verdict
