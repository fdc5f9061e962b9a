"""Schedules: the learning rate as a formula of the step number, one row of text each.

A formula is over `t` (1 on the first step), `rate` (the learning rate asked for), `steps` (how many steps the run
was asked for), `epoch` (how many times all rows have been seen; without batches every step sees them all) and its
own constants.
"""

from __future__ import annotations

from collections.abc import Mapping

from symcalc.catalogue.rows import Row

SCHEDULES: Mapping[str, Row] = {
    "constant": Row(
        formula="rate",
        about="The same rate for every step.",
        source="Cauchy (1847), Comptes rendus de l'Académie des sciences 25, 536-538",
    ),
    "step": Row(
        formula="rate*factor^floor((t - 1)/every)",
        about="The rate falls by a factor after every so many steps.",
        constants={"factor": 0.5, "every": 30.0},
        source="He, Zhang, Ren and Sun (2016), Conference on Computer Vision and Pattern Recognition, section 3.4",
    ),
    "cosine": Row(
        formula="rate*(1 + cos(pi*min((t - 1)/steps, 1)))/2",
        about="The rate falls to 0 along half a cosine over the steps asked for.",
        source="Loshchilov and Hutter (2017), International Conference on Learning Representations, equation 5",
    ),
    "warm-up": Row(
        formula="rate*min(t/warm, 1)",
        about="The rate rises to its full size over the first steps.",
        constants={"warm": 10.0},
        source="Goyal et al. (2017), arXiv:1706.02677, section 2.2",
    ),
    "1/t": Row(
        formula="rate/(1 + decay*(t - 1))",
        about="The rate falls like one over the step number, which lets noisy slopes settle.",
        constants={"decay": 0.1},
        source="Robbins and Monro (1951), Annals of Mathematical Statistics 22(3), 400-407",
    ),
}
