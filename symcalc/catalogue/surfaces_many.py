"""Surfaces of more than two parameters, or of one vector."""

from __future__ import annotations

from collections.abc import Mapping

from symcalc.catalogue.rows import Row

MORE = "Moré, Garbow and Hillstrom (1981), ACM Transactions on Mathematical Software 7(1), 17-41"
DIXON_SZEGO = "Dixon and Szegö (1978), Towards Global Optimisation 2, 1-15"
_TENTHS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1)

MANY: Mapping[str, Row] = {
    "rosenbrock3": Row(
        formula="100*(x2 - x1^2)^2 + (1 - x1)^2 + 100*(x3 - x2^2)^2 + (1 - x2)^2",
        about="The valley of Rosenbrock with three parameters.",
        parameters={"x1": (), "x2": (), "x3": ()},
        start={"x1": -1.2, "x2": 1, "x3": 1},
        minima=({"x1": 1, "x2": 1, "x3": 1},),
        lowest=0,
        bounds={"x1": (-2, 2), "x2": (-2, 2), "x3": (-2, 2)},
        source="Rosenbrock (1960), The Computer Journal 3(3), 175-184; chained as by Dixon and Mills (1994)",
    ),
    "helical_valley": Row(
        formula="100*((z - 10*atan2(y, x)/(2*pi))^2 + (sqrt(x^2 + y^2) - 1)^2) + z^2",
        about="A valley that winds around the z axis like a stair.",
        parameters={"x": (), "y": (), "z": ()},
        domain="not on the z axis; a jump where x < 0, y = 0",
        start={"x": 0.5, "y": 0.8, "z": 1},
        minima=({"x": 1, "y": 0, "z": 0},),
        lowest=0,
        bounds={"x": (-2, 2), "y": (-2, 2), "z": (-2, 2)},
        source="Fletcher and Powell (1963), The Computer Journal 6(2), 163-168",
    ),
    "box_betts": Row(
        formula="sum((exp(-t*x) - exp(-t*y) - (exp(-t) - exp(-10*t))*z)^2)",
        about="Two rates of decay and a height, seen at ten times t.",
        parameters={"x": (), "y": (), "z": ()},
        constants={"t": _TENTHS},
        start={"x": 1.1, "y": 9.5, "z": 1.1},
        minima=({"x": 1, "y": 10, "z": 1},),
        lowest=0,
        bounds={"x": (0.9, 1.2), "y": (9, 11.2), "z": (0.9, 1.2)},
        source="Box (1966), The Computer Journal 9(1), 67-77",
    ),
    "biggs_exp3": Row(
        formula="sum((exp(-t*x) - z*exp(-t*y) - exp(-t) + 5*exp(-10*t))^2)",
        about="The two rates of decay once more, with the height of the second free.",
        parameters={"x": (), "y": (), "z": ()},
        constants={"t": _TENTHS},
        start={"x": 1.1, "y": 9, "z": 4.5},
        minima=({"x": 1, "y": 10, "z": 5},),
        lowest=0,
        bounds={"x": (0, 20), "y": (0, 20), "z": (0, 20)},
        source="Biggs (1971), Journal of the Institute of Mathematics and its Applications 8, 315-327",
    ),
    "powell_singular": Row(
        formula="(x1 + 10*x2)^2 + 5*(x3 - x4)^2 + (x2 - 2*x3)^4 + 10*(x1 - x4)^4",
        about="At the minimum two directions have no curvature: even the method of Newton slows down.",
        parameters={"x1": (), "x2": (), "x3": (), "x4": ()},
        start={"x1": 3, "x2": -1, "x3": 0, "x4": 1},
        minima=({"x1": 0, "x2": 0, "x3": 0, "x4": 0},),
        lowest=0,
        bounds={"x1": (-4, 5), "x2": (-4, 5), "x3": (-4, 5), "x4": (-4, 5)},
        source="Powell (1962), The Computer Journal 5(2), 147-151",
    ),
    "colville": Row(
        formula="100*(x1 - x2^2)^2 + (1 - x1)^2 + (1 - x3)^2 + 90*(x4 - x3^2)^2"
        " + 10.1*((x2 - 1)^2 + (x4 - 1)^2) + 19.8*(x2 - 1)*(x4 - 1)",
        about="Two valleys tied together, as often misprinted, with x1 and x2^2 changed about.",
        parameters={"x1": (), "x2": (), "x3": (), "x4": ()},
        start={"x1": 0.5, "x2": 0.8, "x3": 0.9, "x4": 0.9},
        minima=({"x1": 1, "x2": 1, "x3": 1, "x4": 1},),
        lowest=0,
        bounds={"x1": (-10, 10), "x2": (-10, 10), "x3": (-10, 10), "x4": (-10, 10)},
        source="Colville (1968), A comparative study of nonlinear programming codes, IBM report 320-2949",
    ),
    "wood": Row(
        formula="100*(x1^2 - x2)^2 + (x1 - 1)^2 + (x3 - 1)^2 + 90*(x3^2 - x4)^2"
        " + 10.1*((x2 - 1)^2 + (x4 - 1)^2) + 19.8*(x2 - 1)*(x4 - 1)",
        about="Two valleys of Rosenbrock tied together.",
        parameters={"x1": (), "x2": (), "x3": (), "x4": ()},
        start={"x1": -3, "x2": -1, "x3": -3, "x4": -1},
        minima=({"x1": 1, "x2": 1, "x3": 1, "x4": 1},),
        lowest=0,
        bounds={"x1": (-10, 10), "x2": (-10, 10), "x3": (-10, 10), "x4": (-10, 10)},
        source=f"{MORE}, problem 14",
    ),
    "power_sum": Row(
        formula="(sum(x) - 8)^2 + (sum(x^2) - 18)^2 + (sum(x^3) - 44)^2 + (sum(x^4) - 114)^2",
        about="Which four numbers have these sums of powers? Any order of them is an answer.",
        parameters={"x": (4,)},
        start={"x": (1.2, 1.8, 2.2, 2.9)},
        minima=({"x": (1, 2, 2, 3)}, {"x": (3, 2, 1, 2)}),
        lowest=0,
        bounds={"x": (0, 4)},
        source="Neumaier, Shcherbina, Huyer and Vinkó (2005), Mathematical Programming 103, 335-356",
    ),
    "trid": Row(
        formula="sum((x - 1)^2) - (sum(x^2) - (x@E1)^2/2 - (x@E6)^2/2 - sum(diff(x)^2)/2)",
        about="A bowl in six parameters whose neighbors are tied: sum of squares less neighbors' products.",
        parameters={"x": (6,)},
        constants={"E1": (1, 0, 0, 0, 0, 0), "E6": (0, 0, 0, 0, 0, 1)},
        start={"x": (0, 0, 0, 0, 0, 0)},
        minima=({"x": (6, 10, 12, 12, 10, 6)},),
        lowest=-50,
        bounds={"x": (-20, 20)},
        source="Neumaier (2001), Global and local optimization test problems; Hedar (2005)",
    ),
    "hartmann3": Row(
        formula="-c@exp(-sum(A*(x - P)^2, axis=1))",
        about="Four dents of unlike depth and width in three directions.",
        parameters={"x": (3,)},
        constants={
            "c": (1, 1.2, 3, 3.2),
            "A": ((3, 10, 30), (0.1, 10, 35), (3, 10, 30), (0.1, 10, 35)),
            "P": (
                (0.3689, 0.117, 0.2673),
                (0.4699, 0.4387, 0.747),
                (0.1091, 0.8732, 0.5547),
                (0.03815, 0.5743, 0.8828),
            ),
        },
        start={"x": (0.2, 0.5, 0.8)},
        minima=({"x": (0.11461434, 0.55564885, 0.85254695)},),
        lowest=-3.86278214782076,
        bounds={"x": (0, 1)},
        source=DIXON_SZEGO,
    ),
    "hartmann6": Row(
        formula="-c@exp(-sum(A*(x - P)^2, axis=1))",
        about="Four dents of unlike depth and width in six directions.",
        parameters={"x": (6,)},
        constants={
            "c": (1, 1.2, 3, 3.2),
            "A": (
                (10, 3, 17, 3.5, 1.7, 8),
                (0.05, 10, 17, 0.1, 8, 14),
                (3, 3.5, 1.7, 10, 17, 8),
                (17, 8, 0.05, 10, 0.1, 14),
            ),
            "P": (
                (0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886),
                (0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991),
                (0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665),
                (0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381),
            ),
        },
        start={"x": (0.3, 0.2, 0.4, 0.3, 0.3, 0.6)},
        minima=({"x": (0.201689511, 0.1500106918, 0.4768739742, 0.2753324305, 0.3116516166, 0.6573005341)},),
        lowest=-3.322368011415515,
        bounds={"x": (0, 1)},
        source=DIXON_SZEGO,
    ),
}
