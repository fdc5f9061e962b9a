"""A gradient as a NumPy module: what is printed runs by itself and gives the program's numbers."""

from __future__ import annotations

import ast
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import symcalc as sc
from symcalc.views import numpy_code

RANDOM = np.random.default_rng(3)
N = 6
Y, X = RANDOM.normal(size=N), RANDOM.normal(size=(N, 3))
SIGNS = np.where(RANDOM.random(N) < 0.5, -1.0, 1.0)
ONE_HOT = np.eye(4)[RANDOM.integers(0, 4, N)]
SQUARE = RANDOM.normal(size=(3, 3)) + 3 * np.eye(3)
LINE = "mean((y - (m*x + b))^2)"

# Name → (formula, what both readings are told, what only the one without data is told, data, point).
CASES: dict[str, tuple[str, dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "line": (LINE, {}, {}, {"y": Y, "x": X[:, 0]}, {"m": 0.7, "b": -0.2}),
    "logistic": (
        "mean(log(1 + exp(-y*(X@w + b))))",
        {},
        {},
        {"y": SIGNS, "X": X},
        {"w": RANDOM.normal(size=3), "b": 0.3},
    ),
    "ridge": (
        "mean((y - X@w)^2) + lam*sum(w^2)",
        {"constants": {"lam": 0.1}},
        {},
        {"y": Y, "X": X},
        {"w": RANDOM.normal(size=3)},
    ),
    "network": (
        "h = tanh(X@W1 + c1); yhat = h@v; mean((y - yhat)^2)",
        {},
        {"shapes": {"W1": ("k", 4), "c1": (4,), "v": (4,)}},
        {"y": Y, "X": X},
        {"W1": RANDOM.normal(size=(3, 4)), "c1": RANDOM.normal(size=4), "v": RANDOM.normal(size=4)},
    ),
    "softmax": (
        "Z = X@W; mean(logsumexp(Z) - sum(Y*Z, axis=1))",
        {},
        {},
        {"X": X, "Y": ONE_HOT},
        {"W": RANDOM.normal(size=(3, 4))},
    ),
    "huber": (
        "r = y - (m*x + b); mean(where(abs(r) <= 1, r^2/2, abs(r) - 1/2))",
        {},
        {},
        {"y": 3 * Y, "x": X[:, 1]},
        {"m": 0.7, "b": -0.2},
    ),
    "rosenbrock": ("(1 - x)^2 + 100*(y - x^2)^2", {"parameters": ["x", "y"]}, {}, {}, {"x": -1.2, "y": 1.1}),
    "quadratic": (
        "x@A@x",
        {"parameters": {"x": (3,), "A": (3, 3)}},
        {},
        {},
        {"x": RANDOM.normal(size=3), "A": SQUARE},
    ),
    "logdet": ("logdet(A)", {"parameters": {"A": (3, 3)}}, {}, {}, {"A": SQUARE}),
    "side by side": (
        "X = [tv, radio]; mean((y - X@w)^2)",
        {},
        {"columns": ["tv", "radio", "y"]},
        {"tv": X[:, 0], "radio": X[:, 1], "y": Y},
        {"w": RANDOM.normal(size=2)},
    ),
    "largest": ("max(X@w) - min(X@w)", {}, {}, {"X": X}, {"w": RANDOM.normal(size=3)}),
    "products": ("prod(2 + u) + norm(u)*sum(outer(u, u))", {"parameters": {"u": (3,)}}, {}, {}, {"u": X[0]}),
    "differences": ("sum(diff(u)^2)", {"parameters": {"u": (5,)}}, {}, {}, {"u": RANDOM.normal(size=5)}),
    "solved": (
        "b@solve(A, b) + det(A) + trace(A@A.T)",
        {"parameters": {"A": (3, 3), "b": (3,)}},
        {},
        {},
        {"A": SQUARE, "b": X[1]},
    ),
}


def module(path: Path, text: str, wrt: Any = None, **told: Any) -> dict[str, Any]:
    """What the printed module of a formula defines; it runs from a file, as a user would run it."""
    return ran(path, sc.differentiate(sc.parse(text, **told), wrt))


def ran(path: Path, gradient: Any) -> dict[str, Any]:
    (path / "taken.py").write_text(numpy_code.module(gradient), encoding="utf-8")
    return runpy.run_path(str(path / "taken.py"))


def known(case: str) -> tuple[Any, dict[str, Any], dict[str, Any]]:
    """The program of a case, its point, and the arguments of its printed functions."""
    text, told, _, data, point = CASES[case]
    sized = {"shapes": {"W": (3, 4)}} if case == "softmax" else {}
    sized = {"shapes": {"W1": (3, 4), "c1": (4,), "v": (4,)}} if case == "network" else sized
    program = sc.compile(sc.differentiate(sc.parse(text, data or None, **told, **sized)))
    return program, point, {**point, **data}


def open_gradient(case: str) -> Any:
    """The gradient of a case read without data, so that sizes stay open where they can."""
    if case == "softmax":
        return known(case)[0].gradient_equations
    text, told, alone, *_ = CASES[case]
    return sc.differentiate(sc.parse(text, **told, **alone))


@pytest.mark.parametrize("case", CASES)
def test_value_and_gradient_are_the_programs(case: str, tmp_path: Path) -> None:
    program, point, arguments = known(case)
    code = ran(tmp_path, open_gradient(case))
    value, slopes = program.value_and_gradient(point)
    found, *partials = code["value_and_gradient"](**arguments)

    np.testing.assert_allclose(found, value, rtol=1e-12, atol=1e-13)
    assert len(partials) == len(slopes)
    for partial, slope in zip(partials, slopes.values()):
        assert np.shape(partial) == np.shape(slope)
        np.testing.assert_allclose(partial, slope, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("case", CASES)
def test_the_hessian_is_the_programs(case: str, tmp_path: Path) -> None:
    program, point, arguments = known(case)
    found = ran(tmp_path, open_gradient(case))["hessian"](**arguments)
    blocks = program.hessian(point)
    if not isinstance(found, dict):
        (word,) = program.layout.names
        found = {(word, word): found}

    assert set(blocks) == set(found)
    for pair, block in blocks.items():
        assert np.shape(found[pair]) == np.shape(block)
        np.testing.assert_allclose(found[pair], block, rtol=1e-12, atol=1e-11)


@pytest.mark.parametrize("case", ["line", "network", "quadratic", "logdet"])
def test_the_module_checks_itself_when_it_is_run(case: str, tmp_path: Path) -> None:
    path = tmp_path / "taken.py"
    path.write_text(numpy_code.module(open_gradient(case)), encoding="utf-8")
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, timeout=60, check=False)

    assert (0, "") == (done.returncode, done.stderr)
    assert len(CASES[case][4]) == len(done.stdout.splitlines())
    assert "largest gap to central differences" in done.stdout


def test_a_wrong_slope_fails_the_self_check(tmp_path: Path) -> None:
    text = numpy_code.module(sc.differentiate(sc.parse(LINE)))
    path = tmp_path / "taken.py"
    path.write_text(text.replace("dL_dr = 2 * r / n", "dL_dr = 3 * r / n"), encoding="utf-8")

    with pytest.raises(SystemExit, match="does not agree"):
        runpy.run_path(str(path), run_name="__main__")


# -- per row -------------------------------------------------------------------------------------


def test_a_formula_of_numbers_by_some_of_them_is_per_row(tmp_path: Path) -> None:
    text, p = "log(1 + exp(-y*p))", np.linspace(-3.0, 2.0, N)
    code = module(tmp_path, text, "p")
    value, slope = code["value_and_gradient"](y=SIGNS, p=p)
    program = sc.compile(sc.differentiate(sc.parse(text)))
    rows = [program.value_and_gradient({"y": a, "p": b}) for a, b in zip(SIGNS, p)]

    np.testing.assert_allclose(value, [row[0] for row in rows], rtol=1e-12)
    np.testing.assert_allclose(slope, [row[1]["p"] for row in rows], rtol=1e-12)
    share = 1 / (1 + np.exp(-p))
    np.testing.assert_allclose(code["hessian"](y=SIGNS, p=p), share * (1 - share), rtol=1e-12)


def test_a_constant_slope_per_row_is_an_array(tmp_path: Path) -> None:
    code = module(tmp_path, "(p - y)^2", "p")

    assert [2.0] * N == code["hessian"](y=Y, p=Y).tolist()


def test_a_formula_with_columns_and_weights_is_per_row_too(tmp_path: Path) -> None:
    code, w = module(tmp_path, "log(1 + exp(-y*(X@w)))", data={"y": SIGNS, "X": X}), RANDOM.normal(size=3)
    value, slope = code["value_and_gradient"](w=w, y=SIGNS, X=X)
    share = 1 / (1 + np.exp(SIGNS * (X @ w)))

    np.testing.assert_allclose(slope, (-SIGNS * share)[:, None] * X, rtol=1e-12)
    expected = (share * (1 - share))[:, None, None] * X[:, :, None] * X[:, None, :]
    np.testing.assert_allclose(code["hessian"](w=w, y=SIGNS, X=X), expected, rtol=1e-11)
    assert (N,) == value.shape


def test_a_definition_becomes_an_argument(tmp_path: Path) -> None:
    code = module(tmp_path, "yhat = m*x + b; mean((y - yhat)^2)", "yhat")
    value, slope = code["value_and_gradient"](yhat=np.zeros(N), y=Y)

    np.testing.assert_allclose(value, np.mean(Y**2), rtol=1e-12)
    np.testing.assert_allclose(slope, -2 * Y / N, rtol=1e-12)


def test_a_definition_and_what_it_is_made_of_are_refused_together() -> None:
    gradient = sc.differentiate(sc.parse("yhat = m*x + b; mean((y - yhat)^2)"), ["yhat", "m"])

    with pytest.raises(sc.InputError, match="yhat is made of m: take their gradients away one at a time"):
        numpy_code.module(gradient)


# -- how it reads --------------------------------------------------------------------------------


def test_the_lines_are_the_equations_under_the_users_names() -> None:
    text = numpy_code.module(sc.differentiate(sc.parse(LINE)))
    body = text[text.index("def value_and_gradient") : text.index("def hessian")].split("\n\n")[0].splitlines()

    assert body == [
        "def value_and_gradient(m, b, y, x):",
        '    """L and its slope in m and b."""',
        "    m, b, y, x = (np.asarray(a, dtype=float) for a in (m, b, y, x))",
        "    n = len(y)",
        "    r = y - m * x - b",
        "    L = (r @ r) / n",
        "    dL_dr = 2 * r / n",
        "    dL_dm = -(x @ dL_dr)",
        "    dL_db = -np.sum(dL_dr)",
        "    return L, dL_dm, dL_db",
    ]


def test_matrices_stand_left_of_vectors_without_idle_transposes() -> None:
    text = numpy_code.module(open_gradient("network"))

    assert "    z = c1 + X @ W1" in text
    assert "    dL_dW1 = X.T @ dL_dz" in text
    assert "    dL_dc1 = np.sum(dL_dz, axis=0)" in text
    assert "    dL_dv = -(h.T @ dL_dr)" in text
    assert ".T.T" not in text


def test_the_docstring_says_formula_shapes_and_derivation() -> None:
    told = ast.get_docstring(ast.parse(numpy_code.module(open_gradient("ridge")))) or ""

    assert "    L = mean((y - X@w)^2) + lam*sum(w^2)" in told
    assert "    w: array (k,), parameter." in told
    assert "    X: array (n, k), column." in told
    assert "dL/dw[j] = 2·lam·w[j] - Σ_i X[i,j]·dL/dr[i]" in told
    assert "Checked by symcalc: exact, 20 points." in told


def test_a_kink_and_its_convention_are_told() -> None:
    loss = sc.parse("mean(abs(y - b))")

    assert "Kink: abs(r) at r = 0: slope 0" in numpy_code.module(sc.differentiate(loss))


@pytest.mark.parametrize(("kinks", "slope"), [("minimum-norm", 0.0), ("left", -1.0), ("right", 1.0)])
def test_a_kink_has_the_slope_of_its_convention(kinks: str, slope: float, tmp_path: Path) -> None:
    code = ran(tmp_path, sc.differentiate(sc.parse("abs(m)"), kinks=kinks))

    assert slope == code["value_and_gradient"](0.0)[1]


def test_plain_ascii_where_it_is_asked_for() -> None:
    assert numpy_code.module(sc.differentiate(sc.parse(LINE)), "ascii").isascii()


def test_helpers_are_defined_only_where_they_are_used() -> None:
    with_sigmoid, without = numpy_code.module(open_gradient("logistic")), numpy_code.module(open_gradient("line"))

    assert "def sigmoid(u):" in with_sigmoid
    assert ["def hessian(", "def value_and_gradient("] == sorted(
        line.split("(")[0] + "(" for line in without.splitlines() if line.startswith("def ")
    )
    assert "scipy" not in with_sigmoid


def test_numbers_given_are_defaults(tmp_path: Path) -> None:
    code = module(tmp_path, "lam*w^2", constants={"lam": 0.1})

    assert pytest.approx(0.4) == code["value_and_gradient"](2.0)[0]
    assert pytest.approx(4.0) == code["value_and_gradient"](2.0, lam=1.0)[0]


def test_names_python_has_taken_get_an_underscore(tmp_path: Path) -> None:
    formula = "sigmoid(lambda*x) + (np - 1)^2 + hessian^2"
    code = module(tmp_path, formula, parameters=["lambda", "x", "np", "hessian"])
    value, *slopes = code["value_and_gradient"](lambda_=0.5, x=2.0, np_=3.0, hessian_=1.0)

    assert pytest.approx(1 / (1 + np.exp(-1.0)) + 5) == value
    assert pytest.approx(4.0) == slopes[2]


def test_names_that_meet_in_python_stay_apart(tmp_path: Path) -> None:
    formula = "`a b`*`a-b` + dL_dr*(r - 1)^2"
    code = module(tmp_path, formula, columns=None, parameters=["a b", "a-b", "dL_dr", "r"])
    value, *slopes = code["value_and_gradient"](2.0, 3.0, 5.0, 7.0)

    assert value == 2 * 3 + 5 * 36
    assert [3, 2, 36, 60] == slopes


@pytest.mark.parametrize("hostile", ['a"""b', "a\\", '"', "a'b", "{x}"])
def test_no_name_ends_the_docstring(hostile: str, tmp_path: Path) -> None:
    code = module(tmp_path, "mean((y - b)^2)")
    loss = sc.parse("mean((v - b)^2)", {hostile: Y}, columns={"v": hostile})
    again = ran(tmp_path, sc.differentiate(loss))

    assert code["value_and_gradient"](0.5, Y) == again["value_and_gradient"](0.5, Y)


# -- the command ---------------------------------------------------------------------------------


def test_the_command_prints_a_module_and_nothing_else(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    from symcalc.app.cli import main

    assert main(("derive", "log(1 + exp(-y*p))", "--wrt", "p", "--to", "numpy")) == 0
    printed = capsys.readouterr().out
    (tmp_path / "logistic.py").write_text(printed, encoding="utf-8")
    code = runpy.run_path(str(tmp_path / "logistic.py"))

    np.testing.assert_allclose(code["value_and_gradient"](1.0, np.zeros(2))[1], [-0.5, -0.5])


def test_a_loss_without_parameters_has_nothing_to_take_away() -> None:
    with pytest.raises(sc.InputError, match="no parameters"):
        numpy_code.module(sc.differentiate(sc.parse("1 + 1")))
