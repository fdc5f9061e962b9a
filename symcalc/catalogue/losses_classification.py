"""Losses for classes: of two, of several, and of ordered ones."""

from __future__ import annotations

from collections.abc import Mapping

from symcalc.catalogue.examples import CLASSES, RATINGS, SIGNS, THREE_CLASSES
from symcalc.catalogue.rows import Row

SCORE = "z = w*x + c"
CHANCE = "p = 1/(1 + exp(-(w*x + c)))"
SCORES = "Z = X@W + b"
CHANCES = "P = softmax(X@W + b)"
MATRIX = {"W": (2, 3), "b": (3,)}
ONE_HOT = {"Y": "1 in the column of the row's class, else 0"}

CLASSIFICATION: Mapping[str, Row] = {
    "logistic": Row(
        formula="mean(log(1 + exp(z)) - t*z)",
        about="Cross-entropy of classes t = 0 or 1, written in the score z: the log odds of t = 1.",
        model=SCORE,
        example=CLASSES,
        minima=({"w": 0.49805854107683223, "c": -0.3556165218115065},),
        lowest=0.5831213421652657,
        source="Cox (1958), Journal of the Royal Statistical Society B 20(2), 215-242",
    ),
    "binary_cross_entropy": Row(
        formula="mean(-t*log(p) - (1 - t)*log(1 - p))",
        about="Cross-entropy of classes t = 0 or 1 and the probability p of t = 1; in nats.",
        model=CHANCE,
        example=CLASSES,
        domain="0 < p < 1; the logistic loss is the same and holds for large scores too",
        minimum="p = t",
        minima=({"w": 0.49805854107683223, "c": -0.3556165218115064},),
        lowest=0.5831213421652657,
        source="Good (1952), Journal of the Royal Statistical Society B 14(1), 107-114",
    ),
    "weighted_cross_entropy": Row(
        formula="mean((1 - t)*z + (1 + (weight - 1)*t)*log(1 + exp(-z)))",
        about="The logistic loss with class t = 1 counted weight times, for classes of unlike size.",
        model=SCORE,
        constants={"weight": 3},
        example=CLASSES,
        minima=({"w": 0.5508620441093098, "c": 0.7487308709520588},),
        lowest=0.9693411639521303,
        source="King and Zeng (2001), Political Analysis 9(2), 137-163",
    ),
    "smoothed_cross_entropy": Row(
        formula="mean(log(1 + exp(z)) - (t*(1 - alpha) + alpha/2)*z)",
        about="The logistic loss with labels alpha/2 and 1 - alpha/2 for 0 and 1: no score grows endlessly.",
        model=SCORE,
        constants={"alpha": 0.1},
        example=CLASSES,
        minima=({"w": 0.4338243161092757, "c": -0.30544095651434766},),
        lowest=0.6054243339326727,
        source="Szegedy, Vanhoucke, Ioffe, Shlens and Wojna (2016), Computer Vision and Pattern Recognition, section 7",
    ),
    "softmax_cross_entropy": Row(
        formula="mean(logsumexp(Z) - sum(Y*Z, axis=1))",
        about="Cross-entropy of several classes in the scores Z, a column a class; in nats, a mean over rows.",
        model=SCORES,
        parameters=MATRIX,
        columns=ONE_HOT,
        example=THREE_CLASSES,
        domain="rows of Y add up to 1",
        minima=(
            {
                "W": ((1.5231474176843465, 0, -1.5231474176843462), (0, 0, 0)),
                "b": (-0.18620658409724838, 0.37241316819449677, -0.18620658409724847),
            },
        ),
        lowest=0.8305433230431205,
        source="Bridle (1990), Neurocomputing (NATO ASI series F68), 227-236",
    ),
    "categorical_cross_entropy": Row(
        formula="-mean(sum(Y*log(P), axis=1))",
        about="Cross-entropy of several classes in the probabilities P, a column a class; in nats.",
        model=CHANCES,
        parameters=MATRIX,
        columns=ONE_HOT,
        example=THREE_CLASSES,
        domain="P > 0; softmax_cross_entropy is the same and holds for large scores too",
        minimum="P = Y",
        minima=(
            {
                "W": ((1.5231474176843465, 0, -1.523147417684346), (0, 0, 0)),
                "b": (-0.18620658409724847, 0.372413168194497, -0.18620658409724838),
            },
        ),
        lowest=0.8305433230431205,
        source="Good (1952), Journal of the Royal Statistical Society B 14(1), 107-114",
    ),
    "focal": Row(
        formula="mean(-alpha*t*(1 - p)^gamma*log(p) - (1 - alpha)*(1 - t)*p^gamma*log(1 - p))",
        about="Cross-entropy that looks away from what is already right; gamma = 0 is half of it.",
        model=CHANCE,
        constants={"alpha": 0.5, "gamma": 2},
        example=CLASSES,
        domain="0 < p < 1",
        minimum="p = t",
        minima=({"w": 0.19621310101220835, "c": -0.14005582893895624},),
        lowest=0.07372683601211123,
        source="Lin, Goyal, Girshick, He and Dollár (2017), International Conference on Computer Vision",
    ),
    "brier": Row(
        formula="mean((t - p)^2)",
        about="Squared error of a probability: fair, and never above 1; no factor 1/2.",
        model=CHANCE,
        example=CLASSES,
        minimum="p = t",
        minima=({"w": 0.4240232558649218, "c": -0.30023168694562924},),
        lowest=0.2027333813239194,
        source="Brier (1950), Monthly Weather Review 78(1), 1-3",
    ),
    "hinge": Row(
        formula="mean(max(0, 1 - y*z))",
        about="Support vector loss of classes y = -1 or 1: nothing to pay beyond a margin of 1.",
        model=SCORE,
        example=SIGNS,
        domain="a kink where y*z = 1 in a row",
        minimum="y*z >= 1 in every row",
        source="Cortes and Vapnik (1995), Machine Learning 20(3), 273-297",
    ),
    "squared_hinge": Row(
        formula="mean(max(0, 1 - y*z)^2)",
        about="The hinge squared, classes y = -1 or 1: smooth slopes, and far misses cost more.",
        model=SCORE,
        example=SIGNS,
        minimum="y*z >= 1 in every row",
        minima=({"w": 0.21428571428571427, "c": -0.14285714285714285},),
        lowest=0.7959183673469388,
        source="Cortes and Vapnik (1995), Machine Learning 20(3), 273-297, with exponent 2",
    ),
    "modified_huber": Row(
        formula="mean(where(y*z >= -1, max(0, 1 - y*z)^2, -4*y*z))",
        about="The squared hinge, straight from y*z = -1 on, so that wild rows pull less.",
        model=SCORE,
        example=SIGNS,
        minimum="y*z >= 1 in every row",
        minima=({"w": 0.21428571428571427, "c": -0.14285714285714288},),
        lowest=0.7959183673469388,
        source="Zhang (2004), International Conference on Machine Learning, 116",
    ),
    "exponential": Row(
        formula="mean(exp(-y*z))",
        about="What AdaBoost walks down, classes y = -1 or 1: every miss costs exponentially more.",
        model=SCORE,
        example=SIGNS,
        minima=({"w": 0.28113252694109386, "c": -0.2014159540235444},),
        lowest=0.877092791716568,
        source="Friedman, Hastie and Tibshirani (2000), Annals of Statistics 28(2), 337-407",
    ),
    "multiclass_hinge": Row(
        formula="mean(max(Z + 1 - Y, axis=1) - sum(Y*Z, axis=1))",
        about="The score of the right class should lead every other by 1; a mean over rows.",
        model=SCORES,
        parameters=MATRIX,
        columns=ONE_HOT,
        example=THREE_CLASSES,
        domain="a kink where two classes tie for the lead; rows of Y have one 1",
        minimum="the right score leads by 1 in every row",
        source="Crammer and Singer (2001), Journal of Machine Learning Research 2, 265-292",
    ),
    "ordinal": Row(
        formula="-mean(where(y == 0, log(p0), where(y == 1, log(p1 - p0), log(1 - p1))))",
        about="Proportional odds of grades 0, 1, 2: one score, two thresholds c and c + exp(d).",
        model="z = w*x;  p0 = 1/(1 + exp(z - c));  p1 = 1/(1 + exp(z - c - exp(d)))",
        parameters={"w": (), "c": (), "d": ()},
        columns={"y": "grade 0, 1 or 2"},
        example=RATINGS,
        minima=({"w": 1.1343195856623771, "c": -0.615345551365536, "d": 0.8979174391164507},),
        lowest=0.6827740140902944,
        source="McCullagh (1980), Journal of the Royal Statistical Society B 42(2), 109-142",
    ),
    "dice": Row(
        formula="1 - (2*sum(t*p) + smooth)/(sum(t) + sum(p) + smooth)",
        about="One less the overlap of p with t, over all rows at once; smooth keeps it finite when empty.",
        model=CHANCE,
        constants={"smooth": 1},
        example=CLASSES,
        minimum="p = t",
        source="Sudre, Li, Vercauteren, Ourselin and Cardoso (2017), Deep Learning in Medical Image Analysis, "
        "240-248; with p, not p^2, below",
    ),
    "jaccard": Row(
        formula="1 - (sum(t*p) + smooth)/(sum(t) + sum(p) - sum(t*p) + smooth)",
        about="One less shared over covered by either (intersection over union), over all rows at once.",
        model=CHANCE,
        constants={"smooth": 1},
        example=CLASSES,
        minimum="p = t",
        source="Rahman and Wang (2016), Advances in Visual Computing, 234-244",
    ),
}
