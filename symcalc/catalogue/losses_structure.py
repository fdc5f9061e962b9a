"""Losses without labels: how well a few directions, centers or groups stand for a table."""

from __future__ import annotations

from collections.abc import Mapping

from symcalc.catalogue.examples import POINTS
from symcalc.catalogue.rows import Row

# (n, groups): the squared distance of every row from every center. Shapes meet at their last axis, so what
# runs over rows is added to the transposed matrix.
DISTANCES = "D = ((sum(C^2, axis=1) - 2*(X@C.T)).T + sum(X^2, axis=1)).T"

STRUCTURE: Mapping[str, Row] = {
    "pca": Row(
        formula="mean(sum((X - X@W@W.T)^2, axis=1))",
        about="What is lost when X is kept along the columns of W only; a mean over rows, no 1/2.",
        parameters={"W": (2, 1)},
        columns={"X": "centered: every column has mean 0"},
        example=POINTS,
        minimum="the columns of W span the leading principal directions",
        minima=({"W": ((0.8506508083520399,), (0.5257311121191336,))},),
        lowest=0.2592880150001402,
        start={"W": ((0.6,), (0.6,))},
        source="Pearson (1901), Philosophical Magazine 2(11), 559-572",
    ),
    "matrix_factorization": Row(
        formula="sum(M*(R - U@V.T)^2) + lam*(sum(U^2) + sum(V^2))",
        about="Ratings R, known where M is 1, as products of a few traits; a sum, no 1/2.",
        constants={
            "R": ((5, 3, 1), (4, 2, 1), (1, 1, 5), (2, 1, 4)),
            "M": ((1, 1, 0), (1, 0, 1), (1, 1, 1), (0, 1, 1)),
            "lam": 0.1,
        },
        parameters={"U": (4, 2), "V": (3, 2)},
        start={"U": ((1, 0.5), (1, 0.4), (0.3, 1), (0.4, 1)), "V": ((1, 0.2), (0.8, 0.3), (0.2, 1))},
        source="Koren, Bell and Volinsky (2009), IEEE Computer 42(8), 30-37",
    ),
    "k_means": Row(
        formula="mean(min(D, axis=1))",
        about="Squared distance of each row from the nearest of the centers C; a mean, where Lloyd has a sum.",
        model=DISTANCES,
        parameters={"C": (2, 2)},
        example=POINTS,
        domain="a kink where a row is equally near to two centers",
        minimum="each center is the mean of its rows",
        minima=(
            {"C": ((1.5, 2.5 / 3), (-1.5, -2.5 / 3))},
            {"C": ((-1.5, -2.5 / 3), (1.5, 2.5 / 3))},
        ),
        lowest=0.5555555555555557,
        start={"C": ((1, 0), (-1, 0))},
        source="MacQueen (1967), Berkeley Symposium on Mathematical Statistics and Probability 5(1), 281-297",
    ),
    "fuzzy_c_means": Row(
        formula="mean(1/sum(1/D, axis=1))",
        about="A soft k-means: each row is shared among the centers by nearness (fuzziness 2).",
        model=DISTANCES,
        parameters={"C": (2, 2)},
        example=POINTS,
        domain="not smooth where a center meets a row",
        minima=({"C": ((1.4950573837866366, 0.8383718668904915), (-1.5266053154266075, -0.8906382338546712))},),
        lowest=0.515846058128682,
        start={"C": ((1, 0.1), (-1, 0.1))},
        source="Bezdek (1981), Pattern Recognition with Fuzzy Objective Function Algorithms, chapter 3",
    ),
    "gaussian_mixture": Row(
        formula="-mean(logsumexp(a - D*exp(-2*s)/2 - len(X.T)*s)) + logsumexp(a) + len(X.T)*log(2*pi)/2",
        about="Round normal groups at C: weights softmax(a), spreads exp(s); log likelihood a row, negated.",
        model=DISTANCES,
        parameters={"C": (2, 2), "a": (2,), "s": (2,)},
        example=POINTS,
        domain="unbounded below where a center meets a row and its spread goes to 0",
        start={"C": ((1, 0.5), (-1, -0.5)), "a": (0, 0), "s": (0, 0)},
        source="Day (1969), Biometrika 56(3), 463-474; one spread for each group",
    ),
}
