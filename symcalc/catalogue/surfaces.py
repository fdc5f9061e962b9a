"""Surfaces: test functions of two parameters with known minima, one row of text each."""

from __future__ import annotations

from collections.abc import Mapping

from symcalc.catalogue.rows import Row

JAMIL_YANG = "Jamil and Yang (2013), Int. J. Mathematical Modelling and Numerical Optimisation 4(2), 150-194"
PI = 3.141592653589793
XY: Mapping[str, tuple[int, ...]] = {"x": (), "y": ()}


def _square(reach: float) -> Mapping[str, tuple[float, float]]:
    """The same range to both sides for both parameters."""
    return {"x": (-reach, reach), "y": (-reach, reach)}


SURFACES: Mapping[str, Row] = {
    "sphere": Row(
        formula="x^2 + y^2",
        about="A round bowl: the gradient points straight away from the minimum.",
        parameters=XY,
        start={"x": -4, "y": 3},
        minima=({"x": 0, "y": 0},),
        lowest=0,
        bounds=_square(5.12),
        source="De Jong (1975), An analysis of the behavior of a class of genetic adaptive systems, F1",
    ),
    "rosenbrock": Row(
        formula="(1 - x)^2 + 100*(y - x^2)^2",
        about="A curved valley: easy to reach, slow to follow.",
        parameters=XY,
        start={"x": -1.2, "y": 1},
        minima=({"x": 1, "y": 1},),
        lowest=0,
        bounds={"x": (-2, 2), "y": (-1, 3)},
        source="Rosenbrock (1960), The Computer Journal 3(3), 175-184",
    ),
    "himmelblau": Row(
        formula="(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
        about="Four equally deep minima: the start decides which is found.",
        parameters=XY,
        start={"x": 0, "y": 0},
        minima=(
            {"x": 3, "y": 2},
            {"x": -2.805118086952745, "y": 3.131312518250573},
            {"x": -3.779310253377747, "y": -3.283185991286170},
            {"x": 3.584428340330492, "y": -1.848126526964404},
        ),
        lowest=0,
        bounds=_square(5),
        source="Himmelblau (1972), Applied Nonlinear Programming, problem 29",
    ),
    "beale": Row(
        formula="(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2",
        about="Flat in the middle, sharp peaks at the corners.",
        parameters=XY,
        start={"x": 1, "y": 1},
        minima=({"x": 3, "y": 0.5},),
        lowest=0,
        bounds=_square(4.5),
        source="Beale (1958), On an iterative method for finding a local minimum, Princeton, report 25",
    ),
    "booth": Row(
        formula="(x + 2*y - 7)^2 + (2*x + y - 5)^2",
        about="An oval bowl, turned: two straight lines meet at the minimum.",
        parameters=XY,
        start={"x": -5, "y": 5},
        minima=({"x": 1, "y": 3},),
        lowest=0,
        bounds=_square(10),
        source=JAMIL_YANG,
    ),
    "matyas": Row(
        formula="0.26*(x^2 + y^2) - 0.48*x*y",
        about="A long flat bowl along x = y, 25 times steeper across.",
        parameters=XY,
        start={"x": 8, "y": -4},
        minima=({"x": 0, "y": 0},),
        lowest=0,
        bounds=_square(10),
        source=JAMIL_YANG,
    ),
    "three_hump_camel": Row(
        formula="2*x^2 - 1.05*x^4 + x^6/6 + x*y + y^2",
        about="Three hollows in a row, the middle one deepest.",
        parameters=XY,
        start={"x": -1, "y": 2},
        minima=({"x": 0, "y": 0},),
        lowest=0,
        bounds=_square(5),
        source=JAMIL_YANG,
    ),
    "six_hump_camel": Row(
        formula="(4 - 2.1*x^2 + x^4/3)*x^2 + x*y + (4*y^2 - 4)*y^2",
        about="Six hollows, two of them deepest, mirrored at the origin.",
        parameters=XY,
        start={"x": -1, "y": 0.5},
        minima=(
            {"x": 0.08984201310031806, "y": -0.7126564030207396},
            {"x": -0.08984201310031806, "y": 0.7126564030207396},
        ),
        lowest=-1.0316284534898774,
        bounds={"x": (-3, 3), "y": (-2, 2)},
        source="Dixon and Szegö (1978), Towards Global Optimisation 2, 1-15",
    ),
    "goldstein_price": Row(
        formula="(1 + (x + y + 1)^2*(19 - 14*x + 3*x^2 - 14*y + 6*x*y + 3*y^2))"
        "*(30 + (2*x - 3*y)^2*(18 - 32*x + 12*x^2 + 48*y - 36*x*y + 27*y^2))",
        about="Spans six powers of ten; three more hollows away from the deepest.",
        parameters=XY,
        start={"x": -0.5, "y": -0.5},
        minima=({"x": 0, "y": -1},),
        lowest=3,
        bounds=_square(2),
        source="Goldstein and Price (1971), Mathematics of Computation 25(115), 569-574",
    ),
    "styblinski_tang": Row(
        formula="(x^4 - 16*x^2 + 5*x + y^4 - 16*y^2 + 5*y)/2",
        about="Four hollows, one deepest; the parameters do not meet, so each finds its own way.",
        parameters=XY,
        start={"x": -1, "y": -1},
        minima=({"x": -2.903534027771177, "y": -2.903534027771177},),
        lowest=-78.33233140754283,
        bounds=_square(5),
        source="Styblinski and Tang (1990), Neural Networks 3(4), 467-483",
    ),
    "mccormick": Row(
        formula="sin(x + y) + (x - y)^2 - 1.5*x + 2.5*y + 1",
        about="A wavy channel: the minimum is the lowest point within the bounds, beyond them it falls on.",
        parameters=XY,
        start={"x": 0, "y": 0},
        minima=({"x": -0.5471975511965977, "y": -1.5471975511965977},),
        lowest=-1.9132229549810364,
        bounds={"x": (-1.5, 4), "y": (-3, 3)},
        source="McCormick (1976), Mathematical Programming 10(1), 147-175",
    ),
    "easom": Row(
        formula="-cos(x)*cos(y)*exp(-(x - pi)^2 - (y - pi)^2)",
        about="A plain with one hole: far away the gradient says nothing.",
        parameters=XY,
        start={"x": 2.2, "y": 2.2},
        minima=({"x": PI, "y": PI},),
        lowest=-1,
        bounds={"x": (0, 6), "y": (0, 6)},
        source="Easom (1990), A survey of global optimization techniques, University of Louisville",
    ),
    "rastrigin": Row(
        formula="20 + x^2 - 10*cos(2*pi*x) + y^2 - 10*cos(2*pi*y)",
        about="A bowl full of hollows, one at nearly every pair of whole numbers.",
        parameters=XY,
        start={"x": 0.4, "y": -0.3},
        minima=({"x": 0, "y": 0},),
        lowest=0,
        bounds=_square(5.12),
        source="Rastrigin (1974), Systems of Extremal Control, Nauka, Moscow",
    ),
    "ackley": Row(
        formula="-20*exp(-0.2*sqrt((x^2 + y^2)/2)) - exp((cos(2*pi*x) + cos(2*pi*y))/2) + 20 + exp(1)",
        about="Ripples around a funnel with a pointed bottom.",
        parameters=XY,
        domain="not smooth at x = 0, y = 0",
        start={"x": 0.4, "y": 0.3},
        minima=({"x": 0, "y": 0},),
        lowest=0,
        bounds=_square(5),
        source="Ackley (1987), A Connectionist Machine for Genetic Hillclimbing, Kluwer",
    ),
    "bohachevsky": Row(
        formula="x^2 + 2*y^2 - 0.3*cos(3*pi*x) - 0.4*cos(4*pi*y) + 0.7",
        about="An oval bowl with small ripples, which matter near the bottom.",
        parameters=XY,
        start={"x": -0.3, "y": 0.2},
        minima=({"x": 0, "y": 0},),
        lowest=0,
        bounds=_square(2),
        source="Bohachevsky, Johnson and Stein (1986), Technometrics 28(3), 209-217",
    ),
    "branin": Row(
        formula="(y - 5.1*x^2/(4*pi^2) + 5*x/pi - 6)^2 + 10*(1 - 1/(8*pi))*cos(x) + 10",
        about="A curved valley with three equally deep hollows.",
        parameters=XY,
        start={"x": 0, "y": 5},
        minima=({"x": -PI, "y": 12.275}, {"x": PI, "y": 2.275}, {"x": 3 * PI, "y": 2.475}),
        lowest=0.39788735772973816,
        bounds={"x": (-5, 10), "y": (0, 15)},
        source="Branin (1972), IBM Journal of Research and Development 16(5), 504-522",
    ),
}
