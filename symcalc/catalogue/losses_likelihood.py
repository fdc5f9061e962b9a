"""Negative log likelihoods, a row (means over the rows): what the data say about a distribution."""

from __future__ import annotations

from collections.abc import Mapping

from symcalc.catalogue.examples import COUNTS, POSITIVE, SPREAD, SURVIVAL
from symcalc.catalogue.losses_classification import SCORE
from symcalc.catalogue.losses_regression import LINE
from symcalc.catalogue.rows import Row

GLM = "Nelder and Wedderburn (1972), Journal of the Royal Statistical Society A 135(3), 370-384"
START = {"m": 0, "b": 0, "sigma": 1}

LIKELIHOODS: Mapping[str, Row] = {
    "gaussian": Row(
        formula="mean(log(sigma) + (y - yhat)^2/(2*sigma^2)) + log(2*pi)/2",
        about="Negative log likelihood of normal errors, a row; learns their spread sigma as well.",
        model=LINE,
        example=SPREAD,
        domain="sigma > 0",
        minimum="yhat by least squares, sigma^2 = mean((y - yhat)^2)",
        minima=({"m": 2, "b": 1, "sigma": 2.2677868380553634},),
        lowest=2.237742927905071,
        start={"m": 2.2, "b": 0.5, "sigma": 3},
        source="Gauss (1809), Theoria motus corporum coelestium, book 2, section 3",
    ),
    "laplace": Row(
        formula="mean(abs(y - yhat))/sigma + log(2*sigma)",
        about="Negative log likelihood of double exponential errors, a row; learns their scale sigma.",
        model=LINE,
        example=SPREAD,
        domain="sigma > 0; a kink where yhat = y in a row",
        minimum="sigma = mean(abs(y - yhat))",
        minima=({"m": 2, "b": 1, "sigma": 12 / 7},),
        lowest=2.2321436812926323,
        start={"m": 1.9, "b": 0.9, "sigma": 1.5},
        source="Laplace (1774), Mémoires de l'Académie royale des sciences (savants étrangers) 6, 621-656",
    ),
    "student_t": Row(
        formula="mean((nu + 1)/2*log(1 + ((y - yhat)/sigma)^2/nu)) + log(sigma)",
        about="Errors with long tails, nu degrees of freedom; less the constant that nu alone decides.",
        model=LINE,
        constants={"nu": 4},
        example=SPREAD,
        domain="sigma > 0",
        minima=({"m": 2, "b": 1.0000000000000002, "sigma": 2.0441554316077406},),
        lowest=1.3303888781576394,
        start={"m": 1.5, "b": 0.5, "sigma": 1},
        source="Lange, Little and Taylor (1989), Journal of the American Statistical Association 84, 881-896; "
        "after Student (1908)",
    ),
    "crps_gaussian": Row(
        formula="mean(sigma*(s*erf(s/sqrt(2)) + sqrt(2/pi)*exp(-s^2/2) - 1/sqrt(pi)))",
        about="Continuous ranked probability score of a normal forecast: mae when sigma is 0; units of y.",
        model="yhat = m*x + b;  s = (y - yhat)/sigma",
        example=SPREAD,
        domain="sigma > 0",
        minima=({"m": 2, "b": 1, "sigma": 2.5024436818202584},),
        lowest=1.3189804056115904,
        start={"m": 1.5, "b": 0.5, "sigma": 1},
        source="Gneiting and Raftery (2007), Journal of the American Statistical Association 102, 359-378",
    ),
    "poisson": Row(
        formula="mean(exp(z) - y*z)",
        about="Negative log likelihood of counts y with mean exp(z), less log(y!), which is constant.",
        model=SCORE,
        example=COUNTS,
        domain="y >= 0",
        minimum="exp(z) = y",
        minima=({"w": 0.541092688827304, "c": 0.0920390687724125},),
        lowest=-0.09166281958133633,
        source=GLM,
    ),
    "gamma_likelihood": Row(
        formula="mean(y*exp(-z) + z)",
        about="Gamma distributed y > 0 with mean exp(z), for each unit of shape, less what y decides alone.",
        model=SCORE,
        example=POSITIVE,
        domain="y > 0",
        minimum="exp(z) = y",
        minima=({"w": 0.3873459606060147, "c": 0.23438774153468123},),
        lowest=1.2343877415346813,
        source=GLM,
    ),
    "tweedie": Row(
        formula="mean(exp((2 - power)*z)/(2 - power) - y*exp((1 - power)*z)/(1 - power))",
        about="Between Poisson (power 1) and gamma (power 2): amounts that may be exactly 0; mean exp(z).",
        model=SCORE,
        constants={"power": 1.5},
        example=COUNTS,
        domain="y >= 0, 1 < power < 2",
        minimum="exp(z) = y",
        minima=({"w": 0.5463199967496002, "c": 0.08534966604363955},),
        lowest=4.82501800172487,
        source="Jørgensen (1987), Journal of the Royal Statistical Society B 49(2), 127-162; "
        "per unit of dispersion, less what y decides alone",
    ),
    "negative_binomial": Row(
        formula="mean((y + size)*log(size + exp(z)) - y*z)",
        about="Counts more scattered than Poisson's, mean exp(z), given size; less what y and size decide.",
        model=SCORE,
        constants={"size": 2},
        example=COUNTS,
        domain="y >= 0, size > 0",
        minimum="exp(z) = y",
        minima=({"w": 0.5398779516159062, "c": 0.09501654731237162},),
        lowest=3.636926296302801,
        source="Lawless (1987), The Canadian Journal of Statistics 15(3), 209-225",
    ),
    "weibull": Row(
        formula="mean(exp(shape*(log(t) - z)) - y*(log(shape) + shape*(log(t) - z) - log(t)))",
        about="Survival times t with scale exp(z) and a shape; y = 1 where the event came, 0 where not yet.",
        model="z = w*x + c",
        parameters={"w": (), "c": (), "shape": ()},
        columns={"t": "time watched", "y": "1 where the event came, 0 where watching ended first"},
        example=SURVIVAL,
        domain="t > 0, shape > 0",
        minima=({"w": -0.6019015249129861, "c": 1.7571692838627293, "shape": 2.0964600195604435},),
        lowest=1.6429139419110728,
        start={"w": 0, "c": 1, "shape": 1},
        source="Weibull (1951), Journal of Applied Mechanics 18(3), 293-297",
    ),
    "cox": Row(
        formula="-mean(y*(z - log(where(outer(one, t) >= outer(t, one), 1, 0)@exp(z))))",
        about="Partial likelihood of who comes next among those still watched; ties as Breslow has them.",
        model="z = w*x;  one = 0*t + 1",
        parameters={"w": ()},
        columns={"t": "time watched", "y": "1 where the event came, 0 where watching ended first"},
        example=SURVIVAL,
        domain="not every row must have an event; the risk set of a row is all with t no smaller",
        minima=({"w": 1.3044796855760388},),
        lowest=0.7309570646696242,
        source="Cox (1972), Journal of the Royal Statistical Society B 34(2), 187-220",
    ),
}
