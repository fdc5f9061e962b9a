"""Optimizers: how a step follows from the gradient, one row of statements each.

Lines run top to bottom and elementwise, over `point`, `gradient`, `learning_rate` and the step number `t`,
which is 1 on the first step. A name that is read before it is set is state: it starts at 0 and is kept
between steps.
"""

from __future__ import annotations

from collections.abc import Mapping

from symcalc.catalogue.rows import Row

OPTIMIZERS: Mapping[str, Row] = {
    "gradient-descent": Row(
        formula="point = point - learning_rate*gradient",
        about="Straight down the slope; the step is as long as the slope is steep.",
        source="Cauchy (1847), Comptes rendus de l'Académie des sciences 25, 536-538",
    ),
    "momentum": Row(
        formula="velocity = decay*velocity + gradient;  point = point - learning_rate*velocity",
        about="Heavy ball: each step remembers a fading sum of past gradients.",
        constants={"decay": 0.9},
        source="Polyak (1964), USSR Comput. Math. Math. Phys. 4(5), 1-17",
    ),
    "nesterov": Row(
        formula="velocity = decay*velocity + gradient;  point = point - learning_rate*(gradient + decay*velocity)",
        about="Momentum that looks ahead, rewritten so that the gradient is taken at the point shown.",
        constants={"decay": 0.9},
        source="Nesterov (1983), Soviet Mathematics Doklady 27(2), 372-376; this form: Bengio, "
        "Boulanger-Lewandowski and Pascanu (2013), Advances in Optimizing Recurrent Networks, section 3.5",
    ),
    "adagrad": Row(
        formula="total = total + gradient^2;  point = point - learning_rate*gradient/(sqrt(total) + epsilon)",
        about="Each parameter has its own rate, shrinking with all the slopes it has seen.",
        constants={"epsilon": 1e-8},
        source="Duchi, Hazan and Singer (2011), Journal of Machine Learning Research 12, 2121-2159",
    ),
    "rmsprop": Row(
        formula="average = decay*average + (1 - decay)*gradient^2;  "
        "point = point - learning_rate*gradient/(sqrt(average) + epsilon)",
        about="Each slope is divided by its recent size, so all parameters move at a like pace.",
        constants={"decay": 0.9, "epsilon": 1e-8},
        learning_rate=0.001,
        source="Tieleman and Hinton (2012), Neural Networks for Machine Learning, lecture 6.5; "
        "epsilon, which keeps from dividing by 0, is not in the lecture",
    ),
    "adam": Row(
        formula="m1 = decay1*m1 + (1 - decay1)*gradient;  "
        "m2 = decay2*m2 + (1 - decay2)*gradient^2;  "
        "point = point - learning_rate*(m1/(1 - decay1^t))/(sqrt(m2/(1 - decay2^t)) + epsilon)",
        about="Momentum over rmsprop, both corrected for having started at 0.",
        constants={"decay1": 0.9, "decay2": 0.999, "epsilon": 1e-8},
        learning_rate=0.001,
        source="Kingma and Ba (2015), International Conference on Learning Representations, algorithm 1",
    ),
    "adamw": Row(
        formula="m1 = decay1*m1 + (1 - decay1)*gradient;  "
        "m2 = decay2*m2 + (1 - decay2)*gradient^2;  "
        "point = point - learning_rate*((m1/(1 - decay1^t))/(sqrt(m2/(1 - decay2^t)) + epsilon) + weight_decay*point)",
        about="Adam, and every parameter also shrinks by a fixed share: weight decay kept out of the averages.",
        constants={"decay1": 0.9, "decay2": 0.999, "epsilon": 1e-8, "weight_decay": 0.01},
        learning_rate=0.001,
        source="Loshchilov and Hutter (2019), International Conference on Learning Representations, algorithm 2",
    ),
}
