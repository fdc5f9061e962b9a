"""Every loss of the catalogue that is certified convex: it is, by its Hessians, and the stated limit is the limit."""

from __future__ import annotations

import numpy as np
import pytest
from catalogue.rows_at_hand import ROWS, flat, program

import symcalc as sc
from symcalc.catalogue.losses import LOSSES
from symcalc.compute.convexity import is_convex
from symcalc.curvature.joints import kinks_at

# Not convex by theory: their Hessians have negative eigenvalues somewhere, or they have several minima.
NOT_CONVEX = {
    "msle", "cauchy", "tukey", "welsch", "geman_mcclure", "focal", "brier", "ordinal", "dice", "jaccard", "gaussian",
    "laplace", "student_t", "crps_gaussian", "weibull", "reverse_kl", "jensen_shannon", "hellinger", "cosine",
    "triplet", "contrastive", "info_nce", "pca", "matrix_factorization", "k_means", "fuzzy_c_means",
    "gaussian_mixture",
}  # fmt: skip
CONVEX = sorted(set(LOSSES) - NOT_CONVEX)


def test_no_loss_is_left_out():
    assert NOT_CONVEX < set(LOSSES)
    assert len(CONVEX) >= 30


@pytest.mark.parametrize("name", sorted(LOSSES))
def test_the_certificate_by_composition_is_true(name):
    made, start = program(name), flat(name, ROWS[name].start)

    assert is_convex(made, start) == (name in CONVEX)
    if name not in CONVEX:
        return
    draw = np.random.default_rng(0)
    for _ in range(20):
        a, b = (start + draw.normal(size=start.shape) for _ in range(2))
        # Jensen's inequality along a random chord, at three places.
        ends = made.value(a), made.value(b)
        for t in (0.25, 0.5, 0.75):
            assert made.value(a + t * (b - a)) <= (1 - t) * ends[0] + t * ends[1] + 1e-9 * max(1, *map(abs, ends))


@pytest.mark.parametrize("name", CONVEX)
def test_near_a_minimum_the_limit_is_the_limit(name):
    made = program(name)
    point = _minimum(made, flat(name, ROWS[name].start))
    if point is None:
        pytest.skip("no smooth minimum inside: a kink, or an infimum at infinity")
    found = sc.step_sizes(made, point)
    up = [d for d in found.directions if d.bends == "up"]
    steep = np.asarray(made.layout.joined(up[0].vector))
    start = point + 1e-5 * steep

    below = sc.descend(made, start, learning_rate=0.99 * found.largest, steps=300)
    above = sc.descend(made, start, learning_rate=1.01 * found.largest, steps=60)

    def error(at):
        return float(abs((at - point) @ steep))

    assert error(below.points[-1]) < 0.02 * 1e-5
    growth = (error(above.points[40]) / error(above.points[0])) ** (1 / 40)
    assert growth == pytest.approx(1.02, rel=0.01)
    best = sc.descend(made, start, learning_rate=0.5 * found.largest * 1.5, steps=6)
    observed = [error(b) / error(a) for a, b in zip(best.points[:4], best.points[1:5])]
    assert observed == pytest.approx([0.5] * len(observed), rel=0.01)


def _minimum(made, start):
    """A smooth stationary point by a descent and damped Newton steps, or None."""
    point = sc.descend(made, start, "l-bfgs", steps=500).points[-1]
    for _ in range(200):
        value, gradient = made.value_and_gradient(point)
        hessian = made.hessian(point)
        if np.abs(hessian).max() < 1e-12:
            return None  # between kinks it is flat: nothing to take a Newton step with
        step = -np.linalg.lstsq(hessian + 1e-12 * np.eye(len(point)), gradient, rcond=None)[0]
        t = 1.0
        while t > 1e-6 and not made.value(point + t * step) <= value:
            t /= 2
        point = point + t * step
        if np.linalg.norm(gradient) < 1e-11:
            break
    smooth = np.linalg.norm(made.gradient(point)) < 1e-9 and not kinks_at(made, point)
    bends = np.linalg.eigvalsh(made.hessian(point))
    return point if smooth and bends[-1] > 1e-6 and np.abs(point).max() < 1e3 else None
