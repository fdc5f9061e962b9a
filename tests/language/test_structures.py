"""Matrices declared symmetric or positive-definite: what their slopes are, how they print, what is refused."""

import numpy as np
import pytest

import symcalc as sc
from symcalc.errors import InputError

S = np.array([[2.0, 1.0, 0.0], [1.0, 3.0, 0.5], [0.0, 0.5, 4.0]])
K = np.array([[3.0, 0.4, -0.2], [0.4, 2.0, 0.3], [-0.2, 0.3, 1.5]])
B = np.array([[1.0, 2.0, 0.0], [-1.0, 0.5, 3.0], [4.0, 1.0, -2.0]])
X, Y = np.array([1.0, -2.0, 0.5]), np.array([0.3, 1.0, -1.0])
V = {"x": X, "y": Y, "B": B}


def derived(formula, of, structure, **constants):
    more = {"symmetric": [of]} if structure == "symmetric" else {"positive_definite": [of]}
    return sc.differentiate(sc.parse(formula, parameters={of: (3, 3)}, constants=constants, **more))


def sym(G):
    return (G + G.T) / 2


@pytest.mark.parametrize(
    ("formula", "constants", "text", "slope"),
    [
        ("x@A@x", ["x"], "outer(x, x)", np.outer(X, X)),
        ("x@A@y", ["x", "y"], "(outer(x, y) + outer(y, x))/2", sym(np.outer(X, Y))),
        ("trace(A@B)", ["B"], "(B + Bᵀ)/2", sym(B.T)),
        ("trace(A@A)", [], "2·A", 2 * K),
        ("sum(A^2)", [], "2·A", 2 * K),
        ("det(A)", [], "L·inv(A)", np.linalg.det(K) * np.linalg.inv(K)),
        ("logdet(A)", [], "inv(A)", np.linalg.inv(K)),
        ("trace(inv(A))", [], "-inv(A)·inv(A)", -np.linalg.inv(K) @ np.linalg.inv(K)),
        ("logdet(A) + x@inv(A)@x", ["x"], "inv(A) - outer(inv(A)x, inv(A)x)",
         np.linalg.inv(K) - np.outer(np.linalg.solve(K, X), np.linalg.solve(K, X))),
        ("x@A@B@x", ["x", "B"], None, sym(np.outer(X, B @ X))),
    ],
)  # fmt: skip
@pytest.mark.parametrize("structure", ["symmetric", "positive-definite"])
def test_the_slope_is_the_symmetric_part_of_the_free_one(formula, constants, text, slope, structure):
    gradient = derived(formula, "A", structure, **{name: V[name] for name in constants})

    assert gradient.verdict, gradient.verdict
    assert text is None or gradient.text["A"] == text
    assert sc.compile(gradient).gradient({"A": K})["A"] == pytest.approx(slope, rel=1e-12, abs=1e-13)


def test_a_move_that_stays_symmetric_changes_the_loss_by_the_sum_of_slope_times_move():
    program = sc.compile(derived("logdet(A) + x@inv(A)@x", "A", "positive-definite", x=X))
    move = 1e-6 * sym(B)
    came = program.value({"A": K + move}) - program.value({"A": K - move})

    assert came / 2 == pytest.approx(float(np.sum(program.gradient({"A": K})["A"] * move)), rel=1e-8)


def test_each_entry_of_the_slope_is_what_a_difference_measures():
    program = sc.compile(derived("x@A@y + logdet(A)", "A", "symmetric", x=X, y=Y))
    comparison = sc.compare(program, at={"A": K}, methods=["central"])

    assert all(abs(row.error) < 1e-8 for row in comparison.rows)


def test_the_hessian_is_symmetric_and_right():
    program = sc.compile(derived("logdet(A)", "A", "positive-definite"))
    inverse, direction = np.linalg.inv(K), sym(B)

    assert program.hessian_product({"A": K}, {"A": direction})["A"] == pytest.approx(
        -inverse @ direction @ inverse, rel=1e-12
    )


def test_a_descent_stays_symmetric_and_reaches_the_inverse():
    # trace(A S) - logdet(A) is least at A = inv(S): the precision matrix of a Gaussian.
    program = sc.compile(derived("trace(A@S) - logdet(A)", "A", "positive-definite", S=S))
    trace = sc.descend(program, {"A": np.eye(3)}, learning_rate=0.05, steps=3000, tolerance=1e-10)

    assert trace.point["A"] == pytest.approx(np.linalg.inv(S), rel=1e-8)
    assert all(np.array_equal(step.point["A"], step.point["A"].T) for step in trace.steps[:20])


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("x@A@x", "2·A·x"),
        ("(x - v)@A@(x - v)", "2·A(x - v)"),
        ("0.5*(x - v)@solve(A, x - v)", "inv(A)(x - v)"),
    ],
)
def test_of_a_symmetric_constant_both_orders_are_one(formula, text):
    loss = sc.parse(formula, parameters={"x": (3,)}, constants={"A": S} | ({"v": Y} if "v" in formula else {}),
                    positive_definite="A")  # fmt: skip
    gradient = sc.differentiate(loss)

    assert gradient.verdict
    assert gradient.text["x"] == text


def test_a_positive_definite_matrix_is_factored_by_cholesky(monkeypatch):
    program = sc.compile(derived("x@solve(A, x) + logdet(A)", "A", "positive-definite", x=X))
    calls = []
    real = np.linalg.cholesky
    monkeypatch.setattr(np.linalg, "cholesky", lambda a: calls.append(a) or real(a))
    monkeypatch.setattr(np.linalg, "inv", lambda a: pytest.fail("an explicit inverse"))
    value = program.value({"A": K})

    assert calls
    assert value == pytest.approx(X @ np.linalg.solve(K, X) + np.log(np.linalg.det(K)), rel=1e-13)


def test_where_it_is_not_positive_definite_the_message_says_so():
    program = sc.compile(derived("logdet(A)", "A", "positive-definite"))
    bad = {"A": np.diag([1.0, 1.0, -2.0])}

    assert np.isnan(program.value(bad))
    assert "A is declared positive-definite, and its smallest eigenvalue is -2 there." in program.not_finite(bad)


def test_a_saved_run_keeps_what_was_declared(tmp_path):
    from symcalc.app.saved_loss import loss_of
    from symcalc.descent.save import document

    program = sc.compile(derived("trace(A@S) - logdet(A)", "A", "positive-definite", S=S))
    trace = sc.descend(program, {"A": np.eye(3)}, learning_rate=0.05, steps=2)
    again = loss_of(document(trace))

    assert again.parameters[0].structure == "positive-definite"


@pytest.mark.parametrize(
    ("formula", "given", "sentence"),
    [
        (
            "x@x",
            {"parameters": {"x": (3,)}, "symmetric": ["x"]},
            "x is declared symmetric, and it is (3), not a square",
        ),
        ("sum(A)", {"parameters": {"A": (2, 3)}, "symmetric": ["A"]}, "(2, 3), not a square"),
        ("a^2", {"parameters": {"a": ()}, "symmetric": "a"}, "a number, not a square"),
        ("sum(A)", {"parameters": {"A": (2, 2)}, "symmetric": ["B"]}, "the formula has no name B"),
        ("x@A@x", {"parameters": {"x": (3,)}, "constants": {"A": B}, "symmetric": "A"}, "its values are not symmetric"),
        ("x@A@x", {"parameters": {"x": (3,)}, "constants": {"A": -S}, "positive_definite": "A"}, "smallest eigenvalue"),
    ],
)
def test_what_is_not_so_is_refused(formula, given, sentence):
    with pytest.raises(InputError) as caught:
        sc.compile(sc.differentiate(sc.parse(formula, **given)))

    assert sentence in str(caught.value)
