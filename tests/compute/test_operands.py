"""Claims about operands in the code of arrays: a sum or a product that is transposed, indexed or inverted is one operand."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

import symcalc as sc

RNG = np.random.default_rng(4)
A, B, P = RNG.normal(size=(3, 3, 3))
x, y, z, w = RNG.normal(size=(4, 3))
GIVEN = {"A": A, "B": B, "P": P, "x": x, "y": y, "z": z, "w": w}
AT = 0.7


def exact(name):
    return mpmath.matrix(GIVEN[name].tolist())


def inverse_of_a_product(m):
    return (exact("x").T * mpmath.inverse(m * exact("A")) * exact("y"))[0]


def both_sides(m):
    return (exact("x").T * mpmath.inverse(m * exact("A")) * exact("x"))[0]


def inverse_of_entrywise_product(m):
    a, b = exact("A"), exact("B")
    product = mpmath.matrix(3, 3)
    for i in range(3):
        for j in range(3):
            product[i, j] = m * a[i, j] * b[i, j]
    return (exact("x").T * mpmath.inverse(product) * exact("y"))[0]


def inverse_of_a_sum(m):
    return (exact("x").T * mpmath.inverse(m * exact("A") + exact("B")) * (exact("y") + m * exact("z")))[0]


def four_factors(m):
    x, y, z, w, a, b = (exact(n) for n in "xyzwAB")
    total = mpmath.mpf(0)
    for i in range(3):
        for k in range(3):
            inner = mpmath.fsum((x[i] + m * y[i]) * a[i, j] * (z[j] + w[j]) * b[k, j] for j in range(3))
            total += inner**2
    return total


def entrywise_beside_an_inverse(m):
    a, b = exact("A"), exact("B")
    left, right = (m * a + b) * mpmath.inverse(m * b + a), (a + m * b).T
    return mpmath.fsum(left[i, j] * right[i, j] for i in range(3) for j in range(3))


CASES = {
    "x@inv(m*A)@y": inverse_of_a_product,
    "x@inv(m*A)@x": both_sides,
    "x@inv(m*A*B)@y": inverse_of_entrywise_product,
    "x@inv(m*A + B)@(y + m*z)": inverse_of_a_sum,
    "D[i,k] = sum((x[i] + m*y[i])*A[i,j]*(z[j] + w[j])*B[k,j], j); sum(D[i,k]^2)": four_factors,
    "sum((m*A + B)@inv(m*B + A)*(A + m*B).T)": entrywise_beside_an_inverse,
}


@pytest.mark.parametrize("text", CASES)
def test_value_and_slope_are_those_of_matrices_at_many_digits(text):
    constants = {name: value for name, value in GIVEN.items() if name in text}
    made = sc.compile(sc.differentiate(sc.parse(text, constants=constants, parameters=["m"])))
    assert made.function(AT)[0] == made.value({"m": AT})
    value, slope = made.value_and_gradient({"m": AT})
    with mpmath.workdps(40):
        truth = CASES[text](mpmath.mpf(AT))
        rise = mpmath.diff(CASES[text], mpmath.mpf(AT))

    assert value == pytest.approx(float(truth), rel=1e-12)
    assert slope["m"] == pytest.approx(float(rise), rel=1e-11)


@pytest.mark.parametrize("text", ["x@inv(M*B)@y", "u = inv(M*B)@x; sum(u^2)", "x@inv(M*B)@x"])
def test_the_slopes_in_a_matrix_within_an_inverse(text):
    constants = {name: value for name, value in GIVEN.items() if name in "xyB" and name in text}
    made = sc.compile(sc.differentiate(sc.parse(text, constants=constants, parameters={"M": (3, 3)})))
    made.function(P)
    value, slope = made.value_and_gradient({"M": P})
    inverse = np.linalg.inv(P * B)
    left, right = {
        "x@inv(M*B)@y": (x, y), "x@inv(M*B)@x": (x, x), "u = inv(M*B)@x; sum(u^2)": (2 * inverse @ x, x),
    }[text]  # fmt: skip

    assert value == pytest.approx(left @ inverse @ right / (2 if "sum" in text else 1), rel=1e-12)
    # d(inverse) = -inverse·d(M*B)·inverse
    np.testing.assert_allclose(slope["M"], -np.outer(inverse.T @ left, inverse @ right) * B, rtol=1e-10)
