"""Losses for numbers that give far points less say than the squared error does.

Each is half a square near 0 (or says so), and is told apart by what it does far out. Where a constant is
not 1, it is the one that keeps 95 % of the efficiency of least squares for normal errors of variance 1.
"""

from __future__ import annotations

from collections.abc import Mapping

from symcalc.catalogue.examples import SPREAD
from symcalc.catalogue.losses_regression import BEST, LINE
from symcalc.catalogue.rows import Row

START = {"m": 1.5, "b": 0.5}

ROBUST: Mapping[str, Row] = {
    "huber": Row(
        formula="mean(where(abs(y - yhat) <= delta, (y - yhat)^2/2, delta*(abs(y - yhat) - delta/2)))",
        about="Quadratic near zero, linear far out; no factor 2, as in the paper.",
        model=LINE,
        constants={"delta": 1},
        example=SPREAD,
        minimum="yhat = y",
        minima=BEST,
        lowest=10 / 7,
        source="Huber (1964), Annals of Mathematical Statistics 35(1), 73-101",
    ),
    "pseudo_huber": Row(
        formula="mean(delta^2*(sqrt(1 + ((y - yhat)/delta)^2) - 1))",
        about="A smooth Huber loss: half a square near zero, slope delta far out.",
        model=LINE,
        constants={"delta": 1},
        example=SPREAD,
        minimum="yhat = y",
        minima=BEST,
        lowest=1.2355872343819315,
        source="Hartley and Zisserman (2003), Multiple View Geometry, 2nd edition, appendix 6.8",
    ),
    "log_cosh": Row(
        formula="mean(log(cosh(y - yhat)))",
        about="Half a square near zero, the absolute error less log(2) far out; smooth everywhere.",
        model=LINE,
        example=SPREAD,
        minimum="yhat = y",
        minima=BEST,
        lowest=1.319616288330163,
        source="Green (1990), IEEE Transactions on Medical Imaging 9(1), 84-93",
    ),
    "cauchy": Row(
        formula="mean(c^2/2*log(1 + ((y - yhat)/c)^2))",
        about="Half a square near zero, a logarithm far out: points far away hardly pull at all.",
        model=LINE,
        constants={"c": 2.3849},
        example=SPREAD,
        minimum="yhat = y",
        minima=BEST,
        lowest=1.5417035679434405,
        start=START,
        source="Holland and Welsch (1977), Communications in Statistics A 6(9), 813-827",
    ),
    "tukey": Row(
        formula="mean(c^2/6*(1 - where(abs(y - yhat) <= c, (1 - ((y - yhat)/c)^2)^3, 0)))",
        about="Biweight: half a square near zero, flat beyond c, where points no longer pull.",
        model=LINE,
        constants={"c": 4.685},
        example=SPREAD,
        minimum="yhat = y",
        minima=({"m": 1.3614480575731918, "b": 0.513386287008602}, {"m": 2.6385519424268082, "b": 0.513386287008602}),
        lowest=1.5820017825472767,
        start=START,
        source="Beaton and Tukey (1974), Technometrics 16(2), 147-185; with the factor 1/6",
    ),
    "welsch": Row(
        formula="mean(c^2/2*(1 - exp(-((y - yhat)/c)^2)))",
        about="Half a square near zero, level far out; also called Leclerc, or correntropy.",
        model=LINE,
        constants={"c": 2.9846},
        example=SPREAD,
        minimum="yhat = y",
        minima=BEST,
        lowest=1.6184448648144325,
        start=START,
        source="Holland and Welsch (1977), Communications in Statistics A 6(9), 813-827",
    ),
    "geman_mcclure": Row(
        formula="mean(c^2/2*(1 - c^2/(c^2 + (y - yhat)^2)))",
        about="Half a square near zero, never above c^2/2.",
        model=LINE,
        constants={"c": 3},
        example=SPREAD,
        minimum="yhat = y",
        minima=BEST,
        lowest=9 / 7,
        start=START,
        source="Geman and McClure (1987), Bulletin of the International Statistical Institute 52(4), 5-21",
    ),
    "fair": Row(
        formula="mean(c^2*(abs(y - yhat)/c - log(1 + abs(y - yhat)/c)))",
        about="Half a square near zero, the absolute error far out, reached slowly; convex.",
        model=LINE,
        constants={"c": 1.3998},
        example=SPREAD,
        minimum="yhat = y",
        minima=BEST,
        lowest=1.1173663081885528,
        source="Fair (1974), Annals of Economic and Social Measurement 3(4), 667-677",
    ),
}
