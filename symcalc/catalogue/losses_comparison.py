"""Losses that compare: two distributions, two vectors, two items."""

from __future__ import annotations

from collections.abc import Mapping

from symcalc.catalogue.examples import GAMES, SHARES, VIEWS
from symcalc.catalogue.rows import Row

SHARED = "p = softmax(w*x)"
DOUBLING = ({"w": 0.6931471805599453},)
PARAMETERS = {"W": (2, 2)}
START = {"W": ((0.9, 0.2), (-0.1, 0.8))}
SHARE = {"t": "share of the row; all add up to 1"}
PAIR = {"X": "an item", "X1": "the same item once more"}

COMPARISON: Mapping[str, Row] = {
    "kl": Row(
        formula="sum(t*log(t/p))",
        about="Kullback-Leibler divergence of p from t, in nats: what p loses where t is at home.",
        model=SHARED,
        parameters={"w": ()},
        columns=SHARE,
        example=SHARES,
        domain="t > 0 and p > 0",
        minimum="p = t",
        minima=DOUBLING,
        lowest=0,
        source="Kullback and Leibler (1951), Annals of Mathematical Statistics 22(1), 79-86",
    ),
    "reverse_kl": Row(
        formula="sum(p*log(p/t))",
        about="The divergence the other way, of t from p: p stays where t is large.",
        model=SHARED,
        parameters={"w": ()},
        columns=SHARE,
        example=SHARES,
        domain="t > 0 and p > 0",
        minimum="p = t",
        minima=DOUBLING,
        lowest=0,
        source="Kullback and Leibler (1951), Annals of Mathematical Statistics 22(1), 79-86",
    ),
    "jensen_shannon": Row(
        formula="sum(t*log(t/q) + p*log(p/q))/2",
        about="Both divergences from the middle q of the two, halved: never above log(2).",
        model="p = softmax(w*x);  q = (t + p)/2",
        parameters={"w": ()},
        columns=SHARE,
        example=SHARES,
        domain="t > 0 and p > 0",
        minimum="p = t",
        minima=DOUBLING,
        lowest=0,
        source="Lin (1991), IEEE Transactions on Information Theory 37(1), 145-151",
    ),
    "hellinger": Row(
        formula="sum((sqrt(t) - sqrt(p))^2)/2",
        about="The Hellinger distance squared, with 1/2, so between 0 and 1; smooth at its minimum.",
        model=SHARED,
        parameters={"w": ()},
        columns=SHARE,
        example=SHARES,
        domain="t >= 0 and p > 0",
        minimum="p = t",
        minima=DOUBLING,
        lowest=0,
        source="Hellinger (1909), Journal für die reine und angewandte Mathematik 136, 210-271",
    ),
    "cosine": Row(
        formula="mean(1 - sum(U*X1, axis=1)/sqrt(sum(U^2, axis=1)*sum(X1^2, axis=1)))",
        about="One less the cosine of the angle between U and X1, a row: lengths do not count.",
        model="U = X@W",
        parameters=PARAMETERS,
        columns=PAIR,
        example={name: VIEWS[name] for name in ("X", "X1")},
        domain="no row of U or X1 is 0",
        minimum="U points along X1 in every row",
        lowest=0.03711741415244046,
        start=START,
        source="Salton, Wong and Yang (1975), Communications of the ACM 18(11), 613-620",
    ),
    "triplet": Row(
        formula="mean(max(0, sum((A - P)^2, axis=1) - sum((A - N)^2, axis=1) + margin))",
        about="Like items closer than unlike ones by a margin, in squared distances; no 1/2.",
        model="A = X@W;  P = X1@W;  N = X2@W",
        constants={"margin": 1},
        parameters=PARAMETERS,
        columns={**PAIR, "X2": "another item"},
        example={name: VIEWS[name] for name in ("X", "X1", "X2")},
        domain="a kink where a row just keeps the margin",
        minimum="every row keeps the margin",
        lowest=0,
        start={"W": ((0.4, 0.1), (0, 0.3))},
        source="Schroff, Kalenichenko and Philbin (2015), Computer Vision and Pattern Recognition, 815-823",
    ),
    "contrastive": Row(
        formula="mean(t*d^2/2 + (1 - t)*max(0, margin - d)^2/2)",
        about="Pairs that belong together are drawn close, others pushed a margin apart; with 1/2.",
        model="d = sqrt(sum((X@W - X1@W)^2, axis=1))",
        constants={"margin": 2},
        parameters=PARAMETERS,
        columns={"X": "an item", "X1": "another item", "t": "1 where the two belong together, else 0"},
        example={name: VIEWS[name] for name in ("X", "X1", "t")},
        domain="not smooth where a distance is 0",
        start=START,
        source="Hadsell, Chopra and LeCun (2006), Computer Vision and Pattern Recognition, 1735-1742",
    ),
    "info_nce": Row(
        formula="mean(logsumexp(A@P.T/tau) - sum(A*P, axis=1)/tau)",
        about="Which of all rows is the other view of this one? Cross-entropy of that guess, in nats.",
        model="A = X@W;  P = X1@W",
        constants={"tau": 0.5},
        parameters=PARAMETERS,
        columns=PAIR,
        example={name: VIEWS[name] for name in ("X", "X1")},
        minima=({"W": ((2.90204099148884, 0.9961965495406009), (0.12005151716687344, 2.159643060911745))},),
        lowest=0.3813446568034773,
        start=START,
        source="van den Oord, Li and Vinyals (2018), Representation Learning with Contrastive Predictive Coding",
    ),
    "bradley_terry": Row(
        formula="mean(log(1 + exp(-(X@s))))",
        about="Strengths s that explain who won: the chance to win is that of a logistic in their difference.",
        parameters={"s": None},
        columns={"X": "a row a game: 1 for the winner, -1 for the loser, else 0"},
        example=GAMES,
        domain="a constant added to every strength changes nothing",
        minima=({"s": (0.4682059248056764, 0, -0.4682059248056764)},),
        lowest=0.6424794505055903,
        source="Bradley and Terry (1952), Biometrika 39(3/4), 324-345",
    ),
}
